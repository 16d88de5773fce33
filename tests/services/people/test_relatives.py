"""Relatives: read access that a household gives and takes back; each card opens its own account and no other."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.errors import NotFound, Refusal
from plantation.models import Account, JournalEntry, SignIn
from plantation.services.people import accounts, cards, passwords, relatives, sign_ins
from plantation.services.people.households import load_household
from plantation.services.proof.verification import verify
from tests.cast import QIAN, SUN
from tests.conftest import NOW

LIMITS = sign_ins.Limits(idle=dt.timedelta(hours=2), lifetime=dt.timedelta(hours=14))


def give(desk, person="女儿", code=QIAN):
    with desk() as d:
        return relatives.give_access(d, load_household(d, code), person, passwords.random_pins(1)[0])


def listed(desk, code=QIAN):
    with desk(reading=True) as d:
        return relatives.list_relatives(d, load_household(d, code))


def enters(database, card):
    """Whether the card opens; then its holder is signed in."""
    with database.write() as session:
        known = sign_ins.knock(session, None, card.code, "192.0.2.7", None, NOW)
    if not known.opens_with(card.pin):
        return False
    with database.write() as session:
        return bool(sign_ins.sign_in(session, known, "b" * 43, NOW, LIMITS))


def test_each_relative_has_an_account_of_its_own_named_after_the_household(desk, village):
    with desk() as d:
        own = cards.new_household_card(d, load_household(d, QIAN))
    first, second = give(desk), give(desk, "儿子")
    assert [first.code, second.code] == [f"{QIAN} 1", f"{QIAN} 2"]
    assert [one.person for one in listed(desk)] == ["女儿", "儿子"] and listed(desk, SUN) == []
    with desk() as d:
        made = {one.name: one for one in d.session.scalars(select(Account))}
    assert {made[one.code].role for one in (first, second)} == {Role.RELATIVE}
    for card in (own, first, second):
        assert passwords.matches(made[card.code].secret_hash, card.pin)


def test_a_number_is_never_given_out_twice(desk, village):
    give(desk)
    gone = listed(desk)[0]
    with desk() as d:
        relatives.withdraw_access(d, load_household(d, QIAN), gone.id)
    assert give(desk).code == f"{QIAN} 2" and [one.person for one in listed(desk)] == ["女儿"]


def test_access_ends_when_it_is_withdrawn_and_a_new_card_ends_the_one_before(desk, village, database):
    card, other = give(desk), give(desk, "儿子")
    assert enters(database, card) and enters(database, other)
    by_person = {one.person: one for one in listed(desk)}
    assert by_person["女儿"].signed_in_at == NOW
    with desk() as d:
        again = relatives.renew_card(d, load_household(d, QIAN), by_person["女儿"].id, passwords.random_pins(1)[0])
    with desk() as d:
        holders = d.session.scalars(select(SignIn.account_id)).all()
    assert holders == [by_person["儿子"].id]
    assert enters(database, again) and (again.pin == card.pin or not enters(database, card))
    with desk() as d:
        relatives.withdraw_access(d, load_household(d, QIAN), by_person["女儿"].id)
    assert not enters(database, again)
    assert [one.person for one in listed(desk)] == ["儿子"]


def test_a_households_new_card_leaves_its_relatives_alone(desk, village, database):
    card = give(desk)
    with desk() as d:
        cards.new_household_cards(d, [load_household(d, QIAN), load_household(d, SUN)])
    assert enters(database, card)
    with desk() as d:
        assert d.session.scalar(select(Account.name).where(Account.role == Role.HOUSEHOLD, Account.name == QIAN)) == QIAN


def test_too_many_twins_and_nobody_are_refused(desk, village):
    for number in range(relatives.MOST_RELATIVES):
        give(desk, f"女儿 {number}")
    with pytest.raises(relatives.TooManyRelatives, match="At most 6 relatives"):
        give(desk, "one more")
    give(desk, "Ayşe", SUN)
    with pytest.raises(relatives.RelativeExists, match="“AYŞE” has access already"):
        give(desk, " AYŞE ", SUN)
    for empty in ("", "   "):
        with pytest.raises(Refusal):
            give(desk, empty, SUN)
    assert len(listed(desk)) == 6 and len(listed(desk, SUN)) == 1


def test_nobody_renews_or_withdraws_what_is_anothers(desk, village):
    give(desk)
    one = listed(desk)[0]
    with desk() as d:
        own = accounts.create_account(d, name=SUN, role=Role.HOUSEHOLD, secret="204815", household=load_household(d, SUN)).id
    for code, id_ in ((SUN, one.id), (SUN, own), (QIAN, own), (QIAN, one.id + 1_000), (QIAN, 1 << 80), (QIAN, -1)):
        for act in (relatives.withdraw_access, lambda d, home, id_: relatives.renew_card(d, home, id_, ("204815", "x"))):
            with pytest.raises(NotFound), desk() as d:
                act(d, load_household(d, code), id_)
    assert len(listed(desk)) == 1


def test_the_journal_holds_whose_it_is_and_names_nobody(desk, village):
    give(desk)
    with desk() as d:
        said = d.session.scalars(select(JournalEntry.payload).where(JournalEntry.kind == "account")).all()
        assert any('"role":"relative"' in one and '"household_id"' in one for one in said)
        assert not any("女儿" in one for one in said)
        assert verify(d) is None
    with desk() as d:
        account = d.session.scalar(select(Account).where(Account.role == Role.RELATIVE))
        account.household_id = load_household(d, SUN).id
        d.session.flush()
        fault = verify(d)
        assert fault is not None and "household_id" in str(fault)
