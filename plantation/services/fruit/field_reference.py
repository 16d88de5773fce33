"""What a device needs to weigh with no signal: who there is, which grades at which prices, how much a parcel may bear."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from plantation.domain.differences import SLIP_PPM
from plantation.domain.words import Role
from plantation.domain.zones import utc_offsets
from plantation.models import Account, Household, Parcel, Plot, Price, Season
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.match_figures import mu_bears
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.tares import list_tares
from plantation.services.land.yields import yields_of
from plantation.services.sums import sum_of
from plantation.units import WHOLE_PPM, Grams, format_kg

# What a slip says beside Chinese, where the household has chosen it.
SLIP_LANGUAGES = ("ug", "ky_Arab", "en")
# No phone is away for longer than a season and a winter.
OFFSETS_FROM, OFFSETS_UNTIL = dt.timedelta(days=30), dt.timedelta(days=550)


def field_reference(desk: Desk) -> dict[str, Any]:
    """Everything as plain JSON: codes, names, whole fen and thousandths of a mu. Phones and money owed are not in it.

    `seasons` are those that are not over, with their price sheets; `households`: [code, name, the net grams above which a slip is
    asked about again and never refused (None: without land), the language beside Chinese that it has chosen for itself, or None];
    `utc_offsets`: [milliseconds since 1970, minutes ahead of UTC from then on] of the time zone in which a moment has its day.
    """
    seasons = desk.session.scalars(
        select(Season)
        .where(Season.collective_id == desk.collective_id, Season.ends_on >= desk.today)
        .order_by(Season.starts_on, Season.code)
    ).all()
    prices: dict[int, dict[str, list[list[Any]]]] = {}
    for season_id, grade, valid_from, fen in desk.session.execute(
        select(Price.season_id, Price.grade, Price.valid_from, Price.price_fen_per_kg)
        .where(Price.collective_id == desk.collective_id, Price.season_id.in_([one.id for one in seasons]))
        .order_by(Price.grade, Price.valid_from)
    ):
        prices.setdefault(season_id, {}).setdefault(grade, []).append([valid_from.isoformat(), fen])
    for one in seasons:  # a pooled season needs no prices: what was weighed there can be weighed again
        for _, grade in running_sums(desk, one).days:
            prices.setdefault(one.id, {}).setdefault(grade, [])
    doubtful = _doubtful_grams(desk, seasons[0].ends_on if seasons else desk.today)
    people = desk.session.execute(
        select(Household.id, Household.code, Household.name, func.max(Account.language))
        .outerjoin(
            Account,
            (Account.collective_id == Household.collective_id)
            & (Account.household_id == Household.id)
            & (Account.role == Role.HOUSEHOLD)
            & Account.language.in_(SLIP_LANGUAGES),
        )
        .where(Household.collective_id == desk.collective_id)
        .group_by(Household.id, Household.code, Household.name)
        .order_by(Household.code)
    )
    sequence, head = journal.head(desk)
    return {
        "collective": desk.collective.code,
        "name": desk.collective.name,
        "utc_offsets": _utc_offsets(desk),
        "now": desk.now.isoformat(),
        "device": desk.actor,
        "head": f"{sequence}:{head[:16]}",
        "tares": [[tare.name, format_kg(tare.grams)] for tare in list_tares(desk)],
        "seasons": [
            {
                "code": one.code, "mode": one.mode, "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat(), "prices": prices.get(one.id, {}),
            }
            for one in seasons
        ],
        "households": [[code, name, doubtful.get(id_), language] for id_, code, name, language in people],
    }  # fmt: skip


def _utc_offsets(desk: Desk) -> list[list[int]]:
    now = desk.now.replace(second=0, microsecond=0)
    found = utc_offsets(desk.zone, now - OFFSETS_FROM, now + OFFSETS_UNTIL)
    return [[int(moment.timestamp()) * 1000, minutes] for moment, minutes in found]


def _doubtful_grams(desk: Desk, day: dt.date) -> dict[int, Grams]:
    """By household the part of what its land bears that one slip may be (domain/differences): what the office would ask about too.
    Land whose trees are of unknown age is taken at its best."""
    best = max(line.high_kg_per_mu for line in yields_of(desk))
    bears = sum_of(Parcel.area_dm2 * func.coalesce(mu_bears(desk, day), best)) * 3 // 200  # see match_figures.land_bears
    rows = desk.session.execute(
        select(Parcel.household_id, bears)
        .join(Plot, (Plot.collective_id == Parcel.collective_id) & (Plot.id == Parcel.plot_id))
        .where(Parcel.collective_id == desk.collective_id, Parcel.household_id.is_not(None))
        .group_by(Parcel.household_id)
    )
    return {household_id: grams * SLIP_PPM // WHOLE_PPM for household_id, grams in rows}
