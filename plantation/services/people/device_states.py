"""What devices at the field's edge tell of themselves: the clock, what waits, who holds them; and what a lost one may take along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, literal, select, union_all

from plantation.errors import N_, BadValue
from plantation.models import DeviceState, DeviceToken, Season, SlipLease, Weighing
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.pages import Page
from plantation.services.people.devices import list_devices
from plantation.units import Grams

CLOCK_IS_WRONG_SECONDS = 300
MOST_WAITING = 1_000_000
MOST_WAITING_GRAMS: Grams = 10**12
ONE_CENTURY_SECONDS = 100 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device as the office sees it. `state` is None until it has told something.

    `unseen` counts the slip numbers that were lent to it and that no slip has: so many slips can be lost with it at most.
    """

    token: DeviceToken
    state: DeviceState | None
    unseen: int

    @property
    def clock_is_wrong(self) -> bool:
        """More than five minutes off when it was last heard of."""
        return self.state is not None and abs(self.state.clock_offset_seconds) > CLOCK_IS_WRONG_SECONDS


def note_state(
    desk: Desk, device_id: int, *, clock: dt.datetime, waiting: int, waiting_grams: Grams,
    waiting_since: dt.datetime | None = None, held_by: str = "",
) -> DeviceState:  # fmt: skip
    """Keep what a device tells now, in the place of what it told before.

    :raises BadValue: a count or weight below nothing or beyond belief, a clock a century off, or a holder that is no name.
    """
    offset = round((clock - desk.now).total_seconds())
    for value, most in ((waiting, MOST_WAITING), (waiting_grams, MOST_WAITING_GRAMS), (abs(offset), ONE_CENTURY_SECONDS)):
        if not 0 <= value <= most:
            raise BadValue(value=str(value)[:40], expected=N_("a number that can be"))
    if len(held_by) > 64 or not held_by.isprintable():
        raise BadValue(value=held_by[:40], expected=N_("a name of at most 64 printable characters"))
    mine = DeviceState.collective_id == desk.collective_id, DeviceState.device_id == device_id
    desk.session.execute(delete(DeviceState).where(*mine))
    state = DeviceState(
        collective_id=desk.collective_id, device_id=device_id, told_at=desk.now, waiting=waiting, waiting_grams=waiting_grams,
        waiting_since=waiting_since if waiting else None, held_by=held_by.strip(), clock_offset_seconds=offset,
    )  # fmt: skip
    desk.session.add(state)
    desk.session.flush()
    return state


def list_device_states(desk: Desk, *, page: int = 1) -> Page:
    """The collective's devices by name, each with what it told last and how many of its numbers were never seen."""
    found = list_devices(desk, page=page)
    ids = [token.id for token in found.rows]
    states = {
        state.device_id: state
        for state in desk.session.scalars(
            select(DeviceState).where(DeviceState.collective_id == desk.collective_id, DeviceState.device_id.in_(ids))
        )
    }
    unseen = unseen_numbers(desk, ids)
    rows = [DeviceSeen(token, states.get(token.id), unseen.get(token.id, 0)) for token in found.rows]
    return Page(rows, found.number, found.size, found.total)


def unseen_numbers(desk: Desk, device_ids: Iterable[int]) -> dict[int, int]:
    """Per device how many slip numbers were lent to it that no recorded slip has."""
    leases = desk.session.execute(
        select(SlipLease.device_id, Season.code, SlipLease.first_number, SlipLease.last_number)
        .join(Season, (Season.collective_id == SlipLease.collective_id) & (Season.id == SlipLease.season_id))
        .where(SlipLease.collective_id == desk.collective_id, SlipLease.device_id.in_(list(device_ids)))
    ).all()
    unseen: dict[int, int] = {}
    for chunk in in_chunks(leases, 200):
        # Numbers of one length sort as texts as they sort as numbers, in every database.
        bounds = union_all(*(
            select(literal(device).label("device"), literal(f"{code}-{first:06d}").label("low"), literal(f"{code}-{last:06d}").label("high"))
            for device, code, first, last in chunk
        )).subquery()  # fmt: skip
        seen = dict(desk.session.execute(
            select(bounds.c.device, func.count())
            .join(Weighing, Weighing.slip.between(bounds.c.low, bounds.c.high) & (func.length(Weighing.slip) == func.length(bounds.c.high)))
            .where(Weighing.collective_id == desk.collective_id)
            .group_by(bounds.c.device)
        ).all())  # fmt: skip
        for device, _, first, last in chunk:
            unseen[device] = unseen.get(device, 0) + last - first + 1
        for device, count in seen.items():
            unseen[device] -= count
    return unseen
