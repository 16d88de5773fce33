"""Why this amount, in words: one text for the household's page, the office's page and the PDF.

Each step has a value and opens into the lines that it comes from, down to the price and the rule. (No `_()` stands inside
an f-string: the catalogue's reader does not look there.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from plantation.domain.earnings import FruitLine, HouseholdEarnings
from plantation.domain.words import DeductionKind, SeasonMode
from plantation.services.mine.my_statement import Statement
from plantation.services.mine.my_statement_lines import DeductionStep
from plantation.units import Fen
from plantation.web.filters import day, kg, moment, percent, yuan
from plantation.web.languages import Count
from plantation.web.weights import weight
from plantation.web.words import word

SAYS_QUIETLY = True


class Step(NamedTuple):
    """A line of the calculation. `lines` are (text, whether it is said quietly); a total has none.

    `fen` is what the step adds to the sum or, of a total, the sum; None where it only tells. `is_paid`: it was handed over.
    """

    label: str
    value: str
    quiet: str = ""
    lines: Sequence[tuple[str, bool]] = ()
    total: bool = False
    fen: Fen | None = None
    is_paid: bool = False


class StepBar(NamedTuple):
    """A step as a part of the fruit's worth: `kind` is a class of static/css/bars.css, the rest is fen."""

    kind: str
    first: Fen
    length: Fen
    whole: Fen


def step_bars(steps: Sequence[Step]) -> list[StepBar | None]:
    """For each step the piece that it adds to the bar or takes off its end; all None where the sum falls below zero, which no
    bar shows.

    >>> worth = Step("Fruit", "", fen=900), Step("Fee", "", fen=-100), Step("Worth", "", fen=800, total=True)
    >>> [bar[:3] for bar in step_bars(worth)]
    [('berry', 0, 900), ('less', 800, 100), ('berry', 0, 800)]
    >>> step_bars([Step("Fee", "", fen=-100)]), step_bars([])
    ([None], [])
    """
    sums, running = [], 0
    for step in steps:
        running = step.fen if step.total and step.fen is not None else running + (step.fen or 0)
        sums.append(running)
    whole = max(sums, default=0)
    if whole <= 0 or min(sums) < 0:
        return [None] * len(steps)
    bars: list[StepBar | None] = []
    for step, before, after in zip(steps, [0, *sums], sums, strict=False):
        if step.fen is None:
            bars.append(None)
        elif step.total:
            bars.append(StepBar("berry", 0, after, whole))
        else:
            kind = "leaf" if step.is_paid else "berry" if after >= before else "less"
            bars.append(StepBar(kind, min(before, after), abs(after - before), whole))
    return bars


def statement_steps(statement: Statement) -> list[Step]:
    """The whole calculation, from the fruit to what is still owed; empty where nothing was delivered."""
    earnings, own = statement.earnings, statement.own
    if earnings is None:
        return []
    steps = [_fruit(statement, line) for line in earnings.fruit]
    if len(earnings.fruit) != 1:
        steps.append(Step(_("Fruit in all"), yuan(earnings.gross_fen), weight(earnings.net_grams), total=True, fen=earnings.gross_fen))
    steps += [_deduction(step, earnings) for step in statement.deductions]
    if statement.pickers or earnings.picking_fen:
        steps.append(_picking(statement, earnings))
    steps.append(Step(_("Worth to you"), yuan(earnings.net_fen), total=True, fen=earnings.net_fen))
    if len(statement.differences) > 1:
        steps.append(_differences(statement))
    steps.append(_payments(statement))
    if own.balance_fen is not None:
        label = _("You owe the collective") if own.balance_fen < 0 else _("Still owed to you")
        steps.append(Step(label, yuan(abs(own.balance_fen)), total=True, fen=own.balance_fen))
    return steps


def _fruit(statement: Statement, line: FruitLine) -> Step:
    lines = _posted(statement, line) if statement.own.season.mode == SeasonMode.POSTED else _pooled(statement, line)
    label = _("Grade %(grade)s", grade=line.grade)
    worth_fen = line.direct_fen + line.common_fen
    return Step(label, yuan(worth_fen), kg(line.net_grams), tuple(lines), fen=worth_fen)


def _posted(statement: Statement, line: FruitLine) -> Iterator[tuple[str, bool]]:
    for price in statement.prices_of(line.grade):
        slips = ngettext("%(num)s slip", "%(num)s slips", Count(price.slips))
        sum_ = f"{kg(price.net_grams)} × {yuan(price.price_fen_per_kg)} = {yuan(price.amount_fen)}"
        rounded = _("each slip rounded to the fen")
        yield f"{slips}: {sum_} ({rounded})", False


def _pooled(statement: Statement, line: FruitLine) -> Iterator[tuple[str, bool]]:
    for sale in statement.sales_of(line.grade):
        said = _(
            "Sold in your own name on %(day)s to %(buyer)s (%(number)s):", day=day(sale.purchased_on), buyer=sale.buyer, number=sale.number
        )
        yield f"{said} {kg(sale.net_grams)} × {yuan(sale.price_fen_per_kg)} = {yuan(sale.amount_fen)}", False
    left = f"{kg(line.net_grams)} − {kg(line.direct_grams)} = " if line.direct_grams else ""
    mine = _("Your fruit in the pool:")
    yield f"{mine} {left}{kg(line.common_grams)}", False
    total = statement.total_of(line)
    if total is None or total.common_grams <= 0:
        return
    part = f"{yuan(total.pool_revenue_fen)} × {kg(line.common_grams)} ÷ {kg(total.common_grams)} = {yuan(line.common_fen)}"
    earned = _("Your part of what the pool earned:")
    yield f"{earned} {part}", False
    yield _("Fractions of a fen are dealt out whole, the largest first, so that the parts of all sum to it."), SAYS_QUIETLY
    yield (
        _("Buyers paid %(revenue)s for %(bought)s of the pool's %(grams)s; all households' parts add up to it exactly.",
          revenue=yuan(total.pool_revenue_fen), bought=kg(total.pool_bought_grams), grams=kg(total.common_grams)),
        SAYS_QUIETLY,
    )  # fmt: skip
    if total.unsold_grams:
        yield _("Not yet sold: %(weight)s.", weight=kg(total.unsold_grams)), SAYS_QUIETLY


def _deduction(step: DeductionStep, earnings: HouseholdEarnings) -> Step:
    if step.kind == DeductionKind.PERCENT:
        rule = _("%(rate)s of your fruit's worth:", rate=percent(step.rate_ppm))
        lines = [(f"{rule} {yuan(earnings.gross_fen)} × {percent(step.rate_ppm)} = {yuan(step.due_fen)}", False)]
    elif step.kind == DeductionKind.YUAN_PER_KG:
        rule = _("By the kilogram:")
        lines = [(f"{rule} {kg(earnings.net_grams)} × {yuan(step.amount_fen)} = {yuan(step.due_fen)}", False)]
    else:
        rule = _("The same for each household that delivered:")
        lines = [(f"{rule} {yuan(step.due_fen)}", False)]
    if step.carried_fen:
        said = _("There was not enough left: %(taken)s were taken, %(carried)s are carried on.", taken=yuan(step.taken_fen),
                 carried=yuan(step.carried_fen))  # fmt: skip
        lines.append((said, False))
    return Step(step.name, yuan(-step.taken_fen), step.code if step.code != step.name else "", tuple(lines), fen=-step.taken_fen)


def _picking(statement: Statement, earnings: HouseholdEarnings) -> Step:
    nameless = _("without a name")
    lines = [
        (f"{line.picker or nameless}: {kg(line.net_grams)} × {yuan(line.piece_rate_fen_per_kg)} = {yuan(line.picking_fen)}", False)
        for line in statement.pickers
    ]
    return Step(_("Picking wages"), yuan(-earnings.picking_fen), lines=tuple(lines), fen=-earnings.picking_fen)


def _payments(statement: Statement) -> Step:
    lines, taken_back = [], _("taken back")
    for line in statement.payments:
        said = [f"{day(line.paid_on)}: {yuan(line.amount_fen)} {word(line.method)}"]
        said += [line.reference] if line.reference else []
        said += [f"{taken_back}: {line.reason}"] if line.is_reversal else []
        lines.append((" · ".join(said), False))
    said = tuple(lines) or ((_("Nothing was paid yet."), False),)
    return Step(_("Paid to you"), yuan(-statement.own.paid_fen), lines=said, fen=-statement.own.paid_fen, is_paid=True)


def _differences(statement: Statement) -> Step:
    lines = []
    for place, one in enumerate(statement.differences):
        said = _("Settlement %(number)s of %(when)s:", number=one.number, when=moment(one.settled_at))
        moved = _("difference %(amount)s", amount=yuan(one.moved_fen))
        lines.append((f"{said} {kg(one.net_grams)}, {yuan(one.net_fen)}" + (f" ({moved})" if place else ""), False))
    label = _("Settled %(count)s times", count=len(statement.differences))
    return Step(label, yuan(statement.differences[-1].moved_fen), _("last difference"), tuple(lines))
