"""`plantation verify`."""

from __future__ import annotations

import datetime as dt
import sys

import click


@click.command()
@click.option("--collective", metavar="CODE", help="Which collective, where there are several.")
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="N:HASH",
    help="A journal head from a closing sheet or slip, such as 1042:9f3a61c2; may be given several times.",
)
@click.pass_context
def verify(ctx: click.Context, collective: str | None, heads: tuple[str, ...]) -> None:
    """Derive everything once more: the journal's chain, every row, every sum, parcels against plots.

    Exit code 1 and the first fault if something does not match.
    """
    from plantation.services import journal
    from plantation.services.desk import Desk, choose_collective
    from plantation.services.proof import verification

    printed = _read_heads(heads)
    counts: dict[str, int] = {}
    on_screen = sys.stderr.isatty()
    with ctx.obj().read() as session:
        desk = Desk(session, choose_collective(session, collective), "cli", dt.datetime.now(dt.UTC))
        sequence, head = journal.find_head(desk) or (0, "")

        def count(step: str, more: int) -> None:
            before = counts.get(step, 0)
            counts[step] = before + more
            if on_screen and before // 1_000 != counts[step] // 1_000:
                click.echo(f"\r{step}: {counts[step]:,}", nl=False, err=True)

        fault = verification.verify(desk, count, printed=printed)
    if on_screen:
        click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
    if fault is not None:
        raise fault
    for step, checked in counts.items():
        click.echo(f"{checked:>12,}  {step}")
    click.echo(f"Nothing is wrong. The journal has {sequence:,} entries; its head is {sequence}:{head}")


def _read_heads(heads: tuple[str, ...]) -> dict[int, str]:
    printed = {}
    for head in heads:
        number, colon, hash_ = head.partition(":")
        digits = set("0123456789abcdef")
        if not (number.isascii() and number.isdigit() and colon and hash_ and set(hash_.lower()) <= digits):
            raise click.BadParameter(f"“{head}” is not a number, a colon and the beginning of a hash.", param_hint="--head")
        printed[int(number)] = hash_.lower()
    return printed
