"""Advances, dividends, what buyers paid: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "advances",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("form IN ('advance_cash', 'advance_goods')", name=op.f("ck_advances_form")),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_advances_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_advances_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["advances.collective_id", "advances.id"],
            name=op.f("fk_advances_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_advances_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_advances")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_advances_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_advances_collective_id_reverses_id")),
    )
    op.create_index("ix_advances_totals", "advances", ["collective_id", "household_id", "amount_fen"])

    op.create_table(
        "buyer_payments",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_buyer_payments_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "buyer_id"],
            ["buyers.collective_id", "buyers.id"],
            name=op.f("fk_buyer_payments_collective_id_buyer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["buyer_payments.collective_id", "buyer_payments.id"],
            name=op.f("fk_buyer_payments_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_buyer_payments_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_buyer_payments")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_buyer_payments_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_buyer_payments_collective_id_reverses_id")),
    )
    op.create_index("ix_buyer_payments_totals", "buyer_payments", ["collective_id", "buyer_id", "amount_fen"])

    op.create_table(
        "dividends",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=True),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("each_fen", sa.BigInteger(), nullable=True),
        sa.Column("mix", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("total_fen > 0", name=op.f("ck_dividends_total")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_dividends_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_dividends_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_dividends")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_dividends_collective_id_code")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_dividends_collective_id_entry")),
    )
    op.create_table(
        "dividend_lines",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dividend_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("entitlement_millimu", sa.BigInteger(), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_dividend_lines_amount")),
        sa.ForeignKeyConstraint(
            ["collective_id", "dividend_id"],
            ["dividends.collective_id", "dividends.id"],
            name=op.f("fk_dividend_lines_collective_id_dividend_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_dividend_lines_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_dividend_lines_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_dividend_lines")),
        sa.UniqueConstraint(
            "collective_id",
            "dividend_id",
            "household_id",
            name=op.f("uq_dividend_lines_collective_id_dividend_id_household_id"),
        ),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_dividend_lines_collective_id_entry")),
    )
    op.create_table(
        "dividend_payments",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dividend_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_dividend_payments_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "dividend_id"],
            ["dividends.collective_id", "dividends.id"],
            name=op.f("fk_dividend_payments_collective_id_dividend_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_dividend_payments_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["dividend_payments.collective_id", "dividend_payments.id"],
            name=op.f("fk_dividend_payments_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_dividend_payments_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_dividend_payments")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_dividend_payments_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_dividend_payments_collective_id_reverses_id")),
    )
    op.create_index(
        "ix_dividend_payments_totals",
        "dividend_payments",
        ["collective_id", "dividend_id", "household_id", "amount_fen"],
    )

    with op.batch_alter_table("buyers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms_days", sa.Integer(), nullable=False, server_default="30"))
        batch_op.create_check_constraint(op.f("ck_buyers_terms"), "terms_days BETWEEN 0 AND 365")

    with op.batch_alter_table("collectives", schema=None) as batch_op:
        batch_op.add_column(sa.Column("floor_fen", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_collectives_floor"), "floor_fen >= 0")


def downgrade() -> None:
    with op.batch_alter_table("collectives", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_collectives_floor"), type_="check")
        batch_op.drop_column("floor_fen")

    with op.batch_alter_table("buyers", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_buyers_terms"), type_="check")
        batch_op.drop_column("terms_days")

    op.drop_table("dividend_payments")
    op.drop_table("dividend_lines")
    op.drop_table("dividends")
    op.drop_table("buyer_payments")
    op.drop_table("advances")
