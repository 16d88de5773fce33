"""Lists of accounts as a manager reads them: who may sign in, who was here when, which household has a card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select

from plantation.domain.words import Role
from plantation.models import Account, Buyer, Household, SignIn
from plantation.services.desk import Desk
from plantation.services.pages import Page, paginate

MOST_CARDS = 200  # on one sheet: more would keep the browser waiting for the hashes


class AccountLine(NamedTuple):
    """An account with its holder's code ("" where it has none) and when one of its open sign-ins was last used."""

    id: int
    name: str
    role: str
    is_active: bool
    holder: str
    seen_at: dt.datetime | None


class CardLine(NamedTuple):
    """A household, and whether it can sign in with a card."""

    code: str
    name: str
    has_card: bool


def list_account_lines(desk: Desk, *, role: Role | None = None, search: str = "", page: int = 1) -> Page:
    """One page of :class:`AccountLine` by name; `search` is looked for in the sign-in name."""
    mine = desk.collective_id
    seen = select(func.max(SignIn.seen_at)).where(SignIn.collective_id == mine, SignIn.account_id == Account.id).scalar_subquery()
    statement = (
        select(
            Account.id,
            Account.name,
            Account.role,
            Account.is_active,
            func.coalesce(Household.code, Buyer.code, "").label("holder"),
            seen.label("seen_at"),
        )
        .select_from(Account)
        .outerjoin(Household, (Household.collective_id == mine) & (Household.id == Account.household_id))
        .outerjoin(Buyer, (Buyer.collective_id == mine) & (Buyer.id == Account.buyer_id))
        .where(Account.collective_id == mine)
        .order_by(Account.name)
    )
    if role is not None:
        statement = statement.where(Account.role == role)
    if text := search.strip():
        statement = statement.where(Account.name.icontains(text, autoescape=True))
    found = paginate(desk.session, statement, page)
    return Page([AccountLine(*row) for row in found.rows], found.number, found.size, found.total)


def list_card_lines(desk: Desk, *, page: int = 1) -> Page:
    """One page of :class:`CardLine` by code."""
    statement = (
        select(Household.code, Household.name, Account.id.is_not(None).label("has_card"))
        .outerjoin(Account, _card(desk))
        .where(Household.collective_id == desk.collective_id)
        .order_by(Household.code)
    )
    found = paginate(desk.session, statement, page)
    return Page([CardLine(*row) for row in found.rows], found.number, found.size, found.total)


def count_without_card(desk: Desk) -> int:
    """How many households cannot sign in."""
    return desk.session.scalar(select(func.count()).select_from(_without_card(desk).subquery())) or 0


def households_without_card(desk: Desk, most: int = MOST_CARDS) -> Sequence[Household]:
    """The first households by code that cannot sign in."""
    return desk.session.scalars(_without_card(desk).order_by(Household.code).limit(most)).all()


def codes_without_card(desk: Desk, codes: Sequence[str]) -> set[str]:
    """Those of `codes` under which nobody can sign in."""
    return {household.code for household in desk.session.scalars(_without_card(desk).where(Household.code.in_(codes)))}


def households_of_codes(desk: Desk, codes: Sequence[str]) -> Sequence[Household]:
    """The households under these codes, by code; what is not there is left out."""
    own = Household.collective_id == desk.collective_id
    return desk.session.scalars(select(Household).where(own, Household.code.in_(codes)).order_by(Household.code)).all()


def _card(desk: Desk):
    own = (Account.household_id == Household.id) & (Account.role == Role.HOUSEHOLD)
    return (Account.collective_id == desk.collective_id) & own & Account.is_active.is_(True)


def _without_card(desk: Desk) -> Select[tuple[Household]]:
    return select(Household).outerjoin(Account, _card(desk)).where(Household.collective_id == desk.collective_id, Account.id.is_(None))
