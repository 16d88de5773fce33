"""`plantation settle SEASON [--final]`."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from plantation.units import format_kg, format_yuan

if TYPE_CHECKING:
    from plantation.domain.earnings import Settlement
    from plantation.services.desk import Desk


@click.command()
@click.argument("season")
@click.option("--final", is_flag=True, help="Freeze it: it is not changed any more.")
@click.option("--collective", metavar="CODE", help="Which collective, where there are several.")
@click.pass_context
def settle(ctx: click.Context, season: str, final: bool, collective: str | None) -> None:
    """Compute what each household is owed for SEASON and print it; with --final, freeze it."""
    from plantation.services.desk import Desk, choose_collective
    from plantation.services.lookups import the_season
    from plantation.services.money.settlements import freeze_settlement, latest_settlement, preview_settlement, work_out_settlement

    database = ctx.obj()
    with database.write() if final else database.read() as session:
        desk = Desk(session, choose_collective(session, collective), "cli", dt.datetime.now(dt.UTC))
        chosen = the_season(desk, season)
        if final:
            workings = work_out_settlement(desk, chosen)
            computed = workings.computed
            heading = f"Season {season}, final settlement {freeze_settlement(desk, workings).number}"
        else:
            computed = preview_settlement(desk, chosen)
            before = latest_settlement(desk, chosen)
            heading = f"Season {season}, preview: nothing is written"
            if before is not None:
                heading += f" (final settlement {before.number} stands)"
        lines = [heading, "", *report(desk, computed)]
    click.echo("\n".join(lines))


def report(desk: Desk, computed: Settlement) -> Iterable[str]:
    """The settlement as aligned text: grades, households, totals, and what deserves a look."""
    from plantation.models import Household
    from plantation.services.lookups import codes_by_id

    yield from _table(
        ("grade", "weighed_kg", "sold_kg", "unsold_kg", "revenue_yuan", "owed_yuan"),
        [
            (
                total.grade,
                format_kg(total.weighed_grams),
                format_kg(total.pool_bought_grams + total.direct_grams),
                format_kg(total.unsold_grams),
                format_yuan(total.pool_revenue_fen + total.direct_revenue_fen),
                format_yuan(total.owed_fen),
            )
            for total in computed.grades
        ],
    )
    yield ""
    rows = [
        (
            household.household_code,
            format_kg(household.net_grams),
            format_yuan(household.gross_fen),
            format_yuan(household.deductions_fen),
            format_yuan(household.picking_fen),
            format_yuan(household.net_fen),
        )
        for household in computed.households
    ]
    total = (
        "total",
        format_kg(computed.net_grams),
        format_yuan(computed.gross_fen),
        format_yuan(computed.deductions_fen),
        format_yuan(computed.picking_fen),
        format_yuan(computed.net_fen),
    )
    headings = ("household", "net_kg", "gross_yuan", "deductions_yuan", "picking_yuan", "net_yuan")
    yield from _table(headings, [*rows, total])
    yield ""
    idle = len(codes_by_id(desk, Household)) - len(computed.households)
    yield f"{len(computed.households)} households delivered, {idle} did not."
    yield from _remarks(computed)


def _remarks(computed: Settlement) -> Iterable[str]:
    for total in computed.grades:
        if total.unsold_grams:
            yield f"Not yet sold: {format_kg(total.unsold_grams)} kg of grade {total.grade}."
        if total.over_grams:
            yield f"Bought above the scale, within the tolerance: {format_kg(total.over_grams)} kg of grade {total.grade}."
    if computed.collective_fen:
        yield f"Buyers' revenue less what is owed, the collective's: {format_yuan(computed.collective_fen)} yuan."
    if computed.carried_fen:
        yield f"Deductions that could not be taken and are carried: {format_yuan(computed.carried_fen)} yuan."
    below = [household for household in computed.households if household.net_fen < 0]
    if below:
        owed_fen = -sum(household.net_fen for household in below)
        yield f"Owed by households: {format_yuan(owed_fen)} yuan by {len(below)} of them."


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """First column to the left, figures to the right; a Chinese character is two columns wide."""
    cells = [headings, *rows]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(headings))]
    for row in cells:
        first, *figures = (
            " " * (width - _width(cell)) + cell if place else cell + " " * (width - _width(cell))
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *figures]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
