"""The lines of a purchase: what a manager's and a buyer's form for it share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import FieldList, HiddenField, SubmitField
from wtforms import Form as PlainForm

from plantation.domain.limits import MOST_AGREED_PRICE_FEN
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import DayField, KilogramField, Missing, NameField, Needed, WordField, YuanField

MOST_GRAMS = 10_000_000_000


class NoLine(Refusal):
    """An empty purchase."""

    template = N_("A purchase needs at least one line with a weight and a price.")


class NoWeight(Refusal):
    """A line of nothing."""

    template = N_("A line needs more than 0 kg.")


class PoolLineForm(PlainForm):
    """One line from the pool. Left empty it does not count; begun, it needs its weight (or a lot) and its price."""

    grade = WordField(N_("Grade"))
    net_grams = KilogramField(N_("Net in kg"), most=MOST_GRAMS)
    price_fen_per_kg = YuanField(N_("Agreed yuan per kg"), most=MOST_AGREED_PRICE_FEN)
    lot = NameField(
        N_("Lot"),
        most=64,
        description=N_("The code on a lot's label; grade and weight are then the label's."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "data-scan-lot": ""},
    )

    @property
    def is_blank(self) -> bool:
        """Whether nobody began this line; the grade is chosen for it and says nothing."""
        return not any(field.raw_data and field.raw_data[0].strip() for field in self if field.name != self.grade.name)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.is_blank:
            return True
        valid = super().validate(extra_validators)
        for field in (self.price_fen_per_kg,) if self.lot.data else (self.net_grams, self.price_fen_per_kg):
            if field.data is None and not field.errors:
                field.errors = [Missing()]
                valid = False
        if self.net_grams.data == 0:
            self.net_grams.errors = [NoWeight()]
            valid = False
        return valid


class PurchaseLinesForm(Form):
    """One purchase with its `lines`, a list that the heirs declare. `once` is the id that the page made: sent twice, it is
    still one purchase. Amounts are never taken from the form."""

    once = HiddenField()
    season = HiddenField()
    purchased_on = DayField(N_("Date"), [Needed()])
    lines: FieldList
    add_line = SubmitField(N_("One more line"))
    save = SubmitField(N_("Save"))

    def offer(self, grades: Sequence[str]) -> None:
        """The grades that may be chosen, for every line that there is."""
        self._grades = [(grade, grade) for grade in grades]
        for entry in self.lines.entries:
            entry.form.grade.choices = self._grades

    def add_a_line(self) -> None:
        """One line more, as long as there is room; nothing that was typed changes."""
        if len(self.lines.entries) < self.lines.max_entries:
            self.lines.append_entry().form.grade.choices = self._grades

    @property
    def begun_lines(self) -> list[PoolLineForm]:
        """The lines that count."""
        return [entry.form for entry in self.lines.entries if not entry.form.is_blank]

    def validate(self, extra_validators: Any = None) -> bool:
        """True when every field is right, a line is begun, and nothing else was sent."""
        valid = super().validate(extra_validators)
        if not self.begun_lines:
            self.form_errors.append(NoLine())
        return valid and not self.form_errors
