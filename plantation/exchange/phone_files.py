"""A phone's own file of slips, as what the phone would have sent: static/field/sync.js and slips.js say the same in their
language."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NamedTuple

from plantation.errors import N_, Refusal

REVERSAL = ("id", "slip", "season", "time", "reverses", "reason")
WEIGHING = ("id", "slip", "season", "time", "household", "grade", "gross_kg", "tare_kg", "deduction_pct", "lease", "reason")


class NoPhoneFile(Refusal):
    """Another JSON, or none."""

    template = N_("This is no file of slips from a phone.")


class PhoneFile(NamedTuple):
    """`items` in the phone's order; `undone` are the reversals of those that were taken back while they were under way, by the ids
    of their slips. A reversal names its slip by the number that the slip has in the books, which the phone may not know."""

    items: list[dict[str, Any]]
    undone: dict[str, dict[str, Any]]


def slips_in(content: bytes) -> PhoneFile:
    """What the phone would have sent.

    >>> slips_in(b'{"device": "p", "slips": [{"id": "a", "state": "waiting", "price_fen": 450, "slip": null}]}')
    PhoneFile(items=[{'id': 'a', 'paper_price_yuan_per_kg': '4.50'}], undone={})
    >>> slips_in(b'{"slips": [{"id": "a", "season": "2026", "undone": {"id": "b", "reason": "undone at the scale"}}]}').undone
    {'a': {'id': 'b', 'reason': 'undone at the scale', 'season': '2026'}}

    :raises NoPhoneFile: it was not written by the weighing page.
    """
    try:
        read: Any = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoPhoneFile() from error
    slips = read.get("slips") if isinstance(read, dict) else None
    if not isinstance(slips, list) or not slips or not all(isinstance(slip, dict) for slip in slips):
        raise NoPhoneFile()
    undone = {str(slip.get("id")): _undone(slip) for slip in slips if slip.get("undone") is not None}
    return PhoneFile([_item(slip) for slip in slips], undone)


def _item(slip: dict[str, Any]) -> dict[str, Any]:
    item = {name: slip[name] for name in (REVERSAL if slip.get("reverses") else WEIGHING) if slip.get(name) not in (None, "")}
    price = slip.get("price_fen")
    if type(price) is int and 0 <= price < 10**9 and not slip.get("reverses"):
        item["paper_price_yuan_per_kg"] = f"{Decimal(price) / 100:.2f}"
    return item


def _undone(slip: dict[str, Any]) -> dict[str, Any]:
    said = slip["undone"] if isinstance(slip["undone"], dict) else {}
    reversal = {name: said[name] for name in ("id", "time", "reason") if said.get(name) not in (None, "")}
    return {**reversal, "season": slip.get("season")}
