"""Where a household's money goes: the account that it named, and how each bank wants its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from plantation.domain.bank_layouts import Layout, check_layout, layout_of, layout_text
from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import BankAccount, BankLayout, Household
from plantation.services import facts, journal
from plantation.services.changes import check_seen, last_fact
from plantation.services.desk import Desk
from plantation.services.lookups import ids_by_code, the_household
from plantation.services.master_data import CodeTaken
from plantation.services.once import id_of
from plantation.services.words import check_code, check_name

EXPECTED = N_("an account number of 8 to 32 digits")


class AccountNamedMeanwhile(Refusal):
    """Two name an account of the same household: the second has not seen the first one's, and money would go by the later."""

    field = "lines"
    template = N_("%(who)s named an account of %(households)s while you had this page open. Nothing of yours was noted. Look at it again.")


class AccountOf(NamedTuple):
    """A household's account; `account` is empty where it named none."""

    household_id: int
    household: str
    household_name: str
    account: str
    holder: str


def read_account(text: str) -> str:
    """An account number without the blanks in which cards print it.

    >>> read_account(" 6217 0012 3456 7890 ")
    '6217001234567890'

    :raises BadValue: anything else.
    """
    digits = text.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32):
        raise BadValue(value=text[:40], expected=EXPECTED)
    return digits


def save_accounts(desk: Desk, named: Sequence[tuple[str, str, str]], *, once: str | None = None, seen_entry: int | None = None) -> int:
    """Note (household code, account, holder) of each; an empty account takes the one before back, an empty holder is
    the household itself. How many were new. Their ids follow from `once` where it is given. `seen_entry` is the journal's last entry
    when the accounts were on screen.

    :raises NotFound: no such household. :raises BadValue: an account that is none. :raises AccountNamedMeanwhile: somebody named
        another one after `seen_entry`.
    """
    journal.lock(desk)
    ids = ids_by_code(desk, Household, [code for code, _, _ in named])
    known = {one.household: one for one in list_accounts(desk)}
    fresh = []
    for code, account, holder in named:
        if code not in ids:
            raise NotFound(what=N_("household"), code=code[:64])
        account = read_account(account) if account.strip() else ""
        holder = check_name(holder.strip() or known[code].household_name) if account else ""
        if (known[code].account, known[code].holder) != (account, holder):
            id_ = id_of(f"{once}/{code}") if once else None
            fresh.append(BankAccount(id=id_, household_id=ids[code], account=account, holder=holder))
            known[code] = known[code]._replace(account=account, holder=holder)
    if seen_entry is not None:
        _check_unnamed_since(desk, {one.household_id for one in fresh}, seen_entry)
    facts.seal(desk, fresh)
    return len(fresh)


def _check_unnamed_since(desk: Desk, household_ids: set[int], entry: int) -> None:
    later = select(BankAccount.recorded_by, Household.code, BankAccount.household_id).join(
        Household, (Household.collective_id == BankAccount.collective_id) & (Household.id == BankAccount.household_id)
    )
    rows = desk.session.execute(later.where(BankAccount.collective_id == desk.collective_id, BankAccount.entry > entry)).all()
    meant = [(who, code) for who, code, household_id in rows if household_id in household_ids]
    if meant:
        who, codes = (", ".join(sorted(set(names))) for names in zip(*meant, strict=True))
        raise AccountNamedMeanwhile(who=who, households=codes)


def list_accounts(desk: Desk) -> list[AccountOf]:
    """Every household with its account, by code."""
    last = {one.household_id: one for one in facts.latest_facts(desk, BankAccount, BankAccount.household_id)}
    rows = desk.session.execute(select(Household.id, Household.code, Household.name).where(Household.collective_id == desk.collective_id))
    return sorted(
        (AccountOf(*row, last[row.id].account, last[row.id].holder) if row.id in last else AccountOf(*row, "", "") for row in rows),
        key=lambda one: one.household,
    )


def account_of(desk: Desk, household: Household | str) -> AccountOf:
    """One household's account."""
    household = the_household(desk, household)
    last = desk.session.scalars(
        select(BankAccount)
        .where(BankAccount.collective_id == desk.collective_id, BankAccount.household_id == household.id)
        .order_by(BankAccount.entry.desc())
        .limit(1)
    ).one_or_none()
    return AccountOf(household.id, household.code, household.name, last.account if last else "", last.holder if last else "")


def save_layout(
    desk: Desk, code: str, layout: Layout, *, once: str | None = None, is_new: bool = False, seen_entry: int | None = None
) -> BankLayout:
    """Note how the bank `code` wants its files; saved unchanged, it is not noted again. `seen_entry` is the journal's last entry when the
    layout was on screen.

    :raises SaidMeanwhile: somebody noted another one since. :raises CodeTaken: a bank that `is_new` has another one's code.
    :raises Refusal: a code or a layout that cannot be.
    """
    journal.lock(desk)
    check_code(code, N_("a code of 1 to 64 printable characters"))
    text = layout_text(check_layout(layout))
    before = next((one for one in _layouts(desk) if one.code == code), None)
    if before is not None and before.lines == text:
        return before
    if before is not None and is_new:
        raise CodeTaken(what=N_("bank"), code=code)
    check_seen(last_fact(desk, BankLayout, BankLayout.code == code), seen_entry)
    return facts.seal(desk, [BankLayout(id=id_of(once) if once else None, code=code, lines=text)])[0]


def list_layouts(desk: Desk) -> list[tuple[str, Layout]]:
    """Each bank with its layout, by code."""
    return [(one.code, layout_of(one.lines)) for one in _layouts(desk)]


def load_layout(desk: Desk, code: str) -> Layout:
    """:raises NotFound: no such bank in this collective."""
    for one, layout in list_layouts(desk):
        if one == code:
            return layout
    raise NotFound(what=N_("bank"), code=code[:64])


def _layouts(desk: Desk) -> list[BankLayout]:
    return facts.latest_facts(desk, BankLayout, BankLayout.code)
