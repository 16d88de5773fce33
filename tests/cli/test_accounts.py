"""`plantation account` and `plantation token`."""

import pytest
from click.testing import CliRunner

from plantation.cli import plantation
from plantation.database import Database
from plantation.services.people import devices, passwords
from plantation.services.people.accounts import find_account


@pytest.fixture
def run(sqlite_database, village_in_sqlite, monkeypatch):
    """`run("account", "create", …)` against the test's database."""
    monkeypatch.setenv("PLANTATION_DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))
    return lambda *arguments: CliRunner().invoke(plantation, arguments, catch_exceptions=True)


@pytest.fixture
def village_in_sqlite(sqlite_database):
    from plantation.services.collectives import create_collective
    from tests.cast import found_village
    from tests.conftest import NOW

    with sqlite_database.write() as session:
        collective = create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW)
        found_village(session, collective)
    return collective


def secret_hash(database: Database, collective, name: str) -> str:
    with database.read() as session:
        return find_account(session, collective.id, name).secret_hash


def test_without_a_terminal_a_password_is_made_and_shown_once(run, sqlite_database, village_in_sqlite):
    done = run("account", "create", "zhao", "--role", "manager")
    assert done.exit_code == 0, done.output
    shown = done.output.split("(shown this once): ")[1].strip()
    assert passwords.matches(secret_hash(sqlite_database, village_in_sqlite, "zhao"), shown)


def test_a_households_account_gets_a_pin(run, sqlite_database, village_in_sqlite):
    done = run("account", "create", "H001", "--role", "household", "--household", "H001")
    pin = done.output.split("PIN (shown this once): ")[1].strip()
    assert len(pin) == 6 and pin.isdigit()


def test_a_reset_gives_another_secret_and_a_closed_account_none(run, sqlite_database, village_in_sqlite):
    run("account", "create", "zhao", "--role", "manager")
    before = secret_hash(sqlite_database, village_in_sqlite, "zhao")
    assert run("account", "reset", "zhao", "--generate").exit_code == 0
    assert secret_hash(sqlite_database, village_in_sqlite, "zhao") != before
    assert run("account", "close", "zhao").exit_code == 1  # the last manager
    run("account", "create", "ma", "--role", "manager")
    assert run("account", "close", "zhao").exit_code == 0
    with sqlite_database.read() as session:
        assert find_account(session, village_in_sqlite.id, "zhao").is_active is False


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["account", "create", "x", "--role", "household"], "belongs to a household"),
        (["account", "create", "x", "--role", "household", "--household", "H777"], "H777"),
        (["account", "reset", "nobody"], "nobody"),
        (["account", "create", "x", "--role", "manager", "--collective", "other"], "other"),
        (["token", "revoke", "none"], "none"),
    ],
)
def test_what_cannot_be_done_is_said(run, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 1
    assert said in str(done.exception)


def test_a_role_that_does_not_exist_is_wrong_usage(run):
    assert run("account", "create", "x", "--role", "king").exit_code == 2


def test_a_token_stands_alone_on_its_line(run, sqlite_database):
    done = run("token", "create", "scale 1")
    token = done.stdout.strip()
    with sqlite_database.read() as session:
        assert devices.find_device(session, token).name == "scale 1"
    assert run("token", "revoke", "scale 1").exit_code == 0
    with sqlite_database.read() as session:
        assert devices.find_device(session, token) is None
