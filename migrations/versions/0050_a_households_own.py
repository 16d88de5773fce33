"""What one household or plot has is found without reading what all have: see the indexes of plantation/models/parcels.py,
rights.py, payments.py, dividends.py, disputes.py and photos.py. Each begins with the collective and ends with the order that is
asked for: SQLite, which keeps no figures about its rows, would rather walk another index that has these."""

from alembic import op

revision = "0050"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE = (
    ("parcels", "ix_parcels_plot_id", ["plot_id"]),
    ("parcels", "ix_parcels_right_id", ["right_id"]),
    ("parcels", "ix_parcels_household_id", ["household_id"]),
    ("exclusions", "ix_exclusions_plot_id", ["plot_id"]),
    ("slip_photos", "ix_slip_photos_weighings", ["collective_id", "weighing_id"]),
)
AFTER = (
    ("parcels", "ix_parcels_plots", ["collective_id", "plot_id", "code"]),
    ("parcels", "ix_parcels_rights", ["collective_id", "right_id"]),
    ("parcels", "ix_parcels_households", ["collective_id", "household_id"]),
    ("exclusions", "ix_exclusions_plots", ["collective_id", "plot_id"]),
    ("rights", "ix_rights_households", ["collective_id", "household_id", "code"]),
    ("payments", "ix_payments_households", ["collective_id", "household_id", "season_id", "amount_fen"]),
    ("dividend_lines", "ix_dividend_lines_households", ["collective_id", "household_id", "dividend_id"]),
    ("dividend_payments", "ix_dividend_payments_households", ["collective_id", "household_id", "dividend_id", "amount_fen"]),
    ("disputes", "ix_disputes_weighings", ["collective_id", "weighing_id", "entry"]),
    ("slip_photos", "ix_slip_photos_weighings", ["collective_id", "weighing_id", "entry"]),
)


def upgrade() -> None:
    _exchange(BEFORE, AFTER)


def downgrade() -> None:
    _exchange(AFTER, BEFORE)


def _exchange(gone: tuple, new: tuple) -> None:
    for table, name, _ in gone:
        op.drop_index(name, table)
    for table, name, columns in new:
        op.create_index(name, table, columns)
