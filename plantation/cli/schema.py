"""Create or upgrade a database to the newest migration."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from plantation.database import Database
from plantation.paths import MIGRATIONS


def alembic_config(database: Database) -> Config:
    """Alembic's configuration for `database`; nothing is read from an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    url = database.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade_schema(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`; does nothing where it is already there."""
    command.upgrade(alembic_config(database), revision)


def downgrade_schema(database: Database, revision: str) -> None:
    """Take the schema back to `revision`; `base` leaves nothing."""
    command.downgrade(alembic_config(database), revision)
