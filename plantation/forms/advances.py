"""The form for an advance or goods on credit."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.domain.limits import MOST_ADVANCE_FEN
from plantation.domain.words import AdvanceForm as Kind
from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import DayField, NameField, Needed, WordField, YuanField

KINDS = ((Kind.CASH, N_("cash")), (Kind.GOODS, N_("goods")))


class AdvanceForm(Form):
    """What a household had. `once` is the id that the page made: sent twice, it is still one advance."""

    once = HiddenField()
    household = NameField(N_("Household"), [Needed()], description=N_("Code or name."), render_kw={"autocomplete": "off"})
    form = WordField(N_("What"), choices=KINDS)
    text = NameField(N_("What it was for"), [Needed()], description=N_("Such as gloves, shears, school fees."))
    amount_fen = YuanField(N_("Amount in yuan"), [Needed()], least=1, most=MOST_ADVANCE_FEN)
    given_on = DayField(N_("Date"), [Needed()])
