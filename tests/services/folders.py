"""Folders in and out of databases, for the tests of import and export."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from plantation.errors import Faulty
from plantation.exchange.folders import read_folder
from plantation.models import Base
from plantation.services import journal
from plantation.services.desk import Desk, choose_collective
from plantation.services.folder.export_folder import export_files
from plantation.services.folder.import_collective import desk_for_import
from plantation.services.folder.import_folder import Imported, import_folder
from tests.conftest import NOW

VILLAGES = Path(__file__).parent.parent / "data" / "villages"


def load(database, folder: Path, *, code: str | None = None, now: dt.datetime = NOW) -> Imported:
    """Import `folder`, in one transaction."""
    contents = read_folder(folder)
    with database.write() as session:
        desk, _ = desk_for_import(session, code, now, actor="Zhao")
        return import_folder(desk, contents)


def dump(database, code: str | None = None) -> dict[str, str]:
    """Every file of the export by name."""
    with database.read() as session:
        desk = Desk(session, choose_collective(session, code), "Zhao", NOW)
        return {name: "".join(pieces) for name, pieces in export_files(desk)}


def write(files: dict[str, str | bytes], folder: Path) -> Path:
    """The files, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def counts(database) -> dict[str, int]:
    """How many rows each table has."""
    with database.read() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}


def head(database) -> tuple[int, str]:
    """Where the journal stands."""
    with database.read() as session:
        return journal.head(Desk(session, choose_collective(session), "Zhao", NOW))


def faults(database, folder) -> list[str]:
    """What is wrong with `folder`; and that nothing was written."""
    before = counts(database)
    with pytest.raises(Faulty) as caught:
        load(database, folder)
    assert counts(database) == before
    return [str(fault) for fault in caught.value.faults]


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Put `new` in the place of the first `old` in a file."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


def settle_and_correct(database, chance: random.Random) -> None:
    """Settle what can be settled, correct something, settle again or not, pay, take a payment back."""
    from plantation.errors import Refusal
    from plantation.models import Weighing
    from plantation.services.fruit.weighings import reverse_weighing
    from plantation.services.lookups import the_season
    from plantation.services.money.balances import unpaid
    from plantation.services.money.payments import record_payment, reverse_payment
    from plantation.services.money.seasons import list_seasons
    from plantation.services.money.settlements import settle_season

    with database.write() as session:
        desk = Desk(session, choose_collective(session), "Zhao", NOW)
        seasons = [season.code for season in list_seasons(desk)]
        for step in range(chance.randint(1, 4)):
            later = replace(desk, now=NOW - dt.timedelta(days=9 - step, microseconds=chance.choice([0, 5])))
            for season in seasons:
                try:
                    with session.begin_nested():
                        settle_season(later, season)
                except Refusal:
                    continue
            slips = session.scalars(select(Weighing.slip).where(Weighing.reverses_id.is_(None)).order_by(Weighing.id)).all()
            try:
                with session.begin_nested():
                    reverse_weighing(later, chance.choice(slips), reason=chance.choice(["typo", "=wrong"]))
            except Refusal:
                continue
        for season in seasons:
            for _, household, balance_fen in unpaid(desk, the_season(desk, season)) or []:
                # The same twice is refused: two payments of a day have two references.
                for reference in chance.sample([chance.choice(["", " "]), "=1+1", "马"], chance.randint(0, 2)):
                    amount_fen = max(1, balance_fen // 2)
                    paid = record_payment(desk, season=season, household=household, date=desk.today, method="cash",
                                          amount_fen=amount_fen, reference=reference)  # fmt: skip
                    if chance.random() < 0.4:
                        reverse_payment(desk, paid.id, reason="bounced")
