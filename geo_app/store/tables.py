"""
The tables of the store.

A layer is not a table of the database: adding one needs no migration. Rows of
all layers lie in `feature`, each with its version; `layer_version` says where
they come from. Rows are written once and never changed, only deleted with
their version.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    text,
)
from sqlalchemy.types import TypeDecorator

from .spatial import Geometry, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn a moment of any zone into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give a moment its zone."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class FactColumns(TypedColumns):
    """One fact about the store itself, such as its coordinate system."""

    name: Named[str] = Column(String, primary_key=True)
    value: Named[str] = Column(String, nullable=False)


class VersionColumns(TypedColumns):
    """One imported version of a layer and its provenance (see `geo_app.origin.Origin`)."""

    id: Named[int] = Column(Integer, primary_key=True)
    layer: Named[str] = Column(String, nullable=False)
    current: Named[bool] = Column(Boolean, nullable=False)
    hash: Named[str] = Column(String, nullable=False)
    rows: Named[int] = Column(Integer, nullable=False)
    imported_at: Named[datetime] = Column(Moment, nullable=False)
    imported_by: Named[str] = Column(String, nullable=False)
    file: Named[str] = Column(String, nullable=False)
    file_hash: Named[str] = Column(String, nullable=False)
    source: Named[str] = Column(String, nullable=False)
    licence: Named[str] = Column(String, nullable=False)
    attribution: Named[str] = Column(String, nullable=False)
    as_of: Named[str] = Column(String, nullable=False)
    invented: Named[bool] = Column(Boolean, nullable=False)
    remarks: Named[str] = Column(String, nullable=False)  # JSON of sentences and their values
    extent: Named[str] = Column(String, nullable=False)  # WKT in degrees, "" is unknown


class FeatureColumns(TypedColumns):
    """
    One row of a layer.

    Ids of a version follow a Hilbert curve; `position` is the place in the
    table that was imported. `properties` is a JSON object kept letter by letter.
    """

    # SQLite finds rows fastest by its own row number, which is what INTEGER means there
    id: Named[int] = Column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    version_id: Named[int] = Column(
        Integer, ForeignKey("layer_version.id", ondelete="CASCADE"), nullable=False
    )
    position: Named[int] = Column(Integer, nullable=False)
    row_id: Named[str] = Column(String, nullable=False)
    # JSON, not JSONB: JSONB would turn -0.0 into 0 and sort the names
    properties: Named[str] = Column(Json, nullable=False)
    geometry: Named[bytes | None] = Column(Geometry)
    minx: Named[float | None] = Column(Double)
    miny: Named[float | None] = Column(Double)
    maxx: Named[float | None] = Column(Double)
    maxy: Named[float | None] = Column(Double)


store_fact = Table("store_fact", metadata, FactColumns)

layer_version = Table(
    "layer_version",
    metadata,
    VersionColumns,
    Index(None, "layer"),
    Index(
        "ix_layer_version_one_current",
        "layer",
        unique=True,
        sqlite_where=text("current"),
        postgresql_where=text("current"),
    ),
    # an id is never used again: results are remembered by it
    sqlite_autoincrement=True,
)

feature = Table("feature", metadata, FeatureColumns, Index(None, "version_id"))
