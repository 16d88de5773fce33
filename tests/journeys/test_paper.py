"""A hundred lines from paper, with the keyboard alone."""

from __future__ import annotations

import random

from sqlalchemy import func, select

from plantation.models import Household, Weighing
from tests.doors import SECRET


def test_a_hundred_lines_are_typed_without_the_mouse_and_every_gram_is_there(open_phone, orchard_database):
    with orchard_database.read() as session:
        codes = session.scalars(select(Household.code).order_by(Household.code)).all()
        before, grams_before = session.execute(select(func.count(), func.sum(Weighing.net_grams))).one()
    chance = random.Random(316)
    weights = chance.sample(range(10_000, 60_000), 99)
    lines = [(chance.choice(codes), grams) for grams in weights]
    lines.append(lines[0])  # the same once more: asked about, and meant
    page = open_phone()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/sign-in")
    page.locator("main form input[name=name]").fill("zhao")
    page.locator("main form input[type=password]").fill(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**/managers/**")
    page.goto("/managers/weighings/paper")
    page.wait_for_function("document.activeElement.name === 'lines-0-household'")
    keys = page.keyboard
    for place, (code, grams) in enumerate(lines):
        # The first ten key by key; a fast typist's word at once is the same to the page and quicker to watch.
        put = keys.type if place < 10 else keys.insert_text
        put(code)
        keys.press("Tab")
        put(f"{grams / 1000:.3f}")
        if place == 0:  # what stays the same is typed once
            for value in ("A", "1.5", "", "2026-09-01"):
                keys.press("Tab")
                keys.type(value)
        keys.press("Enter")
    # The line after the last one is empty: Enter there leads to the button.
    keys.press("Enter")
    net = sum(grams - 1_500 for _, grams in lines)
    said = page.locator("[data-totals]").inner_text()
    assert f"{net // 1_000:,}.{net % 1_000:03}" in said and "100" in said
    assert "Line 1 has the same" in page.locator("[data-line]").nth(99).inner_text()
    assert page.locator("[data-again]:visible").count() == 1
    page.locator("[name=lines-99-again]").focus()
    keys.press("Space")
    keys.press("Control+Enter")
    with page.expect_navigation():
        keys.press("Enter")
    assert "Nothing is recorded yet." in page.locator("main").inner_text()
    assert page.evaluate("document.activeElement.name") == "save"
    with page.expect_navigation():
        keys.press("Enter")
    assert "100 lines are recorded:" in page.locator("main").inner_text()
    with orchard_database.read() as session:
        count, grams = session.execute(select(func.count(), func.sum(Weighing.net_grams))).one()
        by_household = dict(
            session.execute(
                select(Household.code, func.sum(Weighing.net_grams))
                .join(Weighing, Weighing.household_id == Household.id)
                .where(Weighing.tare_grams == 1_500)
                .group_by(Household.code)
            ).all()
        )
    assert count - before == 100 and grams - grams_before == net
    for code in {code for code, _ in lines}:
        assert by_household[code] >= sum(gross - 1_500 for one, gross in lines if one == code)
