"""Households: kept by the managers; a code, a name, how many members, a phone number, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Earnings, Household, Payment, PurchaseLine, Weighing, WeighingShare
from plantation.services import journal
from plantation.services.bulk import in_chunks
from plantation.services.desk import Desk
from plantation.services.master_data import (
    Problems,
    Upserted,
    check_free,
    check_rename,
    check_version,
    code_problems,
    flush,
    raise_first,
    upsert,
)
from plantation.services.pages import Page, paginate
from plantation.services.words import FieldMissing, check_name

MOST_MEMBERS = 100
POOL = "pool"
_PHONE = re.compile(r"[0-9+(][0-9 ()+./-]{2,29}", re.ASCII)


class MembersOutOfRange(Refusal, ValueError):
    """A number of people that no household has."""

    template = N_("A household has 0 to %(most)s members, not %(members)s.")


class CodeIsPool(Refusal, ValueError):
    """In purchases `pool` means the collective's fruit."""

    template = N_("“%(code)s” cannot be a household's code: purchases use it for the collective's pool.")


class SeveralMatch(Refusal):
    """A name that more than one household has, or that only begins like one."""

    template = N_("“%(text)s” could be: %(choices)s. Type the code of the one you mean.")


@dataclass(frozen=True, slots=True)
class HouseholdInput:
    """A household as somebody typed or sent it."""

    code: str
    name: str
    members: int
    phone: str = ""


def household_problems(household: HouseholdInput) -> Problems:
    """Yield (field, refusal) for everything that is wrong with it.

    >>> [field for field, _ in household_problems(HouseholdInput("", "Qian", 101, "ask Sun"))]
    ['code', 'members', 'phone']
    >>> list(household_problems(HouseholdInput("H001", "钱", 4, "+86 199-0000-0001")))
    []
    """
    yield from code_problems(household.code)
    if household.code.casefold() == POOL:
        yield "code", CodeIsPool(code=household.code)
    if not household.name:
        yield "name", FieldMissing(field=N_("The name"))
    else:
        try:
            check_name(household.name)
        except BadValue as refusal:
            yield "name", refusal
    if not 0 <= household.members <= MOST_MEMBERS:
        yield "members", MembersOutOfRange(members=household.members, most=MOST_MEMBERS)
    if household.phone and not _PHONE.fullmatch(household.phone):
        yield (
            "phone",
            BadValue(
                value=household.phone[:40],
                expected=N_("a phone number of 3 to 30 digits, which may have spaces and + - ( ) . /"),
            ),
        )


def list_households(desk: Desk, *, search: str = "", page: int = 1) -> Page:
    """One page of the households, by code; `search` is looked for in code, name and phone."""
    statement = _all(desk)
    if text := search.strip():
        statement = statement.where(
            or_(
                Household.code.icontains(text, autoescape=True),
                Household.name.icontains(text, autoescape=True),
                Household.phone.contains(text, autoescape=True),
            )
        )
    return paginate(desk.session, statement.order_by(Household.code), page)


def find_households(desk: Desk, text: str, limit: int = 10) -> Sequence[Household]:
    """The likeliest households for what somebody typed: this very code first, then codes that begin or end so,
    then names and phones that hold it. Nothing for nothing."""
    text = text.strip()
    if not text:
        return []
    rank = case(
        (Household.code == text, 0),
        (Household.code.istartswith(text, autoescape=True), 1),
        (Household.code.iendswith(text, autoescape=True), 2),
        (Household.name.icontains(text, autoescape=True), 3),
        (Household.phone.endswith(text, autoescape=True), 4),
        else_=9,
    )
    return desk.session.scalars(_all(desk).where(rank < 9).order_by(rank, Household.code).limit(limit)).all()


def choose_household(text: str, found: Sequence[Household]) -> Household | Refusal:
    """The one of `found` that has this very code, else the only one of that code or whole name, whatever its capitals;
    else the refusal, which names what it could be."""
    exact = [one for one in found if one.code == text] or [
        one for one in found if text.casefold() in (one.code.casefold(), one.name.casefold())
    ]
    if len(exact) == 1:
        return exact[0]
    if not found:
        return NotFound(what=N_("household"), code=text)
    choices = [f"{one.code} {one.name}" for one in found[:8]]
    return SeveralMatch(text=text, choices=", ".join(choices) + (" …" if len(found) > 8 else ""))


def match_households(desk: Desk, texts: Iterable[str]) -> dict[str, Household | Refusal]:
    """For each typed code or whole name its household, or the refusal: looked up in a query for thousands of them."""
    found: dict[str, dict[int, Household]] = {}
    wanted = set(texts)
    for chunk in in_chunks(sorted(wanted | {text.casefold() for text in wanted})):
        match = or_(Household.code.in_(chunk), Household.name.in_(chunk), func.lower(Household.code).in_(chunk))
        statement = _all(desk).where(or_(match, func.lower(Household.name).in_(chunk))).order_by(Household.code)
        for one in desk.session.scalars(statement):
            for key in {one.code.casefold(), one.name.casefold()}:
                found.setdefault(key, {})[one.id] = one
    return {text: choose_household(text, list(found.get(text.casefold(), {}).values())) for text in wanted}


def load_household(desk: Desk, code: str) -> Household:
    """The household of that code. :raises NotFound: there is none in this collective."""
    found = desk.session.scalar(_all(desk).where(Household.code == code))
    if found is None:
        raise NotFound(what=N_("household"), code=code)
    return found


def save_household(
    desk: Desk,
    *,
    household: Household | None = None,
    code: str,
    name: str,
    members: int,
    phone: str,
    version: int | None = None,
) -> Household:
    """Create a household, or change `household` if it still is at `version`.

    :raises Refusal: as :func:`household_problems`; CodeTaken; CodeFixed once fruit or money names it; Stale.
    """
    journal.lock(desk)
    given = HouseholdInput(code.strip(), name.strip(), members, phone.strip())
    if household is not None:
        check_version(household, version, N_("household"))
    raise_first(household_problems(given))
    check_free(desk, Household, given.code, N_("household"), row=household)
    is_new = household is None
    if household is None:
        household = Household(collective_id=desk.collective_id)
    else:
        named_in = (
            Weighing.household_id,
            WeighingShare.household_id,
            PurchaseLine.source_household_id,
            Payment.household_id,
            Earnings.household_id,
        )
        check_rename(desk, household, given.code, N_("household"), named_in)
    household.code, household.name = given.code, given.name
    household.members, household.phone = given.members, given.phone
    if is_new or desk.session.is_modified(household):
        flush(desk, household, N_("household"))
        journal.append(desk, [("household", given.code, _describe(given.code, household.id, {"members": members}))])
    return household


def upsert_households(desk: Desk, households: Iterable[HouseholdInput]) -> Upserted:
    """Create or change many, valid already and each code once; those that say the same are left alone."""
    rows = {one.code: {"name": one.name, "members": one.members, "phone": one.phone} for one in households}
    return upsert(desk, Household, "household", rows, _describe)


def _describe(code: str, row_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    # No name and no phone: the chain is kept for ever, and a person can be erased.
    return {"id": row_id, "code": code, "members": columns["members"]}


def _all(desk: Desk) -> Select[tuple[Household]]:
    return select(Household).where(Household.collective_id == desk.collective_id)
