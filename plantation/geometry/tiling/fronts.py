"""Regions of many grounds that lie open to be cut, as flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plantation.geometry.tiling.bisection import Divider, turned
from plantation.geometry.tiling.ragged import firsts
from plantation.geometry.tiling.sheets import Sheet, stacked


@dataclass(slots=True)
class Front:
    """Regions that lie open: for each the divider it is of, and the sizes from `start` to before `stop` that it holds."""

    sheet: Sheet
    areas: np.ndarray
    of: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    def __len__(self) -> int:
        return len(self.of)

    def take(self, which: np.ndarray) -> Front:
        """Some of the regions, in the order of `which`."""
        return Front(self.sheet.take(which), self.areas[which], self.of[which], self.start[which], self.stop[which])


def joined(fronts: Sequence[Front]) -> Front:
    """Fronts as one, by divider and size."""
    fronts = [front for front in fronts if len(front)] or list(fronts[:1])
    if len(fronts) == 1:
        return fronts[0]
    of, start = (np.concatenate([getattr(front, name) for front in fronts]) for name in ("of", "start"))
    whole = Front(
        stacked([front.sheet for front in fronts]),
        np.concatenate([front.areas for front in fronts]),
        of,
        start,
        np.concatenate([front.stop for front in fronts]),
    )
    return whole.take(np.lexsort((start, of)))


class Grounds:
    """The grounds that dividers divide: their frames and the sizes laid out on each, end to end."""

    def __init__(self, dividers: Sequence[Divider]) -> None:
        self.dividers = dividers
        self.frames = np.array([divider.frame for divider in dividers])
        self.turned = np.array([turned(divider.frame) for divider in dividers])
        self.touching = np.array([divider.tiling.touching for divider in dividers])
        self.first = firsts(np.array([len(divider.sums) for divider in dividers]))
        self.sums = np.concatenate([divider.sums for divider in dividers])
        self.ranks = np.concatenate([[*divider.ranks, 0.0] for divider in dividers])

    def share(self, front: Front, middles: np.ndarray, of: np.ndarray | slice = slice(None)) -> np.ndarray:
        """What part of a region's area its sizes before `middles` are; `of` says which region each middle is of."""
        first, sums = self.first[front.of[of]], self.sums
        low = sums[first + front.start[of]]
        return (sums[first + middles] - low) / (sums[first + front.stop[of]] - low)

    def alike(self, front: Front) -> np.ndarray:
        """Whether a region's sizes are all the same."""
        first = self.first[front.of]
        return self.ranks[first + front.start] == self.ranks[first + front.stop - 1]
