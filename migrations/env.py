"""How Alembic reaches the database: always through a URL that the caller gives, never through an ini file.

On SQLite a batch change of a parent table with foreign keys on would cascade its deletes, so keys are off while
migrating and checked at the end; the whole run is one transaction.
"""

from alembic import context
from sqlalchemy import create_engine, event, pool

from plantation.models import Base

config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
sqlite = engine.dialect.name == "sqlite"

if sqlite:

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record):
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA busy_timeout = 30000")

    @event.listens_for(engine, "begin")
    def _begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _render_item(kind, item, _context):
    """Migrations import no models: our column types are written as what the database stores."""
    if kind == "type" and type(item).__module__.startswith("plantation"):
        return f"sa.{type(item.impl).__name__}()"
    return False


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        compare_server_default=True,
        render_item=_render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"a foreign key points nowhere after the migration: {broken[:5]}")
engine.dispose()
