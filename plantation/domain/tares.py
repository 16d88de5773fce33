"""Tares: what a crate or a bag of the collective weighs empty, so that one tap takes it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plantation.errors import N_, Refusal
from plantation.units import Grams, format_kg

MOST_TARES = 12
MOST_GRAMS: Grams = 1_000_000


class Tare(NamedTuple):
    """A kind of crate or bag; `name` may be empty: then its weight says which."""

    name: str
    grams: Grams


# What a village finds before it has weighed its own.
DEFAULT_TARES = (Tare("", 0), Tare("", 500), Tare("", 1_200), Tare("", 2_000))


class TareTwice(Refusal, ValueError):
    """Two buttons that say the same."""

    template = N_("“%(name)s” stands on the list twice.")


class TaresOutOfNumber(Refusal, ValueError):
    """None, or more than fit on a phone."""

    template = N_("There are 1 to %(most)s kinds of crates and bags; these are %(count)s.")


class TareOutOfRange(Refusal, ValueError):
    """No crate that anybody carries."""

    template = N_("A crate weighs 0 to %(most_kg)s kg; %(kg)s kg is not.")


def check_tares(tares: Sequence[Tare]) -> None:
    """Pass a list that a phone can show, each kind once.

    >>> check_tares(DEFAULT_TARES)
    >>> check_tares([])
    Traceback (most recent call last):
    plantation.domain.tares.TaresOutOfNumber: There are 1 to 12 kinds of crates and bags; these are 0.

    :raises TaresOutOfNumber, TareOutOfRange, TareTwice: as they say.
    """
    if not 1 <= len(tares) <= MOST_TARES:
        raise TaresOutOfNumber(most=MOST_TARES, count=len(tares))
    seen: set[object] = set()
    for tare in tares:
        if not 0 <= tare.grams <= MOST_GRAMS:
            raise TareOutOfRange(most_kg=format_kg(MOST_GRAMS), kg=format_kg(tare.grams))
        key = tare.name or tare.grams
        if key in seen:
            raise TareTwice(name=tare.name or format_kg(tare.grams))
        seen.add(key)
