"""Scenarios of planners and their steps."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("deleted_at", moment, nullable=True),
        sa.Column("adopted_at", moment, nullable=True),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_version", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenario"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scenario_token", "scenario", ["token"])
    op.create_table(
        "scenario_step",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "number", name="pk_scenario_step"),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenario.id"],
            name="fk_scenario_step_scenario_id",
            ondelete="CASCADE",
        ),
    )
