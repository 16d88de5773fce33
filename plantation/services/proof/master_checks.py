"""What is kept rather than appended (accounts, rights, seasons, prices, deductions, buyers): each row says what its last entry says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from plantation.domain.words import Role
from plantation.errors import N_, Refusal
from plantation.models import Account, Buyer, Deduction, Household, JournalEntry, Price, Right, Season, SecondFactor
from plantation.services.desk import Desk
from plantation.services.people.accounts import OF_HOUSEHOLD
from plantation.units import format_yuan

Advance = Callable[[int], None]
ACCOUNT = {"account", "account-card", "account-closed"}
KINDS = ("household", "right", "season", "price", "deduction", "buyer", "account-factor", *sorted(ACCOUNT))
FIELDS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "household": (Household, N_("household"), ("members",)),
    "right": (Right, N_("right"), ("household_id", "entitlement_millimu", "starts_on", "ends_on", "status")),
    "season": (Season, N_("season"), ("starts_on", "ends_on", "mode", "tolerance_ppm")),
    "buyer": (Buyer, N_("buyer"), ("terms_days",)),
}
# To whom an account may belong, and in which roles it does.
HOLDERS = {"household_id": OF_HOUSEHOLD, "buyer_id": frozenset({Role.BUYER})}


class MasterChanged(Refusal):
    """Somebody edited it past the program."""

    template = N_("The %(what)s %(name)s was changed past the journal: %(field)s is %(found)s, last recorded was %(sealed)s.")


class MasterMissing(Refusal):
    """Somebody deleted it past the program."""

    template = N_("The %(what)s %(name)s is gone, but the journal recorded it and not that it was removed.")


class MasterInvented(Refusal):
    """Somebody wrote it past the program."""

    template = N_("The %(what)s %(name)s was never recorded in the journal.")


def check_kept(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """The first account, right, season, price, deduction or buyer that is not as it was last recorded, or None."""
    last: dict[tuple[str, Any], dict[str, Any]] = {}
    roles: dict[int, tuple[str, bool]] = {}
    holders: dict[int, dict[str, int | None]] = {}
    prices: dict[tuple[str, str, str], int] = {}
    deductions: dict[tuple[str, str], tuple[str, int | None, int | None]] = {}
    factors: set[int] = set()
    for kind, said in _entries(desk, through):
        advance(1)
        if kind in ACCOUNT:
            role = said.get("role") or roles.get(said["id"], (str(Role.HOUSEHOLD), True))[0]
            roles[said["id"]] = role, kind != "account-closed"
            # Accounts that were made before it was sealed are silent about whose they are.
            holders.setdefault(said["id"], {}).update({name: said[name] for name in HOLDERS if name in said})
        elif kind == "account-factor":
            (factors.add if said["on"] else factors.discard)(said["id"])
        elif kind == "deduction":
            deduction = said["season"], said["code"]
            if said.get("removed"):
                deductions.pop(deduction, None)
            else:
                deductions[deduction] = said["kind"], said["rate_ppm"], said["amount_fen"]
        elif kind == "price":
            key = said["season"], said["grade"], said["valid_from"]
            if said.get("removed"):
                prices.pop(key, None)
            else:
                prices[key] = said["price_fen_per_kg"]
        else:
            last[kind, said["id"]] = said
    return _rows(desk, last) or _accounts(desk, roles, holders, factors) or _prices(desk, prices) or _deductions(desk, deductions)


def _entries(desk: Desk, through: int) -> Iterator[tuple[str, dict[str, Any]]]:
    statement = (
        select(JournalEntry.kind, JournalEntry.payload)
        .where(
            JournalEntry.collective_id == desk.collective_id,
            JournalEntry.sequence <= through,
            JournalEntry.kind.in_(KINDS),
        )
        .order_by(JournalEntry.sequence)
    )
    with desk.session.execute(statement.execution_options(yield_per=2_000)) as result:
        for kind, payload in result:
            yield kind, json.loads(payload)


def _rows(desk: Desk, last: dict[tuple[str, Any], dict[str, Any]]) -> Refusal | None:
    for kind, (model, what, fields) in FIELDS.items():
        columns = [getattr(model, name) for name in ("id", "code", *fields)]
        there = {row.id: row for row in desk.session.execute(select(*columns).where(model.collective_id == desk.collective_id))}
        for (of, id_), said in last.items():
            if of != kind:
                continue
            row = there.get(id_)
            if row is None:
                return MasterMissing(what=what, name=said["code"])
            for name in ("code", *fields):
                found = _plain(getattr(row, name))
                if name in said and said[name] != found:
                    return MasterChanged(what=what, name=said["code"], field=name, found=found, sealed=said[name])
        for id_, row in there.items():
            if (kind, id_) not in last:
                return MasterInvented(what=what, name=row.code)
    return None


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _accounts(
    desk: Desk, roles: dict[int, tuple[str, bool]], holders: dict[int, dict[str, int | None]], factors: set[int]
) -> Refusal | None:
    with_factor = set(desk.session.scalars(select(SecondFactor.account_id).where(SecondFactor.collective_id == desk.collective_id)))
    rows = desk.session.execute(
        select(Account.id, Account.name, Account.role, Account.is_active, Account.household_id, Account.buyer_id)
        .where(Account.collective_id == desk.collective_id)
        .order_by(Account.name)
    ).all()
    for id_, name, role, is_active, *of in rows:
        if id_ not in roles:
            return MasterInvented(what=N_("account"), name=name)
        for field, found, sealed in zip(("role", "is_active"), (str(role), is_active), roles[id_], strict=True):
            if found != sealed:
                return MasterChanged(what=N_("account"), name=name, field=field, found=found, sealed=sealed)
        # Whose it is, as it was sealed; an account of another role is nobody's.
        sealed_of = {field: None for field, of_roles in HOLDERS.items() if role not in of_roles} | holders[id_]
        for field, found in zip(HOLDERS, of, strict=True):
            if field in sealed_of and found != sealed_of[field]:
                return MasterChanged(what=N_("account"), name=name, field=field, found=found, sealed=sealed_of[field])
        if (id_ in with_factor) != (id_ in factors):
            return MasterChanged(what=N_("account"), name=name, field="second_factor", found=id_ in with_factor, sealed=id_ in factors)
    gone = roles.keys() - {row.id for row in rows}
    return MasterMissing(what=N_("account"), name=min(gone)) if gone else None


def _prices(desk: Desk, prices: dict[tuple[str, str, str], int]) -> Refusal | None:
    there = {
        (season, grade, day.isoformat()): fen
        for season, grade, day, fen in desk.session.execute(
            select(Season.code, Price.grade, Price.valid_from, Price.price_fen_per_kg)
            .join(Season, (Season.collective_id == Price.collective_id) & (Season.id == Price.season_id))
            .where(Price.collective_id == desk.collective_id)
        )
    }
    for key, fen in prices.items():
        name = f"{key[0]}/{key[1]}/{key[2]}"
        if key not in there:
            return MasterMissing(what=N_("price"), name=name)
        if there[key] != fen:
            found, sealed = format_yuan(there[key]), format_yuan(fen)
            return MasterChanged(what=N_("price"), name=name, field="price_yuan_per_kg", found=found, sealed=sealed)
    invented = there.keys() - prices.keys()
    return MasterInvented(what=N_("price"), name="/".join(min(invented))) if invented else None


def _deductions(desk: Desk, sealed: dict[tuple[str, str], tuple[str, int | None, int | None]]) -> Refusal | None:
    there = {
        (season, code): (str(kind), rate_ppm, amount_fen)
        for season, code, kind, rate_ppm, amount_fen in desk.session.execute(
            select(Season.code, Deduction.code, Deduction.kind, Deduction.rate_ppm, Deduction.amount_fen)
            .join(Season, (Season.collective_id == Deduction.collective_id) & (Season.id == Deduction.season_id))
            .where(Deduction.collective_id == desk.collective_id)
        )
    }
    for key in sorted(sealed.keys() | there.keys()):
        name = f"{key[0]}/{key[1]}"
        if key not in there:
            return MasterMissing(what=N_("deduction"), name=name)
        if key not in sealed:
            return MasterInvented(what=N_("deduction"), name=name)
        for field, found, said in zip(("kind", "rate_ppm", "amount_fen"), there[key], sealed[key], strict=True):
            if found != said:
                return MasterChanged(what=N_("deduction"), name=name, field=field, found=found, sealed=said)
    return None
