"""The form for a purchase with its lines."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, SubmitField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import DayField, KilogramField, Missing, NameField, Needed, WordField, YuanField

MOST_LINES = 100
MOST_GRAMS = 10_000_000_000
MOST_PRICE_FEN = 1_000_000


class NoLine(Refusal):
    template = N_("A purchase needs at least one line with a weight and a price.")


class NothingBought(Refusal):
    template = N_("A line needs more than 0 kg.")


class LineForm(PlainForm):
    """One line. Left empty it does not count; begun, it needs its weight and its price."""

    grade = WordField(N_("Grade"))
    net_grams = KilogramField(N_("Net in kg"), most=MOST_GRAMS)
    price_fen_per_kg = YuanField(N_("Yuan per kg"), most=MOST_PRICE_FEN)
    source = NameField(
        N_("From"),
        most=64,
        description=N_("Empty: from the pool. Else a household's code."),
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )

    lot = NameField(
        N_("Lot"),
        most=64,
        description=N_("The code on a lot's label; grade and weight are then the label's."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "data-scan-lot": ""},
    )

    @property
    def is_blank(self) -> bool:
        """Whether nobody began this line; the grade is chosen for it and says nothing."""
        typed = (self.net_grams.raw_data, self.price_fen_per_kg.raw_data, self.source.raw_data, self.lot.raw_data)
        return not any(value and value[0].strip() for value in typed)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.is_blank:
            return True
        valid = super().validate(extra_validators)
        for field in (self.price_fen_per_kg,) if self.lot.data else (self.net_grams, self.price_fen_per_kg):
            if field.data is None and not field.errors:
                field.errors = [Missing()]
                valid = False
        if self.net_grams.data == 0:
            self.net_grams.errors = [NothingBought()]
            valid = False
        return valid


class PurchaseForm(Form):
    """One purchase note. `once` is the id that the page made: sent twice, it is still one purchase.

    Amounts are never taken from the form.
    """

    once = HiddenField()
    season = HiddenField()
    buyer = WordField(N_("Buyer"))
    purchased_on = DayField(N_("Date"), [Needed()])
    number = NameField(N_("Number"), most=64, description=N_("Of the purchase note; empty: the next one."))
    lines = FieldList(FormField(LineForm), N_("Lines"), min_entries=1, max_entries=MOST_LINES)
    beyond_stock = BooleanField(N_("Record it even if more is sold than was weighed: weighings are still on their way."))
    add_line = SubmitField(N_("One more line"))
    save = SubmitField(N_("Save"))

    @property
    def begun_lines(self) -> list[LineForm]:
        """The lines that count."""
        return [entry.form for entry in self.lines.entries if not entry.form.is_blank]

    def offer(self, grades: list[tuple[str, str]], buyers: list[tuple[str, str]]) -> None:
        """What may be chosen on this page, for every line that it has."""
        self.buyer.choices = buyers
        self.grades = grades
        for entry in self.lines.entries:
            entry.form.grade.choices = grades

    def add_a_line(self) -> None:
        """One line more, as long as there is room; nothing that was typed changes."""
        if len(self.lines.entries) < MOST_LINES:
            self.lines.append_entry().form.grade.choices = self.grades

    def validate_number(self, field: NameField) -> None:
        if not self.begun_lines:
            raise StopValidation(NoLine())
