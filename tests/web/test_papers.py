"""Papers as PDF: they say what the page says, word for word, in every language, and no stranger gets one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup

from tests.conftest import missing
from tests.doors import PIN, enter
from tests.orchard_fixtures import app, li, orchard, orchard_database, orchard_file, qian, zhao, zhou

__all__ = ["app", "li", "orchard", "orchard_database", "orchard_file", "qian", "zhao", "zhou"]


def text_of(answer) -> str:
    """What stands in the PDF of an answer, marks and line ends aside."""
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    if shutil.which("pdftotext") is None:
        missing("pdftotext")
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.data, capture_output=True, check=True, timeout=60)
    return plain(read.stdout.decode())


def plain(text: str) -> str:
    return re.sub(r"[\s\u2066-\u2069\u00a0]+", "", text)


def test_a_statement_says_on_paper_what_the_page_says(qian):
    paper = text_of(qian.get("/my/statement-pdf/2025"))
    page = BeautifulSoup(qian.get("/my/statement/2025").text, "html.parser")
    said = [one.get_text() for one in page.select(".steps summary > span, .step-body li, .step-line > span")]
    assert len(said) > 20
    for one in said:
        assert plain(one) in paper, one
    slips = page.select(".slip-rows a")
    assert paper.count("2025-0000") == len(slips) > 10


def test_the_office_prints_the_same_for_who_has_no_phone(qian, zhao):
    own = text_of(qian.get("/my/statement-pdf/2025"))
    office = text_of(zhao.get("/managers/settlements/statement-pdf/H001?season=2025"))
    assert office.replace("zhao", "H001") == own


@pytest.mark.parametrize("language", ["zh_Hans", "ug", "ky_Arab"])
def test_every_language_has_its_letters(app, language):
    browser = enter(app, "H001", PIN)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/my").text)[1]
    browser.post("/language", data={"csrf_token": token, "language": language, "next": "/my"})
    answer = browser.get("/my/statement-pdf/2025")
    assert answer.status_code == 200
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]+\+([A-Za-z-]+)", answer.data))
    assert b"NotoSansSC-Regular" in fonts and (b"NotoSansArabic-Regular" in fonts) == (language != "zh_Hans")


def test_a_purchase_note_has_its_origin_and_no_household(li, zhao):
    number = re.search(r"/buyers/purchases/2025/([^\"]+)", li.get("/buyers/purchases").text)[1]
    paper = text_of(li.get(f"/buyers/purchase-note/2025/{number}"))
    assert number in paper and "P1" in paper and "Seller" in paper
    for secret in ("钱", "孙", "H001", "H002"):
        assert secret not in paper
    assert text_of(zhao.get(f"/managers/purchases/note/{number}?season=2025")).startswith(paper[:40])


def test_strangers_get_none(zhou, li, qian):
    assert zhou.get("/my/statement-pdf/2099").status_code == 404
    assert li.get("/buyers/purchase-note/2025/P99999").status_code == 404
    assert qian.get("/buyers/purchase-note/2025/P00001").status_code == 403
