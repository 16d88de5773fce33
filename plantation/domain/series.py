"""Series of slips: what looks odd about many of one weigher together (:mod:`.differences` has the queue that they stand in)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from plantation.domain.differences import Difference
from plantation.domain.words import DifferenceKind
from plantation.units import WHOLE_PPM, Fen, Grams, PartsPerMillion, format_kg

# So many slips of one weigher make a series: of one day, or of the days until there are as many.
SERIES = 20
# So many of them in whole kilograms make it a suspicious one: chance gives 1 in 1,000 to 1 in 10.
ROUND_PPM: PartsPerMillion = 800_000


class Series(NamedTuple):
    """The slips of one weigher on one day, or from `since` to `day`, that were not taken back."""

    weigher: str
    day: dt.date
    count: int
    round_count: int
    least_tare: Grams
    most_tare: Grams
    net_grams: Grams
    amount_fen: Fen
    since: dt.date | None = None


def long_series(days: Iterable[Series]) -> list[Series]:
    """`days`, in the order of weigher and day, those that are long enough as they are; of shorter ones as many together as it takes.

    >>> short = Series("Wu", dt.date(2026, 9, 1), 12, 11, 1_200, 1_200, 300_000, 0)
    >>> days = [short, short._replace(day=dt.date(2026, 9, 2), count=30), short._replace(day=dt.date(2026, 9, 4), least_tare=900)]
    >>> [(str(one.since), str(one.day), one.count, one.round_count, one.least_tare) for one in long_series(days)]
    [('None', '2026-09-02', 30, 11, 1200), ('2026-09-01', '2026-09-04', 24, 22, 900)]
    >>> long_series([short, short._replace(weigher="Xu")]), long_series([])
    ([], [])
    """
    found = []
    gathered: Series | None = None
    for one in days:
        if one.count >= SERIES:
            found.append(one)
            continue
        gathered = one if gathered is None or gathered.weigher != one.weigher else _joined(gathered, one)
        if gathered.count >= SERIES:
            found.append(gathered)
            gathered = None
    return found


def _joined(first: Series, second: Series) -> Series:
    return second._replace(
        count=first.count + second.count, round_count=first.round_count + second.round_count,
        least_tare=min(first.least_tare, second.least_tare), most_tare=max(first.most_tare, second.most_tare),
        net_grams=first.net_grams + second.net_grams, amount_fen=first.amount_fen + second.amount_fen, since=first.since or first.day,
    )  # fmt: skip


def odd_series(series: Series) -> list[Difference]:
    """What is odd about a weigher's day, or days: a tare that never changes, a gross in whole kilograms again and again.

    >>> day = Series("Wu", dt.date(2026, 9, 1), 25, 24, 1_200, 1_200, 600_000, 300_000)
    >>> [str(one.kind) for one in odd_series(day)]
    ['same_tare', 'round_numbers']
    >>> odd_series(day._replace(count=19)), odd_series(day._replace(round_count=19, most_tare=1_300))
    ([], [])
    """
    if series.count < SERIES:
        return []
    subject = f"{series.weigher} {series.day}" if series.since is None else f"{series.weigher} {series.since} {series.day}"
    day = series.day if series.since is None else f"{series.since} – {series.day}"
    found = []
    if series.least_tare == series.most_tare > 0:
        tare = {"weigher": series.weigher, "day": day, "count": series.count, "tare_kg": format_kg(series.least_tare)}
        found.append(Difference(DifferenceKind.SAME_TARE, subject, series.net_grams, series.amount_fen, tare))
    if series.round_count * WHOLE_PPM >= series.count * ROUND_PPM:
        rounds = {"weigher": series.weigher, "day": day, "count": series.count, "round": series.round_count}
        found.append(Difference(DifferenceKind.ROUND_NUMBERS, subject, series.net_grams, series.amount_fen, rounds))
    return found
