"""Grounds for the partition's tests: the real fields, shapes that break dividers, and random ones."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from hypothesis import strategies as st

from plantation.geometry.tiling.width import Narrow, narrow

FIELDS = Path(__file__).parents[1] / "data" / "fields"


@cache
def real_fields() -> dict[str, shapely.Polygon]:
    """143 field outlines in metres about their centres (a local plane is near enough here)."""
    found = {}
    for path in sorted(FIELDS.glob("*.geojson")):
        for number, feature in enumerate(json.loads(path.read_text())["features"]):
            (outline,) = shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"])))
            centre = outline.centroid
            scale = np.array([111_320 * math.cos(math.radians(centre.y)), 110_540])
            found[f"{path.stem}-{number}"] = shapely.transform(outline, lambda xy: (xy - [centre.x, centre.y]) * scale)
    return found


def comb() -> shapely.Polygon:
    points = [(0, 0), (210, 0)]
    for i in range(10, -1, -1):
        points += [(i * 20 + 10, 10), (i * 20 + 10, 200), (i * 20, 200), (i * 20, 10)]
    return shapely.Polygon(points).buffer(0)


def spiral() -> shapely.Polygon:
    turn = np.linspace(0, 8 * np.pi, 400)
    radius = 20 + turn * 8
    return shapely.LineString(np.c_[radius * np.cos(turn), radius * np.sin(turn)]).buffer(10)


def breakers() -> dict[str, shapely.Polygon]:
    """Shapes on which dividers fail."""
    disc = shapely.Point(0, 0)
    arm = shapely.box(-5, 0, 5, 100)
    return {
        "needle": shapely.Polygon([(0, 0), (3000, 0), (3000, 2.5)]),
        "comb": comb(),
        "spiral": spiral(),
        "ring": disc.buffer(100).difference(disc.buffer(90)),
        "lopsided ring": disc.buffer(100).difference(shapely.Point(4, 0).buffer(95)),
        "three arms": shapely.union_all([shapely.affinity.rotate(arm, turn, origin=(0, 0)) for turn in (0, 120, 240)]),
        "holes that touch": shapely.Polygon(
            [(0, 0), (100, 0), (100, 100), (0, 100)],
            [[(20, 20), (50, 20), (50, 50), (20, 50)], [(50, 50), (80, 50), (80, 80), (50, 80)]],
        ),
        "a hole at the edge": shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [[(0, 50), (30, 40), (30, 60)]]),
        "doubled corners": shapely.Polygon([(0, 0), (0, 0), (50, 0), (100, 0), (100, 60), (100, 60), (0, 60)]),
        "far from the origin": shapely.affinity.translate(comb(), 4_400_000, 5_500_000),
    }


def checkerboard(seed: int) -> shapely.Polygon:
    """Squares of a grid: cuts run exactly along edges, holes touch."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, 7))
    there = random.random((size, size)) < 0.75
    squares = [shapely.box(i, j, i + 1, j + 1) for i in range(size) for j in range(size) if there[i, j]]
    return max(shapely.get_parts(shapely.union_all([shapely.box(0, 0, 1, 1), *squares])), key=lambda part: part.area)


def concave(points: int, holes: int, seed: int, size: float = 300.0) -> shapely.Polygon:
    """A wavy, noisy, concave outline with round holes."""
    random = np.random.default_rng(seed)
    turn = np.arange(points) * 2 * np.pi / points
    radius = 1 + sum(random.normal() * 0.35 / k * np.cos(k * turn + random.uniform(0, 6.28)) for k in range(2, 9))
    radius = np.maximum(radius + 0.004 * random.normal(size=points), 0.25) * size
    outline = shapely.Polygon(np.c_[radius * np.cos(turn), radius * np.sin(turn)])
    for number in range(holes):
        at = 2 * np.pi * number / holes + 0.5
        reach = radius[int(at / (2 * np.pi) * points) % points] / 2
        outline = outline.difference(shapely.Point(reach * np.cos(at), reach * np.sin(at)).buffer(size / 10))
    return max(shapely.get_parts(outline), key=lambda part: part.area)


@st.composite
def grounds(draw) -> shapely.Polygon:
    points, holes, seed = draw(st.integers(5, 150)), draw(st.integers(0, 3)), draw(st.integers(0, 10_000))
    return concave(points, holes, seed, draw(st.sampled_from([30.0, 300.0, 3000.0])))


def too_narrow(ground: shapely.Polygon, pieces: list[shapely.Polygon]) -> dict[int, Narrow]:
    """Those of the pieces of one ground that are somewhere narrower than 3 m."""
    return narrow(pieces, [ground] * len(pieces), [3.0] * len(pieces))
