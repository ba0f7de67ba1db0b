"""What residents reply to a published spot, and what the city answers beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEVER_SAMPLED = ("note", "device")
"""Columns of `reply` of which PostgreSQL keeps no samples: they would outlive the rows."""


def upgrade() -> None:
    """Make the two tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pin", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("factors", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reply_state_at", "reply", ["state", "at"])
    op.create_index("ix_reply_one", "reply", ["pin", "day", "device"], unique=True)
    op.create_table(
        "reply_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pin", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("taken_back_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reply_answer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reply_answer_pin", "reply_answer", ["pin"])
    if op.get_bind().dialect.name == "postgresql":
        for column in NEVER_SAMPLED:
            op.execute(f"ALTER TABLE reply ALTER COLUMN {column} SET STATISTICS 0")
