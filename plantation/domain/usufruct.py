"""Usufruct rights: what a right may be, and which rights take part in an allocation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from plantation.domain.words import RightStatus
from plantation.errors import N_, Refusal
from plantation.units import Millimu, format_mu

LARGEST_ENTITLEMENT_MILLIMU = 100_000_000


class EntitlementOutOfRange(Refusal, ValueError):
    """Nothing, or more than a county has."""

    template = N_("An entitlement of %(entitlement_mu)s mu is out of range: it is more than 0 and at most %(most_mu)s mu.")


class TermBackwards(Refusal, ValueError):
    """The last day lies before the first."""

    template = N_("The term ends on %(ends_on)s, before it begins on %(starts_on)s.")


@dataclass(frozen=True, slots=True)
class Right:
    """A usufruct right: household × entitlement × term × status. A term without a date is open at that end; both days
    belong to it. `beside` is a word shared with those the household wants to lie next to."""

    code: str
    household: str
    entitlement_millimu: Millimu
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    status: RightStatus = RightStatus.ACTIVE
    beside: str = ""


def check_entitlement(entitlement_millimu: Millimu) -> Millimu:
    """The entitlement itself, if it is more than 0 and at most 100,000 mu.

    >>> check_entitlement(10_000)
    10000
    >>> check_entitlement(0)
    Traceback (most recent call last):
    plantation.domain.usufruct.EntitlementOutOfRange: An entitlement of 0 mu is out of range: it is more than 0 and at most 100,000 mu.

    :raises EntitlementOutOfRange: otherwise, with both figures.
    """
    if not 0 < entitlement_millimu <= LARGEST_ENTITLEMENT_MILLIMU:
        most = f"{LARGEST_ENTITLEMENT_MILLIMU // 1000:,}"
        raise EntitlementOutOfRange(entitlement_mu=format_mu(entitlement_millimu), most_mu=most)
    return entitlement_millimu


def check_term(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    """
    >>> check_term(dt.date(2018, 4, 1), dt.date(2048, 3, 31))
    >>> check_term(dt.date(2018, 4, 1), dt.date(2018, 3, 31))
    Traceback (most recent call last):
    plantation.domain.usufruct.TermBackwards: The term ends on 2018-03-31, before it begins on 2018-04-01.

    :raises TermBackwards: the last day lies before the first.
    """
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise TermBackwards(starts_on=starts_on, ends_on=ends_on)


def is_in_force(starts_on: dt.date | None, ends_on: dt.date | None, on: dt.date) -> bool:
    """Whether the day belongs to the term, its first and last day included.

    >>> is_in_force(dt.date(2018, 4, 1), dt.date(2048, 3, 31), dt.date(2048, 3, 31))
    True
    >>> is_in_force(None, None, dt.date(2026, 1, 1))
    True
    """
    return (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)


def taking_part(rights: Iterable[Right], *, on: dt.date) -> tuple[list[Right], list[Right]]:
    """The rights that ask for land on a day (active, and the day belongs to their term), and those that do not.

    >>> mine = Right("R1", "Qian", 10_000)
    >>> old = Right("R2", "Sun", 10_000, ends_on=dt.date(2020, 12, 31))
    >>> resting = Right("R3", "Sun", 10_000, status=RightStatus.SUSPENDED)
    >>> part, rest = taking_part([mine, old, resting], on=dt.date(2026, 11, 24))
    >>> [right.code for right in part], [right.code for right in rest]
    (['R1'], ['R2', 'R3'])
    """
    part: list[Right] = []
    rest: list[Right] = []
    for right in rights:
        asks = right.status == RightStatus.ACTIVE and is_in_force(right.starts_on, right.ends_on, on)
        (part if asks else rest).append(right)
    return part, rest
