"""The database recipe: random points in the ground, k-means clusters, Voronoi cells of their centres, clipped."""

from __future__ import annotations

import numpy as np
import shapely


def divide(ground: shapely.Polygon, count: int, points_each: int = 20, rounds: int = 12, seed: int = 1) -> list[shapely.Geometry]:
    """`count` cells of roughly equal area; a cell may be in several parts."""
    random = np.random.default_rng(seed)
    x0, y0, x1, y1 = ground.bounds
    shapely.prepare(ground)
    points = np.empty((0, 2))
    while len(points) < count * points_each:
        some = random.uniform((x0, y0), (x1, y1), (count * points_each, 2))
        points = np.vstack([points, some[shapely.contains_xy(ground, some)]])
    points = points[: count * points_each]
    centres = points[random.choice(len(points), count, replace=False)]
    for _ in range(rounds):
        nearest = shapely.STRtree(shapely.points(centres)).nearest(shapely.points(points))
        size = np.maximum(np.bincount(nearest, minlength=count), 1)
        moved = np.column_stack([np.bincount(nearest, points[:, i], count) / size for i in (0, 1)])
        centres = np.where((np.bincount(nearest, minlength=count) > 0)[:, None], moved, centres)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=ground))
    return list(shapely.intersection(cells, ground))
