"""What is taken off a household's gross in a season, in the order of the deductions' codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from plantation.domain.words import DeductionKind
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Deduction, Season, new_ids
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.master_data import CodeTaken, Problems, code_problems, raise_first
from plantation.services.money.season_terms import settled_refusal
from plantation.services.words import check_name
from plantation.units import format_percent, format_yuan

MOST_AMOUNT_FEN = 10_000_000


class DeductionOutOfRange(Refusal, ValueError):
    """A deduction that gives instead of taking, or takes more than there is."""

    template = N_("A deduction of %(value)s is not possible: it must be from 0 to %(most)s.")


@dataclass(frozen=True, slots=True)
class DeductionInput:
    """`rate_ppm` for the kind percent, `amount_fen` for the other kinds; the other one is None."""

    code: str
    name: str
    kind: str
    rate_ppm: int | None = None
    amount_fen: int | None = None


def deduction_problems(deduction: DeductionInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it.

    >>> list(deduction_problems(DeductionInput("01", "Fund", "percent", rate_ppm=25_000)))
    []
    >>> [str(refusal) for _, refusal in deduction_problems(DeductionInput("01", "Fund", "percent", rate_ppm=1_000_001))]
    ['A deduction of 100.0001 % is not possible: it must be from 0 to 100 %.']
    """
    yield from code_problems(deduction.code)
    try:
        check_name(deduction.name)
    except BadValue as refusal:
        yield "name", refusal
    if deduction.kind not in set(DeductionKind):
        yield "kind", BadValue(value=deduction.kind[:40], expected=N_("percent, yuan_per_kg or yuan_per_household"))
        return
    if deduction.kind == DeductionKind.PERCENT:
        if deduction.rate_ppm is None or not 0 <= deduction.rate_ppm <= 1_000_000:
            value = "?" if deduction.rate_ppm is None else format_percent(deduction.rate_ppm)
            yield "value", DeductionOutOfRange(value=f"{value} %", most="100 %")
        return
    if deduction.amount_fen is None or not 0 <= deduction.amount_fen <= MOST_AMOUNT_FEN:
        value = "?" if deduction.amount_fen is None else format_yuan(deduction.amount_fen)
        yield "value", DeductionOutOfRange(value=value, most=format_yuan(MOST_AMOUNT_FEN))


def list_deductions(desk: Desk, season: Season) -> Sequence[Deduction]:
    """The season's deductions in the order in which they are taken: by code."""
    statement = select(Deduction).where(Deduction.collective_id == desk.collective_id, Deduction.season_id == season.id)
    return sorted(desk.session.scalars(statement), key=lambda deduction: deduction.code)


def add_deduction(
    desk: Desk,
    season: Season,
    *,
    code: str,
    name: str,
    kind: str,
    rate_ppm: int | None = None,
    amount_fen: int | None = None,
) -> Deduction:
    """Add a deduction. :raises Refusal: as :func:`deduction_problems`; CodeTaken; SeasonSettled."""
    journal.lock(desk)
    deduction = DeductionInput(code.strip(), name.strip(), kind, rate_ppm, amount_fen)
    raise_first(deduction_problems(deduction))
    settled = settled_refusal(desk, season)
    if settled is not None:
        raise settled
    stored = {one.code for one in list_deductions(desk, season)}
    if deduction.code in stored:
        raise CodeTaken(what=N_("deduction"), code=deduction.code)
    insert_deductions(desk, {season.id: (season.code, [deduction])})
    return next(one for one in list_deductions(desk, season) if one.code == deduction.code)


def insert_deductions(desk: Desk, by_season: Mapping[int, tuple[str, Iterable[DeductionInput]]]) -> None:
    """Insert deductions, checked already and new, by season id with the season's code."""
    rows, entries = [], []
    for season_id, (season_code, deductions) in by_season.items():
        for one in deductions:
            rows.append((season_id, one.code, one.name, str(one.kind), one.rate_ppm, one.amount_fen))
            figures = {"kind": str(one.kind), "rate_ppm": one.rate_ppm, "amount_fen": one.amount_fen}
            entries.append(("deduction", season_code, {"season": season_code, "code": one.code, **figures}))
    columns = ("collective_id", "id", "season_id", "code", "name", "kind", "rate_ppm", "amount_fen")
    ids = new_ids(max(1, len(rows)))
    insert_rows(desk.session, Deduction, columns, [(desk.collective_id, i, *row) for i, row in zip(ids, rows, strict=False)])
    journal.append(desk, entries)


def remove_deduction(desk: Desk, season: Season, code: str) -> None:
    """Take a deduction off a season that is not settled yet.

    :raises NotFound: no such deduction. :raises SeasonSettled: households were paid on it.
    """
    journal.lock(desk)
    deduction = next((one for one in list_deductions(desk, season) if one.code == code), None)
    if deduction is None:
        raise NotFound(what=N_("deduction"), code=code)
    settled = settled_refusal(desk, season)
    if settled is not None:
        raise settled
    desk.session.delete(deduction)
    desk.session.flush()
    journal.append(desk, [("deduction", season.code, {"season": season.code, "code": code, "removed": True})])
