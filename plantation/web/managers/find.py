"""The office's find box: anything by code, name, phone or slip number."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from plantation.domain.words import Role
from plantation.errors import N_
from plantation.services.find import LONGEST, Hit, Kind, cleaned, find, find_page, single
from plantation.web.addresses import page_number
from plantation.web.desks import reading_desk
from plantation.web.guard import may, only
from plantation.web.managers import managers

# Where a hit is shown: the page, the name of its argument, and whether that is the household that it belongs to.
PLACES = {
    Kind.HOUSEHOLD: ("managers.show_household", "code", False),
    Kind.RIGHT: ("managers.show_household", "code", True),
    Kind.PARCEL: ("managers.show_household", "code", True),
    Kind.PLOT: ("managers.show_plot", "code", False),
    Kind.WEIGHING: ("managers.show_weighing", "slip", False),
    Kind.LOT: ("managers.show_lot", "code", False),
    Kind.BUYER: ("managers.show_buyer", "code", False),
    Kind.PICKER: ("managers.show_picker", "code", False),
}

LABELS = {
    Kind.HOUSEHOLD: N_("Households"),
    Kind.RIGHT: N_("Rights"),
    Kind.PARCEL: N_("Parcels"),
    Kind.PLOT: N_("Plots"),
    Kind.WEIGHING: N_("Slips"),
    Kind.LOT: N_("Lots"),
    Kind.BUYER: N_("Buyers"),
    Kind.PICKER: N_("Pickers"),
}


def place_of(kind: Kind, hit: Hit) -> str:
    """The address of the page of a hit, "" where nobody holds it."""
    endpoint, argument, of_owner = PLACES[kind]
    code = hit.owner if of_owner else hit.code
    return url_for(endpoint, **{argument: code}) if code else ""


@managers.get("/find")
@only(Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER)
def find_anything() -> Any:
    desk = reading_desk()
    text = cleaned(request.args.get("q", ""))
    kinds = [kind for kind in Kind if may(PLACES[kind][0])]
    chosen = request.args.get("kind", "")
    if chosen in kinds and text:
        kind = Kind(chosen)
        return _render(text, kind=kind, page=find_page(desk, text, kind, page_number()))
    found = find(desk, text, kinds)
    only_one = single(found)
    if only_one is not None and (place := place_of(*only_one)):
        return redirect(place, 303)
    return _render(text, found=found)


def _render(text: str, **what: Any) -> str:
    return render_template("managers/find.html", text=text, longest=LONGEST, labels=LABELS, place_of=place_of, **what)
