"""Slip numbers: each is given once in a collective; a weighing without one gets the next of its season."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import func, select, update

from plantation.errors import N_, BadValue, Refusal
from plantation.models import DeviceState, DeviceToken, Season, SlipLease, SlipRange, Weighing, new_id
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk
from plantation.services.words import check_code

MOST_LEASED = 2_000


class SlipTaken(Refusal):
    """A number that another weighing has."""

    template = N_("Slip %(slip)s is taken by another weighing.")


class SlipLent(Refusal):
    """A number out of a device's own: nobody else writes it by hand."""

    field = "slip"
    template = N_("Slip number %(slip)s is lent to the device “%(device)s”: only that one gives it out.")


class SlipHeld(Refusal):
    """The same, where the device has told who holds it."""

    field = "slip"
    template = N_("Slip number %(slip)s is lent to the device “%(device)s”, which %(person)s holds: only that one gives it out.")


class Lent(NamedTuple):
    """Whose number it is: the device's name, the id under which the device borrowed it (who has that has the device's file), and
    who held the device when it was last heard of, or ""."""

    device: str
    request: str
    held_by: str = ""

    def refusal(self, slip: str) -> Refusal:
        """What is said to somebody else who writes that number."""
        if self.held_by:
            return SlipHeld(slip=slip, device=self.device, person=self.held_by)
        return SlipLent(slip=slip, device=self.device)


def slip_number(season_code: str, number: int) -> str:
    """
    >>> slip_number("2026", 17)
    '2026-000017'
    """
    return f"{season_code}-{number:06d}"


def taken_slips(desk: Desk, slips: Iterable[str]) -> set[str]:
    """Those of `slips` that a weighing has already."""
    taken: set[str] = set()
    for chunk in in_chunks(slips):
        taken.update(
            desk.session.scalars(select(Weighing.slip).where(Weighing.collective_id == desk.collective_id, Weighing.slip.in_(chunk)))
        )
    return taken


def lent_slips(desk: Desk, seasons: Iterable[Season], slips: Iterable[str]) -> dict[str, Lent]:
    """Those of `slips` that are lent to a device, with whose they are; one query, none where no slip is a number."""
    by_code = {season.code: season.id for season in seasons}
    numbers: dict[str, tuple[int, int]] = {}
    for slip in slips:
        code, _, digits = slip.rpartition("-")
        if code in by_code and digits.isascii() and digits.isdigit() and len(digits) < 19 and slip == slip_number(code, int(digits)):
            numbers[slip] = by_code[code], int(digits)
    if not numbers:
        return {}
    wanted = [number for _, number in numbers.values()]
    leases = desk.session.execute(
        select(
            SlipLease.season_id,
            SlipLease.first_number,
            SlipLease.last_number,
            DeviceToken.name,
            SlipLease.request,
            func.coalesce(DeviceState.held_by, ""),
        )
        .outerjoin(DeviceState, (DeviceState.collective_id == SlipLease.collective_id) & (DeviceState.device_id == SlipLease.device_id))
        .join(DeviceToken, (DeviceToken.collective_id == SlipLease.collective_id) & (DeviceToken.id == SlipLease.device_id))
        .where(
            SlipLease.collective_id == desk.collective_id,
            SlipLease.season_id.in_({season for season, _ in numbers.values()}),
            SlipLease.first_number <= max(wanted),
            SlipLease.last_number >= min(wanted),
        )
    ).all()
    return {
        slip: Lent(device, request, held_by)
        for slip, (season_id, number) in numbers.items()
        for season, first, last, device, request, held_by in leases
        if season == season_id and first <= number <= last
    }


def take_slips(desk: Desk, season: Season, count: int, *, spoken_for: Collection[str] = ()) -> list[str]:
    """The next `count` free slip numbers of `season`, now taken. The journal must be locked.

    Numbers that somebody chose by hand, in the database or in `spoken_for`, are passed over.
    """
    if count == 0:
        return []
    next_number = _lock_range(desk, season)
    slips: list[str] = []
    while len(slips) < count:
        missing = count - len(slips)
        candidates = [slip_number(season.code, next_number + step) for step in range(missing)]
        check_code(candidates[-1], N_("a season code short enough for a slip number of 64 characters"))
        next_number += missing
        taken = taken_slips(desk, candidates)
        slips += [slip for slip in candidates if slip not in taken and slip not in spoken_for]
    _advance(desk, season, next_number)
    return slips


def lease_slips(desk: Desk, device_id: int, season: Season, count: int, request: str) -> SlipLease:
    """Lend `count` slip numbers of the season to a device; asked again with the same `request`, the same numbers.

    :raises BadValue: a request that is no code, or a count outside 1 to 2,000.
    """
    journal.lock(desk)
    check_code(request, N_("a code of 1 to 64 printable characters"))
    if not 1 <= count <= MOST_LEASED:
        raise BadValue(value=str(count)[:20], expected=N_("a number from 1 to 2,000"))
    known = desk.session.scalar(
        select(SlipLease).where(
            SlipLease.collective_id == desk.collective_id,
            SlipLease.device_id == device_id,
            SlipLease.request == request,
        )
    )
    if known is not None:
        return known
    first = _lock_range(desk, season)
    while taken_slips(desk, (slip_number(season.code, first + step) for step in range(count))):
        first += count  # somebody wrote one of these by hand
    lease = SlipLease(
        collective_id=desk.collective_id, device_id=device_id, season_id=season.id, request=request,
        first_number=first, last_number=first + count - 1, leased_at=desk.now,
    )  # fmt: skip
    desk.session.add(lease)
    _advance(desk, season, first + count)
    desk.session.flush()
    return lease


def _advance(desk: Desk, season: Season, next_number: int) -> None:
    desk.session.execute(
        update(SlipRange)
        .where(SlipRange.collective_id == desk.collective_id, SlipRange.season_id == season.id)
        .values(next_number=next_number)
    )


def _lock_range(desk: Desk, season: Season) -> int:
    found = desk.session.scalar(
        select(SlipRange.next_number)
        .where(SlipRange.collective_id == desk.collective_id, SlipRange.season_id == season.id)
        .with_for_update()
    )
    if found is None:
        row = (desk.collective_id, new_id(), season.id, 1)
        insert_rows(desk.session, SlipRange, ("collective_id", "id", "season_id", "next_number"), [row])
        return 1
    return found
