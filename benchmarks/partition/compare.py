"""Print ours, Brent's search and k-means + Voronoi side by side: `python benchmarks/partition/compare.py`."""

from __future__ import annotations

import gc
import math
import resource
import sys
import time
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "tests" / "geometry")]

from ground_shapes import concave, real_fields  # noqa: E402

from benchmarks.partition import brent, voronoi  # noqa: E402
from plantation.geometry.allocation import PlotInput, allocate  # noqa: E402
from plantation.geometry.outcomes import Partition  # noqa: E402
from plantation.geometry.partition import Wanted, split_all, split_by_areas  # noqa: E402
from plantation.geometry.projection import LocalPlane  # noqa: E402
from plantation.geometry.rules import RightInput  # noqa: E402

RIGHT_M2 = 20_000 / 3  # 10 mu
LANE_M = 6.0


def ours(ground: shapely.Polygon, count: int) -> list[shapely.Polygon]:
    return split_by_areas(ground, [ground.area / count] * count).pieces


def with_lanes(ground: shapely.Polygon, count: int) -> Partition:
    return split_by_areas(ground, [0.93 * ground.area / count] * count, lane_width_m=LANE_M)


def timed(divide, ground, count, repeat):
    best = math.inf
    for _ in range(repeat):
        gc.collect()
        start = time.process_time()
        parts = divide(ground, count)
        best = min(best, time.process_time() - start)
    return parts, best


def row(name: str, divide, ground, count: int, base: float | None, repeat: int = 3) -> float:
    parts, seconds = timed(divide, ground, count, repeat)
    pieces = np.array(parts, dtype=object)
    off = np.abs(shapely.area(pieces) / (ground.area / count) - 1).max()
    compact = (4 * math.pi * shapely.area(pieces) / shapely.length(pieces) ** 2).mean()
    torn = int((shapely.get_num_geometries(pieces) > 1).sum())
    ratio = f"{seconds / base:8.1f}" if base else "     1.0"
    print(
        f"  {name:18} {seconds:9.3f} s {ratio} x  {len(parts):6} parts  worst area off {off:8.1e}  torn {torn:4}  compactness {compact:.3f}"
    )
    return seconds


def plots_of(shapes, each: int) -> list[PlotInput]:
    """The shapes as plots of the globe, side by side, each with room for `each` rights of 10 mu."""
    plots = []
    for place, shape in enumerate(shapes):
        grown = math.sqrt(each * RIGHT_M2 * 1.001 / shape.area)
        centred = shapely.affinity.translate(shape, -shape.centroid.x, -shape.centroid.y)
        ground = shapely.affinity.scale(centred, grown, grown, origin=(0, 0))
        plots.append(PlotInput(f"P{place:03}", LocalPlane(75 + place % 30 * 0.2, 38 + place // 30 * 0.2).inverse(ground)))
    return plots


def main() -> None:
    shapes = {"square": shapely.box(0, 0, 1000, 1000), "concave, 2,000 points, 3 holes": concave(2000, 3, 1, 1000.0)}
    for name, count in (("square", 150), ("concave, 2,000 points, 3 holes", 175), ("concave, 2,000 points, 3 holes", 10_000)):
        print(f"{name} into {count}")
        few = 1 if count > 1000 else 3
        base = row("ours", ours, shapes[name], count, None)
        row("Brent", brent.divide, shapes[name], count, base, few)
        row("k-means + Voronoi", voronoi.divide, shapes[name], count, base, few)
    made, seconds = timed(with_lanes, shapes["concave, 2,000 points, 3 holes"], 175, 2)
    shut = sum(note.reason == "landlocked" for note in made.notes)
    print(f"  the concave one into 175 with lanes of {LANE_M:g} m: {seconds:.2f} s, {len(made.lanes)} lanes, {shut} pieces landlocked")
    for name, plots in (
        ("concave plots of 60 points", [concave(60, seed % 3, seed) for seed in range(70)] * 10),
        ("real fields", (list(real_fields().values()) * 5)[:700]),
    ):
        gc.collect()
        start = time.process_time()
        made = split_all([Wanted(plot, [plot.area / 143] * 143) for plot in plots])
        seconds = time.process_time() - start
        print(f"{sum(len(one.pieces) for one in made)} parcels over 700 {name}: {seconds:.1f} s", flush=True)
        del made
        land, rights = plots_of(plots, 143), [RightInput(f"R{n:06}", f"H{n:06}", 10_000) for n in range(100_100)]
        gc.collect()
        start = time.process_time()
        plan = allocate(land, rights, seed="316")
        seconds = time.process_time() - start
        print(
            f"  the whole allocation (areas on the ellipsoid, frontages, numbers, draw), {len(plan.parcels)} parcels: {seconds:.1f} s",
            flush=True,
        )
    right = wrong = 0
    for count in (1, 2, 3, 5, 10, 30, 100):
        for field in real_fields().values():
            pieces = np.array(ours(field, count), dtype=object)
            good = len(pieces) == count and np.abs(shapely.area(pieces) - field.area / count).max() < 0.005
            good = good and shapely.is_valid(pieces).all() and shapely.coverage_is_valid(pieces)
            right, wrong = right + bool(good), wrong + (not good)
    print(f"real fields whole and right: {right} of {right + wrong}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
