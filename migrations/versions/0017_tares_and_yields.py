"""Crates and bags, and yields by age, as settings of the collective: see plantation/models/tares.py and yields.py"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("tare_lists", "yield_tables"):
        op.create_table(
            table,
            sa.Column("collective_id", sa.BigInteger(), nullable=False),
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("lines", sa.Text(), nullable=False),
            sa.Column("entry", sa.BigInteger(), nullable=False),
            sa.Column("recorded_at", sa.DateTime(), nullable=False),
            sa.Column("recorded_by", sa.String(length=64), nullable=False),
            sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f(f"fk_{table}_collective_id")),
            sa.PrimaryKeyConstraint("collective_id", "id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("collective_id", "entry", name=op.f(f"uq_{table}_collective_id_entry")),
        )


def downgrade() -> None:
    op.drop_table("yield_tables")
    op.drop_table("tare_lists")
