"""The public draw: who gets which parcel, from the seed, the rights and the parcels' codes alone.

Anyone can recompute it with paper, this text and a SHA-256 program:

1. Each right's lot is ``SHA-256(seed, newline, right code)`` in UTF-8: ``printf 'SEED\\nR001' | sha256sum``. Rights are
   drawn in the order of their lots, smallest first. Nothing else decides: not the order of the list, not a name.
2. Rights of one size are drawn among the parcels of that size. The first drawn gets the parcel with the first code, and
   so on.
3. Where rights asked to lie *beside* each other, the parcels of a size are seen as rings: a plot's parcels in the order
   of their numbers, the last beside the first. A group stands in the draw where its first member stands and stays
   together; the draw is laid on the rings from a place that the seed turns to, a group belongs to the ring in which it
   begins, and each ring is then turned by the seed once more. Rights that asked for nothing fill the other places in the
   order of the draw.

What holds, for every right, whether it asked or not: **its odds are the same for every parcel of its size, 1 in as many
as there are.** Turning makes a group cover each parcel equally often, so what is left for the others is left equally
often too. Where a ring is too small for the groups that may fall into it, it is joined to the next ring; a group can
then be parted by the gap between them, which is said and not hidden.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plantation.errors import N_, Refusal

LONGEST_SEED = 200


class BadSeed(Refusal):
    """A seed that could be read in two ways."""

    template = N_("A seed is one line of 1 to %(most)s characters, such as the numbers that dice showed.")


class LotsDoNotMatch(Refusal):
    """There is not one parcel for each right."""

    template = N_("%(rights)s rights of %(size)s are drawn among %(parcels)s parcels.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A right that takes part: its code, its size (rights of equal size draw among the same parcels), and the word that
    it shares with those it wants to lie beside."""

    right: str
    size: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """A parcel to be drawn: its code and its size. Parcels of a plot have codes such as ``P01-007``."""

    parcel: str
    size: int

    @property
    def ring(self) -> str:
        """The plot, as the code says."""
        return self.parcel.rpartition("-")[0]


def place_of(parcel: str) -> tuple[str, int, str]:
    """Sorts parcels' codes by plot and number.

    >>> sorted(["P2-1", "P1-1000", "P1-999"], key=place_of)
    ['P1-999', 'P1-1000', 'P2-1']
    """
    plot, _, number = parcel.rpartition("-")
    return plot, len(number), number


def read_seed(seed: str) -> str:
    """The seed as it is hashed: without blanks around it, in Unicode's composed form.

    >>> read_seed(" 3-1-6 ")
    '3-1-6'

    :raises BadSeed: it is empty, longer than 200 characters or more than one line.
    """
    text = unicodedata.normalize("NFC", seed.strip())
    if not text or len(text) > LONGEST_SEED or not text.isprintable():
        raise BadSeed(most=LONGEST_SEED)
    return text


def lot_of(seed: str, word: str) -> str:
    """SHA-256 of the seed, a newline and `word`, in hexadecimal.

    >>> lot_of("316", "R001")[:16]
    'cc16ad13f6278520'
    """
    return hashlib.sha256(f"{seed}\n{word}".encode()).hexdigest()


def fingerprint(seed: str) -> str:
    """Twelve characters that stand for a draw in a file of parcels.

    >>> fingerprint("316")
    '874b80759414'
    """
    return lot_of(read_seed(seed), "draw")[:12]


def draw_order(seed: str, rights: Iterable[str]) -> list[str]:
    """The rights' codes in the order in which they are drawn; the order they come in does not matter.

    >>> draw_order("316", ["R3", "R1", "R2"]) == draw_order("316", ["R1", "R2", "R3"])
    True
    >>> draw_order("316", [])
    []
    """
    seed = read_seed(seed)
    return sorted(rights, key=lambda right: (lot_of(seed, right), right))


def draw(seed: str, tickets: Iterable[Ticket], lots: Iterable[Lot]) -> dict[str, str]:
    """The parcel of each right, by the rules above.

    >>> tickets = [Ticket("R1", 10_000), Ticket("R2", 10_000), Ticket("R3", 3_500)]
    >>> draw("316", tickets, [Lot("P-1", 10_000), Lot("P-2", 3_500), Lot("P-3", 10_000)])
    {'R1': 'P-3', 'R2': 'P-1', 'R3': 'P-2'}
    >>> draw("316", [], [])
    {}

    :raises LotsDoNotMatch: a size has more or fewer parcels than rights.
    """
    seed = read_seed(seed)
    tickets_of: dict[int, list[Ticket]] = defaultdict(list)
    lots_of: dict[int, list[Lot]] = defaultdict(list)
    for ticket in tickets:
        tickets_of[ticket.size].append(ticket)
    for lot in lots:
        lots_of[lot.size].append(lot)
    drawn: dict[str, str] = {}
    for size in sorted(tickets_of.keys() | lots_of.keys()):
        if len(tickets_of[size]) != len(lots_of[size]):
            raise LotsDoNotMatch(rights=len(tickets_of[size]), parcels=len(lots_of[size]), size=size)
        drawn |= _draw_size(seed, size, tickets_of[size], sorted(lots_of[size], key=lambda lot: place_of(lot.parcel)))
    return dict(sorted(drawn.items()))


def _draw_size(seed: str, size: int, tickets: list[Ticket], lots: list[Lot]) -> dict[str, str]:
    order = draw_order(seed, (ticket.right for ticket in tickets))
    wish = {ticket.right: ticket.beside for ticket in tickets}
    groups: dict[str, list[str]] = defaultdict(list)
    for right in order:
        if wish[right]:
            groups[wish[right]].append(right)
    units = [groups[wish[right]] if wish[right] else [right] for right in order if not wish[right] or groups[wish[right]][0] == right]
    if all(len(unit) == 1 for unit in units):
        return {right: lot.parcel for right, lot in zip(order, lots, strict=True)}
    turn = _number(seed, f"turn {size}", len(lots))
    starts, at = [], turn
    for unit in units:
        starts.append(at % len(lots))
        at += len(unit)
    rings = _rings(lots, [(start, len(unit)) for start, unit in zip(starts, units, strict=True) if len(unit) > 1])
    return _seat(seed, size, rings, sorted(zip(starts, units, strict=True)), order)


def _number(seed: str, word: str, below: int) -> int:
    return int(lot_of(seed, word), 16) % below


def _rings(lots: Sequence[Lot], groups: list[tuple[int, int]]) -> list[list[Lot]]:
    """Plots as rings; small ones are joined to the next until no turn whatever could crowd a ring with groups.

    Whether rings are joined depends on the draw's order only, never on the turn: that keeps the odds equal.
    """
    rings: list[list[Lot]] = []
    for lot in lots:
        if rings and rings[-1][0].ring == lot.ring:
            rings[-1].append(lot)
        else:
            rings.append([lot])
    while len(rings) > 1:
        smallest = min(range(len(rings)), key=lambda index: (len(rings[index]), index))
        if not _can_crowd(groups, len(rings[smallest]), len(lots)):
            break
        first = min(smallest, len(rings) - 2)
        rings[first : first + 2] = [rings[first] + rings[first + 1]]
    return rings


def _can_crowd(groups: list[tuple[int, int]], ring: int, around: int) -> bool:
    """Whether some stretch of `ring` places has groups beginning in it that need more than `ring` places."""
    once = sorted(groups)
    twice = once + [(start + around, length) for start, length in once]
    ahead, needed = 0, 0
    for index, (start, length) in enumerate(once):
        while ahead < index + len(once) and twice[ahead][0] < start + ring:
            needed += twice[ahead][1]
            ahead += 1
        if needed > ring:
            return True
        needed -= length
    return False


def _seat(seed: str, size: int, rings: list[list[Lot]], units: list[tuple[int, list[str]]], order: list[str]) -> dict[str, str]:
    seated: list[tuple[list[Lot], list[list[str]]]] = []
    spare: set[str] = set()
    first = 0
    for ring in rings:
        here = [unit for start, unit in units if first <= start < first + len(ring)]
        over = sum(map(len, here)) - len(ring)
        for index in range(len(here) - 1, -1, -1):
            if over > 0 and len(here[index]) == 1:
                spare.update(here.pop(index))
                over -= 1
        seated.append((ring, here))
        first += len(ring)
    waiting = iter([right for right in order if right in spare])
    drawn: dict[str, str] = {}
    for ring, here in seated:
        rights = [right for unit in here for right in unit]
        rights += [next(waiting) for _ in range(len(ring) - len(rights))]
        turn = _number(seed, f"turn {size} {ring[0].ring}", len(ring))
        for index, right in enumerate(rights):
            drawn[right] = ring[(index + turn) % len(ring)].parcel
    assert len(drawn) == len(order) == len(set(drawn.values())), (len(drawn), len(order))
    return drawn
