"""Accounts: who may sign in, as what, and with which secret. There is no account by default."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select

from plantation.domain.words import Role, WeightUnit
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Account, Buyer, Household, SignIn
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.people import passwords, throttle

# Whose accounts point to a household: its own one, and those of relatives, who only read.
OF_HOUSEHOLD = frozenset({Role.HOUSEHOLD, Role.RELATIVE})


class AccountExists(Refusal):
    template = N_("There is already an account “%(name)s”.")


class BadAccountName(Refusal):
    template = N_("“%(name)s” cannot be a sign-in name: 1 to 64 characters, without spaces at the ends or line breaks.")


class WrongHolder(Refusal):
    """A household's or a relative's account without its household, or a manager's with one."""

    template = N_("A household's or a relative's account belongs to a household, a buyer's to a buyer, and no other account to either.")


class OwnAccount(Refusal):
    template = N_("Your own account cannot be closed by yourself. Another manager can do it.")


class LastManager(Refusal):
    template = N_("“%(name)s” is the last manager who can sign in. Make another manager's account first.")


class AccountClosed(Refusal):
    template = N_("The account “%(name)s” is closed. Make a new one under another name.")


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
    if (household is not None) != (role in OF_HOUSEHOLD) or (buyer is not None) != (role == Role.BUYER):
        raise WrongHolder()
    if find_account(desk.session, desk.collective_id, name) is not None:
        raise AccountExists(name=name)
    passwords.check_secret(role, name, secret)
    return open_account(
        desk, name=name, role=role, secret_hash=passwords.hash_secret(secret), household=household, buyer=buyer, language=language
    )


def open_account(
    desk: Desk,
    *,
    name: str,
    role: Role,
    secret_hash: str,
    household: Household | None = None,
    buyer: Buyer | None = None,
    person: str = "",
    language: str = "zh_Hans",
) -> Account:
    """Write an account whose name and secret were checked: for who has hashed the secret before the transaction."""
    account = Account(
        collective_id=desk.collective_id,
        name=name,
        role=role,
        household_id=household.id if household else None,
        buyer_id=buyer.id if buyer else None,
        person=person,
        secret_hash=secret_hash,
        language=language,
        is_active=True,
        created_at=desk.now,
    )
    desk.session.add(account)
    desk.session.flush()
    journal.append(desk, [("account", f"account/{account.id}", sealed_of(account))])
    return account


def sealed_of(account: Account) -> dict[str, Any]:
    """What the journal says of a new account: its role and whose it is, and nothing of a person's name."""
    sealed: dict[str, Any] = {"id": account.id, "role": str(account.role)}
    if account.household_id is not None:
        sealed["household_id"] = account.household_id
    if account.buyer_id is not None:
        sealed["buyer_id"] = account.buyer_id
    return sealed


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
    end_sign_ins(desk, [account.id])
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
    end_sign_ins(desk, [account.id])


def end_sign_ins(desk: Desk, account_ids: Sequence[int]) -> None:
    """End every open sign-in of these accounts, on all their devices."""
    desk.session.execute(delete(SignIn).where(SignIn.collective_id == desk.collective_id, SignIn.account_id.in_(account_ids)))
