"""Measure every page that a household, a manager and a picker can walk to, one of each kind; see README.md beside this file.

A page's kind is its route and the names in its query. Each is asked once to warm up and then five times: the SQL statements, and the
processor time of the server (median), which other work on the machine does not change much.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import deque
from collections.abc import Sequence
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from benchmarks.filling import add_database, open_database
from benchmarks.pages.measure import MANAGER, MOST_MS, MOST_STATEMENTS, NOW, PIN, SECRET, Visitor, give_accounts
from plantation import create_app

LINK = re.compile(r'(?:href|action|src)="([^"]+)"')
# Pages that lists lead to by typing, where the data is largest.
TYPED = (
    "/managers/weighings?season=2026&page=200", "/managers/weighings?search=H00777", "/managers/weighings?search=户777", "/managers/weighings?search=户7",
    "/managers/weighings?search=2026-00", "/managers/find?q=H", "/managers/find?q=户777", "/managers/find?q=777", "/managers/find?q=2026-00",
    "/managers/find?q=P", "/managers/find?q=户", "/managers/find?q=H&kind=household&page=20", "/managers/households?search=77",
    "/managers/households?page=200", "/managers/payments?season=2025&page=200", "/managers/payments/sheet/2025", "/managers/payments/made?page=200",
    "/managers/settlements/earnings?season=2025&page=150", "/managers/differences?season=2025", "/managers/purchases?page=2",
)  # fmt: skip


def kind_of(app: Flask, path: str) -> str | None:
    """The route of a page with the names of its query; None where it is no page of ours."""
    parts = urlsplit(path)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        rule, _ = app.url_map.bind("localhost").match(parts.path, method="GET", return_rule=True)
    except HTTPException:
        return None
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    return f"{rule.rule}{'?' + '&'.join(names) if names else ''}"


def measure(visitor: Visitor, path: str, times: int) -> tuple[int, float, int, str, str]:
    """(status, processor ms, statements, type, text) of a page: the median, and the most statements, of several looks."""
    spent, asked = [], 0
    for look in range(times + 1):
        visitor.asked.clear()
        start = time.process_time()
        answer = visitor.browser.get(path)
        if look:
            spent.append((time.process_time() - start) * 1000)
            asked = max(asked, len(visitor.asked))
    return answer.status_code, statistics.median(spent), asked, answer.mimetype, answer.text if answer.mimetype == "text/html" else ""


def walk(app: Flask, visitor: Visitor, title: str, start: Sequence[str], inside: str, times: int) -> None:
    """Follow every link below `inside`, one of each kind, and tell what each took, those over the limits marked."""
    waiting, known = deque(start), set()
    print(title)
    while waiting:
        path = waiting.popleft()
        kind = path if path in start else kind_of(app, path)
        if kind is None or kind in known:
            continue
        known |= {kind, kind_of(app, path)}
        status, spent, asked, mimetype, text = measure(visitor, path, times)
        over = " <- over" if asked >= MOST_STATEMENTS or spent >= MOST_MS else ""
        print(f"  {path[:90]:90} {status} {asked:3} statements {spent:8.1f} ms{over}", flush=True)
        if status == 200 and mimetype == "text/html":
            for found in map(unescape, LINK.findall(text)):
                target = urljoin(path, found).partition("#")[0]
                if urlsplit(target).path.startswith(inside) and "/sign-out" not in target:
                    waiting.append(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database(parser)
    parser.add_argument("--times", type=int, default=5, help="how often each page is looked at")
    parser.add_argument("--only", default="", help="household or manager")
    given = parser.parse_args()
    with open_database(given) as database:
        household = "H00700"
        give_accounts(database, [household])
        app = create_app({"SECRET_KEY": "for the benchmark only"}, database)
        app.extensions["plantation.clock"] = lambda: NOW
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *details: asked.append(details[2]))
        if given.only in ("", "household"):
            walk(app, Visitor(app, asked, household, PIN, "10.1.0.1"), "a household", ["/my"], "/my", given.times)
        if given.only in ("", "manager"):
            visitor = Visitor(app, asked, MANAGER, SECRET, "10.2.0.1")
            walk(app, visitor, "a manager", ["/managers/", *TYPED], "/managers", given.times)


if __name__ == "__main__":
    main()
