"""Each frozen settlement against its journal entry, and computed once more from the rows that were in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from plantation.domain.settlement import settle
from plantation.errors import N_, Refusal
from plantation.models import Earnings, Household, Season, Settlement
from plantation.services.desk import Desk
from plantation.services.fruit.season_figures import gather_figures
from plantation.services.money import settlement_records
from plantation.services.money.earnings_lines import FIGURES, EarningsLine, digest_of, line_of
from plantation.services.money.settlement_records import parse_terms, read_grades, read_lines, settlement_payload, write_terms
from plantation.services.proof.row_checks import FigureWrong, compare

Advance = Callable[[int], None]


class SettlementWrong(Refusal):
    """A frozen line that does not follow from what was weighed and bought."""

    template = N_("Settlement %(number)s of season %(season)s, %(line)s: %(field)s is %(found)s, but the rows give %(expected)s.")


class SettlementUnexplained(Refusal):
    """A frozen settlement whose rows cannot be settled."""

    template = N_("Settlement %(number)s of season %(season)s cannot be computed again: %(reason)s")


class TermsChanged(Refusal):
    """The terms of a season that was settled on them."""

    template = N_("The mode, tolerance or deductions of season %(season)s were changed after settlement %(number)s.")


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A settlement as the comparison takes it."""

    entry: int
    recorded_at: Any
    recorded_by: str
    season: Season
    record: Settlement
    lines: list[EarningsLine]


def check_settlements(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """Every settlement is what was recorded, on terms that still stand, and comes out again to the fen."""
    rows = desk.session.execute(
        select(Settlement, Season)
        .join(Season, (Season.collective_id == Settlement.collective_id) & (Season.id == Settlement.season_id))
        .where(Settlement.collective_id == desk.collective_id, Settlement.through_entry < through)
        .order_by(Settlement.through_entry)
    ).all()

    def frozen() -> Iterable[_Frozen]:
        for record, season in rows:
            lines = read_lines(desk, record)
            yield _Frozen(record.through_entry + 1, record.settled_at, record.settled_by, season, record, lines)

    def said(row: _Frozen, _sealed: dict[str, Any]) -> dict[str, Any]:
        grades = read_grades(desk, row.record)
        sums = {name: sum(getattr(line, name) for line in row.lines) for name in FIGURES}
        return settlement_payload(row.season.code, row.record, grades, len(row.lines), sums) | {"digest": digest_of(row.lines)}

    def name(row: _Frozen) -> str:
        return f"{row.season.code}/{row.record.number}"

    def rules(row: _Frozen) -> Refusal | None:
        return _settled_again(desk, row)

    return compare(desk, through, settlement_records.KIND, N_("Settlement"), frozen(), name, said, advance, rules) or _astray(desk)


def _astray(desk: Desk) -> Refusal | None:
    """A line of a settlement that there is not: no key of the database holds a line to its settlement."""
    record = aliased(Settlement)
    its_own = exists().where(record.collective_id == Earnings.collective_id, record.id == Earnings.settlement_id)
    line = desk.session.execute(
        select(Earnings.settlement_id, Household.code)
        .join(Household, (Household.collective_id == Earnings.collective_id) & (Household.id == Earnings.household_id))
        .where(Earnings.collective_id == desk.collective_id, ~its_own)
        .order_by(Earnings.settlement_id, Household.code)
        .limit(1)
    ).one_or_none()
    if line is None:
        return None
    return FigureWrong(what=N_("Settlement"), name=str(line.settlement_id), field="household", found=line.code, expected="–")


def _settled_again(desk: Desk, row: _Frozen) -> Refusal | None:
    record, season = row.record, row.season
    where = {"season": season.code, "number": record.number}
    digest = digest_of(row.lines)
    if record.digest != digest:
        return FigureWrong(
            what=N_("Settlement"), name=f"{season.code}/{record.number}", field="digest", found=record.digest, expected=digest
        )
    if write_terms(desk, season) != record.terms:
        return TermsChanged(**where)
    try:
        computed = settle(*gather_figures(desk, season, through=record.through_entry, terms=parse_terms(record.terms)))
    except Refusal as refusal:
        return SettlementUnexplained(reason=str(refusal), **where)
    expected = {one.household_code: line_of(one) for one in computed.households}
    found = {line.household_code: line for line in row.lines}
    for code in sorted(expected.keys() | found.keys()):
        if expected.get(code) != found.get(code):
            field, is_, should = _first_difference(found.get(code), expected.get(code))
            return SettlementWrong(line=code, field=field, found=is_, expected=should, **where)
    for one, two in zip(read_grades(desk, record), computed.grades, strict=False):
        if one != two:
            return SettlementWrong(line=one.grade, field="grade", found=list(one), expected=list(two), **where)
    return None


def _first_difference(found: EarningsLine | None, expected: EarningsLine | None) -> tuple[str, Any, Any]:
    if found is None or expected is None:
        return "household", found and found.household_code or "–", expected and expected.household_code or "–"
    return next((field, one, two) for field, one, two in zip(EarningsLine._fields, found, expected, strict=True) if one != two)
