"""The form with which a difference is answered."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.domain.words import DifferenceVerdict
from plantation.errors import N_
from plantation.forms.answers import NoteField
from plantation.forms.base import Form
from plantation.forms.fields import WordField

VERDICTS = (
    (DifferenceVerdict.EXPLAINED, N_("explained: it is right as it stands")),
    (DifferenceVerdict.CORRECTED, N_("corrected: a slip or purchase was taken back")),
    (DifferenceVerdict.ACCEPTED, N_("accepted: nobody can tell, it is borne")),
)


class DifferenceForm(Form):
    """`digest` is that of the figures on screen: they may move before the answer comes."""

    verdict = WordField(N_("What became of it"), choices=VERDICTS)
    text = NoteField(N_("What was found out"), most=1000)
    digest = HiddenField()
