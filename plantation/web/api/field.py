"""What a device at the field's edge fetches and tells while it has a signal: the reference data, slip numbers of its own,
how it stands, and the closing of its day."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import quote

from flask import Response, g, jsonify, request

from plantation.domain.closing import DaySlip
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.exchange.cells import read_moment
from plantation.services.desk import list_collectives
from plantation.services.fruit import closings
from plantation.services.fruit.field_reference import field_reference
from plantation.services.fruit.slip_numbers import lease_slips, slip_number
from plantation.services.lookups import the_season
from plantation.services.people.device_states import note_state
from plantation.units import format_kg, parse_decimal, parse_kg
from plantation.web.api import api
from plantation.web.desks import reading_desk, writing_desk

MOST_BYTES = 4096
MOST_CLOSING_BYTES = 1024 * 1024
EXPECTED_GRAMS = N_("a weight in kg with at most three decimals, such as 12.345")


@api.get("/reference")
def reference() -> Response:
    """Households, seasons, grades, prices: all that is needed to weigh with no signal."""
    desk = reading_desk()
    several = len(list_collectives(desk.session)) > 1
    return jsonify({**field_reference(desk), "verify": f"/verify/{quote(desk.collective.code, safe='')}/" if several else "/verify/"})


@api.post("/slip-leases")
def lease() -> Response | tuple[Response, int]:
    """Lend slip numbers of a season to this device."""
    request.max_content_length = MOST_BYTES
    try:
        season, count, asked = _read_lease(request.get_data(cache=False))
        with writing_desk() as desk:
            found = the_season(desk, season)
            leased = lease_slips(desk, g.device.id, found, count, asked)
            numbers = [slip_number(found.code, number) for number in (leased.first_number, leased.last_number)]
    except NotFound as refusal:
        return jsonify(error=str(refusal)), 404
    except Refusal as refusal:
        return jsonify(error=str(refusal)), 400
    return jsonify(season=season, first=leased.first_number, last=leased.last_number, slips=numbers)


@api.post("/device-state")
def tell_state() -> Response | tuple[Response, int]:
    """Note how the device stands: its clock, what waits on it since when, who holds it."""
    request.max_content_length = MOST_BYTES
    try:
        told = _read_state(request.get_data(cache=False))
        with writing_desk() as desk:
            state = note_state(desk, g.device.id, **told)
            now, offset = desk.now, state.clock_offset_seconds
    except Refusal as refusal:
        return jsonify(error=str(refusal)), 400
    return jsonify(now=now.isoformat(), clock_offset_seconds=offset)


@api.post("/closings")
def close() -> Response | tuple[Response, int]:
    """Compare the device's day with the books, and keep both."""
    request.max_content_length = MOST_CLOSING_BYTES
    try:
        code, season, day, slips = _read_closing(request.get_data(cache=False))
        with writing_desk() as desk:
            closed = closings.close_day(desk, g.device.id, code=code, season=season, day=day, slips=slips)
            return jsonify(_say_closing(closed))
    except NotFound as refusal:
        return jsonify(error=str(refusal)), 404
    except Refusal as refusal:
        return jsonify(error=str(refusal)), 400


def _say_closing(closed: closings.Closed) -> dict[str, Any]:
    def kg(grams: int | None) -> str | None:
        return None if grams is None else format_kg(grams)

    return {
        "id": closed.closing.code,
        "season": closed.season,
        "day": closed.closing.local_date.isoformat(),
        "head": f"{closed.closing.head_sequence}:{closed.closing.head_hash[:16]}",
        "told": [[*total[:3], kg(total.net_grams)] for total in closed.told],
        "recorded": [[*total[:3], kg(total.net_grams)] for total in closed.recorded],
        "differences": [
            {"kind": one.kind, "slip": one.slip, "household": one.household, "grade": one.grade,
             "told_kg": kg(one.told_grams), "recorded_kg": kg(one.recorded_grams)}
            for one in closed.differences
        ],
        "skipped": closed.skipped,
    }  # fmt: skip


def _object(body: bytes, keys: set[str], wanted: str) -> dict[str, Any]:
    try:
        read: Any = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadValue(value=body[:20].decode("utf-8", "replace"), expected=wanted) from error
    if not isinstance(read, dict) or set(read) != keys:
        raise BadValue(value=str(read)[:40], expected=wanted)
    return read


def _text(value: Any, wanted: str, most: int = 64) -> str:
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise BadValue(value=str(value)[:40].encode("utf-8", "replace").decode(), expected=wanted)
    return value


def _read_lease(body: bytes) -> tuple[str, int, str]:
    wanted = N_('{"season": code, "count": number, "request": id}')
    read = _object(body, {"season", "count", "request"}, wanted)
    if type(read["count"]) is not int:
        raise BadValue(value=str(read)[:40], expected=wanted)
    return _text(read["season"], wanted), read["count"], _text(read["request"], wanted)


def _read_state(body: bytes) -> dict[str, Any]:
    wanted = N_('{"clock": time, "waiting": number, "waiting_kg": weight, "waiting_since": time or null, "held_by": name}')
    read = _object(body, {"clock", "waiting", "waiting_kg", "waiting_since", "held_by"}, wanted)
    if type(read["waiting"]) is not int:
        raise BadValue(value=str(read["waiting"])[:40], expected=wanted)
    since = read["waiting_since"]
    return {
        "clock": read_moment(_text(read["clock"], wanted)),
        "waiting": read["waiting"],
        "waiting_grams": parse_kg(_text(read["waiting_kg"], wanted)),
        "waiting_since": None if since is None else read_moment(_text(since, wanted)),
        "held_by": _text(read["held_by"], wanted),
    }


def _read_closing(body: bytes) -> tuple[str, str, dt.date, list[DaySlip]]:
    wanted = N_('{"id": id, "season": code, "day": date, "slips": [{"id", "slip", "household", "grade", "net_kg"}]}')
    read = _object(body, {"id", "season", "day", "slips"}, wanted)
    try:
        day = dt.date.fromisoformat(_text(read["day"], wanted, 10))
    except ValueError as error:
        raise BadValue(value=str(read["day"])[:40], expected=wanted) from error
    if not isinstance(read["slips"], list):
        raise BadValue(value=str(read["slips"])[:40], expected=wanted)
    slips = []
    for one in read["slips"]:
        if not isinstance(one, dict) or set(one) != {"id", "slip", "household", "grade", "net_kg"}:
            raise BadValue(value=str(one)[:40], expected=wanted)
        texts = [_text(one[name], wanted) for name in ("id", "slip", "household", "grade")]
        net = parse_decimal(_text(one["net_kg"], wanted), decimals=3, expected=EXPECTED_GRAMS, signed=True)
        slips.append(DaySlip(*texts, net))
    return _text(read["id"], wanted), _text(read["season"], wanted), day, slips
