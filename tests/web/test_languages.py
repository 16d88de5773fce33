"""Uyghur and Kyrgyz in Arabic script: complete for all that a household or a buyer can meet, right to left, figures whole."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from bs4 import BeautifulSoup
from flask_babel import force_locale

from plantation.paths import TRANSLATIONS
from plantation.translations import catalogues
from plantation.translations.catalogues import OWN, ROOT, SCOPES, WHOLE, first
from plantation.web import filters
from plantation.web.languages import LANGUAGES, know_kyrgyz
from tests.doors import PIN, SECRET, enter, token_of
from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file
from tests.web.test_translations import shown_texts

__all__ = ["app", "orchard", "orchard_database", "orchard_file"]

RIGHT_TO_LEFT = ("ug", "ky_Arab")
FIGURE = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(params=RIGHT_TO_LEFT)
def language(request):
    return request.param


def test_every_language_of_the_pages_has_its_catalogue():
    assert set(SCOPES) | {"en"} == set(LANGUAGES)


def test_the_catalogue_has_every_text_that_a_household_or_buyer_can_meet(language):
    there = {first(message) for message in catalogues.read(language) if message.id}
    wanted = {first(message) for message in catalogues.marked(OWN) if message.id}
    assert len(wanted) > 350
    assert (wanted - there, there - wanted) == (set(), set())
    assert list(catalogues.missing(catalogues.read(language))) == []


def test_no_figure_is_lost_and_the_script_is_arabic(language):
    for message in catalogues.read(language):
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        for text in said if message.id else ():
            lost = set(FIGURE.findall(first(message))) - set(FIGURE.findall(text))
            assert not lost, (first(message), text)
            letters = re.sub(r"%\(\w+\)s|\{\w+\}|[A-Za-z]+", "", text)
            assert re.search("[\u0600-\u06ff]", letters) or not re.search(r"\w", letters), (first(message), text)


def test_the_compiled_catalogue_is_the_written_one_with_chinese_for_the_office(language):
    with catalogues.po_of(language).with_suffix(".mo").open("rb") as file:
        said = {message.id if isinstance(message.id, str) else message.id[0]: message.string for message in read_mo(file)}
    for message in catalogues.compiled(language):
        if message.id:
            there = said[first(message)]
            assert (there,) == (message.string,) or tuple(there) == tuple(message.string), message.id
    assert re.search("[\u4e00-\u9fff]", said["Allocation"])


def test_dates_are_in_arabic_script_and_the_text_runs_from_the_right():
    know_kyrgyz()
    for code in RIGHT_TO_LEFT:
        locale = Locale.parse(code)
        assert locale.text_direction == "rtl" and str(locale) == code
        assert re.search("[\u0600-\u06ff]", format_date(dt.date(2026, 9, 15), "medium", locale=locale))
    assert "سەنتيابر" in format_date(dt.date(2026, 9, 15), "medium", locale="ky_Arab")


PAGES = (
    "/my",
    "/my/slips",
    "/my/slips/2026-000061",
    "/my/dispute/2026-000061",
    "/my/statement",
    "/my/statement/2025",
    "/my/land",
    "/my/land/P1-1",
    "/my/data",
    "/verify",
    "/verify/2026-000061",
    "/",
    "/my/nothing",
    "/field/",
)


def test_a_household_reads_no_english_and_no_chinese_on_its_own_pages(app, language):
    qian = enter(app, "H001", PIN)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', qian.get("/my").text)[1]
    assert qian.post("/language", data={"csrf_token": token, "language": language, "next": "/my"}).status_code == 302
    for path in PAGES:
        page = BeautifulSoup(qian.get(path).text, "html5lib")
        assert page.html["dir"] == "rtl" and page.html["lang"] == LANGUAGES[language].tag, path
        words = page.main.get_text(" ", strip=True)
        strange = re.findall(
            r"\b(?!GeoJSON|JSON|CSV|Chrome|Android|Bluetooth|CGCS|WGS|HTTPS|JavaScript|PIN|Crates|Fee|P1|H00\d)[A-Z][a-z]{3,}\b", words
        )
        assert not strange, (path, strange)


def test_amounts_keep_their_order_in_text_from_the_right(app, language):
    qian = enter(app, "H001", PIN)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', qian.get("/my").text)[1]
    qian.post("/language", data={"csrf_token": token, "language": language, "next": "/my"})
    owed = BeautifulSoup(qian.get("/my").text, "html.parser").find(class_="owed-value").get_text(strip=True)
    assert re.fullmatch("\u2066¥\u00a0[0-9,]+\\.[0-9]{2}\u2069", owed), ascii(owed)


@pytest.mark.parametrize("wish", ["ug", "ug-CN", "ky", "ky-Arab-CN", "xx", "zz-Zzzz", "*", ";;;", "ky_Arab", "\u202e"])
def test_no_wish_of_a_browser_is_a_fault(app, wish):
    answer = app.test_client().get("/", headers={"Accept-Language": wish.encode().decode("latin-1")})
    assert answer.status_code == 200


def test_all_texts_are_shown_side_by_side(app):
    browser = app.test_client()
    page = BeautifulSoup(browser.get("/languages").text, "html5lib")
    assert [each.text for each in page.select("thead th")] == ["English", "中文", "ئۇيغۇرچە", "قىرعىزچا"]
    assert len(page.select("tbody tr")) == 50
    assert {each["dir"] for each in page.select("tbody td[lang=ug], tbody td[lang=ky-Arab]")} == {"rtl"}
    for nonsense in ("0", "-1", "x", "١", "99999", "9" * 40):
        assert BeautifulSoup(browser.get(f"/languages?page={nonsense}").text, "html5lib").select("tbody tr"), nonsense


@pytest.fixture(scope="module")
def foreign():
    """Every marked text as English and as Chinese have it; figures stand for anything."""
    texts = {text for each in catalogues.marked(WHOLE) if each.id for text in ([each.id] if isinstance(each.id, str) else each.id)}
    chinese = [each.string for each in catalogues.read("zh_Hans") if each.id]
    texts |= {text for said in chinese for text in ([said] if isinstance(said, str) else said)}
    texts = {text for text in texts if re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", FIGURE.sub("", text))} - {"GeoJSON", "UUID"}
    told = (re.sub(r"%\\\(\w+\\\)s|\\\{\w+\\\}", ".+", re.escape(text)).replace("%%", "%") for text in sorted(texts))
    return re.compile("|".join(told))


@pytest.mark.parametrize(
    ("name", "secret", "pages"),
    [
        ("H001", PIN, ("/my", "/my/statement/2025", "/my/statement/2026", "/my/slips", "/my/slips/2026-000001", "/my/land", "/my/data")),
        ("b001", SECRET, ("/buyers", "/buyers/purchases", "/buyers/purchases/new", "/buyers/account")),
    ],
)
def test_no_text_seen_or_heard_is_english_or_chinese(app, foreign, language, name, secret, pages):
    browser = enter(app, name, secret)
    browser.post("/language", data={"csrf_token": token_of(browser.get("/verify").text), "language": language, "next": "/"})
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        page = BeautifulSoup(answer.text, "html5lib")
        for menu in page.select(".menu-body"):  # it holds the languages' own names
            menu.decompose()
        assert [text for text in shown_texts(page) if foreign.fullmatch(text)] == [], path


def test_a_day_after_latin_or_chinese_text_stays_whole(app, language):
    with app.test_request_context(), force_locale(language):
        assert filters.day(dt.date(2026, 9, 15))[0] + filters.day(dt.date(2026, 9, 15))[-1] == "\u2068\u2069"


def test_codes_and_names_in_a_sentence_stay_whole_and_safe(app, language):
    """After Arabic letters a browser turns 2026-008 round to 008-2026 unless it stands by itself."""
    page = app.jinja_env.from_string('{{ _("Purchase note %(number)s", number=number) }}')
    with app.test_request_context(), force_locale(language):
        assert "\u20682026-008\u2069" in page.render(number="2026-008")
        assert "\u2068&lt;b&gt;\u2069" in page.render(number="<b>")
        assert page.render(number=filters.number(12345)).count("\u2069") == 1
    with app.test_request_context(), force_locale("en"):
        assert page.render(number="2026-008") == "Purchase note 2026-008"


def test_no_text_of_a_template_breaks_on_a_percent_sign():
    """A template fills in figures even where there are none: a lone % in one language would fail there alone, with a 500."""
    with (TRANSLATIONS / WHOLE).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    texts = {text for path, _, text, _, _ in extract_from_dir(ROOT, methods, options) if path.startswith("templates")}
    assert len(texts) > 500
    figures = defaultdict(int)
    for spoken in catalogues.SCOPES:
        read = catalogues.read(spoken)
        for text in texts:
            message = read.get(text)
            for said in ((message.string,) if isinstance(message.string, str) else message.string) if message else ():
                assert isinstance(said % figures, str), (spoken, text)


def test_what_is_told_after_a_redirect_is_translated_before():
    """A session keeps a text, not that it was marked: an untranslated one would be shown in English."""
    told = [path for path in (TRANSLATIONS.parent / "web").rglob("*.py") if "flash(N_(" in "".join(path.read_text("utf-8").split())]
    assert told == []
