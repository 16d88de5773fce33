"""What a household's land should bear this season, and what that is worth: a band from the age of its trees, no promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from plantation.domain.forecast import DEFAULT_YIELDS, Band, PlantedLater, StageYield, age_in_years, forecast
from plantation.services.mine.my_pages import OwnSeason
from plantation.services.mine.my_parcels import OwnParcel
from plantation.units import Fen, half_up


class OwnForecast(NamedTuple):
    """Grams and fen; `fen` is None while nothing is known about a price."""

    grams: Band
    fen: Band | None


def own_forecast(
    parcels: Sequence[OwnParcel], seasons: Sequence[OwnSeason], day: dt.date, yields: Sequence[StageYield] = DEFAULT_YIELDS
) -> OwnForecast | None:
    """The band of all the household's parcels on `day`, by the collective's table of yields; None where no plot says when it was planted, or nothing bears yet."""
    price_fen = _brought(seasons)
    bands = []
    for parcel in parcels:
        if parcel.planted_on is None:
            continue
        try:
            age_years = age_in_years(parcel.planted_on, day)
        except PlantedLater:
            continue
        bands.append(forecast(parcel.area_millimu, age_years, price_fen or 0, yields))
    grams = Band(*(sum(each) for each in zip(*(one.grams for one in bands), strict=True))) if bands else None
    if grams is None or grams.high == 0:
        return None
    fen = Band(*(sum(each) for each in zip(*(one.fen for one in bands), strict=True)))
    return OwnForecast(grams, fen if price_fen else None)


def _brought(seasons: Sequence[OwnSeason]) -> Fen | None:
    """What a kilogram brought the household before deductions, in the latest season of which that is known."""
    for one in seasons:
        if one.earnings is not None and one.earnings.net_grams > 0:
            return half_up(one.earnings.gross_fen * 1000, one.earnings.net_grams)
    return None
