"""The forms for dividends: what is declared, and how it is paid."""

from __future__ import annotations

import re

from wtforms import BooleanField, HiddenField, SubmitField

from plantation.domain.dividend import Basis
from plantation.domain.limits import MOST_PAID_FEN
from plantation.errors import N_
from plantation.forms.answers import NoteField
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, DayField, NameField, Needed, PercentField, WordField, YuanField
from plantation.forms.payments import METHODS
from plantation.forms.words import RadiosField

WAYS = (("each", N_("the same amount for everybody")), ("total", N_("a total that is shared")))


class DividendForm(Form):
    """A dividend before it is declared. `digest` is that of the shares on screen: first it is worked out, then declared."""

    code = CodeField(N_("Code"), [Needed()], description=N_("Such as D-2026."))
    name = NameField(N_("Name"), [Needed()], description=N_("What households read, such as: dividend of the livestock cooperative 2026."))
    source = NameField(N_("Money from"), description=N_("Empty: the plantation. Else the cooperative whose money passes through."))
    way = RadiosField(N_("How"), choices=WAYS, default="each")
    amount_fen = YuanField(
        N_("Amount in yuan"), [Needed()], least=1, most=MOST_PAID_FEN, description=N_("For each household, or the total.")
    )
    household = PercentField(N_("By household, percent"), default=None)
    member = PercentField(N_("By member, percent"), default=None)
    mu = PercentField(N_("By mu, percent"), default=None)
    kg = PercentField(N_("By kilograms, percent"), default=None)
    season = WordField(N_("Season whose kilograms count"))
    is_patronage = BooleanField(N_("It is a cooperative's surplus: at least 60 % go by kilograms."))
    households = NoteField(N_("Households"), most=20_000, description=N_("Codes, one a line or with commas. Empty: all households."))
    digest = HiddenField()
    look = SubmitField(N_("Work it out"))
    declare = SubmitField(N_("Declare the dividend"))

    def mix(self) -> tuple[tuple[Basis, int], ...]:
        """The bases with their parts, those above 0."""
        parts = ((basis, self[basis.value].data) for basis in Basis)
        return tuple((basis, ppm) for basis, ppm in parts if ppm)

    def codes(self) -> list[str]:
        """The codes of the list, each once."""
        return list(dict.fromkeys(code for code in re.split(r"[\s,，、;；]+", self.households.data or "") if code))


class PayDividendForm(Form):
    """How all open lines of a dividend are paid."""

    paid_on = DayField(N_("Date"), [Needed()])
    method = WordField(N_("Paid by"), choices=METHODS, default="cash")
    reference = NameField(N_("Reference"), description=N_("Such as the number of the bank's batch."))


class TakeBackForm(Form):
    """A payment of a dividend is taken back; `payment` is its id."""

    payment = HiddenField()
    reason = NameField(N_("Reason"), [Needed()], most=1000, description=N_("It stays on the statement, for everybody to read."))
