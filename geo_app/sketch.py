"""A small map without a script: a spot or a unit and the streets around it, as plain paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from .store import Store
from .whereabouts import nearby

AROUND = 160.0
"""Least distance from the middle to each side [m]."""
CLOSE = 60.0
"""The same for something small that is looked at closely [m]."""
ROOM = 1.5
"""A unit takes at most so much less than the whole width."""
BARS = ((20, 100.0), (50, 300.0), (200, 1200.0), (1000, 0.0))
"""Length of the scale bar [m] up to which half width of the drawing [m]."""
MANY_HOUSES = 800.0
"""From this width on no houses are drawn [m]."""
WIDTH = 400.0
"""Width and height of the drawing in its own units."""
GROUND = ("water", "green", "wood", "square")
"""Kinds of land that are drawn, the lowest first."""
BIG = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
PATHS = frozenset({"footway", "path", "cycleway", "steps", "track", "bridleway"})

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sketch:
    """
    What is drawn, the lowest first.

    Parameters
    ----------
    shapes
        Name of a style and the path drawn in it.
    unit
        Path of the unit, "" for none.
    is_line
        The unit is a part of a street.
    spot
        Where the exact spot is drawn, or None.
    bar
        Length of the scale bar, and the metres it stands for.
    dots
        Where numbered dots are drawn.
    """

    shapes: tuple[tuple[str, str], ...]
    unit: str = ""
    is_line: bool = False
    spot: tuple[float, float] | None = None
    bar: tuple[float, int] = (0.0, 0)
    dots: tuple[tuple[float, float], ...] = ()


def close_up(store: Store, shape: Any) -> Sketch:
    """
    Draw a line or an area [m] and what lies closely around it.

    Parameters
    ----------
    store
        The city's data.
    shape
        What is emphasised; it is small, or the drawing is not close at all.
    """
    x, y = shapely.get_coordinates(shapely.centroid(shape))[0].tolist()
    return sketch(store, x, y, unit=shape, around=CLOSE)


def sketch(
    store: Store,
    x: float,
    y: float,
    *,
    unit: Any = None,
    spot: bool = False,
    around: float = AROUND,
    dots: Iterable[tuple[float, float]] = (),
) -> Sketch:
    """
    Draw the surroundings of a spot.

    Parameters
    ----------
    store
        The city's data.
    x, y
        The spot [m]; the middle of the drawing unless there is a unit.
    unit
        Line or area [m] that is emphasised; the drawing shows all of it, and
        is centred on it, so that it does not tell where in it the spot lies.
    spot
        Whether the spot itself is drawn.
    around
        Least distance from the middle to each side [m].
    dots
        Places [m] that are marked by numbers, in their order.
    """
    middle, half = _frame(x, y, unit, around)
    box = (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
    metres = next((bar for bar, most in BARS if half < most), BARS[-1][0])
    return Sketch(
        shapes=tuple((style, path) for style, path in _shapes(store, box) if path),
        unit=_path(box, [unit]) if unit is not None else "",
        is_line=unit is not None and shapely.get_dimensions(unit) == 1,
        spot=_place(box, x, y) if spot else None,
        bar=(metres * WIDTH / (2 * half), metres),
        dots=tuple(_place(box, *dot) for dot in dots),
    )


def _frame(x: float, y: float, unit: Any, around: float) -> tuple[tuple[float, float], float]:
    """Return the middle of the drawing and the distance to its sides [m]."""
    if unit is None:
        return (x, y), around
    west, south, east, north = shapely.bounds(unit).tolist()
    half = max(around, max(east - west, north - south) / 2 * ROOM)
    return ((west + east) / 2, (south + north) / 2), half


def _shapes(store: Store, box: Box) -> Iterable[tuple[str, str]]:
    land = nearby(store, "areas", box)
    if land is not None:
        flat = land[shapely.get_dimensions(land.geometry.array) == 2]
        for kind in GROUND:
            yield kind, _path(box, flat.geometry[flat["kind"] == kind])
    # houses in a wide frame would be specks, and many
    near = box[2] - box[0] < MANY_HOUSES
    buildings = nearby(store, "buildings", box) if near else None
    if buildings is not None:
        yield "building", _path(box, buildings.geometry)
    streets = nearby(store, "streets", box)
    if streets is not None:
        yield from _ways(streets, box)


def _ways(streets: GeoDataFrame, box: Box) -> Iterable[tuple[str, str]]:
    kind = streets["kind"]
    big, path = kind.isin(BIG), kind.isin(PATHS)
    for style, chosen in (("path", path), ("street", ~big & ~path), ("big", big)):
        drawn = _path(box, streets.geometry[chosen])
        if style != "path":
            yield "case", drawn
        yield style, drawn


def _path(box: Box, shapes: Iterable[Any]) -> str:
    """Return shapes, cut at the frame, as one path."""
    cut = shapely.clip_by_rect(np.array(list(shapes), dtype=object), *box)
    rings = (ring for shape in shapely.get_parts(cut) for ring in _rings(shape))
    return "".join(_drawn(box, ring) for ring in rings)


def _rings(shape: Any) -> Iterable[Any]:
    if shape.geom_type == "Polygon":
        return [ring for ring in (shape.exterior, *shape.interiors) if not ring.is_empty]
    if shape.geom_type == "Point" or shape.is_empty:
        return []
    return [
        part
        for one in shapely.get_parts(shape)
        for part in ([one] if one.geom_type == "LineString" else _rings(one))
    ]


def _drawn(box: Box, line: Any) -> str:
    scale = WIDTH / (box[2] - box[0])
    west_north = np.array([box[0], box[3]])
    points = np.round((shapely.get_coordinates(line) - west_north) * (scale, -scale), 1) + 0.0
    closed = "Z" if shapely.is_ring(line) else ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points.tolist()) + closed


def _place(box: Box, x: float, y: float) -> tuple[float, float]:
    """Return where a point lies in the drawing; north is up."""
    scale = WIDTH / (box[2] - box[0])
    return round((x - box[0]) * scale, 1), round((box[3] - y) * scale, 1)
