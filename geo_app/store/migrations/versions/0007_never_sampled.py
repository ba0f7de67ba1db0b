"""PostgreSQL keeps no samples of what is erased: its statistics would outlive the rows."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEVER_SAMPLED = {
    "mark": ("sender", "code_hash"),
    "daily_salt": ("salt",),
    "rate": ("device",),
    "voice": ("device",),
    "audit": ("what", "detail"),
    "reveal": ("mark_id", "reason"),
    "reveal_wish": ("mark_id", "reason"),
}
"""Columns of text; notes and points of marks are never sampled from the beginning."""


def upgrade() -> None:
    """Take what was sampled out of the statistics, and sample it no more."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in NEVER_SAMPLED.items():
        for column in columns:
            # the same type again: no row is touched, but what was sampled of it is dropped
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
