"""Reject limits: beyond one the fruit gets a lower grade, or goes home, and the limit is named."""

from __future__ import annotations

import pytest

from plantation.domain.quality import QualityRefused
from plantation.domain.words import QualityMeasure, ReleaseSubject
from plantation.errors import BadValue
from plantation.models import Price, QualityCheck, Release, Weighing
from plantation.services import releases
from plantation.services.collectives import Rules, change_rules
from plantation.services.fruit import quality
from plantation.services.fruit.weighings import record_weighing
from plantation.services.lookups import the_season
from plantation.services.money.price_sheets import post_price, price_sheet, waiting_prices
from plantation.services.money.prices import PriceTooLate
from plantation.services.proof.verification import verify
from plantation.services.releases import SamePerson
from tests.services.fruit.test_weighings import count, weighed

IMPURITY = QualityMeasure.IMPURITY


@pytest.fixture
def limited(village, desk):
    """Grade A has at most 3 % impurity, beyond it is B; B has at most 8 %, beyond it goes home; A has at most 85 % moisture."""
    with desk() as d:
        quality.set_limit(d, "2026", grade="A", measure=IMPURITY, limit_ppm=30_000, regrade="B")
        quality.set_limit(d, "2026", grade="B", measure=IMPURITY, limit_ppm=80_000)
        quality.set_limit(d, "2026", grade="A", measure=QualityMeasure.MOISTURE, limit_ppm=850_000)


def test_fruit_gets_the_grade_that_it_has_and_its_price(limited, desk):
    with desk() as d:
        clean = quality.weigh_checked(d, weighed(slip="1"), impurity_ppm=30_000)
        mixed = quality.weigh_checked(d, weighed(slip="2"), impurity_ppm=30_001, moisture_ppm=900_000)
        plain = quality.weigh_checked(d, weighed(slip="3"))
        assert [(one.grade, one.price_fen_per_kg) for one in (clean, mixed, plain)] == [("A", 500), ("B", 300), ("A", 500)]
        check = quality.check_of(d, mixed.id)
        assert (check.offered_grade, check.grade, check.is_regraded, check.impurity_ppm) == ("A", "B", True, 30_001)
        assert quality.check_of(d, plain.id) is None and not quality.check_of(d, clean.id).is_regraded
        again = weighed(slip="4")
        for _ in range(2):
            quality.weigh_checked(d, again, impurity_ppm=50_000)
        assert verify(d) is None
    assert (count(desk, QualityCheck), count(desk, Weighing)) == (3, 4)


def test_what_no_grade_takes_goes_home_with_the_limit_named(limited, desk):
    with desk() as d:
        with pytest.raises(QualityRefused, match="Grade B has at most 8 % impurity; 8.5 % were found"):
            quality.weigh_checked(d, weighed(), impurity_ppm=85_000)
        with pytest.raises(QualityRefused, match="85 % moisture; 86 %"):
            quality.weigh_checked(d, weighed(), moisture_ppm=860_000)
    assert count(desk, Weighing) == 0


def test_a_limit_is_changed_and_lifted_for_what_comes(limited, desk):
    with desk() as d:
        quality.set_limit(d, "2026", grade="A", measure=IMPURITY, limit_ppm=None)
        assert quality.weigh_checked(d, weighed(), impurity_ppm=70_000).grade == "A"
        assert len(quality.list_limits(d, "2026")) == 2
        for given, refusal in (
            ({"grade": "X"}, quality.GradeUnknown),
            ({"regrade": "X"}, quality.GradeUnknown),
            ({"regrade": "A"}, quality.RegradeSame),
            ({"limit_ppm": 1_000_000}, BadValue),
            ({"limit_ppm": -1}, BadValue),
        ):
            with pytest.raises(refusal):
                quality.set_limit(d, "2026", **{"grade": "A", "measure": IMPURITY, "limit_ppm": 1} | given)


def test_a_price_that_changes_while_fruit_comes_in_is_posted_by_two(limited, desk):
    import datetime as dt

    later = {"grade": "A", "valid_from": dt.date(2026, 10, 1), "price_fen_per_kg": 480}
    with desk() as d:
        change_rules(d, Rules(four_eyes=True, posting_days=0))
        season = the_season(d, "2026")
        before = price_sheet(d, season).digest
        assert isinstance(post_price(d, season, **later | {"grade": "B"}), Price)  # before the first slip one person is enough
        assert price_sheet(d, season).digest != before
        record_weighing(d, weighed(slip="1"))
        assert isinstance(post_price(d, season, **later), Release)
        with pytest.raises(SamePerson):
            post_price(d, season, **later)
        with pytest.raises(PriceTooLate):
            post_price(d, season, **later | {"valid_from": dt.date(2026, 8, 20)})
        assert [text for _, text in waiting_prices(d, season)] == ["A 2026-10-01 4.80"]
    with desk(actor="Sun the second") as d:
        season = the_season(d, "2026")
        assert isinstance(post_price(d, season, **later | {"price_fen_per_kg": 470}), Release)  # another price is another thing
        assert isinstance(post_price(d, season, **later), Price)
        assert [one.subject for one in releases.waiting(d)] == [ReleaseSubject.PRICE]
