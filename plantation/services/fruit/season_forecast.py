"""What the land may bear in a season, and how what came in stands against it day by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.forecast import Band, DayAgainst, PlantedLater, against_forecast, age_in_years, forecast
from plantation.models import Parcel, Plot, Season
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_lists import DayTotal
from plantation.services.land.yields import yields_of
from plantation.units import Millimu, dm2_to_millimu


class SeasonForecast(NamedTuple):
    """The band of all parcels together in grams, and how much of the land nobody knows the age of."""

    grams: Band
    unknown_millimu: Millimu


def season_forecast(desk: Desk, season: Season) -> SeasonForecast | None:
    """By the age of the trees on the season's last day and the collective's table of yields; None where nothing bears."""
    rows = desk.session.execute(
        select(Plot.planted_on, func.sum(Parcel.area_dm2))
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == desk.collective_id)
        .group_by(Plot.planted_on)
    )
    yields = yields_of(desk)
    bands, unknown = [Band(0, 0, 0)], 0
    for planted_on, area_dm2 in rows:
        area = dm2_to_millimu(int(area_dm2))
        if planted_on is None:
            unknown += area
            continue
        try:
            bands.append(forecast(area, age_in_years(planted_on, season.ends_on), 0, yields).grams)
        except PlantedLater:
            continue
    grams = Band(*(sum(each) for each in zip(*bands, strict=True)))
    return SeasonForecast(grams, unknown) if grams.high else None


def days_against_forecast(desk: Desk, season: Season, totals: Sequence[DayTotal], expected: SeasonForecast) -> list[DayAgainst]:
    """All that was weighed up to each day beside the forecast's middle, if it came in evenly."""
    by_day: dict = {}
    for total in totals:
        by_day[total.local_date] = by_day.get(total.local_date, 0) + total.net_grams
    return against_forecast(by_day, season.starts_on, season.ends_on, desk.today, expected.grams.mid)
