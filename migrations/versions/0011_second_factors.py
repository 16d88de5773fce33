"""A second factor for accounts, and what browsers call themselves: see plantation/models/accounts.py"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collective_id", "account_id"],
            ["accounts.collective_id", "accounts.id"],
            name=op.f("fk_recovery_codes_collective_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_recovery_codes_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "collective_id",
            "account_id",
            "code_hash",
            name=op.f("uq_recovery_codes_collective_id_account_id_code_hash"),
        ),
    )
    op.create_table(
        "second_factors",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "account_id"],
            ["accounts.collective_id", "accounts.id"],
            name=op.f("fk_second_factors_collective_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_second_factors_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("collective_id", "account_id", name=op.f("uq_second_factors_collective_id_account_id")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_column("browser")

    op.drop_table("second_factors")
    op.drop_table("recovery_codes")
