"""`plantation rules` shows and changes how an office works, and verify holds it against the journal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from plantation.cli import plantation
from plantation.database import Database
from plantation.services.desk import choose_collective
from plantation.services.proof.verification import verify
from tests.conftest import NOW


@pytest.fixture
def run(sqlite_database, collective, monkeypatch):
    monkeypatch.setenv("PLANTATION_DATABASE_URL", str(sqlite_database.url))
    return lambda *arguments: CliRunner().invoke(plantation, ["rules", *arguments])


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


def test_rules_are_shown_and_changed(run):
    assert run().output.split("\n")[:3] == ["four-eyes: yes", "posting-days: 7", "dispute-days: 5"]
    assert "four-eyes: no" in run("--alone", "--posting-days", "0").output
    assert run().output.split("\n")[:2] == ["four-eyes: no", "posting-days: 0"]
    assert run("--dispute-days", "0").exit_code == 2


def test_rules_changed_in_the_file_are_found(run, sqlite_database: Database):
    from plantation.services.desk import Desk

    run("--posting-days", "9")
    with sqlite_database.write() as session:
        session.execute(text("UPDATE collectives SET four_eyes = 0"))
    with sqlite_database.read() as session:
        fault = verify(Desk(session, choose_collective(session), "cli", NOW))
    assert "four_eyes False" in str(fault) and "four_eyes True" in str(fault)
