"""The form with which a relative is let in; a card's renewal and the withdrawal are one button each."""

from __future__ import annotations

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Needed


class RelativeForm(Form):
    """Who the relative is: it stands on the card and in the list."""

    person = NameField(
        N_("Who it is"), [Needed()], most=60, description=N_("A name, or such as: my daughter."), render_kw={"autocomplete": "off"}
    )


class CardAgainForm(Form):
    """Asks for a new PIN for a relative; the one before stops working."""


class WithdrawForm(Form):
    """Takes a relative's access back."""
