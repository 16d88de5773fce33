"""people and land: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collectives",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectives")),
        sa.UniqueConstraint("code", name=op.f("uq_collectives_code")),
    )
    op.create_table(
        "journal_heads",
        sa.Column("collective_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("collective_id", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "access_lines",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_access_lines_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_access_lines")),
    )
    op.create_table(
        "allocations",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=False),
        sa.Column("asked_millimu", sa.BigInteger(), nullable=False),
        sa.Column("available_millimu", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("rule IN ('strict', 'prorate', 'waitlist')", name=op.f("ck_allocations_rule")),
        sa.CheckConstraint("shape IN ('compact', 'strips')", name=op.f("ck_allocations_shape")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_allocations_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_allocations")),
    )
    op.create_table(
        "buyers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_buyers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_buyers")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_buyers_collective_id_code")),
    )
    op.create_table(
        "device_tokens",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_device_tokens_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_device_tokens")),
        sa.UniqueConstraint("collective_id", "name", name=op.f("uq_device_tokens_collective_id_name")),
        sa.UniqueConstraint("collective_id", "token_hash", name=op.f("uq_device_tokens_collective_id_token_hash")),
    )
    op.create_table(
        "households",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("members BETWEEN 0 AND 100", name=op.f("ck_households_members")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_households_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_households")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_households_collective_id_code")),
    )
    op.create_table(
        "journal",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_journal_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "sequence", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_subject"), ["subject"], unique=False)

    op.create_table(
        "plots",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("planted_on", sa.Date(), nullable=True),
        sa.Column("variety", sa.String(length=100), nullable=False),
        sa.Column("row_bearing", sa.Float(), nullable=True),
        sa.Column("row_spacing_m", sa.Float(), nullable=True),
        sa.Column("outline", sa.LargeBinary(), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("area_dm2 > 0", name=op.f("ck_plots_area")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_plots_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_plots")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_plots_collective_id_code")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_sign_in_attempts_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_account_name"), ["account_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempts_address"), ["address"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role IN ('manager', 'accountant', 'weigher', 'household', 'buyer', 'township')",
            name=op.f("ck_accounts_role"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "buyer_id"],
            ["buyers.collective_id", "buyers.id"],
            name=op.f("fk_accounts_collective_id_buyer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_accounts_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_accounts_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("collective_id", "name", name=op.f("uq_accounts_collective_id_name")),
    )
    op.create_table(
        "exclusions",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outline", sa.LargeBinary(), nullable=False),
        sa.Column("width_m", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('road', 'canal', 'rock', 'building', 'other')", name=op.f("ck_exclusions_kind")),
        sa.ForeignKeyConstraint(
            ["collective_id", "plot_id"],
            ["plots.collective_id", "plots.id"],
            name=op.f("fk_exclusions_collective_id_plot_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_exclusions_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_exclusions")),
    )
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusions_plot_id"), ["plot_id"], unique=False)

    op.create_table(
        "rights",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("entitlement_millimu", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'suspended', 'ended')", name=op.f("ck_rights_status")),
        sa.CheckConstraint("entitlement_millimu > 0 AND entitlement_millimu <= 100000000", name=op.f("ck_rights_entitlement")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_rights_term")),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_rights_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_rights_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_rights")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_rights_collective_id_code")),
    )
    op.create_table(
        "parcels",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("right_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("allocation_id", sa.BigInteger(), nullable=True),
        sa.Column("outline", sa.LargeBinary(), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("area_dm2 > 0", name=op.f("ck_parcels_area")),
        sa.ForeignKeyConstraint(
            ["collective_id", "allocation_id"],
            ["allocations.collective_id", "allocations.id"],
            name=op.f("fk_parcels_collective_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_parcels_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "plot_id"],
            ["plots.collective_id", "plots.id"],
            name=op.f("fk_parcels_collective_id_plot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "right_id"],
            ["rights.collective_id", "rights.id"],
            name=op.f("fk_parcels_collective_id_right_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_parcels_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_parcels_collective_id_code")),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcels_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parcels_plot_id"), ["plot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parcels_right_id"), ["right_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "account_id"],
            ["accounts.collective_id", "accounts.id"],
            name=op.f("fk_sign_ins_collective_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_sign_ins_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("collective_id", "token_hash", name=op.f("uq_sign_ins_collective_id_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("sign_ins")
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcels_right_id"))
        batch_op.drop_index(batch_op.f("ix_parcels_plot_id"))
        batch_op.drop_index(batch_op.f("ix_parcels_household_id"))

    op.drop_table("parcels")
    op.drop_table("rights")
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exclusions_plot_id"))

    op.drop_table("exclusions")
    op.drop_table("accounts")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_address"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempts_account_name"))

    op.drop_table("sign_in_attempts")
    op.drop_table("plots")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_subject"))

    op.drop_table("journal")
    op.drop_table("households")
    op.drop_table("device_tokens")
    op.drop_table("buyers")
    op.drop_table("allocations")
    op.drop_table("access_lines")
    op.drop_table("journal_heads")
    op.drop_table("collectives")
