"""Passwords and PINs: what is accepted, and how it is kept (Argon2id, never the secret itself).

19 MiB, two passes, one lane: OWASP's recommendation; about 40 ms on a small server, so it is never done inside a
write transaction, where everybody else would wait for it.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from plantation.domain.words import Role
from plantation.errors import N_, Refusal

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200
PIN_DIGITS = 6

# Who has a paper card: its PIN is six digits, renewed with a new card and never typed by its holder.
WITH_PIN = frozenset({Role.HOUSEHOLD, Role.RELATIVE, Role.PICKER})

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# The hash of a random text that nobody kept: an unknown name costs the same work as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$MPkwGuPvbFLWO2jMZMDq5A$XXZFetitZs/tbFfjqgKfGPvd/YJ02bUfRqVoFrLYcFY"
_COMMON = ("password", "qwerty", "123456", "abcdef", "111111", "letmein", "iloveyou", "woaini", "plantation", "shaji")


class PasswordTooShort(Refusal):
    template = N_("A password needs at least %(minimum)s characters; this one has %(length)s.")


class PasswordTooLong(Refusal):
    template = N_("A password has at most %(maximum)s characters; this one has %(length)s.")


class PasswordTooSimple(Refusal):
    template = N_("This password is too easy to guess: it is a common one, the name, or one character again and again.")


class PinShape(Refusal):
    template = N_("A PIN has exactly %(digits)s digits and is not one digit again and again.")


def check_secret(role: Role, name: str, secret: str) -> None:
    """Refuse a secret that `role` may not have: six digits for who has a card, a longer text for everybody else.

    >>> check_secret(Role.HOUSEHOLD, "H001", "204815")

    :raises PasswordTooShort, PasswordTooLong, PasswordTooSimple, PinShape: what is wrong with it.
    """
    secret = _plain(secret)
    if role in WITH_PIN:
        if len(secret) != PIN_DIGITS or not secret.isascii() or not secret.isdigit() or len(set(secret)) == 1:
            raise PinShape(digits=PIN_DIGITS)
        return
    if len(secret) < MINIMUM_LENGTH:
        raise PasswordTooShort(minimum=MINIMUM_LENGTH, length=len(secret))
    if len(secret) > MAXIMUM_LENGTH:
        raise PasswordTooLong(maximum=MAXIMUM_LENGTH, length=len(secret))
    bare = secret.casefold()
    for easy in (*_COMMON, name.casefold()):
        bare = bare.replace(easy, "") if easy else bare
    if len(bare) < 4 or len(set(secret)) < 4:
        raise PasswordTooSimple()


def hash_secret(secret: str) -> str:
    """What is stored instead of `secret`; another salt each time."""
    return hasher.hash(_plain(secret))


def hash_secrets(plain: Sequence[str]) -> Iterator[str]:
    """The same for many at once, one after the other as they are done, on all processors (Argon2 works outside Python's lock).

    >>> list(hash_secrets([]))
    []
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as workers:
        yield from workers.map(hash_secret, plain)


def matches(secret_hash: str | None, secret: str) -> bool:
    """True when `secret` belongs to the hash; None (nobody of that name) costs the same work and is always False."""
    try:
        return hasher.verify(secret_hash or _NOBODY, _plain(secret[:MAXIMUM_LENGTH])) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def random_password() -> str:
    """A password to be shown once: 79 bits, in groups that can be read aloud, without look-alike characters."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def random_pin() -> str:
    """A six-digit PIN for a household's card."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if len(set(pin)) > 1 and pin not in "0123456789876543210":
            return pin


def random_pins(count: int) -> list[tuple[str, str]]:
    """`count` PINs for cards, each with its hash: about 20 ms apiece on two processors.

    >>> random_pins(0)
    []
    """
    return list(each_random_pin(count))


def each_random_pin(count: int) -> Iterator[tuple[str, str]]:
    """The same one by one, for who tells how far it is."""
    pins = [random_pin() for _ in range(count)]
    yield from zip(pins, hash_secrets(pins), strict=True)


def _plain(secret: str) -> str:
    # A Chinese keyboard may type full-width digits; both spellings are one secret.
    return unicodedata.normalize("NFKC", secret)
