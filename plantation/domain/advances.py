"""Advances: what a settlement takes of what a household had before, with a floor under what stays with it."""

from __future__ import annotations

from plantation.units import Fen


def recover(open_fen: Fen, balance_fen: Fen, floor_fen: Fen) -> Fen:
    """How much of `open_fen` is taken from a balance, so that at least `floor_fen` of it stay; the rest is carried.

    Gloves for 80 yuan and 500 in cash, a balance of 1,200, a floor of 800: 400 are taken, 180 carried.

    >>> recover(58_000, 120_000, 80_000)
    40000
    >>> recover(58_000, 120_000, 0), recover(58_000, -10, 0), recover(0, 120_000, 0), recover(58_000, 500, 1_000)
    (58000, 0, 0, 0)
    """
    return max(0, min(open_fen, balance_fen - floor_fen))
