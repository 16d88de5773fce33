"""The land by colour: every parcel with what its holder delivered per mu, who that is, how old its trees are, and their variety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, null, select

from plantation.domain.land_colours import SHADES, most_common, shade_of, step_of
from plantation.domain.words import LandColour
from plantation.models import Household, Parcel, Plot, Season
from plantation.services.desk import Desk
from plantation.services.fruit.deliveries import delivered_grams
from plantation.services.sums import sum_of
from plantation.units import SquareDecimetres, dm2_to_millimu, half_up

# More would be a page that grows with the data; the plots' own maps show the others.
MOST_PARCELS = 5_000


class ColouredParcel(NamedTuple):
    """A parcel as the map draws it. `value` is what its colour says: kg per mu, years, or None; `shade` its colour, 0 to 4."""

    code: str
    household: str
    plot: str
    variety: str
    area_dm2: SquareDecimetres
    outline: Any
    value: int | None
    shade: int | None


@dataclass(frozen=True, slots=True)
class ColouredLand:
    """Parcels by colour. `step`: how wide each band of figures is; `names`: what each colour stands for, if no figures."""

    parcels: Sequence[ColouredParcel]
    count: int
    step: int = 0
    names: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every parcel is among them."""
        return self.count == len(self.parcels)


def coloured_land(desk: Desk, by: LandColour, season: Season | None, *, drawn: bool = True) -> ColouredLand:
    """The parcels, coloured by yield (of `season`), holder, age of the trees on the desk's day, or variety; not `drawn` they have no
    outlines. Three queries."""
    mine = Parcel.collective_id == desk.collective_id
    rows = desk.session.execute(
        select(
            Parcel.code,
            Parcel.household_id,
            Parcel.area_dm2,
            Parcel.outline if drawn else null(),
            Plot.code,
            Plot.variety,
            Plot.planted_on,
            func.coalesce(Household.code, ""),
        )
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .outerjoin(Household, (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id))
        .where(mine)
        .order_by(Parcel.code)
        .limit(MOST_PARCELS)
    ).all()
    count = len(rows) if len(rows) < MOST_PARCELS else desk.session.scalar(select(func.count()).select_from(Parcel).where(mine)) or 0
    values: list[int | None] = [None] * len(rows)
    names: list[str] = []
    if by == LandColour.YIELD and season is not None:
        yields = _kg_per_mu(desk, season)
        values = [yields.get(household_id) for _, household_id, *_ in rows]
    elif by == LandColour.AGE:
        values = [None if planted is None else max(0, desk.today.year - planted.year) for *_, planted, _ in rows]
    elif by == LandColour.VARIETY:
        names = most_common(variety for *_, variety, _, _ in rows)
    step = step_of(value for value in values if value is not None)
    holders = {code: number for number, code in enumerate(sorted({holder for *_, holder in rows if holder}))}

    def shade(value: int | None, variety: str, holder: str) -> int | None:
        if by == LandColour.VARIETY:
            return names.index(variety) if variety in names else None
        if by == LandColour.OWNER:
            # Five colours in turn tell neighbours apart; nobody's land has none.
            return holders[holder] % SHADES if holder else None
        return None if value is None else shade_of(value, step)

    parcels = [
        ColouredParcel(code, holder, plot, variety, area_dm2, outline, value, shade(value, variety, holder))
        for (code, _, area_dm2, outline, plot, variety, _, holder), value in zip(rows, values, strict=True)
    ]
    return ColouredLand(parcels, count, step if by in (LandColour.YIELD, LandColour.AGE) else 0, names)


def _kg_per_mu(desk: Desk, season: Season) -> dict[int | None, int]:
    """By household what it delivered in a season on each mu that it holds; those without land are left out."""
    delivered = delivered_grams(desk, season)
    rows = desk.session.execute(
        select(Parcel.household_id, sum_of(Parcel.area_dm2))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id.is_not(None))
        .group_by(Parcel.household_id)
    )
    # Grams per thousandth of a mu are kilograms per mu.
    return {
        household: half_up(delivered.get(household, 0), millimu) for household, area_dm2 in rows if (millimu := dm2_to_millimu(area_dm2))
    }
