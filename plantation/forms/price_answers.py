"""The form in which a manager answers for a slip whose paper says another price."""

from __future__ import annotations

from wtforms.validators import StopValidation

from plantation.domain.words import PriceDecision
from plantation.errors import N_, Refusal
from plantation.forms.answers import NoteField
from plantation.forms.base import Form
from plantation.forms.fields import Needed, WordField

CHOICES = (
    ("", N_("choose")),
    (PriceDecision.SEASON, N_("the season's price stands; the household is told")),
    (PriceDecision.PAPER, N_("the paper's price counts; the slip is taken back and recorded at it")),
    (PriceDecision.MADE_GOOD, N_("the paper counts; the difference is made good outside the books")),
)


class NotChosen(Refusal):
    template = N_("Say which price counts.")


class PriceAnswerForm(Form):
    """Which price counts, and what is done about it."""

    decision = WordField(N_("Decision"), choices=CHOICES, default="")
    text = NoteField(N_("What is done"), [Needed()], description=N_("Who told the household, or how the difference was paid."))

    def validate_decision(self, field: WordField) -> None:
        if not field.data:
            raise StopValidation(NotChosen())
