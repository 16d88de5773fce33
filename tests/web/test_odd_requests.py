"""Questions behind an address that mean nothing: a page or a refusal, never a fault."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.orchard_fixtures import app, he, li, orchard, orchard_database, orchard_file, qian, unread, zhao

__all__ = ["app", "he", "li", "orchard", "orchard_database", "orchard_file", "qian", "zhao"]

ASKED = ("page", "season", "search", "q", "kind", "by", "plot", "plots", "text", "role", "lot", "household", "bank", "code", "size", "seed", "rule",
         "first", "second", "saved", "grade", "gross_grams", "next", "name", "collective", "slip", "v", "level")  # fmt: skip
ODD = ["-1", "abc", "1" + "0" * 30, "0", "%_'\"\\;--", "a\x00b", "\udcff", "２", "\u202e2", "x" * 5000, "../../etc/passwd", "2025&page=9"]


def pages(app, door):
    """The addresses of a door's pages that need nothing filled in."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint.startswith(f"{door}."):
            yield rule.rule


@pytest.mark.parametrize(
    "door,who,at_least", [("managers", "zhao", 40), ("households", "qian", 5), ("buyers", "li", 3), ("public", "zhao", 5)]
)
def test_a_question_that_means_nothing_gets_a_page_or_a_refusal_and_no_fault(app, request, door, who, at_least):
    browser = unread(request.getfixturevalue(who))
    asked = list(pages(app, door))
    assert len(asked) >= at_least
    for place, address in enumerate(asked):
        for odd in ODD[place % 3 :: 3]:
            answer = browser.get(f"{address}?{urlencode([(name, odd) for name in ASKED], errors='surrogateescape')}")
            assert answer.status_code in (200, 302, 303, 400, 404, 422), (address, odd[:20], answer.status_code)
            assert "Traceback" not in answer.text


def test_the_head_of_every_page_is_answered_without_a_fault(app, zhao):
    browser = unread(zhao)
    for rule in app.url_map.iter_rules():
        if "HEAD" in rule.methods and not rule.arguments and rule.endpoint.partition(".")[0] in ("managers", "public"):
            answer = browser.head(rule.rule)
            assert answer.status_code < 500 and answer.data == b"", rule.rule
