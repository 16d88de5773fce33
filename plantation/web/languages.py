"""Languages: which one a page is in, how it is written, and the marks that keep figures whole in right-to-left text."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale, localedata
from babel.dates import parse_pattern
from flask import Flask, current_app, g, request
from flask_babel import Babel, get_locale
from jinja2 import pass_context
from werkzeug.wrappers import Response

from plantation.paths import TRANSLATIONS
from plantation.web.cookies import read_cookie, set_cookie

COOKIE = "plantation_language"
DEFAULT = "zh_Hans"


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` is what HTML calls it, `own_name` what its readers call it, `asked_as` how a browser asks for it."""

    code: str
    tag: str
    own_name: str
    direction: str
    asked_as: tuple[str, ...]


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("zh_Hans", "zh-Hans", "中文", "ltr", ("zh",)),
        Language("ug", "ug", "ئۇيغۇرچە", "rtl", ("ug",)),
        Language("ky_Arab", "ky-Arab", "قىرعىزچا", "rtl", ("ky",)),
        Language("en", "en", "English", "ltr", ("en",)),
    )
}


_MONTHS = ("يانۋار", "فەۋرال", "مارت", "اپرەل", "ماي", "ييۇن", "ييۇل", "اۋگۇست", "سەنتيابر", "وكتيابر", "نويابر", "دەكابر")
_DAYS = ("دۉيشۅمبۉ", "شەيشەمبى", "شارشەمبى", "بەيشەمبى", "جۇما", "ىشەمبى", "جەكشەمبى")


def know_kyrgyz() -> None:
    """Teach Babel the Kyrgyz of Arabic script: asked for `ky_Arab` it would quietly answer in Cyrillic, left to right.

    Its numbers are those of Kyrgyz; months, days and date patterns are ours. It has no public place for this, so its
    version is bounded in setup.cfg.
    """
    if "ky_Arab" in localedata._cache:
        return
    data = copy.deepcopy(localedata.load("ky"))
    data["character_order"] = "right-to-left"
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "narrow"):
            data["months"][context][width] = dict(enumerate(_MONTHS, 1))
            data["days"][context][width] = dict(enumerate(_DAYS))
    for width, pattern in (("full", "EEEE، d-MMMM، y"), ("long", "d-MMMM، y"), ("medium", "d-MMMM، y"), ("short", "y-MM-dd")):
        data["date_formats"][width] = parse_pattern(pattern)
    data["datetime_skeletons"]["MMMd"] = parse_pattern("d-MMMM")
    localedata._cache["ky_Arab"] = data
    # Since 2.19 the answer to whether there is a language is remembered, also a no from before.
    if hasattr(localedata.exists, "cache_clear"):
        localedata.exists.cache_clear()


def install(app: Flask) -> None:
    """Choose the language of each request; templates get `language` and `languages`."""
    know_kyrgyz()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    Babel(app, locale_selector=choose, timezone_selector=_zone)
    for name in ("gettext", "ngettext"):
        app.jinja_env.globals[name] = _isolating(app.jinja_env.globals[name])
    app.jinja_env.globals["languages"] = LANGUAGES
    app.context_processor(lambda: {"language": current()})


def choose() -> str:
    """The account's language, also where its sign-in has just ended, else the visitor's choice, else the browser's wish, else Chinese.

    Only a language that is there is ever returned, whatever the cookie or the header says.
    """
    reader = g.get("signed_in") or g.get("ended")
    if reader is not None and reader.language in LANGUAGES:
        return reader.language
    chosen = read_cookie(current_app, request, COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for wish, _quality in request.accept_languages:
        wish = wish.lower().replace("_", "-")
        for language in LANGUAGES.values():
            if any(wish == asked or wish.startswith(f"{asked}-") for asked in language.asked_as):
                return language.code
    return DEFAULT


def remember(response: Response, language: str) -> Response:
    """`response`, after which this browser reads `language` also without a sign-in."""
    return set_cookie(current_app, response, COOKIE, language, dt.timedelta(days=365))


def current() -> Language:
    """The language of this page."""
    return LANGUAGES.get(_code_of(get_locale()), LANGUAGES[DEFAULT])


@cache
def _code_of(locale: Locale | None) -> str:
    return str(locale)


def isolate(figure: str) -> str:
    """A figure or code that reads left to right inside right-to-left text; elsewhere it is left as it is."""
    return f"\u2066{figure}\u2069" if current().direction == "rtl" else figure


def isolate_typed(text: str) -> str:
    """The same for a text whose direction its own letters decide, such as a name."""
    return f"\u2068{text}\u2069" if current().direction == "rtl" else text


class Count(int):
    """How many there are: a sentence writes it with thousands marks, also as the `num` of a plural.

    >>> "%(num)s slips" % {"num": Count(8276)}
    '8,276 slips'
    """

    def __str__(self) -> str:
        return f"{int(self):,}"


# Whole numbers that name something and count nothing.
_NAMES = frozenset({"number", "row"})


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures of a sentence, those that count as :class:`Count`.

    >>> {name: str(figure) for name, figure in counted({"count": 1750, "number": 2026, "kg": "12.5"}).items()}
    {'count': '1,750', 'number': '2026', 'kg': '12.5'}
    """
    return {name: Count(figure) if type(figure) is int and name not in _NAMES else figure for name, figure in figures.items()}


def _isolating(say: Any) -> Any:
    """The templates' `say`, with thousands marks in what is counted, and each name and code isolated: after Arabic letters 2026-008 would
    be shown as 008-2026."""

    @pass_context
    def said(context: Any, *texts: Any, **figures: Any) -> Any:
        figures = counted(figures)
        if current().direction == "rtl":
            figures = {name: _whole(figure) for name, figure in figures.items()}
        return say(context, *(Count(text) if type(text) is int else text for text in texts), **figures)

    return said


def _whole(figure: Any) -> Any:
    if not isinstance(figure, str) or figure[:1] in ("\u2066", "\u2067", "\u2068"):
        return figure
    return type(figure)("\u2068") + figure + "\u2069"  # what is marked as safe stays so


def _zone() -> Any:
    who = g.get("signed_in") or g.get("device")
    return who.collective.time_zone if who is not None else "Asia/Shanghai"
