"""The demo end to end, as a newcomer runs it: in a folder of its own, by the command, on a real database."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest


def plantation(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLANTATION_")}
    return subprocess.run(
        [sys.executable, "-c", "from plantation.cli import main; main()", *arguments],
        cwd=folder,
        env=clean | {"PYTHONIOENCODING": "utf-8"} | environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """(folder, what the demo printed, the database's address)."""
    folder = tmp_path_factory.mktemp("village")
    run = plantation(folder, "demo", "--no-serve")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return folder, run.stdout, f"sqlite:///{(folder / 'instance' / 'demo.db').as_posix()}"


@pytest.fixture(scope="module")
def exported(village, tmp_path_factory):
    """The village as a folder of files."""
    folder, _, address = village
    target = tmp_path_factory.mktemp("exported") / "first"
    run = plantation(folder, "export", str(target), PLANTATION_DATABASE_URL=address)
    assert run.returncode == 0, run.stderr
    return target


def test_the_demo_prints_the_figures_of_the_village(village):
    _, printed, _ = village
    for figure in (
        "first fruiting year, one household   2,500 yuan  (10 mu x 50 kg/mu x 5 yuan/kg)",
        "full bearing, one household          25,000 yuan  (10 mu x 500 kg/mu x 5.00 yuan/kg)",
        "full bearing, the village            3,750,000 yuan, 750 t",
        "land asked for                       1750 mu",
        "land there is                        1500 mu",
        "people                               784",
        "cooperative dividend                 26,000 yuan  (20 households x 1,300 yuan)",
    ):
        assert figure in printed


def test_the_demo_reports_the_shortage_and_offers_the_three_rules(village):
    _, printed, _ = village
    assert "refuses: 1,750 mu are asked for, 1,500 mu can be allocated, 250 mu are missing." in printed
    assert "175 households get 8.571 mu" in printed
    assert "150 households get 10 mu, 25 wait in the order of the draw" in printed


def test_the_earnings_table_has_every_household_and_season_and_adds_up(village):
    _, printed, _ = village
    rows = [line.split() for line in printed.splitlines() if line[:4] in {"2024", "2025", "2026"} and " H" in line]
    assert len(rows) == 3 * 175
    gross = sum(round(float(row[3]) * 100) for row in rows if row[0] == "2026")
    assert gross == 375_000_000
    for row in rows:
        of_gross, taken, picking, net, paid, balance = (round(float(figure) * 100) for figure in row[3:])
        assert of_gross - taken - picking == net
        assert net - paid == balance


def test_the_demo_village_verifies_and_comes_back_byte_for_byte(village, exported, tmp_path):
    folder, _, address = village
    checked = plantation(folder, "verify", PLANTATION_DATABASE_URL=address)
    assert checked.returncode == 0, checked.stderr
    second = tmp_path / "second"
    copy = f"sqlite:///{(tmp_path / 'copy.db').as_posix()}"
    read = plantation(folder, "import", str(exported), PLANTATION_DATABASE_URL=copy)
    assert read.returncode == 0, read.stderr
    again = plantation(folder, "export", str(second), PLANTATION_DATABASE_URL=copy)
    assert again.returncode == 0, again.stderr
    assert contents(exported) == contents(second)
    assert {"plots.geojson", "parcels.geojson", "weighings.csv", "earnings.csv", "notices.csv", "advances.csv"} <= set(contents(exported))


def test_the_livestock_cooperative_paid_its_twenty_households_the_same_day(exported):
    with (exported / "dividend_payments.csv").open(encoding="utf-8") as file:
        paid = list(csv.DictReader(file))
    assert len(paid) == 20 and {row["amount_yuan"] for row in paid} == {"1300.00"} and len({row["paid_on"] for row in paid}) == 1
    assert sum(round(float(row["amount_yuan"])) for row in paid) == 26_000


def test_the_same_village_every_time(village, exported, tmp_path):
    folder, printed, _ = village
    run = plantation(tmp_path, "demo", "--no-serve")
    assert run.returncode == 0, run.stderr
    told = printed.partition("The database is")[0]
    assert run.stdout.partition("The database is")[0] == told
    second = tmp_path / "second"
    again = f"sqlite:///{(tmp_path / 'instance' / 'demo.db').as_posix()}"
    assert plantation(folder, "export", str(second), PLANTATION_DATABASE_URL=again).returncode == 0
    assert contents(exported) == contents(second)


def sums(path):
    """The journal's head, the fruit and the money of a database file."""
    import sqlite3

    with sqlite3.connect(path) as connection:
        return [
            connection.execute(query).fetchone()
            for query in (
                "SELECT sequence, hash FROM journal_heads", "SELECT COUNT(*), SUM(net_grams) FROM weighings",
                "SELECT COUNT(*), SUM(amount_fen) FROM payments",
            )
        ]  # fmt: skip


def test_a_backup_of_the_village_comes_back_and_a_bad_one_replaces_nothing(village, exported, tmp_path):
    folder, _, address = village
    saved = tmp_path / "saved.db"
    assert plantation(folder, "backup", str(saved), PLANTATION_DATABASE_URL=address).returncode == 0
    refused = plantation(folder, "backup", str(saved), PLANTATION_DATABASE_URL=address)
    assert (refused.returncode, "exists already" in refused.stderr) == (1, True)
    target = f"sqlite:///{(tmp_path / 'target.db').as_posix()}"
    back = plantation(folder, "restore", str(saved), PLANTATION_DATABASE_URL=target)
    assert back.returncode == 0, back.stderr
    second = tmp_path / "second"
    assert plantation(folder, "export", str(second), PLANTATION_DATABASE_URL=target).returncode == 0
    assert contents(exported) == contents(second)

    import sqlite3

    with sqlite3.connect(saved) as connection:
        connection.execute("UPDATE weighings SET net_grams = net_grams + 1 WHERE slip = '2026-000100'")
    before = sums(tmp_path / "target.db")
    bad = plantation(folder, "restore", str(saved), PLANTATION_DATABASE_URL=target)
    assert bad.returncode == 1
    assert "2026-000100" in bad.stderr
    assert sums(tmp_path / "target.db") == before


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("not a database")
    run = plantation(tmp_path, "restore", "note.txt")
    assert run.returncode == 1
    assert "cannot be restored" in run.stderr


def test_a_taken_port_is_told_before_anything_is_built(tmp_path):
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        run = plantation(tmp_path, "demo", "--port", str(holder.getsockname()[1]))
    assert run.returncode == 1
    assert "--port" in run.stderr
    assert not (tmp_path / "instance" / "demo.db").exists()


def test_serving_without_a_secret_key_is_refused(tmp_path):
    run = plantation(tmp_path, "serve")
    assert run.returncode == 1
    assert "PLANTATION_SECRET_KEY" in run.stderr


def test_wrong_usage_ends_with_two(tmp_path):
    assert plantation(tmp_path, "settle").returncode == 2
    assert plantation(tmp_path, "no-such-command").returncode == 2
    assert plantation(tmp_path, "--help").returncode == 0
