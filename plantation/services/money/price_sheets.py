"""The price sheet as a document: prices, deductions and limits of a season, posted in advance, with a fingerprint.

A price that changes while fruit comes in moves what everybody gets for the rest of the season, so that a second person
posts it too, where the collective works with four eyes. Before the first slip it is a plan, and one person's word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from plantation.domain.journal import canonical
from plantation.domain.quality import Limit
from plantation.domain.words import ReleaseSubject
from plantation.models import Deduction, Price, Release, Season, Weighing
from plantation.services import journal, releases
from plantation.services.desk import Desk
from plantation.services.fruit.quality import list_limits
from plantation.services.lookups import the_season
from plantation.services.money.deductions import list_deductions
from plantation.services.money.prices import PriceInput, add_price, check_price, list_prices
from plantation.units import Fen, format_yuan


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """What is posted for a season now."""

    season: Season
    prices: Sequence[Price]
    deductions: Sequence[Deduction]
    limits: Sequence[Limit]

    @property
    def digest(self) -> str:
        """The SHA-256 of all figures: two sheets with one fingerprint say the same."""
        figures = [
            self.season.code, str(self.season.mode), self.season.tolerance_ppm,
            [[one.grade, one.valid_from.isoformat(), one.price_fen_per_kg] for one in self.prices],
            [[one.code, str(one.kind), one.rate_ppm, one.amount_fen] for one in self.deductions],
            [[one.grade, str(one.measure), one.limit_ppm, one.regrade] for one in self.limits],
        ]  # fmt: skip
        return sha256(canonical(figures)).hexdigest()


def price_sheet(desk: Desk, season: Season | str) -> PriceSheet:
    """The season's sheet. :raises NotFound: no such season."""
    season = the_season(desk, season)
    return PriceSheet(season, list_prices(desk, season), list_deductions(desk, season), list_limits(desk, season))


def post_price(
    desk: Desk, season: Season, *, grade: str, valid_from: dt.date, price_fen_per_kg: Fen, may_prepare: bool = True
) -> Price | Release:
    """Post a price, or, where fruit comes in already and four eyes are asked for, prepare it for somebody else to post.

    The second person types the same price in: what was prepared has its fingerprint only. Who `may_prepare` nothing can
    still be that second person.

    :raises SamePerson: who prepared it tries to post it too. :raises NotPrepared: nobody prepared this price, and whoever
        types it may not. :raises Refusal: what :func:`.prices.add_price` refuses.
    """
    journal.lock(desk)
    begun = desk.session.scalar(
        select(Weighing.id).where(Weighing.collective_id == desk.collective_id, Weighing.season_id == season.id).limit(1)
    )
    four_eyes = desk.collective.four_eyes and begun is not None
    if four_eyes or not may_prepare:
        check_price(desk, season, PriceInput(grade.strip(), valid_from, price_fen_per_kg))  # refused now, not by the second person
        text = f"{grade[:16]} {valid_from.isoformat()} {format_yuan(price_fen_per_kg)}"
        name = f"{season.code[:20]} {text}"
        digest = sha256(canonical([season.id, grade, valid_from.isoformat(), price_fen_per_kg])).hexdigest()
        waiting = releases.find_prepared(desk, ReleaseSubject.PRICE, name)
        if waiting is None or waiting.digest != digest:
            if not may_prepare:
                raise releases.NotPrepared(name=text)
            return releases.prepare(desk, ReleaseSubject.PRICE, name, digest)
        releases.release(desk, ReleaseSubject.PRICE, name, digest)
    return add_price(desk, season, grade=grade, valid_from=valid_from, price_fen_per_kg=price_fen_per_kg)


def waiting_prices(desk: Desk, season: Season) -> list[tuple[Release, str]]:
    """Prices of the season that wait for a second person, with what they say: `A 2026-10-01 4.80`."""
    return [(one, text) for one in releases.waiting(desk) if (text := price_text(one, season))]


def price_text(release: Release, season: Season) -> str:
    """What a prepared price of `season` says; empty where it is another season's, or no price. No code has a blank in it."""
    start = f"{season.code[:20]} "
    return release.name.removeprefix(start) if release.subject == ReleaseSubject.PRICE and release.name.startswith(start) else ""
