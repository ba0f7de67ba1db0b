"""Links that are missing in the street data, put into the walking network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely.ops import substring

if TYPE_CHECKING:
    from .network import Network

REACH = 25.0
"""An end of a link farther than this from every way [m] no longer fits the street data."""
APART = 0.05
"""Points nearer than this [m] are one junction."""
PER_EDGE = (
    "street", "street_id", "name", "kind", "step_free", "steps", "lit", "slow", "apart",
)  # fmt: skip
"""What a piece of an edge inherits from it."""


def joined(network: Network, links: GeoDataFrame) -> Network:
    """
    Return the network with further links between its ways.

    Parameters
    ----------
    network
        Where one can walk.
    links
        (k,) LineStrings; each end is joined to the way nearest to it. A link
        whose end fits no way any more is left out.

    Returns
    -------
    joined
        A new network; a link may be walked both ways by everybody who can use
        unknown ways: whether it has steps or light nobody has said.
    """
    parts = _Parts(network)
    for line in links.geometry:
        first, last = (parts.place(shapely.get_point(line, at)) for at in (0, -1))
        if first is not None and last is not None and first != last:
            parts.link(first, last)
    return parts.network()


class _Parts:
    """Edges of a network while links are put in, one after the other."""

    def __init__(self, network: Network) -> None:
        self.base = network
        self.junctions: list[Any] = list(network.junctions)
        self.lines: list[Any] = list(network.lines)
        self.start: list[int] = network.start.tolist()
        self.end: list[int] = network.end.tolist()
        self.origin: list[int] = list(range(len(network.lines)))
        """Which edge each edge is a piece of; -1 for a link."""

    def place(self, point: shapely.Point) -> int | None:
        """Return the junction at a point, made by cutting the nearest edge if there is none."""
        tree = shapely.STRtree(self.lines)
        near = tree.query_nearest(point, max_distance=REACH)
        if not len(near):
            return None
        edge = int(near[0])
        line = self.lines[edge]
        along = float(shapely.line_locate_point(line, point))
        if along <= APART:
            return self.start[edge]
        if along >= shapely.length(line) - APART:
            return self.end[edge]
        return self._cut(edge, along)

    def _cut(self, edge: int, along: float) -> int:
        line = self.lines[edge]
        at = shapely.line_interpolate_point(line, along)
        junction = len(self.junctions)
        self.junctions.append(shapely.get_coordinates(at)[0])
        self.lines[edge] = substring(line, 0, along)
        self.lines.append(substring(line, along, shapely.length(line)))
        self.start.append(junction)
        self.end.append(self.end[edge])
        self.origin.append(self.origin[edge])
        self.end[edge] = junction
        return junction

    def link(self, a: int, b: int) -> None:
        """Add an edge between two junctions."""
        self.lines.append(shapely.LineString([self.junctions[a], self.junctions[b]]))
        self.start.append(a)
        self.end.append(b)
        self.origin.append(-1)

    def network(self) -> Network:
        """Return the parts as a network."""
        origin, lines = np.array(self.origin, dtype=np.intp), np.array(self.lines, dtype=object)
        return replace(
            self.base,
            junctions=np.array(self.junctions, dtype=float).reshape(-1, 2),
            lines=lines,
            start=np.array(self.start, dtype=np.intp),
            end=np.array(self.end, dtype=np.intp),
            metres=np.asarray(shapely.length(lines), dtype=float),
            **{name: _inherited(getattr(self.base, name), origin, name) for name in PER_EDGE},
            _even=None,
            _opened={},
            _snapped={},
        )


def _inherited(values: Any, origin: Any, name: str) -> Any:
    """Return the values of every piece; those of a link are unknown."""
    unsaid = {"step_free": "unknown", "steps": "unknown", "lit": "unknown", "slow": 1.0}
    nothing = unsaid.get(name, -1 if name == "street" else False if name == "apart" else "")
    taken = (
        np.asarray(values)[np.maximum(origin, 0)] if len(values) else np.full(len(origin), nothing)
    )
    return np.where(origin < 0, np.asarray(nothing, dtype=taken.dtype), taken)
