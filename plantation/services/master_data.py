"""Master data (households, plots, rights, seasons): what all of it has in common when it is saved.

One by one from a form, where the second of two who saved at once is told; many at once from a folder, where a row
that is there already and says the same is left alone. Each change is an entry of the journal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm.exc import StaleDataError

from plantation.errors import N_, BadValue, Refusal, Stale
from plantation.exchange.geojson import canonical
from plantation.models import new_ids
from plantation.services import journal
from plantation.services.bulk import in_chunks, insert_rows
from plantation.services.desk import Desk

Problems = Iterator[tuple[str, Refusal]]

_CODE = re.compile(r"""[^\s,;"']{1,64}""")
EXPECTED_CODE = N_("a code of 1 to 64 characters without spaces, commas, semicolons or quotes")


class CodeTaken(Refusal):
    """A second thing under a code."""

    template = N_("There is a %(what)s “%(code)s” already.")


class CodeFixed(Refusal):
    """Slips and notes name this code; another one now would make them wrong."""

    template = N_("The code of %(what)s “%(code)s” can no longer change: %(count)s records name it.")


def code_problems(code: str, field: str = "code") -> Problems:
    """Yield (field, refusal) when `code` cannot name master data.

    >>> list(code_problems("H001")), list(code_problems("阿果依-1"))
    ([], [])
    >>> [str(refusal) for _, refusal in code_problems("H 1")]
    ['“H 1” is not a code of 1 to 64 characters without spaces, commas, semicolons or quotes.']
    """
    if not _CODE.fullmatch(code) or not code.isprintable():
        yield field, BadValue(value=code[:40], expected=EXPECTED_CODE)


def raise_first(problems: Iterable[tuple[str, Refusal]]) -> None:
    """Raise the first refusal of `problems`, with the name of the field on it for the form that shows it.

    >>> raise_first([])
    """
    for field, refusal in problems:
        refusal.field = field  # type: ignore[attr-defined]
        raise refusal


def check_version(row: Any, version: int | None, what: str) -> None:
    """Pass when `row` still is at the `version` that the person saw; None asks for no check.

    :raises Stale: somebody else saved meanwhile.
    """
    if version is not None and row.version != version:
        raise Stale(what=what, code=row.code)


def check_free(desk: Desk, model: Any, code: str, what: str, *, row: Any = None) -> None:
    """Pass when no other row of `model` than `row` has `code`. :raises CodeTaken: one has."""
    taken = desk.session.scalar(select(model.id).where(model.collective_id == desk.collective_id, model.code == code))
    if taken is not None and (row is None or taken != row.id):
        raise CodeTaken(what=what, code=code)


def check_rename(desk: Desk, row: Any, code: str, what: str, named_in: Iterable[Any]) -> None:
    """Pass when `row` keeps its code, or when none of the columns `named_in` points to it.

    :raises CodeFixed: records name it.
    """
    if row.code == code:
        return
    count = sum(
        desk.session.scalar(select(func.count()).where(column.class_.collective_id == desk.collective_id, column == row.id)) or 0
        for column in named_in
    )
    if count:
        raise CodeFixed(what=what, code=row.code, count=count)


def flush(desk: Desk, row: Any, what: str) -> None:
    """Write `row` now. :raises Stale: another transaction saved it first."""
    code = row.code
    try:
        desk.session.add(row)
        desk.session.flush()
    except StaleDataError as error:
        raise Stale(what=what, code=code) from error


@dataclass(slots=True)
class Upserted:
    """How many rows of one kind were created, changed, and left alone because they said the same; and which changed."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    changed_ids: tuple[int, ...] = ()


Describe = Callable[[str, int, Mapping[str, Any]], dict[str, Any]]


def upsert(desk: Desk, model: Any, kind: str, rows: Mapping[str, Mapping[str, Any]], describe: Describe) -> Upserted:
    """Write `rows` (columns by code) of `model`: new ones, and those that say something else than what is stored.

    `rows` are valid already and all have the same columns. `describe(code, id, columns)` is the payload of the row's
    journal entry. A few statements for any number of rows.
    """
    journal.lock(desk)
    if not rows:
        return Upserted()
    table = model.__table__
    stored = stored_rows(desk, model, rows)
    names = list(next(iter(rows.values())))
    new = [code for code in rows if code not in stored]
    changed = [code for code in rows if code in stored and not _same(names, stored[code], rows[code])]
    ids = dict(zip(new, new_ids(len(new)), strict=True)) if new else {}
    version = ["version"] if "version" in table.c else []
    columns = ["collective_id", "id", "code", *names, *version]
    if new:
        fresh = [(desk.collective_id, ids[code], code, *(rows[code][name] for name in names), *(1 for _ in version)) for code in new]
        insert_rows(desk.session, model, columns, fresh)
    if changed:
        statement = (
            update(table)
            .where(table.c.collective_id == desk.collective_id, table.c.id == bindparam("row_id"))
            .values({name: bindparam(name) for name in names} | {name: table.c[name] + 1 for name in version})
        )
        desk.session.connection().execute(statement, [{"row_id": stored[code].id, **rows[code]} for code in changed])
        desk.session.expire_all()
    ids |= {code: stored[code].id for code in changed}
    journal.append(desk, [(kind, code, describe(code, ids[code], rows[code])) for code in (*new, *changed)])
    changed_ids = tuple(stored[code].id for code in changed)
    return Upserted(len(new), len(changed), len(rows) - len(new) - len(changed), changed_ids)


def stored_rows(desk: Desk, model: Any, codes: Iterable[str]) -> dict[str, Any]:
    """The rows that are in the database under `codes`, as plain rows by code."""
    table = model.__table__
    found = {}
    for chunk in in_chunks(codes):
        statement = select(table).where(table.c.collective_id == desk.collective_id, table.c.code.in_(chunk))
        found.update({row.code: row for row in desk.session.execute(statement)})
    return found


def _same(names: Iterable[str], stored: Any, wanted: Mapping[str, Any]) -> bool:
    return all(_equal(getattr(stored, name), wanted[name]) for name in names)


def _equal(stored: Any, wanted: Any) -> bool:
    if isinstance(stored, shapely.Geometry) and isinstance(wanted, shapely.Geometry):
        return shapely.to_wkb(canonical(stored)) == shapely.to_wkb(canonical(wanted))
    return bool(stored == wanted)
