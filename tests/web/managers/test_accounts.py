"""The office's pages for accounts, cards and devices: managers only, each secret shown once, nobody locked out."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.models import Account, DeviceToken
from plantation.services.people.devices import find_device
from tests.web.conftest import browser_of, post_sign_in, token_of
from tests.web.managers.conftest import enter, text_of

HERE = "/managers/accounts"
PAGES = [HERE, f"{HERE}/new", f"{HERE}/cards", f"{HERE}/devices"]
POSTS = [f"{HERE}/new", f"{HERE}/cards/missing", f"{HERE}/cards/page", f"{HERE}/devices", f"{HERE}/devices/revoke"]
HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE accounts; --", "%s {{7*7}}", "../../x?y#z", "قوي", "阿依努尔·买买提"]


@pytest.fixture
def id_of(sqlite_database):
    """`id_of(name)`: an account's id."""

    def find(name: str) -> int:
        with sqlite_database.read() as session:
            return session.scalar(select(Account.id).where(Account.name == name))

    return find


def shown(answer, mark: str) -> str:
    return BeautifulSoup(answer.text, "html.parser").find(attrs={mark: True}).get_text()


def make(office, name: str, role: str = "weigher", **more: str) -> str:
    return shown(office.send(f"{HERE}/new", 200, name=name, role=role, **more), "data-secret")


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.WEIGHER])
def test_nobody_but_a_manager_reaches_them(somebody, role, id_of):
    other = somebody(role)
    token = token_of(other.browser.get("/managers/weighings/new?season=2026"))
    own = [f"{HERE}/secret/{id_of('Zhao')}", f"{HERE}/close/{id_of('Zhao')}"]
    assert [other.browser.get(path).status_code for path in [*PAGES, f"{HERE}/id/{id_of('Zhao')}"]] == [403] * 5
    assert [other.browser.post(path, data={"csrf_token": token}).status_code for path in POSTS + own] == [403] * 7
    assert "Accounts" not in other.get("/managers/weighings").find("header").get_text()


def test_a_post_without_its_token_changes_nothing(office, id_of, counted):
    before = counted(Account), counted(DeviceToken)
    for path in [*POSTS, f"{HERE}/secret/{id_of('Zhao')}", f"{HERE}/close/{id_of('Zhao')}"]:
        sent = {"name": "x", "role": "manager", "confirmed": "y"}
        assert office.browser.post(path, data=sent).status_code == 400, path
    assert (counted(Account), counted(DeviceToken)) == before
    assert enter(office.browser.application, "Zhao")


def test_another_collectives_accounts_and_devices_are_not_there(office, elsewhere, id_of):
    office.send(f"{HERE}/devices", 200, action=f"{HERE}/devices", name="scale 1")
    token, zhao = token_of(elsewhere.browser.get(f"{HERE}/new")), id_of("Zhao")
    assert elsewhere.browser.get(f"{HERE}/id/{zhao}").status_code == 404
    for path, more in ((f"secret/{zhao}", {}), (f"close/{zhao}", {"confirmed": "y"}), ("devices/revoke", {"name": "scale 1"})):
        assert elsewhere.browser.post(f"{HERE}/{path}", data={"csrf_token": token, **more}).status_code == 404, path
    said = text_of(elsewhere.get(HERE)) + text_of(elsewhere.get(f"{HERE}/devices")) + text_of(elsewhere.get(f"{HERE}/cards"))
    assert "Zhao" not in said and "scale 1" not in said and "H001" not in said


def test_a_made_password_is_shown_once_and_opens_the_door(office, app, id_of):
    secret = make(office, "Ma")
    assert enter(app, "Ma", secret=secret).get("/managers/weighings").h1
    assert secret not in office.browser.get(f"{HERE}/id/{id_of('Ma')}").text


def test_a_typed_password_is_never_shown(office, app):
    answer = office.send(f"{HERE}/new", name="Ma", role="accountant", secret="snow on the ridge")
    assert "snow on the ridge" not in office.browser.get(answer.location).text
    assert enter(app, "Ma", secret="snow on the ridge")


def test_a_buyers_account_belongs_to_a_buyer_and_no_other_does(office, app):
    assert "Buyer: This is needed." in office.refused(f"{HERE}/new", name="Li", role="buyer")
    assert "Buyer: Only a buyer's account" in office.refused(f"{HERE}/new", name="Li", role="manager", buyer="B001")
    assert "There is no buyer “B9”" in office.refused(f"{HERE}/new", name="Li", role="buyer", buyer="B9")
    assert enter(app, "Li", secret=make(office, "Li", "buyer", buyer="B001")).get("/buyers").h1


def test_what_cannot_be_an_account_is_refused_at_its_field(office):
    for sent, said in (
        ({"name": "zhao"}, "Sign-in name: There is already an account"),
        ({"name": ""}, "Sign-in name: This is needed."),
        ({"secret": "short"}, "Password: A password needs at least 10"),
        ({"role": "household"}, "Role: “household” is not"),
        ({"role": "township"}, "Role: “township” is not"),
        ({"household_id": "1"}, "no field “household_id”"),
        ({"is_active": "1"}, "no field “is_active”"),
    ):
        assert said in office.refused(f"{HERE}/new", **{"name": "Ma", "role": "weigher", **sent}), sent


def test_a_hostile_name_is_a_name_and_nothing_more(office, id_of):
    for name in HOSTILE:
        make(office, name)
        page = office.get(f"{HERE}/id/{id_of(name)}")
        assert page.h1.get_text() == f"Account {name}" and page.main.find("script") is None
        office.send(f"{HERE}/devices", 200, action=f"{HERE}/devices", name=name)
    assert all(name in text_of(office.get(HERE)) and name in text_of(office.get(f"{HERE}/devices")) for name in HOSTILE)
    assert "No account matches" in text_of(office.get(f"{HERE}?search=%25%25&role=%00"))


@pytest.mark.parametrize("number", ["0", str((1 << 63) - 1), str(1 << 63), "9" * 60])
def test_an_account_that_is_not_there_answers_404(office, number):
    assert office.browser.get(f"{HERE}/id/{number}").status_code == 404


def test_a_new_password_ends_what_was_open(office, app, id_of):
    ma = enter(app, "Ma", secret=make(office, "Ma"))
    path = f"{HERE}/id/{id_of('Ma')}"
    fresh = shown(office.send(path, 200, action=f"{HERE}/secret/{id_of('Ma')}"), "data-secret")
    assert ma.browser.get("/managers/").status_code == 302
    assert enter(app, "Ma", secret=fresh)


def test_an_account_is_closed_once_it_is_confirmed(office, app, id_of):
    secret, path = make(office, "Ma"), f"{HERE}/id/{id_of('Ma')}"
    ma, close = enter(app, "Ma", secret=secret), f"{HERE}/close/{id_of('Ma')}"
    assert "Confirm it first" in office.refused(path, action=close)
    office.send(path, action=close, confirmed="y")
    assert ma.browser.get("/managers/").status_code == 302
    assert post_sign_in(browser_of(app), "Ma", secret).status_code == 422
    assert "closed" in text_of(office.get(path)) and office.get(path).main.find("form") is None


def test_nobody_closes_themselves_or_the_last_manager(office, app, id_of):
    zhao = f"{HERE}/id/{id_of('Zhao')}"
    assert "Your own account cannot be closed" in office.refused(zhao, action=f"{HERE}/close/{id_of('Zhao')}", confirmed="y")
    second = enter(app, "Sun", secret=make(office, "Sun", "manager"))
    second.send(zhao, action=f"{HERE}/close/{id_of('Zhao')}", confirmed="y")
    sun = f"{HERE}/id/{id_of('Sun')}"
    assert second.refused(sun, action=f"{HERE}/close/{id_of('Sun')}", confirmed="y")
    assert second.get(HERE).h1


def test_a_new_token_is_a_code_for_the_phones_camera_where_phones_reach_this_computer(app, office):
    here = f"{HERE}/devices"
    first = office.send(here, 200, action=here, name="phone 1").text
    assert "only this computer knows" in first and 'class="qr"' not in first
    app.config["TLS_NAME"] = "village.lan"
    second = office.send(here, 200, action=here, name="phone 2").text
    app.config["TLS_NAME"] = None
    assert "Scan this with the phone" in second and 'class="qr"' in second


def test_a_device_is_made_seen_and_revoked(office, sqlite_database, counted):
    token = shown(office.send(f"{HERE}/devices", 200, action=f"{HERE}/devices", name="scale 1"), "data-token")
    assert token not in office.browser.get(f"{HERE}/devices").text
    assert "scale 1" in text_of(office.get(f"{HERE}/devices")) and "never" in text_of(office.get(f"{HERE}/devices"))
    said = office.refused(f"{HERE}/devices", action=f"{HERE}/devices", name="scale 1")
    assert "There is already a token called “scale 1”." in said and counted(DeviceToken) == 1
    with sqlite_database.read() as session:
        assert find_device(session, token).name == "scale 1"
    office.send(f"{HERE}/devices", action=f"{HERE}/devices/revoke", name="scale 1")
    with sqlite_database.read() as session:
        assert find_device(session, token) is None
    assert "revoked on" in text_of(office.get(f"{HERE}/devices"))
