"""What is kept of a season's slips is what a plain look at every row finds, whatever came in and was taken back, on both databases."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from plantation.domain import differences as rules
from plantation.models import Season, Weighing, WeighingShare
from plantation.services.fruit import slip_figures as module
from plantation.services.fruit.deliveries import delivered_grams
from plantation.services.fruit.slip_figures import slip_figures
from plantation.services.fruit.weighings import Status, WeighingInput, record_weighings, reverse_weighing
from tests.conftest import NOW
from tests.orchard import QIAN, SUN, WU, grow_orchard


@pytest.fixture
def orchard(database, collective):
    grow_orchard(database, collective, mode="pooled")
    return collective


def season_of(d):
    return d.session.scalar(select(Season).where(Season.code == "2026"))


def plain(d):
    """The same by looking at every row, in Python."""
    rows = d.session.scalars(select(Weighing).where(Weighing.season_id == season_of(d).id)).all()
    taken_back = {row.reverses_id for row in rows}
    stand = [row for row in rows if row.reverses_id is None and row.id not in taken_back]
    places, delivered, largest = defaultdict(int), defaultdict(int), {}
    pairs, days = defaultdict(set), defaultdict(list)
    for row in rows:
        places[row.household_id, row.parcel_id, row.plot_id] += row.net_grams
        if row.household_id is not None:
            delivered[row.household_id] += row.net_grams
    for share in d.session.scalars(select(WeighingShare).where(WeighingShare.season_id == season_of(d).id)):
        delivered[share.household_id] += share.net_grams
    last = {}
    for row in sorted(stand, key=lambda row: (row.weighed_at, row.entry)):
        days[row.recorded_by, row.local_date].append(row)
        whose = (row.household_id, None) if row.household_id is not None else (None, row.plot_id)
        largest[whose] = max(row.net_grams, largest.get(whose, 0))
        before = last.get(whose)
        if before is not None and (seconds := (row.weighed_at - before.weighed_at).total_seconds()) <= rules.SECONDS:
            pairs[whose].add((before.slip, row.slip, round(seconds), row.net_grams, row.amount_fen))
        last[whose] = row
    series = {
        (weigher, day): (
            weigher, day, len(those), sum(row.gross_grams % 1000 == 0 for row in those), min(row.tare_grams for row in those),
            max(row.tare_grams for row in those), sum(row.net_grams for row in those), sum(row.amount_fen for row in those),
        )
        for (weigher, day), those in days.items()
    }  # fmt: skip
    return {place: (grams,) for place, grams in places.items()}, dict(delivered), largest, dict(pairs), series


def kept(d):
    found = slip_figures(d, season_of(d))
    pairs = {household: set(map(tuple, those)) for household, those in found.pairs.items()}
    return (
        dict(found.places),
        dict(delivered_grams(d, season_of(d))),
        dict(found.largest),
        pairs,
        {key: tuple(one)[:-1] for key, one in found.series.items()},
    )


def weigh(d, chance):
    at = NOW - dt.timedelta(days=chance.randrange(1, 4), minutes=chance.randrange(3))
    inputs = []
    for place in range(chance.randrange(1, 9)):
        where = {"plot": "P1"} if chance.random() < 0.2 else {"household": chance.choice((QIAN, SUN, WU))}
        inputs.append(
            WeighingInput(
                id=str(uuid.UUID(int=chance.getrandbits(128), version=4)), season="2026", time=at + dt.timedelta(seconds=7 * place),
                grade=chance.choice("AB"), gross_grams=chance.choice((5_000, 20_000, 30_001)), tare_grams=chance.choice((1_000, 1_200)),
                **where,
            )
        )  # fmt: skip
    assert {one.status for one in record_weighings(d, inputs)} == {Status.CREATED}


def take_back(d, chance):
    back = aliased(Weighing)
    slips = d.session.scalars(
        select(Weighing.slip)
        .outerjoin(back, back.reverses_id == Weighing.id)
        .where(Weighing.season_id == season_of(d).id, Weighing.reverses_id.is_(None), back.id.is_(None))
        .order_by(Weighing.entry.desc())
        .limit(9)
    ).all()
    reverse_weighing(d, chance.choice(slips), reason="twice")


@pytest.mark.parametrize(("seed", "few"), [(0, 1_000), (1, 1_000), (2, 1)])
def test_whatever_comes_in_or_is_taken_back_the_figures_are_the_plain_ones(orchard, desk, monkeypatch, seed, few):
    monkeypatch.setattr(module, "FEW", few)
    chance = random.Random(seed)
    pairs, series = set(), set()
    for _ in range(14):
        with desk(actor=chance.choice(("Zhao", "Wang"))) as d:
            (weigh if chance.random() < 0.6 else take_back)(d, chance)
            assert kept(d) == plain(d)
        if chance.random() < 0.7:
            with desk(reading=True) as d:
                assert kept(d) == plain(d)
                pairs.add(repr(plain(d)[3]))
                series.add(repr(plain(d)[4]))
    assert len(pairs) > 3 and len(series) > 3
