"""The form for packing a lot."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import KilogramField, Needed, WordField


class LotForm(Form):
    """What is packed under one label. `once` is the id that the page made: sent twice, it is still one lot."""

    once = HiddenField()
    grade = WordField(N_("Grade"))
    net_grams = KilogramField(N_("Net in kg"), [Needed()], least=1, most=10_000_000_000)
