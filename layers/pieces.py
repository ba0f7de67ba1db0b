"""The walking network cut at every door and every place, so that a walk is a row of pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from geopandas import GeoSeries

from .network import Network
from .paths import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Spread:
    """
    Cheapest ways from every node to a place.

    Parameters
    ----------
    felt
        (n,) what the way counts as [m]; inf if there is none.
    real
        (n,) its length on the ground [m].
    before
        (n,) piece by which it begins, -1 for none.
    place
        (n,) node of the place it leads to, -1 for none.
    """

    felt: Floats
    real: Floats
    before: Ints
    place: Ints


@dataclass(frozen=True, eq=False)
class Pieces:
    """
    Nodes (junctions, doors, places) and the pieces of ways between neighbours.

    Parameters
    ----------
    ends
        (p, 2) nodes at the ends of each piece.
    ground
        (p,) its length [m].
    edge
        (p,) edge of the network it is a part of, ascending.
    start
        (n,) way from a place that stands at this node [m]; inf where none does.
    home
        (h,) node at which each home meets the ways; -1 if it lies too far from any.
    stub
        (h,) straight way from there to its door [m].
    inside
        (h,) whether it lies in the area of a place: it is there already.
    """

    ends: Ints
    ground: Floats
    edge: Ints
    start: Floats
    home: Ints
    stub: Floats
    inside: Bools

    @classmethod
    def cut(cls, streets: Network, homes: GeoSeries, places: GeoSeries) -> Pieces:
        """
        Cut the ways where homes and places meet them.

        Parameters
        ----------
        streets
            m edges open to the walker.
        homes
            (h,) points.
        places
            (k,) points or areas, in the CRS of the network.
        """
        here, there = streets.snap(homes), streets.snap(places)
        junctions, edges = len(streets.junctions), len(streets.metres)
        doors = len(here.owner)
        edge = np.r_[np.arange(edges), here.edge, there.edge, np.arange(edges)]
        along = np.r_[np.zeros(edges), here.along, there.along, streets.metres]
        node = np.r_[streets.start, junctions + np.arange(doors + len(there.owner)), streets.end]
        rank = np.repeat([0, 1, 2], [edges, doors + len(there.owner), edges])
        order = np.lexsort((along, rank, edge))
        edge, along, node = edge[order], along[order], node[order]
        together = edge[1:] == edge[:-1]
        start = np.full(junctions + doors + len(there.owner), np.inf)
        start[junctions + doors :] = there.stub
        home, stub = np.full(len(homes), -1), np.zeros(len(homes))
        home[here.owner], stub[here.owner] = junctions + np.arange(doors), here.stub
        return cls(
            ends=np.column_stack([node[:-1], node[1:]])[together].astype(np.int64),
            ground=np.maximum(np.diff(along)[together], 0.0),
            edge=edge[:-1][together].astype(np.int64),
            start=start,
            home=home,
            stub=stub,
            inside=_inside(homes, places),
        )

    @cached_property
    def neighbours(self) -> tuple[Ints, Ints, Ints]:
        """Pointers (n+1,), neighbours and the pieces to them (2p,)."""
        a, b = self.ends.T
        here, there = np.r_[a, b], np.r_[b, a]
        by = np.tile(np.arange(len(a)), 2)
        order = np.argsort(here, kind="stable")
        return pointers_of(here[order], len(self.start)), there[order], by[order]

    @cached_property
    def first(self) -> Ints:
        """(m+1,) first piece of each edge; the last entry ends the last one."""
        return pointers_of(self.edge, int(self.edge.max(initial=-1)) + 1)

    def cost(self, slow: Floats) -> Floats:
        """
        Return what each piece counts as [m].

        Parameters
        ----------
        slow
            (m,) what a metre of each edge counts as.
        """
        return self.ground * slow[self.edge]

    def spread(self, slow: Floats) -> Spread:
        """
        Walk from every node to the place that is nearest by what ways count as.

        Parameters
        ----------
        slow
            (m,) what a metre of each edge counts as.
        """
        # numba is heavy, and most questions need none of this
        from .kernels_edges import spread  # noqa: PLC0415

        found = spread(self.neighbours, self.cost(slow), self.ground, self.start)
        return Spread(*found)

    def walks(self, found: Spread) -> tuple[Floats, Floats]:
        """
        Return the walk of every home.

        Parameters
        ----------
        found
            From `spread`.

        Returns
        -------
        felt, real
            (h,) what it counts as and its length on the ground [m], the
            straight ways at both ends included; inf if there is none.
        """
        there = self.home >= 0
        felt, real = np.full(len(self.home), np.inf), np.full(len(self.home), np.inf)
        felt[there] = found.felt[self.home[there]] + self.stub[there]
        real[there] = found.real[self.home[there]] + self.stub[there]
        felt[self.inside] = real[self.inside] = 0.0
        return felt, real


def pointers_of(rows: Ints, count: int) -> Ints:
    """Return where each of `count` rows begins in an ascending list of row numbers."""
    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)


def _inside(homes: GeoSeries, places: GeoSeries) -> Bools:
    shapes = np.asarray(places.array)
    areas = shapes[shapely.get_dimensions(shapes) == 2]
    inside = np.zeros(len(homes), dtype=bool)
    inside[shapely.STRtree(areas).query(np.asarray(homes.array), predicate="within")[0]] = True
    return inside
