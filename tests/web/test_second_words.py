"""Two of the office change the same at the same moment, on both databases: whoever is second is told what the first one said."""

from __future__ import annotations

from plantation import models
from plantation.domain.bank_layouts import Layout
from plantation.services.money import bank_accounts, pickers
from tests.web.at_once_fixtures import STALE, at_once, counted, do, meet, village

__all__ = ["at_once", "counted", "do", "meet", "village"]


def test_what_both_change_is_changed_by_one(meet, do):
    managers = {"who": ("zhao", "zheng"), "statuses": STALE}
    meet(models.Household, 0, "/managers/households/edit/H001", {"name": "钱一"}, others={"name": "钱二"}, **managers)
    meet(models.Season, 0, "/managers/seasons/edit/2026", {"ends_on": "2027-01-01"}, **managers)
    meet(models.Buyer, 0, "/managers/buyers/edit/B001", {"name": "李一"}, statuses=STALE)
    meet(models.Right, 0, "/managers/rights/edit/RH001", {"ends_on": "2047-03-31"}, **managers)
    meet(models.Plot, 0, "/managers/plots/edit/P2", {"name": "河湾"}, **managers)
    cards = {"lines": "H001, 6217001234567890"}, {"lines": "H001, 6217001234567891"}
    told = meet(models.BankAccount, 1, "/managers/payments/accounts", cards[0], others=cards[1])
    assert "named an account of H001 while you had this page open" in told


def test_the_second_word_about_the_same_is_told_of_the_first(meet, do):
    def prepare(desk):
        bank_accounts.save_layout(desk, "ABC", Layout())
        pickers.save_picker(desk, code="P01", name="周三")

    do(prepare)
    told = "saved something else here at", "Yours is not saved yet."
    managers = {"who": ("zhao", "zheng"), "statuses": STALE}

    def second(table, path, said, others, action="", **more):
        words = meet(table, 1, path, said, action, others=others, **{"statuses": STALE} | more)
        assert all(one in words for one in told), words
        return words

    bank = "/managers/payments/banks/edit?code=ABC"
    assert "Now it says:" in second(models.BankLayout, bank, {"paid_words": "00"}, {"paid_words": "11"})
    new = meet(models.BankLayout, 1, "/managers/payments/banks/edit", {"code": "XYZ"}, others={"code": "XYZ", "in_fen": "y"})
    assert "There is a bank “XYZ” already." in new
    second(models.Picker, "/managers/pickers/edit/P01", {"name": "周五"}, {"name": "周六"})
    limit = {"of_grade": "A", "measure": "impurity", "limit_ppm": "3"}
    page, action = "/managers/seasons/code/2026", "/managers/seasons/limits/2026"
    second(models.QualityLimit, page, limit, limit | {"limit_ppm": "4"}, action, **managers)
    second(models.TareList, "/managers/tares", {"tares-0-grams": "0.6"}, {"tares-0-grams": "0.7"}, **managers)
    second(models.YieldTable, "/managers/yields", {"stages-3-high_kg_per_mu": "701"}, {"stages-3-high_kg_per_mu": "702"}, **managers)
    before = meet(models.JournalEntry, 1, "/managers/collective", {"name": "阿果依一村"}, others={"name": "阿果依二村"}, **managers)
    assert all(one in before for one in told)


def test_the_same_word_twice_is_said_once(meet, do):
    do(lambda desk: pickers.save_picker(desk, code="P01", name="周三"))
    both = {"who": ("zhao", "zheng"), "statuses": [302, 302]}
    meet(models.Picker, 1, "/managers/pickers/edit/P01", {"name": "周五"}, **both)
    limit = {"of_grade": "A", "measure": "impurity", "limit_ppm": "3"}
    meet(models.QualityLimit, 1, "/managers/seasons/code/2026", limit, "/managers/seasons/limits/2026", **both)
    meet(models.TareList, 1, "/managers/tares", {"tares-0-grams": "1.1"}, **both)
