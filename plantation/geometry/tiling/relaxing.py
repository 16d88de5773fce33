"""Let the borders of finished plans give way until pieces are rounder, each keeping its area.

Every knot of a net is pulled the way that makes the pieces around it more compact, those that are least compact pulling
hardest. A pull is then corrected by the smallest move that gives every piece its area back (Newton's method on all areas
of a plan at once, by conjugate gradients). What would cross a border or leave the ground stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from plantation.geometry.tiling.balances import EXACTLY, ROUGHLY, Balance
from plantation.geometry.tiling.nets import Net
from plantation.geometry.tiling.ragged import firsts, pairs
from plantation.geometry.tiling.regions import REACH_M, Tiling, compactness
from plantation.geometry.tiling.sheets import Sheet

ROUNDS, CORRECTIONS = 9, 16
# What has not been halved in so many corrections never will be: what is held leaves it no way.
PATIENCE = 4
# A piece as compact as a square pulls no more; one this much less pulls with all its might.
CONTENT, SPAN = 0.785, 0.12
# A pull moves a knot by so much of a piece's side at most, and by so much of the threads that meet there.
STRIDE, PART = 0.08, 0.25
# As near as this an area is right.
RIGHT_M2 = 2e-4
# How straight an edge must lead on for a knot to go along it: the square of way won by way gone.
STRAIGHT = 0.1
# Every so many rounds threads are held against each other and the edge.
LOOKED_AT = 3
TRIES = 3


def relaxed(tilings: Sequence[Tiling], sheets: Sequence[Sheet]) -> list[Sheet | None]:
    """Each plan with rounder pieces of the same areas; None where that did not come out whole."""
    made: list[Sheet | None] = [None] * len(sheets)
    left = list(range(len(sheets)))
    held: dict[int, np.ndarray] = {}
    for _ in range(TRIES):
        net = _net_of(tilings, sheets, left)
        if net is None:
            break
        pulls = Pulls(net, [held.get(i) for i in left])
        pulls.run()
        outcome = dict(zip(left, pulls.results()))
        made = [outcome[i][0] if i in outcome and outcome[i][1] is None else one for i, one in enumerate(made)]
        # What has come out wrong is held where it was, and the others try once more.
        held = {i: wrong for i, (_, wrong) in outcome.items() if wrong is not None}
        left = list(held)
    return made


def _net_of(tilings: Sequence[Tiling], sheets: Sequence[Sheet], left: list[int]) -> Net | None:
    """The net of those plans of `left` that fit into one; the others are taken out of `left`. None where there is none."""
    while left:
        net = Net([tilings[i] for i in left], [sheets[i] for i in left])
        if net.fits.all():
            return net
        left[:] = [i for i, fits in zip(left, net.fits.tolist()) if fits]
    return None


class Pulls:
    """The work on one net. `held` says of each plan which of its cells keep their knots where they are."""

    def __init__(self, net: Net, held: Sequence[np.ndarray | None]) -> None:
        self.net = net
        self.plans = len(held)
        still = np.concatenate(
            [np.zeros(count, bool) if one is None else one for one, count in zip(held, np.bincount(net.plan, minlength=self.plans))]
        )
        self.moves = np.ones(len(net.xy), bool)
        self.moves[net.knot[still[net.cell]]] = False
        self.given_up = np.zeros(self.plans, bool)
        self.targets, _ = net.measure()
        self.side = np.sqrt(np.bincount(net.plan, self.targets, self.plans) / np.bincount(net.plan, minlength=self.plans))
        self.lines = np.array([
            shapely.multilinestrings([shapely.linearrings(points) for points, _ in tiling.ground.rings]) for tiling in net.tilings
        ])  # fmt: skip
        shapely.prepare(self.lines)
        self.balance = Balance(net, self.plans)
        self.pairs = _pairs(net)
        # Knots on the edge keep this apart, so that every piece can still be reached.
        self.apart = np.minimum(REACH_M, net.gaps())

    def run(self) -> None:
        """Pull, then put areas right until all are."""
        net = self.net
        kept = self._state()
        areas, borders = net.measure()
        for step in range(ROUNDS):
            stride = self.side[net.owner] * STRIDE * (1 - 0.7 * step / ROUNDS)
            self._look_ahead(stride[net.sliding] / 2)
            pull = self._pull(borders) * stride[:, None]
            self._move(self.balance.corrected(pull, self.targets - areas, self.course, self.is_free, ROUGHLY))
            if step % LOOKED_AT == LOOKED_AT - 1 or step == ROUNDS - 1:
                self._hold_back(kept)
                kept = self._state()
            areas, borders = net.measure()
        # What areas cost can have made a thread cross another: its ends stay, and the others make up for that.
        for _ in range(TRIES):
            self._put_right()
            if not self._hold_back(kept):
                break

    def _put_right(self) -> None:
        """Correct areas until all are right, but for plans that are given up."""
        net = self.net
        moves = self.moves.copy()
        areas, _ = net.measure()
        starts = firsts(np.bincount(net.plan, minlength=self.plans))
        worst = np.full((CORRECTIONS, self.plans), np.inf)
        for step in range(CORRECTIONS):
            miss = self.targets - areas
            worst[step] = np.maximum.reduceat(np.abs(miss), starts)
            # A plan that is right stays as it is, whatever the others still need.
            right = worst[step] < RIGHT_M2
            if step >= PATIENCE:
                self.given_up |= ~right & (worst[step] > worst[step - PATIENCE] / 2)
            done = right | self.given_up
            if done.all():
                break
            self.moves &= ~done[net.owner]
            self._look_ahead(0.0)
            self._move(self.balance.corrected(np.zeros_like(net.xy), miss, self.course, self.is_free, EXACTLY))
            areas, _ = net.measure()
        self.moves = moves & ~self.given_up[net.owner]

    def results(self) -> list[tuple[Sheet, np.ndarray | None]]:
        """Per plan its sheet, and None or which of its cells have come out wrong."""
        net = self.net
        counts = np.bincount(net.plan, minlength=self.plans)
        sheet = net.to_sheet()
        wrong = np.abs(sheet.areas() - self.targets) > 4 * RIGHT_M2
        wrong |= ~shapely.is_valid(sheet.polygons(np.zeros(2)))
        stray = self._strays()
        wrong[net.cell[stray]] = True
        stops = np.cumsum(counts).tolist()
        faulty = [wrong[start:stop] if wrong[start:stop].any() else None for start, stop in zip([0, *stops], stops)]
        return list(zip(sheet.parts(counts), faulty))

    def _look_ahead(self, reach_m: float | np.ndarray) -> None:
        """Find out where knots on the edge can go, which on a ragged one is not where its next metre leads."""
        net = self.net
        course = net.edges.course(net.edge[net.sliding], net.metres[net.sliding], reach_m)
        # Where it leads back on itself, or the knot is held, there is nowhere to go.
        course[(course[:, 0] * course[:, 0] + course[:, 1] * course[:, 1] < STRAIGHT) | ~self.moves[net.sliding]] = 0.0
        self.course = np.zeros_like(net.xy)
        self.course[net.sliding] = course
        self.is_free = net.free & self.moves

    def _pull(self, borders: np.ndarray) -> np.ndarray:
        """Where each knot is drawn, at most a metre or so."""
        net = self.net
        compact = compactness(self.targets, borders)
        weight = np.clip((CONTENT - compact) / SPAN, 0.0, 1.0) * compact / borders
        most = np.maximum.reduceat(weight, firsts(np.bincount(net.plan, minlength=self.plans)))
        weight /= np.maximum(most, 1e-300)[net.plan]
        pull = ((net.leaving - net.arriving[net.before]) * weight[net.cell][:, None]).T
        x, y = (np.bincount(net.knot, part, len(net.xy)) for part in pull)
        course = self.course
        along = course * (x * course[:, 0] + y * course[:, 1])[:, None]
        return np.where(self.is_free[:, None], np.stack([x, y], axis=1), along)

    def _move(self, move: np.ndarray) -> None:
        net = self.net
        reach = np.full(len(net.xy), np.inf)
        np.minimum.at(reach, net.knot, net.length)
        np.minimum.at(reach, net.next, net.length)
        size = np.sqrt(move[:, 0] * move[:, 0] + move[:, 1] * move[:, 1])
        move = move * np.minimum(1.0, PART * reach / np.maximum(size, 1e-300))[:, None]
        net.xy[self.is_free] += move[self.is_free]
        course = self.course
        straight = course[:, 0] * course[:, 0] + course[:, 1] * course[:, 1]
        forth = (move[:, 0] * course[:, 0] + move[:, 1] * course[:, 1]) / np.maximum(straight, STRAIGHT)
        # Whoever would come too near to the next one stays, and so does the other.
        gap = net.gaps() + forth[net.next_along] - forth[net.order]
        close = gap < self.apart
        forth[net.order[close]] = forth[net.next_along[close]] = 0.0
        net.metres[net.sliding] += forth[net.sliding]
        net.place()

    def _state(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.net.xy.copy(), self.net.edge.copy(), self.net.metres.copy()

    def _hold_back(self, kept: tuple[np.ndarray, np.ndarray, np.ndarray]) -> bool:
        """Knots of threads that cross something go back to where they were and stay there; whether there were any."""
        net = self.net
        any_back = False
        for _ in range(8):
            stray = self._strays()
            back = np.unique(np.concatenate([net.knot[stray], net.next[stray]]))
            back = back[self.moves[back]]
            if not len(back):
                break
            any_back = True
            self.moves[back] = False
            net.xy[back], net.edge[back], net.metres[back] = (values[back] for values in kept)
        return any_back

    def _strays(self) -> np.ndarray:
        """Threads that cross the ground's edge or another thread of their cell."""
        net = self.net
        one, two = self.pairs
        crossing = _cross(net.xy[net.knot[one]], net.xy[net.next[one]], net.xy[net.knot[two]], net.xy[net.next[two]])
        inner = np.flatnonzero(~net.on_edge & (net.knot < net.next))
        here, there = net.xy[net.knot[inner]], net.xy[net.next[inner]]
        step = there - here
        # Ends lie on the edge: a little off it they do not.
        size = np.sqrt((step * step).sum(axis=1))
        step *= (np.minimum(0.001, size / 4) / np.maximum(size, 1e-300))[:, None]
        threads = shapely.linestrings(np.stack([here + step, there - step], axis=1))
        outside = shapely.intersects(self.lines[net.owner[net.knot[inner]]], threads)
        return np.unique(np.concatenate([one[crossing], two[crossing], inner[outside]]))


def _pairs(net: Net) -> tuple[np.ndarray, np.ndarray]:
    """Straight threads of one cell that have no end in common."""
    inner = np.flatnonzero(~net.on_edge)
    one, two = (inner[each] for each in pairs(net.cell[inner]))
    apart = (one < two) & (net.next[one] != net.knot[two]) & (net.next[two] != net.knot[one])
    return one[apart], two[apart]


def _cross(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    def side(p, q, r):
        return (q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (r[:, 0] - p[:, 0])

    return (side(a, b, c) * side(a, b, d) <= 0) & (side(c, d, a) * side(c, d, b) <= 0)
