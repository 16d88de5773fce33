"""How a rectangle is best cut into equal pieces: the count on each side of the first cut, and its direction."""

from __future__ import annotations

import math
from functools import cache

# Below this count all first cuts are compared; above it the middle is near enough.
SEARCHED = 12


def step_of(aspect: float) -> int:
    """Aspects are looked up in steps of a sixteenth of an octave; 0 is a square.

    >>> step_of(1.0), step_of(2.0), step_of(0.5)
    (0, 16, -16)
    """
    return math.floor(16 * math.log2(aspect) + 0.5)


@cache
def _part(step: int, count: int, part: int) -> tuple[int, int]:
    # Steps of the two parts when a cut across leaves part/count of the length on one side.
    return (
        math.floor(step + 16 * math.log2(part / count) + 0.5),
        math.floor(step + 16 * math.log2((count - part) / count) + 0.5),
    )


@cache
def best_cut(count: int, step: int) -> tuple[float, bool, int]:
    """Sum of Polsby-Popper over the pieces of a rectangle of aspect 2**(step/16), whether the first cut runs across
    its length (the side that the aspect measures), and how many pieces lie before it.

    >>> best_cut(4, 0)[1:], best_cut(2, 16)[1:]
    ((True, 2), (True, 1))
    """
    if count == 1:
        aspect = 2.0 ** (step / 16)
        return math.pi * aspect / (1 + aspect) ** 2, True, 1
    if count > SEARCHED:
        return 0.0, step >= 0, count // 2
    best = (-1.0, True, 1)
    for across in (step >= 0, step < 0):
        along = step if across else -step
        for part in range(count // 2, 0, -1):
            one, two = _part(along, count, part)
            # The sum is symmetric in the aspect's sign, so the side that is measured does not matter further down.
            total = best_cut(part, one)[0] + best_cut(count - part, two)[0]
            if total > best[0] + 1e-9:
                best = (total, across, part)
    return best
