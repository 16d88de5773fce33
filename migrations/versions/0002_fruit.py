"""fruit: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seasons",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("tolerance_ppm", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("mode IN ('pooled', 'posted')", name=op.f("ck_seasons_mode")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_seasons_dates")),
        sa.CheckConstraint("tolerance_ppm BETWEEN 0 AND 1000000", name=op.f("ck_seasons_tolerance")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_seasons_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_seasons")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_seasons_collective_id_code")),
    )
    op.create_table(
        "deductions",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("rate_ppm", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'percent' AND rate_ppm BETWEEN 0 AND 1000000 AND amount_fen IS NULL) OR (kind <> 'percent' AND amount_fen >= 0 AND rate_ppm IS NULL)",
            name=op.f("ck_deductions_value"),
        ),
        sa.CheckConstraint("kind IN ('percent', 'yuan_per_kg', 'yuan_per_household')", name=op.f("ck_deductions_kind")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_deductions_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_deductions_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_deductions")),
        sa.UniqueConstraint("collective_id", "season_id", "code", name=op.f("uq_deductions_collective_id_season_id_code")),
    )
    op.create_table(
        "prices",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price_fen_per_kg", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_fen_per_kg >= 0", name=op.f("ck_prices_price")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_prices_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_prices_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_prices")),
        sa.UniqueConstraint(
            "collective_id",
            "season_id",
            "grade",
            "valid_from",
            name=op.f("uq_prices_collective_id_season_id_grade_valid_from"),
        ),
    )
    op.create_table(
        "purchases",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("purchased_on", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "buyer_id"],
            ["buyers.collective_id", "buyers.id"],
            name=op.f("fk_purchases_collective_id_buyer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["purchases.collective_id", "purchases.id"],
            name=op.f("fk_purchases_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_purchases_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_purchases_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_purchases_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_purchases_collective_id_reverses_id")),
        sa.UniqueConstraint("collective_id", "season_id", "number", name=op.f("uq_purchases_collective_id_season_id_number")),
    )
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchases_buyer_id"), ["buyer_id"], unique=False)

    op.create_table(
        "slip_ranges",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_slip_ranges_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_slip_ranges_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_slip_ranges")),
        sa.UniqueConstraint("collective_id", "season_id", name=op.f("uq_slip_ranges_collective_id_season_id")),
    )
    op.create_table(
        "purchase_lines",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("source_household_id", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("price_fen_per_kg", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(net_grams >= 0 AND amount_fen >= 0) OR (net_grams <= 0 AND amount_fen <= 0)",
            name=op.f("ck_purchase_lines_sign"),
        ),
        sa.CheckConstraint("price_fen_per_kg >= 0", name=op.f("ck_purchase_lines_price")),
        sa.ForeignKeyConstraint(
            ["collective_id", "purchase_id"],
            ["purchases.collective_id", "purchases.id"],
            name=op.f("fk_purchase_lines_collective_id_purchase_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_purchase_lines_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "source_household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_purchase_lines_collective_id_source_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_purchase_lines_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_purchase_lines")),
        sa.UniqueConstraint("collective_id", "purchase_id", "line", name=op.f("uq_purchase_lines_collective_id_purchase_id_line")),
    )
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.create_index(
            "ix_purchase_lines_totals",
            ["collective_id", "season_id", "source_household_id", "grade", "entry", "net_grams", "amount_fen"],
            unique=False,
        )

    op.create_table(
        "weighings",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("slip", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("weighed_at", sa.DateTime(), nullable=False),
        sa.Column("utc_offset_minutes", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("plot_id", sa.BigInteger(), nullable=True),
        sa.Column("parcel_id", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("gross_grams", sa.BigInteger(), nullable=False),
        sa.Column("tare_grams", sa.BigInteger(), nullable=False),
        sa.Column("deduction_ppm", sa.BigInteger(), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("price_fen_per_kg", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("picker", sa.String(length=200), nullable=False),
        sa.Column("piece_rate_fen_per_kg", sa.BigInteger(), nullable=True),
        sa.Column("picking_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND net_grams >= 0 AND amount_fen >= 0 AND picking_fen >= 0) OR (reverses_id IS NOT NULL AND net_grams <= 0 AND amount_fen <= 0 AND picking_fen <= 0)",
            name=op.f("ck_weighings_sign"),
        ),
        sa.CheckConstraint("deduction_ppm >= 0 AND deduction_ppm < 1000000", name=op.f("ck_weighings_deduction")),
        sa.CheckConstraint("gross_grams <= 100000000", name=op.f("ck_weighings_gross_limit")),
        sa.CheckConstraint("gross_grams > tare_grams AND tare_grams >= 0", name=op.f("ck_weighings_gross_above_tare")),
        sa.CheckConstraint("household_id IS NOT NULL OR plot_id IS NOT NULL", name=op.f("ck_weighings_place")),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_weighings_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "parcel_id"],
            ["parcels.collective_id", "parcels.id"],
            name=op.f("fk_weighings_collective_id_parcel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "plot_id"],
            ["plots.collective_id", "plots.id"],
            name=op.f("fk_weighings_collective_id_plot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_weighings_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_weighings_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_weighings_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_weighings")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_weighings_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_weighings_collective_id_reverses_id")),
        sa.UniqueConstraint("collective_id", "slip", name=op.f("uq_weighings_collective_id_slip")),
    )
    with op.batch_alter_table("weighings", schema=None) as batch_op:
        batch_op.create_index("ix_weighings_days", ["collective_id", "season_id", "local_date", "grade", "net_grams"], unique=False)
        batch_op.create_index("ix_weighings_households", ["collective_id", "household_id", "weighed_at"], unique=False)
        batch_op.create_index("ix_weighings_times", ["collective_id", "weighed_at"], unique=False)
        batch_op.create_index(
            "ix_weighings_totals",
            ["collective_id", "season_id", "household_id", "grade", "entry", "net_grams", "amount_fen", "picking_fen"],
            unique=False,
        )

    op.create_table(
        "weighing_shares",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing_id", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("picking_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_weighing_shares_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "parcel_id"],
            ["parcels.collective_id", "parcels.id"],
            name=op.f("fk_weighing_shares_collective_id_parcel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_weighing_shares_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "weighing_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_weighing_shares_collective_id_weighing_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_weighing_shares_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_weighing_shares")),
        sa.UniqueConstraint(
            "collective_id",
            "weighing_id",
            "parcel_id",
            name=op.f("uq_weighing_shares_collective_id_weighing_id_parcel_id"),
        ),
    )
    with op.batch_alter_table("weighing_shares", schema=None) as batch_op:
        batch_op.create_index(
            "ix_weighing_shares_totals",
            ["collective_id", "season_id", "household_id", "grade", "entry", "net_grams", "amount_fen", "picking_fen"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("weighing_shares", schema=None) as batch_op:
        batch_op.drop_index("ix_weighing_shares_totals")

    op.drop_table("weighing_shares")
    with op.batch_alter_table("weighings", schema=None) as batch_op:
        batch_op.drop_index("ix_weighings_totals")
        batch_op.drop_index("ix_weighings_times")
        batch_op.drop_index("ix_weighings_households")
        batch_op.drop_index("ix_weighings_days")

    op.drop_table("weighings")
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_purchase_lines_totals")

    op.drop_table("purchase_lines")
    op.drop_table("slip_ranges")
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchases_buyer_id"))

    op.drop_table("purchases")
    op.drop_table("prices")
    op.drop_table("deductions")
    op.drop_table("seasons")
