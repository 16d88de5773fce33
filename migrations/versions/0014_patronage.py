"""Whether a dividend is a cooperative's surplus: see plantation/models/dividends.py. Those of before said nothing: no."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dividends", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_patronage", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("dividends", schema=None) as batch_op:
        batch_op.alter_column("is_patronage", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("dividends", schema=None) as batch_op:
        batch_op.drop_column("is_patronage")
