"""The header: a household has one row of links; the office has groups, and the links of the group it is in."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from plantation.web.navigation import items_for
from tests.conftest import NOW
from tests.doors import SECRET, enter
from tests.orchard_fixtures import app, li, orchard, orchard_database, orchard_file, qian, zhao

__all__ = ["app", "li", "orchard", "orchard_database", "orchard_file", "qian", "zhao"]


def rows(browser, path):
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    return [
        [(link.get_text(strip=True), link.get("aria-current")) for link in row.find_all("a")]
        for row in page.find_all("nav", class_="sections")
    ]


def test_the_office_has_groups_and_the_links_of_its_own_group(zhao):
    groups, links = rows(zhao, "/managers/payments")
    assert [name for name, here in groups if here] == ["Money"]
    assert [name for name, here in links if here] == ["Payments"]
    assert len(groups) == 5 and "Plots" not in [name for name, _ in links]


def test_what_is_read_and_what_is_downloaded_stand_under_one_link(zhao):
    for path in ("/managers/import", "/managers/export"):
        assert [name for name, here in rows(zhao, path)[1] if here == "page"] == ["Files"]


@pytest.mark.parametrize("role", [Role.MANAGER])
def test_every_link_of_the_office_leads_to_a_page_of_its_group(zhao, role, app):
    with app.test_request_context():
        paths = [(item, app.url_map.bind("localhost").build(item.endpoint)) for item in items_for(role)]
    for item, path in paths:
        answer = zhao.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert [here for _, here in rows(zhao, path)[0]].count("true") == 1, (path, item.group)


def test_who_weighs_has_one_row_on_every_page(orchard_database, orchard, app):
    with orchard_database.write() as session:
        create_account(Desk(session, orchard, "zhao", NOW), name="sun", role=Role.WEIGHER, secret=SECRET, language="en")
    sun = enter(app, "sun", SECRET)
    for path in ("/managers/weighings", "/account"):
        (links,) = rows(sun, path)
        assert [name for name, _ in links] == ["Weighings", "At the field", "Seasons"]


def test_a_household_and_a_buyer_have_one_row(qian, li):
    assert len(rows(qian, "/my")) == 1 and [name for name, here in rows(qian, "/my")[0] if here == "page"] == ["My fruit"]
    assert len(rows(li, "/buyers")) == 1
