"""A buyer's own pages: what is in stock, what they bought, and where it was picked. No households, no earnings."""

from flask import Blueprint

from plantation.domain.words import Role
from plantation.web.guard import require

buyers = Blueprint("buyers", __name__, url_prefix="/buyers")
buyers.before_request(require(Role.BUYER))

from plantation.web.buyers import account, home, lots, purchases  # noqa: E402, F401
