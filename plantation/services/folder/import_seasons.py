"""From a folder: seasons with their prices and deductions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plantation.domain.words import DeductionKind
from plantation.errors import N_, BadValue, Refusal
from plantation.exchange.tables import Row, Table
from plantation.models import Season
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.master_data import Upserted, stored_rows
from plantation.services.money.deductions import DeductionInput, deduction_problems, insert_deductions, list_deductions
from plantation.services.money.prices import PriceInput, insert_prices, new_price_problems, price_problems
from plantation.services.money.season_terms import settled_refusal
from plantation.services.money.seasons import SeasonInput, change_problems, season_problems, upsert_seasons
from plantation.units import format_percent, format_yuan, parse_percent, parse_yuan

_SEASON_COLUMNS = {"starts_on": "from", "ends_on": "to", "tolerance_ppm": "tolerance_pct"}
_PRICE_COLUMNS = {"price_fen_per_kg": "price_yuan_per_kg"}


class DeductionDiffers(Refusal):
    """One code, two deductions."""

    template = N_("Deduction %(code)s of season %(season)s is there already, as %(kind)s %(value)s; take it off there first.")


def import_seasons(work: ImportDesk) -> None:
    """seasons.csv: create or change by code."""
    table = work.read("seasons")
    if table is None:
        return
    stored = stored_rows(work.desk, Season, {row.get("code") for row in table.rows if row.get("code")})
    sound: list[SeasonInput] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        code = row.get("code")
        is_sound = code is None or work.once(table, row, seen, code, N_("Season"), code, "code")
        if row.is_whole:
            given = SeasonInput(row["code"], row["from"], row["to"], row["mode"], row["tolerance_pct"])
            is_sound &= work.blame_all(table, row, season_problems(given), _SEASON_COLUMNS)
            if is_sound and code in stored:
                problems = change_problems(work.desk, stored[code], given)
                is_sound = work.blame_all(table, row, problems, _SEASON_COLUMNS)
        if is_sound and row.is_whole:
            sound.append(given)
        else:
            work.doubt("season", code)
    work.counts["seasons"] = upsert_seasons(work.desk, sound)
    work.forget_ids("season")


def import_prices(work: ImportDesk) -> None:
    """prices.csv: add those that are not there yet; one that is there must say the same."""
    table = work.read("prices")
    if table is None:
        return
    by_season: dict[str, list[tuple[Row, PriceInput]]] = {}
    seen: dict[Any, int] = {}
    for row in table.rows:
        season_id = work.resolve(table, row, "season", "season")
        if not row.is_whole:
            work.doubt_terms(row.get("season"))
            continue
        price = PriceInput(row["grade"], row["valid_from"], row["price_yuan_per_kg"])
        key = (row["season"], price.grade, price.valid_from)
        shown = f"{price.grade} {price.valid_from}"
        is_sound = work.once(table, row, seen, key, N_("The price of grade and day"), shown, "valid_from")
        is_sound &= work.blame_all(table, row, price_problems(price), _PRICE_COLUMNS)
        if not is_sound:
            work.doubt_terms(row["season"])
        elif season_id is not None:
            by_season.setdefault(row["season"], []).append((row, price))
    work.counts["prices"] = _add_prices(work, table, by_season)


def _add_prices(work: ImportDesk, table: Table, by_season: dict[str, list[tuple[Row, PriceInput]]]) -> Upserted:
    seasons = stored_rows(work.desk, Season, by_season)
    sound: dict[int, tuple[str, Sequence[PriceInput]]] = {}
    for code, rows in by_season.items():
        problems = new_price_problems(work.desk, seasons[code], [price for _, price in rows])
        for place, found in problems.items():
            work.blame_all(table, rows[place][0], found, _PRICE_COLUMNS)
            work.doubt_terms(code)
        sound[seasons[code].id] = code, [price for place, (_, price) in enumerate(rows) if place not in problems]
    whole = sum(len(prices) for _, prices in sound.values())
    created = insert_prices(work.desk, sound)
    return Upserted(created=created, unchanged=whole - created)


def import_deductions(work: ImportDesk) -> None:
    """deductions.csv: add those that are not there yet; one that is there must say the same."""
    table = work.read("deductions")
    if table is None:
        return
    by_season: dict[str, list[tuple[Row, DeductionInput]]] = {}
    seen: dict[Any, int] = {}
    for row in table.rows:
        season_id = work.resolve(table, row, "season", "season")
        given = _deduction(work, table, row) if row.is_whole else None
        if given is None:
            work.doubt_terms(row.get("season"))
            continue
        key = (row["season"], given.code)
        if not work.once(table, row, seen, key, N_("Deduction"), given.code, "code"):
            work.doubt_terms(row["season"])
        elif season_id is not None:
            by_season.setdefault(row["season"], []).append((row, given))
    work.counts["deductions"] = _add_deductions(work, table, by_season)


def _deduction(work: ImportDesk, table: Table, row: Row) -> DeductionInput | None:
    rate_ppm = amount_fen = None
    is_sound = True
    try:
        if row["kind"] == DeductionKind.PERCENT:
            rate_ppm = parse_percent(row["value"])
        else:
            amount_fen = parse_yuan(row["value"])
    except BadValue as refusal:
        work.blame(table, row, "value", refusal)
        is_sound = False
    given = DeductionInput(row["code"], row["name"].strip() or row["code"], row["kind"], rate_ppm, amount_fen)
    problems = [(name, refusal) for name, refusal in deduction_problems(given) if is_sound or name != "value"]
    return given if work.blame_all(table, row, problems) and is_sound else None


def _add_deductions(work: ImportDesk, table: Table, by_season: dict[str, list[tuple[Row, DeductionInput]]]) -> Upserted:
    seasons = stored_rows(work.desk, Season, by_season)
    new: dict[int, tuple[str, list[DeductionInput]]] = {}
    done = Upserted()
    for code, rows in by_season.items():
        there = {one.code: one for one in list_deductions(work.desk, seasons[code])}
        settled = settled_refusal(work.desk, seasons[code])
        for row, given in rows:
            known = there.get(given.code)
            refusal: Refusal | None = settled
            if known is not None:
                said = (known.name, known.kind, known.rate_ppm, known.amount_fen)
                if said == (given.name, given.kind, given.rate_ppm, given.amount_fen):
                    done.unchanged += 1
                    continue
                value = format_percent(known.rate_ppm) if known.amount_fen is None else format_yuan(known.amount_fen)
                refusal = DeductionDiffers(code=given.code, season=code, kind=known.kind, value=value)
            if refusal is not None:
                work.blame(table, row, "code", refusal)
                work.doubt_terms(code)
                continue
            new.setdefault(seasons[code].id, (code, []))[1].append(given)
            done.created += 1
    insert_deductions(work.desk, new)
    return done
