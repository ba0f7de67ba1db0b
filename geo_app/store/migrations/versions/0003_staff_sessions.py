"""Sessions of staff, and wishes to see an exact point that need a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "staff_session",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_login", "staff_session", ["login"])
    op.create_table(
        "reveal_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reveal_wish"),
        sa.ForeignKeyConstraint(["mark_id"], ["mark.id"], name="fk_reveal_wish_mark_id"),
    )
    op.create_index("ix_reveal_wish_mark_id", "reveal_wish", ["mark_id"])
