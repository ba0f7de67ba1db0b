"""Where it is light after dark: what a street says of itself, else the lamps beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from .facts import facts
from .network import Network
from .paths import Bools, Floats, Ints

DARK = facts("dark")
REACH: float = DARK["lamps"]["reach"]
"""So far around it a lamp lights the ways [m]."""

WHOLE: float = DARK["whole"]["share"]
"""A way is lit, or unlit, where this share of its length is."""


@dataclass(frozen=True, eq=False)
class Light:
    """
    How much of each edge lies in the dark, as far as anybody knows.

    Parameters
    ----------
    state
        (m,) "yes" (lit), "no" (unlit) or "unknown", which includes partly lit.
    least
        (m,) share of its length that is known to be dark.
    most
        (m,) share of its length that may be dark; what lies between the two
        is unknown.
    by
        (m,) what decided: "street", "lamps" or "" (nothing).
    broken
        How many of the lamps do not work; they light nothing.
    lamps
        How many lamps there are, those included.
    """

    state: NDArray[Any]
    least: Floats
    most: Floats
    by: NDArray[Any]
    broken: int = 0
    lamps: int = 0

    def dark(self, unknown: str) -> Floats:
        """
        Return the share of each edge that counts as dark.

        Parameters
        ----------
        unknown
            What unknown light counts as: "dark" or "lit".
        """
        return self.most if unknown == "dark" else self.least

    @property
    def known(self) -> Bools:
        """Whether anything is known of an edge."""
        return self.by != ""


def lit_of(streets: Network, street_lamps: GeoDataFrame | None = None) -> NDArray[Any]:
    """
    Tell of each edge whether it is lit.

    Parameters
    ----------
    streets, street_lamps
        As in `light_of`.

    Returns
    -------
    lit
        (m,) "yes", "no" or "unknown".
    """
    return light_of(streets, street_lamps).state


def light_of(streets: Network, street_lamps: GeoDataFrame | None = None) -> Light:
    """
    Tell how much of each edge lies in the dark.

    What a street says of itself comes first. Where it says nothing, lamps
    decide: the part within reach of a lamp that works is lit; a part that only
    broken lamps would light is dark; the rest is unknown, because a lamp that
    nobody has mapped is no proof of darkness.

    Parameters
    ----------
    streets
        m edges.
    street_lamps
        Points with `works`, in the same CRS; none where the city has none.
    """
    told = streets.lit != "unknown"
    dark = np.where(streets.lit == "no", 1.0, 0.0)
    least, most = dark.copy(), np.where(told, dark, 1.0)
    by = np.where(told, "street", "").astype(object)
    lamps = 0 if street_lamps is None else len(street_lamps)
    broken = np.zeros(lamps, dtype=bool)
    if street_lamps is not None and lamps:
        broken = (street_lamps["works"] == "no").to_numpy()
        spots = np.asarray(street_lamps.geometry.array)
        lit, edge = _covered(streets, ~told, spots, ~broken)
        whole, near = _covered(streets, ~told, spots, np.ones(lamps, dtype=bool))
        most[edge] = 1 - lit
        least[near] = whole - (1 - most[near])
        by[near] = "lamps"
    least = np.clip(np.where(least >= WHOLE, 1.0, np.where(most <= 1 - WHOLE, 0.0, least)), 0, 1)
    most = np.where(most <= 1 - WHOLE, 0.0, np.maximum(most, least))
    state = np.where(most == 0, "yes", np.where(least == 1, "no", "unknown"))
    return Light(state, least, most, by, int(broken.sum()), lamps)


def _covered(
    streets: Network, asked: Bools, spots: NDArray[Any], chosen: Bools
) -> tuple[Floats, Ints]:
    """Share of each edge within reach of a chosen lamp, for the edges that are near one."""
    candidates = np.flatnonzero(asked)
    lamps = spots[chosen]
    xy = shapely.get_coordinates(lamps)
    lamps = lamps[np.lexsort((xy[:, 1], xy[:, 0]))]
    lamp, line = shapely.STRtree(streets.lines[candidates]).query(
        lamps, predicate="dwithin", distance=REACH
    )
    order = np.lexsort((lamp, line))
    lamp, line = lamp[order], line[order]
    near, first = np.unique(line, return_index=True)
    groups = np.repeat(np.arange(len(near)), np.diff(np.r_[first, len(line)]))
    discs = shapely.buffer(shapely.multipoints(lamps[lamp], indices=groups), REACH)
    edge = candidates[near]
    return share_within(streets, edge, discs), edge


def share_within(streets: Network, edge: Ints, areas: NDArray[Any]) -> Floats:
    """
    Measure which share of an edge lies in an area, pair by pair.

    Parameters
    ----------
    streets
        The network.
    edge
        (k,) edges.
    areas
        (k,) areas.

    Returns
    -------
    share
        (k,) 0 to 1; of an edge without length, whether it touches the area.
    """
    lines = streets.lines[edge]
    inside = shapely.length(shapely.intersection(lines, areas))
    length = shapely.length(lines)
    touched = shapely.intersects(lines, areas).astype(np.float64)
    return np.where(length > 0, np.minimum(inside / np.maximum(length, 1e-9), 1.0), touched)
