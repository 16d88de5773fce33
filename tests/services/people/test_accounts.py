"""Accounts, cards and tokens: kept as hashes, replaced as a whole, written to the journal without names."""

import pytest
from sqlalchemy import select

from plantation.domain.words import Role
from plantation.errors import NotFound
from plantation.models import Account, DeviceToken, Household, JournalEntry
from plantation.services.collectives import create_collective
from plantation.services.desk import Desk
from plantation.services.people import accounts, cards, devices, passwords
from plantation.services.people.account_lists import list_account_lines
from plantation.services.people.households import load_household
from tests.cast import QIAN, SUN
from tests.conftest import DEAR_HASHER, NOW

SECRET = "snow on the ridge"


def create(d, name="Zhao", role=Role.MANAGER, secret=SECRET, **more):
    return accounts.create_account(d, name=name, role=role, secret=secret, **more)


def test_no_account_exists_by_default(desk):
    with desk() as d:
        assert list_account_lines(d).total == 0


def test_the_secret_is_kept_as_argon2id_of_19_mib_and_two_passes(desk, monkeypatch):
    monkeypatch.setattr(passwords, "hasher", DEAR_HASHER)
    with desk() as d:
        kept = create(d).secret_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and SECRET not in kept
    assert passwords.matches(kept, SECRET) and not passwords.matches(kept, SECRET.upper())


def test_nobodys_hash_is_as_dear_as_a_real_one_and_opens_for_nothing():
    assert passwords._NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.matches(None, SECRET) and not passwords.matches("no hash", SECRET)


@pytest.mark.parametrize("name", ["ZHAO", " zhao ", "ｚｈａｏ"])
def test_a_name_is_taken_whatever_its_case(desk, name):
    with desk() as d:
        create(d)
        with pytest.raises(accounts.AccountExists):
            create(d, name=name)


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\nb"])
def test_what_is_no_name_is_refused(desk, name):
    with desk() as d, pytest.raises(accounts.BadAccountName):
        create(d, name=name)


@pytest.mark.parametrize(
    "role,secret,refusal",
    [
        (Role.MANAGER, "short", passwords.PasswordTooShort),
        (Role.MANAGER, "x" * 201, passwords.PasswordTooLong),
        (Role.MANAGER, "password123456", passwords.PasswordTooSimple),
        (Role.MANAGER, "zhao-zhao-zhao", passwords.PasswordTooSimple),
        (Role.MANAGER, "aaaaaaaaaaaa", passwords.PasswordTooSimple),
        (Role.HOUSEHOLD, "12345", passwords.PinShape),
        (Role.HOUSEHOLD, "11111111", passwords.PinShape),
        (Role.HOUSEHOLD, "000000", passwords.PinShape),
        (Role.HOUSEHOLD, "12345a", passwords.PinShape),
    ],
)
def test_a_weak_secret_is_refused(role, secret, refusal):
    with pytest.raises(refusal):
        passwords.check_secret(role, "Zhao", secret)


def test_a_made_password_passes_our_own_rule():
    for _ in range(50):
        assert passwords.check_secret(Role.MANAGER, "Zhao", passwords.random_password()) is None
        assert passwords.check_secret(Role.HOUSEHOLD, "H001", passwords.random_pin()) is None


def test_a_households_account_has_its_household_and_no_other_has_one(desk, village):
    with desk() as d:
        household = load_household(d, QIAN)
        with pytest.raises(accounts.WrongHolder):
            create(d, name="x", role=Role.HOUSEHOLD, secret="204815")
        with pytest.raises(accounts.WrongHolder):
            create(d, name="x", household=household)
        assert create(d, name=QIAN, role=Role.HOUSEHOLD, secret="204815", household=household).household_id == household.id


def test_a_card_makes_the_account_once_and_then_replaces_its_pin(desk, village):
    with desk() as d:
        first = cards.new_household_card(d, load_household(d, QIAN))
    with desk() as d:
        second = cards.new_household_card(d, load_household(d, QIAN))
        account = accounts.load_account(d, QIAN)
        assert list_account_lines(d, role=Role.HOUSEHOLD).total == 1
    assert (first.code, first.name) == (QIAN, "钱")
    assert passwords.matches(account.secret_hash, second.pin)
    assert first.pin == second.pin or not passwords.matches(account.secret_hash, first.pin)


def test_cards_for_all_come_in_their_order(desk, village):
    with desk() as d:
        households = d.session.scalars(select(Household).order_by(Household.code.desc())).all()
        made = cards.new_household_cards(d, households)
        assert [card.code for card in made] == [household.code for household in households]
        hashes = {account.name: account.secret_hash for account in d.session.scalars(select(Account))}
        assert all(passwords.matches(hashes[card.code], card.pin) for card in made)
        assert cards.new_household_cards(d, []) == []


def test_a_card_is_refused_where_somebody_else_signs_in_under_the_code(desk, village):
    with desk() as d:
        create(d, name=SUN)
        with pytest.raises(accounts.AccountExists):
            cards.new_household_card(d, load_household(d, SUN))


def test_another_collectives_account_is_not_there(desk, database):
    with desk() as d:
        create(d)
    with database.write() as session:
        other = create_collective(session, "other", "另一个村", "Asia/Shanghai", NOW)
    with desk(collective=other) as d:
        with pytest.raises(NotFound):
            accounts.load_account(d, "Zhao")
        assert create(d).collective_id == other.id


def test_a_token_is_shown_once_and_found_until_it_is_revoked(desk, database):
    with desk() as d:
        token = devices.create_device_token(d, "scale 1")
        with pytest.raises(devices.DeviceExists):
            devices.create_device_token(d, "scale 1")
    with database.read() as session:
        assert session.scalars(select(DeviceToken)).one().token_hash not in token
        assert devices.find_device(session, token).name == "scale 1"
        for wrong in ("", "plt", "plt__", token[:-1], token.upper(), token.replace("plt", "x"), "plt_99_" + token.split("_", 2)[2]):
            assert devices.find_device(session, wrong) is None, wrong
    with desk() as d:
        devices.revoke_device(d, "scale 1")
        assert devices.find_device(d.session, token) is None
        with pytest.raises(NotFound):
            devices.revoke_device(d, "scale 2")


def test_the_journal_knows_of_accounts_and_tokens_but_no_name(desk, village):
    with desk() as d:
        create(d, name="Ma")
        account = create(d, name="Zhao Ming")
        accounts.set_secret(d, account, "another long secret")
        accounts.deactivate_account(d, account)
        devices.create_device_token(d, "scale of Zhao Ming")
        entries = d.session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc()).limit(4)).all()
    assert [entry.kind for entry in reversed(entries)] == ["account", "account-secret", "account-closed", "token"]
    assert not any("Ming" in entry.payload + entry.subject for entry in entries)


def test_the_last_manager_and_oneself_cannot_be_closed(desk):
    with desk() as d:
        d = Desk(d.session, d.collective, "Ma", d.now)
        zhao = create(d)
        create(d, name="Ma", role=Role.ACCOUNTANT)
        with pytest.raises(accounts.LastManager):
            accounts.deactivate_account(d, zhao)
        sun = create(d, name="Sun")
        with pytest.raises(accounts.OwnAccount):
            accounts.deactivate_account(Desk(d.session, d.collective, "Sun", d.now), sun)
        accounts.deactivate_account(d, sun)
        assert (zhao.is_active, sun.is_active) == (True, False)
        with pytest.raises(accounts.AccountClosed):
            accounts.set_secret(d, sun, "another long secret")
