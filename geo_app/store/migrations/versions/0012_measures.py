"""Measures: what was planned, fixed in advance, done and found; a history that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, then the triggers that let the history only grow."""
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "measure_event",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", "number", name="pk_measure_event"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_measure_event_measure_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    there = (
        "EXISTS (SELECT 1 FROM measure_event"
        " WHERE measure_id = new.measure_id AND number = new.number)"
    )
    # INSERT OR REPLACE would otherwise change a row without a trigger
    for what, when in (("UPDATE", "1"), ("DELETE", "1"), ("INSERT", there)):
        op.execute(
            f"CREATE TRIGGER measure_event_{what.lower()} BEFORE {what} ON measure_event"
            f" WHEN {when} BEGIN SELECT RAISE(ABORT, 'measure_event can only grow'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        """CREATE OR REPLACE FUNCTION measures_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% can only grow', TG_TABLE_NAME; END $$"""
    )
    op.execute(
        "CREATE TRIGGER measure_event_only_grows BEFORE UPDATE OR DELETE ON measure_event"
        " FOR EACH ROW EXECUTE FUNCTION measures_only_grow()"
    )
    op.execute(
        "CREATE TRIGGER measure_event_stays BEFORE TRUNCATE ON measure_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION measures_only_grow()"
    )
