"""A line is written in the transaction that writes its settlement, which is never deleted, and seals all its lines: a key from each of
ten thousand lines to the same settlement told the database nothing, and made it wait with the lines for what seals them."""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

KEY = "fk_earnings_collective_id_settlement_id"


def upgrade() -> None:
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.drop_constraint(op.f(KEY), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.create_foreign_key(op.f(KEY), "settlements", ["collective_id", "settlement_id"], ["collective_id", "id"])
