"""Measure recording, settling and verifying on a database of its own; see README.md beside this file."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import Any

from sqlalchemy import text

from benchmarks.filling import (
    BATCH,
    GRADES,
    SeasonSize,
    add_database,
    analyse,
    best,
    found,
    open_database,
    open_season,
    peak_mib,
    record,
    sell,
    weighings,
)  # fmt: skip
from plantation.database import Database
from plantation.models import Collective
from plantation.services.desk import Desk
from plantation.services.fruit.differences import match_season, plot_yields
from plantation.services.money.settlements import earnings_of, earnings_rows, preview_settlement, settle_season
from plantation.services.proof.verification import verify

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
GROUP_BY = """SELECT household_id, grade, sum(net_grams), sum(amount_fen), sum(picking_fen) FROM weighings
              WHERE collective_id = :collective AND season_id = :season GROUP BY household_id, grade"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--weighings", type=int, default=1_000_000)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--grades", type=int, default=3, choices=(1, 2, 3))
    parser.add_argument("--mode", default="pooled", choices=("pooled", "posted"))
    parser.add_argument("--verify", action="store_true", help="verify everything as well")
    given = parser.parse_args()
    with open_database(given) as database:
        Measured(database, given).run()


class Measured:
    """One run, a line a figure."""

    def __init__(self, database: Database, given: argparse.Namespace) -> None:
        self.database, self.given = database, given
        self.grades = GRADES[: given.grades]
        self.collective = found(database, given.households, NOW)
        with database.write() as session:
            open_season(Desk(session, session.get_one(Collective, self.collective.id), "bench", NOW), self.season(0))

    def season(self, count: int) -> SeasonSize:
        return SeasonSize(2026, self.given.mode, count, self.grades)

    def reading(self, session: Any) -> Desk:
        return Desk(session, self.collective, "bench", NOW)

    def run(self) -> None:
        self.record()
        self.settle()
        self.match()
        if self.given.verify:
            self.verify()

    def record(self) -> None:
        first = min(50_000, self.given.weighings)
        for seed, count in ((1, first), (2, self.given.weighings - first)):
            if count:
                spent = record(self.database, self.collective, NOW, weighings(self.season(count), self.given.households, seed))
                tell(f"record {count:,} weighings, {BATCH:,} a transaction", spent, f"{count / spent:,.0f}/s")
            if seed == 1:
                with self.database.read() as session:
                    tell(f"settle {count:,} weighings (preview)", best(lambda: preview_settlement(self.reading(session), "2026")))
        sell(self.database, self.collective, NOW, self.season(self.given.weighings))
        analyse(self.database)

    def settle(self) -> None:
        with self.database.read() as session:
            desk = self.reading(session)
            query = {"collective": desk.collective_id, "season": session.execute(text("SELECT id FROM seasons")).scalar()}
            plain = best(lambda: session.execute(text(GROUP_BY), query).all())
            preview = best(lambda: preview_settlement(desk, "2026"))
            # Once more, back to back: whoever else uses the machine is to hit both.
            plain = min(plain, best(lambda: session.execute(text(GROUP_BY), query).all()))
            preview = min(preview, best(lambda: preview_settlement(desk, "2026")))
        tell(f"plain GROUP BY of {self.given.weighings:,} weighings", plain)
        tell("settle (computed and conserved)", preview, f"{preview / plain:.2f} x")
        start = time.perf_counter()
        with self.database.write() as session:
            settle_season(self.reading(session), "2026")
        final = time.perf_counter() - start
        tell("settle finally (frozen, sealed, committed)", final, f"{final / plain:.2f} x")
        with self.database.read() as session:
            desk = self.reading(session)
            tell("a page of the earnings", best(lambda: earnings_rows(desk, "2026", page=100)))
            tell("a household's seasons", best(lambda: earnings_of(desk, "H00007")))

    def match(self) -> None:
        with self.database.read() as session:
            desk = self.reading(session)
            found = match_season(desk, "2026").differences
            tell(f"the queue of differences ({len(found)})", best(lambda: match_season(desk, "2026"), 2))
            tell("what each plot may bear and what was weighed of it", best(lambda: plot_yields(desk, "2026"), 2))

    def verify(self) -> None:
        with self.database.read() as session:
            start = time.perf_counter()
            fault = verify(self.reading(session))
            assert fault is None, fault
        tell("verify everything", time.perf_counter() - start)


def tell(what: str, seconds: float, more: str = "") -> None:
    """One line: the time, and the most memory that the process has held by now."""
    print(f"{what:60} {seconds * 1000:12,.1f} ms  {more:10} peak {peak_mib():,} MiB", flush=True)


if __name__ == "__main__":
    main()
