"""The walk after dark: what unlit ways and marked spots make of it, as parameters and as costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from .lighting import DARK, share_within
from .network import Network
from .parameters import Bounds, Choice, Named
from .paths import Floats, Ints
from .schema import SEPARATOR
from .text import Text

UNLIT, SPOTS = DARK["unlit"], DARK["spots"]
UNKNOWN = {"lit": Text("as lit, the best case"), "dark": Text("as unlit, the worst case")}
"""What ways may count as whose light nobody has noted."""


@dataclass(frozen=True)
class Darkness:
    """
    How much longer a walk feels after dark.

    Declared once; every analysis that takes a `Darkness` gets the same form.
    It changes nothing by day: day and dark are told apart, never as one figure.

    Parameters
    ----------
    dark_factor
        A metre of an unlit way counts as so many.
    unknown_light
        What ways count as of which nobody knows whether they are lit.
    spot_factor
        A metre near a published unsafe spot counts as so many; 1 is off.
    """

    dark_factor: Annotated[
        float,
        Bounds(1, UNLIT["most"], "×", 0.1),
        Named(
            Text("An unlit way feels so many times as long"),
            Text("An assumption: nobody has measured it. 1 means that the dark changes nothing."),
        ),
    ] = UNLIT["factor"]
    unknown_light: Annotated[
        str,
        Choice(UNKNOWN),
        Named(
            Text("How ways count whose light nobody has noted"),
            Text("Both cases are always told beside the result."),
        ),
    ] = "lit"
    spot_factor: Annotated[
        float,
        Bounds(1, SPOTS["most"], "×", 0.1),
        Named(
            Text("A way at a marked unsafe spot feels so many times as long"),
            Text("An assumption as well. 1 leaves the marked spots out."),
        ),
    ] = SPOTS["factor"]

    def slow(self, dark: Floats, near: Floats) -> Floats:
        """
        Return what a metre of each edge counts as.

        Parameters
        ----------
        dark
            (m,) share of its length that is unlit.
        near
            (m,) share of its length that lies at a marked spot.

        Returns
        -------
        slow
            (m,) at least 1; the two multiply.
        """
        return (1 + (self.dark_factor - 1) * dark) * (1 + (self.spot_factor - 1) * near)


@dataclass(frozen=True, eq=False)
class Spots:
    """
    Published unsafe spots, and the ways at them.

    Parameters
    ----------
    table
        (k,) places of `pins` that count after dark; rows of several releases
        about the same part of a street or square are one.
    near
        (m,) share of each edge that lies at any of them.
    spot, edge
        (t,) every pair of a spot and an edge at it, by spot.
    share
        (t,) share of the edge that lies at this spot.
    others
        (t,) share of the edge that lies at the others.
    untold
        How many of them do not say at what time of day.
    coarse, by_day
        How many unsafe spots are left out: drawn too coarsely, or marked by day only.
    """

    table: GeoDataFrame
    near: Floats
    spot: Ints
    edge: Ints
    share: Floats
    others: Floats
    untold: int = 0
    coarse: int = 0
    by_day: int = 0


def spots_at(streets: Network, pins: GeoDataFrame | None) -> Spots:
    """
    Find the ways at published unsafe spots that count after dark.

    Parameters
    ----------
    streets
        m edges.
    pins
        Rows of the layer `pins` that are valid now; none where the city has none.
    """
    nothing, empty = np.empty(0, dtype=np.intp), np.empty(0)
    if pins is None or pins.empty:
        table = GeoDataFrame(geometry=[], crs=streets.crs)
        return Spots(table, np.zeros(len(streets.metres)), nothing, nothing, empty, empty)
    unsafe = pins[pins["kind"] == "unsafe"]
    fine = unsafe["unit"].isin(SPOTS["units"])
    dark = _after_dark(unsafe["daytimes"])
    untold = int((unsafe.loc[fine & dark, "daytimes"] == "").sum())
    table = _by_place(unsafe[fine & dark])
    areas = _around(np.asarray(table.geometry.array))
    spot, edge = shapely.STRtree(streets.lines).query(areas, predicate="intersects")
    order = np.lexsort((edge, spot))
    spot, edge = spot[order], edge[order]
    share = share_within(streets, edge, areas[spot])
    spot, edge, share = spot[share > 0], edge[share > 0], share[share > 0]
    near, others = _together(streets, areas, spot, edge, share)
    return Spots(
        table,
        near,
        spot,
        edge,
        share,
        others,
        untold=untold,
        coarse=int((~fine).sum()),
        by_day=int((fine & ~dark).sum()),
    )


def _by_place(table: GeoDataFrame) -> GeoDataFrame:
    """Join rows about the same place: mending it mends what all of them name."""
    place = table.geometry.to_wkb()
    named = table["factors"].groupby(place, sort=False).agg(_names)
    first = table[~place.duplicated().to_numpy()]
    return first.assign(factors=named.to_numpy())


def _names(lists: pd.Series[str]) -> str:
    names = (name for told in lists for name in told.split(SEPARATOR) if name)
    return SEPARATOR.join(dict.fromkeys(names))


def _after_dark(daytimes: pd.Series[str]) -> pd.Series[bool]:
    """Tell which rows are about the time after dark, or do not say when."""
    wanted = set(SPOTS["daytimes"])
    named = daytimes.map(lambda told: {part for part in str(told).split(SEPARATOR) if part})
    return named.map(lambda of: not of or bool(of & wanted)).astype(bool)


def _around(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the area of each spot: around points and parts of streets, or the square itself."""
    metres = np.array([SPOTS["around"], SPOTS["beside"], 0.0])[shapely.get_dimensions(shapes)]
    return np.where(metres > 0, shapely.buffer(shapes, np.maximum(metres, 1)), shapes)


def _together(
    streets: Network, areas: NDArray[Any], spot: Ints, edge: Ints, share: Floats
) -> tuple[Floats, Floats]:
    """Share of each edge at any spot, and for each pair at any other; overlaps count once."""
    near, others = np.zeros(len(streets.metres)), np.zeros(len(spot))
    near[edge] = share
    for shared, pairs in _crowded(edge):
        mine = areas[spot[pairs]]
        line = np.array([shared])
        near[shared] = share_within(streets, line, np.array([shapely.union_all(mine)]))[0]
        for number, pair in enumerate(pairs):
            rest = shapely.union_all(np.delete(mine, number))
            others[pair] = share_within(streets, line, np.array([rest]))[0]
    return near, others


def _crowded(edge: Ints) -> Iterator[tuple[int, Ints]]:
    """Every edge with more than one spot, and its pairs."""
    edges, counts = np.unique(edge, return_counts=True)
    for shared in edges[counts > 1]:
        yield int(shared), np.flatnonzero(edge == shared)
