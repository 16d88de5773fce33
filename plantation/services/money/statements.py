"""A household's statement: its seasons, what each brought, and what has been paid."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from plantation.domain.deductions import deduct
from plantation.domain.words import SeasonMode
from plantation.models import Household, Payment, Season, Settlement, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.fruit.season_figures import read_terms
from plantation.services.lookups import the_household
from plantation.services.money.explanations import Explanation, explain, household_slips
from plantation.services.money.settlement_records import frozen_lines
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams

__all__ = ["Explanation", "SeasonEarnings", "earnings_of", "explain", "household_slips"]


class SeasonEarnings(NamedTuple):
    """One season of one household. Before a final settlement `number` is None and what cannot be known yet (in a
    pooled season the money) is None as well."""

    season: str
    mode: str
    number: int | None
    net_grams: Grams
    gross_fen: Fen | None
    deductions_fen: Fen | None
    picking_fen: Fen
    net_fen: Fen | None
    carried_fen: Fen | None
    paid_fen: Fen
    balance_fen: Fen | None


def earnings_of(desk: Desk, household: Household | str) -> list[SeasonEarnings]:
    """The household's seasons in which it delivered or was paid, the latest first; a few queries for all of them."""
    household = the_household(desk, household)
    seasons = desk.session.scalars(select(Season).where(Season.collective_id == desk.collective_id).order_by(Season.starts_on.desc())).all()
    frozen = {record.season_id: (record, line) for record, line in frozen_lines(desk, household)}
    settled = _settled_numbers(desk)
    open_figures = _own_sums(desk, household, [season.id for season in seasons if season.id not in settled])
    paid = _paid(desk, household)
    found = []
    for season in seasons:
        paid_fen = paid.get(season.id, 0)
        if season.id in settled:
            number = settled[season.id]
            record = frozen.get(season.id)
            line = record[1] if record and record[0].number == number else None
            if line is None and not paid_fen:
                continue
            figures = line[1:7] if line else (0,) * 6
            net_grams, gross_fen, deductions_fen, carried_fen, picking_fen, net_fen = figures
            found.append(
                SeasonEarnings(
                    season.code,
                    season.mode,
                    number,
                    net_grams,
                    gross_fen,
                    deductions_fen,
                    picking_fen,
                    net_fen,
                    carried_fen,
                    paid_fen,
                    net_fen - paid_fen,
                )
            )
        elif season.id in open_figures or paid_fen:
            found.append(_open_season(desk, season, open_figures.get(season.id, (0, 0, 0)), paid_fen))
    return found


def _open_season(desk: Desk, season: Season, sums: tuple[int, int, int], paid_fen: Fen) -> SeasonEarnings:
    net_grams, amount_fen, picking_fen = sums
    if season.mode == SeasonMode.POOLED:
        return SeasonEarnings(season.code, season.mode, None, net_grams, None, None, picking_fen, None, None, paid_fen, None)
    lines = deduct(read_terms(desk, season).deductions, amount_fen, net_grams)
    deductions_fen = sum(line.taken_fen for line in lines)
    net_fen = amount_fen - deductions_fen - picking_fen
    return SeasonEarnings(
        season.code,
        season.mode,
        None,
        net_grams,
        amount_fen,
        deductions_fen,
        picking_fen,
        net_fen,
        sum(line.carried_fen for line in lines),
        paid_fen,
        net_fen - paid_fen,
    )


def _settled_numbers(desk: Desk) -> dict[int, int]:
    rows = desk.session.execute(
        select(Settlement.season_id, func.max(Settlement.number))
        .where(Settlement.collective_id == desk.collective_id)
        .group_by(Settlement.season_id)
    )
    return {season_id: number for season_id, number in rows}


def _own_sums(desk: Desk, household: Household, season_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    sums: dict[int, tuple[int, int, int]] = {}
    for table in (Weighing, WeighingShare) if season_ids else ():
        rows = desk.session.execute(
            select(
                table.season_id,
                *[sum_of(column) for column in (table.net_grams, table.amount_fen, table.picking_fen)],
            )
            .where(
                table.collective_id == desk.collective_id,
                # Named, although all are meant: so the index that holds these sums is used.
                table.season_id.in_(season_ids),
                table.household_id == household.id,
            )
            .group_by(table.season_id)
        )
        for season_id, *figures in rows:
            before = sums.get(season_id, (0, 0, 0))
            sums[season_id] = tuple(a + b for a, b in zip(before, figures, strict=True))
    return sums


def _paid(desk: Desk, household: Household) -> dict[int, Fen]:
    rows = desk.session.execute(
        select(Payment.season_id, sum_of(Payment.amount_fen))
        .where(Payment.collective_id == desk.collective_id, Payment.household_id == household.id)
        .group_by(Payment.season_id)
    )
    return {season_id: paid_fen for season_id, paid_fen in rows}
