"""The `plantation` command. Each subcommand's module is imported only when it runs, so `--help` starts at once.

Exit codes: 0 done, 1 refused or faulty (the reason on standard error, no traceback), 2 wrong usage.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from plantation.errors import N_, Faulty, Refusal

if TYPE_CHECKING:
    from plantation.database import Database

# name: (module, attribute, one line for --help); --help reads this table and imports nothing.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "account": ("accounts", "account", "Create sign-in accounts."),
    "allocate": ("allocate", "allocate", "Divide plots into parcels, file to file."),
    "backup": ("backup", "backup", "Write a copy of the database to a file, while serving."),
    "collective": ("collectives", "collective", "Make, name and list collectives: one installation can serve several."),
    "demo": ("demo", "demo", "Build the village, play three seasons, serve it."),
    "draw": ("allocate", "draw", "Recompute the public draw."),
    "export": ("export", "export", "Write a collective's folder of files."),
    "import": ("import_", "import_", "Read a collective's folder of files."),
    "init": ("init", "init", "Create or upgrade the database."),
    "restore": ("backup", "restore", "Bring a backup back, verified first."),
    "rules": ("rules", "rules", "Show or change four eyes, posting and dispute days."),
    "serve": ("serve", "serve", "Serve the web site."),
    "settle": ("settle", "settle", "Preview or freeze a settlement."),
    "token": ("accounts", "token", "Make API tokens for devices."),
    "verify": ("verify", "verify", "Re-derive everything and name the first fault."),
}


class Commands(click.Group):
    """A group whose subcommands are loaded by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        return getattr(importlib.import_module(f"plantation.cli.{module}"), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS)])


class DatabaseSilent(Refusal):
    """The database cannot be reached or does not work."""

    template = N_("The database %(url)s does not answer: %(reason)s")


class SchemaBehind(Refusal):
    """The database was made by another version of this program."""

    template = N_("The database is at version %(found)s, this program needs %(needed)s: run `plantation init` first.")


class NotOurs(Refusal):
    """A database of another program: neither to be read nor to be set up in."""

    template = N_("The database %(url)s holds tables of another program; nothing was written to it.")


def open_database() -> Database:
    """The operator's database, at the newest schema; an empty one is set up on the spot.

    :raises DatabaseSilent: it cannot be reached. :raises SchemaBehind: it needs `plantation init`.
    """
    from plantation.database import Database
    from plantation.settings import database_url, read_settings

    database = Database(database_url(read_settings()))
    check_schema(database)
    return database


def check_schema(database: Database) -> None:
    """Set up an empty database; refuse one that is not at the newest schema."""
    from plantation.paths import MIGRATIONS

    found = schema_of(database)
    needed = max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if found is None:
        from plantation.cli.schema import upgrade_schema

        upgrade_schema(database)
    elif found != needed:
        raise SchemaBehind(found=found, needed=needed)


def schema_of(database: Database) -> str | None:
    """The version of the schema that a database is at; None where it is empty. It writes nothing.

    :raises DatabaseSilent: it cannot be read. :raises NotOurs: it holds tables of another program.
    """
    from sqlalchemy import exc, inspect, text

    url = database.url.render_as_string(hide_password=True)
    try:
        with database.engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            if "alembic_version" in tables:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if found is None or "collectives" in tables:
                    return found
    except exc.SQLAlchemyError as error:
        raise DatabaseSilent(url=url, reason=reason_of(error)) from error
    if tables - {"spatial_ref_sys"}:  # PostGIS brings that one into every database
        raise NotOurs(url=url)
    return None


def reason_of(error: Exception) -> str:
    """The first line of what the database said."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def announce(refusal: Refusal) -> None:
    """A refusal on standard error: each fault on its own line, then the sentence."""
    if isinstance(refusal, Faulty):
        for fault in refusal.faults:
            click.echo(str(fault), err=True)
    click.echo(str(refusal), err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plantation")
@click.pass_context
def plantation(ctx: click.Context) -> None:
    """Plantation and harvest management for collectively owned sea buckthorn."""
    ctx.obj = open_database


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; every ending has its exit code and no traceback reaches the reader."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console in code page 936 must not stop on a name
            stream.reconfigure(errors="replace")
    try:
        plantation.main(args=arguments, prog_name="plantation", standalone_mode=False)
    except click.exceptions.Exit as ending:
        sys.exit(ending.exit_code)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except Refusal as refusal:
        announce(refusal)
        sys.exit(1)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the reader of our output left; flushing must not fail
        sys.exit(1)
    except OSError as error:
        click.echo(f"{error.filename or 'A file'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except Exception as error:
        if os.environ.get("PLANTATION_DEBUG"):
            raise
        if type(error).__name__ == "OperationalError":  # SQLAlchemy's: full, read-only, locked or gone; its import would be slow
            click.echo(f"The database could not do this: {reason_of(error)}. Nothing was written.", err=True)
            sys.exit(1)
        click.echo(
            f"A fault of this program, not of yours: {type(error).__name__}: {str(error).splitlines()[:1]}. "
            "Set PLANTATION_DEBUG=1 to see where.",
            err=True,
        )
        sys.exit(1)
    sys.exit(0)
