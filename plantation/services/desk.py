"""The desk: one person at work for one collective in one transaction.

Every use case takes a desk. It says whose data is reached, who is acting and what time it is, so that no service
asks for a clock, and no query forgets its collective.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from plantation.errors import N_, NotFound, Refusal
from plantation.models import Collective


@dataclass(frozen=True, slots=True)
class Desk:
    """`actor` is the account name (or `cli`, or a device's name) that journal entries are signed with."""

    session: Session
    collective: Collective
    actor: str
    now: dt.datetime

    @property
    def collective_id(self) -> int:
        return self.collective.id

    @property
    def zone(self) -> ZoneInfo:
        return self.collective.zone

    @property
    def today(self) -> dt.date:
        """The date in the collective's time zone."""
        return self.now.astimezone(self.zone).date()


class WhichCollective(Refusal):
    """A command did not say which of several collectives it means."""

    template = N_("There are several collectives; choose one with --collective: %(codes)s.")


class NoCollective(Refusal):
    """An empty database."""

    template = N_("There is no collective yet. `plantation import` or `plantation demo` makes one.")


def choose_collective(session: Session, code: str | None = None) -> Collective:
    """The collective named `code`, or the only one there is.

    :raises NotFound: none of that code. :raises NoCollective: none at all. :raises WhichCollective: several, none named.
    """
    if code is not None:
        found = session.scalar(select(Collective).where(Collective.code == code))
        if found is None:
            raise NotFound(what=N_("collective"), code=code)
        return found
    several = session.scalars(select(Collective).order_by(Collective.code).limit(20)).all()
    if not several:
        raise NoCollective()
    if len(several) > 1:
        raise WhichCollective(codes=", ".join(collective.code for collective in several))
    return several[0]


def list_collectives(session: Session) -> list[Collective]:
    """All collectives of this installation, by code."""
    return list(session.scalars(select(Collective).order_by(Collective.code)))
