"""What is sent under an id of its own exists once, however often it is sent."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from plantation.errors import N_, Refusal
from plantation.models import new_id
from plantation.services.desk import Desk


class PaidBefore(Refusal):
    """The same once more, to the letter: a page that was sent again after the back button, most likely."""

    field = "reference"
    template = N_("%(who)s: %(amount_yuan)s yuan of %(day)s are recorded already. If it is another payment, say so in the reference.")


def id_of(once: str) -> int:
    """The key of what was sent under the id `once`: the same every time.

    >>> id_of("0c5d9a0e-54d4-4a43-9a55-6a5f7fb0b1b0") == id_of("0c5d9a0e-54d4-4a43-9a55-6a5f7fb0b1b0") < 2**63
    True
    """
    return int.from_bytes(sha256(once.encode()).digest()[:8], "big") >> 1


def sent_before(desk: Desk, table: type[Any], once: str | None) -> tuple[int, Any]:
    """The key for a row of `table` that is sent under the id `once`, and the row that stands under it already, None before the
    first time. Without an id each is a new one."""
    if not once:
        return new_id(), None
    id_ = id_of(once)
    return id_, desk.session.get(table, (desk.collective_id, id_))
