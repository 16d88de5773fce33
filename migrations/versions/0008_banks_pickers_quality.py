"""Bank files, hired pickers, quality limits and answers to differences: see plantation/models"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}")
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({listed})")


def upgrade() -> None:
    op.create_table(
        "bank_layouts",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_bank_layouts_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_bank_layouts")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_bank_layouts_collective_id_entry")),
    )
    with op.batch_alter_table("bank_layouts", schema=None) as batch_op:
        batch_op.create_index("ix_bank_layouts_latest", ["collective_id", "code", "entry"], unique=False)

    op.create_table(
        "picker_payments",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("picker", sa.String(length=64), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_picker_payments_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["picker_payments.collective_id", "picker_payments.id"],
            name=op.f("fk_picker_payments_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_picker_payments_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_picker_payments")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_picker_payments_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_picker_payments_collective_id_reverses_id")),
    )
    with op.batch_alter_table("picker_payments", schema=None) as batch_op:
        batch_op.create_index("ix_picker_payments_pickers", ["collective_id", "picker", "amount_fen"], unique=False)

    op.create_table(
        "pickers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_pickers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_pickers")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_pickers_collective_id_entry")),
    )
    with op.batch_alter_table("pickers", schema=None) as batch_op:
        batch_op.create_index("ix_pickers_latest", ["collective_id", "code", "entry"], unique=False)

    op.create_table(
        "bank_accounts",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_bank_accounts_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_bank_accounts_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_bank_accounts_collective_id_entry")),
    )
    with op.batch_alter_table("bank_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_bank_accounts_latest", ["collective_id", "household_id", "entry"], unique=False)

    op.create_table(
        "difference_answers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "difference IN ('buyer_differs', 'over_parcel', 'over_land', 'seconds_apart', 'same_tare', 'round_numbers', 'scale_drift')",
            name=op.f("ck_difference_answers_difference"),
        ),
        sa.CheckConstraint("verdict IN ('explained', 'corrected', 'accepted')", name=op.f("ck_difference_answers_verdict")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_difference_answers_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_difference_answers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_difference_answers")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_difference_answers_collective_id_entry")),
    )
    with op.batch_alter_table("difference_answers", schema=None) as batch_op:
        batch_op.create_index("ix_difference_answers_seasons", ["collective_id", "season_id", "entry"], unique=False)

    op.create_table(
        "payment_files",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("total_fen > 0 AND line_count > 0", name=op.f("ck_payment_files_total")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_payment_files_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_payment_files_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_payment_files")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_payment_files_collective_id_code")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_payment_files_collective_id_entry")),
    )
    op.create_table(
        "picker_days",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("picker", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL AND amount_fen > 0) OR (reverses_id IS NOT NULL AND amount_fen < 0)",
            name=op.f("ck_picker_days_sign"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_picker_days_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "reverses_id"],
            ["picker_days.collective_id", "picker_days.id"],
            name=op.f("fk_picker_days_collective_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_picker_days_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_picker_days")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_picker_days_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "reverses_id", name=op.f("uq_picker_days_collective_id_reverses_id")),
    )
    with op.batch_alter_table("picker_days", schema=None) as batch_op:
        batch_op.create_index("ix_picker_days_households", ["collective_id", "household_id", "amount_fen"], unique=False)
        batch_op.create_index("ix_picker_days_pickers", ["collective_id", "picker", "amount_fen"], unique=False)

    op.create_table(
        "quality_limits",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("limit_ppm", sa.BigInteger(), nullable=True),
        sa.Column("regrade", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("measure IN ('impurity', 'moisture')", name=op.f("ck_quality_limits_measure")),
        sa.CheckConstraint("limit_ppm IS NULL OR (limit_ppm >= 0 AND limit_ppm < 1000000)", name=op.f("ck_quality_limits_limit")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_quality_limits_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_quality_limits_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_quality_limits")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_quality_limits_collective_id_entry")),
    )
    with op.batch_alter_table("quality_limits", schema=None) as batch_op:
        batch_op.create_index("ix_quality_limits_latest", ["collective_id", "season_id", "grade", "measure", "entry"], unique=False)

    op.create_table(
        "payment_file_lines",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_file_lines_amount")),
        sa.ForeignKeyConstraint(
            ["collective_id", "file_id"],
            ["payment_files.collective_id", "payment_files.id"],
            name=op.f("fk_payment_file_lines_collective_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_payment_file_lines_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_payment_file_lines_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_payment_file_lines")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_payment_file_lines_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "file_id", "line", name=op.f("uq_payment_file_lines_collective_id_file_id_line")),
    )
    op.create_table(
        "payment_file_answers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome IN ('bank_paid', 'bank_bounced')", name=op.f("ck_payment_file_answers_outcome")),
        sa.ForeignKeyConstraint(
            ["collective_id", "line_id"],
            ["payment_file_lines.collective_id", "payment_file_lines.id"],
            name=op.f("fk_payment_file_answers_collective_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_payment_file_answers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_payment_file_answers")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_payment_file_answers_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "line_id", name=op.f("uq_payment_file_answers_collective_id_line_id")),
    )
    op.create_table(
        "quality_checks",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing_id", sa.String(length=64), nullable=False),
        sa.Column("offered_grade", sa.String(length=64), nullable=False),
        sa.Column("impurity_ppm", sa.BigInteger(), nullable=True),
        sa.Column("moisture_ppm", sa.BigInteger(), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "impurity_ppm IS NULL OR (impurity_ppm >= 0 AND impurity_ppm < 1000000)",
            name=op.f("ck_quality_checks_impurity"),
        ),
        sa.CheckConstraint(
            "moisture_ppm IS NULL OR (moisture_ppm >= 0 AND moisture_ppm < 1000000)",
            name=op.f("ck_quality_checks_moisture"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "weighing_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_quality_checks_collective_id_weighing_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_quality_checks_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_quality_checks")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_quality_checks_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "weighing_id", name=op.f("uq_quality_checks_collective_id_weighing_id")),
    )

    roles = ("manager", "accountant", "weigher", "household", "buyer", "picker", "township")
    subjects = ("settlement", "payment_file", "dividend", "price")
    _allow("accounts", "role", roles)
    _allow("releases", "subject", subjects)


def downgrade() -> None:
    _allow("accounts", "role", ("manager", "accountant", "weigher", "household", "buyer", "township"))
    _allow("releases", "subject", ("settlement", "payment_file", "price"))
    op.drop_table("quality_checks")
    op.drop_table("payment_file_answers")
    op.drop_table("payment_file_lines")
    with op.batch_alter_table("quality_limits", schema=None) as batch_op:
        batch_op.drop_index("ix_quality_limits_latest")

    op.drop_table("quality_limits")
    with op.batch_alter_table("picker_days", schema=None) as batch_op:
        batch_op.drop_index("ix_picker_days_pickers")
        batch_op.drop_index("ix_picker_days_households")

    op.drop_table("picker_days")
    op.drop_table("payment_files")
    with op.batch_alter_table("difference_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_difference_answers_seasons")

    op.drop_table("difference_answers")
    with op.batch_alter_table("bank_accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_accounts_latest")

    op.drop_table("bank_accounts")
    with op.batch_alter_table("pickers", schema=None) as batch_op:
        batch_op.drop_index("ix_pickers_latest")

    op.drop_table("pickers")
    with op.batch_alter_table("picker_payments", schema=None) as batch_op:
        batch_op.drop_index("ix_picker_payments_pickers")

    op.drop_table("picker_payments")
    with op.batch_alter_table("bank_layouts", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_layouts_latest")

    op.drop_table("bank_layouts")
