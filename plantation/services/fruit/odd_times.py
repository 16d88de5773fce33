"""Slips that devices date otherwise than they came: said to the device at once, and kept among what looks odd about a season."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import func, select, tuple_

from plantation.domain.clocks import OddDay, is_odd
from plantation.errors import N_, Refusal
from plantation.models import DeviceToken, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.seconds import seconds_between
from plantation.services.fruit.weighing_slips import Slip
from plantation.services.sums import sum_of

# A device gives a reason for nothing but a day that was corrected on it (static/field/slips.js).
_WAS_REDATED = Weighing.reason != ""


class DatedOtherwise(Refusal):
    """It is recorded, and its date is doubtful: no refusal, but nothing to be silent about."""

    template = N_("Slip %(slip)s is dated %(time)s and came at %(now)s. If the clock of this device was wrong, tell the office.")


def doubt_times(desk: Desk, slips: Sequence[Slip]) -> dict[str, Refusal]:
    """What is to be said to a device of new slips whose date is doubtful, by id; nothing to a person, who writes the date down by name."""
    odd = [slip for slip in slips if slip.reverses_id is None and is_odd((desk.now - slip.weighed_at).total_seconds())]
    if not odd:
        return {}
    mine = DeviceToken.collective_id == desk.collective_id, DeviceToken.name == desk.actor
    if desk.session.scalar(select(DeviceToken.id).where(*mine)) is None:
        return {}
    now = _short(desk.now.astimezone(desk.zone))
    return {slip.id: DatedOtherwise(slip=slip.slip, time=_short(slip.weighed_at.astimezone(desk.zone)), now=now) for slip in odd}


def odd_days(
    desk: Desk, season: Season, standing: Sequence, days: Collection[tuple[str, dt.date]] | None
) -> dict[tuple[str, dt.date], OddDay]:
    """By device and day the doubtful ones among the slips that are `standing` (conditions); of some `days` only, or of all."""
    late = seconds_between(Weighing.weighed_at, Weighing.recorded_at)
    devices = select(DeviceToken.name).where(DeviceToken.collective_id == desk.collective_id)
    statement = (
        select(
            Weighing.recorded_by, Weighing.local_date, func.min(Weighing.recorded_at), func.count(),
            sum_of(Weighing.net_grams), sum_of(Weighing.amount_fen),
        )
        .where(*standing, Weighing.recorded_by.in_(devices), is_odd(late) | _WAS_REDATED)
        .group_by(Weighing.recorded_by, Weighing.local_date)
    )  # fmt: skip
    if days is not None:
        dates = sorted({day for _, day in days})
        statement = statement.where(Weighing.local_date.in_(dates), tuple_(Weighing.recorded_by, Weighing.local_date).in_(sorted(days)))
    return {
        (device, day): OddDay(device, day, came.astimezone(desk.zone).date(), *figures)
        for device, day, came, *figures in desk.session.execute(statement)
    }


def _short(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
