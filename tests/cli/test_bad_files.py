"""Every command with a file that is missing, a folder, not ours, or nowhere to write to: a line that says so, and exit code 1 or 2."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from plantation.cli import main
from tests.services.folders import VILLAGES, counts


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    """A workbook of 300 KB that unpacks to 300 MB. It takes a second to make: once."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return path


@pytest.fixture
def places(tmp_path, bomb):
    """Names for files that are wrong, each in its own way."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "nul.geojson").write_bytes(b'{"type": "FeatureCollection", "features": [\x00]}')
    (tmp_path / "deep.geojson").write_bytes(b"[" * 100_000)
    (tmp_path / "cut.gpkg").write_bytes(b"SQLite format 3\x00" + b"\x01" * 500)
    (tmp_path / "entities.kml").write_text('<!DOCTYPE k [<!ENTITY a "aaaa">]><kml><Document>&a;</Document></kml>')
    shutil.copy(bomb, tmp_path / "bomb.xlsx")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE notes (id)")
    other.close()
    return tmp_path


@pytest.fixture
def run(database, monkeypatch, capsys):
    monkeypatch.setenv("PLANTATION_DATABASE_URL", database.url.render_as_string(hide_password=False))

    def command(*arguments, url=None):
        if url:
            monkeypatch.setenv("PLANTATION_DATABASE_URL", url)
        with pytest.raises(SystemExit) as ending:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ending.value.code, captured.out, captured.err

    return command


def refused(answer, *words) -> None:
    code, out, err = answer
    assert code in (1, 2) and err.strip(), answer
    assert "Traceback" not in err + out and "Error(" not in err and "sqlalche.me" not in err, answer
    assert len(err) < 2_000 and all(word in err for word in words), answer


def content_of(path: Path):
    return path.read_bytes() if path.is_file() else None


WRONG = ["missing", "folder", "empty", "noise", "nul.geojson", "deep.geojson", "cut.gpkg", "entities.kml", "bomb.xlsx", "other.db"]


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_none_of_ours_is_refused_by_each_command_that_reads_it(run, database, village, places, name):
    pooled = VILLAGES / "pooled"
    wrong, plots, rights = places / name, pooled / "plots.geojson", pooled / "rights.csv"
    before = counts(database)
    refused(run("restore", wrong))
    if name != "folder":
        refused(run("import", wrong))
    for given in ((wrong, rights), (plots, wrong)):
        refused(run("allocate", *given, "-o", places / "out.geojson", "--seed", "1"))
    refused(run("draw", "verify", wrong, rights, "--seed", "1"))
    refused(run("allocate", plots, rights, "-o", places / "out.geojson", "--seed", "1", "--access", wrong))
    assert not (places / "out.geojson").exists() and counts(database) == before


@pytest.mark.parametrize("name", ["folder", "noise", "cut.gpkg", "other.db"])
def test_a_database_that_is_none_of_ours_is_named(run, places, name):
    before = content_of(places / name)
    for command in (["verify"], ["settle", "2026"], ["export", places / "out"], ["init"], ["backup", places / "out.db"],
                    ["import", VILLAGES / "pooled"], ["token", "create", "x"]):  # fmt: skip
        refused(run(*command, url=f"sqlite:///{(places / name).as_posix()}"), name.split("/")[-1] if before is None else "")
        assert content_of(places / name) == before, command
    assert not (places / "out").exists() and not (places / "out.db").exists()


@pytest.mark.parametrize("place", ["/dev/full/x", "/proc/x", "missing/x", "empty/x"])
def test_nowhere_to_write_is_said_and_leaves_nothing(run, village, places, place):
    pooled = VILLAGES / "pooled"
    target = places / place  # an absolute one stays itself
    refused(run("backup", target))
    refused(run("allocate", pooled / "plots.geojson", pooled / "rights.csv", "-o", f"{target}.geojson", "--seed", "1"))
    if place != "missing/x":
        refused(run("export", target))
    assert not Path(target).exists()


ENCODED = {
    "BOM": ("utf-8-sig", "\n"),
    "CRLF": ("utf-8", "\r\n"),
    "GBK": ("gb18030", "\n"),
    "UTF-16": ("utf-16", "\r\n"),
    "semicolons": ("utf-8", ";"),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_tables_as_other_programs_save_them_are_read_or_refused_whole(run, database, tmp_path, kind):
    folder = shutil.copytree(VILLAGES / "pooled", tmp_path / "village")
    encoding, end = ENCODED[kind]
    path = folder / "households.csv"
    text = path.read_text("utf-8")
    text = text.replace(",", ";") if end == ";" else text.replace("\n", end)
    path.write_bytes(text.encode(encoding))
    before = counts(database)
    code, out, err = run("import", folder)
    if code:
        refused((code, out, err), "households.csv")
        assert counts(database) == before
    assert code == 0 or kind in ("GBK", "UTF-16", "semicolons")


def test_ctrl_c_in_the_middle_of_an_import_writes_nothing(run, database, monkeypatch):
    before = counts(database)

    @contextmanager
    def bar(length):
        def interrupt(table, rows):
            if table == "weighings":
                raise KeyboardInterrupt

        yield interrupt

    monkeypatch.setattr("plantation.cli.import_._bar", bar)
    assert run("import", VILLAGES / "pooled") == (1, "", "\nStopped.\n")
    assert counts(database) == before


def test_an_empty_file_of_sqlite_replaces_nothing(run, database, village, tmp_path):
    with sqlite3.connect(tmp_path / "empty.db") as empty:
        empty.execute("CREATE TABLE gone (id)")
        empty.execute("DROP TABLE gone")
    empty.close()
    before = counts(database)
    refused(run("restore", tmp_path / "empty.db"), "it is empty")
    assert counts(database) == before
