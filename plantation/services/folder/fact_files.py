"""Facts in files: one CSV a table of facts, written only where it has rows, read back to the same bytes.

The columns follow from the model: ids of people and seasons are written as their codes, money in yuan, weight in kg.
Facts keep their own id, and who recorded them when; the journal of the new database seals them once more.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import Boolean, Date, Integer, LargeBinary, select
from sqlalchemy.exc import DBAPIError

from plantation.domain.pictures import plain_jpeg
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.exchange.cells import guard, read_code, read_day, read_moment, read_text, read_word
from plantation.exchange.tables import Column, Row
from plantation.models import Buyer, Household, Sealed, Season, Weighing
from plantation.models.base import Instant
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.master_data import Upserted
from plantation.units import format_kg, format_mu, format_yuan, parse_decimal, parse_mu

CODED: dict[str, Any] = {"household_id": Household, "season_id": Season, "buyer_id": Buyer}
_LEFT = {"collective_id", "entry"}
PICTURE = N_("a JPEG picture of at most 80 KB in Base64")


class FactDiffers(Refusal):
    """Under this id something else is recorded already."""

    template = N_("Under the id %(id)s something else is recorded already.")


class FactUnfit(Refusal):
    """The database holds rules that the row breaks."""

    template = N_("This row contradicts itself or another row; nothing like it could have been recorded.")


def name_of(table: type[Sealed]) -> str:
    """The file's name without its ending."""
    return table.__tablename__


def in_order() -> list[type[Sealed]]:
    """The tables of facts, each after those that its rows name."""
    from plantation.services.proof.backups import tables

    places = {table.name: place for place, table in enumerate(tables())}
    return sorted(facts.tables(), key=lambda table: places[table.__tablename__])


def header(table: type[Sealed]) -> tuple[str, ...]:
    """The columns of a table's file."""
    return tuple(_heading(column.name) for column in _columns(table))


def fact_rows(desk: Desk, table: type[Sealed]) -> Iterator[Sequence[str]]:
    """The facts of a table as rows of texts, in the order in which they were recorded."""
    codes = {
        name: dict(desk.session.execute(select(model.id, model.code).where(model.collective_id == desk.collective_id)).all())
        for name, model in CODED.items()
        if name in table.__table__.columns
    }
    for fact in facts.read_facts(desk, table):
        yield tuple(_write(desk, column, getattr(fact, column.name), codes) for column in _columns(table))


def has_rows(desk: Desk, table: type[Sealed]) -> bool:
    """Whether the collective has any."""
    return desk.session.scalar(select(table.id).where(table.collective_id == desk.collective_id).limit(1)) is not None


def import_facts(work: ImportDesk) -> None:
    """Read every file of facts: each fact once, under its own id, name and time."""
    work.forget_ids("buyer")  # those that purchases.csv named are there now
    for table in in_order():
        found = work.read(name_of(table), tuple(_reader(column, table.later) for column in _columns(table)))
        if found is None:
            continue
        done = work.counts.setdefault(name_of(table), Upserted())
        known = {fact.id: facts.payload_of(fact) for fact in facts.read_facts(work.desk, table)}
        fresh: list[tuple[Row, Sealed]] = []
        for row in found.rows:
            fact = _fact(work, found, table, row)
            if fact is None:
                continue
            if fact.id in known:
                if known[fact.id] != facts.payload_of(fact):
                    work.blame(found, row, "id", FactDiffers(id=fact.id))
                done.unchanged += 1
                continue
            known[fact.id] = facts.payload_of(fact)
            fresh.append((row, fact))
        if work.faults:
            continue
        for (moment, who), group in groupby(fresh, key=lambda pair: (pair[0]["recorded_at"], pair[0]["recorded_by"])):
            pairs = list(group)
            then = replace(work.desk, now=moment, actor=who)
            try:
                with work.desk.session.begin_nested():
                    facts.seal(then, [fact for _, fact in pairs])
            except (DBAPIError, work.desk.session.connection().dialect.loaded_dbapi.Error):
                work.blame(found, pairs[0][0], "id", FactUnfit())
                return
            done.created += len(pairs)


def _fact(work: ImportDesk, found: Any, table: type[Sealed], row: Row) -> Sealed | None:
    if not row.is_whole:
        return None
    values: dict[str, Any] = {}
    for column in _columns(table):
        value = row[_heading(column.name)]
        if column.name in CODED:
            name = _heading(column.name)
            value = work.resolve(found, row, name, name)
            if value is None and not (column.nullable and row[name] is None):
                return None
        elif column.name == "weighing_id" and work.desk.session.get(Weighing, (work.desk.collective_id, value)) is None:
            work.blame(found, row, "weighing", NotFound(what=N_("weighing"), code=value[:64]))
            return None
        values[column.name] = value
    return table(**{name: value for name, value in values.items() if name not in ("recorded_at", "recorded_by")})


def _columns(table: type[Sealed]) -> list[Any]:
    return [column for column in table.__table__.columns if column.name not in _LEFT]


def _heading(name: str) -> str:
    for ending, unit in (("_fen", "_yuan"), ("_grams", "_kg"), ("_millimu", "_mu")):
        if name.endswith(ending):
            return name.removesuffix(ending) + unit
    return name.removesuffix("_id") if name.endswith("_id") else name


def _write(desk: Desk, column: Any, value: Any, codes: dict[str, dict[int, str]]) -> str:
    if value is None:
        return ""
    if column.name in CODED:
        return guard(codes[column.name][value])
    if isinstance(column.type, Instant):
        return value.astimezone(desk.zone).isoformat(timespec="microseconds")
    if isinstance(column.type, Date):
        return value.isoformat()
    if isinstance(column.type, Boolean):
        return "true" if value else "false"
    if isinstance(column.type, LargeBinary):
        return b64encode(value).decode("ascii")
    for ending, write in (("_fen", format_yuan), ("_grams", format_kg), ("_millimu", format_mu)):
        if column.name.endswith(ending):
            return write(value)
    return guard(value) if isinstance(value, str) else str(value)


def _reader(column: Any, later: Mapping[str, Any]) -> Column:
    found = _plain_reader(column)
    return replace(found, is_needed=False, blank=later[column.name]) if column.name in later else found


def _plain_reader(column: Any) -> Column:
    name, blank = _heading(column.name), None if column.nullable else ...
    kind = column.type
    if column.name in CODED:
        return Column(name, read_code, N_("a code"), blank=blank)
    if isinstance(kind, Instant):
        return Column(name, read_moment, N_("a time with its offset from UTC, such as 2026-08-20T09:30:00+08:00"))
    if isinstance(kind, Date):
        return Column(name, read_day, N_("a date such as 2026-08-20"), blank=blank)
    if isinstance(kind, LargeBinary):
        return Column(name, _read_picture, PICTURE, blank=blank)
    if isinstance(kind, Boolean):
        return Column(name, _read_truth, N_("true or false"), blank=blank)
    if column.name.endswith("_millimu"):
        return Column(name, parse_mu, N_("an area in mu with at most three decimals, such as 8.571"), blank=blank)
    for ending, decimals, expected in (
        ("_fen", 2, N_("an amount in yuan with at most two decimals, such as 5.20")),
        ("_grams", 3, N_("a weight in kg with at most three decimals, such as 12.345")),
    ):
        if column.name.endswith(ending):
            return Column(name, _signed(decimals, expected), expected, blank=blank)
    if isinstance(kind, Integer):
        return Column(name, _read_id, N_("a whole number, such as 4"), blank=blank)
    may_be_empty = column.default is not None and column.default.arg == ""
    if column.name in ("lines", "mix") or may_be_empty or getattr(kind, "length", 0) and kind.length > 64:
        return Column(name, read_text, N_("a text"), blank="")
    return Column(name, read_code, N_("a code"), blank=blank)


def _signed(decimals: int, expected: str) -> Any:
    return lambda text: parse_decimal(text, decimals=decimals, expected=expected, signed=True)


def _read_picture(text: str) -> bytes:
    try:
        picture = b64decode(text.strip(), validate=True)
        if plain_jpeg(picture) == picture:
            return picture
    except (ValueError, Refusal):
        pass
    raise BadValue(value=text[:40], expected=PICTURE)


def _read_truth(text: str) -> bool:
    word = read_word(text)
    if word not in ("true", "false"):
        raise BadValue(value=text.strip()[:40], expected=N_("true or false"))
    return word == "true"


def _read_id(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63):
        raise BadValue(value=text[:40], expected=N_("a whole number, such as 4"))
    return int(text)
