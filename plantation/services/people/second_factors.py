"""A second factor for accounts that move money or keep the land: an authenticator's code after the password.

The secret is shown once, when it is set up, and counts from the first code that fits. Codes on paper are for who loses the
phone; each counts once. Tries are counted like passwords, see throttle.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.models import Account, RecoveryCode, SecondFactor
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.people.accounts import plain_name

STEP_SECONDS = 30
CODES = 10
MAY_HAVE = (Role.MANAGER, Role.ACCOUNTANT, Role.WEIGHER, Role.BUYER, Role.TOWNSHIP)
# No 0 and O, no 1 and I: they are read from paper.
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class CodeWrong(Refusal):
    """Not the code of this moment, or one that was used."""

    field = "code"
    template = N_("This code does not fit. Take the one that the authenticator shows now; each counts once.")


class FactorNotForRole(Refusal):
    """Households and pickers have a card."""

    template = N_("An account with a PIN has no second factor.")


def new_secret() -> str:
    """A secret for an authenticator, 160 bits in base 32."""
    return pyotp.random_base32()


def address_of(desk: Desk, account: Account, secret: str) -> str:
    """What the QR code says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.name, issuer_name=f"plantation {desk.collective.code}")


def has_factor(session: Session, collective_id: int, account_id: int) -> bool:
    """True when a code is asked for after the password."""
    return session.scalar(_factor(collective_id, account_id).with_only_columns(SecondFactor.id)) is not None


def turn_on(desk: Desk, account: Account, secret: str, code: str) -> list[str]:
    """Ask for a code from now on; gives the codes for paper, this once. One that was there before is replaced.

    :raises FactorNotForRole: a household's or picker's account. :raises CodeWrong: the authenticator says another code.
    """
    if account.role not in MAY_HAVE:
        raise FactorNotForRole()
    if not re.fullmatch(r"[A-Z2-7]{32}", secret) or (step := _step_of(secret, code, desk.now)) is None:
        raise CodeWrong()
    _forget(desk.session, desk.collective_id, account.id)
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(10)) for _ in range(CODES)]
    of = {"collective_id": desk.collective_id, "account_id": account.id}
    desk.session.add(SecondFactor(**of, secret=secret, last_step=step, created_at=desk.now))
    desk.session.add_all(RecoveryCode(**of, code_hash=_hash(one), used_at=None) for one in codes)
    desk.session.flush()
    journal.append(desk, [("account-factor", f"account/{account.id}", {"id": account.id, "on": True})])
    return [f"{one[:5]}-{one[5:]}" for one in codes]


def turn_off(desk: Desk, account: Account) -> bool:
    """Ask for no code any more; False where none was asked for. Whoever calls has seen to it that they may."""
    if not has_factor(desk.session, desk.collective_id, account.id):
        return False
    _forget(desk.session, desk.collective_id, account.id)
    journal.append(desk, [("account-factor", f"account/{account.id}", {"id": account.id, "on": False})])
    return True


def codes_left(desk: Desk, account_id: int) -> int:
    """How many codes on paper still count."""
    return desk.session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.collective_id == desk.collective_id, RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )


def use_code(session: Session, collective_id: int, account_id: int, code: str, now: dt.datetime) -> None:
    """Pass a code of the authenticator or from paper, and let it not pass again.

    :raises CodeWrong: it is neither, or was used.
    """
    factor = session.scalars(_factor(collective_id, account_id).with_for_update()).one_or_none()
    if factor is None:
        raise CodeWrong()
    step = _step_of(factor.secret, code, now)
    if step is not None:
        if step <= factor.last_step:
            raise CodeWrong()
        factor.last_step = step
        session.flush()
        return
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.collective_id == collective_id, RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )  # fmt: skip
    if used.rowcount != 1:
        raise CodeWrong()


def _factor(collective_id: int, account_id: int):
    return select(SecondFactor).where(SecondFactor.collective_id == collective_id, SecondFactor.account_id == account_id)


def _step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The step of 30 seconds whose code it is: this one, or the one before or after for clocks that are a little off."""
    digits = plain_name(code).replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    step = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    return next((one for one in (step, step - 1, step + 1) if secrets.compare_digest(totp.generate_otp(one), digits)), None)


def _hash(code: str) -> str:
    plain = re.sub(r"[^A-Z2-9]", "", plain_name(code).upper())
    return hashlib.sha256(plain.encode()).hexdigest()  # 50 bits of chance, and the throttle in front


def _forget(session: Session, collective_id: int, account_id: int) -> None:
    for table in (SecondFactor, RecoveryCode):
        session.execute(delete(table).where(table.collective_id == collective_id, table.account_id == account_id))
