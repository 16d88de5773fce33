"""Paper cards: a code and a PIN, made together and shown once. A new card makes the one before useless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, insert, or_, select

from plantation.domain.words import Role
from plantation.models import Account, Household, new_ids
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.people import passwords, throttle
from plantation.services.people.accounts import AccountExists, create_account, end_sign_ins, find_account, set_secret


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a paper card: the sign-in name, whose it is, and the PIN, which is kept as a hash only."""

    code: str
    name: str
    pin: str


def new_household_card(desk: Desk, household: Household) -> Card:
    """A new PIN for `household`, whose account is made if it has none. The card replaces every earlier one."""
    return new_household_cards(desk, [household])[0]


def new_household_cards(desk: Desk, households: Sequence[Household], pins: Sequence[tuple[str, str]] | None = None) -> list[Card]:
    """Cards for many households, in their order; three statements however many they are.

    `pins` are (PIN, hash) pairs of :func:`passwords.random_pins`, at least as many as households: hashing is slow, so
    that whoever makes many cards does it before the transaction in which everybody else waits.

    :raises AccountExists: somebody else signs in under a household's code.
    """
    if not households:
        return []
    ids = [household.id for household in households]
    mine = Account.collective_id == desk.collective_id
    own = and_(Account.household_id.in_(ids), Account.role == Role.HOUSEHOLD)  # a relative has a card too, which stays
    codes = [household.code for household in households]
    found = desk.session.scalars(select(Account).where(mine, or_(own, Account.name.in_(codes)))).all()
    for account in found:
        if account.household_id not in ids or account.role != Role.HOUSEHOLD:
            raise AccountExists(name=account.name)
    of_household = {account.household_id: account for account in found}
    made = (passwords.random_pins(len(households)) if pins is None else pins)[: len(households)]
    cards = [Card(one.code, one.name, pin) for one, (pin, _) in zip(households, made, strict=True)]
    fresh = []
    for household, key, (_, secret_hash) in zip(households, new_ids(len(households)), made, strict=True):
        account = of_household.get(household.id)
        if account is None:
            fresh.append(
                {
                    "collective_id": desk.collective_id,
                    "id": key,
                    "name": household.code,
                    "role": Role.HOUSEHOLD,
                    "household_id": household.id,
                    "secret_hash": secret_hash,
                    "language": "zh_Hans",
                    "is_active": True,
                    "created_at": desk.now,
                    "version": 1,
                }
            )
        else:
            account.secret_hash, account.is_active = secret_hash, True
    if fresh:
        desk.session.execute(insert(Account), fresh)
    desk.session.flush()
    changed = [*((account.id, account.household_id) for account in found), *((row["id"], row["household_id"]) for row in fresh)]
    journal.append(desk, [("account-card", f"account/{key}", {"id": key, "household_id": of}) for key, of in changed])
    end_sign_ins(desk, [account.id for account in found])
    throttle.forgive(desk.session, desk.collective_id, [*codes, *(account.name for account in found)])
    return cards


def new_picker_card(desk: Desk, code: str, name: str) -> Card:
    """A new PIN for the picker `code`, who signs in under it. The card replaces every earlier one.

    :raises AccountExists: somebody else signs in under that name.
    """
    account = find_account(desk.session, desk.collective_id, code)
    if account is not None and account.role != Role.PICKER:
        raise AccountExists(name=account.name)
    pin = passwords.random_pin()
    if account is None:
        account = create_account(desk, name=code, role=Role.PICKER, secret=pin)
    else:
        account.is_active = True
        set_secret(desk, account, pin)
    return Card(code, name, pin)
