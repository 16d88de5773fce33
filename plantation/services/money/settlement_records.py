"""A frozen settlement: how its terms and lines are written, sealed, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any

from sqlalchemy import select

from plantation.domain.deductions import Deduction as DeductionTerm
from plantation.domain.earnings import GradeTotal, HouseholdEarnings
from plantation.domain.earnings import Settlement as Computed
from plantation.domain.journal import canonical
from plantation.domain.season_totals import SeasonTerms
from plantation.domain.words import DeductionKind, SeasonMode
from plantation.models import Deduction, Earnings, Household, Season, Settlement, SettlementGrade, new_id, new_ids
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk
from plantation.services.money.earnings_lines import FIGURES, EarningsLine, add_lines, columns_of

KIND = "settlement"


def write_terms(desk: Desk, season: Season) -> str:
    """The season's terms as they are now, as canonical JSON."""
    deductions = desk.session.scalars(
        select(Deduction).where(Deduction.collective_id == desk.collective_id, Deduction.season_id == season.id)
    )
    sheet = sorted([one.code, one.name, one.kind, one.rate_ppm or 0, one.amount_fen or 0] for one in deductions)
    return canonical({"season": season.code, "mode": season.mode, "tolerance_ppm": season.tolerance_ppm, "deductions": sheet}).decode()


def parse_terms(text: str) -> SeasonTerms:
    """The terms that :func:`write_terms` wrote.

    >>> parse_terms('{"deductions":[],"mode":"pooled","season":"2025","tolerance_ppm":20000}').tolerance_ppm
    20000
    """
    terms = json.loads(text)
    deductions = tuple(
        DeductionTerm(code, DeductionKind(kind), rate_ppm, amount_fen) for code, _, kind, rate_ppm, amount_fen in terms["deductions"]
    )
    return SeasonTerms(terms["season"], SeasonMode(terms["mode"]), terms["tolerance_ppm"], deductions)


def deduction_names(terms: str) -> dict[str, str]:
    """What each deduction code is called.

    >>> deduction_names('{"deductions":[["1","Fund","percent",25000,0]]}')
    {'1': 'Fund'}
    """
    return {code: name for code, name, *_ in json.loads(terms)["deductions"]}


def settlement_payload(
    season_code: str, record: Settlement, grades: Iterable[GradeTotal], households: int, sums: Mapping[str, int]
) -> dict[str, Any]:
    """What the journal seals of a settlement: its terms, the totals by grade, how many `households` there are, the `sums` of their figures
    (:data:`FIGURES`), and the digest of their lines."""
    return {
        "id": record.id,
        "season": season_code,
        "number": record.number,
        "through": record.through_entry,
        "mode": record.mode,
        "terms": record.terms,
        "grades": [list(total) for total in grades],
        "households": households,
        "sums": dict(sums),
        "digest": record.digest,
    }


_EARNINGS = (
    "collective_id",
    "settlement_id",
    "household_id",
    *EarningsLine._fields[1:],
)
_GRADES = ("collective_id", "id", "settlement_id", *GradeTotal._fields)


def freeze(
    desk: Desk, season: Season, computed: Computed, *, number: int, through: int, terms: str, households: Mapping[int, str]
) -> Settlement:
    """Store a computed settlement for good, with its entry in the journal, which must be locked and stand at `through`. `households` are
    all the collective's codes by id.

    The lines come first, and what seals them after: PostgreSQL stores a line while the next is written here.
    """
    id_, digest, grades = new_id(), sha256(), computed.grades
    insert_rows(desk.session, Earnings, _EARNINGS, _earnings_rows(desk, id_, computed.households, households, digest))
    record = Settlement(
        collective_id=desk.collective_id,
        id=id_,
        season_id=season.id,
        number=number,
        through_entry=through,
        mode=season.mode,
        terms=terms,
        digest=digest.hexdigest(),
        settled_at=desk.now,
        settled_by=desk.actor,
    )
    desk.session.add(record)
    desk.session.flush()
    insert_rows(
        desk.session,
        SettlementGrade,
        _GRADES,
        [(desk.collective_id, grade_id, id_, *total) for grade_id, total in zip(new_ids(len(grades)), grades, strict=True)]
        if grades
        else [],
    )
    sums = {name: getattr(computed, name) for name in FIGURES}
    journal.append(
        desk, [(KIND, f"{season.code}/{number}", settlement_payload(season.code, record, grades, len(computed.households), sums))]
    )
    return record


def _earnings_rows(
    desk: Desk, settlement_id: int, lines: Sequence[HouseholdEarnings], households: Mapping[int, str], digest: Any
) -> Iterator[tuple[Any, ...]]:
    """The rows of `lines`, each sealed into `digest`; some thousands are held at a time."""
    ids = {code: household_id for household_id, code in households.items()}
    for part in in_chunks(lines, 1_000):
        codes, *figures = columns = columns_of(part)
        add_lines(digest, zip(*columns, strict=True))
        yield from zip(repeat(desk.collective_id), repeat(settlement_id), map(ids.__getitem__, codes), *figures, strict=False)


def read_lines(desk: Desk, record: Settlement) -> list[EarningsLine]:
    """The stored lines of a settlement, by household code: as many as there are households."""
    columns = [getattr(Earnings, name) for name in EarningsLine._fields[1:]]
    rows = desk.session.execute(
        select(Household.code, *columns)
        .join(Household, (Household.collective_id == Earnings.collective_id) & (Household.id == Earnings.household_id))
        .where(Earnings.collective_id == desk.collective_id, Earnings.settlement_id == record.id)
    )
    return sorted(EarningsLine(*row) for row in rows)


def read_grades(desk: Desk, record: Settlement) -> list[GradeTotal]:
    """The stored totals of a settlement, by grade."""
    rows = desk.session.execute(
        select(*[getattr(SettlementGrade, name) for name in GradeTotal._fields]).where(
            SettlementGrade.collective_id == desk.collective_id, SettlementGrade.settlement_id == record.id
        )
    )
    return sorted(GradeTotal(*row) for row in rows)


def frozen_lines(desk: Desk, household: Household, season: Season | None = None) -> list[tuple[Settlement, EarningsLine]]:
    """The household's line of every final settlement (of one season), by number."""
    columns = [getattr(Earnings, name) for name in EarningsLine._fields[1:]]
    statement = (
        select(Settlement, *columns)
        .join(Earnings, (Earnings.collective_id == Settlement.collective_id) & (Earnings.settlement_id == Settlement.id))
        .where(Settlement.collective_id == desk.collective_id, Earnings.household_id == household.id)
        .order_by(Settlement.number)
    )
    if season is not None:
        statement = statement.where(Settlement.season_id == season.id)
    return [(record, EarningsLine(household.code, *line)) for record, *line in desk.session.execute(statement)]
