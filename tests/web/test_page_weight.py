"""An old phone on a slow line: a page with its styles and scripts is under 60 KB, maps aside."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.orchard_fixtures import app, li, orchard, orchard_database, orchard_file, qian, zhao

__all__ = ["app", "li", "orchard", "orchard_database", "orchard_file", "qian", "zhao"]

MOST = 60 * 1024
PAGES = {
    "qian": ("/my", "/my/slips", "/my/slips/2026-000061", "/my/statement/2025", "/my/land", "/my/land/P1-1", "/my/data"),
    "li": ("/buyers", "/buyers/purchases", "/buyers/account", "/buyers/purchases/new"),
    "zhao": ("/managers/", "/managers/weighings", "/managers/weighings/new", "/managers/settlements?season=2025", "/managers/payments",
             "/managers/households", "/managers/plots", "/managers/dividends/new", "/managers/disputes", "/managers/seasons/code/2026"),
}  # fmt: skip


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_a_page_is_light(request, app, who, path):
    browser = request.getfixturevalue(who)
    page = browser.get(path)
    assert page.status_code == 200
    files = set(re.findall(r'(?:src|href)="(/static/(?:css|js|img)/[^"]+)"', page.text))
    assert len(files) >= 4
    weight = sum(len(gzip.compress(browser.get(file).data)) for file in files) + len(gzip.compress(page.data))
    assert weight < MOST, (path, weight)
