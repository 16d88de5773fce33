"""Buyers: juice, oil and dried-fruit processors and traders, kept by the managers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from plantation.errors import N_, BadValue, NotFound
from plantation.models import Buyer, Purchase, new_ids
from plantation.services import journal
from plantation.services.bulk import insert_rows
from plantation.services.desk import Desk
from plantation.services.lookups import ids_by_code
from plantation.services.master_data import check_free, check_rename, check_version, flush
from plantation.services.pages import Page, paginate
from plantation.services.words import check_code, check_name

PHONE_LENGTH = 30
# What a buyer whom nobody has spoken to yet gets.
TERMS_DAYS = 30
# Files that others write have a buyer's name for its code, so that one may have spaces and commas.
EXPECTED_CODE = N_("a code of 1 to 64 printable characters")


def list_buyers(desk: Desk, *, search: str = "", page: int = 1) -> Page:
    """One page of the buyers, by code; `search` is looked for in code and name."""
    statement = select(Buyer).where(Buyer.collective_id == desk.collective_id).order_by(Buyer.code)
    if text := search.strip():
        statement = statement.where(or_(Buyer.code.icontains(text, autoescape=True), Buyer.name.icontains(text, autoescape=True)))
    return paginate(desk.session, statement, page)


def load_buyer(desk: Desk, code: str) -> Buyer:
    """The buyer of that code. :raises NotFound: there is none in this collective."""
    found = desk.session.scalar(select(Buyer).where(Buyer.collective_id == desk.collective_id, Buyer.code == code))
    if found is None:
        raise NotFound(what=N_("buyer"), code=code)
    return found


def save_buyer(
    desk: Desk,
    *,
    buyer: Buyer | None = None,
    code: str,
    name: str,
    phone: str = "",
    terms_days: int = TERMS_DAYS,
    version: int | None = None,
) -> Buyer:
    """Create a buyer, or change `buyer` if it still is at `version`. `terms_days`: how long it may take to pay.

    :raises BadValue: a code, name, phone or number of days that is none. :raises CodeTaken, CodeFixed, Stale: as their names say.
    """
    journal.lock(desk)
    code, name, phone = code.strip(), name.strip(), phone.strip()
    if buyer is not None:
        check_version(buyer, version, N_("buyer"))
    check_code(code, EXPECTED_CODE)
    check_name(name)
    if len(phone) > PHONE_LENGTH or not phone.isprintable():
        raise BadValue(value=phone[:40], expected=N_("a phone number of at most 30 characters"))
    if not 0 <= terms_days <= 365:
        raise BadValue(value=str(terms_days), expected=N_("a number of days from 0 to 365"))
    check_free(desk, Buyer, code, N_("buyer"), row=buyer)
    if buyer is None:
        buyer = Buyer(collective_id=desk.collective_id)
    else:
        check_rename(desk, buyer, code, N_("buyer"), (Purchase.buyer_id,))
    buyer.code, buyer.name, buyer.phone, buyer.terms_days = code, name, phone, terms_days
    flush(desk, buyer, N_("buyer"))
    journal.append(desk, [("buyer", code, {"id": buyer.id, "code": code, "terms_days": terms_days})])
    return buyer


def meet_buyers(desk: Desk, codes: Iterable[str]) -> dict[str, int]:
    """The ids of the buyers under `codes`; who is not there yet is created, with the code for a name.

    The journal must be locked. A text that cannot be a code is left out.
    """
    wanted = {code for code in codes if _is_code(code)}
    ids = ids_by_code(desk, Buyer, wanted)
    new = sorted(wanted - ids.keys())
    fresh = dict(zip(new, new_ids(len(new)), strict=True)) if new else {}
    insert_rows(
        desk.session,
        Buyer,
        ("collective_id", "id", "code", "name", "phone", "terms_days", "version"),
        [(desk.collective_id, fresh[code], code, code, "", TERMS_DAYS, 1) for code in new],
    )
    journal.append(desk, [("buyer", code, {"id": fresh[code], "code": code, "terms_days": TERMS_DAYS}) for code in new])
    return ids | fresh


def _is_code(code: str) -> bool:
    try:
        return bool(check_code(code, EXPECTED_CODE))
    except BadValue:
        return False
