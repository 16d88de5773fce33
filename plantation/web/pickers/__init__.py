"""A hired picker's own page: what was picked, the days worked, what was paid and what is open."""

from flask import Blueprint

from plantation.domain.words import Role
from plantation.web.guard import require

pickers = Blueprint("pickers", __name__, url_prefix="/picker")
pickers.before_request(require(Role.PICKER))

from plantation.web.pickers import home  # noqa: E402, F401
