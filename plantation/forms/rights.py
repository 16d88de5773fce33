"""The form for usufruct rights: whose, how many mu, from when to when, and whether it counts now."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import StopValidation

from plantation.domain.words import RightStatus
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, DayField, MuField, NameField, Needed, WordField

STATUSES = (
    (RightStatus.ACTIVE.value, N_("active")),
    (RightStatus.SUSPENDED.value, N_("suspended")),
    (RightStatus.ENDED.value, N_("ended")),
)


class TermReversed(Refusal):
    template = N_("A right cannot end on %(ends_on)s when it begins on %(starts_on)s.")


class RightForm(Form):
    """`household` is a household's code, or its name where only one is called so."""

    code = CodeField(N_("Code"), [Needed()], description=N_("Such as R001."))
    household = NameField(N_("Household"), [Needed()], description=N_("Code or name."), render_kw={"autocomplete": "off"})
    entitlement_millimu = MuField(N_("Entitlement in mu"), [Needed()], least=1, most=100_000_000, description=N_("15 mu are 1 hectare."))
    starts_on = DayField(N_("First day"), [Needed()])
    ends_on = DayField(N_("Last day"), [Needed()])
    status = WordField(
        N_("Status"), choices=STATUSES, default=RightStatus.ACTIVE.value, description=N_("Only an active right asks for land.")
    )
    version = HiddenField()

    def validate_ends_on(self, field: DayField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise StopValidation(TermReversed(starts_on=self.starts_on.data, ends_on=field.data))
