"""The Chinese catalogue: complete, without leftovers, compiled as it stands, and what pages and refusals say."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Comment
from flask_babel import force_locale

import plantation
from plantation.domain import words
from plantation.errors import N_, BadValue, Fault, NotFound, Refusal
from plantation.geometry.rules import LandShort
from plantation.paths import TRANSLATIONS
from plantation.web.refusals import say
from plantation.web.words import NAMES, word
from tests.doors import PIN, SECRET, enter, token_of
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = TRANSLATIONS / "zh_Hans" / "LC_MESSAGES"
FIGURE = re.compile(r"%\(\w+\)s|\{\w+\}")
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-label")
# What stays as it is: names of formats and programs, and words that stand in files.
UNCHANGED = {"GeoJSON", "UUID"}


def first(message) -> str:
    """The msgid, of a plural its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def as_said(message) -> tuple[str, ...]:
    """The translation, and of a plural all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.fixture(scope="module")
def catalogue():
    with (CATALOGUE / "messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.fixture(scope="module")
def marked():
    """Every text that is marked in templates and code, as extraction finds it."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for _, _, text, _, _ in extract_from_dir(ROOT, methods, options, {**DEFAULT_KEYWORDS, "N_": None}):
        found.add(text)  # as pybabel does: one text that is marked alone and with a plural is one entry
    return {message.id for message in found if message.id}


def test_the_catalogue_has_every_marked_text_and_no_other(catalogue, marked):
    there = {message.id for message in catalogue if message.id}
    assert len(there) > 1000
    assert {"missing": marked - there, "obsolete": there - marked} == {"missing": set(), "obsolete": set()}
    assert not catalogue.obsolete


def test_no_translation_is_empty_or_fuzzy(catalogue):
    assert [first(message) for message in catalogue if message.id and not all(as_said(message))] == []
    assert [first(message) for message in catalogue if message.id and message.fuzzy] == []


def test_translations_are_chinese(catalogue):
    """A copy of the English is no translation, but for names that every language shares."""
    said = {first(message): message.string for message in catalogue if message.id and isinstance(message.string, str)}
    assert {text for text, here in said.items() if not re.search(r"[\u4e00-\u9fff]", FIGURE.sub("", here))} <= {
        *UNCHANGED,
        *(text for text, here in said.items() if not re.search(r"[A-Za-z]{2}", FIGURE.sub("", here))),
        *(text for text, here in said.items() if re.fullmatch(r"[A-Za-z_, ]+", text) and here != text),
    }


def test_both_sides_have_the_same_figures(catalogue):
    for message in catalogue:
        if not message.id:
            continue
        told = message.id if isinstance(message.id, str) else message.id[-1]
        said = message.string if isinstance(message.string, str) else message.string[0]
        assert sorted(FIGURE.findall(said)) == sorted(FIGURE.findall(told)), told
        if "%(" in told or "%%" in told:
            assert said.count("%%") == told.count("%%"), told
            assert "%" not in FIGURE.sub("", said.replace("%%", "")), said


def test_the_compiled_catalogue_says_what_the_text_says(catalogue):
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = {first(message): as_said(message) for message in read_mo(file) if message.id}
    assert compiled == {first(message): as_said(message) for message in catalogue if message.id}


def test_every_word_of_the_closed_lists_is_said_in_chinese(app):
    lists = [each for each in vars(words).values() if isinstance(each, type) and each.__module__ == words.__name__]
    assert len(lists) >= 6
    with app.test_request_context(), force_locale("zh_Hans"):
        for one in (member for each in lists for member in each):
            assert one in NAMES, one
            assert re.search(r"[\u4e00-\u9fff]", word(one)), one


def refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(plantation.__path__, "plantation."):
        if not module.name.startswith(("plantation.static", "plantation.templates", "plantation.migrations")):
            importlib.import_module(module.name)
    found, open_ones = [], [Refusal]
    while open_ones:
        kind = open_ones.pop()
        found.append(kind)
        open_ones += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.startswith("plantation.")]


def test_every_refusal_is_said_in_chinese_with_its_figures(app):
    kinds = refusals()
    assert len(kinds) > 100
    with app.test_request_context(), force_locale("zh_Hans"):
        for kind in kinds:
            names = re.findall(r"%\((\w+)\)s", kind.template)
            refusal = Refusal(**{name: f"⟨{number}⟩" for number, name in enumerate(names)})
            refusal.template = kind.template
            said = say(refusal)
            assert re.search(r"[\u4e00-\u9fff]", said) or kind.template in ("%(file)s: %(what)s", "%(field)s: %(what)s"), kind
            assert all(f"⟨{number}⟩" in said for number in range(len(names))), (kind, said)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (LandShort(asked_mu="1,750", available_mu="1,500", missing_mu="250"), "共需要 1,750 亩，能分的有 1,500 亩，还缺 250 亩。"),
        (NotFound(what=N_("household"), code="H999"), "没有“H999”这个农户。"),
        (
            Fault("rights.csv", 3, "starts_on", BadValue(value="20.8.2026", expected=N_("a date such as 2026-08-20"))),
            "rights.csv 第 3 行 starts_on：“20.8.2026”不对，这里应填日期，例如 2026-08-20。",
        ),
    ],
)
def test_a_refusal_puts_its_figures_and_words_into_chinese(app, refusal, said):
    with app.test_request_context(), force_locale("zh_Hans"):
        assert say(refusal) == said


@pytest.fixture(scope="module")
def english(catalogue):
    """One pattern for every text whose Chinese differs; figures stand for anything."""
    told = [
        re.sub(r"%\\\(\w+\\\)s|\\\{\w+\\\}", ".+", re.escape(text)).replace("%%", "%")
        for message in catalogue
        if message.id
        for text, said in [(message.id, message.string)]
        if isinstance(text, str)
        if text != said and re.search(r"[A-Za-z]{2}", FIGURE.sub("", text))
    ]
    told += [
        re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(text)) for message in catalogue if isinstance(message.id, tuple) for text in message.id
    ]
    return re.compile("|".join(told))


def shown_texts(page: BeautifulSoup) -> list[str]:
    """All that a reader sees or hears of a page, piece by piece."""
    texts = [
        str(text) for text in page.find_all(string=True) if text.parent.name not in ("script", "style") and not isinstance(text, Comment)
    ]
    for element in page.find_all(True):
        texts += [element[name] for name in element.attrs if name in SHOWN or name.startswith("data-word")]
    return [" ".join(text.split()) for text in texts if text.strip()]


def read_in_chinese(browser, *addresses: str):
    page = browser.get("/verify").text
    browser.post("/language", data={"csrf_token": token_of(page), "language": "zh_Hans", "next": "/"})
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code in (200, 404, 422), (address, answer.status_code)
        page = BeautifulSoup(answer.text, "html5lib")
        assert page.html["lang"] == "zh-Hans"
        yield address, page


def check_chinese(english, pages) -> int:
    read = 0
    for address, page in pages:
        left = [text for text in shown_texts(page) if english.fullmatch(text)]
        assert left == [], (address, left)
        assert re.search(r"[\u4e00-\u9fff]", page.h1.text), address
        read += 1
    return read


def test_the_public_pages_leave_no_english(app, english):
    assert check_chinese(english, read_in_chinese(app.test_client(), "/", "/sign-in", "/verify", "/no-such-page")) == 4


def test_the_offices_pages_leave_no_english(app, english):
    pages = [
        "/", "/weighings", "/weighings/new", "/weighings/slip/2026-000001", "/purchases", "/purchases/new", "/payments",
        "/payments/made", "/payments/new", "/plots", "/plots/new", "/plots/code/P1", "/households", "/households/new",
        "/households/code/H001", "/rights", "/seasons", "/seasons/code/2026", "/seasons/new", "/buyers", "/settlements",
        "/settlements?season=2025", "/settlements/earnings", "/settlements/earnings/H001", "/allocations",
        "/allocations/new", "/allocations/rules", "/allocations/map", "/allocations/certificates", "/import",
    ]  # fmt: skip
    addresses = [f"/managers{page}" for page in pages]
    assert check_chinese(english, read_in_chinese(enter(app, "zhao", SECRET), *addresses)) == len(pages)


def test_a_households_pages_leave_no_english(app, english):
    pages = ["/my", "/my/statement/2025", "/my/statement/2026", "/my/slips", "/my/slips/2026-000001", "/my/land", "/my/data"]
    assert check_chinese(english, read_in_chinese(enter(app, "H001", PIN), *pages)) == len(pages)


def test_a_buyers_pages_leave_no_english(app, english):
    pages = ["/buyers", "/buyers/purchases", "/buyers/purchases/new"]
    assert check_chinese(english, read_in_chinese(enter(app, "b001", SECRET), *pages)) == len(pages)


def test_a_form_refused_in_chinese_names_the_figures(app, english):
    browser = enter(app, "zhao", SECRET)
    _, page = next(read_in_chinese(browser, "/managers/weighings/new"))
    form = page.main.find("form", method="post")
    data = {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}
    data |= {"household": "H001", "plot": "", "grade": "A", "gross_grams": "5", "tare_grams": "9"}
    answer = browser.post("/managers/weighings/new", data=data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html5lib")
    assert "毛重（公斤）：毛重 5 公斤必须大于皮重 9 公斤。" in page.text.replace("\u00a0", " ")
    assert [text for text in shown_texts(page) if english.fullmatch(text)] == []


def test_no_text_is_marked_where_the_catalogues_reader_does_not_look():
    """Babel does not read `_()` inside an f-string: such a text would stay English without anybody being told."""
    found = [str(path) for path in (ROOT / "plantation").rglob("*.py") if re.search(r"""f["'].*\{_\(""", path.read_text("utf-8"))]
    assert found == []
