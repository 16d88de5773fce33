"""The form that freezes a settlement."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.payments import NotConfirmed


class SettleForm(Form):
    """`gross_fen` and `net_fen` are the totals that were on screen: if they have moved since, nothing is settled."""

    gross_fen = HiddenField()
    net_fen = HiddenField()
    confirmed = BooleanField(N_("I checked these totals. A final settlement is not changed any more."))

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(NotConfirmed())
