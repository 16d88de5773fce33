"""What a household disputed, by household: its first page says what it waits for and what it was answered. See plantation/models/disputes.py"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_disputes_households", "disputes", ["collective_id", "household_id", "entry"])


def downgrade() -> None:
    op.drop_index("ix_disputes_households", "disputes")
