"""The forms of an allocation: what to plan, the seed of the draw, and the last word before it is carried out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea, TextInput

from plantation.domain.words import AllocationRule, ParcelShape
from plantation.errors import N_, BadValue, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Optional
from plantation.forms.payments import NotConfirmed
from plantation.forms.plots import DecimalField
from plantation.forms.words import RadiosField
from plantation.geometry.lots import BadSeed, read_seed

FEWEST_ROLLS = 10

RULES = (
    (AllocationRule.STRICT, N_("Strict: everyone gets the full right, or nothing is allocated")),
    (AllocationRule.PRORATE, N_("Prorate: everyone gets the same share of the right")),
    (AllocationRule.WAITLIST, N_("Waiting list: full rights in the order of the draw, the others wait")),
)
SHAPES = (
    (ParcelShape.COMPACT, N_("Compact: as square as the land allows")),
    (ParcelShape.STRIPS, N_("Strips: along the planting rows")),
)


class NoPlotChosen(Refusal):
    template = N_("Choose at least one plot.")


class TooFewRolls(Refusal):
    template = N_("These are %(rolls)s rolls; roll the dice at least %(least)s times, so that nobody can guess the draw.")


class SeedAndDice(Refusal):
    template = N_("Give a seed or the rolls of the dice, not both.")


class NoSeed(Refusal):
    template = N_("The draw needs a seed: type one, or roll the dice.")


class SeedField(NameField):
    """One line of text that the draw is computed from."""

    def process_formdata(self, valuelist: Any) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = ""
        if text.strip():
            try:
                self.data = read_seed(text)
            except BadSeed as refusal:
                self.process_errors.append(refusal)


class DiceField(NameField):
    """Rolls of a die, as digits 1 to 6 with whatever stands between them; `data` is the digits joined by hyphens."""

    def process_formdata(self, valuelist: Any) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = ""
        # A Chinese keyboard writes wide digits, and its own commas between them.
        rolls = re.sub(r"[\s,;.、。\-]+", "", unicodedata.normalize("NFKC", text))
        if not rolls:
            return
        if not re.fullmatch(r"[1-6]{1,100}", rolls):
            self.process_errors.append(BadValue(value=text[:40], expected=N_("a row of numbers from 1 to 6")))
        elif len(rolls) < FEWEST_ROLLS:
            self.process_errors.append(TooFewRolls(rolls=len(rolls), least=FEWEST_ROLLS))
        else:
            self.data = "-".join(rolls)


class PlotsField(Field):
    """Check boxes, one a plot: `choices` are (code, label), set by the page; `data` is a list of codes."""

    widget = TextInput()  # a page shows the boxes; this is what stands there for one without them

    def __init__(self, label: Any = None, validators: Any = None, **options: Any):
        super().__init__(label, validators, **options)
        self.choices: Sequence[tuple[str, str]] = ()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = list(valuelist)

    def pre_validate(self, form: Any) -> None:
        offered = {code for code, _ in self.choices}
        for code in self.data or ():
            if code not in offered:
                raise StopValidation(BadValue(value=str(code)[:40], expected=N_("one of the plots")))
        if not self.data:
            raise StopValidation(NoPlotChosen())


class BesideField(NameField):
    """Rights that asked to lie next to each other: one group a line, codes with blanks or commas between them."""

    widget = TextArea()

    def process_formdata(self, valuelist: Any) -> None:
        super().process_formdata(valuelist)
        groups = [re.split(r"[\s,;，、；]+", line.strip()) for line in str(self.data or "").splitlines()]
        self.groups = tuple(tuple(filter(None, group)) for group in groups if any(group))


class PlanForm(Form):
    """What to plan. No rule is chosen by default where land is short: that is the village's to decide. `seed` may be left empty for a
    trial; the draw in front of the villagers brings its own."""

    plots = PlotsField(N_("Plots"))
    rule = RadiosField(N_("When the land is short"), choices=RULES)
    shape = RadiosField(N_("Shape of the parcels"), choices=SHAPES, default=ParcelShape.COMPACT.value)
    row_bearing = DecimalField(
        N_("Direction of the rows"),
        [Optional()],
        least=0,
        most=360,
        description=N_("For strips: degrees from north, clockwise. Left empty, each plot's own direction counts."),
    )
    lane_width_m = DecimalField(
        N_("Width of added lanes in metres"),
        [Optional()],
        least=0,
        most=50,
        description=N_("0 adds none. With lanes no parcel is cut off; their land is shown."),
    )
    seed = SeedField(
        N_("Seed of the draw"),
        [Optional()],
        description=N_("Left empty for a trial: the draw in front of the villagers brings its own. The same seed gives the same draw."),
    )
    beside = BesideField(
        N_("Who wants to lie next to each other"),
        [Optional()],
        most=5_000,
        description=N_("Codes of rights, one group a line, such as R012 R047. The odds of everybody else stay the same."),
    )
    keep_existing = BooleanField(N_("Keep the parcels that there are where they are"), default=True)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The wishes of `beside`, as codes of rights."""
        return tuple(getattr(self.beside, "groups", ()))


class DrawForm(Form):
    """The seed of the public draw: a line of text, or rolls of dice."""

    dice = DiceField(
        N_("Rolls of the dice"),
        description=N_("Let villagers roll, and type what everyone sees: 4 2 6 1 3 5 …, at least 10 rolls."),
    )
    seed = SeedField(N_("Or a seed"), description=N_("For example the numbers of a public lottery of that day."))

    def validate_seed(self, field: SeedField) -> None:
        if field.errors or self.dice.errors:
            return
        if field.data and self.dice.data:
            raise StopValidation(SeedAndDice())
        if not field.data and not self.dice.data:
            raise StopValidation(NoSeed())

    @property
    def chosen(self) -> str:
        """The seed, however it was given."""
        return str(self.dice.data or self.seed.data)


class CommitForm(Form):
    """`digest` names the plan that was on screen."""

    digest = HiddenField()
    confirmed = BooleanField(N_("I have checked this plan. It becomes the land register of the collective."))

    def validate_confirmed(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation(NotConfirmed())
