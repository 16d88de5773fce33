"""Which pieces go on which part of a ground that lies in several parts."""

from __future__ import annotations

from collections.abc import Sequence

# A part that is filled to one millionth is full.
SLACK = 1e-6
STEPS = 20_000


def pack(room_m2: Sequence[float], sizes_m2: Sequence[float]) -> list[list[int]] | None:
    """Indices of sizes for each part; no part takes more than it has. None if no packing was found.

    For equal sizes a packing is found whenever there is one; for mixed ones a search of bounded length looks for it.

    >>> pack([10.0, 5.0], [4.0, 5.0, 6.0])
    [[2, 0], [1]]
    >>> pack([3.0, 3.0], [2.0, 2.0, 2.0]) is None, pack([3.0], [])
    (True, [[]])
    """
    order = sorted(range(len(sizes_m2)), key=lambda i: (-sizes_m2[i], i))
    left = [room * (1 + SLACK) for room in room_m2]
    homes: list[int] = []
    tried = [iter(_homes(left, sizes_m2[order[0]]))] if order else []
    steps = 0
    while len(homes) < len(order):
        steps += 1
        home = next(tried[-1], None) if steps <= STEPS + len(order) else None
        if home is not None:
            left[home] -= sizes_m2[order[len(homes)]]
            homes.append(home)
            if len(homes) < len(order):
                tried.append(iter(_homes(left, sizes_m2[order[len(homes)]])))
            continue
        tried.pop()
        if not tried or steps > STEPS + len(order):
            return None
        left[homes.pop()] += sizes_m2[order[len(homes)]]
    packed: list[list[int]] = [[] for _ in room_m2]
    for index, home in zip(order, homes):
        packed[home].append(index)
    return packed


def _homes(left: list[float], size: float) -> list[int]:
    """Parts that can take the size, the one that it fills best first; of equally full ones only the first."""
    seen = set()
    homes = []
    for index in sorted(range(len(left)), key=lambda i: (left[i], i)):
        if left[index] >= size and left[index] not in seen:
            seen.add(left[index])
            homes.append(index)
    return homes
