"""The walking network: where one can walk, and how far it is from door to door."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from scipy.sparse import csr_array

from . import paths
from .access import step_free, steps, walkable
from .facts import facts
from .paths import Bools, Floats, Ints
from .routes import route
from .snapping import Snap, snap
from .splitting import split_at_joins
from .walkers import Walker
from .walks import Direct, Doors, Walks, direct, door_to_door, inside

__all__ = ["SNAP_LIMIT", "Network", "Walks"]

SNAP_LIMIT: float = facts("walking")["snap"]["limit"]
"""Whoever lives farther than this from any way [m] is not connected."""

REMEMBERED = 8
"""So many sets of points keep their accesses."""

Geometries = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Network:
    """
    Junctions and the ways between them that a person may walk, in both directions.

    Parameters
    ----------
    junctions
        (n, 2) coordinates [m].
    lines
        (m,) course of each edge.
    start, end
        (m,) junctions at its ends.
    metres
        (m,) its length [m].
    street
        (m,) position of the street in the table it was built from.
    street_id, name, kind
        (m,) id, name and kind of that street.
    step_free
        (m,) "yes", "no" or "unknown": usable in a wheelchair.
    steps
        (m,) "yes", "no" or "unknown".
    lit
        (m,) "yes", "no" or "unknown": lit at night, as mappers have noted.
    apart
        (m,) whether it runs on a bridge or in a tunnel, so that it may cross others freely.
    slow
        (m,) how many metres each metre of an edge counts as; ones in daylight.
    crs
        The CRS of all coordinates.
    """

    junctions: Floats
    lines: Geometries
    start: Ints
    end: Ints
    metres: Floats
    street: Ints
    street_id: NDArray[Any]
    name: NDArray[Any]
    kind: NDArray[Any]
    step_free: NDArray[Any]
    steps: NDArray[Any]
    lit: NDArray[Any]
    apart: Bools
    slow: Floats
    crs: Any
    _even: Network | None = field(default=None, repr=False)
    _opened: dict[tuple[str, str], Network] = field(default_factory=dict, repr=False)
    _snapped: dict[bytes, Snap] = field(default_factory=dict, repr=False)

    @classmethod
    def from_streets(cls, streets: GeoDataFrame) -> Network:
        """
        Build the network from the ways open to people on foot.

        Ways join where they share a junction id; where no ids are given,
        where they share a vertex. Ways that merely cross, such as a bridge
        over a road, do not join.

        Parameters
        ----------
        streets
            Table of the layer `streets`, in a CRS in metres.
        """
        chosen = np.flatnonzero(walkable(streets))
        table = streets.iloc[chosen]
        lines, row = table.geometry.array, np.arange(len(table))
        if (table[["start_node", "end_node"]] != 0).all(axis=None) and len(table):
            keys = table[["start_node", "end_node"]].to_numpy().ravel(order="F")
        else:
            lines, row = split_at_joins(np.asarray(lines))
            ends = shapely.get_coordinates(shapely.get_point(lines, [[0], [-1]]))
            keys = _keys(ends)
        lines = np.asarray(lines, dtype=object)
        _, first, index = np.unique(keys, return_index=True, return_inverse=True)
        ends = shapely.get_coordinates(shapely.get_point(lines, [[0], [-1]]))
        order, rank = _along_a_curve(ends[first])
        start, end = rank[index].reshape(2, len(lines))
        return cls(
            junctions=ends[first][order],
            lines=lines,
            start=start,
            end=end,
            metres=shapely.length(lines),
            street=chosen[row],
            street_id=table.index.to_numpy()[row],
            name=table["name"].to_numpy()[row],
            kind=table["kind"].to_numpy()[row],
            step_free=step_free(table).to_numpy()[row],
            steps=steps(table).to_numpy()[row],
            lit=table["lit"].to_numpy()[row],
            apart=(table["bridge"] | table["tunnel"]).to_numpy(dtype=bool)[row],
            slow=np.ones(len(lines)),
            crs=streets.crs,
        )

    def open_to(self, walker: Walker) -> Network:
        """Return the part of the network that this walker can use; remembered."""
        key = (walker.needs, walker.unknown)
        if walker.needs == "anything":
            return self
        if key not in self._opened:
            known = self.steps if walker.needs == "no_steps" else self.step_free
            bad = "yes" if walker.needs == "no_steps" else "no"
            passable = (known != bad) & ((known != "unknown") | (walker.unknown == "passes"))
            even = self._even
            self._opened[key] = (
                even.open_to(walker).slowed(self.slow[passable]) if even else self._part(passable)
            )
        return self._opened[key]

    def _part(self, kept: Bools) -> Network:
        return Network(
            junctions=self.junctions,
            lines=self.lines[kept],
            start=self.start[kept],
            end=self.end[kept],
            metres=self.metres[kept],
            street=self.street[kept],
            street_id=self.street_id[kept],
            name=self.name[kept],
            kind=self.kind[kept],
            step_free=self.step_free[kept],
            steps=self.steps[kept],
            lit=self.lit[kept],
            apart=self.apart[kept],
            slow=self.slow[kept],
            crs=self.crs,
        )

    def slowed(self, slow: Floats) -> Network:
        """
        Return the same ways with other costs: every walk counts its metres so often.

        Where a place meets the ways stays as it is, and so does the straight
        way from a door to the street.

        Parameters
        ----------
        slow
            (m,) positive multiplier of each edge's metres, such as 2 where a
            metre in the dark counts as two.

        Returns
        -------
        slowed
            All its walks, reaches and routes are in slowed metres; `metres`
            and `lines` are still those on the ground.
        """
        even = self._even or self
        other = replace(even, slow=np.asarray(slow, dtype=float), _even=even, _opened={})
        # the same lines: their index need not be made again
        vars(other)["tree"] = even.tree
        return other

    @cached_property
    def graph(self) -> paths.Graph:
        """Junctions and distances between neighbours."""
        return paths.build(self.start, self.end, self.metres * self.slow, len(self.junctions))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the lines."""
        return shapely.STRtree(self.lines)

    @cached_property
    def island(self) -> Ints:
        """(m,) which island each edge lies on; 0 is the main one."""
        return paths.islands(self.graph)[self.start]

    def snap(self, places: GeoSeries) -> Snap:
        """
        Find where places meet the network.

        Parameters
        ----------
        places
            (k,) points, or areas: these are reached wherever a way crosses
            their boundary, else where a way comes nearest to it.

        Returns
        -------
        snap
            At least one access per place that lies within the snap limit.
        """
        shapes = np.asarray(places.array)
        if not (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all():
            return snap(self.lines, self.tree, self.metres, shapes).within(SNAP_LIMIT)
        # the same homes are asked about again and again: remember where they meet the ways
        key = shapely.get_coordinates(shapes).tobytes()
        if key not in self._snapped:
            while len(self._snapped) >= REMEMBERED:
                self._snapped.pop(next(iter(self._snapped)), None)
            self._snapped[key] = snap(self.lines, self.tree, self.metres, shapes).within(SNAP_LIMIT)
        return self._snapped[key]

    def nearest(self, origins: GeoSeries, targets: GeoSeries) -> Walks:
        """
        Walk from each origin to its nearest target.

        Parameters
        ----------
        origins
            (n,) points, in the CRS of the network.
        targets
            (k,) points or areas.

        Returns
        -------
        walks
            Exact walking distances: from the origin straight to the nearest
            way, along ways, and straight to the target. Origins inside an
            area are there already.
        """
        doors, there = self.doors(origins), self.snap(targets)
        found = paths.nearest(self.graph, *self.ends(there))
        pairs = direct(doors, there, self.slow)
        return door_to_door(doors, there.owner, found, pairs, inside(origins, targets))

    def within_reach(self, origins: GeoSeries, targets: GeoSeries, limit: float) -> csr_array[Any]:
        """
        Find all targets within reach of each origin.

        Parameters
        ----------
        origins, targets
            As in `nearest`.
        limit
            Longest walk that counts [m].

        Returns
        -------
        reach
            (n, k) metres, at least `paths.TINY`; what is not stored is out of reach.
        """
        doors, there = self.doors(origins), self.snap(targets)
        reach = paths.within_reach(
            self.graph,
            *self.ends(there),
            origin_ends=doors.ends,
            origin_metres=doors.stubs,
            limit=limit,
        ).tocoo()
        owner, pairs = doors.snap.owner, direct(doors, there, self.slow)
        near = pairs.metres <= limit
        origin, area = inside(origins, targets)
        return _least(
            np.concatenate([owner[reach.row], owner[pairs.door[near]], origin]),
            np.concatenate([there.owner[reach.col], there.owner[pairs.access[near]], area]),
            np.concatenate([reach.data, pairs.metres[near], np.zeros(len(origin))]),
            (len(origins), len(targets)),
        )

    def route(self, origin: GeoSeries, targets: GeoSeries) -> shapely.LineString | None:
        """
        Draw the walk from one origin to its nearest target.

        Parameters
        ----------
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
        return route(self, origin, targets)

    def ends(self, at: Snap) -> tuple[Ints, Floats]:
        """Return the junctions at both ends of each access's edge, and the metres to them."""
        ends = np.column_stack([self.start[at.edge], self.end[at.edge]])
        parts = np.column_stack([at.along, self.metres[at.edge] - at.along])
        return ends, parts * self.slow[at.edge][:, None] + at.stub[:, None]

    def doors(self, origins: GeoSeries) -> Doors:
        """Prepare origins for walks: where they meet the ways, and the ends of their edges."""
        here = self.snap(origins)
        return Doors(len(origins), here, *self.ends(here))

    def direct(self, origins: GeoSeries, there: Snap) -> Direct:
        """Return the ways along one edge, past no junction."""
        return direct(self.doors(origins), there, self.slow)


def _least(row: Ints, column: Ints, metres: Floats, shape: tuple[int, int]) -> csr_array[Any]:
    """Sparse matrix of the least value per place; nothing is summed, no zero is lost."""
    order = np.lexsort((metres, column, row))
    row, column, metres = row[order], column[order], metres[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    kept = np.maximum(metres[first], paths.TINY)
    return csr_array((kept, (row[first], column[first])), shape=shape)


def _keys(coordinates: Floats) -> Ints:
    """Number coordinates so that equal ones, to the millimetre, share a number."""
    return np.unique(np.rint(coordinates * 1000).astype(np.int64), axis=0, return_inverse=True)[1]


def _along_a_curve(coordinates: Floats) -> tuple[Ints, Ints]:
    """Order junctions so that neighbours lie close in memory: shortest paths run twice as fast."""
    if not len(coordinates):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    order = np.argsort(GeoSeries(shapely.points(coordinates)).hilbert_distance().to_numpy())
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return order, rank
