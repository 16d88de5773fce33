"""The brake on guessing: tries are counted in the database before a secret is looked at, over all processes.

Three counts, each of failed tries only. A name from one address: what a guesser at one phone gets. An address: what
one machine gets over all names. A name from anywhere: what many machines get together; a browser that has signed in
to this account before is not held up by that one, so that a neighbour's guesses do not keep its owner out. A new
card or password clears the name's count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from plantation.errors import N_, Refusal
from plantation.models import Collective, SignInAttempt

PER_NAME_AND_ADDRESS = (5, dt.timedelta(minutes=15))
PER_ADDRESS = (40, dt.timedelta(minutes=15))
PER_NAME = (20, dt.timedelta(minutes=60))
KEPT = dt.timedelta(days=90)


class TooManyTries(Refusal):
    """Wait, or come with a new card; the answer is the same whether the account exists or not."""

    template = N_("Too many tries. Please wait %(minutes)s minutes, or ask your manager for a new card.")


def network_of(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the /64 network that an IPv6 customer is given.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("")
    ('192.0.2.7', '2001:db8:1:2::', 'unknown')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def browser_mark(browser: str) -> str:
    """Under which mark a browser's secret cookie is remembered (its hash, so that the table is of no use to a thief)."""
    return "browser:" + hashlib.sha256(browser.encode()).hexdigest()[:48]


def count_try(session: Session, collective_id: int, name: str, address: str, browser: str | None, now: dt.datetime) -> SignInAttempt:
    """Write down one try, or refuse it. Counted first, checked later: parallel guesses cannot outrun the count.

    A refused try is not counted, so that nobody can prolong a pause for somebody else.

    :raises TooManyTries: with the minutes until the next try is free.
    """
    # One counter at a time in a collective; FOR NO KEY UPDATE leaves all other writers alone.
    session.execute(select(Collective.id).where(Collective.id == collective_id).with_for_update(key_share=True))
    name = name.lower()[:64]
    place = network_of(address)
    mine = (SignInAttempt.collective_id == collective_id, SignInAttempt.account_name == name)
    known = browser is not None and session.scalar(
        select(SignInAttempt.id).where(*mine, SignInAttempt.address == browser_mark(browser), SignInAttempt.succeeded).limit(1)
    )
    if known and browser is not None:
        place = browser_mark(browser)
    limits = [(PER_NAME_AND_ADDRESS, (*mine, SignInAttempt.address == place))]
    if not known:
        # An address is counted over all collectives of the installation: it is one machine.
        limits += [(PER_ADDRESS, (SignInAttempt.address == place,)), (PER_NAME, mine)]
    for (most, window), which in limits:
        _refuse_beyond(session, most, window, which, now)
    attempt = SignInAttempt(collective_id=collective_id, account_name=name, address=place, tried_at=now, succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt


def _refuse_beyond(session: Session, most: int, window: dt.timedelta, which: tuple, now: dt.datetime) -> None:
    failed = (*which, SignInAttempt.succeeded.is_(False), SignInAttempt.tried_at > now - window)
    count, oldest = session.execute(select(func.count(), func.min(SignInAttempt.tried_at)).where(*failed)).one()
    if count >= most:
        minutes = max(1, -(-int((oldest + window - now).total_seconds()) // 60))
        raise TooManyTries(minutes=minutes)


def count_success(session: Session, attempt_id: int, collective_id: int, browser: str, now: dt.datetime) -> None:
    """Turn a counted try into a success of this browser, and forget what is too old to matter."""
    mine = SignInAttempt.collective_id == collective_id
    attempt = session.scalar(select(SignInAttempt).where(mine, SignInAttempt.id == attempt_id))
    if attempt is not None:
        attempt.succeeded, attempt.address = True, browser_mark(browser)
    session.flush()
    session.execute(delete(SignInAttempt).where(mine, SignInAttempt.tried_at < now - KEPT))


def forgive(session: Session, collective_id: int, names: Sequence[str]) -> None:
    """Failed tries under these names no longer count."""
    session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.collective_id == collective_id,
            SignInAttempt.account_name.in_({name.lower() for name in names}),
            SignInAttempt.succeeded.is_(False),
        )
    )
