"""The entries of a season in their order: whether anything came after one of them is seen at once, however much came in other
seasons since: see plantation/models/weighings.py"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_weighings_entries", "weighings", ["collective_id", "season_id", "entry"])


def downgrade() -> None:
    op.drop_index("ix_weighings_entries", "weighings")
