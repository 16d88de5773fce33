"""The sums beside the settlement: dividends are handed out whole and paid no further, advances taken no further than given."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from plantation.errors import N_, Refusal
from plantation.models import Dividend, DividendLine, DividendPayment
from plantation.services.desk import Desk
from plantation.services.money.advances import open_advances
from plantation.units import format_yuan

Advance = Callable[[int], None]


class DividendUneven(Refusal):
    """Money in is not money out."""

    template = N_("Dividend %(code)s: its lines sum to %(lines_yuan)s yuan, but %(total_yuan)s were declared.")


class DividendOverpaid(Refusal):
    """More was paid than is on the line."""

    template = N_("Dividend %(code)s: %(paid_yuan)s yuan were paid on a line of %(amount_yuan)s.")


class AdvanceOvertaken(Refusal):
    """More was taken back than was given."""

    template = N_("Household %(household)s: %(taken_yuan)s yuan were taken for advances of %(given_yuan)s.")


def check_money_beside(desk: Desk, through: int, advance: Advance) -> Refusal | None:
    """The first dividend or household whose sums do not hold, or None."""
    mine, lines = Dividend.collective_id == desk.collective_id, func.coalesce(func.sum(DividendLine.amount_fen), 0)
    uneven = desk.session.execute(
        select(Dividend.code, Dividend.total_fen, lines)
        .outerjoin(
            DividendLine,
            (DividendLine.collective_id == Dividend.collective_id) & (DividendLine.dividend_id == Dividend.id),
        )
        .where(mine, Dividend.entry <= through)
        .group_by(Dividend.id, Dividend.code, Dividend.total_fen)
        .having(lines != Dividend.total_fen)
        .limit(1)
    ).first()
    advance(1)
    if uneven is not None:
        code, total_fen, lines_fen = uneven
        return DividendUneven(code=code, lines_yuan=format_yuan(int(lines_fen)), total_yuan=format_yuan(total_fen))
    paid = func.sum(DividendPayment.amount_fen)
    overpaid = desk.session.execute(
        select(Dividend.code, DividendLine.amount_fen, paid)
        .select_from(DividendPayment)
        .join(Dividend, (Dividend.collective_id == DividendPayment.collective_id) & (Dividend.id == DividendPayment.dividend_id))
        .join(
            DividendLine,
            (DividendLine.collective_id == DividendPayment.collective_id)
            & (DividendLine.dividend_id == DividendPayment.dividend_id)
            & (DividendLine.household_id == DividendPayment.household_id),
        )
        .where(mine, DividendPayment.entry <= through)
        .group_by(Dividend.code, DividendLine.id, DividendLine.amount_fen)
        .having(paid > DividendLine.amount_fen)
        .limit(1)
    ).first()
    advance(1)
    if overpaid is not None:
        code, amount_fen, paid_fen = overpaid
        return DividendOverpaid(code=code, paid_yuan=format_yuan(int(paid_fen)), amount_yuan=format_yuan(amount_fen))
    for row in open_advances(desk):
        if row.open_fen < 0:
            return AdvanceOvertaken(household=row.household, taken_yuan=format_yuan(row.taken_fen), given_yuan=format_yuan(row.given_fen))
    advance(1)
    return None
