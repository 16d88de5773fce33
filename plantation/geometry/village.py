"""The demo's land: irregular plots with canals, roads and rock cut out, 1,500 mu in all, at the edge of the Tian Shan.

Each plot is drawn by chance from a seeded generator and then scaled until what can be allocated has exactly the wanted
area. The wanted areas are multiples of 60 mu, so that whole parcels fill them both at 10 mu (6 to 60 mu) and at
8.571 mu (7 to 60 mu): the village's shortage then shows as a choice of rule and not as scraps of land.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import shapely
from shapely import affinity

from plantation.geometry.geodesics import geodesic_area_m2
from plantation.geometry.projection import LocalPlane

MU_M2 = 10_000 / 15
LAND = (  # code, name, mu, east and north of the village in metres, length over width, bearing of the rows
    ("P1", "北滩", 420, -900.0, 900.0, 1.3, 20.0),
    ("P2", "渠东", 360, 900.0, 750.0, 1.6, 75.0),
    ("P3", "老河湾", 300, -1050.0, -550.0, 1.2, 110.0),
    ("P4", "南坡", 240, 150.0, -650.0, 1.8, 45.0),
    ("P5", "路口", 180, 1150.0, -600.0, 1.4, 0.0),
)
VILLAGE = (78.4, 40.9)


class Chance(Protocol):
    """What is needed of `random.Random`."""

    def random(self) -> float: ...
    def uniform(self, a: float, b: float) -> float: ...


@dataclass(frozen=True, slots=True)
class VillageExclusion:
    """A thing in a plot, in longitude and latitude; `width_m` where it is a line."""

    kind: str
    outline: shapely.Geometry
    width_m: float | None


@dataclass(frozen=True, slots=True)
class VillagePlot:
    """A plot of the demo, in longitude and latitude."""

    code: str
    name: str
    outline: shapely.Polygon
    exclusions: tuple[VillageExclusion, ...]
    row_bearing: float


Exclude = Callable[[shapely.Geometry, list[tuple[shapely.Geometry, float | None]]], shapely.Geometry]


def village_plots(chance: Chance, exclude: Exclude) -> list[VillagePlot]:
    """The five plots. `exclude(outline, [(geometry, width_m)])` gives the ground that is left, as allocation does.

    Each plot's ground has its mu within 0.01 m² and never less.
    """
    plane = LocalPlane.around(shapely.Point(VILLAGE))
    plots = []
    for code, name, mu, east, north, stretch, bearing in LAND:
        side = math.sqrt(mu * MU_M2)
        ring = _ring(chance, side * math.sqrt(stretch), side / math.sqrt(stretch))
        shape = affinity.rotate(shapely.Polygon(ring), -bearing, origin=(0, 0))
        things = _things(chance, shape)
        plots.append(_scaled(plane, exclude, code, name, mu, (east, north), shape, things, bearing))
    return plots


def _scaled(plane, exclude, code, name, mu, centre, shape, things, bearing) -> VillagePlot:
    """Scale until the ground's geodesic area is right: roads keep their width, so this takes a few rounds."""
    wanted_m2 = mu * MU_M2 + 0.005
    factor = 1.0
    for _ in range(40):
        place = [factor, 0, 0, factor, *centre]
        outline = plane.inverse(affinity.affine_transform(shape, place))
        exclusions = tuple(
            VillageExclusion(kind, plane.inverse(affinity.affine_transform(geometry, place)), width_m) for kind, geometry, width_m in things
        )
        ground_m2 = geodesic_area_m2(exclude(outline, [(e.outline, e.width_m) for e in exclusions]))
        if abs(ground_m2 - wanted_m2) < 0.004:
            return VillagePlot(code, name, outline, exclusions, bearing)
        factor *= math.sqrt(wanted_m2 / ground_m2)
    raise ValueError(f"plot {code} does not settle at {wanted_m2} m²")


def _ring(chance: Chance, length: float, width: float) -> list[tuple[float, float]]:
    """A field's outline: four corners somewhat off a rectangle, its sides bent and bent again."""
    corners = [
        (x * length / 2 * chance.uniform(0.88, 1.06), y * width / 2 * chance.uniform(0.88, 1.06))
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    for _ in range(4):
        bent = []
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            off = chance.uniform(-0.05, 0.05)
            bent += [(ax, ay), ((ax + bx) / 2 - (by - ay) * off, (ay + by) / 2 + (bx - ax) * off)]
        corners = bent
    return corners


def _things(chance: Chance, shape: shapely.Polygon) -> list[tuple[str, shapely.Geometry, float | None]]:
    """A canal and a road that come in from the edge and end inside, and a rock."""
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    across, along = (east - west), (north - south)
    lane_x = x + across * chance.uniform(-0.12, 0.12)
    canal = shapely.LineString(
        [(lane_x, south - 20), (lane_x + across * 0.03, y - along * 0.15), (lane_x - across * 0.02, y + along * 0.08)]
    )
    road_y = y + along * chance.uniform(0.0, 0.08)
    road = shapely.LineString([(east + 20, road_y), (x + across * 0.16, road_y - along * 0.04)])
    rock_x, rock_y = x - across * chance.uniform(0.15, 0.25), y + along * chance.uniform(0.1, 0.2)
    rock = shapely.Polygon(
        [
            (rock_x + r * math.cos(turn * math.tau / 9), rock_y + r * math.sin(turn * math.tau / 9))
            for turn in range(9)
            for r in [chance.uniform(9, 18)]
        ]
    )
    return [("canal", canal, 4.0), ("road", road, 6.0), ("rock", rock, None)]
