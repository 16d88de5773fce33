"""Land to be divided: Qian, Sun and Zhou each have a right to 10 mu; plot P1 holds 20 mu, plot P2 holds 10."""

from __future__ import annotations

import datetime as dt

import shapely

from plantation.geometry.projection import LocalPlane
from plantation.services.land.plots import save_plot
from plantation.services.land.rights import load_right, save_right
from plantation.services.people.households import save_household

MU_M2 = 10_000 / 15
PLANE = LocalPlane(78.4, 40.9)
FIRST, LAST = dt.date(2018, 4, 1), dt.date(2048, 3, 31)


def field(west_m: float, south_m: float, width_m: float, mu: float):
    """A rectangle of `mu` mu and a hair more, so that rounding does not make it short."""
    return PLANE.inverse(shapely.box(west_m, south_m, west_m + width_m, south_m + (mu * MU_M2 + 0.002) / width_m))


def found_land(desk) -> None:
    """Write plots, households and rights through the services."""
    save_plot(desk, code="P1", name="北滩", outline=field(0, 0, 160, 20), row_bearing=90.0)
    save_plot(desk, code="P2", name="渠东", outline=field(300, 0, 80, 10))
    for code, name in (("H001", "钱"), ("H002", "孙"), ("H009", "周")):
        save_household(desk, code=code, name=name, members=4, phone="")
        give_right(desk, f"R{code[1:]}", code)


def give_right(desk, code: str, household: str, *, millimu: int = 10_000):
    return save_right(
        desk, code=code, household_code=household, entitlement_millimu=millimu, starts_on=FIRST, ends_on=LAST, status="active"
    )


def change_right(desk, code: str, *, status: str = "active", ends_on: dt.date = LAST, millimu: int = 10_000):
    right = load_right(desk, code)
    return save_right(
        desk,
        right=right,
        code=code,
        household_code=f"H{code[1:]}",
        entitlement_millimu=millimu,
        starts_on=FIRST,
        ends_on=ends_on,
        status=status,
    )
