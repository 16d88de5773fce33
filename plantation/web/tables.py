"""Tables that fold: on a phone each row becomes a card, and each of its cells says what its column is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask
from markupsafe import Markup, escape

_ROW_OR_CELL = re.compile(r"<(tr|t[dh])\b([^>]*)>")
_BLANK = re.compile(r"(<td\b[^>]*>)\s+(?=</td>)")
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def install(app: Flask) -> None:
    """What templates/macros/tables.html calls."""
    app.jinja_env.filters["fold"] = fold


def fold(rows: str, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """Give each cell of `rows` (HTML) the label of its column, and rows and cells their roles.

    A folded table is made of blocks, and a browser may then forget that it is a table; the roles say it. A label that a
    cell has already stands; the head of a row needs none.

    >>> fold("<tr><th scope='row'>H001</th><td>12 kg</td><td> </td></tr>", ["Code", ("Net", "number"), ""])
    Markup('<tr role="row"><th scope=\\'row\\' role="rowheader">H001</th><td data-label="Net" role="cell">12 kg</td><td role="cell"></td></tr>')
    >>> fold("", ["Code"])
    Markup('')
    """
    labels = [_label(column) for column in columns]
    place = 0

    def tell(match: re.Match[str]) -> str:
        nonlocal place
        tag, attributes = match.groups()
        if tag == "tr":
            place = 0
            return f'<tr{attributes} role="row">'
        label = labels[place] if place < len(labels) else ""
        span = _SPAN.search(attributes)
        place += int(span[1]) if span else 1
        if tag == "th":
            return f'<th{attributes} role="rowheader">'
        said = f' data-label="{escape(label)}"' if label and not span and "data-label" not in attributes else ""
        return f'<td{attributes}{said} role="cell">'

    return Markup(_ROW_OR_CELL.sub(tell, _BLANK.sub(r"\1", rows)))  # what goes in is a page's own, escaped HTML


def _label(column: str | tuple[str, str]) -> str:
    if isinstance(column, str):
        return column
    # A button says itself what it does; its column is named for screen readers only.
    return "" if column[1] == "actions" else column[0]
