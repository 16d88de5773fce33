"""Relatives: who may read a household's pages and nothing more. The household gives the access or the office does for it,
and either takes it back; each has an account of its own, so that one can be closed and the others stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, select

from plantation.domain.words import Role
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Account, Household
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.people import throttle
from plantation.services.people.accounts import deactivate_account, end_sign_ins, find_account, open_account
from plantation.services.people.cards import Card
from plantation.services.words import check_name

MOST_RELATIVES = 6
MOST_LETTERS = 60


class TooManyRelatives(Refusal):
    """More than a family needs; each is one more card that can be lost."""

    template = N_("At most %(most)s relatives read a household's pages at a time. Withdraw somebody's access first.")


class RelativeExists(Refusal):
    """Two cards for one person: most often the button was tapped twice."""

    field = "person"
    template = N_("“%(person)s” has access already. Make a new card for this person below, or write another name.")


class Relative(NamedTuple):
    """Somebody who may read: the account's id and sign-in name, who it is, since when, and when signed in last (or None)."""

    id: int
    name: str
    person: str
    since: dt.datetime
    signed_in_at: dt.datetime | None


def list_relatives(desk: Desk, household: Household) -> list[Relative]:
    """Who may read the pages of `household` now, at most :data:`MOST_RELATIVES`, the longest first."""
    statement = _open(desk, household).order_by(Account.created_at, Account.id)
    return [Relative(one.id, one.name, one.person, one.created_at, one.signed_in_at) for one in desk.session.scalars(statement)]


def give_access(desk: Desk, household: Household, person: str, made: tuple[str, str]) -> Card:
    """A card with which `person` may read the pages of `household`.

    `made` is a (PIN, hash) pair of :func:`passwords.random_pins`, made before the transaction: hashing is slow.

    :raises BadValue: no name. :raises TooManyRelatives, RelativeExists: as they say.
    """
    journal.lock(desk)
    person = check_name(person.strip())
    there = desk.session.scalars(_open(desk, household)).all()
    if len(there) >= MOST_RELATIVES:
        raise TooManyRelatives(most=MOST_RELATIVES)
    if any(one.person.casefold() == person.casefold() for one in there):
        raise RelativeExists(person=person)
    pin, secret_hash = made
    account = open_account(
        desk,
        name=_free_name(desk, household),
        role=Role.RELATIVE,
        secret_hash=secret_hash,
        household=household,
        person=person,
        language=_language_of(desk, household),
    )
    return Card(account.name, person, pin)


def renew_card(desk: Desk, household: Household, account_id: int, made: tuple[str, str]) -> Card:
    """Another PIN for a relative who has lost the card: the open sign-ins end, the one before stops working.

    :raises NotFound: no relative of this household reads under that id.
    """
    account = load_relative(desk, household, account_id)
    pin, account.secret_hash = made
    desk.session.flush()
    journal.append(desk, [("account-card", f"account/{account.id}", {"id": account.id, "household_id": household.id})])
    end_sign_ins(desk, [account.id])
    throttle.forgive(desk.session, desk.collective_id, [account.name])
    return Card(account.name, account.person, pin)


def withdraw_access(desk: Desk, household: Household, account_id: int) -> Relative:
    """Close a relative's account; every open sign-in of it ends now. Who it was is given back.

    :raises NotFound: no relative of this household reads under that id.
    """
    account = load_relative(desk, household, account_id)
    gone = Relative(account.id, account.name, account.person, account.created_at, account.signed_in_at)
    deactivate_account(desk, account)
    return gone


def load_relative(desk: Desk, household: Household, account_id: int) -> Account:
    """The open account of that id that reads this household. :raises NotFound: there is none, or it is another's."""
    # No database has a larger id, and SQLite's driver fails on it.
    found = None if account_id >= 1 << 63 else desk.session.scalar(_open(desk, household).where(Account.id == account_id))
    if found is None:
        raise NotFound(what=N_("account"), code=str(account_id)[:40])
    return found


def _open(desk: Desk, household: Household) -> Select[tuple[Account]]:
    return select(Account).where(
        Account.collective_id == desk.collective_id,
        Account.household_id == household.id,
        Account.role == Role.RELATIVE,
        Account.is_active.is_(True),
    )


def _free_name(desk: Desk, household: Household) -> str:
    """The household's code, a space and the first number that nobody had: no code has a space, so that a relative never
    takes the name under which a household, a buyer or a picker will sign in."""
    stem = household.code[:56]
    names: Sequence[str] = desk.session.scalars(
        select(Account.name).where(Account.collective_id == desk.collective_id, Account.name.istartswith(f"{stem} ", autoescape=True))
    ).all()
    number = 1 + max((int(tail) for tail in (name[len(stem) + 1 :] for name in names) if tail.isascii() and tail.isdigit()), default=0)
    while find_account(desk.session, desk.collective_id, f"{stem} {number}") is not None:
        number += 1
    return f"{stem} {number}"


def _language_of(desk: Desk, household: Household) -> str:
    own = (Account.collective_id == desk.collective_id, Account.household_id == household.id, Account.role == Role.HOUSEHOLD)
    return desk.session.scalar(select(Account.language).where(*own).limit(1)) or "zh_Hans"
