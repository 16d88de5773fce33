"""The slips of a hired picker in their order, with weight and wage: a picker's page reads these and no others: see
plantation/models/weighings.py"""

from alembic import op
from sqlalchemy import text

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = text("picker <> ''")
    columns = ["collective_id", "picker", "weighed_at", "entry", "net_grams", "picking_fen"]
    op.create_index("ix_weighings_pickers", "weighings", columns, sqlite_where=names, postgresql_where=names)


def downgrade() -> None:
    op.drop_index("ix_weighings_pickers", "weighings")
