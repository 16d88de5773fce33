"""Weighings from devices: what came in is recorded once, however often it is sent."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from plantation.errors import Refusal
from plantation.services.fruit.weighing_inputs import Outcome, Status, WeighingInput
from plantation.services.fruit.weighings import record_weighings
from plantation.web.api import api
from plantation.web.api.reading import id_of, read_body, read_item
from plantation.web.desks import writing_desk
from plantation.web.refusals import say

MOST_BYTES = 4 * 1024 * 1024


@api.post("/weighings")
def receive_weighings() -> Response | tuple[Response, int]:
    """Record a batch; one result an item, in their order. One bad item spoils no other."""
    request.max_content_length = MOST_BYTES
    try:
        items = read_body(request.get_data(cache=False))
    except Refusal as refusal:
        return jsonify(error=_speak(refusal)), 400
    return jsonify(results=receive_items(items))


def receive_items(items: list[Any]) -> list[dict[str, Any]]:
    """One result an item, in their order."""
    results: list[dict[str, Any]] = [{}] * len(items)
    readable: list[tuple[int, WeighingInput]] = []
    for place, item in enumerate(items):
        try:
            readable.append((place, read_item(item)))
        except Refusal as refusal:
            results[place] = _result(id_of(item), Status.REFUSED, None, refusal)
    for (place, _), outcome in zip(readable, _record([given for _, given in readable]), strict=True):
        results[place] = _result(id_of(items[place]), outcome.status, outcome.slip, outcome.refusal or outcome.note)
    return results


def _record(inputs: list[WeighingInput]) -> list[Outcome]:
    if not inputs:
        return []
    with writing_desk() as desk:
        return record_weighings(desk, inputs)


def _result(id: str | None, status: Status, slip: str | None, refusal: Refusal | None) -> dict[str, Any]:
    return {"id": id, "status": str(status), "slip": slip, "reason": None if refusal is None else _speak(refusal)}


def _speak(refusal: Refusal) -> str:
    """In the language that the device asks for; a program that asks for none gets English."""
    return say(refusal) if request.accept_languages else str(refusal)
