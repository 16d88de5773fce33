"""Devices: a manager's phone or a scale that sends weighings with a token of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Collective, DeviceToken
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.pages import Page, paginate
from plantation.services.people.accounts import BadAccountName, plain_name

PREFIX = "plt"
TOUCH_EVERY = dt.timedelta(minutes=5)


class DeviceExists(Refusal):
    template = N_("There is already a token called “%(name)s”.")


@dataclass(frozen=True, slots=True)
class Device:
    """Whose token it is; its entries are signed with the device's name."""

    id: int
    collective: Collective
    name: str
    seen_at: dt.datetime | None


def create_device_token(desk: Desk, name: str) -> str:
    """A new token called `name`; the text is returned this once and kept as a hash only.

    :raises DeviceExists, BadAccountName: the name is taken, or is none.
    """
    name = plain_name(name)
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise BadAccountName(name=name[:64])
    mine = DeviceToken.collective_id == desk.collective_id
    if desk.session.scalar(select(DeviceToken.id).where(mine, DeviceToken.name == name)) is not None:
        raise DeviceExists(name=name)
    secret = secrets.token_urlsafe(32)
    held = DeviceToken(
        collective_id=desk.collective_id,
        name=name,
        token_hash=_hash(secret),
        created_at=desk.now,
        seen_at=None,
        revoked_at=None,
    )
    desk.session.add(held)
    desk.session.flush()
    journal.append(desk, [("token", f"token/{held.id}", {"id": held.id})])
    return f"{PREFIX}_{desk.collective_id}_{secret}"


def find_device(session: Session, token: str) -> Device | None:
    """Whose token this is, or None for an unknown or revoked one."""
    prefix, _, rest = token.partition("_")
    number, _, secret = rest.partition("_")
    if prefix != PREFIX or not number.isascii() or not number.isdigit() or len(number) > 19 or not secret:
        return None
    row = session.execute(
        select(DeviceToken, Collective)
        .join(Collective, Collective.id == DeviceToken.collective_id)
        .where(
            DeviceToken.collective_id == int(number),
            DeviceToken.token_hash == _hash(secret),
            DeviceToken.revoked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    held, collective = row
    return Device(id=held.id, collective=collective, name=held.name, seen_at=held.seen_at)


def touch_device(session: Session, device: Device, now: dt.datetime) -> None:
    """Note when the device was last heard of; worth a write only every :data:`TOUCH_EVERY`."""
    session.execute(
        update(DeviceToken).where(DeviceToken.collective_id == device.collective.id, DeviceToken.id == device.id).values(seen_at=now)
    )


def list_devices(desk: Desk, *, page: int = 1) -> Page:
    """The collective's tokens by name, revoked ones included (their entries keep their name)."""
    found = select(DeviceToken).where(DeviceToken.collective_id == desk.collective_id).order_by(DeviceToken.name)
    return paginate(desk.session, found, page)


def revoke_device(desk: Desk, name: str) -> None:
    """Refuse the token called `name` from now on. :raises NotFound: none of that name."""
    held = desk.session.scalar(select(DeviceToken).where(DeviceToken.collective_id == desk.collective_id, DeviceToken.name == name))
    if held is None:
        raise NotFound(what=N_("token"), code=name)
    if held.revoked_at is None:
        held.revoked_at = desk.now
        desk.session.flush()
        journal.append(desk, [("token-revoked", f"token/{held.id}", {"id": held.id})])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
