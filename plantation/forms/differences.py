"""The form with which differences are answered, one or several."""

from __future__ import annotations

from wtforms import HiddenField

from plantation.domain.words import DifferenceKind, DifferenceVerdict
from plantation.errors import N_
from plantation.forms.answers import NoteField
from plantation.forms.ticks import TickedRow, TickListForm
from plantation.forms.words import RadiosField

VERDICTS = (
    (DifferenceVerdict.EXPLAINED, N_("explained: it is right as it stands")),
    (DifferenceVerdict.CORRECTED, N_("corrected: a slip or purchase was taken back")),
    (DifferenceVerdict.ACCEPTED, N_("accepted: nobody can tell, it is borne")),
)


class DifferencesForm(TickListForm):
    """One answer for all differences that are chosen: a row is `digest:kind:subject`, with the digest of the figures on
    screen, which may move before the answer comes. `seen_entry` is where the journal stood then: an answer that came after it is one
    that nobody here has read."""

    verdict = RadiosField(N_("What became of it"), choices=VERDICTS, default=DifferenceVerdict.EXPLAINED)
    text = NoteField(N_("What was found out"), most=1000)
    seen_entry = HiddenField()

    def rows(self) -> list[tuple[str, str, str]]:
        """(kind, subject, digest) of each. :raises TickedRow: a row that no page made."""
        found = []
        for value in self.chosen:
            digest, _, named = value.partition(":")
            kind, _, subject = named.partition(":")
            if kind not in set(DifferenceKind) or not subject:
                raise TickedRow()
            found.append((kind, subject, digest))
        return found
