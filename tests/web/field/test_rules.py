"""The phone computes by the same rules as the books: thousands of random figures through both."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from zoneinfo import ZoneInfo

import pytest

from plantation.domain.pricing import NoPriceInForce, Price, price_on
from plantation.domain.weighing import amount_fen, net_grams
from plantation.domain.zones import utc_offsets
from plantation.paths import STATIC
from plantation.units import format_kg, parse_kg
from plantation.web.filters import grouped
from tests.conftest import missing

SCRIPT = """
import * as rules from "%s";
const given = JSON.parse(await new Promise((done) => { let text = ""; process.stdin.on("data", (part) => text += part).on("end", () => done(text)); }));
console.log(JSON.stringify({
  net: given.net.map(([gross, tare, ppm]) => rules.netGrams(gross, tare, ppm)),
  amount: given.amount.map(([grams, fen]) => rules.amountFen(grams, fen)),
  kg: given.kg.map((text) => rules.whole(text, 3)),
  text: given.grams.map((grams) => rules.decimal(grams, 3)),
  seen: given.grams.map((grams) => rules.figure(grams, 3)),
  price: given.price.map(([grade, day]) => rules.priceOn(given.sheet, grade, day)),
  time: given.moments.map((text) => given.offsets.map((offsets) => rules.localTime(offsets, Date.parse(text)))),
  ids: given.moments.map((text) => rules.uuid7(Date.parse(text))),
}));
"""

# The village's own, and those whose clocks change by an hour and by half of one, north and south, with odd minutes.
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")]


@pytest.fixture(scope="module")
def node():
    """The rules in a JavaScript engine: node where there is one, else the browser's own."""
    import shutil
    import subprocess

    found = shutil.which("node")
    if found is None:
        missing("node (Debian: nodejs)")
    path = (STATIC / "field" / "rules.js").as_uri()

    def run(given):
        asked = [found, "--input-type=module", "-e", SCRIPT % path]
        done = subprocess.run(asked, input=json.dumps(given), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_net_weights_amounts_prices_and_days_are_those_of_the_books(node):
    chance = random.Random(4)
    weighed = [(chance.randrange(2, 60_000), chance.randrange(0, 2_500), chance.choice((0, 25_000, 12_345, 999_999))) for _ in range(4_000)]
    sold = [(chance.randrange(0, 10**8), chance.randrange(0, 10**6)) for _ in range(4_000)]
    texts = [format_kg(chance.randrange(0, 10**8)) for _ in range(1_000)] + ["12", "12.5", "0.001"]
    sheet = {"A": [["2026-08-01", 500], ["2026-09-15", 520]], "B": [["2026-09-01", 300]]}
    days = [(chance.choice("AB"), (dt.date(2026, 7, 25) + dt.timedelta(days=chance.randrange(90))).isoformat()) for _ in range(300)]
    moments = [(dt.datetime(2026, 8, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=chance.randrange(500_000))).isoformat() for _ in range(500)]
    grams = [chance.randrange(-(10**8), 10**8) for _ in range(500)]
    offsets = [_offsets(zone) for zone in ZONES]
    said = node(
        {"offsets": offsets, "net": weighed, "amount": sold, "kg": texts, "grams": grams, "sheet": sheet, "price": days, "moments": moments}
    )
    assert said["net"] == [net_grams(g, t, ppm) if g > t else None for g, t, ppm in weighed]
    assert said["amount"] == [amount_fen(g, fen) for g, fen in sold]
    assert said["kg"] == [parse_kg(text) for text in texts]
    assert said["text"] == [format_kg(each) for each in grams]
    assert said["seen"] == [grouped(format_kg(each)) for each in grams]
    lines = [Price(grade, dt.date.fromisoformat(day), fen) for grade, rows in sheet.items() for day, fen in rows]
    assert said["price"] == [_price(lines, grade, dt.date.fromisoformat(day)) for grade, day in days]
    clocks = [[f"{dt.datetime.fromisoformat(each).astimezone(zone):%Y-%m-%d %H:%M}" for zone in ZONES] for each in moments]
    assert said["time"] == clocks
    ids = [uuid.UUID(each) for each in said["ids"]]
    assert {each.version for each in ids} == {7} and len(set(ids)) == len(ids)
    by_time = sorted(zip(moments, said["ids"], strict=True), key=lambda pair: pair[1])
    assert [moment for moment, _ in by_time] == sorted(moments)


def test_what_is_no_weight_is_none(node):
    texts = ["", "-1", "1e3", "1,5", "1.2345", ".5", "abc", " 1_0 ", "9" * 12]
    said = node(
        {
            "net": [[5, 5, 0], [5, 6, 0]],
            "amount": [],
            "kg": texts,
            "grams": [],
            "sheet": {},
            "price": [["A", "2026-08-01"]],
            "moments": [],
            "offsets": [],
        }
    )
    assert said["kg"] == [None] * len(texts)
    assert (said["net"], said["price"]) == ([None, None], [None])


def _offsets(zone):
    first = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
    return [[int(moment.timestamp()) * 1000, minutes] for moment, minutes in utc_offsets(zone, first, first + dt.timedelta(days=400))]


def _price(lines, grade, day):
    try:
        return price_on(lines, grade, day)
    except NoPriceInForce:
        return None
