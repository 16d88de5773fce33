"""The forms for payments: one household, or all balances at once."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from plantation.domain.limits import MOST_PAID_FEN
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import DayField, NameField, Needed, WordField, YuanField
from plantation.forms.ticks import TickedRow, TickListForm

METHODS = (("bank", N_("bank transfer")), ("cash", N_("cash")), ("other", N_("other")))


class NotConfirmed(Refusal):
    template = N_("Tick the box to say that the figures were checked.")


class PaymentForm(Form):
    """One payment. `once` is the id that the page made: sent twice, it is still one payment."""

    once = HiddenField()
    season = HiddenField()
    household = NameField(N_("Household"), [Needed()], description=N_("Code or name."), render_kw={"autocomplete": "off"})
    paid_on = DayField(N_("Date"), [Needed()])
    method = WordField(N_("Paid by"), choices=METHODS, default="bank")
    amount_fen = YuanField(N_("Amount in yuan"), [Needed()], least=1, most=MOST_PAID_FEN)
    reference = NameField(N_("Reference"), description=N_("Such as the bank's number."))


class NobodyTicked(Refusal):
    template = N_("Tick who has signed and was paid.")


class SignedSheetForm(TickListForm):
    """Who of a signature sheet was paid in cash, a row `fen:code`. `once` is the sheet's id: sent twice, each is still one payment."""

    nothing_ticked = NobodyTicked

    once = HiddenField()
    paid_on = DayField(N_("Date"), [Needed()])
    reference = NameField(N_("Reference"), description=N_("Such as the number of the sheet."))

    def rows(self) -> list[tuple[str, int]]:
        """(household, fen) of the rows that were paid, each household once. :raises TickedRow: a row that no page made."""
        found: dict[str, int] = {}
        for value in self.chosen:
            fen, colon, code = value.partition(":")
            if not (colon and fen.isascii() and fen.isdigit() and len(fen) < 15 and 0 < len(code) <= 64 and code.isprintable()):
                raise TickedRow()
            found[code] = int(fen)
        return list(found.items())


class PayAllForm(Form):
    """All balances of a season; `total_fen` is the sum that was on screen when the box was ticked."""

    total_fen = HiddenField()
    paid_on = DayField(N_("Date"), [Needed()])
    method = WordField(N_("Paid by"), choices=METHODS, default="bank")
    reference = NameField(N_("Reference"), description=N_("Such as the number of the bank's batch."))
    confirmed = BooleanField(N_("I checked the number of households and the total."))

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(NotConfirmed())
