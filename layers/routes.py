"""Draws walks: the line from a door along the ways to the nearest place, stretch by stretch."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Stretch:
    """
    A part of a walk along one edge, in the direction of walking.

    Parameters
    ----------
    edge
        The edge.
    since, until
        Where on it the stretch begins and ends [m along the edge].
    """

    edge: int
    since: float
    until: float

    @property
    def metres(self) -> float:
        """Its length [m]."""
        return abs(self.until - self.since)


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
    found = stretches(streets, origin, targets)
    if found is None:
        return None
    start = shapely.get_coordinates(origin.iloc[0])
    walked, owner = found
    if not walked:
        return shapely.LineString(np.repeat(start, 2, axis=0))
    course = [drawn(streets, one) for one in walked]
    goal = targets.iloc[owner]
    end = shapely.get_coordinates(shapely.shortest_line(goal, shapely.Point(course[-1][-1])))[:1]
    return shapely.LineString(np.concatenate([start, *course, end]))


def stretches(
    streets: Network, origin: GeoSeries, targets: GeoSeries
) -> tuple[list[Stretch], int] | None:
    """
    Return the stretches of the walk from one origin to its nearest target, and which it is.

    Parameters
    ----------
    streets, origin, targets
        As in `route`.

    Returns
    -------
    walked, target
        No stretch at all where the origin lies in the target; `None` if there is no way.
    """
    here, there = streets.snap(origin), streets.snap(targets)
    walks = streets.nearest(origin, targets)
    if not np.isfinite(walks.metres[0]) or not len(here.edge):
        return None
    if walks.metres[0] == 0:
        return [], int(walks.target[0])
    pairs = streets.direct(origin, there)
    along = pairs.access[pairs.metres <= walks.metres[0] + paths.TINY]
    if len(along):
        access = int(along[0])
        only = Stretch(int(here.edge[0]), float(here.along[0]), float(there.along[access]))
        return [only], int(there.owner[access])
    walked, access = _along_junctions(streets, here, there)
    return walked, int(there.owner[access])


def drawn(streets: Network, one: Stretch) -> Floats:
    """Return the coordinates of a stretch, in the direction of walking."""
    since, until = one.since, one.until
    line = streets.lines[one.edge]
    if {since, until} != {0.0, float(streets.metres[one.edge])}:
        line = substring(line, min(since, until), max(since, until))
    xy = shapely.get_coordinates(line)
    return xy if since <= until else xy[::-1]


def _along_junctions(streets: Network, here: Snap, there: Snap) -> tuple[list[Stretch], int]:
    """Stretches of the way over junctions, and the access where it ends."""
    found = paths.nearest(streets.graph, *streets.ends(there))
    ends, stubs = streets.ends(here)
    best = int(np.argmin(found.metres[ends[0]] + stubs[0]))
    junction, edge = int(ends[0, best]), int(here.edge[0])
    walked = [Stretch(edge, float(here.along[0]), best * float(streets.metres[edge]))]
    while found.before[junction] >= 0:
        following = int(found.before[junction])
        walked.append(_edge_from(streets, junction, following))
        junction = following
    access = int(found.access[junction])
    ends, stubs = streets.ends(there)
    edge = int(there.edge[access])
    ways = np.where(ends[access] == junction, stubs[access], np.inf)
    begun = int(np.argmin(ways)) * float(streets.metres[edge])
    walked.append(Stretch(edge, begun, float(there.along[access])))
    return walked, access


def _edge_from(streets: Network, a: int, b: int) -> Stretch:
    """Return the shortest edge from junction a to its neighbour b as a stretch."""
    matrix = streets.graph.matrix
    row = slice(matrix.indptr[a], matrix.indptr[a + 1])
    edge = int(streets.graph.edge[row][np.flatnonzero(matrix.indices[row] == b)[0]])
    length = float(streets.metres[edge])
    return Stretch(edge, 0.0, length) if streets.start[edge] == a else Stretch(edge, length, 0.0)
