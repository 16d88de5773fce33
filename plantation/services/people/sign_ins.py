"""Signing in and out. Three steps, because the costly one must not hold a transaction:

with database.write() as session:                      # 1. counted, or refused
    knock = sign_ins.knock(session, collective_code, name, address, browser, now)
if knock.opens_with(secret):                           # 2. Argon2, no transaction
    with database.write() as session:                  # 3. a new session of this browser
        token = sign_ins.sign_in(session, knock, browser, now, limits)
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.models import Account, Collective, Household, SignIn
from plantation.services.desk import NoCollective
from plantation.services.people import passwords, throttle
from plantation.services.people.accounts import find_account, plain_name

TOUCH_EVERY = dt.timedelta(minutes=10)


class SignInFailed(Refusal):
    """One answer for a wrong name, a wrong secret and a closed account: it does not tell which names exist."""

    template = N_("This name and this password or PIN do not belong together.")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts: without a click, and in all."""

    idle: dt.timedelta
    lifetime: dt.timedelta


@dataclass(frozen=True, slots=True)
class Knock:
    """A counted try: somebody gave a name and has not proven anything yet."""

    collective_id: int
    attempt_id: int
    account_id: int | None
    secret_hash: str | None

    def opens_with(self, secret: str) -> bool:
        """True when the secret is the account's; takes the same time when there is no such account."""
        return passwords.matches(self.secret_hash, secret)


class Ended(NamedTuple):
    """Whose sign-in is over: what the account is, the language that it reads, and whether it was closed."""

    role: Role
    language: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as the web needs it; `household` is the one whose account it is, None for everybody else."""

    id: int
    collective: Collective
    account_id: int
    name: str
    role: Role
    household: Household | None
    buyer_id: int | None
    language: str
    weight_unit: str
    seen_at: dt.datetime

    @property
    def household_id(self) -> int | None:
        return self.household.id if self.household else None


def knock(session: Session, collective_code: str | None, name: str, address: str, browser: str | None, now: dt.datetime) -> Knock:
    """Count a try to sign in; run it in a transaction of its own that commits before the secret is checked.

    :raises TooManyTries: the brake is on. :raises NoCollective: an empty installation.
    """
    collectives = session.scalars(select(Collective).order_by(Collective.id)).all()
    if not collectives:
        raise NoCollective()
    collective = collectives[0] if len(collectives) == 1 and not collective_code else None
    if collective_code:
        wanted = plain_name(collective_code).lower()
        collective = next((each for each in collectives if each.code.lower() == wanted), None)
    # A try at a collective that does not exist still counts for its address.
    counted_in = (collective or collectives[0]).id
    name = plain_name(name)
    attempt = throttle.count_try(session, counted_in, name, address, browser, now)
    account = find_account(session, collective.id, name) if collective else None
    if account is not None and not account.is_active:
        account = None
    return Knock(
        collective_id=counted_in,
        attempt_id=attempt.id,
        account_id=account.id if account else None,
        secret_hash=account.secret_hash if account else None,
    )


def sign_in(session: Session, knock: Knock, browser: str, now: dt.datetime, limits: Limits, calls_itself: str = "") -> str:
    """Open a new sign-in for a knock that was proven; the token goes to the browser, its hash stays here.

    :raises SignInFailed: the account was closed, or its secret changed, meanwhile.
    """
    account = session.scalar(
        select(Account).where(
            Account.collective_id == knock.collective_id,
            Account.id == knock.account_id,
            Account.is_active,
            Account.secret_hash == knock.secret_hash,
        )
    )
    if account is None:
        raise SignInFailed()
    throttle.count_success(session, knock.attempt_id, knock.collective_id, browser, now)
    session.execute(
        delete(SignIn).where(
            SignIn.collective_id == knock.collective_id,
            or_(SignIn.seen_at < now - limits.idle, SignIn.begun_at < now - limits.lifetime),
        )
    )
    mine = (Account.collective_id == knock.collective_id, Account.id == account.id)
    session.execute(update(Account).where(*mine).values(signed_in_at=now).execution_options(synchronize_session=False))
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            collective_id=knock.collective_id,
            account_id=account.id,
            token_hash=_hash(secret),
            begun_at=now,
            seen_at=now,
            browser=calls_itself[:200],
        )  # fmt: skip
    )
    session.flush()
    return f"{knock.collective_id}.{secret}"


def load_signed_in(session: Session, token: str, now: dt.datetime, limits: Limits) -> SignedIn | None:
    """Who holds `token`, or None: unknown, signed out, idle too long, too old, or the account is closed."""
    key = _key(token)
    if key is None:
        return None
    row = session.execute(
        select(SignIn, Account, Collective, Household)
        .join(Account, (Account.collective_id == SignIn.collective_id) & (Account.id == SignIn.account_id))
        .join(Collective, Collective.id == SignIn.collective_id)
        .outerjoin(Household, (Household.collective_id == Account.collective_id) & (Household.id == Account.household_id))
        .where(
            SignIn.collective_id == key[0],
            SignIn.token_hash == key[1],
            SignIn.seen_at > now - limits.idle,
            SignIn.begun_at > now - limits.lifetime,
            Account.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    opened, account, collective, household = row
    return SignedIn(
        id=opened.id,
        collective=collective,
        account_id=account.id,
        name=account.name,
        role=Role(account.role),
        household=household,
        buyer_id=account.buyer_id,
        language=account.language,
        weight_unit=account.weight_unit,
        seen_at=opened.seen_at,
    )


def load_ended(session: Session, token: str, account_id: int) -> Ended | None:
    """Whose `token` was, by the account that our signed cookie has beside it; None where there is no such account."""
    key = _key(token)
    mine = (Account.collective_id == (key[0] if key else None), Account.id == account_id)
    row = session.execute(select(Account.role, Account.language, Account.is_active).where(*mine)).one_or_none()
    return Ended(Role(row.role), row.language, not row.is_active) if row else None


def touch(session: Session, who: SignedIn, now: dt.datetime) -> None:
    """Note that `who` is still there; worth a write only every :data:`TOUCH_EVERY`."""
    session.execute(update(SignIn).where(SignIn.collective_id == who.collective.id, SignIn.id == who.id).values(seen_at=now))


def sign_out(session: Session, token: str) -> None:
    """End the sign-in of `token`; nothing happens where there is none."""
    key = _key(token)
    if key is not None:
        session.execute(delete(SignIn).where(SignIn.collective_id == key[0], SignIn.token_hash == key[1]))


def list_sign_ins(session: Session, who: SignedIn, now: dt.datetime, limits: Limits) -> list[SignIn]:
    """The sign-ins of this account that are open, the one seen last first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(
                SignIn.collective_id == who.collective.id, SignIn.account_id == who.account_id,
                SignIn.seen_at > now - limits.idle, SignIn.begun_at > now - limits.lifetime,
            )
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
            .limit(100)
        )
    )  # fmt: skip


def end_sign_ins(session: Session, who: SignedIn, sign_in_id: int | None = None) -> int:
    """End one of this account's sign-ins, or all but the one that asks; how many were ended."""
    which = SignIn.id == sign_in_id if sign_in_id is not None else SignIn.id != who.id
    ended = session.execute(delete(SignIn).where(SignIn.collective_id == who.collective.id, SignIn.account_id == who.account_id, which))
    return ended.rowcount


def _key(token: str) -> tuple[int, str] | None:
    collective_id, _, secret = token.partition(".")
    if not collective_id.isascii() or not collective_id.isdigit() or len(collective_id) > 19 or not secret:
        return None
    return int(collective_id), _hash(secret)


def _hash(secret: str) -> str:
    # The token is 256 bits of chance: a fast hash is enough, there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
