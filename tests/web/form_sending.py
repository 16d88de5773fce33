"""All forms of a door, found by following its links, and sent with whatever a test puts into them."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from bs4 import BeautifulSoup
from werkzeug.exceptions import HTTPException

MOST_ALIKE = 2  # pages of one kind
NEVER_TYPED = {"hidden", "submit", "file", "password", "checkbox", "radio", "button"}
SECRET = re.compile(r"secret|before|again|code_of_app|pin")
# Signs that no page can contain; a text comes back without them.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


@dataclass
class Control:
    """One named control as the page has it: its kind is an input's type, `select` or `textarea`."""

    name: str
    kind: str
    value: str
    options: list[str] = field(default_factory=list)
    checked: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind not in NEVER_TYPED and self.kind != "select"


@dataclass
class Found:
    """A form that posts: the page that it is on, where it goes, what it has, its buttons as (name, value)."""

    page: str
    action: str
    endpoint: str
    controls: list[Control]
    buttons: list[tuple[str, str]]

    @property
    def typed(self) -> list[Control]:
        return [one for one in self.controls if one.is_typed]

    def untouched(self) -> list[tuple[str, str]]:
        """What a browser would send of it, the button left out."""
        return [
            (one.name, one.value)
            for one in self.controls
            if one.kind not in ("submit", "file") and (one.kind not in ("checkbox", "radio") or one.checked)
        ]


def endpoint_of(app, address: str, method: str = "GET") -> str | None:
    """The endpoint behind an address, None where nothing takes it."""
    try:
        return app.url_map.bind("localhost").match(urlsplit(address).path, method=method)[0]
    except HTTPException:
        return None


def read_form(form, page: str, app=None) -> Found:
    """A form of a parsed page."""
    controls, buttons = [], []
    for one in form.find_all(["input", "select", "textarea", "button"]):
        name, kind = one.get("name"), one.get("type", "text") if one.name == "input" else one.name
        if one.name == "button" or kind == "submit":
            buttons.append((name or "", one.get("value", "")))
        elif name and one.name == "select":
            options = one.find_all("option")
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            controls.append(
                Control(name, "select", chosen[0].get("value", "") if chosen else "", [each.get("value", "") for each in options])
            )
        elif name and one.name == "textarea":
            controls.append(Control(name, "textarea", re.sub(r"\A\r?\n", "", one.get_text())))
        elif name:
            controls.append(Control(name, kind, one.get("value", "on" if kind == "checkbox" else ""), checked=one.has_attr("checked")))
    action = urljoin(page, form.get("action") or page)
    return Found(page, action, endpoint_of(app, action, "POST") if app else "", controls, buttons)


def posting(page: BeautifulSoup) -> list:
    return [form for form in page.find_all("form") if (form.get("method") or "").lower() == "post"]


def crawl(app, browser, starts) -> list[Found]:
    """Every form that posts within reach of `starts`, one of each kind, by following links as a person would."""
    waiting, seen, kinds, forms = list(starts), set(), {}, {}
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if endpoint is None or endpoint == "static":
            continue
        kind = endpoint, tuple(sorted(parse_qs(urlsplit(address).query)))
        if address in seen or kinds.get(kind, 0) >= MOST_ALIKE:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(address, buffered=True)
        assert answer.status_code < 500, (address, answer.text[:2000])
        if answer.status_code in (301, 302, 303):
            waiting.append(urljoin(address, answer.location))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        for form in posting(page):
            one = read_form(form, address, app)
            forms.setdefault((one.endpoint, tuple(each.name for each in one.controls)), one)
        waiting += [urljoin(address, link["href"].split("#")[0]) for link in page.find_all("a", href=True)]
    return list(forms.values())


class Tables:
    """What is in an SQLite file, told from outside the application."""

    def __init__(self, path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, timeout=30)
        names = [name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self.count = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
        self.kept = sqlite3.connect(":memory:")
        self.keep()

    def keep(self) -> None:
        """Note everything as it is now."""
        self.connection.backup(self.kept)
        self.look()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
        self.kept.close()

    def look(self) -> None:
        """Note how many rows each table has."""
        self.version = self.connection.execute("PRAGMA data_version").fetchone()
        self.rows = dict(self.connection.execute(self.count))

    def written(self) -> dict[str, tuple[int, int]]:
        """The tables whose number of rows has changed since; `{"?": …}` where only what a row says has changed."""
        if self.connection.execute("PRAGMA data_version").fetchone() == self.version:
            return {}
        now = dict(self.connection.execute(self.count))
        return {name: (self.rows[name], rows) for name, rows in now.items() if rows != self.rows[name]} or {"?": (0, 0)}

    def put_back(self) -> None:
        """Make everything as it was noted."""
        self.kept.backup(self.connection)
        self.look()
