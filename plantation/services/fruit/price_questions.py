"""Slips whose paper says another price than the season's: recorded at the season's price, never in silence.

A device prints with the price sheet that it has. Where the sheet changed meanwhile (or the device's clock named another
day), the contract's price counts, a question is sealed beside the weighing, and a manager answers it by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from plantation.domain.weighing import amount_fen
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, PriceAnswer, PriceQuestion, Season, Weighing
from plantation.services import facts
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_slips import Slip
from plantation.services.pages import Page, paginate
from plantation.units import Fen, format_yuan


class PaperDiffers(Refusal):
    """It is recorded, and the paper says something else: no refusal, but nothing to be silent about."""

    template = N_("Slip %(slip)s is recorded at the season's %(price_yuan)s yuan per kg; its paper says %(paper_yuan)s. A manager decides.")


class PricesOpen(Refusal):
    """A season with slips whose paper nobody has answered for is not settled finally."""

    template = N_("Season %(season)s has slips that were printed with another price, and nobody has answered: %(count)s (%(slips)s).")


@dataclass(frozen=True, slots=True)
class PriceSeen:
    """A question as it is shown: `slip`, `season`, `household` are codes; amounts are whole fen; `answer` is None while open."""

    question: PriceQuestion
    slip: str
    season: str
    household: str | None
    household_name: str | None
    grade: str
    net_grams: int
    price_fen_per_kg: Fen | None
    amount_fen: Fen
    answer: PriceAnswer | None

    @property
    def difference_fen(self) -> Fen:
        """What the books pay more than the paper says; negative where they pay less."""
        return self.amount_fen - self.question.paper_amount_fen


def ask_about_prices(desk: Desk, slips: Sequence[Slip], papers: Mapping[str, Fen]) -> dict[str, Refusal]:
    """Seal a question for each new slip whose paper, by id, has another price; what is to be said to the device, by id."""
    asked, notes = [], {}
    for slip in slips:
        paper = papers.get(slip.id)
        if paper is None or slip.reverses_id is not None or paper == slip.price_fen_per_kg:
            continue
        parts = [share.net_grams for share in slip.shares] or [slip.net_grams]
        asked.append(PriceQuestion(
            weighing_id=slip.id, paper_price_fen_per_kg=paper, paper_amount_fen=sum(amount_fen(part, paper) for part in parts),
        ))  # fmt: skip
        price = "–" if slip.price_fen_per_kg is None else format_yuan(slip.price_fen_per_kg)
        notes[slip.id] = PaperDiffers(slip=slip.slip, price_yuan=price, paper_yuan=format_yuan(paper))
    facts.seal(desk, asked)
    return notes


def list_questions(desk: Desk, *, page: int = 1) -> Page:
    """All of them, those without an answer first, then the latest."""
    statement = _seen(desk).order_by(PriceAnswer.id.is_not(None), PriceQuestion.entry.desc())
    found = paginate(desk.session, statement, page)
    return Page([PriceSeen(*row) for row in found.rows], found.number, found.size, found.total)


def load_question(desk: Desk, question_id: int) -> PriceSeen:
    """:raises NotFound: there is none of that id in this collective."""
    row = desk.session.execute(_seen(desk).where(PriceQuestion.id == question_id)).one_or_none()
    if row is None:
        raise NotFound(what=N_("question"), code=str(question_id))
    return PriceSeen(*row)


def open_slips(desk: Desk, season: Season) -> list[str]:
    """The slips of the season that count and whose paper says another price without an answer, by number."""
    later = aliased(Weighing)
    asked = (
        select(PriceQuestion.weighing_id)
        .outerjoin(PriceAnswer, (PriceAnswer.collective_id == PriceQuestion.collective_id) & (PriceAnswer.question_id == PriceQuestion.id))
        .where(PriceQuestion.collective_id == desk.collective_id, PriceAnswer.id.is_(None))
    )
    rows = desk.session.execute(  # of all seasons, few: named here, the season would have the database look at all its slips
        select(Weighing.slip, Weighing.season_id)
        .outerjoin(later, (later.collective_id == Weighing.collective_id) & (later.reverses_id == Weighing.id))
        .where(Weighing.collective_id == desk.collective_id, Weighing.id.in_(asked), later.id.is_(None))
    )
    return sorted(slip for slip, season_id in rows if season_id == season.id)


def check_prices_answered(desk: Desk, season: Season) -> None:
    """Pass when somebody has answered for every slip of the season. :raises PricesOpen: with how many and which."""
    slips = open_slips(desk, season)
    if slips:
        names = ", ".join(slips[:5]) + (" …" if len(slips) > 5 else "")
        raise PricesOpen(count=len(slips), season=season.code, slips=names)


def _seen(desk: Desk) -> Select:
    return (
        select(
            PriceQuestion, Weighing.slip, Season.code, Household.code, Household.name, Weighing.grade, Weighing.net_grams,
            Weighing.price_fen_per_kg, Weighing.amount_fen, PriceAnswer,
        )
        .join(Weighing, (Weighing.collective_id == PriceQuestion.collective_id) & (Weighing.id == PriceQuestion.weighing_id))
        .join(Season, (Season.collective_id == Weighing.collective_id) & (Season.id == Weighing.season_id))
        .outerjoin(Household, (Household.collective_id == Weighing.collective_id) & (Household.id == Weighing.household_id))
        .outerjoin(
            PriceAnswer,
            (PriceAnswer.collective_id == PriceQuestion.collective_id) & (PriceAnswer.question_id == PriceQuestion.id),
        )
        .where(PriceQuestion.collective_id == desk.collective_id)
    )  # fmt: skip
