"""Slip numbers lent to devices: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slip_leases",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("leased_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("first_number <= last_number", name=op.f("ck_slip_leases_numbers")),
        sa.ForeignKeyConstraint(
            ["collective_id", "device_id"],
            ["device_tokens.collective_id", "device_tokens.id"],
            name=op.f("fk_slip_leases_collective_id_device_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_slip_leases_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_slip_leases_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_slip_leases")),
        sa.UniqueConstraint("collective_id", "device_id", "request", name=op.f("uq_slip_leases_collective_id_device_id_request")),
        sa.UniqueConstraint(
            "collective_id",
            "season_id",
            "first_number",
            name=op.f("uq_slip_leases_collective_id_season_id_first_number"),
        ),
    )


def downgrade() -> None:
    op.drop_table("slip_leases")
