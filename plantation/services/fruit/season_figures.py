"""The figures of a season, added up by the database: what a settlement is computed from.

One row a household and grade comes out, however many weighings there are.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, literal, select, union_all

from plantation.domain.deductions import Deduction as DeductionTerm
from plantation.domain.season_totals import Delivery, PurchaseTotal, SeasonTerms
from plantation.domain.words import DeductionKind, SeasonMode
from plantation.models import Deduction, Household, PurchaseLine, Season, Weighing, WeighingShare
from plantation.services.desk import Desk
from plantation.services.lookups import codes_by_id
from plantation.services.sums import added_up_in_order, sum_of


@contextmanager
def collection_paused() -> Iterator[None]:
    """No garbage collection meanwhile, for work that makes many small objects and no rings of them.

    In a process that holds a web site, a pass over everything costs as much as settling a season.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class SeasonFigures(NamedTuple):
    """What :func:`plantation.domain.settlement.settle` takes."""

    terms: SeasonTerms
    deliveries: list[Delivery]
    purchases: list[PurchaseTotal]


def gather_figures(
    desk: Desk,
    season: Season,
    *,
    through: int | None = None,
    grades: Collection[str] | None = None,
    terms: SeasonTerms | None = None,
    households: Mapping[int, str] | None = None,
) -> SeasonFigures:
    """The season's terms and totals: all of it, or up to the journal entry `through`, or of some `grades` only. `households` are all
    the collective's codes by id, where they are known already."""
    households = households or codes_by_id(desk, Household)
    terms = terms or read_terms(desk, season)
    with added_up_in_order(desk.session):
        deliveries = desk.session.execute(
            _deliveries(desk, season.id, households, through, grades, terms.mode)
        ).all()  # at once: a third less than one by one
    purchases = desk.session.execute(_purchases(desk, season.id, through, grades))
    return SeasonFigures(
        terms,
        _with_codes(deliveries, households),
        [
            PurchaseTotal(None if source is None else households[source], grade, net_grams, amount_fen)
            for source, grade, net_grams, amount_fen in purchases
        ],
    )


def _with_codes(rows: Sequence[Sequence[Any]], households: Mapping[int, str]) -> list[Delivery]:
    """The rows, whose first column is a household's id, with its code instead: a column at a time, for there are tens of thousands."""
    if not rows:
        return []
    ids, *figures = zip(*rows, strict=True)
    return list(map(tuple.__new__, repeat(Delivery), zip(map(households.__getitem__, ids), *figures, strict=True)))


def read_terms(desk: Desk, season: Season) -> SeasonTerms:
    """The season's mode, tolerance and deductions, as they are now."""
    deductions = desk.session.scalars(
        select(Deduction).where(Deduction.collective_id == desk.collective_id, Deduction.season_id == season.id)
    )
    return SeasonTerms(season.code, SeasonMode(season.mode), season.tolerance_ppm, deduction_terms(deductions))


def deduction_terms(deductions: Iterable[Deduction]) -> tuple[DeductionTerm, ...]:
    """Rows of the deduction sheet as the rules take them."""
    return tuple(DeductionTerm(one.code, DeductionKind(one.kind), one.rate_ppm or 0, one.amount_fen or 0) for one in deductions)


# PostgreSQL adds up with three processes, unless it is told otherwise.
_AT_ONCE = 3


def _deliveries(
    desk: Desk, season_id: int, households: Collection[int], through: int | None, grades: Collection[str] | None, mode: SeasonMode
) -> Select:
    """The weighings in three parts of the households: of one part PostgreSQL's processes would each add up some rows of every group,
    and adding these sums up once more takes as long as there is gained. Each part on its own is one process's, and stays in its order.
    """
    of_plots, of_households = WeighingShare.__table__.c, Weighing.__table__.c
    parts = [_delivered_of(desk, season_id, through, grades, mode, of_plots).where(of_plots.household_id.is_not(None))]
    for run in _runs(of_households.household_id, households, _AT_ONCE):
        parts.append(_delivered_of(desk, season_id, through, grades, mode, of_households).where(*run))
    together = union_all(*parts).subquery()  # within a SELECT, or PostgreSQL adds the parts up one after the other
    return select(*together.c)


def _runs(column: ColumnElement[int], ids: Collection[int], count: int) -> list[list[ColumnElement[bool]]]:
    """What cuts `column` into at most `count` runs of about as many `ids` each; together they hold every id there may be, and no NULL.

    >>> from sqlalchemy import column
    >>> [[str(one.compile(compile_kwargs={"literal_binds": True})) for one in run] for run in _runs(column("id"), [4, 9, 7], 2)]
    [['id < 7'], ['id >= 7']]
    >>> [[str(one) for one in run] for run in _runs(column("id"), [], 3)]
    [['id IS NOT NULL']]
    """
    ordered = sorted(ids)
    cuts = sorted({ordered[len(ordered) * place // count] for place in range(1, count)} if ordered else ())
    if not cuts:
        return [[column.is_not(None)]]  # not asked beside a cut: SQLite would look at each row once more
    runs: list[list[ColumnElement[bool]]] = [[] for _ in range(len(cuts) + 1)]
    for place, cut in enumerate(cuts):
        runs[place].append(column < cut)
        runs[place + 1].append(column >= cut)
    return runs


def _delivered_of(desk: Desk, season_id: int, through: int | None, grades: Collection[str] | None, mode: SeasonMode, table: Any) -> Select:
    """`table` is the columns of a table and not a model: as plain rows, in two thirds of the time."""
    # A pool's weighings have no amount: a sum less over all of them.
    amount_fen = sum_of(table.amount_fen) if mode is SeasonMode.POSTED else literal(0, BigInteger)
    statement = select(
        table.household_id, table.grade, sum_of(table.net_grams), amount_fen.label("amount_fen"), sum_of(table.picking_fen)
    ).where(table.collective_id == desk.collective_id, table.season_id == season_id)
    if through is not None:
        statement = statement.where(table.entry <= through)
    if grades is not None:
        statement = statement.where(table.grade.in_(sorted(grades)))
    return statement.group_by(table.household_id, table.grade)


def _purchases(desk: Desk, season_id: int, through: int | None, grades: Collection[str] | None) -> Select:
    line = PurchaseLine
    statement = select(line.source_household_id, line.grade, sum_of(line.net_grams), sum_of(line.amount_fen)).where(
        line.collective_id == desk.collective_id, line.season_id == season_id
    )
    if through is not None:
        statement = statement.where(line.entry <= through)
    if grades is not None:
        statement = statement.where(line.grade.in_(sorted(grades)))
    return statement.group_by(line.source_household_id, line.grade)
