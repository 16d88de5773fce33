"""Collectives: the tenants of an installation."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from plantation.errors import N_, BadValue, Refusal
from plantation.models import Collective
from plantation.services import journal
from plantation.services.changes import check_seen, last_change
from plantation.services.desk import Desk
from plantation.services.words import check_code, check_name
from plantation.units import Fen, format_yuan

NAMED = "collective-name"


class CollectiveTwice(Refusal):
    """Two collectives of one installation under one code."""

    template = N_("There is a collective “%(code)s” already.")


def create_collective(session: Session, code: str, name: str, time_zone: str, now: dt.datetime, *, actor: str = "cli") -> Collective:
    """A new collective with its journal, whose first entry says so. `time_zone` decides on which day a moment falls.

    :raises BadValue: a code, a name or a time zone that is none. :raises CollectiveTwice: the code is taken.
    """
    check_code(code, N_("a code of 1 to 64 printable characters"))
    check_name(name)
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, LookupError) as error:
        raise BadValue(value=time_zone[:40], expected=N_("a time zone such as Asia/Shanghai")) from error
    if session.scalar(select(Collective.id).where(Collective.code == code)) is not None:
        raise CollectiveTwice(code=code)
    collective = Collective(code=code, name=name, time_zone=time_zone, created_at=now)
    session.add(collective)
    session.flush()
    desk = Desk(session, collective, actor, now)
    journal.start_journal(desk)
    journal.append(desk, [("collective", code, {"id": collective.id, "code": code, "time_zone": time_zone})])
    return collective


def is_unnamed(desk: Desk) -> bool:
    """Whether nobody has said yet what the collective is called: an import into an empty database calls it by its code."""
    return desk.collective.name == desk.collective.code and last_change(desk, NAMED, desk.collective.code) is None


def rename_collective(desk: Desk, name: str, *, seen_entry: int | None = None) -> str:
    """Call the collective `name` from now on, on pages, slips and papers; its code stays, and the journal keeps who named it.
    Nothing is written when nothing changes. Gives the name without spaces at its ends. `seen_entry` is the journal's last entry when
    the name was on screen.

    :raises SaidMeanwhile: somebody named it since. :raises BadValue: no name of 1 to 200 printable characters.
    """
    name = check_name(name.strip())
    journal.lock(desk)
    stands = desk.session.scalar(select(Collective.name).where(Collective.id == desk.collective_id))  # not as it was before the lock
    if name != stands or is_unnamed(desk):
        check_seen(last_change(desk, NAMED, desk.collective.code), seen_entry)
        # The desk's collective may have been read before this transaction; it is to know the new name as well.
        for collective in (desk.session.get_one(Collective, desk.collective_id), desk.collective):
            collective.name = name
        desk.session.flush()
        journal.append(desk, [(NAMED, desk.collective.code, {"name": name})])
    return name


@dataclass(frozen=True, slots=True)
class Rules:
    """How the collective's office works; the defaults are those of a new collective.

    `four_eyes`: one person prepares a final settlement or a payment file, another one releases it. `posting_days`:
    working days that a settlement hangs before it is final (0: it need not). `dispute_days`: working days in which a
    dispute is answered. `floor_fen`: what of a season's earnings stays with a household when advances are taken.
    """

    four_eyes: bool = True
    posting_days: int = 7
    dispute_days: int = 5
    floor_fen: Fen = 0


class DaysOutOfRange(Refusal, ValueError):
    """A term that no office could keep."""

    template = N_("%(days)s days: it must be %(least)s to 60.")


class FloorBelowZero(Refusal, ValueError):
    """A floor under nothing."""

    template = N_("What stays with a household cannot be %(floor_yuan)s yuan: it must not be below 0.")


def rules_of(collective: Collective) -> Rules:
    """The collective's rules as they are now."""
    return Rules(*[getattr(collective, field.name) for field in fields(Rules)])


def change_rules(desk: Desk, rules: Rules) -> Rules:
    """Set the collective's rules; the journal keeps who did it. Nothing is written when nothing changes.

    :raises DaysOutOfRange: posting days outside 0 to 60, dispute days outside 1 to 60. :raises FloorBelowZero: as it says.
    """
    if rules.floor_fen < 0:
        raise FloorBelowZero(floor_yuan=format_yuan(rules.floor_fen))
    for days, least in ((rules.posting_days, 0), (rules.dispute_days, 1)):
        if not least <= days <= 60:
            raise DaysOutOfRange(days=days, least=least)
    journal.lock(desk)
    if rules != rules_of(desk.collective):
        # The desk's collective may have been read before this transaction; it is to know the new rules as well.
        for collective in (desk.session.get_one(Collective, desk.collective_id), desk.collective):
            for name, value in asdict(rules).items():
                setattr(collective, name, value)
        desk.session.flush()
        journal.append(desk, [("collective-rules", desk.collective.code, asdict(rules))])
    return rules
