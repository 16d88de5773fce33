"""Accounts: who may sign in, as what, and with which secret. There is no account by default."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select

from plantation.domain.words import Role, WeightUnit
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Account, Buyer, Household, SignIn, new_ids
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.people import passwords, throttle


class AccountExists(Refusal):
    template = N_("There is already an account “%(name)s”.")


class BadAccountName(Refusal):
    template = N_("“%(name)s” cannot be a sign-in name: 1 to 64 characters, without spaces at the ends or line breaks.")


class WrongHolder(Refusal):
    """A household's account without its household, or a manager's with one."""

    template = N_("A household's account belongs to a household, a buyer's to a buyer, and no other account to either.")


class OwnAccount(Refusal):
    template = N_("Your own account cannot be closed by yourself. Another manager can do it.")


class LastManager(Refusal):
    template = N_("“%(name)s” is the last manager who can sign in. Make another manager's account first.")


class AccountClosed(Refusal):
    template = N_("The account “%(name)s” is closed. Make a new one under another name.")


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a household's paper card. The PIN is shown this once and kept as a hash only."""

    household_code: str
    household_name: str
    pin: str


def plain_name(name: str) -> str:
    """A name as it is compared: full-width letters of a Chinese keyboard are the plain ones, the ends are trimmed.

    >>> plain_name(" Ｈ００１ ")
    'H001'
    """
    return unicodedata.normalize("NFKC", name).strip()


def load_account(desk: Desk, name: str) -> Account:
    """The account called `name`, whatever its case. :raises NotFound: none of that name."""
    account = find_account(desk.session, desk.collective_id, name)
    if account is None:
        raise NotFound(what=N_("account"), code=name)
    return account


def load_account_by_id(desk: Desk, account_id: int) -> Account:
    """The account of that id. :raises NotFound: there is none in this collective."""
    mine = Account.collective_id == desk.collective_id
    account = desk.session.scalar(select(Account).where(mine, Account.id == account_id))
    if account is None:
        raise NotFound(what=N_("account"), code=str(account_id))
    return account


def find_account(session, collective_id: int, name: str) -> Account | None:
    """The account called `name` in one collective, the exact spelling before another case."""
    name = plain_name(name)[:64]
    spelled = or_(Account.name == name, func.lower(Account.name) == name.lower())
    found = session.scalars(select(Account).where(Account.collective_id == collective_id, spelled)).all()
    return min(found, key=lambda account: (account.name != name, account.name), default=None)


def create_account(
    desk: Desk,
    *,
    name: str,
    role: Role,
    secret: str,
    household: Household | None = None,
    buyer: Buyer | None = None,
    language: str = "zh_Hans",
) -> Account:
    """A new account that can sign in from now on.

    :raises AccountExists, BadAccountName, WrongHolder: and what :func:`passwords.check_secret` refuses.
    """
    role = Role(role)
    name = plain_name(name)
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise BadAccountName(name=name[:64])
    if (household is not None) != (role == Role.HOUSEHOLD) or (buyer is not None) != (role == Role.BUYER):
        raise WrongHolder()
    if find_account(desk.session, desk.collective_id, name) is not None:
        raise AccountExists(name=name)
    passwords.check_secret(role, name, secret)
    secret_hash = passwords.hash_secret(secret)
    account = Account(
        collective_id=desk.collective_id,
        name=name,
        role=role,
        household_id=household.id if household else None,
        buyer_id=buyer.id if buyer else None,
        secret_hash=secret_hash,
        language=language,
        is_active=True,
        created_at=desk.now,
    )
    desk.session.add(account)
    desk.session.flush()
    journal.append(desk, [("account", f"account/{account.id}", {"id": account.id, "role": str(role)})])
    return account


def set_secret(desk: Desk, account: Account, secret: str) -> None:
    """Give `account` a new secret: its open sign-ins end, and earlier failed tries no longer count against it.

    :raises AccountClosed: nobody could sign in with it. :raises Refusal: what :func:`passwords.check_secret` refuses.
    """
    if not account.is_active:
        raise AccountClosed(name=account.name)
    passwords.check_secret(Role(account.role), account.name, secret)
    account.secret_hash = passwords.hash_secret(secret)
    desk.session.flush()
    journal.append(desk, [("account-secret", f"account/{account.id}", {"id": account.id})])
    _end_sign_ins(desk, [account.id])
    throttle.forgive(desk.session, desk.collective_id, [account.name])


def set_language(desk: Desk, account: Account, language: str) -> None:
    """Remember the language in which `account` reads its pages."""
    account.language = language
    desk.session.flush()


def set_weight_unit(desk: Desk, account: Account, unit: WeightUnit) -> None:
    """Remember the unit in which `account` reads weights."""
    account.weight_unit = WeightUnit(unit)
    desk.session.flush()


def deactivate_account(desk: Desk, account: Account) -> None:
    """Close `account`: it cannot sign in any more, and its open sign-ins end now. A closed one stays as it is.

    :raises OwnAccount: whoever acts would lock themselves out. :raises LastManager: nobody could manage any more.
    """
    journal.lock(desk)  # two managers who close each other at one moment come one after the other
    desk.session.refresh(account)
    if not account.is_active:
        return
    if account.name == desk.actor:
        raise OwnAccount()
    if account.role == Role.MANAGER:
        others = (
            Account.collective_id == desk.collective_id,
            Account.role == Role.MANAGER,
            Account.is_active.is_(True),
            Account.id != account.id,
        )
        if not desk.session.scalar(select(func.count()).where(*others)):
            raise LastManager(name=account.name)
    account.is_active = False
    desk.session.flush()
    journal.append(desk, [("account-closed", f"account/{account.id}", {"id": account.id})])
    _end_sign_ins(desk, [account.id])


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
    codes = [household.code for household in households]
    found = desk.session.scalars(select(Account).where(mine, or_(Account.household_id.in_(ids), Account.name.in_(codes)))).all()
    for account in found:
        if account.household_id not in ids:
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
    changed = [*(account.id for account in found), *(row["id"] for row in fresh)]
    journal.append(desk, [("account-card", f"account/{key}", {"id": key}) for key in changed])
    _end_sign_ins(desk, [account.id for account in found])
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


def _end_sign_ins(desk: Desk, account_ids: Sequence[int]) -> None:
    desk.session.execute(delete(SignIn).where(SignIn.collective_id == desk.collective_id, SignIn.account_id.in_(account_ids)))
