"""When the terms of a season are fixed: once it was settled finally."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from plantation.errors import N_, Refusal
from plantation.models import Settlement
from plantation.services.desk import Desk


class SeasonSettled(Refusal):
    """Households were told their earnings on these terms."""

    template = N_("Season %(season)s was settled finally on %(day)s; its terms can no longer change.")


def settled_refusal(desk: Desk, season: Any) -> SeasonSettled | None:
    """What to answer who wants to change the terms of `season`: None while it has no final settlement."""
    settled_at = desk.session.scalar(
        select(func.min(Settlement.settled_at)).where(Settlement.collective_id == desk.collective_id, Settlement.season_id == season.id)
    )
    if settled_at is None:
        return None
    return SeasonSettled(season=season.code, day=settled_at.astimezone(desk.zone).date())
