"""Night walks: routes, stops, and what people rated there."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEVER_SAMPLED = {"walk_rating": ("note",), "walk_rater": ("word",)}
"""Columns of which PostgreSQL keeps no samples: they would outlive the rows."""


def upgrade() -> None:
    """Make the four tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("planned_on", sa.String(), nullable=False),
        sa.Column("walked_on", sa.String(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("deleted_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_walk"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_walk_token", "walk", ["token"])
    op.create_table(
        "walk_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("spot", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_walk_stop"),
        _of_walk("walk_stop"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_walk_stop_walk_id", "walk_stop", ["walk_id"])
    op.create_table(
        "walk_rater",
        sa.Column("walk_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column("paper", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("walk_id", "number", name="pk_walk_rater"),
        _of_walk("walk_rater"),
    )
    op.create_table(
        "walk_rating",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("rater", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("bases", sa.String(), nullable=False),
        sa.Column("rated_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_walk_rating"),
        _of_walk("walk_rating"),
        sa.ForeignKeyConstraint(
            ["stop_id"], ["walk_stop.id"], name="fk_walk_rating_stop_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_walk_rating_walk_id", "walk_rating", ["walk_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in NEVER_SAMPLED.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _of_walk(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["walk_id"], ["walk.id"], name=f"fk_{table}_walk_id", ondelete="CASCADE"
    )
