"""A household reaches only what is its own: every id of another one is a 404, every other door a 403."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.models import Household, Parcel, Weighing, WeighingShare
from plantation.web.guard import admitted
from tests.orchard_fixtures import unread
from tests.web.conftest import browser_of


def routes(app):
    """The household's pages: (rule, names of its arguments)."""
    return [
        (rule, sorted(rule.arguments))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("households.") and "GET" in rule.methods
    ]


@pytest.fixture
def ids_of_sun(orchard_database, orchard):
    """Every code and id by which anything of Sun's could be asked for, and nothing of Qian's."""
    with orchard_database.read() as session:
        sun = session.scalar(select(Household).where(Household.code == "H002"))
        qian = session.scalar(select(Household).where(Household.code == "H001"))
        slips = session.execute(select(Weighing.id, Weighing.slip).where(Weighing.household_id == sun.id)).all()
        parcels = session.execute(select(Parcel.id, Parcel.code).where(Parcel.household_id == sun.id)).all()
        shares = session.scalars(select(WeighingShare.id).where(WeighingShare.household_id == sun.id)).all()
        mine = {"H001", str(qian.id), *session.scalars(select(Weighing.slip).where(Weighing.household_id == qian.id))}
    ids = {str(each) for row in [*slips, *parcels] for each in row} | {str(share) for share in shares}
    ids |= {"H002", str(sun.id), "R H002", "RH002"}
    assert len(ids) > 80 and not ids & mine
    return sorted(ids)


def test_every_id_of_sun_asked_for_by_qian_on_every_route_is_a_404(app, qian, ids_of_sun):
    asked, qian = 0, unread(qian)
    for rule, names in routes(app):
        for name in sorted(set(names) - {"number"}):
            counted = hasattr(rule._converters[name], "num_convert")  # a key of its own, no code
            for each in (each for each in ids_of_sun if not counted or each.isdigit()):
                given = {name: each} | ({"number": 1} if "number" in names else {})
                address = app.url_map.bind("localhost").build(rule.endpoint, given)
                answer = qian.get(address)
                assert answer.status_code == 404, address
                asked += 1
    assert asked > 240


def said(answer, asked):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(asked, "…")


def test_what_is_not_there_and_what_is_not_yours_look_the_same(qian):
    theirs, nobodys = qian.get("/my/slips/2026-000005"), qian.get("/my/slips/2026-999999")
    assert theirs.status_code == nobodys.status_code == 404
    assert said(theirs, "2026-000005") == said(nobodys, "2026-999999")


def test_no_page_of_qians_says_anything_of_others_but_a_neighbours_code(app, qian):
    for address in (
        "/my",
        "/my/slips",
        "/my/statement",
        "/my/statement/2025",
        "/my/land",
        "/my/land/P1-1",
        "/my/data",
        "/my/data.json",
        "/my/data.csv",
        "/my/slips/2026-000061",
    ):
        text = qian.get(address).text
        for secret in ("孙", "吴秀英", "周平", "2026-000005", "H003" if "land" not in address else "吴秀英", "H009"):
            assert secret not in text, (address, secret)


def test_other_roles_are_refused_on_every_route(app, zhao, li):
    for rule, names in routes(app):
        address = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(names, "2026"))
        assert zhao.get(address).status_code == 403, address
        assert li.get(address).status_code == 403, address


def test_a_signed_out_visitor_is_asked_to_sign_in(app):
    visitor = app.test_client()
    for rule, names in routes(app):
        address = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(names, "2026"))
        answer = visitor.get(address)
        assert answer.status_code == 302 and answer.location.startswith("/sign-in?next="), address


# Where a household may say that something is wrong; everything else is only read.
SAYS = {"households.dispute_slip", "households.object_to_notice"}
LETS_READ = {"households.give_access", "households.renew_card", "households.withdraw_access"}


def test_nothing_can_be_sent_to_a_households_pages_but_that_something_is_wrong_and_who_may_read(app, qian):
    takes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("households.") and "POST" in rule.methods}
    assert takes == SAYS | LETS_READ
    assert all(admitted(app, endpoint) == {Role.HOUSEHOLD} for endpoint in takes)
    for rule, names in routes(app):
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}
        address = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(names, "2026"))
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert qian.open(address, method=method).status_code in (400, 405), (method, address)


def test_nobody_disputes_the_slip_of_another(app, qian, sun):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', sun.get("/my/dispute/2026-000005").text)[1]
    mine = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', qian.get("/my").text)[1]
    answer = qian.post("/my/dispute/2026-000005", data={"csrf_token": mine, "about": "weight_wrong", "text": ""})
    assert answer.status_code == 404
    assert sun.post("/my/dispute/2026-000005", data={"csrf_token": token, "about": "weight_wrong", "text": ""}).status_code == 302


STRANGE = (
    "'",
    '"',
    "' OR '1'='1",
    "<script>alert(1)</script>",
    "..",
    "../../etc/passwd",
    "%00",
    "2026%00",
    "a" * 65,
    "a" * 5000,
    "%ff%fe",
    "%F0%9F%8D%8A",
    "{{7*7}}",
    "%0d%0aX: y",
    "-1",
    "1e9",
    str(10**30),
    "%E2%80%AE",
)


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_id_is_a_404_and_never_a_fault(qian, strange):
    for path in ("/my/slips/", "/my/land/", "/my/statement/", "/my/dispute/", "/my/notices/1/"):
        answer = unread(qian).get(path + strange)
        assert answer.status_code in (404, 308), path
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "abc", str(10**30), "1.5", "", "１", "999999999", "%00", "' OR 1=1"])
def test_a_strange_page_number_shows_a_page_that_is_there(qian, number):
    for path in ("/my/slips", "/my/statement/2026"):
        assert qian.get(f"{path}?page={number}").status_code == 200, path


@pytest.mark.parametrize("season", ["1999", "'", "%00", "a" * 5000, "<script>"])
def test_a_strange_season_in_the_slips_list_is_a_404_or_all_of_them(qian, season):
    assert qian.get(f"/my/slips?season={season}").status_code in (200, 404)


def test_scripts_in_names_are_shown_as_text(sun, qian):
    text = sun.get("/my").text
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text
    assert "<b>1</b>" not in qian.get("/my/land/P1-1").text


def test_a_household_without_land_or_fruit_has_its_pages(zhou):
    for address in ("/my", "/my/slips", "/my/statement", "/my/statement/2025", "/my/land", "/my/data", "/my/data.json", "/my/data.csv"):
        assert zhou.get(address).status_code == 200, address
    assert "¥\u00a00.00" in zhou.get("/my").text


def test_the_pages_are_there_before_the_first_season(sqlite_database):
    from plantation.models import Household as Row
    from plantation.models import new_id
    from plantation.services.collectives import create_collective
    from tests.conftest import NOW
    from tests.doors import PIN, enter, give_accounts, open_app

    with sqlite_database.write() as session:
        collective = create_collective(session, "new", "New", "Asia/Shanghai", NOW)
        session.add(Row(collective_id=collective.id, id=new_id(), code="H001", name="Qian", members=1))
    give_accounts(sqlite_database, collective)
    qian = enter(open_app(sqlite_database), "H001", PIN)
    for address in ("/my", "/my/slips", "/my/statement", "/my/land", "/my/data.json", "/my/data.csv"):
        assert qian.get(address).status_code == 200, address


def test_an_account_that_was_closed_reaches_nothing_more(app, qian, orchard_database, orchard):
    from plantation.services.desk import Desk
    from plantation.services.people.accounts import deactivate_account, load_account
    from tests.conftest import NOW

    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        deactivate_account(desk, load_account(desk, "H001"))
    assert qian.get("/my").status_code == 302
    assert browser_of(app).get("/my").status_code == 302
