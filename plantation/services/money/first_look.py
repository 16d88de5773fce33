"""What the office will look at first, found before it looks: after a start nothing is kept yet (fruit/kept.py)."""

from __future__ import annotations

from contextlib import suppress

from plantation.errors import Refusal
from plantation.models import Season
from plantation.services.desk import Desk
from plantation.services.fruit.deliveries import delivered_grams
from plantation.services.fruit.open_differences import count_open_differences
from plantation.services.fruit.picked_sums import picked_sums
from plantation.services.fruit.running_sums import running_sums
from plantation.services.fruit.slip_figures import slip_figures
from plantation.services.money.seasons import list_seasons
from plantation.services.money.settlements import seen_settlement


def look_first(desk: Desk) -> Season | None:
    """Find what is kept of the latest season, which may take seconds over a million slips; that season, if there is one."""
    season = next(iter(list_seasons(desk)), None)
    if season is not None:
        for keeper in (running_sums, delivered_grams, slip_figures, picked_sums):
            keeper(desk, season)
        with suppress(Refusal):  # it cannot be settled yet
            seen_settlement(desk, season)
        count_open_differences(desk, season)
    return season
