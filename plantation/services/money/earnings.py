"""Earnings: what each household is owed for a season, from the frozen settlement where there is one, else a preview."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from plantation.domain.earnings import Settlement as Computed
from plantation.domain.settlement import settle
from plantation.errors import Refusal
from plantation.models import Earnings, Household, Season
from plantation.services.desk import Desk
from plantation.services.fruit.season_figures import collection_paused, gather_figures
from plantation.services.lookups import the_season
from plantation.services.money.balances import latest_settlement_id, paid_by_household
from plantation.services.money.previews import seen_settlement
from plantation.services.pages import PAGE_SIZE, Page, paginate
from plantation.units import Fen, Grams


class EarningsRow(NamedTuple):
    """One household's season. `household` is its code; `balance_fen` is `net_fen` − `paid_fen`."""

    household: str
    household_name: str
    net_grams: Grams
    gross_fen: Fen
    deductions_fen: Fen
    picking_fen: Fen
    net_fen: Fen
    paid_fen: Fen
    balance_fen: Fen


_FIGURES = ("net_grams", "gross_fen", "deductions_fen", "picking_fen", "net_fen")
_Previewed = dict[str, tuple[int, ...]]


def earnings_rows(desk: Desk, season: Season | str, *, page: int = 1, search: str = "") -> Page:
    """One page of :class:`EarningsRow`, every household of the collective, by code; `search` in code and name.

    :raises Refusal: where nothing is settled yet and a settlement would be refused.
    """
    season = the_season(desk, season)
    settlement_id = latest_settlement_id(desk, season.id)
    seen = None if settlement_id is not None else seen_settlement(desk, season)
    found = paginate(desk.session, _statement(desk, season.id, settlement_id, search), page, PAGE_SIZE)
    previewed = None if seen is None else _figures_of(seen, {row.code for row in found.rows})
    return Page([_row(row, previewed) for row in found.rows], found.number, found.size, found.total)


def earnings_all(desk: Desk) -> Iterator[tuple[str, EarningsRow]]:
    """(season code, row) of every season and every household, by codes: what earnings.csv holds, streamed.

    A season that is not settled and whose settlement would be refused comes as if nothing had been bought yet.
    """
    seasons = desk.session.scalars(select(Season).where(Season.collective_id == desk.collective_id)).all()
    for season in sorted(seasons, key=lambda one: one.code):
        settlement_id = latest_settlement_id(desk, season.id)
        previewed = None if settlement_id is not None else _preview(desk, season)
        rows = desk.session.execute(_statement(desk, season.id, settlement_id).execution_options(yield_per=2_000))
        # Households do not grow with the weighings; sorted here because databases sort texts differently.
        for row in sorted((_row(row, previewed) for row in rows), key=lambda one: one.household):
            yield season.code, row


def _figures_of(computed: Computed, codes: Container[str] | None = None) -> _Previewed:
    """The figures of the households with `codes`, of all without."""
    return {
        one.household_code: tuple(getattr(one, name) for name in _FIGURES)
        for one in computed.households
        if codes is None or one.household_code in codes
    }


def _preview(desk: Desk, season: Season) -> _Previewed:
    with collection_paused():
        terms, deliveries, purchases = gather_figures(desk, season)
        try:
            computed = settle(terms, deliveries, purchases)
        except Refusal:
            computed = settle(terms, deliveries, [])
    return _figures_of(computed)


def _statement(desk: Desk, season_id: int, settlement_id: int | None, search: str = "") -> Any:
    paid = paid_by_household(desk, season_id).subquery()
    statement = (
        select(Household.code, Household.name, *[getattr(Earnings, name) for name in _FIGURES], paid.c.paid_fen)
        .select_from(Household)
        .outerjoin(
            Earnings,
            (Earnings.collective_id == Household.collective_id)
            & (Earnings.household_id == Household.id)
            & (Earnings.settlement_id == (settlement_id or 0)),
        )
        .outerjoin(paid, paid.c.household_id == Household.id)
        .where(Household.collective_id == desk.collective_id)
        .order_by(Household.code)
    )
    if text := search.strip():
        statement = statement.where(or_(Household.code.icontains(text, autoescape=True), Household.name.icontains(text, autoescape=True)))
    return statement


def _row(row: Any, previewed: _Previewed | None) -> EarningsRow:
    code, name, *figures, paid_fen = row
    if previewed is not None:
        figures = previewed.get(code, (0,) * len(_FIGURES))
    figures = [figure or 0 for figure in figures]
    paid_fen = paid_fen or 0
    return EarningsRow(code, name, *figures, paid_fen, figures[-1] - paid_fen)
