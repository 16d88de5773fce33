"""What a household reads is what the settlement says, to the fen, and every number opens into its lines."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from plantation.services.desk import Desk
from plantation.services.money.statements import earnings_of, explain
from plantation.services.people.households import load_household
from tests.conftest import NOW


@pytest.fixture
def book(orchard_database, orchard):
    """What the office knows of Qian, season by season."""
    with orchard_database.read() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        qian = load_household(desk, "H001")
        yield {row.season: row for row in earnings_of(desk, qian)}, {code: explain(desk, code, qian) for code in ("2025", "2026")}


def fen(text: str) -> int:
    whole, cents = re.search(r"(-?[\d,]+)\.(\d\d)", text).groups()
    return int(whole.replace(",", "")) * 100 + (-1 if whole.startswith("-") else 1) * int(cents)


def read(browser, address: str) -> BeautifulSoup:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html5lib")


def values(page: BeautifulSoup) -> dict[str, int]:
    """The amounts of a statement by their labels."""
    found = {}
    for step in page.select(".steps > li"):
        line = step.find("summary") or step
        found[line.find("span").contents[0].strip()] = fen(line.select_one(".step-value").text)
    return found


def test_what_the_land_should_bear_is_written_as_the_guess_that_it_is(qian):
    panel = read(qian, "/my").find(id="forecast-title").find_parent("section")
    guesses = [panel.find(class_="panel-head").text, *(row.text for row in panel.select(".bar-rows > *")[:1])]
    assert "about" in guesses[0] and "between" in guesses[1]
    assert not [text for text in guesses if "." in text], guesses


def test_the_one_big_number_is_what_final_settlements_still_owe(qian, book):
    seasons, _ = book
    page = read(qian, "/my")
    assert fen(page.select_one(".owed-value").text) == seasons["2025"].balance_fen == seasons["2025"].net_fen - 30_000
    assert "Paid to you so far: ¥\u00a0300.00" in page.text


def test_the_button_beside_it_leads_to_the_season_that_owes_it(qian):
    assert read(qian, "/my").select_one(".owed a")["href"] == "/my/statement/2025"


def test_the_running_season_is_labelled_provisional(qian, book):
    seasons, _ = book
    panel = read(qian, "/my").find(id="season-title").find_parent("section")
    assert panel.select_one(".badge").text == "provisional"
    assert [fen(dd.text) for dd in panel.select("dd")[1:]] == [seasons["2026"].net_fen]
    assert len(panel.select("rect.day-bar")) == 20


def test_this_season_stands_beside_the_last_one(qian, book):
    seasons, _ = book
    panel = read(qian, "/my").find(id="beside-title").find_parent("section")
    table = panel.find("table")
    assert [th.text for th in table.select("tbody th")] == ["2026", "2025"]
    owed = [row.select("td")[-1].text for row in table.select("tbody tr")]
    assert owed[0] == "–" and fen(owed[1]) == seasons["2025"].balance_fen
    bars = [[float(rect["width"]) for rect in row.select("rect")[1:]] for row in panel.select(".bar-row")]
    top = max(row.net_fen for row in seasons.values())
    assert [sum(lengths) for lengths in bars] == [pytest.approx(1000 * seasons[code].net_fen / top, abs=3) for code in ("2026", "2025")]


def test_the_steps_of_a_statement_are_drawn_as_parts_of_the_fruits_worth(qian, book):
    _, explained = book
    earnings = explained["2025"].earnings
    drawn = {}
    for step in read(qian, "/my/statement/2025").select(".steps > li"):
        rect = step.select_one("rect:nth-of-type(2)")
        label = (step.find("summary") or step).span.find(string=True, recursive=False).strip()
        drawn[label] = (rect["class"][0], float(rect["width"])) if rect else None
    assert drawn["Fruit in all"] == ("part-berry", 1000.0)
    assert drawn["Worth to you"][1] == pytest.approx(1000 * earnings.net_fen / earnings.gross_fen, abs=0.1)
    assert drawn["Picking wages"][0] == "part-less" and drawn["Paid to you"][0] == "part-leaf"


@pytest.mark.parametrize("season", ["2025", "2026"])
def test_a_statement_says_what_the_office_says(qian, book, season):
    seasons, explained = book
    said = values(read(qian, f"/my/statement/{season}"))
    row, lines = seasons[season], explained[season].earnings
    for line in lines.fruit:
        assert said[f"Grade {line.grade}"] == line.direct_fen + line.common_fen
    assert said["Fruit in all"] == row.gross_fen
    assert -said["Picking wages"] == row.picking_fen
    assert said["Worth to you"] == row.net_fen
    assert -said["Paid to you"] == row.paid_fen
    assert said.get("Still owed to you") == (row.balance_fen if season == "2025" else None)


def test_the_lines_of_a_statement_add_up_on_the_page(qian):
    said = values(read(qian, "/my/statement/2025"))
    assert said["Fruit in all"] == said["Grade A"] + said["Grade B"]
    taken = said["公积金"] + said["Crates"] + said["Fee"] + said["Picking wages"]
    assert said["Worth to you"] == said["Fruit in all"] + taken
    assert said["Still owed to you"] == said["Worth to you"] + said["Paid to you"]


def test_a_pools_share_opens_into_its_figures(qian, book):
    _, explained = book
    total, [line, *_] = explained["2025"].grades["A"], explained["2025"].earnings.fruit
    text = " ".join(read(qian, "/my/statement/2025").select_one(".steps").text.split()).replace("\u00a0", " ")
    yuan = f"{total.pool_revenue_fen / 100:,.2f}"
    assert f"¥ {yuan} × {line.common_grams / 1000:,g} kg ÷ " in text
    assert f"= ¥ {line.common_fen / 100:,.2f}" in text


def test_a_direct_sale_opens_into_its_purchase(sun):
    text = read(sun, "/my/statement/2025").select_one(".steps").text.replace("\u00a0", " ")
    assert "Sold in your own name on Oct 28, 2025 to 何 & Söhne (P00004): 40 kg × ¥ 6.10 = ¥ 244.00" in " ".join(text.split())


def test_a_correction_after_the_settlement_is_shown_as_a_difference(qian):
    page = read(qian, "/my/statement/2025")
    assert "Settled 2 times" in page.text
    assert re.search(r"difference ¥\s-\d+\.\d\d", page.text)


def test_a_payment_opens_into_its_date_method_and_reference(qian):
    assert "Nov 5, 2025: ¥ 300.00 cash · 签名 12" in read(qian, "/my/statement/2025").text.replace("\u00a0", " ")


def test_a_slip_that_was_taken_back_says_by_which_and_why(qian):
    page = read(qian, "/my/slips/2025-000004")
    assert page.select_one(".badge").text == "taken back"
    assert "wrong crate, 复秤" in page.text
    assert page.select_one(".notice a").text == "2025-000062"


def test_a_slip_carries_its_code_for_a_camera(qian):
    page = read(qian, "/my/slips/2026-000001")
    assert page.select_one("svg.qr path") is not None
    assert page.select_one(".paper-code a")["href"] == "http://localhost/verify/2026-000001"


def test_a_share_of_a_whole_plots_weighing_is_a_slip_of_ones_own(qian, sun):
    page = read(qian, "/my/slips/2026-000061")
    assert "Weighed for the whole plot P1: 300\u00a0kg" in page.text
    assert fen(page.select_one(".paper-weight").text.replace("kg", "")) // 100 == 119
    assert sun.get("/my/slips/2026-000061").status_code == 200


def test_slips_come_in_pages_and_by_season(qian):
    both = read(qian, "/my/slips").select(".slip-rows li")
    one = read(qian, "/my/slips?season=2025").select(".slip-rows li")
    assert (len(both), len(one)) == (43, 22)


def test_a_parcel_names_its_neighbours_by_code_on_four_sides(qian):
    sides = {dt.text: dt.find_next("dd").get_text(" ", strip=True) for dt in read(qian, "/my/land/P1-1").select(".compass dt")}
    assert sides == {"East": "H002 100 m", "South": "edge of the plot 133 m", "West": "edge of the plot 100 m", "North": "canal 133 m"}


def test_a_parcels_corners_and_area_are_listed(qian):
    page = read(qian, "/my/land/P1-1")
    assert [td.text for td in page.select("tbody tr")[2].select("td")][:2] == ["78.401578°", "40.900000°"]
    assert "19.95\u00a0mu" in page.text and page.find(title="1.33\u00a0ha") is not None
    assert page.select_one("svg.parcel-map .map-own")["d"].count("M") == 1


def test_the_pages_work_in_chinese_too(app, qian):
    from tests.doors import token_of

    token = token_of(qian.get("/my").text)
    qian.post("/language", data={"csrf_token": token, "language": "zh_Hans", "next": "/my"})
    for address in ("/my", "/my/slips", "/my/statement/2025", "/my/land/P1-1", "/my/slips/2025-000004"):
        page = read(qian, address)
        assert page.html["lang"] == "zh-Hans"


def test_my_data_as_json_is_all_of_it(qian, book):
    seasons, _ = book
    data = json.loads(qian.get("/my/data.json").data)
    assert data["household"]["code"] == "H001"
    assert {one["code"]: one["balance_yuan"] for one in data["seasons"]} == {"2025": f"{seasons['2025'].balance_fen / 100:.2f}", "2026": ""}
    assert len(data["slips"]) == 43 and len(data["parcels"]) == 2
    assert data["parcels"][0]["outline"]["type"] == "Polygon"


def test_my_data_as_csv_adds_up_and_holds_no_formula(qian, book):
    seasons, _ = book
    answer = qian.get("/my/data.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="slips.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    grams = sum(int(row["net_kg"].replace(".", "")) for row in rows if row["season"] == "2026")
    assert grams == seasons["2026"].net_grams
    assert [row["reason"] for row in rows if row["reverses"]] == ["wrong crate, 复秤"]


def test_a_page_takes_fewer_than_twenty_round_trips(app, qian, orchard_database):
    asked = []
    event.listen(orchard_database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = {}
    for address in ("/my", "/my/slips", "/my/slips/2026-000001", "/my/statement/2025", "/my/statement/2026", "/my/land", "/my/land/P1-1"):
        asked.clear()
        assert qian.get(address).status_code == 200
        counts[address] = len(asked)
    assert max(counts.values()) < 20, counts
    assert counts["/my"] > 5


def test_private_pages_are_never_kept_by_the_browser(qian):
    for address in ("/my", "/my/data.json", "/my/data.csv"):
        assert qian.get(address).headers["Cache-Control"] == "no-store", address
