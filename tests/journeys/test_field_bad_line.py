"""Two phones on a line that cuts, loses, doubles and reorders, with slips taken back meanwhile: each slip once, every gram there.

More seeds than the suite's one: `BAD_LINE_SEEDS=0:200 pytest tests/journeys/test_field_bad_line.py`."""

from __future__ import annotations

import os
import random

import pytest
from sqlalchemy import select

from plantation.models import Weighing
from tests.journeys.bad_line import WAYS, BadLine
from tests.journeys.test_field import books, other_token, pair, queue, ready, token

__all__ = ["books", "other_token", "token"]

# Weigh some; take some of them back, at once or while they are sent: [id, number on the paper, grams, taken back] of each.
WORK = """async ([seed, count, send]) => {
    const { weigh, undo } = await import("/static/field/slips.js");
    const done = [];
    let chance = seed;
    const next = (below) => Math.floor(((chance = (chance * 48271) % 2147483647) / 2147483647) * below);
    for (let place = 0; place < count; place++) {
        const slip = await weigh({ household: "H00" + (1 + next(3)), grade: "A", gross_kg: ((3000 + next(40000)) / 1000).toFixed(3), tare_kg: "1.2" });
        if (send && place === 0) window.plantationField.synchronise();
        const back = next(5) === 0;
        if (back && next(3)) await new Promise((wait) => setTimeout(wait, next(200)));
        if (back) await undo(slip);
        done.push([slip.id, slip.slip, slip.net_grams, back]);
    }
    return done;
}"""
WAITING = "window.plantationField.slips().then((all) => all.filter((one) => one.state !== 'sent').length)"
COPIES = "Object.keys(localStorage).filter((key) => key.startsWith('slip/')).length"


@pytest.fixture
def line(address, seed):
    line = BadLine(address, random.Random(seed))
    yield line
    line.close()


def send_all(page):
    page.context.set_offline(False)
    for _ in range(5):
        page.evaluate("window.plantationField.synchronise()")
        if not page.evaluate(WAITING):
            return
    raise AssertionError([page.locator(name).text_content() for name in ("#online", "#waiting", "#refused", "#clock", "#progress")])


@pytest.mark.parametrize("seed", range(*map(int, os.environ.get("BAD_LINE_SEEDS", "0:1").split(":"))))
def test_each_slip_is_in_the_books_once_with_every_gram(open_phone, token, other_token, orchard_database, line, seed):
    chance = random.Random(seed)
    windows = []
    for own in (token, other_token):
        page = open_phone(base_url=line.address)
        pair(page, own)
        second = page.context.new_page()  # the installed page and a tab: one store, one line of numbers
        second.goto("/field/")
        ready(second)
        windows += [page, second]
    line.is_bad = True
    weighed = []
    while len(line.seen) < 15 or not set(WAYS) <= set(line.seen):
        page = chance.choice(windows)
        page.context.set_offline(chance.random() < 0.2)
        weighed += page.evaluate(WORK, [chance.randrange(1, 2**31), chance.randrange(1, 9), chance.random() < 0.7])
        if chance.random() < 0.3:
            page.context.set_offline(True)  # in the middle of it
        if chance.random() < 0.1:
            page.reload()
            ready(page)
    line.is_bad = False
    for page in chance.sample(windows, len(windows)):
        send_all(page)
    line.end()
    for page in windows:
        send_all(page)
        page.locator("#waiting[data-count='0']", has_text="Everything is sent.").wait_for()
        assert page.evaluate(COPIES) == 0

    with orchard_database.read() as session:
        books = {slip.id: slip for slip in session.scalars(select(Weighing).where(Weighing.recorded_by.startswith("phone")))}
    kept = {id: (number, grams) for id, number, grams, back in weighed if not back}
    back = {number for _, number, _, back in weighed if back}
    reversed = [books[slip.reverses_id].slip for slip in books.values() if slip.reverses_id]
    assert sum(slip.net_grams for slip in books.values()) == sum(grams for _, grams in kept.values())
    assert {id: (books[id].slip, books[id].net_grams) for id in kept} == kept
    assert len(reversed) == len(set(reversed)) and set(reversed) <= back
    assert {slip.slip for slip in books.values() if slip.slip in back} == set(reversed)
    assert len({number for _, number, _, _ in weighed}) == len(weighed)


def test_numbers_that_are_not_lent_hold_nothing_back(open_phone, token, books):
    page = open_phone()
    page.route("**/api/v1/slip-leases", lambda route: route.fulfill(status=409, content_type="application/json", body='{"error": "no"}'))
    pair(page, token)
    grams = queue(page, 3)
    page.evaluate("window.plantationField.synchronise()")
    assert books() == (3, grams, 3)
