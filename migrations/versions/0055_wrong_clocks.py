"""A day of slips that came long after it, or before it, is a difference like others: see plantation/domain/clocks.py"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

BEFORE = ("buyer_differs", "over_parcel", "over_land", "seconds_apart", "same_tare", "round_numbers", "scale_drift")


def _allow(words: tuple[str, ...]) -> None:
    name = op.f("ck_difference_answers_difference")
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("difference_answers") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"difference IN ({listed})")


def upgrade() -> None:
    _allow((*BEFORE, "wrong_clock"))


def downgrade() -> None:
    _allow(BEFORE)
