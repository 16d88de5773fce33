"""What a household's land should bear: the band of its trees' age over its area, at what its fruit brought."""

from __future__ import annotations

import datetime as dt

from plantation.services.desk import Desk
from plantation.services.mine.my_forecast import own_forecast
from plantation.services.mine.my_pages import overview
from plantation.services.mine.my_parcels import own_parcels
from plantation.services.people.households import load_household
from tests.conftest import NOW
from tests.orchard import QIAN, ZHOU
from tests.orchard_fixtures import orchard, orchard_database, orchard_file

__all__ = ["orchard", "orchard_database", "orchard_file"]


def forecast_of(orchard_database, orchard, code, day):
    with orchard_database.read() as session:
        desk = Desk(session, orchard, code, NOW)
        household = load_household(desk, code)
        parcels = own_parcels(desk, household)
        return parcels, own_forecast(parcels, overview(desk, household).seasons, day)


def test_trees_of_eight_years_bear_80_to_400_kg_per_mu(orchard_database, orchard):
    parcels, band = forecast_of(orchard_database, orchard, QIAN, dt.date(2026, 10, 31))
    area = sum(parcel.area_millimu for parcel in parcels)
    assert tuple(band.grams) == (area * 80, area * 250, area * 400)
    assert band.fen is not None and band.fen.low < band.fen.mid < band.fen.high


def test_young_trees_and_no_land_have_no_forecast(orchard_database, orchard):
    assert forecast_of(orchard_database, orchard, QIAN, dt.date(2019, 10, 31))[1] is None
    assert forecast_of(orchard_database, orchard, QIAN, dt.date(2017, 10, 31))[1] is None
    assert forecast_of(orchard_database, orchard, ZHOU, dt.date(2026, 10, 31))[1] is None
