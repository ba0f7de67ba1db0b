"""Draws walks: the line from a door along the ways to the nearest place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely.ops import substring

from . import paths
from .paths import Floats
from .snapping import Snap

if TYPE_CHECKING:
    from .network import Network


def route(streets: Network, origin: GeoSeries, targets: GeoSeries) -> shapely.LineString | None:
    """
    Draw the walk from one origin to its nearest target.

    Parameters
    ----------
    streets
        The ways open to the walker.
    origin
        (1,) point.
    targets
        (k,) points or areas.

    Returns
    -------
    course
        From the origin along ways to the target, stubs included; `None`
        if there is no way.
    """
    here, there = streets.snap(origin), streets.snap(targets)
    walks = streets.nearest(origin, targets)
    if not np.isfinite(walks.metres[0]) or not len(here.edge):
        return None
    start = shapely.get_coordinates(origin.iloc[0])
    pairs = streets.direct(origin, there)
    along = pairs.access[pairs.metres <= walks.metres[0] + paths.TINY]
    if walks.metres[0] == 0:
        return shapely.LineString(np.repeat(start, 2, axis=0))
    if len(along):
        access = int(along[0])
        course = [_between(streets, here.edge[0], here.along[0], there.along[access])]
    else:
        course, access = _along_junctions(streets, here, there)
    goal = targets.iloc[there.owner[access]]
    end = shapely.get_coordinates(shapely.shortest_line(goal, shapely.Point(course[-1][-1])))[:1]
    return shapely.LineString(np.concatenate([start, *course, end]))


def _along_junctions(streets: Network, here: Snap, there: Snap) -> tuple[list[Floats], int]:
    """Pieces of the way over junctions, and the access where it ends."""
    found = paths.nearest(streets.graph, *streets.ends(there))
    ends, stubs = streets.ends(here)
    best = int(np.argmin(found.metres[ends[0]] + stubs[0]))
    junction = int(ends[0, best])
    course = [_between(streets, here.edge[0], here.along[0], best * streets.metres[here.edge[0]])]
    while found.before[junction] >= 0:
        following = int(found.before[junction])
        course.append(_edge_from(streets, junction, following))
        junction = following
    access = int(found.access[junction])
    ends, stubs = streets.ends(there)
    edge = there.edge[access]
    ways = np.where(ends[access] == junction, stubs[access], np.inf)
    course.append(
        _between(streets, edge, np.argmin(ways) * streets.metres[edge], there.along[access])
    )
    return course, access


def _edge_from(streets: Network, a: int, b: int) -> Floats:
    """Coordinates of the shortest edge from junction a to its neighbour b."""
    matrix = streets.graph.matrix
    row = slice(matrix.indptr[a], matrix.indptr[a + 1])
    edge = streets.graph.edge[row][np.flatnonzero(matrix.indices[row] == b)[0]]
    xy = shapely.get_coordinates(streets.lines[edge])
    return xy if streets.start[edge] == a else xy[::-1]


def _between(streets: Network, edge: int, since: float, until: float) -> Floats:
    """Coordinates of an edge from one distance along it [m] to another, in that order."""
    part = substring(streets.lines[edge], min(since, until), max(since, until))
    xy = shapely.get_coordinates(part)
    return xy if since <= until else xy[::-1]
