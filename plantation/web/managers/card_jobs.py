"""Making many cards beside the requests.

Hashing a PIN is slow on purpose. A PIN may stand in no file, so what is being made lies in this process's memory alone, and
nothing is written before the sheet is asked for: until somebody sees the new PINs, the cards before keep working.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from plantation.errors import N_, Refusal
from plantation.exchange.slips import qr_svg
from plantation.services.people import passwords
from plantation.services.people.cards import Card
from plantation.web.managers.jobs import Job, JobKind, start_job


class TooManySheets(Refusal):
    """More sheets than one machine can work on."""

    template = N_("%(count)s sheets of cards are being made already. Wait until one is done.")


class SheetFailed(Refusal):
    """A fault of this program, which the log has."""

    template = N_("These cards failed by a fault of this program. Nothing was written; the fault is in the log.")


SHEETS = JobKind("cards", 4, TooManySheets, SheetFailed)


@dataclass(slots=True)
class CardSheet:
    """Cards for households by `codes`: for each the address that its QR code holds, and once it is made a PIN with its hash.

    `cards` are those that were written; asked for again, the same sheet is shown and no PIN changes.
    """

    codes: list[str]
    addresses: list[str]
    is_missing_only: bool
    pins: dict[str, tuple[str, str]] = field(default_factory=dict)
    drawings: dict[str, str] = field(default_factory=dict)
    cards: list[Card] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)


def start_cards(codes: Sequence[str], addresses: Sequence[str], *, is_missing_only: bool) -> Job[CardSheet]:
    """Have cards made for `codes`.

    :raises TooManySheets: others are being made.
    """
    return start_job(SHEETS, CardSheet(list(codes), list(addresses), is_missing_only), _make)


def _make(job: Job[CardSheet]) -> None:
    sheet = job.made
    job.whole = len(sheet.codes)
    fresh = passwords.each_random_pin(job.whole)
    for code, address, pair in zip(sheet.codes, sheet.addresses, fresh, strict=True):
        sheet.pins[code] = pair
        sheet.drawings[code] = qr_svg(address)
        job.done += 1
