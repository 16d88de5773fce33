"""What stands in the header for each role. A link is shown once its page exists."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from plantation.domain.words import Role
from plantation.errors import N_, Marked
from plantation.web.guard import admitted


@dataclass(frozen=True, slots=True)
class Item:
    """A link: `section` is the path below which it counts as the current one, `beside` another. Where a role has many, `group` says
    under which word it stands; the word leads to the first of them."""

    endpoint: str
    label: Marked
    section: str
    group: Marked | None = None
    beside: str | None = None

    def is_around(self, path: str) -> bool:
        """Whether `path` is the section's or below it."""
        return any(f"{path}/".startswith(f"{one}/") for one in (self.section, self.beside) if one)


_FRUIT, _MONEY, _LAND, _PEOPLE, _SETTINGS = N_("Harvest"), N_("Money"), N_("Land"), N_("People"), N_("Office")
_OFFICE = (
    Item("managers.home", N_("Overview"), "/managers", _FRUIT),
    Item("managers.list_weighings", N_("Weighings"), "/managers/weighings", _FRUIT),
    Item("managers.list_purchases", N_("Purchases"), "/managers/purchases", _FRUIT),
    Item("managers.show_stock", N_("In stock"), "/managers/stock", _FRUIT),
    Item("managers.list_lots", N_("Lots"), "/managers/lots", _FRUIT),
    Item("managers.list_differences", N_("Differences"), "/managers/differences", _FRUIT),
    Item("managers.list_disputes", N_("Disputes"), "/managers/disputes", _FRUIT),
    Item("managers.list_closings", N_("At the field"), "/managers/closings", _FRUIT),
    Item("managers.list_seasons", N_("Seasons"), "/managers/seasons", _FRUIT),
    Item("managers.show_settlement", N_("Settlement"), "/managers/settlements", _MONEY),
    Item("managers.list_payments", N_("Payments"), "/managers/payments", _MONEY),
    Item("managers.list_payment_files", N_("Bank files"), "/managers/payments/files", _MONEY),
    Item("managers.list_advances", N_("Advances"), "/managers/advances", _MONEY),
    Item("managers.list_dividends", N_("Dividends"), "/managers/dividends", _MONEY),
    Item("managers.list_receivables", N_("Receivables"), "/managers/receivables", _MONEY),
    Item("managers.list_releases", N_("Releases"), "/managers/releases", _MONEY),
    Item("managers.list_plots", N_("Plots"), "/managers/plots", _LAND),
    Item("managers.show_land", N_("Map"), "/managers/land", _LAND),
    Item("managers.list_rights", N_("Rights"), "/managers/rights", _LAND),
    Item("managers.list_allocations", N_("Allocation"), "/managers/allocations", _LAND),
    Item("managers.list_households", N_("Households"), "/managers/households", _PEOPLE),
    Item("managers.list_pickers", N_("Pickers"), "/managers/pickers", _PEOPLE),
    Item("managers.list_buyers", N_("Buyers"), "/managers/buyers", _PEOPLE),
    Item("managers.edit_collective", N_("Collective"), "/managers/collective", _SETTINGS),
    Item("managers.list_accounts", N_("Accounts"), "/managers/accounts", _SETTINGS),
    Item("managers.edit_tares", N_("Crates and bags"), "/managers/tares", _SETTINGS),
    Item("managers.edit_yields", N_("Yields by age"), "/managers/yields", _SETTINGS),
    Item("managers.import_files", N_("Files"), "/managers/import", _SETTINGS, beside="/managers/export"),
)
_HOUSEHOLD = (
    Item("households.home", N_("My fruit"), "/my"),
    Item("households.list_slips", N_("Slips"), "/my/slips", beside="/my/dispute"),
    Item("households.show_land", N_("My land"), "/my/land"),
    Item("households.show_statement", N_("Statement"), "/my/statement"),
)
_BUYER = (
    Item("buyers.home", N_("In stock"), "/buyers"),
    Item("buyers.list_purchases", N_("My purchases"), "/buyers/purchases"),
    Item("buyers.list_lots", N_("Lots"), "/buyers/lots"),
    Item("buyers.show_account", N_("What I owe"), "/buyers/account"),
)
_TOWNSHIP = (Item("township.home", N_("Totals"), "/township"),)
_PICKER = (Item("pickers.home", N_("What I picked"), "/picker"),)
HOMES = {
    Role.MANAGER: "managers.home",
    Role.ACCOUNTANT: "managers.home",
    Role.WEIGHER: "managers.list_weighings",
    Role.HOUSEHOLD: "households.home",
    Role.RELATIVE: "households.home",
    Role.BUYER: "buyers.home",
    Role.PICKER: "pickers.home",
    Role.TOWNSHIP: "township.home",
}


def install(app: Flask) -> None:
    """`navigation()`, `home_url()`, `page_url(number)` and `signed_in` for templates."""
    app.jinja_env.globals.update(navigation=navigation, home_url=home_url, page_url=page_url)
    app.context_processor(lambda: {"signed_in": g.get("signed_in")})


def items_for(role: Role) -> tuple[Item, ...]:
    """The links of a role, in their order, whether their pages exist or not."""
    if role in (Role.HOUSEHOLD, Role.RELATIVE):
        return _HOUSEHOLD
    if role == Role.BUYER:
        return _BUYER
    if role == Role.TOWNSHIP:
        return _TOWNSHIP
    if role == Role.PICKER:
        return _PICKER
    return _OFFICE if role in (Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER) else ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands in the header; `here` is True for the one that the reader is in."""

    address: str
    label: Marked
    here: bool


def navigation() -> list[list[Link]]:
    """The rows of the header for whoever is signed in, only what they may enter: one row of links, or, where a role
    has several groups, a row of groups and under it the links of the group that the reader is in."""
    if g.get("signed_in") is None:
        return []
    role = g.signed_in.role
    shown = [
        item
        for item in items_for(role)
        if item.endpoint in current_app.view_functions and role in (admitted(current_app, item.endpoint) or ())
    ]
    inside = [item for item in shown if item.is_around(request.path)]
    here = max(inside, key=lambda item: len(item.section), default=None)
    group = here.group if here else None
    groups = dict.fromkeys(item.group for item in shown if item.group)
    rows = []
    if len(groups) < 2:  # who weighs has one: a row with a single word leads nowhere
        group = next(iter(groups), None)
    else:
        first = {label: next(item for item in shown if item.group == label) for label in groups}
        rows.append([Link(url_for(first[label].endpoint), label, label == group) for label in groups])
    rows.append([Link(url_for(item.endpoint), item.label, item is here) for item in shown if item.group == group])
    return [row for row in rows if row]


def home_url() -> str:
    """The first page of whoever is signed in; the front page for everybody else."""
    if g.get("signed_in") is not None:
        endpoint = HOMES.get(g.signed_in.role)
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("public.home")


def page_url(number: int) -> str:
    """Another page of the list that is shown now, with the same search."""
    kept = {name: value for name, value in request.args.items() if name != "page"}
    return url_for(request.endpoint or "public.home", **{**kept, **(request.view_args or {}), "page": number})
