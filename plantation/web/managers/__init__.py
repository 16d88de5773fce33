"""The collective's office. Its pages are the managers' alone, unless a view says `@only(...)` and lets others in."""

from flask import Blueprint

from plantation.domain.words import Role
from plantation.web.guard import require

managers = Blueprint("managers", __name__, url_prefix="/managers")
managers.before_request(require(Role.MANAGER))

from plantation.web.managers import (  # noqa: E402, F401
    accounts,
    advances,
    allocation_draws,
    allocation_prints,
    allocations,
    buyer_payments,
    buyers,
    cards,
    devices,
    differences,
    disputes,
    dividends,
    earnings,
    exclusions,
    exports,
    field_work,
    find,
    home,
    households,
    imports,
    land_map,
    lots,
    maps,
    notices,
    paper_lines,
    payment_files,
    payments,
    phone_files,
    pickers,
    plots,
    purchases,
    relatives,
    releases,
    rights,
    seasons,
    settings,
    settlements,
    township,
    weighings,
    words,
)
