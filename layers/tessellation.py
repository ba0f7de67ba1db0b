"""
Units that marks are counted in: squares of several sizes and offsets, and parts of streets.

What stands out in one grid only may owe it to where its lines happen to run
(the modifiable areal unit problem). So the same marks are counted in several
grids, each shifted by half a square as well, and along the streets.

Source
------
S. Openshaw (1984), The Modifiable Areal Unit Problem, CATMOD 38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .masks import SNAP
from .network import Network
from .paths import Bools, Floats, Ints

SIDES: dict[str, tuple[int, int, int]] = {
    "fine": (100, 150, 200),
    "middle": (150, 200, 300),
    "coarse": (300, 400, 600),
}
"""Sides of the squares [m], none below 100; the middle one is shown. An assumption: a spot that
one measure can mend is about as large as 200 m."""
OFFSETS = (0.0, 0.5)
"""Each grid starts at the origin, and half a square beside it."""


@dataclass(frozen=True, eq=False)
class Tessellation:
    """
    Units of one kind, and in which of them each mark lies.

    Parameters
    ----------
    name
        "square/200/0", or "segment".
    side
        Side of its squares [m]; 0 for streets.
    shift
        So much of a side its lines are moved, 0 or 0.5.
    unit
        (n,) unit of each mark, -1 for none.
    key
        (m, 2) column and row of each square that holds a mark, or (m, 1) edge of the network.
    """

    name: str
    side: float
    shift: float
    unit: Ints
    key: Ints

    def __len__(self) -> int:
        """How many units hold a mark."""
        return len(self.key)

    @property
    def ids(self) -> NDArray[Any]:
        """(m,) name of each unit, the same whatever marks there are."""
        parts = "/".join(["{}"] * self.key.shape[1])
        told = [f"{self.name}/{parts.format(*key)}" for key in self.key.tolist()]
        return np.array(told, dtype=object)

    def squares(self) -> NDArray[Any]:
        """(m,) areas of the squares [m]."""
        west, south = (self.key + self.shift).T * self.side
        return np.asarray(shapely.box(west, south, west + self.side, south + self.side))

    def counts(self, kept: Bools, sender: Ints | None = None) -> Ints:
        """
        Count marks in each unit; those of one sender count once.

        Parameters
        ----------
        kept
            (n,) which marks are counted.
        sender
            (n,) who sent each; -1 is not known, and somebody else each time.
        """
        chosen = np.flatnonzero(kept & (self.unit >= 0))
        if sender is not None:
            known = sender[chosen] >= 0
            pairs = np.stack([self.unit[chosen[known]], sender[chosen[known]]])
            first = np.unique(pairs, axis=1, return_index=True)[1]
            chosen = np.concatenate([chosen[~known], chosen[known][first]])
        return np.bincount(self.unit[chosen], minlength=len(self))

    def share(self, of: Bools, holding: Bools) -> Floats:
        """
        Return which share of some marks of each unit has a property; 0 where there are none.

        Parameters
        ----------
        of
            (n,) the marks looked at.
        holding
            (n,) which of all marks have it.
        """
        of = of & (self.unit >= 0)
        all_of = np.bincount(self.unit[of], minlength=len(self))
        some = np.bincount(self.unit[of & holding], minlength=len(self))
        return np.asarray(some / np.maximum(all_of, 1))


def squares(x: Floats, y: Floats, *, side: float, shift: float = 0.0) -> Tessellation:
    """
    Lay a grid over the marks.

    Parameters
    ----------
    x, y
        (n,) where they are [m].
    side
        Side of a square [m].
    shift
        So much of a side the lines are moved in both directions.

    Returns
    -------
    tessellation
        Lines run at multiples of the side, wherever the marks are; a mark on
        a line belongs to the square north and east of it.
    """
    places = np.floor(np.column_stack([x, y]) / side - shift).astype(np.intp)
    key, unit = np.unique(places.reshape(-1, 2), axis=0, return_inverse=True)
    return Tessellation(
        f"square/{side:g}/{shift:g}", float(side), shift, unit.ravel().astype(np.intp), key
    )


def segments(x: Floats, y: Floats, ways: Network) -> Tessellation:
    """
    Give each mark to the way nearest to it.

    Parameters
    ----------
    x, y
        (n,) where they are [m].
    ways
        The streets; a mark farther than `masks.SNAP` from all of them has no unit.
    """
    edge = np.full(len(x), -1, dtype=np.intp)
    if len(x) and len(ways.lines):
        mark, near = ways.tree.query_nearest(shapely.points(x, y), max_distance=SNAP)
        order = np.lexsort((near, mark))
        first = np.unique(mark[order], return_index=True)[1]
        edge[mark[order][first]] = near[order][first]
    held = np.unique(edge[edge >= 0])
    unit = np.where(edge >= 0, np.searchsorted(held, edge), -1).astype(np.intp)
    return Tessellation("segment", 0.0, 0.0, unit, held.reshape(-1, 1))


def tessellations(
    x: Floats, y: Floats, *, size: str = "middle", ways: Network | None = None
) -> tuple[Tessellation, ...]:
    """
    Return all of them, the one that is shown first, the streets last.

    Parameters
    ----------
    x, y
        (n,) where the marks are [m].
    size
        Name of a size in `SIDES`.
    ways
        The streets; without them there are squares only.
    """
    small, middle, large = SIDES[size]
    grids = [
        squares(x, y, side=side, shift=shift)
        for side in (middle, small, large)
        for shift in OFFSETS
    ]
    return (*grids, *([segments(x, y, ways)] if ways is not None else []))


def corners_of(ways: Network, side: float) -> Floats:
    """
    Return (k, 2) points along all ways, at least one in every square that a way crosses visibly.

    Parameters
    ----------
    ways
        The streets.
    side
        Side of the squares [m]; points lie half of it apart at most.
    """
    return np.asarray(shapely.get_coordinates(shapely.segmentize(ways.lines, side / 2)))


def units_with_ways(like: Tessellation, ways: Network) -> int:
    """
    Count the units in which people can walk, whether or not a mark lies there.

    Parameters
    ----------
    like
        Tells which units: parts of streets, or squares of one grid.
    ways
        The streets.
    """
    if not like.side:
        return len(ways.lines)
    x, y = corners_of(ways, like.side).T
    return len(squares(x, y, side=like.side, shift=like.shift))


def at_the_rim(shapes: NDArray[Any], city: Any) -> Bools:
    """
    Tell which units reach beyond the city, where nobody is asked to write.

    Parameters
    ----------
    shapes
        (m,) squares or lines [m].
    city
        Its area [m]; None if it is not known: then nobody can tell, and none is at the rim.
    """
    if city is None:
        return np.zeros(len(shapes), dtype=bool)
    shapely.prepare(city)
    return np.asarray(~shapely.covers(city, shapes))
