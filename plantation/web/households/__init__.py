"""A household's own pages: what it is owed and why. Nothing of anybody else, and nothing to change: a household
can only say that something is wrong, and let relatives read. A relative reads: what is sent is `@only(Role.HOUSEHOLD)`."""

from flask import Blueprint

from plantation.domain.words import Role
from plantation.web.guard import require

households = Blueprint("households", __name__, url_prefix="/my")
households.before_request(require(Role.HOUSEHOLD, Role.RELATIVE))

from plantation.web.households import data, disputes, home, land, relatives, slips, statement  # noqa: E402, F401
