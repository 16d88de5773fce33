"""The forms for hired pickers."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.domain.limits import MOST_WAGE_FEN
from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, DayField, NameField, Needed, YuanField


class PickerForm(Form):
    """Another name or phone for a picker; the code is what stands on slips, it stays. `seen_entry` is where the journal stood when they
    were shown."""

    seen_entry = HiddenField()
    name = NameField(N_("Name"), [Needed()])
    phone = NameField(N_("Phone"), most=30)


class NewPickerForm(PickerForm):
    """Who picks for a wage."""

    code = CodeField(N_("Code"), [Needed()], description=N_("Short, such as P01: it is typed at the scale."))
    # Once more, after the code: a form tells its errors in this order, and the page shows the code first.
    name = NameField(N_("Name"), [Needed()])
    phone = NameField(N_("Phone"), most=30)


class PickerDayForm(Form):
    """A day that a picker worked for a household. `once` is the id that the page made."""

    once = HiddenField()
    household = NameField(N_("Household"), [Needed()], description=N_("Code or name."), render_kw={"autocomplete": "off"})
    amount_fen = YuanField(N_("Day's wage in yuan"), [Needed()], least=1, most=MOST_WAGE_FEN)
    worked_on = DayField(N_("Date"), [Needed()])


class PickerPaymentForm(Form):
    """Cash that a picker had. `once` is the id that the page made."""

    once = HiddenField()
    amount_fen = YuanField(N_("Amount in yuan"), [Needed()], least=1, most=MOST_WAGE_FEN)
    paid_on = DayField(N_("Date"), [Needed()])
