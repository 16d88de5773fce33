"""What households are called, for a page that has their codes: one query for the whole page."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from plantation.models import Household
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk


def names_by_code(desk: Desk, codes: Iterable[str]) -> dict[str, str]:
    """The names of the households under `codes`; a code that does not exist is left out."""
    found: dict[str, str] = {}
    for chunk in in_chunks(set(codes)):
        rows = desk.session.execute(
            select(Household.code, Household.name).where(Household.collective_id == desk.collective_id, Household.code.in_(chunk))
        )
        found.update((code, name) for code, name in rows)
    return found
