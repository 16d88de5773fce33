"""The office over a small village: Zhao is signed in, reads every page through the page checker, and fills in forms."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from plantation.domain.words import Role
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from plantation.web.managers import uploads
from tests.cast import found_village
from tests.databases import plant_once
from tests.web.conftest import NOON, PASSWORD, browser_of, post_sign_in


class Office:
    """A browser in which somebody is signed in. Pages come parsed; `status` is what the answer must be."""

    def __init__(self, browser) -> None:
        self.browser = browser

    def get(self, path: str, status: int = 200) -> BeautifulSoup:
        answer = self.browser.get(path)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return BeautifulSoup(answer.text, "html.parser")

    def fields(self, path: str, action: str = "") -> dict[str, str | list[str]]:
        """What the form on the page at `path` that is sent to `action` (or to the page itself) would send untouched; a list where
        several controls have one name."""
        form = self.form(self.get(path), action)
        sent: dict[str, list[str]] = {}
        for control in form.find_all(["input", "select", "textarea"]):
            name, kind = control.get("name"), control.get("type")
            if not name or kind in ("submit", "file") or (kind in ("checkbox", "radio") and not control.has_attr("checked")):
                continue
            if control.name == "select":
                chosen = control.find("option", selected=True) or control.find("option")
                value = chosen["value"] if chosen else ""
            elif control.name == "textarea":
                value = control.get_text()
            else:
                value = control.get("value", "")
            sent.setdefault(name, []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}

    @staticmethod
    def form(page: BeautifulSoup, action: str = ""):
        forms = [form for form in page.main.find_all("form") if (form.get("method") or "").lower() == "post"]
        return next(form for form in forms if (form.get("action") or "") == action)

    def send(self, path: str, status: int = 302, /, action: str = "", **fields):
        """Fill in the form on the page and send it: the answer, which must have `status`."""
        data = {**self.fields(path, action), **{name: value for name, value in fields.items() if value is not None}}
        answer = self.browser.post(action or path, data=data)
        assert answer.status_code == status, BeautifulSoup(answer.text, "html.parser").main.get_text(" ", strip=True)[:600]
        return answer

    def refused(self, path: str, action: str = "", **fields) -> str:
        """The same where it must be refused: what the errors on top of the page say."""
        page = BeautifulSoup(self.send(path, 422, action=action, **fields).text, "html.parser")
        box = page.find(attrs={"data-errors": True})
        assert box is not None, page.main.get_text(" ", strip=True)
        return " ".join(box.get_text(" ", strip=True).split())

    def follow(self, answer) -> BeautifulSoup:
        return self.get(urljoin("/managers/", answer.location))


@pytest.fixture
def village(sqlite_database, aguoyi):
    """The cast's village in Zhao's collective."""

    def found():
        with sqlite_database.write() as session:
            found_village(session, aguoyi)

    plant_once(sqlite_database, "Zhao's village", found)
    return aguoyi


@pytest.fixture
def office(app, village):
    """Zhao at work."""
    return enter(app, "Zhao")


def enter(app, name: str, **more: str) -> Office:
    browser = browser_of(app)
    assert post_sign_in(browser, name, **more).status_code == 302
    return Office(browser)


@pytest.fixture
def somebody(app, village, sqlite_database):
    """`somebody(role)`: a browser of an account with that role."""

    def make(role: Role) -> Office:
        with sqlite_database.write() as session:
            create_account(Desk(session, village, "cli", NOON), name=f"a-{role}", role=role, secret=PASSWORD, language="en")
        return enter(app, f"a-{role}")

    return make


@pytest.fixture
def elsewhere(app, village, sqlite_database):
    """A manager of another collective of the same installation."""
    with sqlite_database.write() as session:
        other = create_collective(session, "other", "别村", "Asia/Shanghai", NOON)
        create_account(Desk(session, other, "cli", NOON), name="Wu", role=Role.MANAGER, secret=PASSWORD, language="en")
    return enter(app, "Wu", collective="other")


def text_of(page: BeautifulSoup) -> str:
    """The words of a page's main part, with single spaces."""
    return " ".join(page.main.get_text(" ", strip=True).replace("\u00a0", " ").split())


def line_of_purchase(number: int, net: str, price: str, grade: str = "A", source: str = "") -> dict[str, str]:
    name = f"lines-{number}-"
    return {name + "grade": grade, name + "net_grams": net, name + "price_fen_per_kg": price, name + "source": source}


@pytest.fixture
def counted(sqlite_database):
    """`counted(model)`: how many rows there are."""

    def count(model) -> int:
        with sqlite_database.read() as session:
            return session.scalar(select(func.count()).select_from(model))

    return count


@pytest.fixture
def harvest(office):
    """Qian delivers 30 kg and Sun 20 kg of grade A in the pooled season 2025, whose grades come from its price sheet."""
    office.send(
        "/managers/seasons/code/2025", action="/managers/seasons/prices/2025", grade="A", valid_from="2025-08-01", price_fen_per_kg="5"
    )
    for code, gross in (("H001", "31"), ("H002", "21")):
        office.send(
            "/managers/weighings/new?season=2025",
            household=code,
            grade="A",
            weighed_at="2025-09-01T08:00",
            gross_grams=gross,
            tare_grams="1",
            save="1",
        )
    return office


@pytest.fixture(autouse=True)
def own_uploads(tmp_path, monkeypatch):
    """Uploads and downloads of this test alone."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(uploads, "uploads_folder", lambda: folder)
    return folder
