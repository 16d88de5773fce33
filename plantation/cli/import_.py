"""`plantation import FOLDER`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from plantation.services.folder.import_desk import Progress
    from plantation.services.folder.import_folder import Imported


class _Rehearsed(Exception):
    """Leaves a writing session so that nothing of it stays."""


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--collective", metavar="CODE", help="The collective's code; needed where there are several.")
@click.option("--time-zone", metavar="NAME", help="Of a collective that is created now; default Asia/Shanghai.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would be written, write nothing.")
@click.pass_context
def import_(ctx: click.Context, folder: Path, collective: str | None, time_zone: str | None, dry_run: bool) -> None:
    """Read the files of a collective from FOLDER, all or nothing; every fault is named at once."""
    from plantation.exchange.folders import read_folder
    from plantation.services.folder.import_collective import desk_for_import
    from plantation.services.folder.import_folder import import_folder

    database = ctx.obj()
    contents = read_folder(folder)
    now = dt.datetime.now(dt.UTC)
    try:
        with _bar(_rows(contents)) as progress, database.write() as session:
            desk, is_new = desk_for_import(session, collective, now, actor="cli", time_zone=time_zone)
            imported = import_folder(desk, contents, progress)
            code = desk.collective.code
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    _say(imported, code, is_new, dry_run)


def _rows(contents) -> int:
    tables = [*contents.tables.values(), *(features.table for features in contents.maps.values())]
    written = sum(len(contents.tables[name].rows) for name in ("weighings", "purchases") if name in contents.tables)
    return sum(len(table.rows) for table in tables) + written


@contextmanager
def _bar(length: int) -> Iterator[Progress]:
    """A progress bar on standard error, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda table, rows: None
        return
    with click.progressbar(length=length, label="Importing", file=sys.stderr) as bar:
        yield lambda table, rows: bar.update(rows)


def _say(imported: Imported, code: str, is_new: bool, dry_run: bool) -> None:
    for note in imported.notes:
        click.echo(f"Note: {note}", err=True)
    if is_new:
        click.echo(f"Collective {code} {'would be' if dry_run else 'was'} created.")
    for table, count in imported.counts.items():
        parts = [f"{count.created:,} new"] if count.created else []
        parts += [f"{count.changed:,} changed"] if count.changed else []
        parts += [f"{count.unchanged:,} unchanged"] if count.unchanged else []
        click.echo(f"{table}: {', '.join(parts) or 'nothing'}")
    click.echo("Nothing was written: this was a dry run." if dry_run else f"All of it is in collective {code}.")
