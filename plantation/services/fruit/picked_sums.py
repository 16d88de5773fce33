"""What slips say of hired pickers, by the text that names them, kept between requests (kept.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import literal_column, select

from plantation.models import Season, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper, added, between
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams

# As the index of these slips says it, word by word: with a parameter in its place SQLite would not know that it may use it.
NAMES_A_PICKER = Weighing.picker != literal_column("''")


def picked(*conditions: Any) -> Any:
    """The query of (text, net weight, wages) of slips that name a picker."""
    return (
        select(Weighing.picker, sum_of(Weighing.net_grams), sum_of(Weighing.picking_fen))
        .where(NAMES_A_PICKER, *conditions)
        .group_by(Weighing.picker)
    )


def _follow(
    desk: Desk, season: Season, before: Mapping[str, tuple[Grams, Fen]], after: int, through: int
) -> Mapping[str, tuple[Grams, Fen]]:
    rows = desk.session.execute(between(picked(), Weighing, desk, season, after, through))
    return added(before, {text: (grams, fen) for text, grams, fen in rows})


# By text the grams and wages of a season by now.
picked_sums: Keeper[Mapping[str, tuple[Grams, Fen]]] = Keeper({}, _follow)
