"""Tables into rows of the database and back, without losing a bit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import geopandas
import numpy as np
import orjson
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import Series

from layers import Column, Layer, TableError, Text

KEPT_AS = {"str": "str", "date": "str", "int": "int64", "float": "float64", "bool": "bool"}
"""Kind of a column to its dtype in every table that is read."""

AT_ONCE = 5_000
"""Rows taken apart in one go: few enough for the cache, many enough for the loop."""

UNREADABLE = Text(
    "its columns have changed since it was imported; import it again with this version"
)


@dataclass(frozen=True)
class Rows:
    """
    A table ready to be written.

    Parameters
    ----------
    ids
        Row ids, in the order of the table.
    properties
        One JSON object for each row.
    geometry
        One geometry for each row; None where there is none or an empty one.
    bounds
        Box of each geometry [m], shape (rows, 4); NaN where there is none.
    hash
        Content hash (see `Provenance`).
    """

    ids: list[str]
    properties: list[str]
    geometry: NDArray[np.object_]
    bounds: NDArray[np.float64]
    hash: str


def pack(layer: Layer, table: GeoDataFrame) -> Rows:
    """
    Turn a checked table into rows.

    Raises
    ------
    TableError
        If a cell is infinite or an id holds a character that databases refuse.
    """
    faults = [fault for column in layer.columns for fault in _infinite(column, table[column.name])]
    ids = table.index.astype(str).tolist()
    if any("\x00" in row for row in ids):
        faults.append(Text("row ids hold a zero character; give other ids"))
    if faults:
        raise TableError(layer.name, faults)
    cells = [_kept(column, table[column.name]).tolist() for column in layer.columns]
    names = [column.name for column in layer.columns]
    properties = [
        orjson.dumps(dict(zip(names, row, strict=True))).decode()
        for row in zip(*cells, strict=True)
    ]
    geometry = _present(table)
    return Rows(
        ids, properties, geometry, shapely.bounds(geometry), _hash(layer, ids, properties, geometry)
    )


def unpack(
    layer: Layer,
    ids: Sequence[str],
    properties: Sequence[str],
    geometry: Sequence[bytes | None],
    crs: Any,
) -> GeoDataFrame:
    """
    Turn rows back into a table of `layer`, with the dtypes of its columns.

    Raises
    ------
    TableError
        If the rows no longer fit the layer.
    """
    if not ids:
        return layer.empty(crs)
    table = GeoDataFrame(
        _columns(layer, properties),
        geometry=geopandas.array.from_wkb(np.array(geometry, dtype=object)),
        index=pd.Index(list(ids), dtype="str", name="id"),
        crs=crs,
    )
    return layer.check(layer.complete(table))


def _columns(layer: Layer, properties: Sequence[str]) -> dict[str, Any]:
    """Columns that were stored; `Layer.complete` fills those that are new since."""
    first = orjson.loads(properties[0])
    stored = [column for column in layer.columns if column.name in first]
    cells: dict[str, list[Any]] = {column.name: [] for column in stored}
    for start in range(0, len(properties), AT_ONCE):
        some = orjson.loads("[" + ",".join(properties[start : start + AT_ONCE]) + "]")
        for name, values in cells.items():
            values += [row[name] for row in some]
    try:
        return {column.name: _series(column, cells[column.name]) for column in stored}
    except (ValueError, TypeError) as error:
        raise TableError(layer.name, [UNREADABLE]) from error


def _series(column: Column, values: list[Any]) -> Any:
    return (
        pd.array(values, dtype="str")
        if _dtype(column) == "str"
        else np.array(values, dtype=_dtype(column))
    )


def _dtype(column: Column) -> str:
    return KEPT_AS[column.kind.__name__]


def _kept(column: Column, values: Series[Any]) -> Series[Any]:
    """One column in the dtype in which it is read again."""
    if column.kind is not float and values.isna().any():
        values = values.fillna(column.unknown)
    kept: Series[Any] = values.astype(cast("Any", _dtype(column)))
    return kept


def _infinite(column: Column, values: Series[Any]) -> list[Text]:
    if column.kind is not float:
        return []
    wrong = np.isinf(values.to_numpy(dtype="float64", na_value=np.nan))
    rule = Text(
        "column “{column}” holds {count} infinite numbers; leave a cell empty where"
        " nothing is known",
        column=column.name,
        count=int(wrong.sum()),
    )
    return [rule] if wrong.any() else []


def _present(table: GeoDataFrame) -> NDArray[np.object_]:
    """Geometries; an empty one says as little as none."""
    geometry = np.array(table.geometry.array, dtype=object)
    geometry[shapely.is_empty(geometry)] = None
    return geometry


def _hash(
    layer: Layer, ids: list[str], properties: list[str], geometry: NDArray[np.object_]
) -> str:
    """Hash names and kinds of the columns, then ids, cells and geometry."""
    told = hashlib.sha256()
    told.update(orjson.dumps([layer.name, [[c.name, c.kind.__name__] for c in layer.columns]]))
    told.update(orjson.dumps(ids))
    told.update("\n".join(properties).encode())  # JSON escapes every line break of its own
    shapes = shapely.to_wkb(geometry, byte_order=1)
    lengths = [-1 if shape is None else len(shape) for shape in shapes]
    told.update(np.array(lengths, dtype="<i8").tobytes())
    told.update(b"".join(shape for shape in shapes if shape is not None))
    return told.hexdigest()
