"""Refusals: what the software says no to, in domain words and with the figures in them.

A refusal is an exception with a message template and named figures. ``str()`` gives English; a front end
translates ``template`` and fills in the same ``figures``. Nothing here knows a language or a web page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Marked(str):
    """A text that our own code marked for translation: on screen it is translated, a typed text never is."""


def N_(message: str) -> Marked:
    """Mark `message` for translation without translating it (catalogues are extracted from these marks).

    >>> N_("%(field)s is missing.")
    '%(field)s is missing.'
    """
    return Marked(message)


class Refusal(Exception):
    """Something the rules do not allow. Subclasses set `template`; keyword arguments are its figures.

    >>> class LandShort(Refusal):
    ...     template = N_("%(asked_mu)s mu are asked for, %(missing_mu)s mu are missing.")
    >>> str(LandShort(asked_mu="1,750", missing_mu="250"))
    '1,750 mu are asked for, 250 mu are missing.'
    """

    template: str = N_("This is not allowed.")

    def __init__(self, /, **figures: Any) -> None:
        super().__init__(*figures.values())
        self.figures = figures

    def __str__(self) -> str:
        return self.template % self.figures


class BadValue(Refusal, ValueError):
    """A text that cannot be read as what it should be; `expected` says what would be right."""

    template = N_("“%(value)s” is not %(expected)s.")


class NotFound(Refusal, LookupError):
    """Nothing of that name exists, or not for the one who asks: a stranger cannot tell the two apart."""

    template = N_("There is no %(what)s “%(code)s”.")


class NotAllowed(Refusal):
    """The person may see it but not change it."""

    template = N_("Your account may not do this.")


class Stale(Refusal):
    """Somebody else saved first."""

    template = N_("%(what)s “%(code)s” was changed by somebody else meanwhile. Look at it again, then save.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an input: where (file, row, column) and what. `row` counts as a spreadsheet does:
    the header is row 1; 0 means the file as a whole.

    >>> print(Fault("rights.csv", 3, "entitlement_mu", BadValue(value="-1", expected="more than 0 mu")))
    rights.csv, row 3, entitlement_mu: “-1” is not more than 0 mu.
    """

    file: str
    row: int
    column: str
    refusal: Refusal

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.refusal}"


class Faulty(Refusal):
    """An input with faults: all of them at once, so that one pass mends the file."""

    template = N_("%(count)s faults were found; nothing was written.")

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))
        if len(self.faults) == 1:
            self.template = N_("One fault was found; nothing was written.")
