"""What devices tell, closings of days, and slips with another price on their paper: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_states",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("waiting_grams", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("clock_offset_seconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("waiting >= 0 AND waiting_grams >= 0", name=op.f("ck_device_states_waiting")),
        sa.ForeignKeyConstraint(
            ["collective_id", "device_id"],
            ["device_tokens.collective_id", "device_tokens.id"],
            name=op.f("fk_device_states_collective_id_device_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_device_states_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "device_id", name=op.f("pk_device_states")),
    )
    op.create_table(
        "closings",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("slips", sa.BigInteger(), nullable=False),
        sa.Column("net_grams", sa.BigInteger(), nullable=False),
        sa.Column("differing", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("head_sequence", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("slips >= 0 AND differing >= 0 AND head_sequence >= 0", name=op.f("ck_closings_counts")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_closings_collective_id_season_id"),
        ),
        sa.UniqueConstraint("collective_id", "code", name=op.f("uq_closings_collective_id_code")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_closings_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_closings")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_closings_collective_id_entry")),
    )
    op.create_index("ix_closings_days", "closings", ["collective_id", "local_date", "entry"], unique=False)
    op.create_table(
        "price_questions",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing_id", sa.String(length=64), nullable=False),
        sa.Column("paper_price_fen_per_kg", sa.BigInteger(), nullable=False),
        sa.Column("paper_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("paper_price_fen_per_kg >= 0 AND paper_amount_fen >= 0", name=op.f("ck_price_questions_paper")),
        sa.ForeignKeyConstraint(
            ["collective_id", "weighing_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_price_questions_collective_id_weighing_id"),
        ),
        sa.UniqueConstraint("collective_id", "weighing_id", name=op.f("uq_price_questions_collective_id_weighing_id")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_price_questions_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_price_questions")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_price_questions_collective_id_entry")),
    )
    op.create_table(
        "price_answers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("decision IN ('season_price', 'made_good')", name=op.f("ck_price_answers_decision")),
        sa.ForeignKeyConstraint(
            ["collective_id", "question_id"],
            ["price_questions.collective_id", "price_questions.id"],
            name=op.f("fk_price_answers_collective_id_question_id"),
        ),
        sa.UniqueConstraint("collective_id", "question_id", name=op.f("uq_price_answers_collective_id_question_id")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_price_answers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_price_answers")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_price_answers_collective_id_entry")),
    )


def downgrade() -> None:
    for table in ("price_answers", "price_questions", "closings", "device_states"):
        op.drop_table(table)
