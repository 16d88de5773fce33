"""The commands settle and verify as a user runs them: what they print, and how they end."""

import pytest

from plantation.cli import main
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.weighings import record_weighing, record_weighings, reverse_weighing
from tests.cast import SUN
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed


@pytest.fixture
def run(sqlite_database, monkeypatch, capsys):
    """Run a command on the test's database; its (exit code, output, errors)."""
    monkeypatch.setenv("PLANTATION_DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))

    def command(*arguments):
        with pytest.raises(SystemExit) as ending:
            main(list(arguments))
        captured = capsys.readouterr()
        return ending.value.code, captured.out, captured.err

    return command


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def fruit(village, desk):
    with desk() as d:
        record_weighings(d, [weighed(**POOLED, gross_grams=61_200, slip="Q-1"), weighed(**POOLED, household=SUN, gross_grams=41_200)])
        record_purchases(d, [bought((None, "A", 45_000, 500))])


def test_a_preview_says_that_it_is_one_and_writes_nothing(fruit, run):
    for _ in range(2):
        code, out, err = run("settle", "2025")
        assert (code, err) == (0, "")
        assert "preview: nothing is written" in out
    lines = out.splitlines()
    assert lines[2].split() == ["grade", "weighed_kg", "sold_kg", "unsold_kg", "revenue_yuan", "owed_yuan"]
    assert lines[3].split() == ["A", "100.000", "45.000", "55.000", "225.00", "225.00"]
    assert lines[6].split() == ["H001", "60.000", "135.00", "39.38", "48.00", "47.62"]
    assert lines[8].split()[0] == "total"
    assert len({len(line) for line in lines[5:9]}) == 1
    assert "2 households delivered, 1 did not." in lines
    assert "Not yet sold: 55.000 kg of grade A." in lines


def test_final_freezes_once_and_then_says_why_not(fruit, run, desk):
    code, out, _ = run("settle", "2025", "--final", "--collective", "aguoyi")
    assert (code, out.splitlines()[0]) == (0, "Season 2025, final settlement 1")
    code, out, err = run("settle", "2025", "--final")
    assert (code, out, err) == (1, "", "Nothing has changed in season 2025 since settlement 1.\n")
    with desk() as d:
        reverse_weighing(d, "Q-1", reason="typo")
        record_weighing(d, weighed(**POOLED, gross_grams=60_200))
    assert "final settlement 1 stands" in run("settle", "2025")[1]
    assert run("settle", "2025", "--final")[1].startswith("Season 2025, final settlement 2")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["settle", "1999"], "There is no season “1999”."),
        (["settle", "2025", "--collective", "nowhere"], "There is no collective “nowhere”."),
        (["settle", "2026", "--final"], "Nothing was weighed in season 2026, so there is nothing to settle."),
    ],
)
def test_what_cannot_be_settled_ends_with_the_reason_and_no_traceback(fruit, run, arguments, words):
    assert run(*arguments) == (1, "", words + "\n")


def test_verify_counts_what_it_saw_and_prints_the_head(fruit, run):
    code, out, _ = run("verify")
    assert code == 0
    assert "Nothing is wrong." in out
    head = out.split("its head is ")[1].strip()
    assert run("verify", "--head", head)[0] == 0
    code, out, err = run("verify", "--head", head.split(":")[0] + ":00000000")
    assert (code, out) == (1, "")
    assert err.startswith("Journal: entry")
    assert run("verify", "--head", "nonsense")[0] == 2


def test_verify_names_the_row_that_somebody_edited(fruit, run, sqlite_database):
    with sqlite_database.write() as session:
        session.connection().exec_driver_sql("UPDATE weighings SET net_grams = net_grams + 1 WHERE slip = 'Q-1'")
    code, out, err = run("verify")
    assert (code, out) == (1, "")
    assert err.startswith("Slip Q-1 was changed after it was recorded: net_grams is 60001")
