"""Usufruct rights: household × entitlement in mu × term × status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select, update

from plantation.domain.words import RightStatus
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Household, Parcel, Right
from plantation.services import journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.land.holdings import seal_holdings
from plantation.services.master_data import (
    Problems,
    Upserted,
    check_free,
    check_rename,
    check_version,
    code_problems,
    flush,
    raise_first,
    upsert,
)
from plantation.services.pages import Page, paginate
from plantation.services.people.households import load_household
from plantation.units import Millimu, format_mu

MOST_MILLIMU: Millimu = 100_000_000


class EntitlementOutOfRange(Refusal, ValueError):
    """Nothing, or more land than a county has."""

    template = N_("An entitlement of %(entitlement_mu)s mu is not possible: it must be more than 0 and at most %(most_mu)s mu.")


class TermBackwards(Refusal, ValueError):
    """A right that ends before it begins."""

    template = N_("The right's last day, %(ends_on)s, is before its first day, %(starts_on)s.")


@dataclass(frozen=True, slots=True)
class RightInput:
    """A right as somebody typed or sent it; both days belong to its term."""

    code: str
    household_code: str
    entitlement_millimu: Millimu
    starts_on: dt.date
    ends_on: dt.date
    status: str


def right_problems(right: RightInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it, whatever households there are.

    >>> first, last = dt.date(2018, 4, 1), dt.date(2048, 3, 31)
    >>> list(right_problems(RightInput("R001", "H001", 10_000, first, last, "active")))
    []
    >>> [field for field, _ in right_problems(RightInput("R001", "H001", 0, last, first, "lost"))]
    ['entitlement_millimu', 'ends_on', 'status']
    """
    yield from code_problems(right.code)
    if not 0 < right.entitlement_millimu <= MOST_MILLIMU:
        yield (
            "entitlement_millimu",
            EntitlementOutOfRange(entitlement_mu=format_mu(right.entitlement_millimu), most_mu=f"{MOST_MILLIMU // 1000:,}"),
        )
    if right.ends_on < right.starts_on:
        yield "ends_on", TermBackwards(starts_on=right.starts_on, ends_on=right.ends_on)
    if right.status not in set(RightStatus):
        yield "status", BadValue(value=right.status[:40], expected=N_("active, suspended or ended"))


def list_rights(desk: Desk, *, search: str = "", household: Household | None = None, page: int = 1) -> Page:
    """One page of (Right, Household) by the right's code; `search` is looked for in both codes and the name."""
    statement = (
        select(Right, Household)
        .join(Household, (Household.collective_id == Right.collective_id) & (Household.id == Right.household_id))
        .where(Right.collective_id == desk.collective_id)
    )
    if household is not None:
        statement = statement.where(Right.household_id == household.id)
    if text := search.strip():
        statement = statement.where(
            or_(
                Right.code.icontains(text, autoescape=True),
                Household.code.icontains(text, autoescape=True),
                Household.name.icontains(text, autoescape=True),
            )
        )
    return paginate(desk.session, statement.order_by(Right.code), page)


def load_right(desk: Desk, code: str) -> Right:
    """The right of that code. :raises NotFound: there is none in this collective."""
    found = desk.session.scalar(_all(desk).where(Right.code == code))
    if found is None:
        raise NotFound(what=N_("right"), code=code)
    return found


def rights_of_household(desk: Desk, household: Household) -> Sequence[Right]:
    """All rights that `household` holds or held, by code."""
    return desk.session.scalars(_all(desk).where(Right.household_id == household.id).order_by(Right.code)).all()


def household_code_of(desk: Desk, right: Right) -> str:
    """The code of the household that holds `right`."""
    return desk.session.scalars(
        select(Household.code).where(Household.collective_id == desk.collective_id, Household.id == right.household_id)
    ).one()


def save_right(
    desk: Desk,
    *,
    right: Right | None = None,
    code: str,
    household_code: str,
    entitlement_millimu: Millimu,
    starts_on: dt.date,
    ends_on: dt.date,
    status: str,
    version: int | None = None,
) -> Right:
    """Create a right, or change `right` if it still is at `version`. Its parcels pass on with it.

    :raises Refusal: as :func:`right_problems`; NotFound for the household; CodeTaken; CodeFixed once a parcel is
        held by it; Stale.
    """
    journal.lock(desk)
    given = RightInput(code.strip(), household_code.strip(), entitlement_millimu, starts_on, ends_on, status)
    if right is not None:
        check_version(right, version, N_("right"))
    raise_first(right_problems(given))
    household = load_household(desk, given.household_code)
    check_free(desk, Right, given.code, N_("right"), row=right)
    is_new = right is None
    passes_on = right is not None and right.household_id != household.id
    if right is None:
        right = Right(collective_id=desk.collective_id)
    else:
        check_rename(desk, right, given.code, N_("right"), (Parcel.right_id,))
    right.code, right.household_id = given.code, household.id
    right.entitlement_millimu, right.status = given.entitlement_millimu, str(given.status)
    right.starts_on, right.ends_on = given.starts_on, given.ends_on
    if is_new or desk.session.is_modified(right):
        flush(desk, right, N_("right"))
        if passes_on:
            _pass_on_parcels(desk, [right.id])
        columns = _columns(given, household.id)
        journal.append(desk, [("right", right.code, _describe(right.code, right.id, columns))])
    return right


def upsert_rights(desk: Desk, rights: Iterable[tuple[RightInput, int]]) -> Upserted:
    """Create or change many, valid already and each code once, each with the id of its household."""
    rows = {one.code: _columns(one, household) for one, household in rights}
    done = upsert(desk, Right, "right", rows, _describe)
    _pass_on_parcels(desk, done.changed_ids)
    return done


def _pass_on_parcels(desk: Desk, right_ids: Sequence[int]) -> None:
    """Give the parcels of these rights to who holds the rights now; what was weighed before stays where it was."""
    holder = select(Right.household_id).where(Right.collective_id == Parcel.collective_id, Right.id == Parcel.right_id).scalar_subquery()
    for chunk in in_chunks(right_ids):
        desk.session.execute(
            update(Parcel).where(Parcel.collective_id == desk.collective_id, Parcel.right_id.in_(chunk)).values(household_id=holder),
            execution_options={"synchronize_session": False},
        )
    if right_ids:
        desk.session.expire_all()
    seal_holdings(desk, _plots_under(desk, right_ids))


def _plots_under(desk: Desk, right_ids: Sequence[int]) -> set[int]:
    """The ids of the plots in which these rights hold a parcel."""
    return {
        plot_id
        for chunk in in_chunks(right_ids)
        for plot_id in desk.session.scalars(
            select(Parcel.plot_id).where(Parcel.collective_id == desk.collective_id, Parcel.right_id.in_(chunk)).distinct()
        )
    }


def _columns(right: RightInput, household_id: int) -> dict[str, Any]:
    return {
        "household_id": household_id,
        "entitlement_millimu": right.entitlement_millimu,
        "starts_on": right.starts_on,
        "ends_on": right.ends_on,
        "status": str(right.status),
    }


def _describe(code: str, row_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row_id,
        "code": code,
        "household_id": columns["household_id"],
        "entitlement_millimu": columns["entitlement_millimu"],
        "starts_on": columns["starts_on"].isoformat(),
        "ends_on": columns["ends_on"].isoformat(),
        "status": columns["status"],
    }


def _all(desk: Desk) -> Select[tuple[Right]]:
    return select(Right).where(Right.collective_id == desk.collective_id)
