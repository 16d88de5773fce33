"""Making many cards beside the requests, as plans are made: a thread works, any page may ask how far it is.

Hashing a PIN is slow on purpose. A PIN may stand in no file, so what is being made lies in this process's memory alone, and
nothing is written before the sheet is asked for: until somebody sees the new PINs, the cards before keep working.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from plantation.errors import N_, Refusal
from plantation.exchange.slips import qr_svg
from plantation.services.people import passwords
from plantation.services.people.cards import Card

PATIENCE_SECONDS = 1.2
KEPT_SECONDS = 15 * 60.0
MOST_WAITING = 4

_log = logging.getLogger("plantation.web")
_guard = threading.Lock()
_jobs: dict[str, CardJob] = {}


class TooManySheets(Refusal):
    """More sheets than one machine can work on."""

    template = N_("%(count)s sheets of cards are being made already. Wait until one is done.")


class SheetFailed(Refusal):
    """A fault of this program, which the log has."""

    template = N_("These cards failed by a fault of this program. Nothing was written; the fault is in the log.")


@dataclass(slots=True)
class CardJob:
    """Cards for households by `codes`: for each the address that its QR code holds, and once it is made a PIN with its hash.

    `cards` are those that were written; asked for again, the same sheet is shown and no PIN changes.
    """

    key: str
    collective_id: int
    account_id: int
    codes: list[str]
    addresses: list[str]
    is_missing_only: bool
    made_at: float = field(default_factory=time.monotonic)
    pins: dict[str, tuple[str, str]] = field(default_factory=dict)
    drawings: dict[str, str] = field(default_factory=dict)
    cards: list[Card] = field(default_factory=list)
    is_failed: bool = False
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def whole(self) -> int:
        """How many cards it will be."""
        return len(self.codes)

    @property
    def done(self) -> int:
        """How many are made."""
        return len(self.drawings)

    @property
    def is_done(self) -> bool:
        """The sheet can be asked for."""
        return self.done == self.whole


def start_cards(collective_id: int, account_id: int, codes: Sequence[str], addresses: Sequence[str], *, is_missing_only: bool) -> CardJob:
    """Have cards made for `codes`; waits a moment, so that a few are done at once.

    :raises TooManySheets: others are being made.
    """
    job = CardJob(secrets.token_hex(12), collective_id, account_id, list(codes), list(addresses), is_missing_only)
    with _guard:
        _forget_old()
        working = sum(not (one.is_done or one.is_failed) for one in _jobs.values())
        if working >= MOST_WAITING:
            raise TooManySheets(count=working)
        _jobs[job.key] = job
    thread = threading.Thread(target=_work, args=(job,), name=f"cards-{job.key}", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return job


def find_cards(collective_id: int, account_id: int, key: str) -> CardJob | None:
    """The sheet of that key, for who asked for it; None when it is somebody else's, is long past, or the program was stopped."""
    with _guard:
        _forget_old()
        job = _jobs.get(key)
    return job if job and (job.collective_id, job.account_id) == (collective_id, account_id) else None


def _forget_old() -> None:
    for key in [key for key, job in _jobs.items() if time.monotonic() - job.made_at > KEPT_SECONDS]:
        del _jobs[key]


def _work(job: CardJob) -> None:
    try:
        fresh = passwords.each_random_pin(job.whole)
        for code, address, pair in zip(job.codes, job.addresses, fresh, strict=True):
            job.pins[code] = pair
            job.drawings[code] = qr_svg(address)  # last: it is what `done` counts
    except Exception:
        _log.exception("cards %s failed", job.key)
        job.is_failed = True
