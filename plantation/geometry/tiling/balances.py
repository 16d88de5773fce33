"""Give every piece of a net its area back: the smallest move of the knots that does it, for all pieces of a plan at once.

The areas' gradients times themselves are the matrix of the equations (Newton's method); conjugate gradients solve them,
plan by plan in one set of arrays. Sums run in the order of the threads, so that a plan's figures do not hang on the
plans beside it, nor on a library of linear algebra.
"""

from __future__ import annotations

import numpy as np

from plantation.geometry.tiling.nets import Net
from plantation.geometry.tiling.ragged import pairs

# Rounds of solving: a pull is roughly made up for, the last areas exactly.
ROUGHLY, EXACTLY = 12, 60
# So much of the square of what areas miss may be left: less is rounding.
SOLVED = 1e-10
# A step that bends less than this goes nowhere: held knots can leave a piece no way to get its area back.
BENT = 1e-8


class Balance:
    """The equations of one net. `pressure` is per piece what its last solution was, from which the next one starts."""

    def __init__(self, net: Net, plans: int) -> None:
        self.net = net
        self.plans = plans
        self.pressure = np.zeros(net.count)
        self.one, self.two = pairs(net.knot)
        key = net.cell[self.one].astype(np.int64) * net.count + net.cell[self.two]
        key, self.entry = np.unique(key, return_inverse=True)
        self.row, self.column = key // net.count, key % net.count
        self.diagonal = np.flatnonzero(self.row == self.column)

    def corrected(self, move: np.ndarray, miss: np.ndarray, course: np.ndarray, is_free: np.ndarray, rounds: int) -> np.ndarray:
        """The move with the smallest one added that makes up for what areas `miss`, and for what the move itself changes.

        A knot moves freely where `is_free`, else along its `course` (zero: not at all).
        """
        net = self.net
        knot, cell = net.knot, net.cell
        slope = net.gradients()
        x, y = slope[:, 0], slope[:, 1]
        way = course[knot]
        free = is_free[knot]
        along = np.where(free, x, x * way[:, 0] + y * way[:, 1])
        aside = np.where(free, y, 0.0)
        values = np.bincount(self.entry, along[self.one] * along[self.two] + aside[self.one] * aside[self.two], len(self.row))
        weight = np.zeros(net.count)
        weight[self.row[self.diagonal]] = values[self.diagonal]
        # What nothing can move, as in plans that are right, needs no equation.
        some = values.nonzero()[0]
        row, column, values = self.row[some], self.column[some], values[some]

        def change(pressure: np.ndarray) -> np.ndarray:
            return np.bincount(row, values * pressure[column], net.count)

        moved = move[knot]
        rest = miss - np.bincount(cell, x * moved[:, 0] + y * moved[:, 1], net.count) - change(self.pressure)
        scale = np.where(weight > 0, 1.0 / np.where(weight > 0, weight, 1.0), 0.0)
        ready = scale * rest
        ahead = ready.copy()
        size = self._sum(rest * ready)
        enough = size * SOLVED
        for _ in range(rounds):
            answer = change(ahead)
            bend = self._sum(ahead * answer)
            going = (size > enough) & (bend > BENT * self._sum(ahead * ahead * weight))
            if not going.any():
                break
            pace = np.where(going, size / np.where(going, bend, 1.0), 0.0)[net.plan]
            self.pressure += pace * ahead
            rest = rest - pace * answer
            ready = scale * rest
            before, size = size, np.where(going, self._sum(rest * ready), size)
            ahead = np.where(going[net.plan], ready + (size / np.where(before > 0, before, 1.0))[net.plan] * ahead, 0.0)
        pressed = self.pressure[cell]
        added = np.stack([np.bincount(knot, part * pressed, len(move)) for part in (along, aside)], axis=1)
        return move + np.where(is_free[:, None], added, course * added[:, :1])

    def _sum(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.net.plan, values, self.plans)
