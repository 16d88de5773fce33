"""What hired pickers picked by the kilogram, the days they worked, what they were paid, what is open.

The kilograms are on the slips that name the picker, by code or by any name that was ever written down for that code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from plantation.models import Household, Picker, PickerDay, PickerPayment, Weighing
from plantation.services.desk import Desk
from plantation.services.fruit.kept import added
from plantation.services.fruit.picked_sums import NAMES_A_PICKER, picked, picked_sums
from plantation.services.money.pickers import list_pickers, load_picker, picker_texts
from plantation.services.money.seasons import list_seasons
from plantation.services.pages import Page, paginate
from plantation.services.sums import sum_of
from plantation.units import Fen, Grams


class PickerAccount(NamedTuple):
    """A picker's figures: by the kilogram and by the day, paid, open. `open_fen` below zero was paid too much, by slips
    that were reversed later."""

    code: str
    name: str
    phone: str
    net_grams: Grams
    picking_fen: Fen
    days: int
    days_fen: Fen
    paid_fen: Fen

    @property
    def open_fen(self) -> Fen:
        """What the picker is still to be paid."""
        return self.picking_fen + self.days_fen - self.paid_fen


def picker_accounts(desk: Desk) -> list[PickerAccount]:
    """Every picker's figures, by code."""
    return _accounts(desk, list_pickers(desk))


def account_of_picker(desk: Desk, code: str) -> PickerAccount:
    """One picker's figures; nobody else's slips are added up. :raises NotFound: no such picker."""
    return _accounts(desk, [load_picker(desk, code)], code)[0]


def strangers_on_slips(desk: Desk) -> list[tuple[str, Grams, Fen]]:
    """(text, net weight, wages) of slips that name a picker whom nobody has written down."""
    aliases = picker_texts(desk)
    return [(text, grams, fen) for text, (grams, fen) in sorted(_picked(desk).items()) if text not in aliases and (grams or fen)]


def slips_of_picker(desk: Desk, code: str, *, page: int = 1) -> Page:
    """The slips that name the picker, the latest first: rows with `Weighing`, the household's `code`, and the slips that it `reverses`
    and by which it was `reversed_by`."""
    mine = (Weighing.collective_id == desk.collective_id, NAMES_A_PICKER, Weighing.picker.in_(_texts_of(desk, code)))
    # In an expression, so that SQLite takes the picker's own index and sorts, and does not walk everybody's slips by time. Sorted are the
    # entries, which the index has, and not the rows: those are read for one page only.
    found = paginate(
        desk.session,
        select(Weighing.entry).where(*mine).order_by(func.coalesce(Weighing.weighed_at, Weighing.weighed_at).desc(), Weighing.entry.desc()),
        page,
    )
    earlier, later = aliased(Weighing), aliased(Weighing)
    rows = desk.session.execute(
        select(Weighing, Household.code, earlier.slip.label("reverses"), later.slip.label("reversed_by"))
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .outerjoin(earlier, (earlier.collective_id == desk.collective_id) & (earlier.id == Weighing.reverses_id))
        .outerjoin(later, (later.collective_id == desk.collective_id) & (later.reverses_id == Weighing.id))
        .where(Weighing.collective_id == desk.collective_id, Weighing.entry.in_(found.rows))
    )
    return replace(found, rows=sorted(rows, key=lambda row: found.rows.index(row.Weighing.entry)))


def days_of_picker(desk: Desk, code: str, *, most: int = 100) -> list[tuple[PickerDay, str]]:
    """The picker's days with the household's code, the latest first."""
    rows = desk.session.execute(
        select(PickerDay, Household.code)
        .join(Household, (Household.collective_id == PickerDay.collective_id) & (Household.id == PickerDay.household_id))
        .where(PickerDay.collective_id == desk.collective_id, PickerDay.picker == code)
        .order_by(PickerDay.worked_on.desc(), PickerDay.entry.desc())
        .limit(most)
    )
    return [(day, household) for day, household in rows]


def days_of_household(desk: Desk, household: Household, *, most: int = 100) -> list[PickerDay]:
    """The days that were worked for a household, the latest first."""
    return list(
        desk.session.scalars(
            select(PickerDay)
            .where(PickerDay.collective_id == desk.collective_id, PickerDay.household_id == household.id)
            .order_by(PickerDay.worked_on.desc(), PickerDay.entry.desc())
            .limit(most)
        )
    )


def payments_of_picker(desk: Desk, code: str, *, most: int = 100) -> list[PickerPayment]:
    """What the picker had, the latest first."""
    return list(
        desk.session.scalars(
            select(PickerPayment)
            .where(PickerPayment.collective_id == desk.collective_id, PickerPayment.picker == code)
            .order_by(PickerPayment.paid_on.desc(), PickerPayment.entry.desc())
            .limit(most)
        )
    )


def _accounts(desk: Desk, pickers: Sequence[Picker], code: str | None = None) -> list[PickerAccount]:
    """The figures of `pickers`: all, or the one of that code."""
    texts = picker_texts(desk)
    picked: dict[str, list[int]] = {}
    for text, (grams, fen) in (_picked(desk) if code is None else _picked_by(desk, code)).items():
        if text in texts:
            sums = picked.setdefault(texts[text], [0, 0])
            sums[0], sums[1] = sums[0] + grams, sums[1] + fen
    days, paid = (_sums(desk, table, *([] if code is None else [table.picker == code])) for table in (PickerDay, PickerPayment))
    return [
        PickerAccount(
            one.code, one.name, one.phone, *picked.get(one.code, (0, 0)), *days.get(one.code, (0, 0)), paid.get(one.code, (0, 0))[1]
        )
        for one in pickers
    ]


def _texts_of(desk: Desk, code: str) -> list[str]:
    return [text for text, of in picker_texts(desk).items() if of == code]


def _picked(desk: Desk) -> dict[str, tuple[Grams, Fen]]:
    """Of all seasons, by the text on the slips."""
    sums: dict[str, tuple[Grams, Fen]] = {}
    for season in list_seasons(desk):
        sums = added(sums, picked_sums(desk, season))
    return sums


def _picked_by(desk: Desk, code: str) -> dict[str, tuple[Grams, Fen]]:
    """Of one picker, from the slips themselves: cash is paid by these."""
    rows = desk.session.execute(picked(Weighing.collective_id == desk.collective_id, Weighing.picker.in_(_texts_of(desk, code))))
    return {text: (grams, fen) for text, grams, fen in rows}


def _sums(desk: Desk, table: Any, *conditions: Any) -> dict[str, tuple[int, Fen]]:
    """By picker: how many stand, and their sum. A reversal takes one away."""
    rows = desk.session.execute(
        select(
            table.picker,
            func.sum(case((table.amount_fen > 0, 1), else_=-1)),
            sum_of(table.amount_fen),
        )
        .where(table.collective_id == desk.collective_id, *conditions)
        .group_by(table.picker)
    )
    return {code: (int(count), int(fen)) for code, count, fen in rows}
