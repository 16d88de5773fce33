"""Measure recording, settling and verifying on a database of its own; see README.md beside this file."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from plantation.cli.schema import upgrade_schema
from plantation.database import Database
from plantation.models import Deduction, Household, Price, Season, new_id, new_ids
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchases
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.fruit.weighings import record_weighings
from plantation.services.money.settlements import earnings_of, earnings_rows, preview_settlement, settle_season
from plantation.services.proof.verification import verify

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
BATCH = 5_000
GRADES = "ABC"
GROUP_BY = """SELECT household_id, grade, sum(net_grams), sum(amount_fen), sum(picking_fen) FROM weighings
              WHERE collective_id = :collective AND season_id = :season GROUP BY household_id, grade"""


def found(database: Database, households: int, mode: str) -> Desk:
    """A collective with `households`, one season, its prices and three deductions."""
    with database.write() as session:
        collective = create_collective(session, "bench", "bench", "Asia/Shanghai", NOW)
        desk = Desk(session, collective, "bench", NOW)
        columns = ("collective_id", "id", "code", "name", "members", "phone", "version")
        rows = [(collective.id, id_, f"H{place:05d}", f"H{place:05d}", 4, "", 1) for place, id_ in enumerate(new_ids(households))]
        insert_rows(session, Household, columns, rows)
        season = Season(
            collective_id=collective.id,
            id=new_id(),
            code="2026",
            starts_on=dt.date(2026, 8, 1),
            ends_on=dt.date(2026, 10, 31),
            mode=mode,
            tolerance_ppm=20_000,
        )
        session.add(season)
        session.flush()
        for grade in GRADES:
            session.add(
                Price(
                    collective_id=collective.id,
                    id=new_id(),
                    season_id=season.id,
                    grade=grade,
                    valid_from=dt.date(2026, 8, 1),
                    price_fen_per_kg=500,
                )
            )
        for code, kind, rate, fen in (
            ("1", "percent", 25_000, None),
            ("2", "yuan_per_kg", None, 10),
            ("3", "yuan_per_household", None, 3_000),
        ):
            session.add(
                Deduction(
                    collective_id=collective.id,
                    id=new_id(),
                    season_id=season.id,
                    code=code,
                    name=code,
                    kind=kind,
                    rate_ppm=rate,
                    amount_fen=fen,
                )
            )
        session.flush()
        return desk


def weighings(count: int, households: int, grades: str, seed: int) -> Iterator[WeighingInput]:
    """Weighings of believable size, spread over the season."""
    chance = random.Random(seed)  # noqa: S311 - a benchmark, not a draw
    first = dt.datetime(2026, 8, 1, 2, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    for _ in range(count):
        yield WeighingInput(
            id=f"{chance.getrandbits(128):032x}",
            season="2026",
            time=first + dt.timedelta(seconds=chance.randrange(90 * 86_400)),
            household=f"H{chance.randrange(households):05d}",
            grade=chance.choice(grades),
            gross_grams=chance.randrange(6_000, 60_000),
            tare_grams=1_200,
            deduction_ppm=chance.choice((0, 10_000, 25_000)),
            picker="",
            piece_rate_fen_per_kg=chance.choice((None, 80)),
        )


def record(database: Database, desk: Desk, inputs: Iterator[WeighingInput], *, at_once: bool) -> float:
    """Record in batches of 5,000, all in one transaction (an import) or one each; seconds."""
    spent = 0.0
    if at_once:
        inputs = iter(list(inputs))
        start = time.perf_counter()
        with database.write() as session:
            for batch in in_chunks(inputs, BATCH):
                outcomes = record_weighings(Desk(session, desk.collective, "bench", NOW), batch)
                assert all(outcome.status == "created" for outcome in outcomes), outcomes[0].refusal
        return time.perf_counter() - start
    for batch in in_chunks(inputs, BATCH):
        start = time.perf_counter()
        with database.write() as session:
            record_weighings(Desk(session, desk.collective, "bench", NOW), batch)
        spent += time.perf_counter() - start
    return spent


def best(action, times: int = 5) -> float:
    """The least seconds of several runs: what the work takes when nobody else takes the machine."""
    seconds = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an empty database; without it an SQLite file in a temporary folder")
    parser.add_argument("--weighings", type=int, default=1_000_000)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--grades", type=int, default=3, choices=(1, 2, 3))
    parser.add_argument("--mode", default="pooled", choices=("pooled", "posted"))
    parser.add_argument("--verify", action="store_true", help="verify everything as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.url or f"sqlite:///{(Path(folder) / 'bench.db').as_posix()}")
        measure(database, given)
        database.dispose()


def measure(database: Database, given: argparse.Namespace) -> None:
    """Print one line a figure."""
    upgrade_schema(database)
    desk = found(database, given.households, given.mode)
    grades = GRADES[: given.grades]
    first = min(50_000, given.weighings)
    spent = record(database, desk, weighings(first, given.households, grades, 1), at_once=True)
    print(f"record {first:,} weighings in one transaction: {spent:.2f} s, {first / spent:,.0f}/s")
    with database.read() as session:
        reading = Desk(session, desk.collective, "bench", NOW)
        print(f"settle {first:,} weighings (preview): {best(lambda: preview_settlement(reading, '2026')):.3f} s")
    rest = given.weighings - first
    if rest:
        spent = record(database, desk, weighings(rest, given.households, grades, 2), at_once=False)
        print(f"record {rest:,} more, {BATCH:,} a transaction: {spent:.1f} s, {rest / spent:,.0f}/s")
    with database.write() as session:
        lines = [
            LineInput(grade=grade, net_grams=10_000_000 * given.weighings // 1_000_000, price_fen_per_kg=500)
            for grade in grades
            for _ in range(30)
        ]
        record_purchases(
            Desk(session, desk.collective, "bench", NOW),
            [PurchaseInput(season="2026", date=dt.date(2026, 10, 1), buyer="B", lines=[line]) for line in lines],
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
    with database.read() as session:
        reading = Desk(session, desk.collective, "bench", NOW)
        season = session.execute(text("SELECT id FROM seasons")).scalar()
        query = {"collective": desk.collective.id, "season": season}
        plain = best(lambda: session.execute(text(GROUP_BY), query).all())
        preview = best(lambda: preview_settlement(reading, "2026"))
    print(f"plain GROUP BY of {given.weighings:,} weighings: {plain:.3f} s")
    print(f"settle (computed and conserved): {preview:.3f} s = {preview / plain:.2f} x")
    start = time.perf_counter()
    with database.write() as session:
        settle_season(Desk(session, desk.collective, "bench", NOW), "2026")
    final = time.perf_counter() - start
    print(f"settle finally (frozen, sealed, committed): {final:.3f} s = {final / plain:.2f} x")
    with database.read() as session:
        reading = Desk(session, desk.collective, "bench", NOW)
        print(f"a page of the earnings: {best(lambda: earnings_rows(reading, '2026', page=100)) * 1000:.1f} ms")
        print(f"a household's seasons: {best(lambda: earnings_of(reading, 'H00007')) * 1000:.1f} ms")
        if given.verify:
            spent = best(lambda: verify(reading), 1)
            print(f"verify everything: {spent:.1f} s")


if __name__ == "__main__":
    main()
