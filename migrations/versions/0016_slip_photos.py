"""Photos of the scale: see plantation/models/photos.py"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slip_photos",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing_id", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(picture) BETWEEN 4 AND 81920", name=op.f("ck_slip_photos_size")),
        sa.ForeignKeyConstraint(
            ["collective_id", "weighing_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_slip_photos_collective_id_weighing_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_slip_photos_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_slip_photos")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_slip_photos_collective_id_entry")),
    )
    op.create_index("ix_slip_photos_weighings", "slip_photos", ["collective_id", "weighing_id"])


def downgrade() -> None:
    op.drop_index("ix_slip_photos_weighings", "slip_photos")
    op.drop_table("slip_photos")
