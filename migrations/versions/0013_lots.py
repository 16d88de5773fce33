"""Lots with their labels, and which purchase took them: see plantation/models/lots.py"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lots",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("packed_on", sa.Date(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("net_grams > 0", name=op.f("ck_lots_weight")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_lots_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_lots_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_lots")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_lots_collective_id_code")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_lots_collective_id_entry")),
    )
    op.create_table(
        "lot_sales",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "lot_id"], ["lots.collective_id", "lots.id"], name=op.f("fk_lot_sales_collective_id_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_lot_sales_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id", "number"],
            ["purchases.collective_id", "purchases.season_id", "purchases.number"],
            name=op.f("fk_lot_sales_collective_id_season_id_number"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_lot_sales_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_lot_sales")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_lot_sales_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "season_id", "number", "line", name=op.f("uq_lot_sales_collective_id_season_id_number_line")),
    )
    op.create_table(
        "lot_openings",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "lot_id"],
            ["lots.collective_id", "lots.id"],
            name=op.f("fk_lot_openings_collective_id_lot_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_lot_openings_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_lot_openings")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_lot_openings_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "lot_id", name=op.f("uq_lot_openings_collective_id_lot_id")),
    )


def downgrade() -> None:
    op.drop_table("lot_openings")
    op.drop_table("lot_sales")
    op.drop_table("lots")
