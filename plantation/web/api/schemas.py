"""The shapes of what the API takes and gives, as JSON Schema."""

from __future__ import annotations

from typing import Any

from plantation.services.fruit.weighing_inputs import Status
from plantation.web.api.reading import FIGURES, MOST_ITEMS, NOTES


def _code(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "maxLength": 64, "description": description}


def _figure(decimals: int, description: str) -> dict[str, Any]:
    plain = {"type": "string", "pattern": rf"^[0-9]{{1,13}}(\.[0-9]{{1,{decimals}}})?$"}
    return {"anyOf": [plain, {"type": "number", "minimum": 0}, {"type": "null"}], "description": description}


WEIGHING = {
    "type": "object",
    "description": (
        "The columns of weighings.csv. Say whose fruit it is by household, by parcel, or by plot alone (it is then "
        "shared over the plot's parcels). A correction names the slip in `reverses` with a `reason`; place, grade and "
        "weights may then be left out. Net weight, price and amount are computed here and never taken."
    ),
    "additionalProperties": False,
    "required": ["id", "season", "time"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Made on the device, once for each weighing."},
        "slip": _code("The number on the paper; left out, the next one of the season."),
        "season": {"type": "string", "minLength": 1, "maxLength": 64},
        "time": {
            "type": "string",
            "format": "date-time",
            "description": "With its offset from UTC; at most a day ahead of the server's clock.",
        },
        "household": _code("The household's code."),
        "plot": _code("The plot's code."),
        "parcel": _code("The parcel's code."),
        "grade": _code("The grade; needed unless the item is a reversal."),
        "gross_kg": _figure(3, "Above the tare."),
        "tare_kg": _figure(3, "From 0 on."),
        "deduction_pct": _figure(4, "For leaves, water and twigs: from 0, below 100."),
        "picker": {"type": ["string", "null"], "maxLength": NOTES["picker"]},
        "piece_rate_yuan_per_kg": _figure(2, "What the picker earns by the kg."),
        "paper_price_yuan_per_kg": _figure(
            2, "What the printed slip says. Never taken: where the season's price is another, a manager is asked, and `reason` says so."
        ),
        "lease": _code("The `request` under which the slip's number was borrowed, for a slip that another device sends."),
        "reverses": _code("The slip that this one takes back."),
        "reason": {"type": ["string", "null"], "maxLength": NOTES["reason"]},
    },
}

RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "status", "slip", "reason"],
    "properties": {
        "id": {"type": ["string", "null"], "description": "As it was sent."},
        "status": {
            "enum": [str(status) for status in Status],
            "description": (
                "created; duplicate: the same id with the same content, `slip` is the first one; conflict: the same id "
                "with other content, nothing was recorded; refused: nothing was recorded, see `reason`."
            ),
        },
        "slip": {"type": ["string", "null"]},
        "reason": {
            "type": ["string", "null"],
            "description": "Why not, or what to know of a created one. In the language of Accept-Language; English without it.",
        },
    },
}

LEASE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["season", "count", "request"],
    "properties": {
        "season": {"type": "string", "minLength": 1, "maxLength": 64},
        "count": {"type": "integer", "minimum": 1, "maximum": 2000},
        "request": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Made on the device: asked twice, it is one lease."},
    },
}

_TIME = {"type": "string", "format": "date-time", "description": "With its offset from UTC."}
STATE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["clock", "waiting", "waiting_kg", "waiting_since", "held_by"],
    "properties": {
        "clock": _TIME | {"description": "What the device's clock says now, with its offset from UTC."},
        "waiting": {"type": "integer", "minimum": 0, "description": "Slips that are on the device only."},
        "waiting_kg": {"type": "string", "description": "Their net weight."},
        "waiting_since": {"anyOf": [_TIME, {"type": "null"}]},
        "held_by": {"type": "string", "maxLength": 64, "description": "Who holds the device; may be empty."},
    },
}
_SLIP_OF_DAY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "slip", "household", "grade", "net_kg"],
    "properties": {
        **{name: {"type": "string", "maxLength": 64} for name in ("id", "slip", "household", "grade")},
        "net_kg": {"type": "string", "description": "Negative for a slip that takes another one back."},
    },
}
CLOSING = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "season", "day", "slips"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Made on the device: told twice, it is one closing."},
        "season": {"type": "string", "minLength": 1, "maxLength": 64},
        "day": {"type": "string", "format": "date", "description": "In the collective's time zone."},
        "slips": {"type": "array", "maxItems": 5000, "items": _SLIP_OF_DAY},
    },
}

SCHEMAS: dict[str, Any] = {
    "Batch": {
        "type": "object",
        "additionalProperties": False,
        "required": ["weighings"],
        "properties": {
            "weighings": {
                "type": "array",
                "maxItems": MOST_ITEMS,
                "items": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/Weighing"},
                        {"description": "Anything else is answered with `refused`, and spoils no other item."},
                    ]
                },
            }
        },
    },
    "Weighing": WEIGHING,
    "Results": {
        "type": "object",
        "additionalProperties": False,
        "required": ["results"],
        "properties": {
            "results": {
                "type": "array",
                "maxItems": MOST_ITEMS,
                "items": {"$ref": "#/components/schemas/Result"},
            }
        },
    },
    "Result": RESULT,
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string"}, "number": {"type": "string"}},
    },
}

assert FIGURES.keys() <= WEIGHING["properties"].keys()
