"""Relatives, who read a household's pages; and when an account signed in last: see plantation/models/accounts.py"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = ("manager", "accountant", "weigher", "household", "buyer", "picker", "township")
NOW = ("manager", "accountant", "weigher", "household", "relative", "buyer", "picker", "township")


def _allow(words: tuple[str, ...]) -> None:
    name = op.f("ck_accounts_role")
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"role IN ({listed})")


def upgrade() -> None:
    _allow(NOW)
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("signed_in_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("signed_in_at")
        batch_op.drop_column("person")
    _allow(BEFORE)
