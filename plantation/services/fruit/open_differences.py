"""How many differences of a season nobody has answered, kept between requests (kept.py) until something is recorded."""

from __future__ import annotations

from plantation.domain.seasons import is_over
from plantation.models import Season
from plantation.services.desk import Desk
from plantation.services.fruit.differences import find_differences
from plantation.services.fruit.kept import Keeper

_open: Keeper[int] = Keeper(0, lambda desk, season, *_: sum(1 for one in find_differences(desk, season) if one.answer is None))


def count_open_differences(desk: Desk, season: Season) -> int:
    """Everything that they follow from is in the journal, but for the season's end."""
    return _open(desk, season, is_over(season.ends_on, desk.now, desk.zone))
