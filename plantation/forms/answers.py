"""The forms in which something is said and answered: disputes, objections, releases."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from plantation.domain.words import DisputeAbout
from plantation.errors import N_, Refusal
from plantation.forms.base import Form
from plantation.forms.fields import NameField, Needed, WordField

DECISIONS = (("", N_("choose")), ("upheld", N_("upheld: it was wrong")), ("rejected", N_("rejected: it was right")))
ABOUT = (
    (DisputeAbout.WEIGHT, N_("The weight is wrong")),
    (DisputeAbout.GRADE, N_("The grade is wrong")),
    (DisputeAbout.NOT_MINE, N_("This is not my fruit")),
    (DisputeAbout.PICKER, N_("The picker or the wage is wrong")),
    (DisputeAbout.OTHER, N_("Something else")),
)


class NotDecided(Refusal):
    template = N_("Say whether it is upheld or rejected.")


class NoteField(NameField):
    """A text of several lines."""

    widget = TextArea()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **{"most": 1000, "render_kw": {"rows": 3}, **options})


class DisputeForm(Form):
    """What is wrong with a slip. Each word is a button, so that two taps are enough."""

    about = WordField(N_("What is wrong"), choices=ABOUT)
    text = NoteField(N_("In your words"), description=N_("Only needed for something else."))


class ObjectionForm(Form):
    """A household's objection to its line of a notice."""

    text = NoteField(N_("What is wrong with the figures"), [Needed()])


class PaperObjectionForm(ObjectionForm):
    """The same, written down by the office for a household that said it."""

    household = NameField(N_("Household"), [Needed()], description=N_("Code or name."), render_kw={"autocomplete": "off"})


class AnswerForm(Form):
    """The office's decision, with its reason: it is shown to the household as it is written."""

    decision = WordField(N_("Decision"), choices=DECISIONS, default="")
    text = NoteField(N_("Reason"), [Needed()], description=N_("The household reads it as you write it."))

    def validate_decision(self, field: WordField) -> None:
        if not field.data:
            raise StopValidation(NotDecided())


class PostForm(Form):
    """A deed without a field of its own."""

    done = HiddenField()
