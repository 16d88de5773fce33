"""Whoever swaps what two rows say, so that no sum moves, is found; and what cannot be found without a head that was noted elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from plantation.domain.journal import JournalCutShort
from plantation.domain.words import AdvanceForm
from plantation.models import Base
from plantation.services import journal
from plantation.services.desk import Desk
from plantation.services.money.advances import give_advance
from plantation.services.proof.verification import verify
from tests.cast import QIAN
from tests.conftest import NOW
from tests.services.folder.test_fact_files import busy
from tests.services.proof.test_every_column import DOORS, FREE, NOWHERE, every_row, number_of, with_the_file_in_hand

__all__ = ["busy", "every_row", "with_the_file_in_hand"]


def swaps(connection, table, column):
    """What swaps the column between the last row and the last that says something else; nothing where all say the same."""
    key = number_of(table)
    name = column.name
    rows = connection.exec_driver_sql(f"SELECT {key}, {name} FROM {table.name} ORDER BY {key} DESC").all()
    other = next((row for row in rows if row[1] != rows[0][1]), None) if rows else None
    if other is None:
        return []
    (last, said), (first, meant) = rows[0], other
    held = f"UPDATE {table.name} SET {name} = ? WHERE {key} = ?"
    return [(held, ("-7", last)), (held, (said, first)), (held, (meant, last))]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_values_that_two_rows_have_swapped_are_found_in_every_column_of_every_table(every_row, collective, database):
    unfound, swapped = [], 0
    with database.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for table in Base.metadata.sorted_tables:
            free = NOWHERE | FREE.get(table.name, set()) | {"collective_id", "id", "sequence"}
            if table.name in DOORS | {"collectives", "journal_heads"}:
                continue
            for column in table.columns:
                statements = [] if column.name in free else swaps(connection, table, column)
                nested = session.begin_nested()
                try:
                    for statement in statements:
                        connection.exec_driver_sql(*statement)
                    session.expire_all()
                    if statements and verify(Desk(session, collective, "check", NOW)) is None:
                        unfound.append(f"{table.name}.{column.name}")
                    swapped += bool(statements)
                except IntegrityError:  # two rows would say the same of the same: the database refuses
                    pass
                finally:
                    nested.rollback()
        session.rollback()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    assert unfound == []
    assert swapped > 100


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_journal_cut_off_at_its_end_is_found_by_its_head_or_by_one_noted_elsewhere(busy, desk):
    with desk() as d:
        before = journal.head(d)
        give_advance(d, household=QIAN, form=AdvanceForm.GOODS, text="gloves", given_on=d.today, amount_fen=8_000)
        noted = journal.head(d)
    assert noted[0] == before[0] + 1
    with desk() as d:
        connection = d.session.connection()
        connection.exec_driver_sql(f"DELETE FROM journal WHERE sequence = {noted[0]}")
        assert verify(d) is not None  # the head says that there is one more
        connection.exec_driver_sql("UPDATE journal_heads SET sequence = ?, hash = ?", before)
        d.session.expire_all()
        assert verify(d) is not None  # the advance has no entry
        connection.exec_driver_sql(f"DELETE FROM advances WHERE entry = {noted[0]}")
        d.session.expire_all()
        # With the entry, its row and the head gone, the books are those of the day before: only who has the head knows.
        assert verify(d) is None
        assert isinstance(verify(d, printed={noted[0]: noted[1]}), JournalCutShort)
