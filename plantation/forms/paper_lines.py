"""The form for weighings typed from paper: a line a weighing, and the paper's own sums to hold against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from wtforms import BooleanField, FieldList, FormField, HiddenField, SubmitField
from wtforms import Form as PlainForm

from plantation.domain.paper_lines import carry_down
from plantation.domain.weighing import PLOT_LIMIT_GRAMS
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import DayField, KilogramField, Missing, NameField, Optional, PercentField, WholeField, WordField
from plantation.units import Grams

FIRST_LINES = 10
MORE_LINES = 20
MOST_LINES = 1_000
CARRIED = ("grade", "tare_grams", "day")


class LineField(Refusal):
    """Not refused, only named: a field among a hundred of its name."""

    template = N_("Line %(line)s, %(field)s")


class NoLines(Refusal):
    template = N_("Type at least one line.")


class Carried(NamedTuple):
    """What a line has, typed in it or taken from the line above; None where it was typed nowhere."""

    grade: str | None
    tare_grams: Grams | None
    day: dt.date | None


class LineForm(PlainForm):
    """One line. Left empty it does not count; begun, it needs its household and its gross weight."""

    household = NameField(N_("Household"), render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    gross_grams = KilogramField(N_("Gross in kg"), most=PLOT_LIMIT_GRAMS)
    grade = WordField(N_("Grade"))
    tare_grams = KilogramField(N_("Tare in kg"), most=PLOT_LIMIT_GRAMS)
    deduction_ppm = PercentField(N_("Deduction in percent"), most=999_999)
    day = DayField(N_("Day"), render_kw={"type": "text", "autocomplete": "off"})  # a picker would stop Tab three times
    slip = NameField(N_("Slip number"), most=64, render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    impurity_ppm = PercentField(N_("Impurity, percent"), most=999_999)
    moisture_ppm = PercentField(N_("Moisture, percent"), most=999_999)
    again = BooleanField(N_("Both were weighed"))

    carried = Carried(None, None, None)

    @property
    def is_blank(self) -> bool:
        """Whether nobody began this line; what is carried down says nothing."""
        own = (self.household, self.gross_grams, self.deduction_ppm, self.slip, self.impurity_ppm, self.moisture_ppm)
        return not any(value and value[0].strip() for value in (field.raw_data for field in own))

    @property
    def is_whole(self) -> bool:
        """Whether it can be judged: all is there and could be read."""
        return not self.errors and bool(self.household.data) and self.gross_grams.data is not None and None not in self.carried

    def validate(self, extra_validators: Any = None) -> bool:
        if self.is_blank:
            return True
        valid = super().validate(extra_validators)
        for field in (self.household, self.gross_grams):
            if field.data in (None, "") and not field.errors:
                field.errors = [Missing()]
                valid = False
        return valid


class PaperForm(Form):
    """A page of lines. `once` is the id that the page made: sent twice, its lines are still recorded once; `checked` says for
    which lines the totals were shown. Net weights are never taken from the form."""

    once = HiddenField()
    season = HiddenField()
    checked = HiddenField()
    lines = FieldList(FormField(LineForm), N_("Lines"), min_entries=1, max_entries=MOST_LINES)
    paper_lines = WholeField(N_("Lines, on the paper"), [Optional()])
    paper_gross_grams = KilogramField(N_("Gross, on the paper"), [Optional()])
    paper_net_grams = KilogramField(N_("Net, on the paper"), [Optional()])
    save = SubmitField(N_("Save"))
    more_lines = SubmitField(N_("More lines"))

    @property
    def begun(self) -> Iterator[tuple[int, LineForm]]:
        """The lines that count, with where each stands, from 1."""
        return ((number, line) for number, line in enumerate(self.all_lines, 1) if not line.is_blank)

    @property
    def all_lines(self) -> list[LineForm]:
        return [entry.form for entry in self.lines.entries]

    def offer(self, grades: list[str]) -> None:
        """What may be chosen, and what each line is called; without a grade of its own a line has that of the line above."""
        choices = [("", N_("as above")), *((grade, grade) for grade in grades)]
        for number, line in enumerate(self.all_lines, 1):
            line.grade.choices = choices
            line.grade.data = line.grade.data or ""
            for field in line:
                if not isinstance(field.label.text, LineField):
                    field.label.text = LineField(line=number, field=field.label.text)

    def add_lines(self, count: int) -> None:
        """So many lines more, as long as there is room; nothing that was typed changes."""
        for _ in range(min(count, MOST_LINES - len(self.lines.entries))):
            self.lines.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.form_errors:
            return False
        begun = [line for _, line in self.begun]
        if not begun:
            self.form_errors.append(NoLines())
            return False
        typed = [[getattr(line, name).data or None if name == "grade" else getattr(line, name).data for line in begun] for name in CARRIED]
        for line, *carried in zip(begun, *map(carry_down, typed), strict=True):
            line.carried = Carried(*carried)
        for name in CARRIED:  # only the first can lack it: the others have what stands above
            field = getattr(begun[0], name)
            if getattr(begun[0].carried, name) is None and not field.errors:
                field.errors = [Missing()]
                valid = False
        return valid
