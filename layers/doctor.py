"""Suspected faults of the street data: where a link may be missing, and whom it would help."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

from . import paths
from .facts import facts
from .network import Network
from .paths import Floats, Ints
from .text import Text

RULES = facts("doctor")

KINDS: dict[str, Text] = {
    "near_miss": Text("an end that just misses another way"),
    "crossing": Text("ways that cross without a junction"),
    "island": Text("a part that is joined to nothing"),
    "long_snap": Text("homes far from every way"),
    "detour": Text("a very long way round"),
}
"""Kinds of suspicion, in words."""

MOTORWAY = re.compile(r"(BAB|A) ?\d+\b")
"""What motorways are called, where the data do not tell what kind of way they are."""

MENDED_BY_LINK = ("near_miss", "crossing", "island")
"""Kinds that a link would mend."""


@dataclass(frozen=True)
class Suspects:
    """
    Places where the street data may be wrong.

    Parameters
    ----------
    kind
        (k,) one of `KINDS`.
    line
        (k,) LineStrings: the link that may be missing, or the stub of a home.
    edges
        (k, 2) edges concerned; -1 where there is only one, or none.
    """

    kind: NDArray[np.object_]
    line: NDArray[np.object_]
    edges: Ints


def suspects(network: Network) -> Suspects:
    """
    Find where links between ways may be missing.

    Parameters
    ----------
    network
        The whole walking network, open to everybody.

    Returns
    -------
    suspects
        Near misses, crossings without a junction, islands; in this order.
    """
    found = (_near_misses(network), _crossings(network), _islands(network))
    return Suspects(
        np.concatenate([one.kind for one in found]),
        np.concatenate([one.line for one in found]),
        np.concatenate([one.edges for one in found]),
    )


def _near_misses(network: Network) -> Suspects:
    """Dead ends that lie close to a way which they reach only by a long way round."""
    degree = np.bincount(
        np.concatenate([network.start, network.end]), minlength=len(network.junctions)
    )
    dead = np.flatnonzero(degree == 1)
    points = shapely.points(network.junctions[dead])
    at, edge = network.tree.query(
        points, predicate="dwithin", distance=RULES["near_miss"]["metres"]
    )
    junction = dead[at]
    own = (network.start[edge] == junction) | (network.end[edge] == junction)
    at, edge, junction = at[~own], edge[~own], junction[~own]
    gap = shapely.distance(points[at], network.lines[edge])
    # the nearest way of each end, and the first of equally near ones
    order = np.lexsort((edge, gap, at))
    first = np.unique(at[order], return_index=True)[1]
    at, edge, junction = at[order][first], edge[order][first], junction[order][first]
    line = shapely.shortest_line(points[at], network.lines[edge])
    around = _way_round(network, junction, edge, line)
    kept = (around >= RULES["near_miss"]["detour"]) & (shapely.length(line) > 0)
    return _suspects("near_miss", line[kept], np.column_stack([edge, edge])[kept])


def _way_round(network: Network, junction: Ints, edge: Ints, line: NDArray[np.object_]) -> Floats:
    """Walk from each dead end to the point it just misses [m]; inf if there is none in reach."""
    limit = RULES["near_miss"]["detour"]
    if not len(junction):
        return np.empty(0)
    goal = shapely.get_point(line, -1)
    along = shapely.line_locate_point(network.lines[edge], goal)
    ends = np.column_stack([network.start[edge], network.end[edge]])
    metres = np.column_stack([along, network.metres[edge] - along])
    reach = paths.within_reach(
        network.graph,
        ends,
        metres,
        origin_ends=np.column_stack([junction, junction]),
        origin_metres=np.zeros((len(junction), 2)),
        limit=limit,
    ).tocoo()
    around = np.full(len(junction), np.inf)
    mine = reach.row == reach.col
    around[reach.row[mine]] = reach.data[mine]
    return around


def _crossings(network: Network) -> Suspects:
    """Ways on the ground that cross without a common junction; a motorway never has one."""
    a, b = network.tree.query(network.lines, predicate="crosses")
    motorway = np.array([bool(MOTORWAY.match(str(name or ""))) for name in network.name])
    apart = network.apart | motorway
    kept = (a < b) & ~apart[a] & ~apart[b]
    a, b = a[kept], b[kept]
    shared = (
        (network.start[a] == network.start[b])
        | (network.start[a] == network.end[b])
        | (network.end[a] == network.start[b])
        | (network.end[a] == network.end[b])
    )
    a, b = a[~shared], b[~shared]
    point = shapely.get_geometry(shapely.intersection(network.lines[a], network.lines[b]), 0)
    is_point = shapely.get_type_id(point) == shapely.GeometryType.POINT
    a, b, point = a[is_point], b[is_point], point[is_point]
    xy = shapely.get_coordinates(point)
    line = shapely.linestrings(np.stack([xy, xy + 0.01], axis=1)) if len(xy) else _nothing()
    return _suspects("crossing", line, np.column_stack([a, b]))


def _islands(network: Network) -> Suspects:
    """Parts that are joined to nothing, with the shortest link to the main part."""
    if not len(network.lines):
        return _suspects("island", _nothing(), np.empty((0, 2), dtype=np.intp))
    main = np.flatnonzero(network.island == 0)
    apart = np.flatnonzero(network.island > 0)
    tree = shapely.STRtree(network.lines[main])
    (at, near), gap = tree.query_nearest(
        network.lines[apart],
        max_distance=RULES["island"]["metres"],
        return_distance=True,
        all_matches=False,
    )
    own, other = apart[at], main[near]
    order = np.lexsort((own, gap, network.island[own]))
    first = np.unique(network.island[own][order], return_index=True)[1]
    own, other = own[order][first], other[order][first]
    line = shapely.shortest_line(network.lines[own], network.lines[other])
    kept = shapely.length(line) > 0
    return _suspects("island", line[kept], np.column_stack([own, other])[kept])


def helped(
    network: Network, homes: GeoSeries, found: paths.Nearest, line: shapely.LineString
) -> tuple[Floats, Floats]:
    """
    Walks before and after one link.

    Parameters
    ----------
    network
        The network without it.
    homes
        (n,) where people start.
    found
        Nearest place of every junction.
    line
        The link.

    Returns
    -------
    before, after
        (n,) metres to the nearest place, over junctions; inf if there is none.
    """
    doors = network.doors(homes)
    ends = [shapely.get_point(line, at) for at in (0, -1)]
    snapped = network.snap(GeoSeries(ends, crs=network.crs))
    at, metres = network.ends(snapped)
    there = (found.metres[at] + metres).min(axis=1)
    other = np.array([there[snapped.owner == 1 - one].min() for one in (0, 1)])
    through = other[snapped.owner] + shapely.length(line)
    better = through < there
    before = _at_doors(found, doors.ends, doors.stubs, doors.snap.owner, len(homes))
    if not better.any():
        return before, before
    mended = paths.changed(
        network.graph,
        found,
        np.empty((0, 2), dtype=np.intp),
        np.empty((0, 2)),
        closed=np.empty(0, dtype=bool),
        opened_ends=at[better],
        opened_metres=metres[better] + through[better][:, None],
    )
    after = _at_doors(mended, doors.ends, doors.stubs, doors.snap.owner, len(homes))
    return before, np.minimum(before, after)


def _at_doors(found: paths.Nearest, ends: Ints, stubs: Floats, owner: Ints, count: int) -> Floats:
    walks = np.full(count, np.inf)
    walks[owner] = (found.metres[ends] + stubs).min(axis=1)
    return walks


def _suspects(kind: str, line: NDArray[np.object_], edges: Ints) -> Suspects:
    return Suspects(np.full(len(line), kind, dtype=object), np.asarray(line, dtype=object), edges)


def _nothing() -> NDArray[np.object_]:
    return np.empty(0, dtype=object)
