"""Paper cards as they are printed: each with a QR code that opens the sign-in page with the name filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for

from plantation.exchange.slips import qr_svg
from plantation.models import Collective
from plantation.services.desk import list_collectives
from plantation.services.people.cards import Card
from plantation.web.desks import reading_session


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cards to print with their QR codes as SVG, the address to sign in at, and the collective where there are several."""

    cards: list[tuple[Card, str]]
    address: str
    collective: Collective | None


def to_print(cards: Sequence[Card]) -> Sheet:
    """The sheet of `cards`, for the templates' macro `printed_cards`."""
    several = len(list_collectives(reading_session())) > 1
    more = {"collective": g.signed_in.collective.code} if several else {}
    codes = [qr_svg(url_for("public.sign_in", name=card.code, _external=True, **more)) for card in cards]
    return Sheet(
        list(zip(cards, codes, strict=True)), url_for("public.sign_in", _external=True), g.signed_in.collective if several else None
    )
