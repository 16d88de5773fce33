"""The sums that are kept between requests are the sums of a plain GROUP BY, whatever came in and whoever reads, on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import shutil
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from plantation.models import Purchase, PurchaseLine, Season, Weighing
from plantation.services import journal
from plantation.services.desk import Desk, choose_collective
from plantation.services.fruit.picked_sums import picked_sums
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchases, reverse_purchase
from plantation.services.fruit.running_sums import RunningSums, running_sums
from plantation.services.fruit.weighings import Status, WeighingInput, record_weighings, reverse_weighing
from tests.conftest import NOW
from tests.databases import open_file
from tests.orchard import HE, LI, QIAN, SUN, WU, grow, grow_orchard


@pytest.fixture
def orchard(database, collective):
    grow_orchard(database, collective, mode="pooled")
    return collective


def season_of(d, code="2026"):
    return d.session.scalar(select(Season).where(Season.code == code))


def plain(d, code="2026"):
    """The same in one walk over everything, as four dictionaries."""
    id_ = season_of(d, code).id
    days = {
        (day, grade): (count, int(grams))
        for day, grade, count, grams in d.session.execute(
            select(Weighing.local_date, Weighing.grade, func.count(), func.sum(Weighing.net_grams))
            .where(Weighing.season_id == id_)
            .group_by(Weighing.local_date, Weighing.grade)
        )
    }
    earlier = aliased(Weighing)
    moved = {
        (grade, picked, back): (int(grams),)
        for grade, picked, back, grams in d.session.execute(
            select(Weighing.grade, earlier.local_date, Weighing.local_date, func.sum(Weighing.net_grams))
            .join(earlier, earlier.id == Weighing.reverses_id)
            .where(Weighing.season_id == id_)
            .group_by(Weighing.grade, earlier.local_date, Weighing.local_date)
        )
    }
    is_pool = PurchaseLine.source_household_id.is_(None)
    bought = {
        (grade, bool(pool)): (int(grams), int(fen))
        for grade, pool, grams, fen in d.session.execute(
            select(PurchaseLine.grade, is_pool, func.sum(PurchaseLine.net_grams), func.sum(PurchaseLine.amount_fen))
            .where(PurchaseLine.season_id == id_)
            .group_by(PurchaseLine.grade, is_pool)
        )
    }
    picked = {
        text: (int(grams), int(fen))
        for text, grams, fen in d.session.execute(
            select(Weighing.picker, func.sum(Weighing.net_grams), func.sum(Weighing.picking_fen))
            .where(Weighing.season_id == id_, Weighing.picker != "")
            .group_by(Weighing.picker)
        )
    }
    return days, moved, bought, picked


def kept(d, code="2026"):
    season = season_of(d, code)
    sums = running_sums(d, season)
    return dict(sums.days), dict(sums.moved), dict(sums.bought), dict(picked_sums(d, season))


def weigh(d, chance, count):
    at = NOW - dt.timedelta(days=chance.randrange(1, 6), minutes=chance.randrange(60))
    inputs = [
        WeighingInput(
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)), season="2026", time=at + dt.timedelta(seconds=place),
            household=chance.choice((QIAN, SUN, WU)), grade=chance.choice("AB"), gross_grams=chance.randrange(5_000, 40_000),
            tare_grams=1_000, picker=chance.choice(("", "", "Wu", "P01")), piece_rate_fen_per_kg=chance.choice((None, 80)),
        )
        for place in range(count)
    ]  # fmt: skip
    outcomes = record_weighings(d, inputs)
    assert {one.status for one in outcomes} == {Status.CREATED}, outcomes


def take_back(d, chance):
    back = aliased(Weighing)
    slips = d.session.scalars(
        select(Weighing.slip)
        .outerjoin(back, back.reverses_id == Weighing.id)
        .where(Weighing.season_id == season_of(d).id, Weighing.reverses_id.is_(None), back.id.is_(None))
        .order_by(Weighing.slip)
    ).all()
    reverse_weighing(d, chance.choice(slips), reason="twice")


def buy(d, chance):
    line = LineInput(grade="A", net_grams=chance.randrange(1, 50), price_fen_per_kg=chance.randrange(1, 900))
    record_purchases(d, [PurchaseInput(season="2026", date=NOW.date() - dt.timedelta(days=1), buyer=chance.choice((LI, HE)), lines=[line])])


def give_back(d, chance):
    back = aliased(Purchase)
    codes = d.session.scalars(
        select(Purchase.number)
        .outerjoin(back, back.reverses_id == Purchase.id)
        .where(Purchase.season_id == season_of(d).id, Purchase.reverses_id.is_(None), back.id.is_(None))
        .order_by(Purchase.number)
    ).all()
    if codes:
        reverse_purchase(d, "2026", chance.choice(codes), reason="twice")


@pytest.mark.parametrize("seed", range(2))
def test_whatever_comes_in_or_is_rolled_back_the_sums_are_the_plain_ones(orchard, desk, seed):
    chance = random.Random(seed)
    acts = [lambda d: weigh(d, chance, chance.randrange(1, 9)), lambda d: take_back(d, chance), lambda d: buy(d, chance)]
    acts.append(lambda d: give_back(d, chance))
    seen = set()
    for _ in range(20):
        act, fails = chance.choice(acts), chance.random() < 0.3
        try:
            with desk() as d:
                act(d)
                assert kept(d) == plain(d)
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        if chance.random() < 0.7:
            with desk(reading=True) as d:
                assert kept(d) == plain(d)
                assert kept(d, "2025") == plain(d, "2025")
                seen.add(repr(plain(d)))
    assert len(seen) > 5


def test_only_a_reader_keeps(orchard, desk):
    running_sums.kept.clear()
    with desk() as d:
        assert not d.session.info.get("only_reads")
        kept(d)
    assert not running_sums.kept
    with desk(reading=True) as d:
        assert d.session.info["only_reads"]
        kept(d)
    assert len(running_sums.kept) == 1


def test_a_writer_between_its_entry_and_its_row_spoils_nothing(orchard, desk):
    """Entries are sealed before the rows that they seal: who adds up in between misses a row for good, if it were kept."""
    with desk() as d:
        journal.append(d, [("household.save", "H001", {})])
        kept(d)
        weigh(d, random.Random(9), 3)
        assert kept(d) == plain(d)
    with desk(reading=True) as d:
        assert kept(d) == plain(d)


def test_a_reader_of_an_earlier_moment_gets_the_figures_of_its_moment(sqlite_database, tmp_path):
    from plantation.services.collectives import create_collective

    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "A", "Asia/Shanghai", NOW)
        grow(session, collective, NOW, mode="pooled")
    with sqlite_database.read() as early:
        first = Desk(early, collective, "x", NOW)
        before = plain(first)
        with sqlite_database.write() as session:
            weigh(Desk(session, collective, "x", NOW), random.Random(3), 5)
        with sqlite_database.read() as late:
            assert kept(Desk(late, collective, "x", NOW)) != before
        assert kept(first) == before == plain(first)
    with sqlite_database.read() as late:
        d = Desk(late, collective, "x", NOW)
        assert kept(d) == plain(d) != before


def test_another_database_with_the_same_numbers_has_sums_of_its_own(sqlite_database, tmp_path):
    """A copy that went its own way has the same collective's, the same season's and the same entries' numbers."""
    from plantation.services.collectives import create_collective

    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "A", "Asia/Shanghai", NOW)
        grow(session, collective, NOW, mode="pooled")
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "plantation.db"
    assert path.exists()
    shutil.copyfile(path, tmp_path / "copy.db")
    copy = open_file(tmp_path / "copy.db")
    for one, seed in ((sqlite_database, 1), (copy, 2)):
        with one.write() as session:
            weigh(Desk(session, choose_collective(session), "x", NOW), random.Random(seed), 4)
    for one in (sqlite_database, copy, sqlite_database, copy):
        with one.read() as session:
            d = Desk(session, choose_collective(session), "x", NOW)
            assert kept(d) == plain(d)
    # The same file replaced by the other, as a restore does: the journal's hash tells.
    copy.dispose()
    sqlite_database.dispose()
    with copy.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.dispose()
    for rest in tmp_path.glob("plantation.db-*"):
        rest.unlink()
    shutil.copyfile(tmp_path / "copy.db", path)
    with sqlite_database.read() as session:
        d = Desk(session, choose_collective(session), "x", NOW)
        assert kept(d) == plain(d)


def test_what_is_kept_of_another_hash_or_a_longer_journal_is_not_trusted(orchard, desk):
    with desk(reading=True) as d:
        right = kept(d)
        key = next(key for key in running_sums.kept if key[3] == "2026")
        true = running_sums.kept[key]
        wrong = RunningSums({(NOW.date(), "A"): (1, 1)}, {}, {})
        for changed in ({"hash": "another"}, {"sequence": true.sequence + 5}, {"sequence": true.sequence - 1}, {"sequence": 0}):
            running_sums.kept[key] = dataclasses.replace(true, figures=wrong, **changed)
            assert kept(d) == right == plain(d)


def test_an_empty_season_has_no_sums_and_no_more_are_kept_than_few(orchard, desk, monkeypatch):
    monkeypatch.setattr(running_sums, "most", 1)
    running_sums.kept.clear()
    with desk(reading=True) as d:
        for code in ("2025", "2026", "2025"):
            assert kept(d, code) == plain(d, code)
            assert len(running_sums.kept) == 1
