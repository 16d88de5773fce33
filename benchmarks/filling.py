"""What the benchmarks measure on: a collective with its land, people, seasons and weighings, filled through the services."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import select, text

from plantation.cli.schema import upgrade_schema
from plantation.database import Database
from plantation.domain.words import AllocationRule, ParcelShape, RightStatus
from plantation.models import Collective, Household
from plantation.services.bulk import in_chunks
from plantation.services.collectives import Rules, change_rules, create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchases
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighings
from plantation.services.land import allocations, plots
from plantation.services.land.rights import RightInput, upsert_rights
from plantation.services.money import deductions, prices
from plantation.services.money.seasons import save_season
from plantation.services.people.households import HouseholdInput, upsert_households

BATCH = 5_000
GRADES = "ABC"
PRICES = {"A": 500, "B": 400, "C": 250}
HOUSEHOLDS_A_PLOT = 100
# A plot of 1,010 mu, for 100 households with 10 mu each.
PLOT_DEGREES = (0.00975, 0.0074)
WEIGHERS = tuple(f"scale-{number}" for number in range(1, 9))


@contextmanager
def open_database(given: argparse.Namespace) -> Iterator[Database]:
    """The database that the arguments of :func:`add_database` name, at the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        server = None
        url = given.url or f"sqlite:///{(Path(folder) / 'bench.db').as_posix()}"
        if given.postgresql:
            from tests.postgres import start_server

            server = start_server()
            if server is None:
                raise SystemExit("no PostgreSQL on this machine")
            url = server.url("postgres")
        database = Database(url)
        try:
            upgrade_schema(database)
            yield database
        finally:
            database.dispose()
            if server is not None:
                server.stop()


def add_database(parser: argparse.ArgumentParser) -> None:
    """Where to measure: an SQLite file in a temporary folder unless one of these is given."""
    parser.add_argument("--url", help="a database to fill")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL server of its own, started for this run")


@dataclass(frozen=True, slots=True)
class SeasonSize:
    """A season to fill: its year is its code; it runs from 1 August to 31 October, and is weighed on its first `days`."""

    year: int
    mode: str
    weighings: int
    grades: str = GRADES
    days: int = 90

    @property
    def code(self) -> str:
        return str(self.year)

    @property
    def starts_on(self) -> dt.date:
        return dt.date(self.year, 8, 1)

    @property
    def ends_on(self) -> dt.date:
        return dt.date(self.year, 10, 31)


def code_of(place: int) -> str:
    """The code of the household at `place`, from 0."""
    return f"H{place:05d}"


def found(database: Database, households: int, now: dt.datetime) -> Collective:
    """A collective whose office needs no second person, with `households` of 10 mu each on plots of a hundred."""
    with database.write() as session:
        collective = create_collective(session, "bench", "bench", "Asia/Shanghai", now)
        desk = Desk(session, collective, "bench", now)
        change_rules(desk, Rules(four_eyes=False, posting_days=0))
        phones = (f"139{place:08d}" for place in range(households))
        upsert_households(desk, [HouseholdInput(code_of(place), f"户{place}", 4, phone) for place, phone in enumerate(phones)])
        of = Household.collective_id == collective.id
        ids = dict(session.execute(select(Household.code, Household.id).where(of)).all())
        term = (dt.date(2018, 4, 15), dt.date(2068, 4, 14), RightStatus.ACTIVE)
        upsert_rights(desk, [(RightInput(f"R{code[1:]}", code, 10_000, *term), ids[code]) for code in sorted(ids)])
        for number in range(-(-households // HOUSEHOLDS_A_PLOT)):
            west, south = 78.0 + number % 10 * 0.012, 40.0 + number // 10 * 0.009
            outline = shapely.box(west, south, west + PLOT_DEGREES[0], south + PLOT_DEGREES[1])
            code = f"P{number + 1:03d}"
            plots.save_plot(desk, code=code, name=f"地块 {code}", outline=outline, planted_on=dt.date(2012, 4, 1), variety="中国沙棘")
    with database.write() as session:
        desk = Desk(session, session.get_one(Collective, collective.id), "bench", now)
        plan = allocations.plan_allocation(desk, rule=AllocationRule.STRICT, seed="bench", shape=ParcelShape.COMPACT)
        allocations.commit_allocation(desk, plan)
    return collective


def open_season(desk: Desk, size: SeasonSize) -> None:
    """The season with a price a grade and three deductions."""
    season = save_season(desk, code=size.code, starts_on=size.starts_on, ends_on=size.ends_on, mode=size.mode, tolerance_ppm=20_000)
    for grade in size.grades:
        prices.add_price(desk, season, grade=grade, valid_from=size.starts_on, price_fen_per_kg=PRICES[grade])
    deductions.add_deduction(desk, season, code="1", name="基金", kind="percent", rate_ppm=25_000)
    deductions.add_deduction(desk, season, code="2", name="筐", kind="yuan_per_kg", amount_fen=10)
    deductions.add_deduction(desk, season, code="3", name="水费", kind="yuan_per_household", amount_fen=3_000)


def weighings(size: SeasonSize, households: int, seed: int) -> Iterator[WeighingInput]:
    """Weighings of believable size, spread over the season: the same every time; none twice in one run of seeds."""
    chance = random.Random(f"{size.year}/{seed}")  # noqa: S311 - a benchmark, not a draw
    first = dt.datetime(size.year, 8, 1, 6, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    for _ in range(size.weighings):
        piece_rate = chance.choice((None, 80))
        yield WeighingInput(
            id=f"{chance.getrandbits(128):032x}",
            season=size.code,
            time=first + dt.timedelta(days=chance.randrange(size.days), seconds=chance.randrange(14 * 3_600)),
            household=code_of(chance.randrange(households)),
            grade=chance.choice(size.grades),
            gross_grams=chance.randrange(6_000, 60_000),
            tare_grams=1_200,
            deduction_ppm=chance.choice((0, 10_000, 25_000)),
            picker=f"C{chance.randrange(40):02d}" if piece_rate else "",
            piece_rate_fen_per_kg=piece_rate,
        )


def record(database: Database, collective: Collective, now: dt.datetime, inputs: Iterator[WeighingInput]) -> float:
    """Record in batches of 5,000, each a transaction, by one weigher after the other; the seconds that it took."""
    spent, done, told = 0.0, 0, time.perf_counter()
    for number, batch in enumerate(in_chunks(inputs, BATCH)):
        start = time.perf_counter()
        with database.write() as session:
            outcomes = record_weighings(Desk(session, collective, WEIGHERS[number % len(WEIGHERS)], now), batch)
            assert all(outcome.status == "created" for outcome in outcomes), next(one.refusal for one in outcomes if one.refusal)
        spent += time.perf_counter() - start
        done += len(batch)
        if time.perf_counter() - told > 10:
            told = time.perf_counter()
            print(f"  … {done:,} weighings", flush=True)
    return spent


def sell(database: Database, collective: Collective, now: dt.datetime, size: SeasonSize) -> None:
    """Sell about nine tenths of the season from the pool, in thirty purchases a grade."""
    # What a weighing has on average, net: (33,000 - 1,200) g less 1.2 %.
    grams = size.weighings * 31_400 // len(size.grades) * 9 // 10 // 30
    inputs = [
        PurchaseInput(
            season=size.code,
            date=size.starts_on + dt.timedelta(days=(place + 1) * size.days // 30 - 1),
            buyer=f"B{place % 3}",
            lines=[LineInput(grade=grade, net_grams=grams, price_fen_per_kg=PRICES[grade])],
        )
        for grade in size.grades
        for place in range(30)
    ]
    with database.write() as session:
        outcomes = record_purchases(Desk(session, collective, "bench", now), inputs)
        assert all(outcome.refusal is None for outcome in outcomes), next(one.refusal for one in outcomes if one.refusal)


def analyse(database: Database) -> None:
    """Let PostgreSQL look at its rows, as it does by itself in the course of time. SQLite never does, and nobody asks it to."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def best(action: Callable[[], Any], times: int = 5) -> float:
    """The least seconds of several runs: what the work takes when nobody else takes the machine."""
    seconds = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak_mib() -> int:
    """The most memory that this process has held so far, in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


__all__ = [
    "BATCH", "GRADES", "SeasonSize", "add_database", "analyse", "best", "code_of", "found", "open_database", "open_season", "peak_mib",
    "record", "sell", "weighings",
]  # fmt: skip
