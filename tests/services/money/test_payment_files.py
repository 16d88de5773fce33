"""Batch files: what is owed goes to the bank once, comes back answered once, and what bounced is owed again."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from plantation.domain.bank_answers import AnswerCut, AnswerRowWrong, AnswerUnreadable, ResultUnknown, TotalsDiffer
from plantation.domain.bank_layouts import Layout
from plantation.errors import BadValue, NotFound
from plantation.models import PaymentFile, Release
from plantation.services.collectives import Rules, change_rules
from plantation.services.fruit.purchases import record_purchases
from plantation.services.fruit.weighings import record_weighings
from plantation.services.money.balances import unpaid
from plantation.services.money.bank_accounts import account_of, list_layouts, save_accounts, save_layout
from plantation.services.money.payment_file_answers import (
    AnswerDiffers,
    AnsweredBefore,
    AnswerOfAnother,
    AnswerTwice,
    take_answer,
)
from plantation.services.money.payment_files import (
    FileMoved,
    NothingToPay,
    content_of,
    lines_of,
    list_files,
    load_file,
    make_file,
    plan_file,
)
from plantation.services.money.payment_inputs import MoreThanOwed, NotSettled
from plantation.services.money.payments import record_payment
from plantation.services.money.seasons import load_season
from plantation.services.money.settlements import settle_season
from plantation.services.proof.verification import verify
from plantation.services.releases import SamePerson
from tests.cast import QIAN, SUN
from tests.services.fruit.test_purchases import POOLED, bought
from tests.services.fruit.test_weighings import weighed

UTF8 = Layout(encoding="utf-8")
CARD, OTHER_CARD = "6217001234567890", "6217000987654321"


@pytest.fixture
def settled(village, desk):
    """Qian and Sun have picked the same into the pool, which sold 40 kg of it for 200 yuan; ABC is their bank."""
    with desk() as d:
        change_rules(d, Rules(four_eyes=False, posting_days=0))
        record_weighings(d, [
            weighed(**POOLED, slip="Q-1"),
            weighed(**POOLED, household=SUN, slip="S-1"),
        ])  # fmt: skip
        record_purchases(d, [bought((None, "A", 40_000, 500), number="7")])
        settle_season(d, "2025")
        save_layout(d, "ABC", UTF8)


def answer(*rows: str) -> bytes:
    return ("序号,账号,户名,金额,结果,原因\n" + "".join(f"{row}\n" for row in rows)).encode()


def owed(d) -> dict[str, int]:
    return {code: fen for _, code, fen in unpaid(d, load_season(d, "2025"))}


def test_a_file_pays_who_has_an_account_and_names_who_has_none(settled, desk):
    with desk() as d:
        before = owed(d)
        with pytest.raises(NothingToPay):
            plan_file(d, "2025", "ABC")
        save_accounts(d, [(QIAN, "6217 0012 3456 7890", "")])
        plan = plan_file(d, "2025", "ABC")
        assert [(line.household, line.account, line.amount_fen) for line in plan.lines] == [(QIAN, CARD, before[QIAN])]
        assert [(code, fen) for code, _, fen in plan.left_out] == [(SUN, before[SUN])]
        file = make_file(d, "2025", "ABC", seen_digest=plan.digest)
        assert isinstance(file, PaymentFile) and file.code == "2025-B001"
        assert content_of(d, file) == plan.content and plan.content.decode().endswith(f"合计,1,{before[QIAN] / 100:.2f}\r\n")
        assert owed(d) == {SUN: before[SUN]}
        with pytest.raises(MoreThanOwed):  # on its way to the bank it is not paid in cash too
            record_payment(d, season="2025", household=QIAN, date=d.today, method="cash", amount_fen=1)
        assert verify(d) is None


def test_what_bounced_is_owed_again_and_goes_into_the_next_file(settled, desk):
    with desk() as d:
        before = owed(d)
        save_accounts(d, [(QIAN, CARD, ""), (SUN, OTHER_CARD, "孙 的妻子")])
        make_file(d, "2025", "ABC")
        yuan = {code: f"{fen / 100:.2f}" for code, fen in before.items()}
        bank = answer(f"1,{CARD},钱,{yuan[QIAN]},成功,", f"2,{OTHER_CARD},孙,{yuan[SUN]},失败,户名\x00不符\u202e")
        assert take_answer(d, "2025-B001", bank) == (1, 1, 0)
        assert owed(d) == {SUN: before[SUN]}
        assert take_answer(d, "2025-B001", bank) == (0, 0, 2)
        assert owed(d) == {SUN: before[SUN]}
        assert [(one.paid, one.bounced, one.waiting) for one in list_files(d)] == [(1, 1, 0)]
        assert [one.text for one in lines_of(d, load_file(d, "2025-B001"))] == ["成功", "失败 户名 不符"]
        second = make_file(d, "2025", "ABC")
        assert (second.code, second.line_count, second.total_fen) == ("2025-B002", 1, before[SUN])
        assert owed(d) == {}
        assert take_answer(d, "2025-B002", answer(f"1,{OTHER_CARD},孙,{yuan[SUN]},成功,")) == (1, 0, 0)
        assert verify(d) is None


def test_a_second_person_releases_a_file_of_the_same_bytes_only(settled, desk):
    with desk() as d:
        change_rules(d, Rules(four_eyes=True, posting_days=0))
        save_accounts(d, [(QIAN, CARD, "")])
        before = owed(d)
        assert isinstance(make_file(d, "2025", "ABC"), Release) and owed(d) == before
        with pytest.raises(SamePerson):
            make_file(d, "2025", "ABC")
    with desk(actor="Sun the second") as d:
        save_accounts(d, [(QIAN, OTHER_CARD, "")])
        assert isinstance(make_file(d, "2025", "ABC"), Release)  # another account is another file: prepared anew
        assert owed(d) == before
    with desk() as d:
        with pytest.raises(FileMoved):
            make_file(d, "2025", "ABC", seen_digest="0" * 64)
        assert isinstance(make_file(d, "2025", "ABC"), PaymentFile)
        assert QIAN not in owed(d)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # a file is read before any database is asked
@pytest.mark.parametrize(("rows", "refusal", "says"), [
    (("3,6217001234567890,钱,20.01,成功,",), AnswerOfAnother, "Row 2"),
    (("1,6217001234567890,钱,{q},成功,", "1,6217001234567890,钱,{q},成功,"), AnswerTwice, "Row 3"),
    (("1,6217001234567890,钱,0.01,成功,",), AnswerDiffers, "0.01"),
    (("1,1111111111111111,钱,{q},成功,",), AnswerDiffers, "1111111111111111"),
    (("1,6217001234567890,钱,{q}",), AnswerRowWrong, "cells missing"),
    (("x,6217001234567890,钱,{q},成功,",), AnswerRowWrong, "the number is none"),
    (("1,6217001234567890,钱,1.001,成功,",), AnswerRowWrong, "the amount is none"),
    (("1,6217001234567890,钱,{q},,",), AnswerRowWrong, "result is empty"),
    (("1,6217001234567890,钱,{q},成功,", "合计,2,{q}"), TotalsDiffer, "says 2 rows"),
    (("1,6217001234567890,钱,{q},处理中,",), ResultUnknown, "Row 2: the bank says “处理中”"),
    (("1,6.217E+15,钱,{q},成功,",), AnswerCut, "Row 2"),
])  # fmt: skip
def test_an_answer_that_does_not_fit_changes_nothing(settled, desk, rows, refusal, says):
    with desk() as d:
        save_accounts(d, [(QIAN, CARD, "")])
        fen = owed(d)[QIAN]
        make_file(d, "2025", "ABC")
        with pytest.raises(refusal, match=says):
            take_answer(d, "2025-B001", answer(*(row.format(q=f"{fen / 100:.2f}") for row in rows)))
        assert lines_of(d, load_file(d, "2025-B001"))[0].outcome is None
        assert QIAN not in owed(d)


def test_a_bank_that_changes_its_mind_is_asked_and_a_file_of_bytes_is_none(settled, desk):
    with desk() as d:
        save_accounts(d, [(QIAN, CARD, "")])
        yuan = f"{owed(d)[QIAN] / 100:.2f}"
        make_file(d, "2025", "ABC")
        with pytest.raises(AnswerUnreadable, match="at byte 0"):
            take_answer(d, "2025-B001", b"\xff\xff\x00")
        take_answer(d, "2025-B001", answer(f"1,{CARD},钱,{yuan},成功,"))
        with pytest.raises(AnsweredBefore):
            take_answer(d, "2025-B001", answer(f"1,{CARD},钱,{yuan},失败,"))
        with pytest.raises(NotFound):
            take_answer(d, "2025-B002", b"")


def test_an_account_is_named_changed_and_taken_back(village, desk):
    with desk() as d:
        assert save_accounts(d, [(QIAN, "6217 0012 3456 7890", ""), (SUN, OTHER_CARD, "妻")]) == 2
        assert save_accounts(d, [(QIAN, CARD, ""), (SUN, "", "")]) == 1
        assert (account_of(d, QIAN).account, account_of(d, SUN).account) == (CARD, "")
        for code, account, error in ((QIAN, "12", BadValue), (QIAN, "6217-0012", BadValue), ("H404", CARD, NotFound)):
            with pytest.raises(error):
                save_accounts(d, [(code, account, "")])
        with pytest.raises(NotSettled):
            save_layout(d, "ABC", UTF8)
            plan_file(d, "2026", "ABC")


def test_money_that_is_still_on_its_way_is_not_taken_for_money_that_came_back(settled, desk):
    with desk() as d:
        save_accounts(d, [(QIAN, CARD, ""), (SUN, OTHER_CARD, "")])
        before = owed(d)
        make_file(d, "2025", "ABC")
        yuan = {code: f"{fen / 100:.2f}" for code, fen in before.items()}
        bank = answer(f"1,{CARD},钱,{yuan[QIAN]},成功,", f"2,{OTHER_CARD},孙,{yuan[SUN]},E017,")
        with pytest.raises(ResultUnknown, match="Row 3: the bank says “E017”, and 0 other rows the same"):
            take_answer(d, "2025-B001", bank)
        assert [one.outcome for one in lines_of(d, load_file(d, "2025-B001"))] == [None, None] and owed(d) == {}
        assert take_answer(d, "2025-B001", bank, ["失败", "*"]) == (1, 1, 0)
        assert owed(d) == {SUN: before[SUN]} and verify(d) is None


def test_a_bank_has_the_layout_that_was_said_last(village, desk):
    with desk() as d:
        save_layout(d, "ABC", UTF8)
        save_layout(d, "ABC", Layout(separator="bar"))
        assert list_layouts(d) == [("ABC", Layout(separator="bar"))]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # whose file a manager can have in hand
def test_whoever_changes_a_file_or_its_payments_past_the_program_is_found(settled, desk, database):
    with desk() as d:
        save_accounts(d, [(QIAN, CARD, ""), (SUN, OTHER_CARD, "")])
        make_file(d, "2025", "ABC")
        fen = owed(d) or {}
        assert fen == {} and verify(d) is None
    with database.write() as session:
        session.execute(text("UPDATE payment_file_lines SET account = '6217000000000000' WHERE line = 1"))
    with desk(reading=True) as d:
        assert verify(d) is not None
