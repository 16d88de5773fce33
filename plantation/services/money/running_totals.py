"""The running totals of a season by grade: what a pool's provisional shares follow from."""

from __future__ import annotations

from plantation.domain.earnings import GradeTotal
from plantation.models import Season
from plantation.services.desk import Desk
from plantation.services.fruit.running_sums import running_sums


def running_totals(desk: Desk, season: Season) -> dict[str, GradeTotal]:
    """Per grade what was weighed and bought in `season` by now, over all households."""
    sums = running_sums(desk, season)
    lines: dict[str, list[int]] = {}  # weighed, from the pool (grams, fen), directly (grams, fen)
    for (_, grade), (_, grams) in sums.days.items():
        lines.setdefault(grade, [0] * 5)[0] += grams
    for (grade, is_pool), (grams, fen) in sums.bought.items():
        place = 1 if is_pool else 3
        lines.setdefault(grade, [0] * 5)[place : place + 2] = [grams, fen]
    return {grade: GradeTotal(grade, *line, line[2] + line[4]) for grade, line in sorted(lines.items())}
