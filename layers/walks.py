"""From door to door: what the nearest access of every junction means for each home."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from geopandas import GeoSeries

from . import paths
from .paths import Floats, Ints, Nearest
from .snapping import Snap


@dataclass(frozen=True, eq=False)
class Walks:
    """
    Walks from origins to their nearest target.

    Parameters
    ----------
    metres
        (n,) length of the walk, stubs at both ends included; inf if there is none.
    target
        (n,) position of the target in the table given; -1 if there is none.
        Of targets equally near it is the first, and one whose area an origin
        lies in before all others.
    """

    metres: Floats
    target: Ints


@dataclass(frozen=True, eq=False)
class Doors:
    """
    Where walks begin.

    Parameters
    ----------
    count
        How many origins there are, connected or not.
    snap
        (h,) where those that are connected meet the ways.
    ends
        (h, 2) junctions at the ends of their edges.
    stubs
        (h, 2) ways to these junctions [m].
    """

    count: int
    snap: Snap
    ends: Ints
    stubs: Floats

    @cached_property
    def by_edge(self) -> tuple[Ints, Ints]:
        """Order of the connected origins by edge, and the edges in this order."""
        order = np.argsort(self.snap.edge, kind="stable")
        return order, self.snap.edge[order]


@dataclass(frozen=True, eq=False)
class Direct:
    """
    Ways along one edge, past no junction.

    Parameters
    ----------
    door
        (p,) position among the connected origins.
    access
        (p,) access on the same edge.
    metres
        (p,) the way between the two, stubs included [m].
    """

    door: Ints
    access: Ints
    metres: Floats


def direct(doors: Doors, there: Snap, slow: Floats) -> Direct:
    """
    Return every pair of an origin and an access that lie on the same edge.

    Parameters
    ----------
    doors, there
        Origins and accesses.
    slow
        (m,) how many metres each metre of an edge counts as.
    """
    order, edges = doors.by_edge
    first = np.searchsorted(edges, there.edge)
    count = np.searchsorted(edges, there.edge, side="right") - first
    access = np.repeat(np.arange(len(there.edge)), count)
    within = np.arange(len(access)) - np.repeat(np.cumsum(count) - count, count)
    door = order[np.repeat(first, count) + within]
    here = doors.snap
    between = np.abs(here.along[door] - there.along[access]) * slow[there.edge[access]]
    return Direct(door, access, between + here.stub[door] + there.stub[access])


def inside(origins: GeoSeries, targets: GeoSeries) -> tuple[Ints, Ints]:
    """Return pairs of an origin and an area it lies in, the areas in their order."""
    shapes = np.asarray(targets.array)
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if not len(areas):
        return areas, areas
    # the areas ask: they are few, and shapely prepares what asks
    tree = shapely.STRtree(np.asarray(origins.array))
    target, origin = tree.query(shapes[areas], predicate="contains")
    order = np.argsort(target, kind="stable")
    return origin[order], areas[target[order]]


def door_to_door(
    doors: Doors, owner: Ints, found: Nearest, pairs: Direct, within: tuple[Ints, Ints]
) -> Walks:
    """
    Put the walks together, over junctions, along one edge, and inside areas.

    Parameters
    ----------
    doors
        Where they begin.
    owner
        (k,) target of each access, ascending.
    found
        Nearest access of every junction.
    pairs
        Ways along one edge.
    within
        Origins inside areas, and these areas in ascending order.
    """
    metres, access = paths.home(
        found, doors.ends, doors.stubs, (pairs.door, pairs.access, pairs.metres)
    )
    walks, target = np.full(doors.count, np.inf), np.full(doors.count, -1)
    reached = np.isfinite(metres)
    walks[doors.snap.owner[reached]] = metres[reached]
    target[doors.snap.owner[reached]] = owner[access[reached]]
    # the last one written stays: the first area
    walks[within[0]], target[within[0][::-1]] = 0.0, within[1][::-1]
    return Walks(walks, target)
