"""A list whose rows can be ticked: one button is for those that are, one for all that the page showed."""

from __future__ import annotations

from typing import ClassVar

from wtforms import SelectMultipleField, SubmitField
from wtforms.validators import StopValidation

from plantation.errors import N_, Refusal
from plantation.forms.base import Form


class NothingTicked(Refusal):
    template = N_("Tick at least one row.")


class TickedRow(Refusal):
    template = N_("A row of the list was changed on its way. Load the page again.")


class TickListForm(Form):
    """`listed` has a value of each row of the page, `ticked` of those that are ticked; both are what a page made, if nobody
    changed it on its way. A list that moved meanwhile means nobody else's row."""

    nothing_ticked: ClassVar[type[Refusal]] = NothingTicked

    listed = SelectMultipleField(validate_choice=False)
    ticked = SelectMultipleField(N_("Those that are ticked"), validate_choice=False)
    some = SubmitField(N_("Those that are ticked"))
    all = SubmitField(N_("All on this page"))

    @property
    def chosen(self) -> list[str]:
        """The values of the rows that are meant, each once."""
        return list(dict.fromkeys((self.listed if self.all.data else self.ticked).data or ()))

    def validate_ticked(self, field: SelectMultipleField) -> None:
        if not self.chosen:
            raise StopValidation(self.nothing_ticked())
