"""What sums that are kept need to add what came in since, and lists to begin at their end: see plantation/models/weighings.py

On PostgreSQL, whose order of letters depends on its language, the beginning of a slip number is found by an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_weighings_days", "weighings")
    op.create_index("ix_weighings_days", "weighings", ["collective_id", "season_id", "local_date", "grade", "entry", "net_grams"])
    where = sa.text("reverses_id IS NOT NULL")
    columns = ["collective_id", "season_id", "entry"]
    op.create_index("ix_weighings_reversals", "weighings", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_weighings_seasons", "weighings", ["collective_id", "season_id", "weighed_at", "entry"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_weighings_slips", "weighings", ["collective_id", "slip"], postgresql_ops={"slip": "text_pattern_ops"})


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_weighings_slips", "weighings")
    op.drop_index("ix_weighings_seasons", "weighings")
    op.drop_index("ix_weighings_reversals", "weighings")
    op.drop_index("ix_weighings_days", "weighings")
    op.create_index("ix_weighings_days", "weighings", ["collective_id", "season_id", "local_date", "grade", "net_grams"])
