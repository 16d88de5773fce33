"""Dividends as declared: their lines, what was paid of each, what is open; what a cooperative pays through the collective too.

Money in is the total that was declared, money out what was paid of its lines: the difference is what is open, always.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from plantation.domain.dividend import Basis, count
from plantation.errors import N_, NotFound
from plantation.models import Dividend, DividendLine, DividendPayment, Household, Season
from plantation.services.desk import Desk
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams, Millimu, PartsPerMillion


class BasisShare(NamedTuple):
    """One part of a dividend: its basis, the percentage that goes by it, how much of it one household has and all together."""

    basis: Basis
    ppm: PartsPerMillion
    mine: int
    whole: int


class LineSeen(NamedTuple):
    """A line with what was paid of it, and what each basis counts of the household."""

    household_id: int
    household: str
    household_name: str
    amount_fen: Fen
    paid_fen: Fen
    members: int
    entitlement_millimu: Millimu
    net_grams: Grams
    households: int = 1

    @property
    def open_fen(self) -> Fen:
        """What is still to be paid."""
        return self.amount_fen - self.paid_fen


class _Whole(NamedTuple):
    """What the households of a dividend have of each basis together."""

    households: int
    members: int
    entitlement_millimu: Millimu
    net_grams: Grams


def load_dividend(desk: Desk, code: str) -> Dividend:
    """:raises NotFound: there is none of that code in this collective."""
    found = desk.session.scalar(select(Dividend).where(Dividend.collective_id == desk.collective_id, Dividend.code == code))
    if found is None:
        raise NotFound(what=N_("dividend"), code=code[:64])
    return found


def list_dividends(desk: Desk) -> list[tuple[Dividend, int, Fen]]:
    """Every dividend with how many households are on it and what is paid of it, the latest first."""
    lines = dict(
        desk.session.execute(
            select(DividendLine.dividend_id, func.count())
            .where(DividendLine.collective_id == desk.collective_id)
            .group_by(DividendLine.dividend_id)
        ).all()
    )
    paid = dict(
        desk.session.execute(
            select(DividendPayment.dividend_id, sum_of(DividendPayment.amount_fen))
            .where(DividendPayment.collective_id == desk.collective_id)
            .group_by(DividendPayment.dividend_id)
        ).all()
    )
    found = desk.session.scalars(select(Dividend).where(Dividend.collective_id == desk.collective_id).order_by(Dividend.entry.desc()))
    return [(one, lines.get(one.id, 0), paid.get(one.id, 0)) for one in found]


def lines_of(desk: Desk, dividend: Dividend) -> list[LineSeen]:
    """The dividend's lines with what was paid of each, by household code."""
    rows = desk.session.execute(_lines(desk, DividendLine.dividend_id == dividend.id, DividendPayment.dividend_id == dividend.id))
    return sorted((LineSeen(*row) for row in rows), key=lambda line: line.household)


def basis_of(dividend: Dividend) -> list[tuple[Basis, PartsPerMillion]]:
    """The bases of a declared dividend with their parts; empty where everybody gets the same."""
    return [(Basis(word), ppm) for word, ppm in json.loads(dividend.mix)]


def dividends_of(desk: Desk, household: Household) -> list[tuple[Dividend, LineSeen, list[BasisShare], str]]:
    """What one household gets, with its part of each basis and the season whose kilograms count, the latest first."""
    rows = desk.session.execute(
        _lines(desk, DividendLine.household_id == household.id, DividendPayment.household_id == household.id)
        .join(Dividend, (Dividend.collective_id == DividendLine.collective_id) & (Dividend.id == DividendLine.dividend_id))
        .outerjoin(Season, (Season.collective_id == Dividend.collective_id) & (Season.id == Dividend.season_id))
        .add_columns(func.coalesce(Season.code, ""), Dividend)
        .order_by(Dividend.entry.desc())
    ).all()
    wholes = _wholes(desk, [dividend.id for *_, dividend in rows if dividend.each_fen is None])
    return [(dividend, (seen := LineSeen(*line)), _shares(dividend, seen, wholes), season) for *line, season, dividend in rows]


def season_of(desk: Desk, dividend: Dividend) -> str:
    """The code of the season whose kilograms count; empty where none do."""
    mine = (Season.collective_id == desk.collective_id, Season.id == dividend.season_id)
    return desk.session.scalar(select(Season.code).where(*mine)) or ""


def _wholes(desk: Desk, ids: Sequence[int]) -> dict[int, _Whole]:
    """By dividend what its households have of each basis together."""
    rows = desk.session.execute(
        select(
            DividendLine.dividend_id, func.count(), sum_of(DividendLine.members), sum_of(DividendLine.entitlement_millimu),
            sum_of(DividendLine.net_grams),
        )
        .where(DividendLine.collective_id == desk.collective_id, DividendLine.dividend_id.in_(ids))
        .group_by(DividendLine.dividend_id)
    ) if ids else ()  # fmt: skip
    return {id_: _Whole(*counted) for id_, *counted in rows}


def _shares(dividend: Dividend, line: LineSeen, wholes: dict[int, _Whole]) -> list[BasisShare]:
    whole = wholes.get(dividend.id)
    return [BasisShare(basis, ppm, count(basis, line), count(basis, whole)) for basis, ppm in basis_of(dividend)]


def _lines(desk: Desk, lines: ColumnElement[bool], payments: ColumnElement[bool]) -> Select:
    """The :class:`LineSeen` of lines; `payments` says the same of what was paid, so that not everybody's is added up."""
    paid = (
        select(
            DividendPayment.dividend_id,
            DividendPayment.household_id,
            sum_of(DividendPayment.amount_fen).label("fen"),
        )
        .where(DividendPayment.collective_id == desk.collective_id, payments)
        .group_by(DividendPayment.dividend_id, DividendPayment.household_id)
        .subquery()
    )
    return (
        select(
            Household.id,
            Household.code,
            Household.name,
            DividendLine.amount_fen,
            func.coalesce(paid.c.fen, 0),
            DividendLine.members,
            DividendLine.entitlement_millimu,
            DividendLine.net_grams,
        )
        .select_from(DividendLine)
        .join(
            Household,
            (Household.collective_id == DividendLine.collective_id) & (Household.id == DividendLine.household_id),
        )
        .outerjoin(
            paid,
            (paid.c.dividend_id == DividendLine.dividend_id) & (paid.c.household_id == DividendLine.household_id),
        )
        .where(DividendLine.collective_id == desk.collective_id, lines)
    )
