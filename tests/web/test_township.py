"""The township's door: totals after a manager's grant, no names, no other page."""

from __future__ import annotations

import datetime as dt

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.money.seasons import save_season
from plantation.services.people.accounts import create_account
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import enter, harvest, office, text_of, village

__all__ = ["harvest", "office", "village"]
HERE = "/managers/accounts/township"


def test_a_manager_lets_the_township_in_and_out(harvest, app, aguoyi, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, aguoyi, "cli", NOON), name="town", role=Role.TOWNSHIP, secret=PASSWORD, language="en")
    town = enter(app, "town")
    assert "No collective has let you in yet" in text_of(town.get("/township"))
    assert "There is no account of the township" in harvest.refused(HERE, reader="Zhao")
    harvest.send(HERE, reader="town", is_given="y")
    page = town.get("/township").main.get_text(" ", strip=True)
    assert "阿果依村" in page and "50" in page
    for secret in ("钱", "孙", "H001", "H002", "R1"):
        assert secret not in page, secret
    for path in ("/managers/", "/managers/weighings", "/my", "/buyers", "/picker"):
        assert town.browser.get(path).status_code == 403, path
    harvest.send(HERE, reader="town", is_given=None)
    sent = harvest.fields(HERE) | {"reader": "town"}
    sent.pop("is_given", None)
    assert harvest.browser.post(HERE, data=sent).status_code == 302
    assert "No collective has let you in yet" in text_of(town.get("/township"))


def test_the_chart_has_the_last_seasons_by_their_days_and_not_by_their_codes(harvest, app, aguoyi, sqlite_database):
    with sqlite_database.write() as session:
        desk = Desk(session, aguoyi, "cli", NOON)
        create_account(desk, name="town", role=Role.TOWNSHIP, secret=PASSWORD, language="en")
        for code, year in (("W", 2019), ("first", 2031), ("a-last", 2032)):
            save_season(desk, code=code, starts_on=dt.date(year, 8, 1), ends_on=dt.date(year, 10, 31), mode="pooled", tolerance_ppm=0)
    harvest.send(HERE, reader="town", is_given="y")
    page = enter(app, "town").get("/township")
    chart = page.select_one("figure .chart-figures")
    assert [cell.get_text(strip=True) for cell in chart.select("tbody th")] == ["W", "2025", "2026", "first", "a-last"]
