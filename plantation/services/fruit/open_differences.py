"""How many differences of a season nobody has answered: kept between requests until something is recorded."""

from __future__ import annotations

from sqlalchemy import URL

from plantation.domain.seasons import is_over
from plantation.models import Season
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.fruit.differences import find_differences

MOST_KEPT = 256

# By the database, the collective and the season: the journal's head and whether the season was over when it was counted.
_kept: dict[tuple[URL, int, int], tuple[tuple[str, bool], int]] = {}


def count_open_differences(desk: Desk, season: Season) -> int:
    """Everything that they follow from is in the journal, but for the season's end: while neither moves, the count stands."""
    key = (desk.session.get_bind().engine.url, desk.collective_id, season.id)
    state = (journal.head(desk)[1], is_over(season.ends_on, desk.now, desk.zone))
    known = _kept.get(key)
    if known is not None and known[0] == state:
        return known[1]
    count = sum(1 for one in find_differences(desk, season) if one.answer is None)
    if desk.session.info.get("only_reads", False):
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = state, count
    return count
