"""All texts in four languages side by side, for readers who say what should be said otherwise."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from flask import render_template, request
from markupsafe import Markup, escape

from plantation.services.pages import Page
from plantation.translations.catalogues import OWN, SCOPES, read
from plantation.web.languages import LANGUAGES
from plantation.web.public import public

SIZE = 50
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


class Text(NamedTuple):
    """One text: as it is marked, and as each language of its own catalogue says it."""

    english: str
    said: dict[str, str]


@functools.cache
def read_texts() -> tuple[Text, ...]:
    """What households, buyers and visitors read, in the order of the English. The catalogues change only with the program."""
    said: dict[str, dict[str, str]] = {}
    for language in SCOPES:
        for message in read(language):
            if message.id:
                english = message.id if isinstance(message.id, str) else message.id[-1]
                said.setdefault(english, {})[language] = message.string if isinstance(message.string, str) else message.string[-1]
    few = [language for language, scope in SCOPES.items() if scope == OWN]
    return tuple(Text(english, said[english]) for english in sorted(said) if all(language in said[english] for language in few))


def with_places(text: str) -> Markup:
    """A text whose places for figures are fields with their names, which read left to right also in a language that does not.

    >>> with_places("%(net_kg)s kg of {count}")
    Markup('<bdi dir="ltr" class="badge">net_kg</bdi> kg of <bdi dir="ltr" class="badge">count</bdi>')
    """
    return Markup(_PLACE.sub(lambda place: f'<bdi dir="ltr" class="badge">{place[1] or place[2]}</bdi>', str(escape(text))))


@public.get("/languages")
def list_texts() -> str:
    """The texts, some at a time."""
    texts = read_texts()
    asked = request.args.get("page", "")
    pages = -(-len(texts) // SIZE)
    number = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    rows = texts[(number - 1) * SIZE : number * SIZE]
    names = [LANGUAGES[code].own_name for code in SCOPES]
    return render_template(
        "public/texts.html", page=Page(rows, number, SIZE, len(texts)), codes=list(SCOPES), names=names, with_places=with_places
    )
