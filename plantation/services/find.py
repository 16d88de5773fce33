"""Find: whatever the office looks for, by code, name, phone or slip number, kind by kind.

Codes and slip numbers are found by how they begin, so that an index answers; names and phones by a part of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from plantation.models import Buyer, Household, Lot, Parcel, Picker, Plot, Right, Season, Weighing
from plantation.services.desk import Desk
from plantation.services.lookups import codes_by_id
from plantation.services.pages import Page, paginate

LONGEST = 100
SHOWN = 8
MOST_COUNTED = 1_000
_LAST = "\U0010ffff"


class Kind(StrEnum):
    """What can be found; its order is the order of the answer."""

    HOUSEHOLD = "household"
    RIGHT = "right"
    PARCEL = "parcel"
    PLOT = "plot"
    WEIGHING = "weighing"
    LOT = "lot"
    BUYER = "buyer"
    PICKER = "picker"


class Hit(NamedTuple):
    """One thing that was found. `owner` is the code of the household that it belongs to, "" where it has none."""

    code: str
    name: str
    owner: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits of one kind, and how many there are, counted up to 1,000."""

    kind: Kind
    hits: Sequence[Hit]
    total: int

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted.

        >>> Found(Kind.PLOT, [], 1_001).is_more, Found(Kind.PLOT, [], 1_000).is_more
        (True, False)
        """
        return self.total > MOST_COUNTED


def cleaned(text: str) -> str:
    """What to look for in what was typed, pasted or scanned: of a slip's address only its number.

    >>> cleaned("  H001 "), cleaned("https://village.example/verify/aguoyi/2026-000017"), cleaned("")
    ('H001', '2026-000017', '')
    >>> cleaned("a\\0b")
    'ab'
    """
    text = text.strip()
    if "/verify/" in text:
        text = unquote(text.partition("/verify/")[2].rpartition("/")[2])
    # A zero byte is nothing that anybody looks for, and PostgreSQL refuses it.
    return text.replace("\0", "")[:LONGEST]


def find(desk: Desk, text: str, kinds: Iterable[Kind]) -> list[Found]:
    """What looks like `text`, for each of `kinds` that has any: exact ones first, at most eight of each. Two queries a kind."""
    text = cleaned(text)
    if not text:
        return []
    found = []
    for kind in kinds:
        statement = _statement(desk, text, kind, MOST_COUNTED + 1)
        rows = desk.session.execute(statement.limit(SHOWN)).all()
        total = len(rows)
        if total == SHOWN:
            counted = statement.order_by(None).limit(MOST_COUNTED + 1).subquery()
            total = desk.session.scalar(select(func.count()).select_from(counted)) or 0
        if rows:
            found.append(Found(kind, [Hit(*row) for row in rows], total))
    return found


def find_page(desk: Desk, text: str, kind: Kind, page: int = 1) -> Page:
    """One page of all the hits of one kind; its rows are as a :class:`Hit`."""
    return paginate(desk.session, _statement(desk, cleaned(text), kind), page)


def single(found: Sequence[Found]) -> tuple[Kind, Hit] | None:
    """The one that was surely meant: the only exact hit, or the only hit of all; else None.

    >>> single([])
    >>> hit = Hit("P1", "P1", "", False)
    >>> single([Found(Kind.PLOT, [hit], 1)]) == (Kind.PLOT, hit)
    True
    >>> single([Found(Kind.PLOT, [hit, hit], 2)])
    >>> exact = Hit("P1-1", "", "", True)
    >>> single([Found(Kind.PLOT, [hit, hit], 2), Found(Kind.PARCEL, [exact], 1)])[1].code
    'P1-1'
    """
    exact = [(one.kind, hit) for one in found for hit in one.hits if hit.is_exact]
    if len(exact) == 1:
        return exact[0]
    if not exact and sum(one.total for one in found) == 1:
        return found[0].kind, found[0].hits[0]
    return None


def begins(desk: Desk, column: Any, text: str) -> ColumnElement[bool]:
    """`column` begins with `text` as it was typed, or all in capitals, or all in small letters.

    On SQLite a span of the index says so; LIKE there asks no index. PostgreSQL's spans depend on its language, so it is asked LIKE.
    """
    return or_(*_spans(desk, column, text))


def _spans(desk: Desk, column: Any, text: str) -> list[ColumnElement[bool]]:
    wanted = dict.fromkeys((text, text.upper(), text.lower()))
    if desk.session.get_bind().dialect.name == "sqlite":
        return [and_(column >= one, column < one + _LAST) for one in wanted]
    return [column.startswith(one, autoescape=True) for one in wanted]


def _statement(desk: Desk, text: str, kind: Kind, most: int | None = None) -> Select[Any]:
    """The hits of a kind; of slips, of which there are a million, no more than `most` are looked at."""
    return _weighings(desk, text, most) if kind is Kind.WEIGHING else _STATEMENTS[kind](desk, text)


def _columns(desk: Desk, text: str, model: Any, owner: Any = None, exact: Sequence[Any] = (), name: Any = None) -> Select[Any]:
    """Rows as a :class:`Hit` has them, of this collective; exact where the code is `text`, or one of `exact` holds."""
    is_exact = or_(func.lower(model.code) == text.lower(), *exact)
    return (
        select(
            model.code.label("code"),
            (literal("") if name is None else func.coalesce(name, "")).label("name"),
            (literal("") if owner is None else func.coalesce(owner, "")).label("owner"),
            case((is_exact, True), else_=False).label("is_exact"),
        )
        .select_from(model)
        .where(model.collective_id == desk.collective_id)
        .order_by(is_exact.desc(), model.code)
    )


def _of_person(desk: Desk, text: str, model: Any) -> Select[Any]:
    """By the beginning of a code, a part of a name, or a part of a phone number however that was spaced."""
    digits = "".join(letter for letter in text if letter not in " -()./+")
    plain: Any = model.phone
    for sign in " -()./+":
        plain = func.replace(plain, sign, "")
    ways = [begins(desk, model.code, text), model.name.icontains(text, autoescape=True)]
    exact = [func.lower(model.name) == text.lower()]
    if digits.isascii() and digits.isdigit() and len(digits) >= 4:
        ways.append(plain.contains(digits))
        exact.append(plain == digits)
    return _columns(desk, text, model, exact=exact, name=model.name).where(or_(*ways))


def _households(desk: Desk, text: str) -> Select[Any]:
    return _of_person(desk, text, Household)


def _buyers(desk: Desk, text: str) -> Select[Any]:
    return _of_person(desk, text, Buyer)


def _pickers(desk: Desk, text: str) -> Select[Any]:
    last = select(func.max(Picker.entry)).where(Picker.collective_id == desk.collective_id).group_by(Picker.code)
    return _of_person(desk, text, Picker).where(Picker.entry.in_(last))


def _plots(desk: Desk, text: str) -> Select[Any]:
    by_name = func.lower(Plot.name) == text.lower()
    ways = or_(begins(desk, Plot.code, text), Plot.name.icontains(text, autoescape=True))
    return _columns(desk, text, Plot, exact=[by_name], name=Plot.name).where(ways)


def _rights(desk: Desk, text: str) -> Select[Any]:
    held = (Household.collective_id == Right.collective_id) & (Household.id == Right.household_id)
    return _columns(desk, text, Right, Household.code, name=Household.name).outerjoin(Household, held).where(begins(desk, Right.code, text))


def _parcels(desk: Desk, text: str) -> Select[Any]:
    held = (Household.collective_id == Parcel.collective_id) & (Household.id == Parcel.household_id)
    return (
        _columns(desk, text, Parcel, Household.code, name=Household.name).outerjoin(Household, held).where(begins(desk, Parcel.code, text))
    )


def _lots(desk: Desk, text: str) -> Select[Any]:
    return _columns(desk, text, Lot, name=Lot.grade).where(begins(desk, Lot.code, text))


def _weighings(desk: Desk, text: str, most: int | None) -> Select[Any]:
    """By the beginning of the slip's number, or by what stands behind its season: 17 for 2026-000017. The latest number first."""
    mine = Weighing.collective_id == desk.collective_id
    latest = [
        select(Weighing.slip).where(mine, span).order_by(Weighing.slip.desc()).limit(most) for span in _spans(desk, Weighing.slip, text)
    ]
    ways = [*(select(one.subquery().c.slip) for one in latest), select(Weighing.slip).where(mine, Weighing.slip.in_((text, text.upper())))]
    if text.isascii() and text.isdigit() and len(text) <= 9:
        numbers = [f"{code}-{int(text):06d}" for code in codes_by_id(desk, Season).values()]
        ways.append(select(Weighing.slip).where(mine, Weighing.slip.in_(numbers)))
    held = (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id)
    is_exact = or_(Weighing.slip == text, Weighing.slip == text.upper())
    return (
        select(
            Weighing.slip.label("code"),
            func.coalesce(Household.name, "").label("name"),
            func.coalesce(Household.code, "").label("owner"),
            case((is_exact, True), else_=False).label("is_exact"),
        )
        .select_from(Weighing)
        .outerjoin(Household, held)
        # Each way through the index of the slips: joined by OR, a database may walk all of them.
        .where(mine, Weighing.slip.in_(union_all(*ways)))
        .order_by(is_exact.desc(), Weighing.slip.desc())
    )


_STATEMENTS: dict[Kind, Callable[[Desk, str], Select[Any]]] = {
    Kind.HOUSEHOLD: _households,
    Kind.RIGHT: _rights,
    Kind.PARCEL: _parcels,
    Kind.PLOT: _plots,
    Kind.LOT: _lots,
    Kind.BUYER: _buyers,
    Kind.PICKER: _pickers,
}
