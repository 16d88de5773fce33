"""The commands import and export as a user runs them: what they print, and how they end."""

import shutil

import pytest

from plantation.cli import main
from tests.services.folders import VILLAGES, change, counts


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def village(tmp_path):
    """The pooled village's folder, to be changed."""
    return shutil.copytree(VILLAGES / "pooled", tmp_path / "village")


@pytest.fixture
def run(database, monkeypatch, capsys):
    """Run a command on the test's database; its (exit code, output, errors)."""
    monkeypatch.setenv("PLANTATION_DATABASE_URL", database.url.render_as_string(hide_password=False))

    def command(*arguments):
        with pytest.raises(SystemExit) as ending:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ending.value.code, captured.out, captured.err

    return command


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(run, database, village):
    before = counts(database)
    code, out, err = run("import", village, "--dry-run")
    assert (code, err) == (0, "")
    assert "weighings: 6 new" in out.splitlines()
    assert out.splitlines()[-1] == "Nothing was written: this was a dry run."
    assert counts(database) == before


def test_a_new_collective_gets_the_time_zone_that_is_asked_for(run, village):
    code, _, err = run("import", village, "--time-zone", "Mars/North")
    assert (code, err) == (1, "“Mars/North” is not a time zone such as Asia/Shanghai.\n")
    assert run("import", village, "--time-zone", "Asia/Urumqi")[0] == 0


def test_the_commands_import_refuse_and_export(run, village, tmp_path):
    change(village, "households.csv", "大河,4", "大河,many")
    code, out, err = run("import", village)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "households.csv, row 2, members: “many” is not a whole number, such as 4.", "One fault was found; nothing was written."
    ]  # fmt: skip
    change(village, "households.csv", "大河,many", "大河,4")
    assert run("import", village, "--collective", "aguoyi")[0] == 0
    code, out, err = run("export", tmp_path / "out")
    assert (code, out) == (0, f"15 files of collective aguoyi are in {tmp_path / 'out'}.\n")
    assert (tmp_path / "out" / "earnings.csv").read_bytes() == (VILLAGES / "pooled" / "earnings.csv").read_bytes()
    assert run("export", tmp_path / "out", "--collective", "x")[0] == 1
    assert run("import", village, "--time-zone", "Mars/North")[0] == 0  # only said where a collective is created
    assert run("import", tmp_path / "nowhere")[0] == 2


def test_a_workbook_is_exported_that_can_be_imported_elsewhere(run, village, tmp_path, monkeypatch):
    assert run("import", village)[0] == 0
    assert run("export", tmp_path / "book", "--workbook")[0] == 0
    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == [
        "access.geojson", "exclusions.geojson", "parcels.geojson", "plots.geojson", "village.xlsx"
    ]  # fmt: skip
    monkeypatch.setenv("PLANTATION_DATABASE_URL", f"sqlite:///{(tmp_path / 'elsewhere.db').as_posix()}")
    assert run("import", tmp_path / "book")[0] == 0
    assert run("export", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "earnings.csv").read_bytes() == (VILLAGES / "pooled" / "earnings.csv").read_bytes()
