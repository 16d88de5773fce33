"""The township's page: totals of the collectives that have let it in, no names."""

from flask import Blueprint

from plantation.domain.words import Role
from plantation.web.guard import require

township = Blueprint("township", __name__, url_prefix="/township")
township.before_request(require(Role.TOWNSHIP))

from plantation.web.township import home  # noqa: E402, F401
