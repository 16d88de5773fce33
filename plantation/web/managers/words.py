"""The words of the closed lists as the office's pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plantation.errors import N_, Marked
from plantation.forms.exclusions import KINDS as EXCLUSION_KINDS
from plantation.forms.payments import METHODS
from plantation.forms.rights import STATUSES
from plantation.forms.seasons import KINDS as DEDUCTION_KINDS
from plantation.web.managers import managers

_MODES = (("posted", N_("posted price")), ("pooled", N_("pooled")))


def _shown(words: Iterable[tuple[str, Any]], value: Any) -> Any:
    """The marked word for `value`; what is not in the list is shown as it is."""
    return dict(words).get(str(value), str(value))


@managers.app_template_global()
def status_word(status: str) -> Marked | str:
    """A right's status."""
    return _shown(STATUSES, status)


@managers.app_template_global()
def mode_word(mode: str) -> Marked | str:
    """A season's rule, short."""
    return _shown(_MODES, mode)


@managers.app_template_global()
def kind_word(kind: str) -> Marked | str:
    """How a deduction is counted."""
    return _shown(DEDUCTION_KINDS, kind)


@managers.app_template_global()
def exclusion_word(kind: str) -> Marked | str:
    """What lies in a plot."""
    return _shown(EXCLUSION_KINDS, kind)


@managers.app_template_global()
def method_word(method: str) -> Marked | str:
    """How a payment was made."""
    return _shown((*METHODS, ("advance", N_("taken for an advance"))), method)
