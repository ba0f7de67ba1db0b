"""Places of a measure: streets, circles, tasks of the work list, areas drawn on the map."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.control_areas import WIDTH
from layers.gazetteer import Candidate

from . import shelf
from .store import MeasureError, Store

NEAREST, WIDEST = 20, 1000
"""Radius of a circle around a place [m]."""
USUAL = 100
ONE_STREET = 1500.0
"""Parts of the same name that lie farther away are another street [m]."""
CORNERS_MOST = 200
LARGEST = 25e6
"""A larger area is no place any more [m²]: a district of a large city."""


def candidate_area(store: Store, one: Candidate, metres: int = USUAL) -> Any:
    """
    Return the area of a place that was searched for.

    Parameters
    ----------
    store
        The city's data.
    one
        What is meant: a street is taken whole, anything else as a circle.
    metres
        Radius of the circle [m].
    """
    if one.kind == "street":
        return street_area(store, one)
    if not NEAREST <= metres <= WIDEST:
        raise MeasureError([Text("the radius is {low} to {high} m", low=NEAREST, high=WIDEST)])
    return shapely.Point(one.x, one.y).buffer(metres, quad_segs=6)


def street_area(store: Store, one: Candidate) -> Any:
    """Return the area along a street: so far to both sides as a house front reaches."""
    streets = shelf.table(store, "streets")
    spot = shapely.Point(one.x, one.y)
    named = streets[(streets["name"] == one.name) & streets.dwithin(spot, ONE_STREET)]
    return line_area(named.geometry.array)


def line_area(lines: Any) -> Any:
    """Return the area along ways."""
    return shapely.union_all(shapely.buffer(np.asarray(lines), WIDTH, quad_segs=3))


def task_area(tasks: GeoDataFrame, id_: str) -> Any:
    """
    Return the area of a task of the work list.

    Raises
    ------
    MeasureError
        If it is not open any more.
    """
    if id_ not in tasks.index:
        raise MeasureError([Text("this task is not on the work list any more")])
    shape = tasks.geometry.loc[id_]
    return shape if shapely.get_dimensions(shape) == 2 else line_area([shape])


def drawn_area(store: Store, text: str) -> Any:
    """
    Read an area that was drawn on the map.

    Parameters
    ----------
    store
        The city's data.
    text
        Corners in their order: longitude and latitude [degrees], with blanks between.

    Raises
    ------
    MeasureError
        If that is no area.
    """
    try:
        numbers = [float(part) for part in text.split()][: 2 * CORNERS_MOST]
        ring = np.array(numbers).reshape(-1, 2)
    except ValueError:
        ring = np.empty((0, 2))
    usable = len(ring) >= 3 and np.isfinite(ring).all() and (np.abs(ring) <= (180, 90)).all()
    if not usable:
        raise MeasureError([Text("draw an area with at least three corners")])
    area = geopandas.GeoSeries([shapely.Polygon(ring)], crs=4326).to_crs(store.crs).iloc[0]
    valid = shapely.make_valid(area)
    parts = [p for p in shapely.get_parts(valid) if shapely.get_dimensions(p) == 2]
    if not parts:
        raise MeasureError([Text("draw an area with at least three corners")])
    return shapely.union_all(parts)


def joined(one: Any, other: Any) -> Any:
    """
    Return two areas as one.

    Raises
    ------
    MeasureError
        If it is empty or too large.
    """
    area = other if one is None else shapely.union(one, other)
    if shapely.is_empty(area):
        raise MeasureError([Text("there is no way at this place")])
    if shapely.area(area) > LARGEST:
        raise MeasureError([Text("this is too large for a place; name its parts")])
    return area
