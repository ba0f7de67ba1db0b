"""Where places meet the network: the nearest point on an edge, never the nearest junction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .paths import Floats, Ints


@dataclass(frozen=True, eq=False)
class Snap:
    """
    Accesses of places to the network.

    Parameters
    ----------
    owner
        (k,) position of the place an access belongs to; areas may have several.
    edge
        (k,) edge it lies on.
    along
        (k,) metres from the start of that edge.
    stub
        (k,) metres from the place to the edge, straight.
    """

    owner: Ints
    edge: Ints
    along: Floats
    stub: Floats

    def within(self, limit: float) -> Snap:
        """Leave out accesses farther than `limit` [m] from their edge."""
        near = self.stub <= limit
        return Snap(self.owner[near], self.edge[near], self.along[near], self.stub[near])


def snap(
    lines: NDArray[np.object_], tree: shapely.STRtree, metres: Floats, places: NDArray[Any]
) -> Snap:
    """
    Find the accesses of places.

    Parameters
    ----------
    lines, tree, metres
        Edges, their index and their lengths [m].
    places
        (n,) points or areas. An area is reached wherever an edge crosses its
        boundary, and at the ends of edges inside it; if no edge touches it,
        where one comes nearest to its boundary.

    Returns
    -------
    snap
        Accesses in the order of the places; those of one place are the same,
        in the same order, whatever other places there are.
    """
    if not len(lines) or not len(places):
        nothing = np.empty(0, dtype=np.intp)
        return Snap(nothing, nothing, np.empty(0), np.empty(0))
    crossing = _crossings(lines, tree, metres, places)
    alone = np.setdiff1d(np.arange(len(places)), crossing.owner)
    edge = tree.nearest(places[alone])
    approach = shapely.shortest_line(lines[edge], places[alone])
    along = shapely.line_locate_point(lines[edge], shapely.get_point(approach, 0))
    by_itself = Snap(alone, edge, np.clip(along, 0, metres[edge]), shapely.length(approach))
    both = [np.concatenate(pair) for pair in zip(_parts(crossing), _parts(by_itself), strict=True)]
    order = np.argsort(both[0], kind="stable")
    return Snap(*(part[order] for part in both))


def _crossings(
    lines: NDArray[np.object_], tree: shapely.STRtree, metres: Floats, places: NDArray[Any]
) -> Snap:
    """Accesses of areas that edges cross, touch or run through."""
    areas = np.flatnonzero(shapely.get_dimensions(places) == 2)
    which, edge = tree.query(places[areas], predicate="intersects")
    owner = areas[which]
    ends = shapely.get_point(lines[edge][:, None], [[0, -1]])
    inside = shapely.intersects(places[owner][:, None], ends)
    border = shapely.intersection(lines[edge], shapely.boundary(places[owner]))
    points, part = shapely.get_coordinates(border, return_index=True)
    pair = np.concatenate([part, *(np.flatnonzero(inside[:, end]) for end in (0, 1))])
    along = np.concatenate(
        [
            shapely.line_locate_point(lines[edge[part]], shapely.points(points)),
            np.zeros(inside[:, 0].sum()),
            metres[edge[inside[:, 1]]],
        ]
    )
    return Snap(owner[pair], edge[pair], np.clip(along, 0, metres[edge[pair]]), np.zeros(len(pair)))


def _parts(of: Snap) -> tuple[Any, ...]:
    return of.owner, of.edge, of.along, of.stub
