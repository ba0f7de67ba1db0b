"""
Columns that two databases keep differently, and one question to both: what lies in a box.

PostGIS stores geometry and indexes it (GiST). SQLite stores well-known binary
and has an R*Tree. Both indexes round boxes to 32-bit floats (outwards), so
that what they find are candidates: `Store.read` compares them exactly.

The R*Tree does not hold one box per row. Rows are written along a Hilbert
curve, and `blocks` of `BLOCK` rows that follow each other share one box. That
makes an import of 100,000 rows several times faster than a box for each of
them, and a search no slower.

Source
------
Kamel & Faloutsos (1993), On packing R-trees, CIKM '93, 490-499: Hilbert-packed trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Dialect,
    LargeBinary,
    String,
    cast,
    func,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine, UserDefinedType

from layers import ParameterError, Text

BLOCK = 64
"""Rows that share one box in the R*Tree."""

BLOCKS_DDL = (
    "CREATE VIRTUAL TABLE feature_block"
    " USING rtree(id, minx, maxx, miny, maxy, +version_id, +first_id, +last_id)"
)
"""The R*Tree of SQLite; made by the migration."""

Box = tuple[float, float, float, float]
"""West, south, east, north [m], in the CRS of the store."""


class PostgisGeometry(UserDefinedType[bytes]):
    """Column type `geometry` of PostGIS, of any kind and any spatial reference."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Name of the type in PostgreSQL."""
        return "geometry"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read as well-known binary."""
        return func.ST_AsBinary(colexpr, type_=self)


class PostgresJson(UserDefinedType[str]):
    """Column type `json` of PostgreSQL, read letter by letter as it was written."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Name of the type in PostgreSQL."""
        return "json"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read as text: the driver would take it apart, and slowly."""
        return type_coerce(cast(colexpr, String), self)


class Json(TypeDecorator[str]):
    """A JSON object as text that PostgreSQL can look into."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type of the database at hand."""
        return dialect.type_descriptor(PostgresJson() if dialect.name == "postgresql" else String())


class Geometry(TypeDecorator[bytes]):
    """A geometry as well-known binary: a BLOB in SQLite, a `geometry` in PostGIS."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type of the database at hand."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(PostgisGeometry())
        return dialect.type_descriptor(LargeBinary())


class candidates(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function it is
    """
    Rows of one version whose box may touch another, by the index of the database.

    Arguments: the columns id, version and geometry, the version, west, south, east, north, SRID.
    """

    # not Boolean: SQLite would be asked "IN (…) = 1", and then it looks at every row
    type = NullType()
    inherit_cache = True


@compiles(candidates, "postgresql")
def _by_gist(element: candidates, compiler: SQLCompiler, **options: Any) -> str:
    _, of, geometry, version, *box = (compiler.process(c, **options) for c in element.clauses)
    # "+ 0" keeps PostgreSQL from walking through the whole version right after an import,
    # when it does not know yet how many rows there are
    return f"({of} + 0 = {version} AND {geometry} && ST_MakeEnvelope({', '.join(box)}))"


@compiles(candidates, "sqlite")
def _by_rtree(element: candidates, compiler: SQLCompiler, **options: Any) -> str:
    # Values are bound in the order of the text, so they are named in that order here too.
    row, _, _, version, west, south, east, north = (
        compiler.process(c, **options) for c in list(element.clauses)[:-1]
    )
    return (  # the parts are names of columns and marks of bound values
        f"{row} IN (SELECT f.id FROM feature_block AS b"  # noqa: S608
        " CROSS JOIN feature AS f ON f.id BETWEEN b.first_id AND b.last_id"
        f" WHERE b.version_id = {version} AND b.maxx >= {west} AND b.maxy >= {south}"
        f" AND b.minx <= {east} AND b.miny <= {north})"
    )


@dataclass(frozen=True)
class Block:
    """Rows `first` to `last` (places in the order written, both included) and their box."""

    first: int
    last: int
    box: Box


def hilbert_order(geometry: GeoSeries) -> NDArray[np.intp]:
    """
    Return the rows in the order of a Hilbert curve, those without geometry last.

    Parameters
    ----------
    geometry
        One geometry or None for each row.
    """
    here = geometry.notna().to_numpy()
    distance = np.full(len(geometry), np.iinfo(np.int64).max)
    if here.any():
        distance[here] = geometry[here].hilbert_distance().to_numpy()
    return np.argsort(distance, kind="stable")


def blocks(bounds: NDArray[np.float64]) -> list[Block]:
    """
    Group rows into blocks of neighbours.

    Parameters
    ----------
    bounds
        Box of each row in the order written [m], shape (rows, 4); NaN, at the end
        only, where there is no geometry: those rows are in no block.
    """
    here = int(np.isfinite(bounds[:, 0]).sum())
    starts = np.arange(0, here, BLOCK)
    if not here:
        return []
    low = np.minimum.reduceat(bounds[:here, :2], starts)
    high = np.maximum.reduceat(bounds[:here, 2:], starts)
    return [
        Block(int(start), min(int(start) + BLOCK, here) - 1, (*least, *most))
        for start, least, most in zip(starts, low.tolist(), high.tolist(), strict=True)
    ]


def box_of(bbox: Box) -> Any:
    """Return the box as a geometry; one without width or height is a line or a point."""
    west, south, east, north = bbox
    if not (np.isfinite(bbox).all() and west <= east and south <= north):
        raise ParameterError(
            [Text("a box needs four numbers: west, south, east, north, in this order")]
        )
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    if west == east and south == north:
        return shapely.Point(west, south)
    return shapely.LineString([(west, south), (east, north)])
