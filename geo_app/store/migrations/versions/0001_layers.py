"""Layers with their versions, provenance and rows."""

import sqlalchemy as sa
from alembic import op

from geo_app.store.spatial import BLOCKS_DDL, Geometry, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the index of the database at hand for boxes."""
    op.create_table(
        "store_fact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_store_fact"),
    )
    op.create_table(
        "layer_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_layer_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_layer_version_layer", "layer_version", ["layer"])
    op.create_index(
        "ix_layer_version_one_current",
        "layer_version",
        ["layer"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "feature",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("properties", Json(), nullable=False),
        sa.Column("geometry", Geometry()),
        sa.Column("minx", sa.Double()),
        sa.Column("miny", sa.Double()),
        sa.Column("maxx", sa.Double()),
        sa.Column("maxy", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_feature"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["layer_version.id"],
            name="fk_feature_version_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_feature_version_id", "feature", ["version_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(BLOCKS_DDL)
        op.execute(
            "CREATE TRIGGER version_takes_its_blocks AFTER DELETE ON layer_version BEGIN"
            " DELETE FROM feature_block WHERE version_id = old.id; END"
        )
    else:
        op.execute("CREATE INDEX ix_feature_geometry ON feature USING gist (geometry)")
