"""What devices talk to: JSON in, JSON out, a token with each call; no cookie and no page."""

from flask import Blueprint

from plantation.web.guard import require_device

api = Blueprint("api", __name__, url_prefix="/api/v1")
api.before_request(require_device())

from plantation.web.api import description, field, photos, weighings  # noqa: E402, F401
