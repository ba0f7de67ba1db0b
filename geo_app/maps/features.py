"""Features for the map: GeoJSON in longitude and latitude, no more than is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from geopandas import GeoDataFrame
from pandas.api import types

from layers.crs import to_display

DIGITS = 6
"""Decimal places of longitude and latitude: about 10 cm."""

FINE = 6
"""Decimal places of the p of a test."""

MOST = 6000
"""So many features are drawn at once; a larger layer is fetched piece by piece."""


def feature_collection(
    table: GeoDataFrame,
    columns: Sequence[str],
    *,
    more: int = 0,
    digits: int = 1,
    fine: Collection[str] = (),
) -> bytes:
    """
    Write a table as GeoJSON.

    Parameters
    ----------
    table
        (n,) rows in any CRS; rows without geometry are left out.
    columns
        Columns that become properties; the row id becomes `id`.
    more
        So many rows were left out because there are too many to draw.
    digits
        Decimal places of numbers.
    fine
        Columns of small probabilities, which keep `FINE` decimal places.

    Returns
    -------
    content
        UTF-8. Numbers that are not finite become null. `more` stands beside
        the features, so that the map can say that it shows only a part.
    """
    located = table[~(table.geometry.isna() | table.geometry.is_empty)]
    shown = to_display(located[[table.geometry.name]]).geometry.array
    rounded = shapely.transform(np.asarray(shown), lambda xy: np.round(xy, DIGITS))
    values = {name: _plain(located[name], FINE if name in fine else digits) for name in columns}
    features = [
        {
            "type": "Feature",
            "id": str(row),
            "geometry": orjson.Fragment(geometry),
            "properties": dict(zip(values, told, strict=True)),
        }
        for row, geometry, told in zip(
            located.index,
            shapely.to_geojson(rounded),
            zip(*values.values(), strict=True) if values else [()] * len(located),
            strict=True,
        )
    ]
    return orjson.dumps({"type": "FeatureCollection", "more": more, "features": features})


def within(table: GeoDataFrame, box: tuple[float, float, float, float] | None) -> GeoDataFrame:
    """
    Return the rows that touch a box.

    Parameters
    ----------
    table
        Rows in any CRS.
    box
        West, south, east, north [degrees], or `None` for all rows.
    """
    if box is None:
        return table
    corners = GeoDataFrame(geometry=[shapely.box(*box)], crs=4326).to_crs(table.crs)
    rows = table.sindex.query(corners.geometry.iloc[0], predicate="intersects", sort=True)
    return table.iloc[rows]


def at_most(table: GeoDataFrame, most: int = MOST) -> tuple[GeoDataFrame, int]:
    """Return the first rows of a table, and how many were left out."""
    return table.iloc[:most], max(0, len(table) - most)


def _plain(values: Any, digits: int) -> list[Any]:
    if types.is_float_dtype(values):
        numbers = values.to_numpy(dtype=float).round(digits)
        return [number if np.isfinite(number) else None for number in numbers.tolist()]
    return list(values.tolist())
