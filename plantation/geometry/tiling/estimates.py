"""How compact the pieces on both sides of a cut can be expected to become."""

from __future__ import annotations

import math

import numpy as np

from plantation.geometry.tiling.cuts import Side
from plantation.geometry.tiling.fans import Fan
from plantation.geometry.tiling.regions import perimeter

# Both sides of a cut are worth going on with from so compact an estimate on.
PROMISING = 0.7
# Scores alike to so many decimals are the same, and the first of them counts: cut again for areas that differ by a hundredth of a
# square metre, a plan keeps its lines, and each piece its place. (At 9 decimals two alike cells changed places each time.)
DECIMALS = 5


def worth(tried: Fan, parts: np.ndarray, counts, low: np.ndarray, areas, borders, own: int) -> np.ndarray:
    """Compactness to expect of all pieces, per direction and wanted area, when `parts` of `counts` lie below the cut.

    `areas` and `borders` are those of the region that is cut; its first `own` directions are the frame's.
    """
    high = areas - low
    one = estimate(parts, low, tried.borders + tried.lengths)
    two = estimate(counts - parts, high, borders - tried.borders + tried.lengths)
    score = (parts * one + (counts - parts) * two) / counts
    score -= np.where(counts == 2, 0.01, 0.05) * tried.lengths / np.sqrt(np.minimum(low, high))
    # Cuts in the frame leave frames that can be cut well again.
    score[own:] -= 0.02
    return score


def promising(side: Side, part: int, count: int) -> bool:
    pieces = np.array([part, count - part])
    areas = np.array([side.low[0].area, side.high[0].area])
    borders = np.array([perimeter(one.rings[0][0]) for one in (side.low[0], side.high[0])])
    return bool((pieces * estimate(pieces, areas, borders)).sum() >= PROMISING * count)


def estimate(count, area, border):
    """Polsby-Popper to expect of `count` equal pieces of a region with this area and border."""
    each = np.sqrt(area / count)
    width = np.minimum(2 * area / border, each)
    total = np.where(count == 1, border, np.maximum(border + 2 * (count - 1) * width, 4 * count * each))
    return 4 * math.pi * area * count / (total * total)
