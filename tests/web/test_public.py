"""What everybody may see: the front page, and what is recorded under a slip's code."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from plantation.models import Collective
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.weighings import WeighingInput, record_weighing, reverse_weighing
from plantation.services.money.settlements import settle_season
from tests.cast import QIAN, found_village
from tests.conftest import NOW
from tests.services.fruit.test_purchases import POOLED
from tests.services.fruit.test_weighings import weighed
from tests.web.conftest import NOON, browser_of


@pytest.fixture
def slips(sqlite_database):
    """The village with one valid slip and one that was taken back."""
    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW)
        found_village(session, collective)
    with sqlite_database.write() as session:
        desk = Desk(session, collective, "Zhao", NOON)
        return weigh_two(desk)


def weigh_two(desk):
    slips = []
    for number in (1, 2):
        weighing = record_weighing(
            desk,
            WeighingInput(
                id=f"0000000{number}-0000-4000-8000-000000000000",
                slip=None,
                season="2026",
                time=dt.datetime(2026, 9, 15, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))),
                household=QIAN,
                plot=None,
                parcel=None,
                grade="A",
                gross_grams=50_000,
                tare_grams=2_000,
                deduction_ppm=0,
                picker="",
                reverses=None,
                piece_rate_fen_per_kg=None,
                reason="",
            ),
        )
        slips.append(weighing.slip)
    reverse_weighing(desk, slips[1], reason="wrong household")
    return slips


def test_the_front_page_shows_the_doors(client, aguoyi):
    page = client.get("/").text
    assert all(door in page for door in ("Households", "Managers", "Buyers", "Sign in", "Check a slip"))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/verify", "/lots", "/nowhere"])
def test_a_visitor_finds_the_own_language_by_its_name_on_every_page(client, aguoyi, path):
    page = BeautifulSoup(client.get(path).text, "html.parser")
    names = [(each["lang"], each.text) for each in page.select("header li button[name=language]")]
    assert names == [("zh-Hans", "中文"), ("ug", "ئۇيغۇرچە"), ("ky-Arab", "قىرعىزچا"), ("en", "English")]
    assert len(page.select("button.tongue[aria-current]")) == 1


def test_each_door_of_the_front_page_leads_to_the_sign_in(client, aguoyi):
    doors = BeautifulSoup(client.get("/").text, "html.parser").select(".door h2 a")
    assert [door["href"] for door in doors] == ["/sign-in"] * 3


def test_the_front_page_of_an_empty_installation_is_no_fault(client):
    assert client.get("/").status_code == 200


def test_a_slip_shows_its_figures_and_no_name(client, slips):
    page = client.get(f"/verify/{slips[0]}")
    assert page.status_code == 200
    assert "48" in page.text and "249.60" in page.text and "Sep 15, 2026" in page.text.replace("\u00a0", " ") and ">valid<" in page.text
    assert QIAN not in page.text and "钱" not in page.text


def test_a_slip_that_was_taken_back_says_so(client, slips):
    page = client.get(f"/verify/{slips[1]}").text
    assert ">reversed<" in page and "no longer counts" in page


def test_a_slip_of_the_pool_says_where_its_amount_is(client, slips, sqlite_database):
    with sqlite_database.write() as session:
        desk = Desk(session, session.scalar(select(Collective)), "Zhao", NOON)
        slip = record_weighing(desk, weighed(**POOLED)).slip
    page = client.get(f"/verify/{slip}").text
    assert "share of the pool" in page and "known after the settlement" in page
    with sqlite_database.write() as session:
        settle_season(Desk(session, session.scalar(select(Collective)), "Zhao", NOON), "2025")
    page = client.get(f"/verify/{slip}").text
    assert "in the statement" in page and "known after the settlement" not in page


def test_a_code_that_is_on_no_slip_answers_404_with_what_to_do(client, slips):
    answer = client.get("/verify/26-99999")
    assert answer.status_code == 404
    assert "Compare the code letter by letter" in answer.text


def test_the_form_leads_to_the_slips_own_address(client, slips):
    assert client.get(f"/verify?slip={slips[0]}").location == f"/verify/{slips[0]}"


def test_where_there_are_several_collectives_the_slips_is_asked_for(app, slips, sqlite_database):
    with sqlite_database.write() as session:
        create_collective(session, "other", "另一个村", "Asia/Shanghai", NOW)
    browser = browser_of(app)
    assert 'name="collective"' in browser.get(f"/verify/{slips[0]}").text
    assert browser.get(f"/verify/aguoyi/{slips[0]}").status_code == 200
    assert browser.get(f"/verify/other/{slips[0]}").status_code == 404
    assert browser.get(f"/verify/nowhere/{slips[0]}").status_code == 404


@pytest.mark.parametrize("code", ["<script>alert(1)</script>", "' OR 1=1 --", "%00", "../../etc/passwd", "x" * 5000])
def test_a_hostile_code_is_only_text(client, slips, code):
    answer = client.get("/verify", query_string={"slip": code}, follow_redirects=True)
    assert answer.status_code in (400, 404)
    assert "<script>alert" not in answer.text


def test_a_slips_code_is_read_from_left_to_right_in_every_language(app, slips):
    page = BeautifulSoup(browser_of(app).get(f"/verify/{slips[0]}", headers={"Accept-Language": "ug"}).text, "html.parser")
    assert page.html["dir"] == "rtl" and page.select_one("#slip-title bdi")["dir"] == "ltr"
    assert page.select_one("input#slip")["dir"] == "ltr"
