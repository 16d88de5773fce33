"""From a body to weighings, exactly: numbers are taken as they were written, and nothing is guessed.

A fault of the body as a whole refuses the call; a fault of one item refuses that item.
"""

from __future__ import annotations

import json
import re
from typing import Any

from plantation.errors import N_, BadValue, Refusal
from plantation.exchange.cells import read_moment
from plantation.services.fruit.weighing_inputs import WeighingInput
from plantation.services.words import FieldMissing
from plantation.units import parse_kg, parse_percent, parse_yuan

MOST_ITEMS = 500

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)

# field of an item: longest text. What is not here is refused, so that nobody sets a price or an amount: what the paper
# of a slip says is compared with the season's price and never taken.
CODES = ("slip", "season", "household", "plot", "parcel", "grade", "reverses", "lease")
NOTES = {"picker": 200, "reason": 1000}
FIGURES = {
    "gross_kg": parse_kg,
    "tare_kg": parse_kg,
    "deduction_pct": parse_percent,
    "piece_rate_yuan_per_kg": parse_yuan,
    "paper_price_yuan_per_kg": parse_yuan,
}
FIELDS = ("id", "time", *CODES, *NOTES, *FIGURES)


class NotJson(Refusal):
    """A body that is no JSON text, or one of endless nesting."""

    template = N_("The body is not JSON in UTF-8.")


class WrongShape(Refusal):
    """JSON, but not the one that was asked for."""

    template = N_('The body must be {"weighings": [...]} and nothing else.')


class TooManyItems(Refusal):
    """More than a call may carry."""

    template = N_("%(count)s weighings are too many for one call: send at most %(most)s.")


class NotAnItem(Refusal):
    """Something in the list that is no weighing."""

    template = N_("A weighing must be an object with the fields of weighings.csv.")


class FieldTwice(Refusal):
    """One field with two values: which one was meant is anybody's guess."""

    template = N_("The field “%(field)s” comes twice.")


class FieldUnknown(Refusal):
    """A field that a device may not set, or a misspelt one."""

    template = N_("There is no field “%(field)s”.")


class FieldFaulty(Refusal):
    """A field that cannot be read."""

    template = N_("%(field)s: %(what)s")


class Number(str):
    """A JSON number as it was written, so that 0.1 stays 0.1 and a million digits stay a text."""


class _Twice(dict[str, Any]):
    """An object in which a field came twice."""

    field: str


def read_body(body: bytes) -> list[Any]:
    """The items of a call, not looked at yet.

    >>> read_body(b'{"weighings": [{"gross_kg": 12.50}, 7]}')
    [{'gross_kg': '12.50'}, '7']
    >>> read_body(b'{"weighings": []}')
    []

    :raises NotJson, WrongShape, FieldTwice, TooManyItems: the call as a whole is refused.
    """
    try:
        read = json.loads(
            body.decode("utf-8-sig"),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise NotJson() from error
    if isinstance(read, _Twice):
        raise FieldTwice(field=read.field[:40])
    if not isinstance(read, dict) or read.keys() != {"weighings"} or not isinstance(read["weighings"], list):
        raise WrongShape()
    items = read["weighings"]
    if len(items) > MOST_ITEMS:
        raise TooManyItems(count=len(items), most=MOST_ITEMS)
    return items


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    seen: set[str] = set()
    twice = _Twice(read)
    twice.field = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return twice


def id_of(item: Any) -> str | None:
    """The item's id as it was sent, so that the sender finds its answer; None where there is none to speak of."""
    sent = item.get("id") if isinstance(item, dict) else None
    return str(sent)[:64].encode("utf-8", "replace").decode() if isinstance(sent, str) else None


def read_item(item: Any) -> WeighingInput:
    """One weighing, by codes.

    >>> read_item({"id": "0b5e7c52-4a0e-4a3c-9d4e-2f1f6a3f9c11", "season": "2026", "time": "2026-09-01T08:30:00+08:00",
    ...            "household": "H001", "grade": "A", "gross_kg": "25.3", "tare_kg": Number("1.2")}).gross_grams
    25300

    :raises FieldUnknown, FieldTwice, FieldMissing, FieldFaulty, NotAnItem: with the field's name.
    """
    if not isinstance(item, dict):
        raise NotAnItem()
    if isinstance(item, _Twice):
        raise FieldTwice(field=item.field[:40])
    for name in item:
        if name not in FIELDS:
            raise FieldUnknown(field=name[:40])
    read = {name: _read_field(name, value) for name, value in item.items() if value not in (None, "")}
    for name in ("id", "season", "time"):
        if name not in read:
            raise FieldMissing(field=name)
    return WeighingInput(
        id=read["id"],
        season=read["season"],
        time=read["time"],
        slip=read.get("slip"),
        household=read.get("household"),
        plot=read.get("plot"),
        parcel=read.get("parcel"),
        grade=read.get("grade", ""),
        gross_grams=read.get("gross_kg"),
        tare_grams=read.get("tare_kg"),
        deduction_ppm=read.get("deduction_pct"),
        picker=read.get("picker", ""),
        piece_rate_fen_per_kg=read.get("piece_rate_yuan_per_kg"),
        reverses=read.get("reverses"),
        reason=read.get("reason", ""),
        paper_price_fen_per_kg=read.get("paper_price_yuan_per_kg"),
        lease=read.get("lease", ""),
    )


def _read_field(name: str, value: Any) -> Any:
    try:
        if name in FIGURES:
            if not isinstance(value, str):
                raise BadValue(value=said_back(value), expected=N_("a number"))
            return FIGURES[name](value)
        if not isinstance(value, str) or isinstance(value, Number):
            raise BadValue(value=said_back(value), expected=N_("a text"))
        if name == "id":
            return _read_id(value)
        if name == "time":
            return read_moment(value)
        return _read_note(value, NOTES[name]) if name in NOTES else _read_code(value)
    except BadValue as refusal:
        refusal.figures["value"] = said_back(refusal.figures["value"])
        raise FieldFaulty(field=name, what=refusal) from refusal


def said_back(value: Any) -> str:
    """What can be said back about a value: short, and writable in UTF-8."""
    text = value if isinstance(value, str) else {dict: "{…}", list: "[…]", bool: str(value).lower()}.get(type(value), "")
    return text[:40].encode("utf-8", "replace").decode()


def _read_id(value: str) -> str:
    if _UUID.fullmatch(value) is None:
        raise BadValue(value=value, expected=N_("a UUID"))
    return value.lower()


def _read_code(value: str) -> str:
    if len(value) > 64 or not value.isprintable():
        raise BadValue(value=value, expected=N_("a code of 1 to 64 printable characters"))
    return value


def _read_note(value: str, most: int) -> str:
    if len(value) > most or not all(mark.isprintable() or mark in "\r\n\t" for mark in value):
        raise BadValue(value=value, expected=N_("a shorter text without control characters"))
    return value
