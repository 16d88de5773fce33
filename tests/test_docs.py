"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_picture_and_every_link_of_a_document_leads_somewhere(document):
    named = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    missing = [to for to in named if "://" not in to and not (document.parent / to).exists()]
    assert not missing


# The numbers of OWASP ASVS 5.0 that we answer.
ASKED = """1.2.4 1.2.10 1.5.1 2.2.1 2.3.3 2.3.4 2.3.5 2.4.1 3.3 3.4 3.5 4.1.3 5.2.1 5.2.2 5.2.3 5.3.2 6.1.1 6.2.1 6.3.1 6.3.2 6.4 6.5.1 6.5.2 6.5.3
6.5.4 7.2.4 7.3 7.4 7.5 8.2.1 8.2.2 8.2.3 8.3.1 11.4.2 13.4.2 14.2.7 14.3 15.1.2 15.3.1 15.3.3 16""".split()


def test_every_number_of_the_security_page_has_evidence_that_is_there():
    text = (ROOT / "docs/security.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")][2:]
    answered = {number for row in rows for number in re.findall(r"\b\d+(?:\.\d+)*(?=[ ,])", row[0])} | set(
        re.findall(r"\((\d+\.\d+\.\d+)\)", text)
    )
    assert [number for number in ASKED if number not in answered] == []
    files = {file.relative_to(ROOT).as_posix() for part in ("plantation", "tests", "docs") for file in (ROOT / part).rglob("*.*")}
    for row in rows:
        assert row[2], row[0]
        for named in re.findall(r"[\w/]+\.(?:py|md|toml)|[\w/]+/(?=`)", row[2]):
            there = (ROOT / named).exists() or (ROOT / "plantation" / named).exists() or any(file.endswith("/" + named) for file in files)
            assert there, (row[0], named)


def test_the_readme_shows_a_picture():
    assert re.findall(r"!\[[^\]]+\]\([^)]+\.png\)", (ROOT / "README.md").read_text())
