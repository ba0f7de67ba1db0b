"""Where a mark counts for an office: parts of streets bundled along them, or squares of 100 m."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .masks import Units
from .paths import Bools, Ints

GAP = 60.0
"""Parts of one street with no more between them [m] are one task: a crossing, or the spacing of two
lamps (assumption)."""
TOUCH = 1.0
"""Ways that come so near to each other meet [m]."""
SQUARE = "cell_100"


@dataclass(frozen=True, eq=False)
class Parts:
    """
    Streets and squares in which marks count.

    Parameters
    ----------
    units
        The city's units.
    segment
        (n,) position of the nearest street of each mark in `units.streets`, -1 if none is near.
    square
        (n,) id of the square of 100 m of each mark.
    district
        (n,) name of the district of each mark, "" if it lies in none.
    """

    units: Units
    segment: Ints
    square: NDArray[Any]
    district: NDArray[Any]

    @classmethod
    def of(cls, points: Any, streets: GeoDataFrame, districts: GeoDataFrame | None = None) -> Parts:
        """
        Find the street part, the square and the district of each mark.

        Parameters
        ----------
        points
            (n,) exact points [m].
        streets, districts
            The city's layers [m], in the same system.
        """
        around = streets.iloc[:0][["geometry"]].assign(name="") if districts is None else districts
        units = Units(streets.sort_index(), around.sort_index(), {})
        keys = units.keys(np.asarray(points, dtype=object))
        segment = units.streets.index.get_indexer(keys["segment"])
        names = units.districts["name"].astype(str)
        district = keys["district"].map(names).fillna("").astype(str)
        return cls(units, segment, keys[SQUARE].to_numpy(), district.to_numpy())

    def bundles(self, member: Ints, *, coarse: Bools) -> NDArray[Any]:
        """
        Return one key per mark: those with the same key are one place.

        Parts of a street of one name bundle if no more than `GAP` lies
        between them, ways without a name if they meet.

        Parameters
        ----------
        member
            (k,) positions of marks, the oldest first: a place is called after its oldest.
        coarse
            (k,) marks that count for their square although a street is near.
        """
        segment = np.where(coarse, -1, self.segment[member])
        keys = self.square[member].astype(object)
        on_street = segment >= 0
        used, first, which = np.unique(segment[on_street], return_index=True, return_inverse=True)
        if not len(used):
            return keys
        group = self._connected(used)
        # the bundle is called after the street part of its oldest mark
        oldest = pd.Series(first).groupby(group).idxmin().to_numpy()
        ids = self._ids[used[oldest]]
        keys[on_street] = ids[group[which]]
        return keys

    def _connected(self, used: Ints) -> Ints:
        """Number the bundles of some streets."""
        lines, names = self._lines[used], self._names[used]
        a, b = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=GAP)
        alike = names[a] == names[b]
        nameless = alike & (names[a] == "")
        alike[nameless] = shapely.dwithin(lines[a[nameless]], lines[b[nameless]], TOUCH)
        a, b = a[alike], b[alike]
        graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(used), len(used)))
        return np.asarray(connected_components(graph, directed=False)[1])

    def shape(self, member: Ints, *, square: bool) -> Any:
        """
        Return the line or area that stands for some marks; never their points.

        Parameters
        ----------
        member
            Positions of marks of one place.
        square
            They count for their square.
        """
        if square:
            return self.units.shape(SQUARE, str(self.square[member[0]]))
        parts = self._lines[np.unique(self.segment[member])]
        return parts[0] if len(parts) == 1 else shapely.line_merge(shapely.union_all(parts))

    def streets_of(self, member: Ints) -> list[str]:
        """Return the ids of the streets that some marks lie at."""
        parts = np.unique(self.segment[member])
        return [str(one) for one in self._ids[parts[parts >= 0]]]

    def name(self, member: Ints, *, square: bool) -> str:
        """Return the name of the street of some marks, "" if it has none or they have none."""
        if square or self.segment[member[0]] < 0:
            return ""
        return str(self._names[self.segment[member[0]]])

    def crossing(self, line: Any, name: str) -> tuple[str, ...]:
        """
        Return the first and the last named street that a part of a street meets.

        Parameters
        ----------
        line
            The part [m].
        name
            Its own name.
        """
        near = np.sort(self._tree.query(line, predicate="dwithin", distance=TOUCH))
        names = self._names[near]
        near = near[(names != "") & (names != name)]
        if not len(near):
            return ()
        start = shapely.get_point(shapely.get_parts(line)[0], 0)
        order = np.argsort(shapely.distance(self._lines[near], start), kind="stable")
        ordered = [str(one) for one in self._names[near][order]]
        return tuple(dict.fromkeys((ordered[0], ordered[-1])))

    @cached_property
    def _lines(self) -> NDArray[Any]:
        return self.units.streets.geometry.to_numpy()

    @cached_property
    def _names(self) -> NDArray[Any]:
        return self.units.streets["name"].to_numpy().astype(str)

    @cached_property
    def _ids(self) -> NDArray[Any]:
        return self.units.streets.index.to_numpy().astype(object)

    @cached_property
    def _tree(self) -> Any:
        return shapely.STRtree(self._lines)
