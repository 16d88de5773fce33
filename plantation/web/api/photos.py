"""Photos of the scale from a device: after the slip that they belong to, each once."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, jsonify, request

from plantation.domain.pictures import MOST_BYTES
from plantation.errors import NotFound, Refusal
from plantation.services.fruit.photos import add_photo
from plantation.web.api import api
from plantation.web.desks import writing_desk


@api.post("/photos")
def take_photo() -> Response | tuple[Response, int]:
    """Keep a JPEG of at most 80 KB with the weighing that `?weighing=` names."""
    request.max_content_length = MOST_BYTES
    content = request.get_data(cache=False)
    weighing = request.args.get("weighing", "")
    try:
        if not weighing.isprintable():
            raise NotFound(what="weighing", code="")
        with writing_desk() as desk:
            photo = add_photo(desk, weighing[:64], content)
            return jsonify(weighing=photo.weighing_id, sha256=sha256(photo.picture).hexdigest())
    except NotFound as refusal:
        return jsonify(error=str(refusal)), 404
    except Refusal as refusal:
        return jsonify(error=str(refusal)), 400
