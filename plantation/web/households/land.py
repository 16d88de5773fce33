"""The household's land: each parcel on a map, with its neighbours on four sides and its corners."""

from __future__ import annotations

import shapely
from flask import render_template

from plantation.geometry.corners import corners_of
from plantation.geometry.neighbours import Side
from plantation.services.land.neighbours import neighbours_of
from plantation.services.land.rights import rights_of_household
from plantation.services.mine.my_parcels import load_own_parcel, own_parcels, surroundings_of
from plantation.web.households import households
from plantation.web.households.drawings import parcel_map
from plantation.web.households.own import at_home


@households.get("/land")
def show_land() -> str:
    desk, household = at_home()
    parcels = own_parcels(desk, household)
    around = surroundings_of(desk, household, parcels)
    return render_template(
        "households/land.html",
        household=household,
        parcels=parcels,
        rights=rights_of_household(desk, household),
        map=parcel_map(around) if around else None,
    )


@households.get("/land/<path:code>")
def show_parcel(code: str) -> str:
    desk, household = at_home()
    parcel = load_own_parcel(desk, household, code)
    around = surroundings_of(desk, household, [parcel])
    assert around is not None
    return render_template(
        "households/parcel.html",
        household=household,
        parcel=parcel,
        map=parcel_map(around),
        sides=neighbours_of(desk, [parcel])[parcel.id],
        corners=corners_of(parcel.outline),
        rings=[shapely.get_coordinates(part.exterior)[:-1].round(7).tolist() for part in shapely.get_parts(parcel.outline)],
        order=list(Side),
    )
