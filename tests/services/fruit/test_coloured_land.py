"""The land by colour, by hand and in general, on both databases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.land_colours import SHADES, shade_of, step_of
from plantation.domain.words import LandColour
from plantation.models import Plot
from plantation.services.fruit.coloured_land import coloured_land
from plantation.services.fruit.weighings import record_weighings, reverse_weighing
from plantation.services.lookups import the_season
from tests.cast import QIAN, SUN
from tests.services.fruit.test_weighings import weighed


def seen(land):
    return {parcel.code: (parcel.household, parcel.value, parcel.shade) for parcel in land.parcels}


def test_a_parcel_has_what_its_holder_delivered_per_mu_by_hand(village, desk):
    # Qian holds 600,000 dm² = 9 mu, Sun 4.5 mu; a slip for the whole plot is shared 2 to 1.
    with desk() as d:
        record_weighings(d, [
            weighed(slip="S-1", gross_grams=91_000, tare_grams=1_000, deduction_ppm=0),  # Qian 90 kg
            weighed(slip="S-2", gross_grams=91_000, tare_grams=1_000, deduction_ppm=0),
            weighed(slip="S-3", gross_grams=28_000, tare_grams=1_000, deduction_ppm=0, household=None, plot="P1"),
        ])  # fmt: skip
        reverse_weighing(d, "S-2", reason="twice", id="back")
    with desk(reading=True) as d:
        land = coloured_land(d, LandColour.YIELD, the_season(d, "2026"))
        # (90 + 18) kg on 9 mu are 12 kg per mu; 9 kg on 4.5 mu are 2.
        assert seen(land) == {"P1-1": (QIAN, 12, 2), "P1-2": (SUN, 2, 0), "P1-3": ("", None, None)}
        assert (land.step, land.is_whole) == (5, True)


def test_age_variety_and_holder(village, desk, database):
    with database.write() as session:
        session.query(Plot).filter_by(code="P1").one().variety = "深秋红"
    with desk(reading=True) as d:
        age = d.today.year - 2018
        assert {value for _, value, _ in seen(coloured_land(d, LandColour.AGE, None)).values()} == {age}
        land = coloured_land(d, LandColour.VARIETY, None)
        assert list(land.names) == ["深秋红"] and {shade for *_, shade in seen(land).values()} == {0}
        assert [shade for *_, shade in seen(coloured_land(d, LandColour.OWNER, None)).values()] == [0, 1, None]
        assert {shade for *_, shade in seen(coloured_land(d, LandColour.YIELD, None)).values()} == {None}


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_every_figure_lies_in_the_band_that_the_legend_names(values):
    step = step_of(values)
    for value in values:
        shade = shade_of(value, step)
        assert 0 <= shade < SHADES and shade * step <= value < (shade + 1) * step
    assert step == 1 or max(values) >= SHADES * step * 2 // 5
