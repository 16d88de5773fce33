"""A phone's own file of slips, as what the phone would have sent: static/field/sync.js says the same in its language."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from plantation.errors import N_, Refusal

REVERSAL = ("id", "slip", "season", "time", "reverses", "reason")
WEIGHING = ("id", "slip", "season", "time", "household", "grade", "gross_kg", "tare_kg", "deduction_pct", "lease")


class NoPhoneFile(Refusal):
    """Another JSON, or none."""

    template = N_("This is no file of slips from a phone.")


def slips_in(content: bytes) -> list[dict[str, Any]]:
    """The items that the phone would have sent, in its order.

    >>> slips_in(b'{"device": "p", "slips": [{"id": "a", "state": "waiting", "price_fen": 450, "slip": null}]}')
    [{'id': 'a', 'paper_price_yuan_per_kg': '4.50'}]

    :raises NoPhoneFile: it was not written by the weighing page.
    """
    try:
        read: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoPhoneFile() from error
    slips = read.get("slips") if isinstance(read, dict) else None
    if not isinstance(slips, list) or not slips or not all(isinstance(slip, dict) for slip in slips):
        raise NoPhoneFile()
    return [_item(slip) for slip in slips]


def _item(slip: dict[str, Any]) -> dict[str, Any]:
    item = {name: slip[name] for name in (REVERSAL if slip.get("reverses") else WEIGHING) if slip.get(name) not in (None, "")}
    price = slip.get("price_fen")
    if type(price) is int and 0 <= price < 10**9 and not slip.get("reverses"):
        item["paper_price_yuan_per_kg"] = f"{Decimal(price) / 100:.2f}"
    return item
