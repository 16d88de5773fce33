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


def test_the_readme_shows_a_picture():
    assert re.findall(r"!\[[^\]]+\]\([^)]+\.png\)", (ROOT / "README.md").read_text())
