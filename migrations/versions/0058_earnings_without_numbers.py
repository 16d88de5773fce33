"""A line of a settlement is the one of its household in it, and nothing else names it: a number of its own was a second key, which each
of ten thousand lines was entered into."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

UNIQUE = "uq_earnings_collective_id_settlement_id_household_id"


def upgrade() -> None:
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.drop_constraint(op.f("pk_earnings"), type_="primary")
        batch_op.drop_constraint(op.f(UNIQUE), type_="unique")
        batch_op.drop_column("id")
        batch_op.create_primary_key(op.f("pk_earnings"), ["collective_id", "settlement_id", "household_id"])


def downgrade() -> None:
    rebuilt = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("earnings", recreate="always" if rebuilt else "never") as batch_op:
        batch_op.add_column(sa.Column("id", sa.BigInteger(), nullable=True), **({"insert_after": "collective_id"} if rebuilt else {}))
    op.execute(
        "UPDATE earnings SET id = numbered.number FROM (SELECT collective_id, settlement_id, household_id,"
        " row_number() OVER (PARTITION BY collective_id ORDER BY settlement_id, household_id) AS number FROM earnings) AS numbered"
        " WHERE numbered.collective_id = earnings.collective_id AND numbered.settlement_id = earnings.settlement_id"
        " AND numbered.household_id = earnings.household_id"
    )
    with op.batch_alter_table("earnings") as batch_op:
        batch_op.alter_column("id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_constraint(op.f("pk_earnings"), type_="primary")
        batch_op.create_primary_key(op.f("pk_earnings"), ["collective_id", "id"])
        batch_op.create_unique_constraint(op.f(UNIQUE), ["collective_id", "settlement_id", "household_id"])
