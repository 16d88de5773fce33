"""The form for what a buyer paid."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.domain.limits import MOST_PAID_FEN
from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import DayField, NameField, Needed, WordField, YuanField
from plantation.forms.payments import METHODS


class BuyerPaymentForm(Form):
    """One payment of a buyer's. `once` is the id that the page made: sent twice, it is still one payment."""

    once = HiddenField()
    amount_fen = YuanField(N_("Amount in yuan"), [Needed()], least=1, most=MOST_PAID_FEN)
    paid_on = DayField(N_("Date"), [Needed()])
    method = WordField(N_("Paid by"), choices=METHODS, default="bank")
    reference = NameField(N_("Reference"), description=N_("Such as the bank's number."))
