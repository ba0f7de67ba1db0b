"""
The picture of a reach: how far one gets from a place in so many minutes.

A picture only. Coverage is counted per cell along the network; an outline
like this one would promise too much between the ways and is never counted with.
"""

from __future__ import annotations

from itertools import pairwise

import contourpy
import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .network import Network
from .paths import Floats

FINEST = 10.0
"""Least width of the raster [m]."""

ACROSS = 160
"""So many raster points lie across the picture at most."""

OFF_THE_WAY = 60.0
"""What lies farther than this from any way [m] is not drawn as reached."""


def reach_of(streets: Network, place: GeoSeries, limits: Floats) -> GeoDataFrame:
    """
    Draw how far one gets from a place.

    Parameters
    ----------
    streets
        The ways open to the walker.
    place
        (1,) point or area.
    limits
        (m,) ascending walking distances [m].

    Returns
    -------
    outlines
        At most m MultiPolygons, the farthest first, with `metres`; they
        contain each other. Limits within which nothing lies are left out.

    Source
    ------
    Contours of a raster of walking distances; marching squares with the
    treatment of holes of contourpy.
    """
    x, y = _raster(place, float(limits[-1]))
    grid = GeoSeries(shapely.points(*(c.ravel() for c in np.meshgrid(x, y))), crs=place.crs)
    metres = streets.nearest(grid, place).metres
    off = np.ones(len(grid), dtype=bool)
    snapped = streets.snap(grid)
    off[snapped.owner[snapped.stub <= OFF_THE_WAY]] = False
    metres[(off & (metres > 0)) | ~np.isfinite(metres)] = 2 * limits[-1] + 1
    lines = contourpy.contour_generator(
        x, y, metres.reshape(len(y), len(x)), fill_type=contourpy.FillType.OuterOffset
    )
    outlines = {limit: _outline(lines, limit) for limit in limits[::-1]}
    kept = {limit: outline for limit, outline in outlines.items() if not outline.is_empty}
    return GeoDataFrame(
        {"metres": np.array(list(kept), dtype=float)},
        geometry=list(kept.values()),
        index=[f"{limit:g}" for limit in kept],
        crs=place.crs,
    )


def _raster(place: GeoSeries, farthest: float) -> tuple[Floats, Floats]:
    west, south, east, north = place.total_bounds
    width = max(east - west, north - south) + 2 * farthest
    step = max(FINEST, width / ACROSS)
    return (
        np.arange(west - farthest - step, east + farthest + 2 * step, step),
        np.arange(south - farthest - step, north + farthest + 2 * step, step),
    )


def _outline(lines: contourpy.ContourGenerator, limit: float) -> shapely.MultiPolygon:
    """Everything nearer than `limit`, holes left open."""
    polygons = []
    for points, offsets in zip(*lines.filled(-1.0, limit), strict=True):
        rings = [points[a:b] for a, b in pairwise(offsets)]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    valid = shapely.make_valid(shapely.union_all(polygons))
    parts = [p for p in shapely.get_parts(valid) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
