"""The township's door: totals after a manager's grant, no names, no other page."""

from __future__ import annotations

from plantation.domain.words import Role
from plantation.services.desk import Desk
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
