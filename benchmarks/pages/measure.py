"""Measure the pages of a household and of the office over a full database; see README.md beside this file."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import statistics
import time
from collections.abc import Iterable
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from benchmarks.filling import SeasonSize, add_database, analyse, code_of, found, open_database, open_season, record, sell, weighings
from plantation import create_app
from plantation.database import Database
from plantation.domain.words import AdvanceForm, Role
from plantation.models import Account, Advance, Collective, Household, Notice
from plantation.services import facts
from plantation.services.desk import Desk, choose_collective
from plantation.services.money import dividend_declarations, dividend_payments
from plantation.services.money.notices import figures_of
from plantation.services.money.payments import pay_all
from plantation.services.money.seasons import load_season
from plantation.services.money.settlements import preview_settlement, settle_season
from plantation.services.people.accounts import create_account

NOW = dt.datetime(2026, 10, 20, 2, 0, tzinfo=dt.UTC)
MANAGER, SECRET, PIN = "zhao", "leaf silver-green 2026", "481905"
MOST_STATEMENTS, MOST_MS = 20, 50

HOUSEHOLD_PAGES = (
    "/my", "/my/statement", "/my/statement/2024", "/my/statement/2025", "/my/slips", "/my/slips?page=3", "/my/slips/{slip}", "/my/land",
    "/my/land/{parcel}",
)  # fmt: skip
OFFICE_PAGES = (
    "/managers/", "/managers/?season=2025", "/managers/seasons/code/2026", "/managers/weighings", "/managers/weighings?season=2026",
    "/managers/weighings?season=2026&page=200", "/managers/weighings?search=H00{number}", "/managers/weighings?search=户{number}",
    "/managers/weighings/slip/{slip}", "/managers/weighings/new", "/managers/find?q={number}", "/managers/find?q=户{number}",
    "/managers/find?q=2026-00{number}", "/managers/find?q=H", "/managers/households", "/managers/households?page=150",
    "/managers/households?search={number}", "/managers/households/code/H00{number}", "/managers/differences",
    "/managers/differences?season=2025", "/managers/land", "/managers/maps/land", "/managers/settlements?season=2025",
    "/managers/settlements", "/managers/payments", "/managers/plots", "/managers/plots/code/P001", "/managers/purchases",
)  # fmt: skip


def fill(database: Database, households: int, each: int) -> None:
    """Three seasons with `each` weighings a household: two are settled and paid, the third is running."""
    begun = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    collective = found(database, households, begun)
    for year, mode, days in ((2024, "pooled", 90), (2025, "posted", 90), (2026, "pooled", 79)):
        size = SeasonSize(year, mode, each * households, days=days)
        over = dt.datetime(year, 11, 10, 2, 0, tzinfo=dt.UTC)
        now = min(over, NOW)
        with database.write() as session:
            open_season(Desk(session, session.get_one(Collective, collective.id), "bench", begun), size)
        record(database, collective, now, weighings(size, households, 1))
        sell(database, collective, now, size)
        if now == over:
            with database.write() as session:
                desk = Desk(session, collective, MANAGER, now)
                settle_season(desk, size.code)
                pay_all(desk, size.code, date=now.date(), method="bank", reference=size.code)
        print(f"season {year} is filled", flush=True)
    give_more(database)
    analyse(database)


def give_more(database: Database) -> None:
    """A dividend for all, paid; an advance for every tenth; a notice of the running season for all, as if it were over."""
    today = NOW.date()
    with database.write() as session:
        desk = Desk(session, choose_collective(session), MANAGER, NOW)
        dividend_declarations.declare_dividend(desk, dividend_declarations.DividendTerms("D-2025", "2025 年分红", each_fen=130_000), [])
        dividend_payments.pay_dividend(desk, "D-2025", paid_on=today, method="bank")
        codes = sorted(session.scalars(select(Household.code).where(Household.collective_id == desk.collective_id)))
        ids = dict(session.execute(select(Household.code, Household.id).where(Household.collective_id == desk.collective_id)).all())
        had = {"form": AdvanceForm.GOODS, "text": "手套", "given_on": today, "amount_fen": 8_000, "reverses_id": None, "reason": ""}
        facts.seal(desk, [Advance(household_id=ids[code], **had) for code in codes[::10]])
        season = load_season(desk, "2026")
        lines, digest = figures_of(preview_settlement(desk, season))
        hangs = {"posted_on": today, "ends_on": today + dt.timedelta(days=7)}
        facts.seal(desk, [Notice(season_id=season.id, number=1, lines=lines, digest=digest, **hangs)])


class Seen(NamedTuple):
    """One answer: how many SQL statements it took, how long the server worked, and how large it was before compression."""

    statements: int
    milliseconds: float
    octets: int


class Visitor:
    """A browser without JavaScript whose requests are counted and timed."""

    def __init__(self, app: Flask, asked: list[str], name: str, secret: str, address: str) -> None:
        self.asked = asked
        self.browser: FlaskClient = app.test_client()
        # Addresses of their own, so that nobody is taken for one who guesses names.
        self.browser.environ_base["REMOTE_ADDR"] = address
        page = self.browser.get("/sign-in").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        answer = self.browser.post("/sign-in", data={"csrf_token": token, "name": name, "secret": secret, "next": ""})
        assert answer.status_code == 302, answer.text

    def get(self, path: str) -> tuple[Seen, str]:
        self.asked.clear()
        start = time.perf_counter()
        answer = self.browser.get(path)
        spent = time.perf_counter() - start
        assert answer.status_code in (200, 303), (path, answer.status_code)
        return Seen(len(self.asked), spent * 1000, len(answer.data)), answer.text


def give_accounts(database: Database, codes: Iterable[str]) -> None:
    """A manager, and the households of `codes`, where they have none yet."""
    with database.write() as session:
        desk = Desk(session, choose_collective(session), "bench", NOW)
        known = set(session.scalars(select(Account.name).where(Account.collective_id == desk.collective_id)))
        if MANAGER not in known:
            create_account(desk, name=MANAGER, role=Role.MANAGER, secret=SECRET)
        wanted = set(codes) - known
        mine = Household.collective_id == desk.collective_id
        for household in session.scalars(select(Household).where(mine, Household.code.in_(wanted))):
            create_account(desk, name=household.code, role=Role.HOUSEHOLD, secret=PIN, household=household)


def show(title: str, seen: list[Seen]) -> None:
    """One line: the most statements, the median and the slowest tenth in milliseconds, the size."""
    times = sorted(one.milliseconds for one in seen)
    statements = max(one.statements for one in seen)
    median, late = statistics.median(times), times[len(times) * 9 // 10]
    over = " <- over" if statements >= MOST_STATEMENTS or median >= MOST_MS else ""
    octets = int(statistics.median(one.octets for one in seen))
    print(f"{title:44} {statements:3} statements  {median:8.1f} ms  (nine of ten {late:8.1f})  {octets / 1024:7.1f} KiB{over}", flush=True)


def measure_households(app: Flask, asked: list[str], codes: list[str]) -> None:
    """Every page once for each household: the process is warm, the household's own rows are not."""
    visitors = [Visitor(app, asked, code, PIN, f"10.1.{place // 250}.{place % 250 + 1}") for place, code in enumerate(codes)]
    seen: dict[str, list[Seen]] = {page: [] for page in HOUSEHOLD_PAGES}
    for place, visitor in enumerate(visitors):
        names = {}
        for key, path, pattern in (
            ("slip", "/my/slips", r'href="/my/slips/([^"?]+)"'),
            ("parcel", "/my/land", r'href="/my/land/([^"?]+)"'),
        ):
            if place < 5:
                visitor.get(path)
            one, text = visitor.get(path)
            names[key] = re.search(pattern, text)[1]
            seen[path].append(one)
        for page in HOUSEHOLD_PAGES:
            if page in ("/my/slips", "/my/land"):
                continue
            if place < 5:
                visitor.get(page.format(**names))
            seen[page].append(visitor.get(page.format(**names))[0])
    for page, answers in seen.items():
        show(page, answers)


def measure_office(app: Flask, asked: list[str], times: int) -> None:
    """Every page several times, with other figures where it has one to fill in."""
    manager = Visitor(app, asked, MANAGER, SECRET, "10.2.0.1")
    _, text = manager.get("/managers/weighings")
    slip = re.search(r'href="/managers/weighings/slip/([^"?]+)"', text)[1]
    for page in OFFICE_PAGES:
        paths = [page.format(slip=slip, number=100 + 37 * place) for place in range(times)]
        manager.get(paths[0])
        show(page, [manager.get(path)[0] for path in paths])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=50, help="weighings a household a season")
    parser.add_argument("--sample", type=int, default=100, help="how many households look")
    parser.add_argument("--times", type=int, default=7, help="how often the office looks at each page")
    given = parser.parse_args()
    with open_database(given) as database:
        with database.read() as session:
            is_empty = session.scalar(select(Collective.id)) is None
        if is_empty:
            fill(database, given.households, given.each)
        codes = [code_of(place * given.households // given.sample) for place in range(given.sample)]
        give_accounts(database, codes)
        app = create_app({"SECRET_KEY": "for the benchmark only"}, database)
        app.extensions["plantation.clock"] = lambda: NOW
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *details: asked.append(details[2]))
        measure_households(app, asked, codes)
        measure_office(app, asked, given.times)


if __name__ == "__main__":
    main()
