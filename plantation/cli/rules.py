"""`plantation rules`: how a collective's office works: four eyes, posting days, dispute days."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace

import click


@click.command()
@click.option("--four-eyes/--alone", default=None, help="Whether a second person must release settlements and payment files.")
@click.option("--posting-days", type=click.IntRange(0, 60), help="Working days a settlement hangs before it is final; 0: it need not.")
@click.option("--dispute-days", type=click.IntRange(1, 60), help="Working days in which a dispute must be answered.")
@click.option("--floor", metavar="YUAN", help="What of a season's earnings stays with a household when advances are taken.")
@click.option("--collective", metavar="CODE", help="Which collective, where there are several.")
@click.pass_context
def rules(
    ctx: click.Context,
    four_eyes: bool | None,
    posting_days: int | None,
    dispute_days: int | None,
    floor: str | None,
    collective: str | None,
) -> None:
    """Show the collective's rules; with options, change them. They hold for the web site; commands are the operator's."""
    from plantation.services.collectives import change_rules, rules_of
    from plantation.services.desk import Desk, choose_collective
    from plantation.units import format_yuan, parse_yuan

    given = {"four_eyes": four_eyes, "posting_days": posting_days, "dispute_days": dispute_days}
    if floor is not None:
        given["floor_fen"] = parse_yuan(floor)
    given = {name: value for name, value in given.items() if value is not None}
    database = ctx.obj()
    with database.write() if given else database.read() as session:
        desk = Desk(session, choose_collective(session, collective), "cli", dt.datetime.now(dt.UTC))
        chosen = replace(rules_of(desk.collective), **given)
        if given:
            change_rules(desk, chosen)
    said = asdict(chosen)
    said["floor"] = format_yuan(said.pop("floor_fen"))
    for name, value in said.items():
        click.echo(f"{name.replace('_', '-')}: {'yes' if value is True else 'no' if value is False else value}")
