"""The unit in which an account reads weights: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("weight_unit", sa.String(length=4), nullable=False, server_default="kg"))
        batch_op.create_check_constraint(op.f("ck_accounts_weight_unit"), "weight_unit IN ('kg', 'jin')")


def downgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_constraint(op.f("ck_accounts_weight_unit"), type_="check")
        batch_op.drop_column("weight_unit")
