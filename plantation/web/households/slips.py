"""The household's slips: the list, and each one as it was given out, with the code that anybody can check."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from plantation.exchange.slips import qr_svg
from plantation.services.desk import list_collectives
from plantation.services.fruit.disputes import disputes_of_slip, frozen_among
from plantation.services.fruit.photos import photos_of, picture_of
from plantation.services.fruit.quality import check_of
from plantation.services.lookups import the_season
from plantation.services.mine.my_slips import list_own_slips, load_own_slip
from plantation.services.money.seasons import list_seasons
from plantation.web.addresses import page_number
from plantation.web.desks import reading_session
from plantation.web.households import households
from plantation.web.households.own import at_home


@households.get("/slips")
def list_slips() -> str:
    desk, household = at_home()
    code = request.args.get("season", "")[:64]
    seasons = list_seasons(desk)
    chosen = the_season(desk, code) if code and code.isprintable() else None
    page = list_own_slips(desk, household, [chosen] if chosen else seasons, page=page_number())
    return render_template(
        "households/slips.html",
        household=household,
        page=page,
        frozen=frozen_among(desk, [slip.id for slip in page.rows]),
        seasons=sorted(seasons, key=lambda season: season.starts_on, reverse=True),
        chosen=chosen,
    )


@households.get("/slips/<path:slip>")
def show_slip(slip: str) -> str:
    desk, household = at_home()
    found = load_own_slip(desk, household, slip)
    if len(list_collectives(reading_session())) == 1:
        address = url_for("public.verify_slip", slip=found.slip, _external=True)
    else:
        address = url_for("public.verify_slip_of", collective=desk.collective.code, slip=found.slip, _external=True)
    return render_template(
        "households/slip.html",
        household=household,
        slip=found,
        address=address,
        qr=qr_svg(address),
        disputes=disputes_of_slip(desk, found.slip, household),
        check=check_of(desk, found.id),
        photos=[(photo, url_for(".show_photo", photo_id=photo.id)) for photo in photos_of(desk, found.id)],
    )


@households.get("/photos/<int:photo_id>")
def show_photo(photo_id: int) -> Response:
    """The picture of the scale at one of the household's own slips."""
    desk, household = at_home()
    return Response(picture_of(desk, photo_id, household), mimetype="image/jpeg")
