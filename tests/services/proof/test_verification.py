"""Verification: a whole season passes, and whoever edits a row with the database file in hand is found and named."""

import datetime as dt

import pytest
from sqlalchemy import select, text

from plantation.models import Parcel
from plantation.services import journal
from plantation.services.fruit.purchases import record_purchases, reverse_purchase
from plantation.services.fruit.weighings import record_weighing, record_weighings, reverse_weighing
from plantation.services.land.holdings import seal_holdings
from plantation.services.money.payments import record_payment, reverse_payment
from plantation.services.money.settlements import settle_season
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed


@pytest.fixture
def books(village, desk):
    """Both seasons with weighings, shares, reversals, purchases, two settlements of 2025, and payments."""
    with desk() as d:
        record_weighings(d, [weighed(slip="Q-1"), weighed(household=None, plot="P1", slip="S-1"), weighed(household=SUN)])
        record_weighings(d, [weighed(**POOLED, slip="Q-2"), weighed(**POOLED, household=None, parcel="P1-2")])
        record_purchases(d, [bought((None, "A", 20_000, 500), (SUN, "A", 5_000, 600), number="7"), bought(number="8")])
        reverse_purchase(d, "2025", "8", reason="wrong buyer")
        settle_season(d, "2025")
        settle_season(d, "2026")
        payment = record_payment(d, season="2026", household=QIAN, date=dt.date(2026, 11, 20), method="bank", amount_fen=100)
        reverse_payment(d, payment.id, reason="bounced")
        reverse_weighing(d, "Q-1", reason="wrong household")
        record_weighing(d, weighed(**POOLED, household=SUN))
        settle_season(d, "2025")


def fault_of(desk, **given):
    with desk(reading=True) as d:
        return verify(d, **given)


def edit(database, statement):
    """What a manager with the file in hand does: plain SQL, behind the services' back."""
    with database.write() as session:
        if database.is_sqlite:
            session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        assert session.execute(text(statement)).rowcount >= 1


def test_a_season_that_nobody_touched_passes_and_every_check_counts(books, desk):
    seen = {}
    with desk(reading=True) as d:
        assert verify(d, lambda step, count: seen.update({step: seen.get(step, 0) + count})) is None
    assert seen["the journal's chain"] > 10
    assert (seen["weighings"], seen["purchases"], seen["payments"], seen["settlements"]) == (7, 3, 2, 3)


def test_an_empty_collective_passes(collective, desk):
    assert fault_of(desk) is None


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE weighings SET net_grams = net_grams + 1 WHERE slip = 'Q-2'", "Slip Q-2 .*net_grams is 24101"),
        ("UPDATE weighings SET amount_fen = amount_fen + 1 WHERE slip = 'Q-1'", "Slip Q-1 .*amount_fen"),
        (
            "UPDATE weighings SET household_id = (SELECT id FROM households WHERE code = 'H009') WHERE slip = 'Q-2'",
            "Slip Q-2 .*household is H009",
        ),
        ("UPDATE weighings SET picker = 'Feng' WHERE slip = 'Q-2'", "Slip Q-2 .*content_hash"),
        ("UPDATE weighings SET content_hash = 'x' WHERE slip = 'Q-2'", "Slip Q-2 .*content_hash is x"),
        ("UPDATE weighings SET reason = 'none' WHERE reverses_id IS NOT NULL", "content_hash"),
        ("UPDATE weighings SET recorded_by = 'Feng' WHERE slip = 'Q-2'", "Slip Q-2 .*recorded_by is Feng"),
        ("UPDATE weighings SET slip = 'Q-9' WHERE slip = 'Q-2'", "Slip Q-2 .*Q-9"),
        ("UPDATE weighings SET weighed_at = recorded_at WHERE slip = 'Q-2'", "Slip Q-2 .*time"),
        ("UPDATE weighing_shares SET net_grams = net_grams + 1 WHERE grade = 'A'", "Slip S-1 .*shares"),
        ("UPDATE weighing_shares SET season_id = (SELECT id FROM seasons WHERE code = '2025')", "Slip S-1 has a line"),
        ("UPDATE weighing_shares SET grade = 'B'", "Slip S-1 has a line"),
        ("DELETE FROM weighing_shares", "Slip S-1 .*shares"),
        ("UPDATE purchase_lines SET amount_fen = amount_fen + 1 WHERE net_grams = 20000", "Purchase 2025/7 .*lines"),
        ("UPDATE purchase_lines SET grade = 'B' WHERE net_grams = 20000", "Purchase 2025/7"),
        ("UPDATE purchase_lines SET entry = entry + 1", "has a line"),
        ("UPDATE purchases SET purchased_on = '2025-09-01' WHERE number = '7'", "Purchase 2025/7 .*date"),
        ("UPDATE payments SET amount_fen = 101 WHERE amount_fen = 100", "Payment .*amount_fen is 101"),
        ("UPDATE payments SET reference = 'x' WHERE amount_fen = 100", "Payment .*reference"),
        ("UPDATE earnings SET net_fen = net_fen + 1", "Settlement 202./1 .*(digest|sums)"),
        ("UPDATE earnings SET fruit = '[]'", "Settlement 202./1 .*digest"),
        ("UPDATE settlement_grades SET owed_fen = owed_fen + 1", "Settlement 202./1 .*grades"),
        ("UPDATE settlements SET through_entry = through_entry + 1 WHERE number = 2", "Settlement"),
        ("UPDATE deductions SET rate_ppm = 0 WHERE kind = 'percent'", "deductions of season 2025"),
        ("UPDATE seasons SET tolerance_ppm = 0 WHERE code = '2025'", "tolerance .*season 2025"),
        ("UPDATE seasons SET mode = 'pooled' WHERE code = '2026'", "season 2026"),
        ("UPDATE journal SET payload = '{}' WHERE kind = 'payment'", "Journal: entry .* was changed"),
        ("UPDATE journal SET actor = 'Feng' WHERE sequence = 3", "Journal: entry 3 was changed"),
        ("DELETE FROM journal WHERE sequence = 3", "Journal: entry 3 is missing"),
        ("UPDATE journal_heads SET hash = previous_hash FROM journal WHERE journal.sequence = 3", "Journal: the head"),
        ("DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)", "Journal: the head"),
        ("DELETE FROM payments WHERE amount_fen < 0", "Payment .* is missing; journal entry"),
        ("UPDATE households SET code = 'H010' WHERE code = 'H002'", "H010"),
    ],
)
def test_who_edits_a_row_is_found_and_the_row_is_named(books, desk, database, statement, words):
    import re

    edit(database, statement)
    fault = fault_of(desk)
    assert fault is not None
    assert re.search(words, str(fault)), str(fault)


def test_a_row_that_was_put_in_by_hand_is_found(books, desk, database):
    edit(
        database,
        """INSERT INTO payments SELECT collective_id, 7, season_id, household_id, 1, paid_on, method, 5, '', NULL,
                      '', recorded_at, recorded_by FROM payments WHERE amount_fen = 100""",
    )
    assert "Payment 7 was never recorded in the journal" in str(fault_of(desk))


def test_a_line_of_a_settlement_that_there_is_not_is_found(books, desk, database):
    edit(
        database,
        """INSERT INTO earnings SELECT collective_id, 7, household_id, net_grams, gross_fen, deductions_fen, carried_fen, picking_fen, net_fen,
                      fruit, deduction_lines FROM earnings WHERE settlement_id = (SELECT max(id) FROM settlements)""",
    )
    assert f"Settlement 7: household is {QIAN}" in str(fault_of(desk))


def test_a_share_hung_on_a_households_slip_is_found(books, desk, database):
    edit(
        database,
        """INSERT INTO weighing_shares SELECT s.collective_id, 7, w.id, w.season_id, w.entry, s.parcel_id,
                      s.household_id, 1, w.grade, 1000, 0, 0 FROM weighings w, weighing_shares s
                      WHERE w.slip = 'Q-2' AND s.net_grams > 0 AND s.parcel_id = (SELECT min(parcel_id) FROM weighing_shares)""",
    )
    assert "Slip Q-2 has a line that does not belong to it" in str(fault_of(desk))


def test_a_rewritten_history_is_found_by_a_head_that_was_printed(books, desk, database):
    with desk(reading=True) as d:
        sequence, head = journal.head(d)
        tenth = next(journal.read_entries(d, after=9)).hash
    assert fault_of(desk, printed={sequence: head[:8], 10: tenth}) is None
    assert "Journal: entry 10 has the hash" in str(fault_of(desk, printed={10: "0" * 8}))


def test_a_parcel_that_an_allocation_renamed_is_still_the_same(books, desk, database):
    edit(database, "UPDATE parcels SET code = 'N-1' WHERE code = 'P1-2'")
    with desk() as d:
        seal_holdings(d, d.session.scalars(select(Parcel.plot_id)))
    assert fault_of(desk) is None
