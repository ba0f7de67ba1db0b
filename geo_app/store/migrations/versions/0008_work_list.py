"""What the city has put right of what marks name."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "mending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("factor", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mending"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mending_task", "mending", ["task"])
    op.create_table(
        "mended_mark",
        sa.Column("mending_id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.String(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("mending_id", "mark_id", name="pk_mended_mark"),
        sa.ForeignKeyConstraint(
            ["mending_id"], ["mending.id"], name="fk_mended_mark_mending_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_mended_mark_mark_id", "mended_mark", ["mark_id"])
