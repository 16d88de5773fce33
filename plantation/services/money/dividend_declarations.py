"""Declaring dividends: worked out over the households with its basis, looked at, then declared once and sealed line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from plantation.domain import dividend as rule
from plantation.domain.dividend import Basis, Receiver
from plantation.domain.journal import canonical
from plantation.domain.words import RightStatus
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Dividend, DividendLine, Household, Right
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.fruit.season_figures import gather_figures
from plantation.services.lookups import the_season
from plantation.services.once import id_of
from plantation.services.sums import sum_of
from plantation.services.words import check_code, check_name
from plantation.units import Fen, PartsPerMillion, format_percent


class DividendExists(Refusal):
    """One dividend, one code."""

    field = "code"
    template = N_("There is a dividend “%(code)s” already.")


class NobodyListed(Refusal):
    """A dividend for nobody."""

    field = "households"
    template = N_("Nobody is on the list.")


class PatronageTooSmall(Refusal):
    """The law on farmers' cooperatives asks for 60 % by transaction volume."""

    field = "kg"
    template = N_("By kilograms go %(kg_pct)s %% of it; a cooperative's surplus goes by them to at least 60 %%.")


class SeasonNeeded(Refusal):
    """Kilograms of which season?"""

    field = "season"
    template = N_("Choose the season whose kilograms count.")


class DividendMoved(Refusal):
    """What was on screen is not what would be declared."""

    template = N_("The shares have moved since you looked. Look at them again, then declare the dividend.")


@dataclass(frozen=True, slots=True)
class DividendTerms:
    """What is declared. With `each_fen` everybody gets the same and `mix` is empty; else `total_fen` is shared by `mix`.

    `source`: empty for the plantation's own money, else the cooperative that pays. `is_patronage`: a cooperative's
    surplus, of which the law wants 60 % by kilograms.
    """

    code: str
    name: str
    source: str = ""
    each_fen: Fen | None = None
    total_fen: Fen = 0
    mix: tuple[tuple[Basis, PartsPerMillion], ...] = ()
    season: str | None = None
    is_patronage: bool = False


def work_out(desk: Desk, terms: DividendTerms, households: Sequence[str]) -> tuple[rule.Dividend, list[Receiver]]:
    """The dividend as it would be: for `households` by code, or for all where none is named. Nothing is written.

    :raises NotFound: a code that is nobody's. :raises NobodyListed, SeasonNeeded, PatronageTooSmall: as they say.
    :raises Refusal: what :mod:`plantation.domain.dividend` refuses.
    """
    receivers = _receivers(desk, terms, households)
    if not receivers:
        raise NobodyListed()
    if terms.is_patronage and not rule.meets_patronage_floor(terms.mix):
        raise PatronageTooSmall(kg_pct=format_percent(sum(ppm for basis, ppm in terms.mix if basis is Basis.KG)))
    if terms.each_fen is not None:
        return rule.fixed_dividend(terms.each_fen, receivers), receivers
    return rule.mixed_dividend(terms.total_fen, terms.mix, receivers), receivers


def declare_dividend(desk: Desk, terms: DividendTerms, households: Sequence[str], *, seen_digest: str | None = None) -> Dividend:
    """Declare it: from then on its lines are owed. `seen_digest` is that of what was on screen.

    :raises DividendExists, DividendMoved: as they say. :raises Refusal: as :func:`work_out`.
    """
    journal.lock(desk)
    check_code(terms.code, N_("a code of 1 to 64 printable characters"))
    check_name(terms.name)
    taken = select(Dividend.id).where(Dividend.collective_id == desk.collective_id, Dividend.code == terms.code)
    if desk.session.scalar(taken) is not None:
        raise DividendExists(code=terms.code)
    worked, receivers = work_out(desk, terms, households)
    digest = digest_of(worked)
    if seen_digest is not None and seen_digest != digest:
        raise DividendMoved()
    season = the_season(desk, terms.season) if terms.season else None
    dividend = Dividend(
        id=id_of(f"dividend/{terms.code}"), code=terms.code, name=terms.name.strip(), source=terms.source.strip(), declared_on=desk.today,
        season_id=season.id if season else None, total_fen=worked.total_fen, each_fen=terms.each_fen,
        mix=canonical([[basis.value, ppm] for basis, ppm in terms.mix]).decode(), digest=digest, is_patronage=terms.is_patronage,
    )  # fmt: skip
    facts.seal(desk, [dividend])
    ids = {one.code: one.id for one in _households(desk)}
    counted = {one.household_code: one for one in receivers}
    lines = [
        DividendLine(
            id=id_of(f"dividend/{terms.code}/{line.household_code}"), dividend_id=dividend.id, household_id=ids[line.household_code], amount_fen=line.amount_fen,
            members=counted[line.household_code].members,
            entitlement_millimu=counted[line.household_code].entitlement_millimu,
            net_grams=counted[line.household_code].net_grams,
        )
        for line in worked.lines
    ]  # fmt: skip
    facts.seal(desk, lines)
    return dividend


def digest_of(worked: rule.Dividend) -> str:
    """The fingerprint of a dividend's lines."""
    return sha256(canonical([[line.household_code, line.amount_fen] for line in worked.lines])).hexdigest()


def _receivers(desk: Desk, terms: DividendTerms, households: Sequence[str]) -> list[Receiver]:
    everybody = {one.code: one for one in _households(desk)}
    for code in households:
        if code not in everybody:
            raise NotFound(what=N_("household"), code=code[:64])
    chosen = [everybody[code] for code in (households or everybody)]
    grams: dict[str, int] = {}
    if any(basis is Basis.KG for basis, _ in terms.mix):
        if not terms.season:
            raise SeasonNeeded()
        for delivery in gather_figures(desk, the_season(desk, terms.season)).deliveries:
            grams[delivery.household_code] = grams.get(delivery.household_code, 0) + delivery.net_grams
    mu = dict(
        desk.session.execute(
            select(Right.household_id, sum_of(Right.entitlement_millimu))
            .where(Right.collective_id == desk.collective_id, Right.status == RightStatus.ACTIVE)
            .group_by(Right.household_id)
        ).all()
    )
    return [Receiver(one.code, one.members, mu.get(one.id, 0), grams.get(one.code, 0)) for one in chosen]


def _households(desk: Desk) -> list[Household]:
    return list(desk.session.scalars(select(Household).where(Household.collective_id == desk.collective_id).order_by(Household.code)))
