"""From a folder: payments, and final settlements, which are frozen again at their own time in the order of their numbers.

A settlement covers what is recorded before it, so weighings and purchases are written number by number: those of the
first settlements, these settlements, those of the second, …, and what is not settled yet last.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import groupby

from sqlalchemy import select

from plantation.domain.seasons import SeasonOpen
from plantation.errors import N_, NotFound, Refusal
from plantation.exchange.tables import Row, Table
from plantation.models import Season, Settlement
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.folder.import_purchases import Purchases, write_purchases
from plantation.services.folder.import_weighings import Weighings, write_weighings
from plantation.services.fruit.weighing_inputs import Status
from plantation.services.lookups import DayAhead
from plantation.services.master_data import Upserted
from plantation.services.money.payment_inputs import AmountNotAboveZero, MoreThanOwed, NothingToReverse
from plantation.services.money.payments import PaymentInput, record_payments
from plantation.services.money.settlements import settle_season
from plantation.services.words import check_code

_PAYMENT_COLUMNS: dict[type[Refusal], str] = {
    AmountNotAboveZero: "amount_yuan",
    DayAhead: "date",
    MoreThanOwed: "amount_yuan",
    NothingToReverse: "amount_yuan",
}


_Settled = dict[str, dict[int, Settlement | None]]


class SettlementDiffers(Refusal):
    """One number, two settlements."""

    template = N_("Settlement %(number)s of season %(season)s is there already, of %(settled_at)s by %(settled_by)s.")


class SettlementMissing(Refusal):
    """A number before it is neither here nor there."""

    template = N_("Settlement %(number)s of season %(season)s cannot come before settlement %(missing)s.")


class SettledInFuture(Refusal):
    """A settlement is frozen at a moment that has been."""

    template = N_("The moment %(settled_at)s lies in the future.")


def write_fruit_and_money(work: ImportDesk, weighings: Weighings, purchases: Purchases) -> set[str]:
    """Weighings, purchases and settlements, in the order in which they were settled; then all counts. Gives the seasons whose latest
    settlement was there before."""
    stored = _stored(work)
    frozen = {season: max(numbers) for season, numbers in stored.items()}
    steps = _read_settlements(work, stored)
    by_number: dict[int, list[tuple[Table, Row]]] = {
        number: list(rows) for number, rows in groupby(steps, key=lambda step: step[1]["number"])
    }
    last = max([*by_number, 0]) + 1
    done = Upserted(unchanged=sum(len(numbers) for numbers in stored.values()))

    def number_of(row: Row) -> int:
        return row["settlement"] if row["settlement"] in by_number else last

    for number in sorted({*by_number, last}):
        slips = [(row, given) for row, given in weighings.rows if number_of(row) == number]
        write_weighings(work, weighings, slips, frozen)
        write_purchases(work, purchases, [note for note in purchases.notes if number_of(note[0][0]) == number], frozen)
        for table, row in by_number.get(number, []):
            _settle(work, table, row, stored, done)
    if weighings.table is not None:
        work.counts["weighings"] = weighings.done
    if purchases.table is not None:
        work.counts["purchases"] = purchases.done
    if steps:
        work.counts["settlements"] = done
    return {season for season, number in frozen.items() if max(stored[season]) == number}


def _stored(work: ImportDesk) -> _Settled:
    rows = work.desk.session.execute(
        select(Season.code, Settlement)
        .join(Settlement, (Settlement.collective_id == Season.collective_id) & (Settlement.season_id == Season.id))
        .where(Season.collective_id == work.desk.collective_id)
    )
    found: _Settled = {}
    for code, settlement in rows:
        found.setdefault(code, {})[settlement.number] = settlement
    return found


def _read_settlements(work: ImportDesk, stored: _Settled) -> list[tuple[Table, Row]]:
    """The sound rows of settlements.csv by number."""
    table = work.read("settlements")
    if table is None:
        return []
    seen: dict[object, int] = {}
    sound = []
    for row in table.rows:
        season_id = work.resolve(table, row, "season", "season")
        if not row.is_whole or season_id is None:
            continue
        key = row["season"], row["number"]
        shown = f"{row['season']}/{row['number']}"
        if work.once(table, row, seen, key, N_("Settlement"), shown, "number"):
            try:
                check_code(row["settled_by"], N_("an account's name"))
            except Refusal as refusal:
                work.blame(table, row, "settled_by", refusal)
            else:
                sound.append((table, row))
    return sorted(sound, key=lambda step: (step[1]["number"], step[1]["season"]))


def _settle(work: ImportDesk, table: Table, row: Row, stored: _Settled, done: Upserted) -> None:
    season, number = row["season"], row["number"]
    there = stored.setdefault(season, {})
    if number in there:
        known = there[number]
        if known and (known.settled_at, known.settled_by) != (row["settled_at"], row["settled_by"]):
            moment = known.settled_at.astimezone(work.desk.zone).isoformat()
            refusal = SettlementDiffers(number=number, season=season, settled_at=moment, settled_by=known.settled_by)
            work.blame(table, row, "number", refusal)
        return
    if number != len(there) + 1:
        work.blame(table, row, "number", SettlementMissing(number=number, season=season, missing=len(there) + 1))
        return
    if row["settled_at"] > work.desk.now:
        work.blame(table, row, "settled_at", SettledInFuture(settled_at=row["settled_at"].isoformat()))
        return
    if work.faults:
        there[number] = None  # what it would compute now is not what the folder means
        return
    try:
        then = replace(work.desk, now=row["settled_at"], actor=row["settled_by"])
        there[number] = settle_season(then, season, takes_advances=False)
        done.created += 1
    except Refusal as refusal:
        work.blame(table, row, "settled_at" if isinstance(refusal, SeasonOpen) else "season", refusal)


def import_payments(work: ImportDesk, standing: Collection[str]) -> None:
    """payments.csv: rows have no key, so as many as are there already and say the same are left. For seasons that are `standing`, whose
    final settlement was there before, nothing more is paid than is owed."""
    table = work.read("payments")
    if table is None:
        return
    sound: list[tuple[Row, PaymentInput]] = []
    for row in table.rows:
        names = [name for name in ("season", "household") if row.get(name)]
        ids = [work.resolve(table, row, name, name) for name in names]
        if row.is_whole and None not in ids:
            given = PaymentInput(
                row["season"],
                row["household"],
                row["date"],
                row["method"],
                row["amount_yuan"],
                row["reference"],
                row["reason"],
            )
            sound.append((row, given))
    sound.sort(key=lambda payment: payment[1].amount_fen < 0)  # what is taken back comes first
    done = work.counts["payments"] = Upserted()
    for (row, _), outcome in zip(sound, record_payments(work.desk, [given for _, given in sound], standing), strict=True):
        if outcome.refusal is not None:
            work.blame(table, row, _column_of(outcome.refusal), outcome.refusal)
        elif outcome.status == Status.CREATED:
            done.created += 1
        else:
            done.unchanged += 1


def _column_of(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return str(refusal.figures["what"])
    return _PAYMENT_COLUMNS.get(type(refusal), "method" if "expected" in refusal.figures else "")
