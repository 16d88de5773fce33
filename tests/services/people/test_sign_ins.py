"""Signing in, step by step, and the brake on guessing, on both databases."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from plantation.domain.words import Role
from plantation.models import SignIn, SignInAttempt
from plantation.services.desk import NoCollective
from plantation.services.people import accounts, cards, sign_ins, throttle
from tests.conftest import NOW

SECRET = "snow on the ridge"
LIMITS = sign_ins.Limits(idle=dt.timedelta(hours=2), lifetime=dt.timedelta(hours=14))
HERE, BROWSER = "192.0.2.7", "b" * 43


@pytest.fixture
def zhao(desk):
    with desk() as d:
        return accounts.create_account(d, name="Zhao", role=Role.MANAGER, secret=SECRET)


def knock(database, name="Zhao", address=HERE, browser=None, now=NOW, collective=None):
    with database.write() as session:
        return sign_ins.knock(session, collective, name, address, browser, now)


def enter(database, browser=BROWSER, now=NOW, **more):
    knocked = knock(database, browser=browser, now=now, **more)
    assert knocked.opens_with(SECRET)
    with database.write() as session:
        return sign_ins.sign_in(session, knocked, browser, now, LIMITS)


def load(database, token, now=NOW):
    with database.read() as session:
        return sign_ins.load_signed_in(session, token, now, LIMITS)


def test_a_token_says_who_is_signed_in_and_is_kept_as_a_hash(database, zhao):
    token = enter(database)
    who = load(database, token)
    assert (who.name, who.role, who.collective.code) == ("Zhao", Role.MANAGER, "aguoyi")
    with database.read() as session:
        assert session.scalars(select(SignIn)).one().token_hash not in token


def test_a_knock_opens_with_the_secret_alone(database, zhao):
    assert not knock(database).opens_with("guess")
    assert not knock(database, name="Zhou").opens_with(SECRET)
    assert not knock(database, collective="nowhere").opens_with(SECRET)


def test_an_empty_installation_says_so(sqlite_database):
    with pytest.raises(NoCollective):
        knock(sqlite_database)


def test_a_secret_that_changed_meanwhile_opens_nothing(database, desk, zhao):
    knocked = knock(database)
    with desk() as d:
        accounts.set_secret(d, accounts.load_account(d, "Zhao"), "another long secret")
    with database.write() as session, pytest.raises(sign_ins.SignInFailed):
        sign_ins.sign_in(session, knocked, BROWSER, NOW, LIMITS)


def test_a_new_secret_ends_every_open_sign_in(database, desk, zhao):
    token = enter(database)
    with desk() as d:
        accounts.set_secret(d, accounts.load_account(d, "Zhao"), "another long secret")
    assert load(database, token) is None


def test_old_sign_ins_are_cleared_away_by_new_ones(database, zhao):
    enter(database)
    enter(database, now=NOW + dt.timedelta(hours=3))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_five_wrong_tries_from_one_address_then_a_pause(database, zhao):
    for _ in range(5):
        knock(database)
    with pytest.raises(throttle.TooManyTries) as refusal:
        knock(database, now=NOW + dt.timedelta(minutes=5))
    assert refusal.value.figures == {"minutes": 10}
    knock(database, now=NOW + dt.timedelta(minutes=15, seconds=1))


def test_a_refused_try_does_not_make_the_pause_longer(database, zhao):
    for _ in range(5):
        knock(database)
    for minute in range(1, 15):
        with pytest.raises(throttle.TooManyTries):
            knock(database, now=NOW + dt.timedelta(minutes=minute))
    knock(database, now=NOW + dt.timedelta(minutes=15, seconds=1))


def test_the_pause_is_the_same_for_a_name_that_does_not_exist(database, zhao):
    for _ in range(5):
        knock(database, name="Zhou")
    with pytest.raises(throttle.TooManyTries):
        knock(database, name="ZHOU ")


def test_one_address_may_try_forty_names_and_no_more(database, zhao):
    for number in range(40):
        knock(database, name=f"H{number:03}")
    with pytest.raises(throttle.TooManyTries):
        knock(database)
    knock(database, address="192.0.2.8")


def test_twenty_tries_an_hour_at_a_name_from_anywhere(database, zhao):
    for number in range(20):
        knock(database, address=f"198.51.100.{number}")
    with pytest.raises(throttle.TooManyTries):
        knock(database, address="203.0.113.1")


def test_the_owners_browser_passes_while_others_guess(database, zhao):
    enter(database)
    for number in range(20):
        knock(database, address=f"198.51.100.{number}")
    assert load(database, enter(database)) is not None


def test_a_browser_mark_that_never_signed_in_is_no_pass(database, zhao):
    for number in range(20):
        knock(database, address=f"198.51.100.{number}")
    with pytest.raises(throttle.TooManyTries):
        knock(database, browser="x" * 43)


def test_a_known_browser_has_its_own_five_tries(database, zhao):
    enter(database)
    for _ in range(5):
        knock(database, browser=BROWSER)
    with pytest.raises(throttle.TooManyTries):
        knock(database, browser=BROWSER)


def test_a_new_card_ends_the_pause(database, desk, village):
    from plantation.services.people.households import load_household

    for _ in range(5):
        knock(database, name="H001")
    with desk() as d:
        card = cards.new_household_card(d, load_household(d, "H001"))
    assert knock(database, name="H001").opens_with(card.pin)


def test_a_success_leaves_no_address_behind_and_old_tries_go(database, zhao):
    knock(database, now=NOW - dt.timedelta(days=91))
    enter(database)
    with database.read() as session:
        kept = session.scalars(select(SignInAttempt)).all()
    assert [(attempt.succeeded, attempt.address[:8]) for attempt in kept] == [(True, "browser:")]


def test_guesses_at_the_same_moment_do_not_outrun_the_count(database, zhao):
    let_in, barrier = [], threading.Barrier(8)

    def guess():
        barrier.wait()
        for _ in range(3):
            try:
                let_in.append(knock(database))
            except throttle.TooManyTries:
                pass

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 5
