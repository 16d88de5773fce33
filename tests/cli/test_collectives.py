"""`plantation collective`: a second village on the same installation, apart from the first one."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from plantation.cli import main, plantation


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def run(sqlite_database, collective, monkeypatch):
    monkeypatch.setenv("PLANTATION_DATABASE_URL", str(sqlite_database.url))
    return lambda *arguments: CliRunner().invoke(plantation, list(arguments))


def test_a_second_collective_is_made_named_and_chosen(run, collective, tmp_path):
    assert "Collective beicun (北村) was created." in run("collective", "create", "beicun", "--name", "北村").output
    assert [line.split("\t")[0] for line in run("collective", "list").output.splitlines()] == sorted([collective.code, "beicun"])
    (tmp_path / "households.csv").write_text("code,name,members,phone\nX01,李四,3,\n", encoding="utf-8")
    assert "All of it is in collective beicun." in run("import", str(tmp_path), "--collective", "beicun").output
    assert "several collectives" in str(run("import", str(tmp_path)).exception)
    assert "Nothing is wrong" in run("verify", "--collective", "beicun").output


def test_a_collective_is_called_by_another_name_and_verify_finds_one_that_was_written_past_the_journal(run, collective, sqlite_database):
    assert f"Collective {collective.code} is called 北村 now." in run("collective", "rename", collective.code, " 北村 ").output
    assert "\t北村\t" in run("collective", "list").output
    assert "Nothing is wrong" in run("verify").output
    with sqlite_database.write() as session:
        session.execute(text("UPDATE collectives SET name = '南村'"))
    fault = str(run("verify").exception)
    assert "南村" in fault and "北村" in fault
    assert "collective" in str(run("collective", "rename", "nobody", "北村").exception)


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["beicun", "--time-zone", "Mars/Olympus"], "time zone"),
        (["a\tb"], "code"),
        (["{code}"], "already"),
    ],
)
def test_what_cannot_be_a_collective_is_refused(run, collective, capsys, arguments, said):
    with pytest.raises(SystemExit) as ended:
        main(["collective", "create", *(one.format(code=collective.code) for one in arguments)])
    assert ended.value.code == 1 and said in capsys.readouterr().err
