"""Paper cards as they are printed: each with a QR code that opens the sign-in page with the name filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def to_print(cards: Sequence[Card], drawings: Mapping[str, str] | None = None) -> Sheet:
    """The sheet of `cards`, for the templates' macro `printed_cards`; `drawings` are the QR codes by sign-in name where they
    are drawn already."""
    codes = [card.code for card in cards]
    drawn = drawings or {code: qr_svg(address) for code, address in zip(codes, addresses_on_cards(codes), strict=True)}
    return Sheet([(card, drawn[card.code]) for card in cards], url_for("public.sign_in", _external=True), _told_apart())


def addresses_on_cards(names: Sequence[str]) -> list[str]:
    """What the QR codes of cards hold: for each name the sign-in page with that name filled in."""
    collective = _told_apart()
    more = {"collective": collective.code} if collective else {}
    return [url_for("public.sign_in", name=name, _external=True, **more) for name in names]


def _told_apart() -> Collective | None:
    """The collective that a card names: its own, where the installation has several."""
    return g.signed_in.collective if len(list_collectives(reading_session())) > 1 else None
