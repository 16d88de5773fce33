"""The office pays by bank: accounts noted, a file made and given away, the answer read, the bounced row paid again."""

from __future__ import annotations

import io

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.people.accounts import create_account
from tests.web.conftest import NOON, PASSWORD
from tests.web.managers.conftest import enter, text_of
from tests.web.managers.test_money import settle

FILES, ACCOUNTS, BANK = "/managers/payments/files", "/managers/payments/accounts", "/managers/payments/banks/edit"
NEW = f"{FILES}/new?season=2025&bank=ABC"
CARD, OTHER = "6217001234567890", "6217000987654321"


def prepare(office) -> None:
    settle(office)
    office.send(BANK, code="ABC", encoding="utf-8")
    office.send(ACCOUNTS, lines=f"H001, {CARD}\nH002，{OTHER}，孙的妻子\n")


def answer(office, text: str):
    path = f"{FILES}/code/2025-B001"
    sent = office.fields(path) | {"answer": (io.BytesIO(text.encode()), "answer.csv")}
    return office.browser.post(path, data=sent, content_type="multipart/form-data")


def test_a_file_is_made_given_to_the_bank_answered_and_what_bounced_is_owed_again(harvest):
    prepare(harvest)
    assert f"{'*' * 12}7890" in text_of(harvest.get(ACCOUNTS)) and CARD not in harvest.get(ACCOUNTS).find("table").get_text()
    said = text_of(harvest.get(NEW))
    assert "2025-B001" in said and "Without an account 0" in said and CARD not in said
    made = harvest.send(NEW)
    assert "On its way 2" in text_of(harvest.follow(made))
    file = harvest.browser.get(f"{FILES}/download/2025-B001")
    lines = file.data.decode().split("\r\n")
    assert "2025-B001.csv" in file.headers["Content-Disposition"] and lines[1].startswith(f"1,{CARD},") and lines[3].startswith("合计,2,")
    assert "Nobody who is owed something has an account" in text_of(harvest.get(NEW))
    bank = "\n".join([lines[0] + ",结果,原因", lines[1] + ",成功,", lines[2] + ",失败,户名不符"])
    assert answer(harvest, bank).status_code == 302
    page = text_of(harvest.get(f"{FILES}/code/2025-B001"))
    assert "Paid 1" in page and "Bounced 1" in page and "失败 户名不符" in page
    assert "H002" in text_of(harvest.get(NEW)) and "2025-B002" in text_of(harvest.get(NEW))


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(harvest):
    prepare(harvest)
    assert "Line 2: “H001,1,2,3”" in harvest.refused(ACCOUNTS, lines=f"H001,{CARD}\nH001,1,2,3")
    assert "There is no household “H404”" in harvest.refused(ACCOUNTS, lines=f"H404,{CARD}")
    assert "“12” is not an account number" in harvest.refused(ACCOUNTS, lines="H001,12")
    assert "H001,12" in harvest.send(ACCOUNTS, 422, lines="H001,12").text
    assert "“colour” is not a column" in harvest.refused(BANK, code="X", columns="account, amount, colour")
    assert "needs account and amount" in harvest.refused(BANK, code="X", columns="账号")
    harvest.send(NEW)
    for text, said in (
        ("", "is empty"),
        ("x", "has no line"),
        ("a\n9,9,9,9.999,9,", "the amount is none"),
        ("a\n9,9", "cells missing"),
        ("a\n9,9,9,0.09,成功,", "no such line"),
    ):
        answered = answer(harvest, text)
        assert answered.status_code == 422 and said in answered.text, (text, said)
    assert harvest.browser.get(f"{FILES}/code/2025-B404").status_code == 404
    assert harvest.browser.get(f"{FILES}/new?season=2025&bank=nobody").status_code == 404
    assert harvest.browser.post(NEW, data=harvest.fields(BANK) | {"digest": "x"}).status_code == 422


def test_what_means_bounced_is_said_where_the_answer_is_given(harvest):
    prepare(harvest)
    harvest.send(NEW)
    lines = harvest.browser.get(f"{FILES}/download/2025-B001").data.decode().split("\r\n")
    bank = "\n".join([lines[0], lines[1] + ",成功,", lines[2] + ",E017,"])
    first = answer(harvest, bank)
    assert first.status_code == 422 and "says “E017”" in first.text and "On its way 2" in text_of(harvest.get(f"{FILES}/code/2025-B001"))
    path = f"{FILES}/code/2025-B001"
    sent = harvest.fields(path) | {"answer": (io.BytesIO(bank.encode()), "answer.csv"), "bounced_words": "失败，E017"}
    assert harvest.browser.post(path, data=sent, content_type="multipart/form-data").status_code == 302
    assert "Bounced 1" in text_of(harvest.get(path))


def test_another_collective_has_none_of_it(harvest, elsewhere):
    prepare(harvest)
    harvest.send(NEW)
    for path in (f"{FILES}/code/2025-B001", f"{FILES}/download/2025-B001", NEW, f"{BANK}?code=ABC"):
        assert elsewhere.browser.get(path).status_code == 404, path


def test_who_reads_chinese_reads_and_types_the_columns_in_chinese(harvest, app, village, sqlite_database):
    with sqlite_database.write() as session:
        create_account(Desk(session, village, "cli", NOON), name="Sun", role=Role.MANAGER, secret=PASSWORD, language="zh_Hans")
    sun = enter(app, "Sun")
    assert sun.fields(BANK)["columns"] == "序号, 账号, 户名, 金额" and harvest.fields(BANK)["columns"] == "number, account, holder, amount"
    sun.send(BANK, code="ABC", columns="金额，账号，农户编号")
    assert "金额, 账号, 农户编号" in text_of(sun.get(FILES)) and "amount, account, household" in text_of(harvest.get(FILES))
