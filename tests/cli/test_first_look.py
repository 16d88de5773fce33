"""After a start the server looks first, so that nobody waits for it."""

from __future__ import annotations

from sqlalchemy import event

from plantation.cli.serve import look_first_at_all
from plantation.database import Database
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.fruit.differences import find_differences
from plantation.services.fruit.slip_figures import slip_figures
from plantation.services.money.settlements import seen_settlement
from tests.conftest import NOW
from tests.orchard import grow


def test_what_pages_keep_is_there_before_anybody_asks(database, collective):
    with database.write() as session:
        grow(session, collective, NOW, mode="pooled")
        create_collective(session, "empty", "空", "Asia/Shanghai", NOW)
    for keeper in (slip_figures, seen_settlement):
        keeper.kept.clear()
    look_first_at_all(database)
    assert [key[3] for key in slip_figures.kept] == [key[3] for key in seen_settlement.kept] == ["2026"]
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.read() as session:
        find_differences(Desk(session, collective, "Zhao", NOW), "2026")
    assert asked and not any("lag(" in statement for statement in asked)


def test_a_database_without_a_table_is_left_to_the_first_request(tmp_path):
    database = Database(f"sqlite:///{(tmp_path / 'nothing.db').as_posix()}")
    look_first_at_all(database)
    assert not [key for key in slip_figures.kept if "nothing.db" in str(key[0])]
    database.dispose()
