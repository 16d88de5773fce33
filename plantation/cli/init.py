"""`plantation init`."""

from __future__ import annotations

import click

from plantation.cli import schema_of
from plantation.cli.schema import upgrade_schema
from plantation.database import Database
from plantation.settings import database_url, read_settings


@click.command()
def init() -> None:
    """Create the database, or upgrade it to this version. PLANTATION_DATABASE_URL names it."""
    database = Database(database_url(read_settings()))
    if database.is_sqlite and database.url.database:
        from pathlib import Path

        Path(database.url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    schema_of(database)
    upgrade_schema(database)
    click.echo(f"The database {database.url.render_as_string(hide_password=True)} is ready.")
