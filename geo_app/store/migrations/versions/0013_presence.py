"""Where the city is present, and why there."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "presence_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("exploration", sa.Float(), nullable=False),
        sa.Column("fairness", sa.Float(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("dropped_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_presence_plan"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "presence_stop",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by_chance", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("shape", sa.LargeBinary(), nullable=False),
        sa.Column("been", sa.Integer()),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_presence_stop"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["presence_plan.id"], name="fk_presence_stop_plan_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "patrol_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("factor", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patrol_finding"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["presence_plan.id"], name="fk_patrol_finding_plan_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
