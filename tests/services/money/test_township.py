"""The township sees sums of the collectives that let it in, of no other, and nothing of anybody in them."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.words import Role
from plantation.errors import NotFound
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.weighings import record_weighings
from plantation.services.money.seasons import save_season
from plantation.services.money.settlements import settle_season
from plantation.services.money.township import give_grant, list_grants, township_totals
from plantation.services.people.accounts import create_account
from plantation.services.proof.verification import verify
from tests.conftest import NOW
from tests.services.fruit.test_weighings import weighed

SECRET = "leaf silver-green 2026"


@pytest.fixture
def other(database, village, desk):
    """A second collective, which has weighed nothing; the township's account lies in the first one."""
    with database.write() as session:
        found = create_collective(session, "kakshaal", "卡克夏勒", "Asia/Shanghai", NOW)
        save_season(Desk(session, found, "Ma", NOW), code="2026", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 10, 31),
                    mode="posted", tolerance_ppm=0)  # fmt: skip
    with desk() as d:
        create_account(d, name="Town", role=Role.TOWNSHIP, secret=SECRET)
        create_account(d, name="Wang", role=Role.ACCOUNTANT, secret=SECRET)
        record_weighings(d, [weighed(slip="Q-1"), weighed(slip="Z-1", household="H002")])
        settle_season(d, "2026")
    return found


def seen(desk):
    with desk(actor="Town", reading=True) as d:
        return {one.code: one for one in township_totals(d, "Town")}


def test_nothing_is_seen_without_a_grant_and_each_collective_gives_its_own(other, desk, database):
    assert seen(desk) == {}
    with desk() as d:
        home = d.collective.code
    with desk(collective=other) as d:
        give_grant(d, reader_collective=home, reader="town")
        give_grant(d, reader_collective=home, reader="Town")
        assert [(one.reader_collective, one.reader) for one in list_grants(d)] == [(home, "Town")]
        assert verify(d) is None
    assert [(one.name, [season.net_grams for season in one.seasons]) for one in seen(desk).values()] == [("卡克夏勒", [0])]
    with desk() as d:
        give_grant(d, reader_collective=home, reader="Town")
    totals = seen(desk)
    assert set(totals) == {home, "kakshaal"}
    mine = totals[home]
    assert (mine.households, mine.rights, mine.planted_dm2) == (3, 2, 2_000_000)
    # Two slips of 23.498 kg at 5 yuan, each with a wage of 18.80: 117.49 − 18.80 twice.
    season = mine.seasons[0]
    assert (season.code, season.net_grams, season.net_fen) == ("2026", 46_996, 19_738)
    with desk(collective=other) as d:
        give_grant(d, reader_collective=home, reader="Town", is_given=False)
    assert set(seen(desk)) == {home}


def test_only_an_account_of_the_township_is_let_in(other, desk):
    with desk() as d:
        for collective, name in ((d.collective.code, "Wang"), (d.collective.code, "nobody"), ("kakshaal", "Town"), ("", "")):
            with pytest.raises(NotFound):
                give_grant(d, reader_collective=collective, reader=name)
        assert list_grants(d) == []
