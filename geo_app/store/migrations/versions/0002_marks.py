"""Marks of citizens with their history, accounts of staff and what they did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BLANKED = ("detail", "salt")
KEPT = ("mark_id", "number", "at", "action", "state", "role", "reason", "seal", "previous", "hash")
NEVER_SAMPLED = {"mark": ("note", "x", "y", "device"), "mark_event": ("detail", "salt")}
"""What PostgreSQL would copy into its statistics, where erasing does not reach."""


def upgrade() -> None:
    """Make the tables, then the triggers that let history only grow."""
    _marks()
    _people()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()
        for table, columns in NEVER_SAMPLED.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _guard_sqlite() -> None:
    erasing = "EXISTS (SELECT 1 FROM erasing)"
    same = " AND ".join(f"new.{c} IS old.{c}" for c in KEPT)
    blank = " AND ".join(f"new.{c} = ''" for c in BLANKED)
    draft = "(SELECT state FROM mark WHERE id = old.mark_id) = 'draft'"
    _refuse("mark_event", "UPDATE", f"NOT ({erasing} AND {same} AND {blank})")
    _refuse("mark_event", "DELETE", f"NOT ({erasing} AND {draft})")
    for table in ("audit", "reveal"):
        _refuse(table, "UPDATE", "1")
        _refuse(table, "DELETE", f"NOT {erasing}")
    # INSERT OR REPLACE would otherwise change a row without either trigger
    _refuse(
        "mark_event",
        "INSERT",
        "EXISTS (SELECT 1 FROM mark_event WHERE mark_id = new.mark_id AND number = new.number)",
    )
    for table in ("audit", "reveal"):
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = new.id)"  # noqa: S608 - two names above
        _refuse(table, "INSERT", there)


def _refuse(table: str, what: str, when: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table} WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} can only grow'); END"
    )


def _guard_postgresql() -> None:
    same = " AND ".join(f"NEW.{c} IS NOT DISTINCT FROM OLD.{c}" for c in KEPT)
    blank = " AND ".join(f"NEW.{c} = ''" for c in BLANKED)
    op.execute(
        f"""CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'TRUNCATE' AND EXISTS (SELECT 1 FROM erasing) THEN
                IF TG_TABLE_NAME = 'mark_event' THEN
                    IF TG_OP = 'UPDATE' AND {same} AND {blank} THEN RETURN NEW; END IF;
                    IF TG_OP = 'DELETE' AND
                        (SELECT state FROM mark WHERE id = OLD.mark_id) = 'draft'
                        THEN RETURN OLD; END IF;
                ELSIF TG_OP = 'DELETE' THEN RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION '% can only grow', TG_TABLE_NAME;
        END $$"""  # noqa: S608 - names of columns from above
    )
    for table in ("mark_event", "audit", "reveal"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION only_grows()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )


def _marks() -> None:
    op.create_table(
        "mark",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        sa.Column("coarse_x", sa.Double()),
        sa.Column("coarse_y", sa.Double()),
        sa.Column("factors", sa.String(), nullable=False),
        sa.Column("daytime", sa.String(), nullable=False),
        sa.Column("weekpart", sa.String(), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("note", sa.String()),
        sa.Column("noticed_on", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_on", sa.String(), nullable=False),
        sa.Column("expires_on", sa.String(), nullable=False),
        sa.Column("merged_into", sa.String()),
        sa.Column("offices", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String()),
        sa.Column("device", sa.String()),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("pin", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mark"),
        sa.ForeignKeyConstraint(["merged_into"], ["mark.id"], name="fk_mark_merged_into"),
    )
    op.create_index("ix_mark_x_y", "mark", ["x", "y"])
    op.create_index("ix_mark_state_waiting_since", "mark", ["state", "waiting_since"])
    op.create_index("ix_mark_device", "mark", ["device"])
    op.create_index("ix_mark_one_code", "mark", ["code_hash"], unique=True)
    op.create_table(
        "mark_event",
        sa.Column("mark_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("mark_id", "number", name="pk_mark_event"),
        sa.ForeignKeyConstraint(["mark_id"], ["mark.id"], name="fk_mark_event_mark_id"),
    )
    op.create_table(
        "voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pin", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("device", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_voice"),
    )
    op.create_index("ix_voice_one", "voice", ["pin", "day", "device"], unique=True)
    op.create_table(
        "reveal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reveal"),
        sa.ForeignKeyConstraint(["mark_id"], ["mark.id"], name="fk_reveal_mark_id"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("factors", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.String(), nullable=False),
        sa.Column("expires_on", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_table(
        "release",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("pins", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_release"),
    )
    op.create_table(
        "rate",
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device", "what", "began", name="pk_rate"),
    )
    op.create_table(
        "daily_salt",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_daily_salt"),
    )
    op.create_table(
        "erasing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasing"),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_person"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
