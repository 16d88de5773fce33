"""Which collective a folder goes into."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plantation.models import Collective
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk, choose_collective

DEFAULT_CODE = "default"
DEFAULT_ZONE = "Asia/Shanghai"


def desk_for_import(session: Session, code: str | None, now: dt.datetime, *, actor: str, time_zone: str | None = None) -> tuple[Desk, bool]:
    """A desk for the collective named `code`, or the only one there is, and whether it was created just now.

    An empty database gets one, called `default` unless `code` says otherwise, in `time_zone` (Asia/Shanghai).

    :raises NotFound: others are there, but none of that code. :raises WhichCollective: several, and none is named.
    """
    count = session.scalar(select(func.count()).select_from(Collective))
    if count:
        return Desk(session, choose_collective(session, code), actor, now), False
    code = code or DEFAULT_CODE
    created = create_collective(session, code, code, time_zone or DEFAULT_ZONE, now, actor=actor)
    return Desk(session, created, actor, now), True
