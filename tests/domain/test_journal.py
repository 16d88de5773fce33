from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantation.domain.journal import (
    GENESIS,
    EntryMissing,
    JournalCutShort,
    WrongEntryHash,
    WrongHead,
    WrongPreviousHash,
    append,
    canonical,
    entry_hash,
    walk,
)

NOON = dt.datetime(2026, 9, 1, 4, 0, 0, 250, tzinfo=dt.UTC)


def chain(length):
    entries = []
    for number in range(length):
        head = entries[-1] if entries else None
        entries.append(append(head, NOON, "Zhao", "weighed", f"S-{number + 1:06}", {"net_grams": 1000 + number}))
    return entries


def test_the_seal_can_be_recomputed_with_nothing_but_the_manual():
    head = f'["{GENESIS}",1,"2026-09-01T04:00:00.000250Z","Zhao","weighed","磅-1"]'
    text = '{"grade":"一级","net_grams":23498}'
    expected = hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()
    assert entry_hash(GENESIS, 1, NOON, "Zhao", "weighed", "磅-1", {"net_grams": 23498, "grade": "一级"}) == expected
    assert entry_hash(GENESIS, 1, NOON, "Zhao", "weighed", "磅-1", text) == expected


def test_the_zone_in_which_a_moment_is_written_does_not_change_the_seal():
    in_shanghai = NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert entry_hash(GENESIS, 1, NOON, "Zhao", "k", "s", {}) == entry_hash(GENESIS, 1, in_shanghai, "Zhao", "k", "s", {})
    with pytest.raises(ValueError, match="no offset"):
        entry_hash(GENESIS, 1, NOON.replace(tzinfo=None), "Zhao", "k", "s", {})


@pytest.mark.parametrize(
    "payload",
    [1.5, {"kg": 1.0}, [[float("nan")]], {"a": {"b": (1, 2)}}, {1: "a"}, Decimal(1), {"on": NOON.date()}, b"x"],
)
def test_what_has_no_canonical_form_is_refused(payload):
    with pytest.raises(TypeError, match="no canonical form"):
        canonical(payload)


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"name": "\ud800"})


def test_a_whole_chain_has_no_fault():
    entries = chain(5)
    assert walk(entries) is None
    assert walk(iter(entries), printed={5: entries[4].hash, 2: entries[1].hash[:12]}) is None
    assert walk([]) is None


def test_a_walk_continues_from_what_was_verified():
    entries = chain(5)
    assert walk(entries[3:], after=3, previous_hash=entries[2].hash) is None
    assert isinstance(walk(entries[3:], after=3, previous_hash=entries[1].hash), WrongPreviousHash)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "Zhou"},
        {"kind": "reversed"},
        {"subject": "S-999999"},
        {"payload": '{"net_grams":9999}'},
        {"payload": '{"net_grams": 1002}'},
        {"recorded_at": NOON + dt.timedelta(microseconds=1)},
        {"hash": "f" * 64},
    ],
)
def test_an_edited_entry_is_named(change):
    entries = chain(5)
    entries[2] = entries[2]._replace(**change)
    fault = walk(entries)
    assert isinstance(fault, WrongEntryHash)
    assert fault.figures["sequence"] == 3


def test_an_entry_that_is_edited_and_sealed_again_breaks_the_next():
    entries = chain(5)
    entries[2] = append(entries[1], NOON, "Zhou", "weighed", "S-000003", {"net_grams": 9999})
    fault = walk(entries)
    assert isinstance(fault, WrongPreviousHash)
    assert fault.figures["sequence"] == 4
    assert fault.figures["before"] == 3


def test_a_history_rewritten_to_its_end_is_found_by_a_printed_head():
    entries, forged = chain(5), chain(2)
    for number in range(3, 6):
        forged.append(append(forged[-1], NOON, "Zhou", "weighed", f"S-{number:06}", {"net_grams": 9}))
    assert walk(forged) is None
    fault = walk(forged, printed={5: entries[4].hash[:12]})
    assert isinstance(fault, WrongHead)
    assert fault.figures["sequence"] == 5


@pytest.mark.parametrize("gone", [0, 2, 3])
def test_a_deleted_entry_is_named(gone):
    entries = chain(5)
    del entries[gone]
    fault = walk(entries)
    assert isinstance(fault, EntryMissing)
    assert fault.figures == {"sequence": gone + 1, "found": gone + 2}


def test_a_deleted_end_is_found_by_a_printed_head():
    entries = chain(5)
    assert walk(entries[:4]) is None
    fault = walk(entries[:4], printed={5: entries[4].hash})
    assert isinstance(fault, JournalCutShort)
    assert fault.figures == {"sequence": 5, "found": 4}


def test_two_entries_that_changed_places_are_found():
    entries = chain(5)
    entries[1], entries[2] = entries[2], entries[1]
    assert isinstance(walk(entries), EntryMissing)


payloads = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3),
    max_leaves=8,
)


@given(payloads)
def test_any_payload_reads_back_and_has_one_text(payload):
    text = canonical(payload)
    assert json.loads(text) == payload
    assert canonical(json.loads(text)) == text
    assert b"\n" not in text


@given(st.lists(payloads, min_size=1, max_size=6), st.data())
def test_any_single_change_of_any_chain_is_found(bodies, data):
    entries = []
    for body in bodies:
        entries.append(append(entries[-1] if entries else None, NOON, "Zhao", "k", "s", {"body": body}))
    assert walk(entries) is None
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["actor", "kind", "subject", "payload", "previous_hash", "hash"]))
    other = data.draw(st.text(st.characters(codec="utf-8")).filter(lambda text: text != getattr(entries[place], field)))
    entries[place] = entries[place]._replace(**{field: other})
    assert walk(entries).figures["sequence"] in {place + 1, place + 2}


def test_twenty_thousand_entries_are_walked_one_by_one_and_the_last_change_is_found():
    entries = chain(20_000)
    assert walk(iter(entries)) is None
    entries[-1] = entries[-1]._replace(payload=entries[-1].payload + " ")
    assert walk(iter(entries)).figures["sequence"] == 20_000
