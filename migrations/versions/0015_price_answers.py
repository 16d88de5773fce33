"""An answer may say that the paper's price counts: see plantation/models/price_questions.py"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _allow(*words: str) -> None:
    name = op.f("ck_price_answers_decision")
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("price_answers") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"decision IN ({listed})")


def upgrade() -> None:
    _allow("season_price", "made_good", "price_on_paper")


def downgrade() -> None:
    _allow("season_price", "made_good")
