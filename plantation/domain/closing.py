"""The closing of a day at the scale: two lists of slips side by side, and every gram of the difference explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plantation.domain.words import SlipDifference
from plantation.units import Grams


class DaySlip(NamedTuple):
    """One slip of a day: a reversal counts negative. `household` is blank for a whole plot's."""

    id: str
    slip: str
    household: str
    grade: str
    net_grams: Grams


class Total(NamedTuple):
    """What a household brought of a grade on a day."""

    grade: str
    household: str
    slips: int
    net_grams: Grams


class Difference(NamedTuple):
    """One slip that is not the same on both sides; a side that lacks it has None."""

    kind: SlipDifference
    slip: str
    household: str
    grade: str
    told_grams: Grams | None
    recorded_grams: Grams | None


def totals(slips: Iterable[DaySlip]) -> list[Total]:
    """Per grade and household, by grade, then household.

    >>> totals([DaySlip("1", "S1", "H002", "A", 500), DaySlip("2", "S2", "H001", "A", 200), DaySlip("3", "S3", "H002", "A", -500)])
    [Total(grade='A', household='H001', slips=1, net_grams=200), Total(grade='A', household='H002', slips=2, net_grams=0)]
    """
    sums: dict[tuple[str, str], tuple[int, Grams]] = {}
    for one in slips:
        count, grams = sums.get((one.grade, one.household), (0, 0))
        sums[one.grade, one.household] = count + 1, grams + one.net_grams
    return [Total(grade, household, *sums[grade, household]) for grade, household in sorted(sums)]


def differences(told: Sequence[DaySlip], recorded: Sequence[DaySlip]) -> list[Difference]:
    """Every slip that only one side has, or that differs in number, household, grade or weight; by number.

    What they say sums to the whole difference: Σ told − Σ recorded, to the gram.

    >>> [(one.kind.value, one.slip) for one in differences([DaySlip("1", "S1", "H1", "A", 5)], [DaySlip("2", "S2", "H1", "A", 5)])]
    [('missing_here', 'S1'), ('unknown_there', 'S2')]
    """
    there, here = {one.id: one for one in told}, {one.id: one for one in recorded}
    found = []
    for id_ in there.keys() | here.keys():
        said, kept = there.get(id_), here.get(id_)
        if said is None and kept is not None:
            found.append(Difference(SlipDifference.UNKNOWN, kept.slip, kept.household, kept.grade, None, kept.net_grams))
        elif said is not None and kept is None:
            found.append(Difference(SlipDifference.MISSING, said.slip, said.household, said.grade, said.net_grams, None))
        elif said is not None and kept is not None and not _same(said, kept):
            found.append(
                Difference(SlipDifference.OTHER, said.slip or kept.slip, said.household, said.grade, said.net_grams, kept.net_grams)
            )
    return sorted(found, key=lambda one: (one.slip, one.kind))


def _same(said: DaySlip, kept: DaySlip) -> bool:
    # A device without a number of its own learns it from the answer; until then it says none.
    return said[2:] == kept[2:] and said.slip in ("", kept.slip)


def skipped(used: Iterable[int], ranges: Iterable[tuple[int, int]]) -> list[int]:
    """The numbers of the `ranges` between the first and the last that was `used` there, and that carry no slip.

    >>> skipped([3, 6, 501], [(1, 500), (501, 1000)])
    [4, 5]
    """
    numbers = set(used)
    holes: list[int] = []
    for first, last in ranges:
        inside = [number for number in numbers if first <= number <= last]
        if inside:
            holes += [number for number in range(min(inside), max(inside)) if number not in numbers]
    return sorted(holes)
