"""Files of facts: what a village said, posted, advanced and paid out goes out and comes in again, byte for byte."""

from __future__ import annotations

import datetime as dt

import pytest

from plantation.domain.bank_layouts import Layout
from plantation.domain.closing import DaySlip
from plantation.domain.dividend import Basis
from plantation.domain.forecast import DEFAULT_YIELDS
from plantation.domain.tares import Tare
from plantation.domain.words import (
    AdvanceForm,
    DifferenceVerdict,
    DisputeAbout,
    PriceDecision,
    QualityMeasure,
    ReleaseSubject,
    Role,
)
from plantation.errors import Faulty
from plantation.exchange.folder_tables import FACTS
from plantation.exchange.folders import read_folder
from plantation.services import facts, releases
from plantation.services.collectives import Rules, change_rules
from plantation.services.folder.export_folder import export_files
from plantation.services.folder.fact_files import in_order, name_of
from plantation.services.folder.import_folder import import_folder
from plantation.services.fruit import closings, differences, disputes, lots, photos, price_answers, price_questions, quality, tares
from plantation.services.fruit.buyer_accounts import record_buyer_payment
from plantation.services.fruit.dispute_answers import answer_dispute
from plantation.services.fruit.purchases import LineInput, PurchaseInput, record_purchase, record_purchases
from plantation.services.fruit.weighings import record_weighings
from plantation.services.land import yields
from plantation.services.money import (
    advances,
    bank_accounts,
    dividend_declarations,
    dividend_payments,
    notices,
    objections,
    payment_file_answers,
    payment_files,
    picker_pay,
    pickers,
)
from plantation.services.money.settlements import settle_season
from plantation.services.money.township import give_grant
from plantation.services.people.accounts import create_account
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import LI, QIAN, SUN
from tests.databases import plant_once
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def busy(database, village, desk):
    """A village in which every kind of fact was recorded."""
    plant_once(database, "busy village", lambda: record_facts(desk))


def record_facts(desk):
    with desk() as d:
        qian = load_household(d, QIAN)
        record_weighings(d, [weighed(**POOLED, slip="Q-1"), weighed(**POOLED, household=SUN, slip="S-1"), weighed(slip="Q-2")])
        record_purchases(d, [bought((None, "A", 40_000, 600), number="7")])
        lots.pack_lot(d, "2025", grade="A", net_grams=1_000)
        sold = lots.pack_lot(d, "2025", grade="A", net_grams=2_000)
        label = LineInput(lot=sold.code, grade="", net_grams=0, price_fen_per_kg=610)
        record_purchase(d, PurchaseInput(season="2025", date=TODAY, buyer=LI, lines=[label]))
        lots.open_lot(d, "L2025-0001", reason="torn\nbags")
        advances.give_advance(d, household=QIAN, form=AdvanceForm.GOODS, text='=gloves, "two"', given_on=TODAY, amount_fen=1_050)
        notice = notices.post_notice(d, "2025")
        said = objections.object_to(d, notice, qian, "one crate\nis missing")
        objections.answer_objection(d, said.id, is_upheld=False, text="all there")
        settle_season(d, "2025")
        dispute = disputes.open_dispute(d, qian, "Q-2", DisputeAbout.OTHER, "not mine")
        answer_dispute(d, dispute.id, is_upheld=True, text="right")
        dividend_declarations.declare_dividend(
            d, dividend_declarations.DividendTerms("L", "L", "Co-op", total_fen=1_001, mix=((Basis.MEMBER, 1_000_000),)), []
        )
        dividend_payments.pay_line(d, "L", QIAN, paid_on=TODAY, method="cash", amount_fen=10)
        record_buyer_payment(d, buyer=LI, paid_on=TODAY, method="bank", amount_fen=500, reference="@0017")
        record_weighings(d, [weighed(slip="Q-3", paper_price_fen_per_kg=450)])
        [asked] = price_questions.list_questions(d).rows
        price_answers.answer_question(d, asked.question.id, decision=PriceDecision.SEASON, text='told, "twice"')
        closings.close_day(d, 0, code="c-1", season="2026", day=TODAY, slips=[DaySlip("x", "S-9", "H001", "A", -5)])
        releases.withdraw(d, releases.prepare(d, ReleaseSubject.SETTLEMENT, "2025", "0" * 64).id)
        photos.add_photo(d, asked.question.weighing_id, bytes.fromhex("ffd8 ffe0 0004 0000 ffe1 0006 45786966 ffda 0002 1234 ffd9"))
        tares.set_tares(d, [Tare("筐", 1_250), Tare("=bag", 400)])
        yields.set_yields(d, [*DEFAULT_YIELDS[:4], DEFAULT_YIELDS[4]._replace(from_years=25)])
        bank_and_pickers(d)
        quality_and_differences(d)
        create_account(d, name="town", role=Role.TOWNSHIP, secret="leaf silver-green 2026")
        give_grant(d, reader_collective=d.collective.code, reader="town")


def bank_and_pickers(d):
    change_rules(d, Rules(four_eyes=False, posting_days=0))
    bank_accounts.save_layout(d, "ABC", Layout(encoding="utf-8"))
    bank_accounts.save_accounts(d, [(QIAN, "6217001234567890", ""), (SUN, "6217000987654321", "=妻"), (SUN, "", "")])
    file = payment_files.make_file(d, "2025", "ABC")
    row = payment_files.content_of(d, file).decode().split("\r\n")[1]
    payment_file_answers.take_answer(d, file.code, f"a\n{row},失败,户名不符".encode())
    pickers.save_picker(d, code="P01", name="吴", phone="")
    day = picker_pay.record_day(d, picker="P01", household=QIAN, worked_on=TODAY, amount_fen=12_000)
    paid = picker_pay.pay_picker(d, picker="P01", paid_on=TODAY, amount_fen=100)
    picker_pay.reverse_picker_payment(d, paid.id, reason="counted\ntwice")
    picker_pay.reverse_day(d, day.id, reason="never came")


def quality_and_differences(d):
    quality.set_limit(d, "2026", grade="A", measure=QualityMeasure.IMPURITY, limit_ppm=30_000, regrade="B")
    quality.set_limit(d, "2026", grade="B", measure=QualityMeasure.MOISTURE, limit_ppm=None)
    quality.weigh_checked(d, weighed(slip="Q-4"), impurity_ppm=50_000)
    found = differences.find_differences(d, "2026")[0].difference
    chosen = (found.kind, found.subject, found.digest)
    differences.answer_differences(d, "2026", [chosen], verdict=DifferenceVerdict.ACCEPTED, text="eaten")


def write(folder, d):
    folder.mkdir()
    for name, pieces in export_files(d):
        (folder / name).write_text("".join(pieces), "utf-8", newline="")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_table_of_facts_has_its_file():
    assert {name_of(table) for table in in_order()} == FACTS


def test_all_facts_come_back_the_same_with_who_said_them_and_when(busy, desk, tmp_path, sqlite_template):
    from shutil import copyfile

    from plantation.services.collectives import create_collective
    from plantation.services.desk import Desk
    from tests.conftest import NOW
    from tests.databases import open_file

    with desk(reading=True) as d:
        write(tmp_path / "out", d)
        assert all((tmp_path / "out" / f"{name}.csv").exists() for name in FACTS)
        before = {table.kind: [facts.payload_of(fact) for fact in facts.read_facts(d, table)] for table in in_order()}
    copyfile(sqlite_template, tmp_path / "other.db")
    other = open_file(tmp_path / "other.db")
    with other.write() as session:
        own = Desk(session, create_collective(session, "aguoyi", "A", "Asia/Shanghai", NOW), "cli", NOW + dt.timedelta(days=1))
        import_folder(own, read_folder(tmp_path / "out"))
        import_folder(own, read_folder(tmp_path / "out"))
        after = {table.kind: [facts.payload_of(fact) for fact in facts.read_facts(own, table)] for table in in_order()}
        assert {kind: len(rows) for kind, rows in after.items()} == {kind: len(rows) for kind, rows in before.items()}
        assert verify(own) is None
        write(tmp_path / "again", own)
        assert advances.open_advance(own, load_household(own, QIAN).id).given_fen == 1_050
    other.dispose()
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_a_village_without_facts_writes_no_files_of_facts(village, desk, tmp_path):
    with desk(reading=True) as d:
        assert not {name for name, pieces in export_files(d) if "".join(pieces) and name.removesuffix(".csv") in FACTS}


@pytest.mark.parametrize(("file", "old", "new", "says"), [
    ("advances.csv", "H001", "H404", "H404"),
    ("advances.csv", "10.50", "-10.50", "contradicts"),
    ("advances.csv", "10.50", "10.505", "two decimals"),
    ("disputes.csv", "something_else", "whatever", "contradicts"),
    ("dividend_lines.csv", "2026-11-24", "2026-13-24", "offset"),
    ("objection_answers.csv", "false", "maybe", "true or false"),
])  # fmt: skip
def test_a_faulty_fact_is_named_and_nothing_is_written(busy, desk, tmp_path, file, old, new, says, sqlite_template):
    with desk(reading=True) as d:
        write(tmp_path / "out", d)
    path = tmp_path / "out" / file
    text = path.read_text("utf-8")
    assert old in text
    lines = text.split("\n")
    lines[1:] = ["\n".join(lines[1:]).replace(old, new)]
    ids = {row.split(",")[0] for row in text.split("\n")[1:] if row}
    changed = "\n".join(lines)
    for id_ in ids:  # under ids of their own, so that they are new
        if id_.isdigit() and file != "objection_answers.csv":
            changed = changed.replace(id_, str(int(id_) + 1), 1)
    path.write_text(changed, "utf-8", newline="")
    with pytest.raises(Faulty) as refused, desk() as d:
        import_folder(d, read_folder(tmp_path / "out"))
    assert any(says in str(fault) and fault.file == file for fault in refused.value.faults), [str(f) for f in refused.value.faults]
