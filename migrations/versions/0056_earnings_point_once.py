"""A line of a settlement points into its collective through its settlement and its household, which are of no other one: a third key
said the same once more, and each of ten thousand lines was held against it (on PostgreSQL a sixth of what storing them takes)."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.drop_constraint(op.f("fk_earnings_collective_id"), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.create_foreign_key(op.f("fk_earnings_collective_id"), "collectives", ["collective_id"], ["id"])
