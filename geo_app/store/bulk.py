"""Write many rows at once: each database has its own fast way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries
from sqlalchemy import Connection, Integer, column, func, insert, select, table

from .rows import Rows
from .spatial import blocks, hilbert_order
from .tables import feature

AT_ONCE = 10_000
"""Rows handed to the driver in one go, so that an import of a big city fits into memory."""

FEATURE_BLOCK = table(
    "feature_block",
    *(column(name) for name in ("minx", "maxx", "miny", "maxy")),
    *(column(name, Integer) for name in ("version_id", "first_id", "last_id")),
)
NAMES = tuple(feature.c.keys())


def insert_features(
    connection: Connection, version: int, rows: Rows, geometry: GeoSeries, *, srid: int
) -> None:
    """
    Write the rows of a version, along a Hilbert curve, with the index for boxes.

    Parameters
    ----------
    connection
        A transaction of `engines.writing`; being the only writer, it counts ids itself.
    version
        Id of the version they belong to.
    rows
        What to write.
    geometry
        The geometries again, as a series.
    srid
        Number of the spatial reference in PostGIS; 0 is not told.
    """
    first = (connection.scalar(select(func.max(feature.c.id))) or 0) + 1
    order = hilbert_order(geometry)
    if connection.dialect.name == "postgresql":
        shapes = shapely.to_wkb(
            shapely.set_srid(rows.geometry, srid), hex=True, include_srid=bool(srid)
        )
        _copy(connection, _records(rows, shapes, order, version, first))
    else:
        shapes = shapely.to_wkb(rows.geometry, byte_order=1)
        _insert(connection, _records(rows, shapes, order, version, first))
        _insert_blocks(connection, rows.bounds[order], version, first)


def _records(
    rows: Rows, shapes: Any, order: Any, version: int, first: int
) -> Iterator[tuple[Any, ...]]:
    """Yield one tuple for each row, its values in the order of the table `feature`."""
    bounds = rows.bounds.astype(object)
    bounds[np.isnan(rows.bounds)] = None
    boxes = bounds.tolist()
    for id_, position in enumerate(order.tolist(), start=first):
        yield (
            id_,
            version,
            position,
            rows.ids[position],
            rows.properties[position],
            shapes[position],
            *boxes[position],
        )


def _insert(connection: Connection, records: Iterator[tuple[Any, ...]]) -> None:
    """Hand tuples to SQLite as they are; dictionaries would take twice as long."""
    statement = str(insert(feature).compile(dialect=connection.dialect))
    while some := list(islice(records, AT_ONCE)):
        connection.exec_driver_sql(statement, some)


def _insert_blocks(connection: Connection, bounds: Any, version: int, first: int) -> None:
    records = [
        {
            "minx": block.box[0],
            "miny": block.box[1],
            "maxx": block.box[2],
            "maxy": block.box[3],
            "version_id": version,
            "first_id": first + block.first,
            "last_id": first + block.last,
        }
        for block in blocks(bounds)
    ]
    if records:
        connection.execute(insert(FEATURE_BLOCK), records)


def _copy(connection: Connection, records: Iterator[tuple[Any, ...]]) -> None:
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY feature ({', '.join(NAMES)}) FROM STDIN") as copy:
            for record in records:
                copy.write_row(record)
    finally:
        cursor.close()
