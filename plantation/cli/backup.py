"""`plantation backup FILE` and `plantation restore FILE`, both while serving."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

from plantation.errors import N_, Refusal


class BadBackup(Refusal):
    """A file that cannot be brought back."""

    template = N_("%(file)s cannot be restored: %(reason)s. Nothing was replaced.")


class FileExists(Refusal):
    """A backup never writes over a file."""

    template = N_("%(file)s exists already; choose another name.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write everything into FILE (SQLite), as it stands at one moment. The site goes on serving."""
    from plantation.cli.schema import upgrade_schema
    from plantation.database import Database
    from plantation.services.proof.backups import copy_rows, count_rows

    if file.exists():
        raise FileExists(file=file)
    part = file.with_name(f"{file.name}.part")
    _remove(part)
    database = ctx.obj()
    target = Database(f"sqlite:///{part.absolute().as_posix()}")
    try:
        upgrade_schema(target)
        with database.read(still=True) as source, target.write() as copy:
            with click.progressbar(length=count_rows(source), label="Backing up", file=sys.stderr) as bar:
                rows = copy_rows(source, copy, lambda _table, count: bar.update(count))
        with target.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        target.dispose()
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.rename(file)
    finally:
        target.dispose()
        _remove(part)
    click.echo(f"{rows:,} rows are in {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """Put the rows of FILE in the place of all that is in the database. FILE is verified first."""
    from sqlalchemy import select

    from plantation.cli import DatabaseSilent, NotOurs, SchemaBehind, check_schema, schema_of
    from plantation.database import Database
    from plantation.models import Collective
    from plantation.services.desk import Desk
    from plantation.services.proof.backups import clear_rows, copy_rows, count_rows
    from plantation.services.proof.verification import verify

    with file.open("rb") as head:
        if head.read(16) != b"SQLite format 3\x00":
            raise BadBackup(file=file, reason="it is not a backup of this program")
    source = Database(f"sqlite:///{file.absolute().as_posix()}")
    try:
        try:
            if schema_of(source) is None:
                raise BadBackup(file=file, reason="it is empty")
            check_schema(source)
        except (DatabaseSilent, NotOurs, SchemaBehind) as refusal:
            raise BadBackup(file=file, reason=str(refusal)) from refusal
        database = ctx.obj()
        with source.read() as copy:
            for collective in copy.scalars(select(Collective).order_by(Collective.code)):
                fault = verify(Desk(copy, collective, "restore", dt.datetime.now(dt.UTC)))
                if fault is not None:
                    raise BadBackup(file=file, reason=str(fault))
            with database.write() as target:
                clear_rows(target)
                label = "Restoring"
                with click.progressbar(length=count_rows(copy), label=label, file=sys.stderr) as bar:
                    rows = copy_rows(copy, target, lambda _table, count: bar.update(count))
    finally:
        source.dispose()
    click.echo(f"{rows:,} rows were restored from {file}.")


def _remove(part: Path) -> None:
    for path in (part, part.with_name(part.name + "-wal"), part.with_name(part.name + "-shm")):
        path.unlink(missing_ok=True)
