"""Slips of a household in their order, so that pairs seconds apart are found without sorting: see plantation/models/weighings.py"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["collective_id", "season_id", "household_id", "weighed_at", "entry", "reverses_id"]
    op.create_index("ix_weighings_pairs", "weighings", columns)


def downgrade() -> None:
    op.drop_index("ix_weighings_pairs", "weighings")
