"""Who of the township may read totals: see plantation/models/township.py"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "township_grants",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reader_collective", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_township_grants_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_township_grants")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_township_grants_collective_id_entry")),
    )
    with op.batch_alter_table("township_grants", schema=None) as batch_op:
        batch_op.create_index("ix_township_grants_readers", ["collective_id", "reader_collective", "reader", "entry"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("township_grants", schema=None) as batch_op:
        batch_op.drop_index("ix_township_grants_readers")

    op.drop_table("township_grants")
