"""The forms for weighings: entering one, searching them, taking one back."""

from __future__ import annotations

import datetime as dt
import re

from wtforms import HiddenField, SubmitField
from wtforms.validators import StopValidation
from wtforms.widgets import DateTimeLocalInput

from plantation.domain.limits import MOST_PRICE_FEN
from plantation.domain.weighing import PLOT_LIMIT_GRAMS, GrossNotAboveTare
from plantation.errors import N_, BadValue, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import (
    KilogramField,
    NameField,
    Needed,
    Optional,
    PercentField,
    TypedField,
    WordField,
    YuanField,
)
from plantation.units import format_kg


class NobodyNamed(Refusal):
    template = N_("Say whose fruit it is: a household, or the plot that it was picked on.")


class MomentField(TypedField):
    """A day and a time of day, typed or picked; `data` is without offset, in the collective's time zone."""

    widget = DateTimeLocalInput()

    def read(self, text: str) -> dt.datetime:
        match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?", text, re.ASCII)
        try:
            if match is None:
                raise ValueError
            return dt.datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ':00'}")
        except ValueError as error:
            expected = N_("a day and a time, such as 2026-09-15 14:30")
            raise BadValue(value=text[:40], expected=expected) from error

    def write(self, value: dt.datetime) -> str:
        return value.strftime("%Y-%m-%dT%H:%M")


class WeighingForm(Form):
    """One weighing. `once` is the id that the page made: sent twice, it is still one weighing.

    `household` is a code or a name; `plot` alone shares the fruit over the plot's parcels. Net weight, price and
    amount are never taken from the form.
    """

    once = HiddenField()
    season = HiddenField()
    weighed_at = MomentField(N_("Day and time"), [Needed()])
    household = NameField(
        N_("Household"),
        description=N_("Code or name."),
        render_kw={"list": "household-names", "autocomplete": "off", "autocapitalize": "none"},
    )
    plot = WordField(N_("Plot"), description=N_("Without a household, the fruit is shared over the plot's parcels."))
    grade = WordField(N_("Grade"))
    gross_grams = KilogramField(N_("Gross in kg"), [Needed()], most=PLOT_LIMIT_GRAMS)
    tare_grams = KilogramField(N_("Tare in kg"), default=0, most=PLOT_LIMIT_GRAMS)
    deduction_ppm = PercentField(N_("Deduction in percent"), default=0, most=999_999, description=N_("For leaves, water and twigs."))
    picker = NameField(N_("Picker"), description=N_("Who picked for a wage, if anybody did."))
    piece_rate_fen_per_kg = YuanField(N_("Wage in yuan per kg"), most=MOST_PRICE_FEN)
    impurity_ppm = PercentField(
        N_("Impurity, percent"),
        [Optional()],
        most=999_999,
        description=N_("Where a sample was looked at: beyond a limit the fruit gets a lower grade, or is refused."),
    )
    moisture_ppm = PercentField(N_("Moisture, percent"), [Optional()], most=999_999)
    slip = NameField(N_("Slip number"), most=64, description=N_("Only where one was written by hand."))
    save = SubmitField(N_("Save"))
    save_next = SubmitField(N_("Save, then the next"))

    def validate_gross_grams(self, field: KilogramField) -> None:
        tare_grams = self.tare_grams.data or 0
        if field.data is not None and not self.tare_grams.errors and field.data <= tare_grams:
            raise StopValidation(GrossNotAboveTare(gross_kg=format_kg(field.data), tare_kg=format_kg(tare_grams)))

    def validate_household(self, field: NameField) -> None:
        if not field.data and not self.plot.data:
            raise StopValidation(NobodyNamed())


class ReversalForm(Form):
    """Why something recorded is taken back; used for slips, purchases and payments alike."""

    once = HiddenField()
    reason = NameField(N_("Reason"), [Needed()], most=1000, description=N_("It stays on the statement, for everybody to read."))
