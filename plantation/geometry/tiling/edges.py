"""The edge of some grounds as a way to go along: where a point lies after so many metres, and the land that it passes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plantation.geometry.tiling.ragged import firsts, following
from plantation.geometry.tiling.regions import Tiling


class Edges:
    """Edges of all rings, end to end. A place is an edge and the metres from its start."""

    def __init__(self, tilings: Sequence[Tiling]) -> None:
        rings = [ring for tiling in tilings for ring in tiling.ground.rings]
        counts = np.array([len(points) for points, _ in rings])
        self.after = following(counts)
        self.before = np.empty_like(self.after)
        self.before[self.after] = np.arange(len(self.after))
        self.xy = np.concatenate([points for points, _ in rings])
        step = self.xy[self.after] - self.xy
        self.length = np.sqrt((step * step).sum(axis=1))
        self.along = step / self.length[:, None]
        # Per ring: metres and twice the land passed up to each edge, and all the way round. Summed ring by ring, so that
        # a ring's figures do not hang on those before it.
        passed = cross(self.xy, self.xy[self.after])
        spans = [slice(first, first + count) for first, count in zip(firsts(counts).tolist(), counts.tolist())]
        metres, land = ([np.cumsum(values[span]) for span in spans] for values in (self.length, passed))
        self.metres, self.land = (
            np.concatenate([sums - values[span] for sums, span in zip(all_, spans)])
            for all_, values in ((metres, self.length), (land, passed))
        )
        self.round_m, self.round_land = (np.repeat([sums[-1] for sums in all_], counts) for all_ in (metres, land))
        self.ring = np.repeat(np.arange(len(rings)), counts)
        self.first = np.repeat(firsts(counts), counts)
        self.count = np.repeat(counts, counts)
        # Lines are numbered ring by ring.
        starts = np.array([lines[0] for _, lines in rings])
        self._order = np.argsort(starts)
        self._starts, self._firsts, self._counts = starts[self._order], firsts(counts)[self._order], counts[self._order]
        self.line = np.concatenate([lines for _, lines in rings])

    def of_lines(self, lines: np.ndarray) -> np.ndarray:
        """The edge on each line, -1 where a line is no edge."""
        ring = np.searchsorted(self._starts, lines, side="right") - 1
        step = lines - self._starts[ring]
        return np.where((ring >= 0) & (step < self._counts[ring]), self._firsts[ring] + step, -1)

    def points(self, edge: np.ndarray, metres: np.ndarray) -> np.ndarray:
        """Where places lie."""
        return self.xy[edge] + self.along[edge] * metres[:, None]

    def course(self, edge: np.ndarray, metres: np.ndarray, reach_m: float | np.ndarray) -> np.ndarray:
        """Where the edge leads at places, over `reach_m` both ways: a surveyed edge is too ragged to trust its next metre."""
        if not np.any(reach_m):
            return self.along[edge]
        ends = [self.points(*self.moved(edge, metres + way * reach_m)) for way in (-1, 1)]
        return (ends[1] - ends[0]) / (2 * np.broadcast_to(reach_m, metres.shape))[:, None]

    def moved(self, edge: np.ndarray, metres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places whose metres may lie before or beyond their edge, as places on the edges where they are."""
        edge, metres = edge.copy(), metres.copy()
        while len(beyond := np.flatnonzero(metres >= self.length[edge])):
            metres[beyond] -= self.length[edge[beyond]]
            edge[beyond] = self.after[edge[beyond]]
        while len(short := np.flatnonzero(metres < 0)):
            edge[short] = self.before[edge[short]]
            metres[short] += self.length[edge[short]]
        return edge, metres


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Twice the land between two points and the origin, row by row.

    >>> cross(np.array([[2.0, 0.0]]), np.array([[0.0, 3.0]])).tolist()
    [6.0]
    """
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
