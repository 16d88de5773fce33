"""What somebody says about a purchase, and what is refused about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plantation.errors import N_, Refusal
from plantation.units import Grams

LINE_LIMIT_GRAMS: Grams = 10_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """`source` is a household's code; None (or `pool`) is the collective's pool. `lot` is the code of a packed lot: then
    grade and weight are its own."""

    source: str | None = None
    grade: str
    net_grams: int
    price_fen_per_kg: int
    lot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseInput:
    """One purchase, by codes. A blank `number` gets the next one of the season.

    `reverses` names the number that this one takes back: its lines may be left out, else they are the negatives of
    that one's; then `reason` must be said. `once` is an id that a form or device made: sent twice under it, the
    purchase is recorded once.
    """

    season: str
    date: dt.date
    buyer: str
    lines: Sequence[LineInput] = ()
    number: str | None = None
    reverses: str | None = None
    reason: str = ""
    once: str | None = None


class NumberTaken(Refusal):
    """A number that another purchase of the season has, with other content."""

    template = N_("Purchase %(number)s of season %(season)s was recorded before, with other content.")


class NothingBought(Refusal, ValueError):
    """A purchase without fruit."""

    template = N_("A purchase needs at least one line.")


class WeightOutOfRange(Refusal, ValueError):
    """A bought weight of nothing, below zero, or with a digit too many."""

    template = N_("A line cannot be over %(net_kg)s kg: it must be above 0 and at most %(limit_kg)s kg.")


class PurchaseReversed(Refusal):
    """A purchase is taken back once."""

    template = N_("Purchase %(number)s was reversed before, by %(by)s.")


class ReversalOfReversal(Refusal):
    """Taking back what took back."""

    template = N_("Purchase %(number)s is itself a reversal: it cannot be reversed. Record a new purchase.")


class LinesDiffer(Refusal, ValueError):
    """A reversal that says something else than the purchase that it takes back."""

    template = N_("A reversal repeats its purchase with negative weights: purchase %(number)s says something else.")
