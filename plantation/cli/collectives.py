"""`plantation collective`: the collectives that one installation serves."""

from __future__ import annotations

import datetime as dt

import click


@click.group()
def collective() -> None:
    """Make, name and list collectives: one installation can serve several villages."""


@collective.command()
@click.argument("code")
@click.option("--name", help="What people read on its pages; the code where it is left out.")
@click.option("--time-zone", metavar="NAME", default="Asia/Shanghai", show_default=True, help="It decides on which day a moment falls.")
@click.pass_context
def create(ctx: click.Context, code: str, name: str | None, time_zone: str) -> None:
    """Make the collective CODE. From the second one on, commands need --collective and the sign-in page asks for it."""
    from plantation.services.collectives import create_collective

    with ctx.obj().write() as session:
        created = create_collective(session, code, name or code, time_zone, dt.datetime.now(dt.UTC))
        click.echo(f"Collective {created.code} ({created.name}) was created.")


@collective.command()
@click.argument("code")
@click.argument("name")
@click.pass_context
def rename(ctx: click.Context, code: str, name: str) -> None:
    """Call the collective CODE by another NAME, on pages, slips and papers from now on. Its code stays."""
    from plantation.services.collectives import rename_collective
    from plantation.services.desk import Desk, choose_collective

    with ctx.obj().write() as session:
        given = rename_collective(Desk(session, choose_collective(session, code), "cli", dt.datetime.now(dt.UTC)), name)
        click.echo(f"Collective {code} is called {given} now.")


@collective.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """Show every collective: its code, name and time zone."""
    from sqlalchemy import select

    from plantation.models import Collective

    with ctx.obj().read() as session:
        for one in session.scalars(select(Collective).order_by(Collective.code)):
            click.echo(f"{one.code}\t{one.name}\t{one.time_zone}")
