"""Paying dividends: line by line or all at once, never more than a line; a payment that bounced is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256

from plantation.domain.journal import canonical
from plantation.domain.words import ReleaseSubject
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Dividend, DividendPayment, Household, Release
from plantation.services import facts, journal, releases
from plantation.services.desk import Desk
from plantation.services.lookups import check_day, the_household
from plantation.services.money.dividends import lines_of, load_dividend
from plantation.services.money.payment_inputs import check_payment
from plantation.services.once import id_of, sent_before
from plantation.units import Fen, format_yuan


class NothingOpen(Refusal):
    """All of it is paid."""

    template = N_("Nothing of dividend %(code)s is open.")


class MoreThanLine(Refusal):
    """A household gets its line, not more."""

    field = "amount_fen"
    template = N_("Of dividend %(code)s, %(open_yuan)s yuan are open for household %(household)s; %(amount_yuan)s would be more.")


def pay_dividend(desk: Desk, code: str, *, paid_on: dt.date, method: str, reference: str = "") -> int:
    """Pay every open line of the dividend whole; how many were paid.

    :raises NotFound, NothingOpen, DayWrong: as they say.
    """
    journal.lock(desk)
    dividend = load_dividend(desk, code)
    open_ = [line for line in lines_of(desk, dividend) if line.open_fen > 0]
    if not open_:
        raise NothingOpen(code=code)
    _pay(desk, dividend, [(line.household_id, line.open_fen) for line in open_], paid_on, method, reference)
    return len(open_)


def finish_dividend(desk: Desk, code: str, *, paid_on: dt.date, method: str, reference: str = "") -> int | Release:
    """One step further: prepare the payment of all open lines, or release what somebody else prepared and pay.

    Gives the release while another person must still release it, how many were paid once it is done. Without four eyes
    it is done at once.

    :raises SamePerson: who prepared it tries to release it. :raises Refusal: as :func:`pay_dividend`.
    """
    journal.lock(desk)
    open_ = [[line.household, line.open_fen] for line in lines_of(desk, load_dividend(desk, code)) if line.open_fen > 0]
    if open_ and desk.collective.four_eyes:
        digest = sha256(canonical([code, open_])).hexdigest()
        waiting = releases.find_prepared(desk, ReleaseSubject.DIVIDEND, code)
        if waiting is None or waiting.digest != digest:
            return releases.prepare(desk, ReleaseSubject.DIVIDEND, code, digest)
        releases.release(desk, ReleaseSubject.DIVIDEND, code, digest)
    return pay_dividend(desk, code, paid_on=paid_on, method=method, reference=reference)


def pay_line(
    desk: Desk,
    code: str,
    household: Household | str,
    *,
    paid_on: dt.date,
    method: str,
    amount_fen: Fen,
    reference: str = "",
    once: str | None = None,
) -> DividendPayment:
    """Pay one household of it. Sent twice under the id `once`, it is one payment.

    :raises MoreThanLine: beyond what is open for it. :raises DayWrong, NotFound: as they say.
    """
    journal.lock(desk)
    _, known = sent_before(desk, DividendPayment, once)
    if known is not None:
        return known
    dividend, household = load_dividend(desk, code), the_household(desk, household)
    line = next((one for one in lines_of(desk, dividend) if one.household_id == household.id), None)
    if line is None:
        raise NotFound(what=N_("household"), code=household.code)
    if not 0 < amount_fen <= line.open_fen:
        raise MoreThanLine(code=code, household=household.code, open_yuan=format_yuan(line.open_fen), amount_yuan=format_yuan(amount_fen))
    return _pay(desk, dividend, [(household.id, amount_fen)], paid_on, method, reference, once)[0]


def reverse_dividend_payment(desk: Desk, payment_id: int, *, reason: str) -> DividendPayment:
    """Take a payment back, today (it bounced, or a typing error): the line is open again by that much.

    :raises NotFound: there is none of that id. :raises ReasonNeeded, TakenBackBefore: as they say.
    """
    journal.lock(desk)
    payment = desk.session.get(DividendPayment, (desk.collective_id, payment_id))
    if payment is None:
        raise NotFound(what=N_("payment"), code=str(payment_id))
    return facts.take_back(desk, payment, reason=reason)


def payments_of(desk: Desk, dividend: Dividend, household_id: int) -> list[tuple[DividendPayment, bool]]:
    """What was paid to one household of it, in order, each with whether it was taken back."""
    found = list(
        facts.read_facts(desk, DividendPayment, DividendPayment.dividend_id == dividend.id, DividendPayment.household_id == household_id)
    )
    back = {one.reverses_id for one in found}
    return [(one, one.id in back) for one in found]


def _pay(
    desk: Desk,
    dividend: Dividend,
    amounts: Sequence[tuple[int, Fen]],
    paid_on: dt.date,
    method: str,
    reference: str,
    once: str | None = None,
) -> Sequence[DividendPayment]:
    check_day(desk, paid_on)
    check_payment(desk, paid_on, method, max((fen for _, fen in amounts), default=1), reference)
    sequence, _ = journal.head(desk)
    return facts.seal(
        desk,
        [
            DividendPayment(
                id=id_of(once or f"dividend/{dividend.code}/{place}/{sequence}"), dividend_id=dividend.id, household_id=household_id, paid_on=paid_on, method=method, amount_fen=fen,
                reference=reference.strip(), reverses_id=None, reason="",
            )
            for place, (household_id, fen) in enumerate(amounts)
        ],
    )  # fmt: skip
