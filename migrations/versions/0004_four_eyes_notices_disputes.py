"""Four eyes, public notices with objections, disputes: see plantation/models."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("prepared_id", sa.BigInteger(), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("step IN ('prepared', 'released', 'withdrawn')", name=op.f("ck_releases_step")),
        sa.CheckConstraint("subject IN ('settlement', 'payment_file', 'price')", name=op.f("ck_releases_subject")),
        sa.ForeignKeyConstraint(
            ["collective_id", "prepared_id"],
            ["releases.collective_id", "releases.id"],
            name=op.f("fk_releases_collective_id_prepared_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_releases_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_releases")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_releases_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "prepared_id", name=op.f("uq_releases_collective_id_prepared_id")),
    )
    op.create_table(
        "notices",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0 AND posted_on <= ends_on", name=op.f("ck_notices_days")),
        sa.ForeignKeyConstraint(
            ["collective_id", "season_id"],
            ["seasons.collective_id", "seasons.id"],
            name=op.f("fk_notices_collective_id_season_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_notices_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_notices")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_notices_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "season_id", "number", name=op.f("uq_notices_collective_id_season_id_number")),
    )
    op.create_table(
        "objections",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_objections_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "notice_id"],
            ["notices.collective_id", "notices.id"],
            name=op.f("fk_objections_collective_id_notice_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_objections_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_objections")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_objections_collective_id_entry")),
    )
    op.create_table(
        "objection_answers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("objection_id", sa.BigInteger(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "objection_id"],
            ["objections.collective_id", "objections.id"],
            name=op.f("fk_objection_answers_collective_id_objection_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_objection_answers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_objection_answers")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_objection_answers_collective_id_entry")),
        sa.UniqueConstraint("collective_id", "objection_id", name=op.f("uq_objection_answers_collective_id_objection_id")),
    )
    op.create_table(
        "disputes",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weighing_id", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "about IN ('weight_wrong', 'grade_wrong', 'not_mine', 'picker_wrong', 'something_else')",
            name=op.f("ck_disputes_about"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "household_id"],
            ["households.collective_id", "households.id"],
            name=op.f("fk_disputes_collective_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "weighing_id"],
            ["weighings.collective_id", "weighings.id"],
            name=op.f("fk_disputes_collective_id_weighing_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_disputes_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_disputes_collective_id_entry")),
    )
    op.create_table(
        "dispute_answers",
        sa.Column("collective_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "dispute_id"],
            ["disputes.collective_id", "disputes.id"],
            name=op.f("fk_dispute_answers_collective_id_dispute_id"),
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_dispute_answers_collective_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_dispute_answers")),
        sa.UniqueConstraint("collective_id", "dispute_id", name=op.f("uq_dispute_answers_collective_id_dispute_id")),
        sa.UniqueConstraint("collective_id", "entry", name=op.f("uq_dispute_answers_collective_id_entry")),
    )
    with op.batch_alter_table("collectives", schema=None) as batch_op:
        batch_op.add_column(sa.Column("four_eyes", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("posting_days", sa.Integer(), nullable=False, server_default="7"))
        batch_op.add_column(sa.Column("dispute_days", sa.Integer(), nullable=False, server_default="5"))
        batch_op.create_check_constraint(op.f("ck_collectives_days"), "posting_days BETWEEN 0 AND 60 AND dispute_days BETWEEN 1 AND 60")


def downgrade() -> None:
    with op.batch_alter_table("collectives", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_collectives_days"), type_="check")
        batch_op.drop_column("dispute_days")
        batch_op.drop_column("posting_days")
        batch_op.drop_column("four_eyes")

    op.drop_table("dispute_answers")
    op.drop_table("disputes")
    op.drop_table("objection_answers")
    op.drop_table("objections")
    op.drop_table("notices")
    op.drop_table("releases")
