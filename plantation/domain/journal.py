"""The journal: an append-only chain of entries, each sealed with SHA-256 over its own content and the seal before.

Who rewrites one entry must rewrite every later one, and then the head no longer matches the heads that were printed
on slips and closing sheets. Everything here is pure; storing entries is somebody else's work.

An entry's seal is the SHA-256, in lower-case hex, of the canonical JSON array
``[previous_hash, sequence, recorded_at, actor, kind, subject]`` with `recorded_at` in UTC as
``2026-08-31T16:30:00.000000Z``, a line feed, and the payload's canonical text. The first entry has the sequence 1 and
the previous hash :data:`GENESIS`. The payload is kept and sealed as text, so that not even a space can be changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from plantation.errors import N_, Refusal

GENESIS = "0" * 64

_PLAIN = frozenset({str, int, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


class Entry(NamedTuple):
    """One entry as it is stored. `actor` is who did it, `kind` what happened, `subject` to what (such as a slip)."""

    sequence: int
    previous_hash: str
    recorded_at: datetime
    actor: str
    kind: str
    subject: str
    payload: str
    hash: str


class JournalFault(Refusal):
    """Somebody changed what must never change. `sequence` is the number of the entry where it shows."""


class EntryMissing(JournalFault):
    """A number was left out, came twice or stands in the wrong place."""

    template = N_("Journal: entry %(sequence)s is missing; entry %(found)s stands in its place.")


class WrongPreviousHash(JournalFault):
    """An entry does not follow the one before it."""

    template = N_("Journal: entry %(sequence)s does not continue entry %(before)s: it names %(found)s, not %(expected)s.")


class WrongEntryHash(JournalFault):
    """An entry's content is not what was sealed."""

    template = N_("Journal: entry %(sequence)s was changed after it was recorded: its hash is %(found)s, not %(expected)s.")


class WrongHead(JournalFault):
    """The chain is whole in itself but is not the one whose head was printed."""

    template = N_("Journal: entry %(sequence)s has the hash %(found)s, but %(expected)s was printed.")


class JournalCutShort(JournalFault):
    """Entries whose head was printed are gone from the end."""

    template = N_("Journal: entry %(sequence)s was printed, but the journal ends with entry %(found)s.")


def canonical(payload: Any) -> bytes:
    """The one way to write `payload`: JSON, keys sorted by code point, no spaces, UTF-8, nothing escaped needlessly.

    Only str, int, bool, None, lists and dicts with str keys have such a form. A float, a tuple, a date or a
    Decimal has none: what is read back from a database would not be what was sealed.

    >>> canonical({"net_grams": 23498, "grade": "一级", "reverses": None}).decode()
    '{"grade":"一级","net_grams":23498,"reverses":null}'
    >>> canonical({}), canonical([True, "a"])
    (b'{}', b'[true,"a"]')
    >>> canonical({"net_kg": 23.498})
    Traceback (most recent call last):
    TypeError: float 23.498 has no canonical form

    :raises TypeError: any other type, wherever it is nested.
    :raises ValueError: a text that UTF-8 cannot hold (half of a surrogate pair).
    """
    _check_plain(payload)
    return _encode(payload).encode()


def _check_plain(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise TypeError(f"{type(key).__name__} {key!r} has no canonical form as a key")
            if type(item) not in _PLAIN:
                _check_plain(item)
    elif kind is list:
        for item in value:
            if type(item) not in _PLAIN:
                _check_plain(item)
    elif kind not in _PLAIN:
        raise TypeError(f"{kind.__name__} {value!r} has no canonical form")


def entry_hash(previous_hash: str, sequence: int, recorded_at: datetime, actor: str, kind: str, subject: str, payload: Any) -> str:
    """The seal of an entry, as the module's head describes it. The zone of `recorded_at` does not change it.

    `payload` is the stored canonical text, taken as it is, or what :func:`canonical` makes that text of.

    >>> moment = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
    >>> entry_hash(GENESIS, 1, moment, "Zhao", "weighed", "S-000001", {"net_grams": 23498})[:16]
    '4ddc9cf9b70eecd1'

    :raises ValueError: a moment without an offset.
    :raises TypeError: as :func:`canonical`.
    """
    moment = _moment(recorded_at)
    text = payload.encode() if type(payload) is str else canonical(payload)
    if not type(previous_hash) is type(actor) is type(kind) is type(subject) is str or type(sequence) is not int:
        return sha256(canonical([previous_hash, sequence, moment, actor, kind, subject]) + b"\n" + text).hexdigest()
    # The same in half the time: every entry that is sealed or verified has one.
    head = f'[{_encode(previous_hash)},{sequence},"{moment}",{_encode(actor)},{_encode(kind)},{_encode(subject)}]\n'
    return sha256(head.encode() + text).hexdigest()


@lru_cache(maxsize=64)  # the entries of one settlement or import share theirs
def _moment(recorded_at: datetime) -> str:
    if recorded_at.utcoffset() is None:
        raise ValueError(f"{recorded_at.isoformat()} has no offset from UTC")
    return recorded_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def append(head: Entry | None, recorded_at: datetime, actor: str, kind: str, subject: str, payload: Any) -> Entry:
    """The entry that continues the chain after `head`; after None, the first.

    >>> moment = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
    >>> first = append(None, moment, "Zhao", "weighed", "S-000001", {"net_grams": 23498})
    >>> second = append(first, moment, "Zhao", "reversed", "S-000001", {"reason": "wrong household"})
    >>> second.sequence, second.previous_hash == first.hash, second.payload
    (2, True, '{"reason":"wrong household"}')

    :raises TypeError, ValueError: as :func:`entry_hash`.
    """
    sequence, previous_hash = (head.sequence + 1, head.hash) if head else (1, GENESIS)
    text = canonical(payload).decode()
    return Entry(
        sequence,
        previous_hash,
        recorded_at,
        actor,
        kind,
        subject,
        text,
        entry_hash(previous_hash, sequence, recorded_at, actor, kind, subject, text),
    )


def walk(
    entries: Iterable[Entry],
    *,
    printed: Mapping[int, str] | None = None,
    after: int = 0,
    previous_hash: str = GENESIS,
) -> JournalFault | None:
    """The first fault of a chain given in the order of its numbers, or None. Holds one entry at a time.

    `printed` are heads known from paper, by sequence; a prefix of a hash is enough, as a slip may print only one.
    `after` and `previous_hash` let a walk continue from an entry that was verified before.

    >>> moment = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
    >>> first = append(None, moment, "Zhao", "weighed", "S-000001", {"net_grams": 23498})
    >>> walk([]), walk([first], printed={1: first.hash[:8]})
    (None, None)
    >>> str(walk([first._replace(sequence=2)]))
    'Journal: entry 1 is missing; entry 2 stands in its place.'
    >>> str(walk([], printed={1: first.hash[:8]}))
    'Journal: entry 1 was printed, but the journal ends with entry 0.'
    """
    printed = printed or {}
    for entry in entries:
        if entry.sequence != after + 1:
            return EntryMissing(sequence=after + 1, found=entry.sequence)
        if entry.previous_hash != previous_hash:
            return WrongPreviousHash(sequence=entry.sequence, before=after, found=entry.previous_hash, expected=previous_hash)
        expected = entry_hash(previous_hash, entry.sequence, entry.recorded_at, entry.actor, entry.kind, entry.subject, entry.payload)
        if entry.hash != expected:
            return WrongEntryHash(sequence=entry.sequence, found=entry.hash, expected=expected)
        if not expected.startswith(printed.get(entry.sequence, "")):
            return WrongHead(sequence=entry.sequence, found=expected, expected=printed[entry.sequence])
        after, previous_hash = entry.sequence, expected
    missing = min((sequence for sequence in printed if sequence > after), default=None)
    return None if missing is None else JournalCutShort(sequence=missing, found=after)
