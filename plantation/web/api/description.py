"""The description of the whole API (OpenAPI 3.1): written by hand, and held to the truth by a test."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from plantation.web.api import api
from plantation.web.api.reading import MOST_ITEMS
from plantation.web.api.schemas import CLOSING, LEASE, SCHEMAS, STATE


@api.get("/openapi.json")
def describe() -> Response:
    """The description, for programs and for those who write them; no token is needed to read it."""
    return jsonify(DESCRIPTION)


def _error(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_POST_WEIGHINGS = {
    "summary": "Record weighings",
    "operationId": "recordWeighings",
    "description": (
        "One bad item spoils no other: each has its own result, in the order of the items. Sending a batch again is "
        "safe. Keep an item until its result is created or duplicate."
    ),
    "security": [{"token": []}],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Batch"}}},
    },
    "responses": {
        "200": {
            "description": "A result for each item.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Results"}}},
        },
        "400": _error(f"The body is not JSON, not of this shape, or has more than {MOST_ITEMS} items; nothing was recorded."),
        "401": _error("No token, an unknown or a revoked one."),
        "413": _error("More than 4 MB; send it in parts."),
        "503": _error("Not available just now; send it again later."),
    },
}

_POST_LEASES = {
    "summary": "Borrow slip numbers",
    "operationId": "leaseSlips",
    "description": "Numbers that no other device and not the office gives out, so that slips can be printed with no signal.",
    "security": [{"token": []}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": LEASE}}},
    "responses": {
        "200": {
            "description": "The first and the last number, and how they are written.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["season", "first", "last", "slips"],
                        "properties": {
                            "season": {"type": "string"},
                            "first": {"type": "integer"},
                            "last": {"type": "integer"},
                            "slips": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
                        },
                    }
                }
            },
        },
        "400": _error("The body is not of this shape; nothing was lent."),
        "401": _error("No token, an unknown or a revoked one."),
        "404": _error("There is no such season."),
        "413": _error("More than 4 kB."),
        "503": _error("Not available just now; send it again later."),
    },
}

_POST_PHOTOS = {
    "summary": "Keep a photo of the scale with a slip",
    "operationId": "takePhoto",
    "description": (
        "After the weighing was answered with created or duplicate. Sending it again is safe. What a camera writes beside the picture "
        "(EXIF with the place) is not kept; the answer has the SHA-256 of what is. At most three for a slip."
    ),
    "security": [{"token": []}],
    "parameters": [
        {
            "name": "weighing",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 64},
            "description": "The weighing's `id`.",
        }
    ],
    "requestBody": {"required": True, "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary", "maxLength": 81920}}}},
    "responses": {
        "200": {
            "description": "It is kept.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["weighing", "sha256"],
                        "properties": {"weighing": {"type": "string"}, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
                    }
                }
            },
        },
        "400": _error("It is no whole JPEG, or the slip has three photos; nothing was kept."),
        "401": _error("No token, an unknown or a revoked one."),
        "404": _error("There is no such weighing (yet)."),
        "413": _error("More than 80 KB."),
        "503": _error("Not available just now; send it again later."),
    },
}

_GET_REFERENCE = {
    "summary": "What is needed to weigh with no signal",
    "operationId": "reference",
    "security": [{"token": []}],
    "responses": {
        "200": {
            "description": "Households (code, name, thousandths of a mu), seasons that are not over, their prices in fen.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "401": _error("No token, an unknown or a revoked one."),
        "503": _error("Not available just now; ask again later."),
    },
}


def _post(summary: str, name: str, description: str, body: dict[str, Any], says: str, most: str, **more: Any) -> dict[str, Any]:
    return {
        "summary": summary,
        "operationId": name,
        "description": description,
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {"description": says, "content": {"application/json": {"schema": {"type": "object"}}}},
            "400": _error("The body is not of this shape; nothing was kept."),
            "401": _error("No token, an unknown or a revoked one."),
            "413": _error(f"More than {most}."),
            "503": _error("Not available just now; send it again later."),
            **more,
        },
    }


_POST_STATE = _post(
    "Tell how the device stands", "tellState",
    "The office sees whose clock is wrong, what waits where, and what a lost device can take along.",
    STATE, "The server's time, and by how many seconds the device's clock is ahead of it.", "4 kB",
)  # fmt: skip
_POST_CLOSING = _post(
    "Close a day", "closeDay",
    "The device's slips of a day beside what is recorded of them here: totals per grade and household, each slip that differs"
    " (missing_here, unknown_there, differs), numbers that carry no slip, and the journal's head.",
    CLOSING, "Both totals and every difference.", "1 MB", **{"404": _error("There is no such season.")},
)  # fmt: skip

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Plantation",
        "version": "1",
        "description": "For devices at the scale. Tokens are made with `plantation token create NAME`.",
    },
    "paths": {
        "/api/v1/weighings": {"post": _POST_WEIGHINGS},
        "/api/v1/reference": {"get": _GET_REFERENCE},
        "/api/v1/slip-leases": {"post": _POST_LEASES},
        "/api/v1/photos": {"post": _POST_PHOTOS},
        "/api/v1/device-state": {"post": _POST_STATE},
        "/api/v1/closings": {"post": _POST_CLOSING},
        "/api/v1/openapi.json": {
            "get": {
                "summary": "This description",
                "operationId": "describe",
                "security": [],
                "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}},
            }
        },
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}, "schemas": SCHEMAS},
}
