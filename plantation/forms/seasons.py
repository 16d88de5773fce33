"""The forms for a picking season: its days and rule, its dated prices, its deductions."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import StopValidation

from plantation.domain.limits import MOST_PRICE_FEN
from plantation.domain.seasons import SeasonDatesReversed
from plantation.domain.words import DeductionKind, QualityMeasure, SeasonMode
from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import (
    CodeField,
    DayField,
    Missing,
    NameField,
    Needed,
    Optional,
    PercentField,
    WordField,
    YuanField,
)
from plantation.forms.words import RadiosField

MODES = (
    (SeasonMode.POSTED.value, N_("posted price: each slip is paid at the price of its day")),
    (SeasonMode.POOLED.value, N_("pooled: what the buyers pay is shared by weight")),
)
MEASURES = ((QualityMeasure.IMPURITY, N_("impurity")), (QualityMeasure.MOISTURE, N_("moisture")))
KINDS = (
    (DeductionKind.PERCENT.value, N_("percent of the gross")),
    (DeductionKind.YUAN_PER_KG.value, N_("yuan per net kg")),
    (DeductionKind.YUAN_PER_HOUSEHOLD.value, N_("yuan per household that delivered")),
)


class SeasonForm(Form):
    """A new season, or an edit of one that has nothing recorded yet."""

    code = CodeField(N_("Code"), [Needed()], description=N_("Such as 2026. Slip numbers begin with it."))
    starts_on = DayField(N_("First day"), [Needed()])
    ends_on = DayField(N_("Last day"), [Needed()], description=N_("It is settled finally from the day after."))
    mode = RadiosField(N_("Rule"), choices=MODES, default=SeasonMode.POSTED.value)
    tolerance_ppm = PercentField(
        N_("Tolerance in percent"),
        [Needed()],
        default=0,
        description=N_("By how much the buyers' scales may show more than ours."),
    )
    version = HiddenField()

    def validate_ends_on(self, field: DayField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise StopValidation(SeasonDatesReversed(starts_on=self.starts_on.data, ends_on=field.data))


class PriceForm(Form):
    """One line of the price sheet."""

    grade = NameField(N_("Grade"), [Needed()], most=64)
    valid_from = DayField(N_("Valid from"), [Needed()])
    price_fen_per_kg = YuanField(N_("Price in yuan per kg"), [Needed()], most=MOST_PRICE_FEN)


class DeductionForm(Form):
    """One deduction: a percentage has `rate_ppm`, the other kinds have `amount_fen`."""

    code = CodeField(N_("Code"), [Needed()], description=N_("Deductions are taken in the order of their code."))
    name = NameField(N_("Name"), [Needed()])
    kind = WordField(N_("Counted as"), choices=KINDS, default=DeductionKind.PERCENT.value)
    rate_ppm = PercentField(N_("Percent"), [Optional()])
    amount_fen = YuanField(N_("Amount in yuan"), [Optional()], most=10_000_000)

    def validate(self, extra_validators=None) -> bool:
        """Exactly the value that belongs to the kind is needed; the other one is not looked at."""
        valid = super().validate(extra_validators=extra_validators)
        needed = self.rate_ppm if self.kind.data == DeductionKind.PERCENT else self.amount_fen
        if needed.data is None and not needed.errors:
            needed.errors = [Missing()]
            return False
        return valid


class LimitForm(Form):
    """A reject limit; without a percentage it is lifted. `regrade` empty: the delivery is refused. `seen_entry` is where the journal
    stood when the limits were shown."""

    seen_entry = HiddenField()
    of_grade = WordField(N_("Grade"))
    measure = WordField(N_("What is measured"), choices=MEASURES)
    limit_ppm = PercentField(N_("At most, percent"), [Optional()], most=999_999, description=N_("Empty: the limit is lifted."))
    regrade = WordField(N_("Beyond it"))


class RemoveForm(Form):
    """A button that takes something away; only its one-time check is sent."""
