"""money: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_payments_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_payments_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["payments.collective_id", "payments.id"],
            name=op.f("fk_payments_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_payments_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_payments_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_payments")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_payments_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_payments_collective_id_reverses_id")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index("ix_payments_totals", ["collective_id", "season_id", "household_id", "amount_fen"], unique=False)

    op.create_table(
        "settlements",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("through_entry", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=False),
        sa.Column("settled_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("mode IN ('pooled', 'posted')", name=op.f("ck_settlements_mode")),
        sa.CheckConstraint("number > 0", name=op.f("ck_settlements_number")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_settlements_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_settlements_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("collective_id", "season_id", "number", name=op.f("uq_settlements_collective_id_season_id_number")),
    )
    op.create_table(
        "earnings",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settlement_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("deductions_fen", sa.BigInteger(), nullable=False),
        sa.Column("carried_fen", sa.BigInteger(), nullable=False),
        sa.Column("picking_fen", sa.BigInteger(), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("fruit", sa.Text(), nullable=False),
        sa.Column("deduction_lines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_earnings_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "settlement_id"],
            ["settlements.collective_id", "settlements.id"],
            name=op.f("fk_earnings_collective_id_settlement_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_earnings_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_earnings")),
        sa.UniqueConstraint(
            "collective_id",
            "settlement_id",
            "household_id",
            name=op.f("uq_earnings_collective_id_settlement_id_household_id"),
        ),
    )
    with op.batch_alter_table("earnings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earnings_household_id"), ["household_id"], unique=False)

    op.create_table(
        "settlement_grades",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settlement_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("weighed_grams", sa.BigInteger(), nullable=False),
        sa.Column("pool_bought_grams", sa.BigInteger(), nullable=False),
        sa.Column("pool_revenue_fen", sa.BigInteger(), nullable=False),
        sa.Column("direct_grams", sa.BigInteger(), nullable=False),
        sa.Column("direct_revenue_fen", sa.BigInteger(), nullable=False),
        sa.Column("owed_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "settlement_id"],
            ["settlements.collective_id", "settlements.id"],
            name=op.f("fk_settlement_grades_collective_id_settlement_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_settlement_grades_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_settlement_grades")),
        sa.UniqueConstraint(
            "collective_id",
            "settlement_id",
            "grade",
            name=op.f("uq_settlement_grades_collective_id_settlement_id_grade"),
        ),
    )


def downgrade() -> None:
    op.drop_table("settlement_grades")
    with op.batch_alter_table("earnings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earnings_household_id"))

    op.drop_table("earnings")
    op.drop_table("settlements")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index("ix_payments_totals")

    op.drop_table("payments")
