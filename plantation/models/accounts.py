"""Accounts: who may sign in, and the sign-ins that are open now."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import Role, WeightUnit
from plantation.models.base import (
    Base,
    Code,
    Hash,
    Moment,
    Name,
    Number,
    OfCollective,
    OptionalId,
    OptionalMoment,
    Versioned,
    one_of,
    within,
)


class Account(OfCollective, Versioned, Base):
    """A sign-in name with its secret (Argon2id). A household's account points to its household, a buyer's to its buyer,
    a relative's to the household that may be read."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("collective_id", "name"),
        within("households", "household_id"),
        within("buyers", "buyer_id"),
        one_of("role", Role),
        one_of("weight_unit", WeightUnit),
    )

    name: Mapped[Code]
    role: Mapped[str] = mapped_column(String(20))
    household_id: Mapped[OptionalId]
    buyer_id: Mapped[OptionalId]
    # Who a relative is, in the words of who gave the access; "" for all others.
    person: Mapped[Name] = mapped_column(String(200), default="", server_default="")
    secret_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20), default="zh_Hans")
    weight_unit: Mapped[str] = mapped_column(String(4), default="kg", server_default="kg")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    signed_in_at: Mapped[OptionalMoment]


class SignIn(OfCollective, Base):
    """One open session of one browser; deleting the row ends it. The browser holds the token, we hold its hash."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("collective_id", "token_hash"), within("accounts", "account_id"))

    account_id: Mapped[Number]
    token_hash: Mapped[Hash]
    begun_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    # What the browser calls itself, so that its owner knows it again in the list.
    browser: Mapped[str] = mapped_column(String(200), default="", server_default="")


class SignInAttempt(OfCollective, Base):
    """One try to sign in, written before the secret is checked: the throttle counts these over all processes."""

    __tablename__ = "sign_in_attempts"

    account_name: Mapped[Code] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    tried_at: Mapped[Moment]
    succeeded: Mapped[bool] = mapped_column(default=False)


class DeviceToken(OfCollective, Base):
    """An API token of a manager's device: shown once, kept as a hash, revocable."""

    __tablename__ = "device_tokens"
    __table_args__ = (UniqueConstraint("collective_id", "name"), UniqueConstraint("collective_id", "token_hash"))

    name: Mapped[Code]
    token_hash: Mapped[Hash]
    created_at: Mapped[Moment]
    seen_at: Mapped[OptionalMoment]
    revoked_at: Mapped[OptionalMoment]


class SecondFactor(OfCollective, Base):
    """An account's authenticator (TOTP, RFC 6238): its secret, and the last step that was used, so that no code counts twice."""

    __tablename__ = "second_factors"
    __table_args__ = (UniqueConstraint("collective_id", "account_id"), within("accounts", "account_id"))

    account_id: Mapped[Number]
    secret: Mapped[str] = mapped_column(String(64))
    last_step: Mapped[Number]
    created_at: Mapped[Moment]


class RecoveryCode(OfCollective, Base):
    """A code on paper for who has lost the authenticator: it counts once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("collective_id", "account_id", "code_hash"), within("accounts", "account_id"))

    account_id: Mapped[Number]
    code_hash: Mapped[Hash]
    used_at: Mapped[OptionalMoment]
