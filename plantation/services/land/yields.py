"""What a mu bears by the age of its trees: the collective's own table, or the defaults before it has one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from plantation.domain.forecast import DEFAULT_YIELDS, Stage, StageYield, check_yields
from plantation.domain.journal import canonical
from plantation.domain.limits import MOST_KG_PER_MU
from plantation.errors import N_, Refusal
from plantation.models import YieldTable
from plantation.services import facts, journal
from plantation.services.changes import check_seen, last_fact
from plantation.services.desk import Desk

MOST_YEARS = 200


class YieldBeyondReason(Refusal, ValueError):
    """A digit too many."""

    template = N_("%(value)s is too much: at most %(years)s years and %(kg)s kg per mu.")


def yields_of(desk: Desk) -> tuple[StageYield, ...]:
    """The table that holds now, by age."""
    lines = desk.session.scalar(
        select(YieldTable.lines).where(YieldTable.collective_id == desk.collective_id).order_by(YieldTable.entry.desc()).limit(1)
    )
    if lines is None:
        return DEFAULT_YIELDS
    return tuple(StageYield(years, Stage(stage), *kg_per_mu) for years, stage, *kg_per_mu in json.loads(lines))


def set_yields(desk: Desk, yields: Sequence[StageYield], *, seen_entry: int | None = None) -> tuple[StageYield, ...]:
    """Set the whole table; forecasts and the match with the land follow it from now on. Nothing is written where nothing changes.
    `seen_entry` is the journal's last entry when the table was on screen.

    :raises SaidMeanwhile: somebody set another one since. :raises YieldsFaulty: ages left out, or a band that does not rise. :raises YieldBeyondReason: a digit too many.
    """
    yields = tuple(yields)
    check_yields(yields)
    for line in yields:
        if line.from_years > MOST_YEARS or line.high_kg_per_mu > MOST_KG_PER_MU:
            raise YieldBeyondReason(value=max(line.from_years, line.high_kg_per_mu), years=MOST_YEARS, kg=MOST_KG_PER_MU)
    journal.lock(desk)
    if yields != yields_of(desk):
        check_seen(last_fact(desk, YieldTable), seen_entry)
        lines = canonical([[line.from_years, line.stage.value, *line[2:]] for line in yields]).decode()
        facts.seal(desk, [YieldTable(lines=lines)])
    return yields
