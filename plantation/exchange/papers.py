"""Papers as PDF: what a page says, set by Typst with fonts of our own, so that every machine prints the same sheet.

Chinese, Latin and Arabic script come out right, right-to-left sheets mirrored. Typst is loaded when a paper is made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

SHEET = "paper.typ"
FONTS = "fonts"


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column's heading; numbers stand at the end of their cell."""

    label: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of texts; `foot` is its last row, as many cells as there are columns, or none."""

    title: str
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PaperStep:
    """A line of a calculation with what it comes from: `lines` are (text, whether it is said quietly)."""

    label: str
    value: str
    quiet: str = ""
    lines: Sequence[tuple[str, bool]] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on a sheet, in the reader's language. `code` is a QR code in SVG, `address` what it says."""

    title: str
    collective: str
    lead: str
    lang: str
    rtl: bool = False
    facts: Sequence[tuple[str, str]] = ()
    steps: Sequence[PaperStep] = ()
    tables: Sequence[PaperTable] = field(default_factory=tuple)
    foot: str = ""
    code: str = ""
    address: str = ""


def render_paper(paper: Paper, folder: Path) -> bytes:
    """The PDF of a paper; `folder` has the sheet and its fonts.

    >>> from plantation.paths import TEMPLATES
    >>> render_paper(Paper("对账单", "阿果依村", "2026", "zh", facts=[("农户", "H001")]), TEMPLATES / "papers")[:5]
    b'%PDF-'
    """
    import typst

    data = json.dumps(asdict(paper), ensure_ascii=False)
    return typst.compile(
        str(folder / SHEET), root=str(folder), font_paths=[str(folder / FONTS)], ignore_system_fonts=True,
        sys_inputs={"data": data}, format="pdf",
    )  # fmt: skip
