"""The three-way match: what the land bears, what the scale said, what the buyers recorded, and what looks odd beside it.

A difference is no accusation: it has its size in kilograms and yuan, and somebody explains, corrects or accepts it by
name. What was answered is remembered by its figures, so that it asks again once they move.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate
from typing import NamedTuple

from plantation.domain.journal import canonical
from plantation.domain.words import DifferenceKind
from plantation.errors import N_, Marked
from plantation.units import GRAMS_PER_KG, WHOLE_PPM, Fen, Grams, PartsPerMillion, format_kg, format_percent, half_up

# One slip may be a fifth of what the household's land bears in a whole season, or, of a load of a whole plot, the plot.
SLIP_PPM: PartsPerMillion = 200_000
# Two slips of one household, or of one plot, within so many seconds may be one crate weighed twice.
SECONDS = 20
# So many days fruit may wait for its buyer.
LONGEST_IN_STOCK = 14
# Halves of a season lighter than this tell nothing about a scale.
DRIFT_LEAST: Grams = 500_000

TEXTS: dict[DifferenceKind, Marked] = {
    DifferenceKind.BUYER: N_("Grade %(grade)s: the scale has %(weighed_kg)s kg, the buyers recorded %(bought_kg)s kg."),
    DifferenceKind.OVER_PARCEL: N_(
        "Slip %(slip)s of %(household)s: %(net_kg)s kg at once; its land bears %(bears_kg)s kg in a whole season at most."
    ),
    DifferenceKind.OVER_LAND: N_("%(household)s delivered %(net_kg)s kg; its land bears %(bears_kg)s kg at most."),
    DifferenceKind.SECONDS_APART: N_("Slips %(first)s and %(second)s of %(household)s are %(seconds)s seconds apart."),
    DifferenceKind.SAME_TARE: N_("%(weigher)s, %(day)s: all %(count)s slips have the same tare, %(tare_kg)s kg."),
    DifferenceKind.ROUND_NUMBERS: N_("%(weigher)s, %(day)s: %(round)s of %(count)s slips weigh whole kilograms, gross."),
    DifferenceKind.DRIFT: N_(
        "Grade %(grade)s: the buyers recorded %(first_percent)s %% of the scale's weight until %(day)s, %(last_percent)s %% after it."
    ),
    DifferenceKind.CLOCK: N_(
        "%(weigher)s: %(count)s slips dated %(day)s came on %(came)s. Was the clock of the device right? The day decides the price."
    ),
}


class Difference(NamedTuple):
    """One line of the queue. `subject` names it for good; `grams` and `fen` say how large it is; `figures` fill its text."""

    kind: DifferenceKind
    subject: str
    grams: Grams
    fen: Fen
    figures: Mapping[str, str | int | dt.date]

    @property
    def digest(self) -> str:
        """The SHA-256 of kind, subject and figures: an answer holds for these."""
        figures = {name: str(figure) if isinstance(figure, dt.date) else figure for name, figure in self.figures.items()}
        return sha256(canonical([str(self.kind), self.subject, self.grams, self.fen, figures])).hexdigest()


class GradeWeights(NamedTuple):
    """What the scale and the buyers say of one grade, with the mean price of a kilogram in fen."""

    grade: str
    weighed_grams: Grams
    bought_grams: Grams
    price_fen_per_kg: Fen


def buyers_difference(weights: GradeWeights, tolerance_ppm: PartsPerMillion, *, is_over: bool) -> Difference | None:
    """The buyers recorded more than was weighed; or, once the season is over, less, beyond the tolerance.

    100 kg weighed, 103 bought, 2 % tolerated: 3 kg at 5 yuan are 15 yuan.

    >>> found = buyers_difference(GradeWeights("A", 100_000, 103_000, 500), 20_000, is_over=False)
    >>> found.grams, found.fen
    (3000, 1500)
    >>> buyers_difference(GradeWeights("A", 100_000, 102_000, 500), 20_000, is_over=False) is None
    True
    >>> buyers_difference(GradeWeights("A", 100_000, 60_000, 500), 20_000, is_over=False) is None  # it is in stock
    True
    >>> buyers_difference(GradeWeights("A", 100_000, 60_000, 500), 20_000, is_over=True).grams
    -40000
    """
    more = weights.bought_grams - weights.weighed_grams
    within = abs(more) * WHOLE_PPM <= weights.weighed_grams * tolerance_ppm
    if within or (more < 0 and not is_over):
        return None
    return Difference(
        DifferenceKind.BUYER, weights.grade, more, worth(more, weights.price_fen_per_kg),
        {"grade": weights.grade, "weighed_kg": format_kg(weights.weighed_grams), "bought_kg": format_kg(weights.bought_grams)},
    )  # fmt: skip


def slip_over_parcel(
    slip: str, household: str, net_grams: Grams, amount_fen: Fen, bears_grams: Grams, *, of_plot: bool = False
) -> Difference | None:
    """One slip of more than a fifth of what the land bears in a season. `household` is the plot's code where the load is one `of_plot`.

    >>> slip_over_parcel("7", "H001", 201_000, 0, 1_000_000).grams, slip_over_parcel("7", "H001", 200_000, 0, 1_000_000)
    (201000, None)
    """
    if net_grams * WHOLE_PPM <= bears_grams * SLIP_PPM:
        return None
    figures = _whose(household, of_plot) | {"slip": slip, "net_kg": format_kg(net_grams), "bears_kg": format_kg(bears_grams)}
    return Difference(DifferenceKind.OVER_PARCEL, slip, net_grams, amount_fen, figures)


def household_over_land(household: str, net_grams: Grams, bears_grams: Grams, price_fen_per_kg: Fen) -> Difference | None:
    """More than the upper end of what the land bears: the excess, at the season's mean price.

    >>> household_over_land("H001", 1_200_000, 1_000_000, 500)[2:4]
    (200000, 100000)
    """
    more = net_grams - bears_grams
    if more <= 0:
        return None
    figures = {"household": household, "net_kg": format_kg(net_grams), "bears_kg": format_kg(bears_grams)}
    return Difference(DifferenceKind.OVER_LAND, household, more, worth(more, price_fen_per_kg), figures)


def slips_seconds_apart(
    household: str, first: str, second: str, seconds: int, net_grams: Grams, amount_fen: Fen, *, of_plot: bool = False
) -> Difference:
    """The second of two slips that came too soon: as if it were one crate weighed twice. `household` as in :func:`slip_over_parcel`."""
    figures = _whose(household, of_plot) | {"first": first, "second": second, "seconds": seconds}
    return Difference(DifferenceKind.SECONDS_APART, f"{first} {second}", net_grams, amount_fen, figures)


def _whose(code: str, of_plot: bool) -> dict[str, str | int | dt.date]:
    """Whom the text names; a page learns from `plot` that no household goes by that code."""
    return {"household": code} | ({"plot": code} if of_plot else {})


def scale_drift(
    grade: str, days: Sequence[tuple[dt.date, Grams, Grams]], price_fen_per_kg: Fen, tolerance_ppm: PartsPerMillion
) -> Difference | None:
    """The buyers' part of the scale's weight moved between the first and the second half of what was sold.

    `days`: (day, weighed, bought) in order. Fruit is sold some days after it was weighed, so the halves of what was weighed end as
    many days earlier; nobody knows how many, and of 0 to :data:`LONGEST_IN_STOCK` those count that explain the most. Half of
    eight days is bought at 100 %, then at 95 %; and as much again is sold whole, each day three days late:

    >>> day = dt.date(2026, 9, 1)
    >>> days = [(day + dt.timedelta(n), 500_000, 500_000 if n < 4 else 475_000) for n in range(8)]
    >>> found = scale_drift("A", days, 500, 20_000)
    >>> found.grams, found.fen, found.figures["first_percent"], found.figures["last_percent"]
    (-100000, -50000, '100', '95')
    >>> scale_drift("A", days, 500, 60_000) is None
    True
    >>> late = [(day + dt.timedelta(n), 500_000 if n < 8 else 0, 500_000 if n > 2 else 0) for n in range(11)]
    >>> scale_drift("A", late, 500, 20_000) is None
    True
    """
    weighed, bought = _running(days, 1), _running(days, 2)
    if not bought or not bought[-1]:
        return None
    middle = next(place for place, grams in enumerate(bought) if grams * 2 >= bought[-1])
    last = next(place for place, grams in enumerate(bought) if grams == bought[-1])
    found = []
    for late in range(LONGEST_IN_STOCK + 1):
        first_weighed, all_weighed = (_until(days, weighed, days[place][0] - dt.timedelta(days=late)) for place in (middle, last))
        first_bought, last_bought, last_weighed = bought[middle], bought[-1] - bought[middle], all_weighed - first_weighed
        if min(first_weighed, last_weighed, first_bought, last_bought) < DRIFT_LEAST:
            continue
        more = last_bought - half_up(last_weighed * first_bought, first_weighed)
        found.append(
            (
                Fraction(abs(more), last_weighed),
                late,
                more,
                last_weighed,
                _percent(first_bought, first_weighed),
                _percent(last_bought, last_weighed),
            )
        )
    if not found:
        return None
    _, _, more, last_weighed, first_percent, last_percent = min(found)
    if abs(more) * WHOLE_PPM <= last_weighed * tolerance_ppm:
        return None
    figures = {"grade": grade, "day": days[middle][0], "first_percent": first_percent, "last_percent": last_percent}
    return Difference(DifferenceKind.DRIFT, grade, more, worth(more, price_fen_per_kg), figures)


def _running(days: Sequence[tuple[dt.date, Grams, Grams]], column: int) -> list[Grams]:
    """All that there is of a column by the end of each day."""
    return list(accumulate(day[column] for day in days))


def _until(days: Sequence[tuple[dt.date, Grams, Grams]], running: list[Grams], day: dt.date) -> Grams:
    place = bisect_right(days, day, key=lambda one: one[0])
    return running[place - 1] if place else 0


def worth(grams: Grams, price_fen_per_kg: Fen) -> Fen:
    """What so much fruit brings, to the fen, half up away from nothing.

    >>> worth(128_900, 500), worth(-1, 500), worth(0, 500)
    (64450, -1, 0)
    """
    fen = half_up(abs(grams) * price_fen_per_kg, GRAMS_PER_KG)
    return fen if grams >= 0 else -fen


def _percent(part: Grams, whole: Grams) -> str:
    return format_percent(half_up(part * 1000, whole) * 1000)


__all__ = [
    "TEXTS", "Difference", "GradeWeights", "buyers_difference", "household_over_land",
    "scale_drift", "slip_over_parcel", "slips_seconds_apart", "worth",
]  # fmt: skip
