"""A form that was opened before somebody else saved: what stands now is said beside it, what was typed stays, and sent once more it counts."""

import re

import pytest
from bs4 import BeautifulSoup

from plantation.domain.bank_layouts import Layout
from plantation.services.desk import Desk
from plantation.services.money import bank_accounts, pickers
from tests.conftest import NOW
from tests.web.managers.conftest import Office


@pytest.fixture
def prepared(village, sqlite_database):
    with sqlite_database.write() as session:
        desk = Desk(session, village, "zhao", NOW)
        pickers.save_picker(desk, code="P01", name="周三", phone="13900000001")
        bank_accounts.save_layout(desk, "ABC", Layout())


FORMS = [
    ("/managers/pickers/edit/P01", "", {"name": "周五"}, {"name": "周六", "phone": ""}, {"name": "Now it says: 周五.", "phone": "Now it says: 13900000001."}),
    ("/managers/payments/banks/edit?code=ABC", "", {"in_fen": "y", "separator": "tab"}, {"paid_words": "0000"},
     {"in_fen": "Now it says: yes.", "separator": "Now it says: tab.", "paid_words": "Now it says: "}),
    ("/managers/tares", "", {"tares-0-grams": "0.6"}, {"tares-0-grams": "0.7"}, {"tares-0-grams": "Now it says: 0.6.", "tares-3-name": None}),
    ("/managers/yields", "", {"stages-3-high_kg_per_mu": "701"}, {"stages-3-high_kg_per_mu": "702"},
     {"stages-3-high_kg_per_mu": "Now it says: 701."}),
    ("/managers/collective", "", {"name": "阿果依一村"}, {"name": "阿果依二村"}, {"name": "Now it says: 阿果依一村."}),
    ("/managers/seasons/code/2026", "/managers/seasons/limits/2026", {"of_grade": "A", "limit_ppm": "3", "regrade": "B"},
     {"of_grade": "A", "limit_ppm": "4"}, {"limit_ppm": "Now it says: 3.", "regrade": "Now it says: B."}),
    ("/managers/households/edit/H001", "", {"name": "钱一", "phone": ""}, {"name": "钱二"}, {"name": "Now it says: 钱一.", "phone": "Now it is empty."}),
    ("/managers/buyers/edit/B001", "", {"terms_days": "7"}, {"terms_days": "8"}, {"terms_days": "Now it says: 7."}),
    ("/managers/rights/edit/RH001", "", {"ends_on": "2047-03-31"}, {"ends_on": "2047-03-30"}, {"ends_on": "Now it says: 2047-03-31."}),
    ("/managers/seasons/edit/2026", "", {"ends_on": "2027-01-01"}, {"ends_on": "2027-01-02"}, {"ends_on": "Now it says: 2027-01-01."}),
    ("/managers/plots/edit/P1", "", {"name": "河湾"}, {"name": "河边"}, {"name": "Now it says: 河湾."}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "action", "first", "mine", "said"), FORMS, ids=[form[0] for form in FORMS])
def test_what_stands_now_is_said_beside_what_was_typed(office, prepared, path, action, first, mine, said):
    opened = office.fields(path, action)
    assert office.browser.post(action or path, data=opened | first).status_code == 302
    answer = office.browser.post(action or path, data=opened | mine)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409, page.get_text(" ", strip=True)
    beside = {one["id"].removesuffix("-error"): one.get_text(" ", strip=True) for one in page.select(".field-error")}
    for name, words in said.items():
        assert (words is None) == (name not in beside) and (words or "") in beside.get(name, ""), beside
    title = page.select_one(".errors-title").get_text(strip=True)
    changed = "these [0-9]+ places" if len(page.select(".field-error")) > 1 else "this place"
    assert re.fullmatch(f"Somebody else changed {changed} meanwhile. Look at (it|them), then save again:", title), title
    again = Office.fields(_Page(office, page), path, action)
    assert {name: again.get(name) for name in mine} == mine, "what was typed is gone"
    assert office.browser.post(action or path, data=again).status_code == 302
    assert {name: value for name, value in office.fields(path, action).items() if name in mine} == mine or action
    assert office.browser.post(action or path, data=opened | first).status_code == 409, "whoever is third is told as well"


class _Page:
    """An office that looks at one page only."""

    def __init__(self, office, page) -> None:
        self.form, self.get = office.form, lambda path: page
