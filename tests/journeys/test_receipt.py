"""The dots that a receipt printer of 58 mm puts on paper: words of Arabic script joined and from right to left, the code readable."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from plantation.services.desk import Desk
from plantation.services.people import accounts, households
from tests.conftest import NOW
from tests.journeys.test_field import pair, token
from tests.journeys.test_field_tools import TOOLS, until
from tests.web.field.receipts import receipts

__all__ = ["token"]

WORDS = "JSON.parse(document.getElementById('field').dataset.slip)"
READS = {"H001": "ug", "H002": "ky_Arab", "H003": None}
LONG = "第五生产队沙棘种植专业合作社联合社阿合奇县分社托克逊·买买提艾力"
# The widths in dots of words as a page shows them, joined and with a joint forbidden between each two letters.
WIDTHS = """(words) => words.map((each) => [each, Array.from(each).join("\\u200c")].map((text) => {
    const line = document.createElement("span");
    Object.assign(line, { textContent: text, dir: "rtl" });
    Object.assign(line.style, { font: "500 28px sans-serif", whiteSpace: "nowrap" });
    document.body.append(line);
    return line.getBoundingClientRect().width;
}))"""
# A word by itself, as large as beside Arabic script.
ALONE = """async (said) => {
    const { paint } = await import("/static/field/printer.js");
    const { width, height, dark } = paint({ said, size: 28 });
    return [width, Array.from({ length: width * height }, (_, at) => Number(dark(at % width, Math.floor(at / width))))];
}"""
DECODE = """async ([width, height, dots]) => {
    const { decodeQR } = await import("/static/vendor/qr/decode.js");
    const data = new Uint8ClampedArray(width * height * 4).map((_, at) => (at % 4 === 3 || dots[at >> 2] === "0" ? 255 : 0));
    return decodeQR({ width, height, data });
}"""


@pytest.fixture
def readers(orchard_database, orchard):
    """H001 reads Uyghur, H002 Kyrgyz; H003 has nothing but a name that is longer than the paper is wide."""
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        for name, language in (("H001", "ug"), ("H002", "ky_Arab")):
            accounts.set_language(desk, accounts.load_account(desk, name), language)
        named = households.load_household(desk, "H003")
        households.save_household(desk, code="H003", name=LONG, members=3, phone="", household=named, version=named.version)


def weigh(page, household, number, deduction=None):
    page.fill("#search", household)
    page.locator("#people .key").first.click()
    for key in number:
        page.locator("#keypad .key").get_by_text(key, exact=True).click()
    if deduction:
        page.locator("#deductions .key", has_text=deduction).click()
    page.locator("#save").click()
    page.locator("#save").click() if page.locator("#said", has_text="once more").count() else None


def printed(page, count):
    until(page, f"window.ports[0].printed.filter((one, at, all) => one === 29 && all[at + 1] === 86).length === {count}")
    return receipts(page.evaluate("window.ports[0].printed"))


def ink(picture):
    """Only what is dark, with nothing white around it."""
    rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def likeness(band, picture):
    """How much of `picture` (0 to 1, of its dots) stands in a band of its width, wherever it stands highest."""
    room = band.shape[0] - picture.shape[0]
    return max((band[top : top + picture.shape[0]] == picture).mean() for top in range(room + 1))


def read_code(page, dots):
    """What a decoder reads out of dots on white paper."""
    seen = np.pad(dots, 40)
    return page.evaluate(DECODE, [seen.shape[1], seen.shape[0], "".join(map(str, seen.reshape(-1)))])


def test_a_slip_in_each_language_has_all_its_words_figures_and_a_code_that_can_be_read(open_phone, token, readers, address):
    page = open_phone()
    page.add_init_script(TOOLS)
    pair(page, token)
    page.locator("#tools summary").click()
    page.locator("#printer").click()
    page.locator("#said", has_text="ready").wait_for()
    page.context.set_offline(True)
    weigh(page, "H001", "1234.5", "2%")
    weigh(page, "H002", "25.3")
    weigh(page, "H003", "8")
    slips = printed(page, 3)
    net = {language: words["net"] for language, words in page.evaluate(WORDS).items()}
    widths = page.evaluate(WIDTHS, [f"{net['zh_Hans']} · {net[language]}" for language in READS.values() if language])
    wide, dots = page.evaluate(ALONE, net["zh_Hans"])
    han = ink(np.array(dots, np.uint8).reshape(-1, wide))
    for slip, (joined, apart) in zip(slips, widths, strict=False):
        row = ink(slip.pictures[1])
        assert abs(row.shape[1] - joined) < 10 and joined + 20 < apart  # letters that stand apart would be as wide as that
        first = row[:, -han.shape[1] :]  # Chinese, which comes first, stands at the right
        assert likeness(first, han) > 0.9 > likeness(row[:, : han.shape[1]], han)
    for slip in slips:
        *words, _ = slip.pictures  # the last is the code
        assert len(words) >= 6 and all(each.any() for each in words)
        assert not any(edge.any() for each in words for edge in (each[0], each[-1]))  # no letter is cut above or below
        number = next(text for text in slip.texts if text.startswith("2026-0"))
        assert read_code(page, slip.dots) == f"{address}/verify/{number}"
    assert [next(text for text in slip.texts if text.endswith("kg")) for slip in slips] == ["1209.810 kg", "25.300 kg", "8.000 kg"]
    assert "1234.500 - 0.000 kg - 2 %" in slips[0].texts
    name = slips[2].pictures[-2]
    assert name.shape[0] > 2 * 24 and ink(name).shape[1] > 300  # broken into two lines, none of it lost


def test_a_receipt_takes_a_slow_cable_no_longer_than_a_slip_takes_to_weigh(open_phone, token, readers):
    page = open_phone()
    page.add_init_script(TOOLS)
    pair(page, token)
    page.locator("#tools summary").click()
    page.locator("#printer").click()
    page.locator("#said", has_text="ready").wait_for()
    weigh(page, "H001", "25.3")
    printed(page, 1)
    assert page.evaluate("window.ports[0].printed.length") / 960 < 9  # seconds at 9,600 baud; 400 slips an hour


def test_a_slip_without_a_number_says_so_in_the_households_language(open_phone, token, readers):
    page = open_phone()
    page.add_init_script(TOOLS)
    pair(page, token)
    page.context.set_offline(True)
    page.evaluate("""async () => { for (let one = 0; one < 500; one++) await window.plantationField.weigh(
        { household: "H003", grade: "A", gross_kg: "9", tare_kg: "0" }); }""")
    weigh(page, "H001", "25.3")
    page.locator("#paper", has_text="编号").wait_for()
    said = page.locator("#paper").inner_text()
    assert "يوللانغاندا" in said or "نومۇر" in said
    assert page.locator("#paper [dir=rtl]").count() >= 4


def test_a_household_that_reads_english_has_both_on_its_slip(open_phone, token, orchard_database, orchard):
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        accounts.set_language(desk, accounts.load_account(desk, "H001"), "en")
    page = open_phone()
    pair(page, token)
    page.context.set_offline(True)
    weigh(page, "H001", "25.3")
    expect(page.locator("#paper")).to_contain_text("净重 · Net weight")
    expect(page.locator("#paper")).to_contain_text("金额 · Amount")
