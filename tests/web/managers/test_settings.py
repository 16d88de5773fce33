"""What a collective sets once: its name, its crates and bags, one tap on the forms; and what a mu bears by age."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from plantation.domain.forecast import DEFAULT_YIELDS
from plantation.domain.tares import DEFAULT_TARES, Tare
from plantation.domain.words import Role
from plantation.models import Collective, JournalEntry, TareList, YieldTable
from plantation.services.desk import Desk
from plantation.services.fruit.differences import match_season
from plantation.services.fruit.field_reference import field_reference
from plantation.services.fruit.tares import list_tares
from plantation.services.land.yields import yields_of
from plantation.services.people.accounts import create_account
from plantation.services.proof.verification import verify
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import enter, text_of

COLLECTIVE, TARES, YIELDS = "/managers/collective", "/managers/tares", "/managers/yields"


@pytest.fixture
def look(sqlite_database, village):
    def at(read):
        with sqlite_database.read() as session:
            return read(Desk(session, village, "Zhao", NOON))

    return at


def named(look):
    return look(lambda desk: desk.session.scalars(select(JournalEntry.payload).where(JournalEntry.kind == "collective-name")).all())


def test_a_village_that_came_from_files_is_asked_for_its_name_once_and_called_by_it(office, somebody, sqlite_database, village, look):
    question = "What is your village called?"
    assert question not in text_of(office.get("/managers/"))
    with sqlite_database.write() as session:
        session.get_one(Collective, village.id).name = village.code  # as `plantation import` into an empty database leaves it
    assert question in text_of(office.get("/managers/")) and question not in text_of(somebody(Role.ACCOUNTANT).get("/managers/"))
    assert office.fields(COLLECTIVE)["name"] == ""
    home = office.follow(office.send(COLLECTIVE, name=" 阿果依村 "))
    assert "阿果依村" in text_of(home) and question not in text_of(home)
    assert home.title.string.endswith("· 阿果依村") and home.select_one(".brand-collective").string == "阿果依村"
    assert look(field_reference)["name"] == "阿果依村" and office.fields(COLLECTIVE)["name"] == "阿果依村"
    office.send(COLLECTIVE, name="阿果依村")  # nothing changed: nothing written
    assert named(look) == ['{"name":"阿果依村"}'] and look(verify) is None


def test_a_village_may_be_called_by_its_code_and_is_not_asked_again(office, sqlite_database, village, look):
    with sqlite_database.write() as session:
        session.get_one(Collective, village.id).name = village.code
    home = office.follow(office.send(COLLECTIVE, name=village.code))
    assert "What is your village called?" not in text_of(home) and len(named(look)) == 1


@pytest.mark.parametrize(("name", "said"), [("", "Name"), ("  ", "Name"), ("x" * 201, "At most 200"), ("a\tb", "printable")])
def test_what_is_no_name_is_refused_and_nothing_is_written(office, look, name, said):
    assert said in office.refused(COLLECTIVE, name=name)
    assert named(look) == []


def kinds(*tares):
    filled = [*tares, *[("", "")] * (12 - len(tares))]
    return {f"tares-{n}-{name}": value for n, pair in enumerate(filled) for name, value in zip(("name", "grams"), pair, strict=True)}


def test_crates_are_set_once_and_offered_as_one_tap_on_the_form_and_on_phones(office, look, counted):
    assert look(list_tares) == DEFAULT_TARES
    office.send(TARES, **kinds(("筐", "1.25"), ("<b>袋</b>", "0.4"), ("", "0")))
    assert look(list_tares) == (Tare("筐", 1_250), Tare("<b>袋</b>", 400), Tare("", 0))
    office.send(TARES, **kinds(("筐", "1.25"), ("<b>袋</b>", "0.4"), ("", "0")))  # nothing changed: nothing written
    assert counted(TareList) == 1
    keys = office.get("/managers/weighings/new?season=2026").select("[data-tares] [data-tare]")
    assert [(key["data-tare"], key.get_text(" ", strip=True).split()[0]) for key in keys][:2] == [("1.250", "筐"), ("0.400", "<b>袋</b>")]
    assert look(field_reference)["tares"] == [["筐", "1.250"], ["<b>袋</b>", "0.400"], ["", "0.000"]]
    assert look(verify) is None


@pytest.mark.parametrize(("tares", "said"), [
    ([], "these are 0"), ([("筐", "1"), ("筐", "2")], "twice"), ([("", "1"), ("", "1")], "twice"), ([("x", "1001")], "too large"),
    ([("x", "-1")], "Empty, kg"), ([("x" * 21, "1")], "At most 20"), ([("x", "1.2345")], "Empty, kg"),
])  # fmt: skip
def test_what_is_no_list_of_crates_is_refused(office, counted, tares, said):
    assert said in office.refused(TARES, **kinds(*tares))
    assert counted(TareList) == 0


def bands(**changes):
    names = ("from_years", "low_kg_per_mu", "mid_kg_per_mu", "high_kg_per_mu")
    sent = {
        f"stages-{n}-{name}": str(line[place])
        for n, line in enumerate(DEFAULT_YIELDS)
        for place, name in zip((0, 2, 3, 4), names, strict=True)
    }
    return sent | changes


def doubtful(look):
    """By household what a phone asks about: a fifth of what its land bears in the season."""
    return {code: grams for code, _, grams, _ in look(field_reference)["households"]}


def test_the_yields_move_what_the_land_bears_and_what_a_phone_asks_about(office, look, counted):
    assert look(yields_of) == DEFAULT_YIELDS and doubtful(look) == {"H001": 9_000 * 400 // 5, "H002": 4_500 * 400 // 5, "H009": None}
    office.send(
        "/managers/weighings/new?season=2026",
        household="H001",
        grade="A",
        weighed_at="2026-09-01T08:00",
        gross_grams="3001",
        tare_grams="1",
        save="1",
    )
    assert not [one for one in look(lambda desk: match_season(desk, "2026")).differences if one.difference.kind == "over_land"]
    low = {f"stages-{n}-{name}_kg_per_mu": "1" for n in (1, 2, 3, 4) for name in ("low", "mid", "high")}
    office.send(YIELDS, **bands(**low))
    assert counted(YieldTable) == 1 and doubtful(look) == {"H001": 1_800, "H002": 900, "H009": None}
    assert [one.difference.kind for one in look(lambda desk: match_season(desk, "2026")).differences if one.difference.kind == "over_land"]
    assert look(verify) is None


@pytest.mark.parametrize(("changes", "said"), [
    ({"stages-0-from_years": "1"}, "age 0"), ({"stages-2-from_years": "3"}, "age 3"), ({"stages-3-low_kg_per_mu": "900"}, "age 10"),
    ({"stages-3-high_kg_per_mu": "100001"}, "too large"), ({"stages-3-mid_kg_per_mu": ""}, "needed"), ({"stages-1-from_years": "x"}, "years"),
])  # fmt: skip
def test_what_is_no_table_of_yields_is_refused(office, counted, changes, said):
    assert said in office.refused(YIELDS, **bands(**changes))
    assert counted(YieldTable) == 0


@pytest.fixture
def new_village(app, aguoyi, sqlite_database):
    """`new_village(role)`: a browser of somebody in a village that has nothing yet."""

    def enter_as(role):
        with sqlite_database.write() as session:
            create_account(Desk(session, aguoyi, "cli", NOON), name=f"n-{role}", role=role, secret=PASSWORD, language="en")
        return enter(app, f"n-{role}")

    return enter_as


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER])
def test_in_a_village_that_has_nothing_yet_no_link_leads_to_a_closed_door(new_village, role):
    office = new_village(role)
    seen, wait = set(), ["/managers/find", "/managers/seasons", "/managers/weighings"]
    wait += ["/managers/"] if role != Role.WEIGHER else []
    while wait:
        path = wait.pop().partition("#")[0]
        if path in seen or not path.startswith("/managers"):
            continue
        seen.add(path)
        answer = office.browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            wait += [link["href"] for link in BeautifulSoup(answer.text, "html.parser").find_all("a", href=True)]
    assert len(seen) > {Role.MANAGER: 40, Role.ACCOUNTANT: 15, Role.WEIGHER: 5}[role]


def test_the_first_page_of_a_new_village_says_what_comes_first_and_what_is_there(new_village):
    office = new_village(Role.MANAGER)
    steps = [step.get_text(" ", strip=True) for step in office.get("/managers/").select(".first-steps li")]
    assert len(steps) == 6 and not any("there" in step.split() for step in steps)
    office.send("/managers/households/new", code="H001", name="Qian", members="4")
    steps = [step.get_text(" ", strip=True) for step in office.get("/managers/").select(".first-steps li")]
    assert steps[1] == "Households there"
