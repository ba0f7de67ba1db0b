"""What could be mended: unlit ways, street by street, and published unsafe spots."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from .criticality import Projects
from .dark_walks import Ground
from .darkness import Darkness
from .network import Network
from .paths import Floats, Ints

DASH = " – "
NAMELESS = "–"


def ways_to_light(ground: Ground, darkness: Darkness) -> tuple[GeoDataFrame, Projects]:
    """
    List the ways that are unlit, or count as such, one row per street segment.

    Parameters
    ----------
    ground
        The ways and what is known of their light.
    darkness
        The factors, and what unknown light counts as.

    Returns
    -------
    ways
        (k,) rows by id of the street: `what`, `name`, `kind`, `between` (cross
        streets), `dark_metres` [m], `factors` (none), and the line.
    projects
        (k,) each of them as edges to be lit.
    """
    streets, light = ground.streets, ground.light
    dark = light.dark(darkness.unknown_light)
    edge = np.flatnonzero(dark > 0)
    rows, first, project = np.unique(streets.street[edge], return_index=True, return_inverse=True)
    lead = edge[first]
    order = np.argsort(project, kind="stable")
    groups = np.split(edge[order], np.flatnonzero(np.diff(project[order])) + 1) if len(edge) else []
    unlit = np.bincount(project, light.least[edge] * streets.metres[edge], len(rows))
    metres = np.bincount(project, dark[edge] * streets.metres[edge], len(rows))
    whole = np.bincount(project, streets.metres[edge], len(rows))
    ways = GeoDataFrame(
        {
            "what": np.select(
                [unlit >= whole * 0.999, unlit > 0, metres >= whole * 0.999],
                ["unlit", "partly", "unknown"],
                "partly",
            ),
            "name": np.where(streets.name[lead] == "", NAMELESS, streets.name[lead]),
            "kind": streets.kind[lead],
            "between": between(streets, groups),
            "dark_metres": metres,
            "factors": "",
        },
        index=pd.Index(streets.street_id[lead].astype(str), dtype="str"),
        geometry=[_joined(streets.lines[edges]) for edges in groups],
        crs=streets.crs,
    )
    alone = darkness.slow(dark[edge], np.zeros(len(edge)))
    mended = darkness.slow(np.zeros(len(edge)), ground.spots.near[edge])
    return ways, Projects.of(project, edge, alone, mended, len(rows))


def spots_to_mend(ground: Ground, darkness: Darkness) -> tuple[GeoDataFrame, Projects]:
    """
    List the published unsafe spots that count after dark.

    Parameters
    ----------
    ground, darkness
        As in `ways_to_light`.

    Returns
    -------
    spots
        (k,) rows by id of the spot, with the same columns as the ways; `factors`
        are what people name there.
    projects
        (k,) each of them as edges that it would no longer slow; if spots
        overlap, the others go on counting.
    """
    spots = ground.spots
    table, count = spots.table, len(spots.table)
    dark = ground.light.dark(darkness.unknown_light)[spots.edge]
    found = GeoDataFrame(
        {
            "what": "spot",
            "name": table["place"].replace("", NAMELESS).to_numpy() if count else [],
            "kind": "",
            "between": "",
            "dark_metres": np.bincount(
                spots.spot, spots.share * ground.streets.metres[spots.edge], count
            ),
            "factors": table["factors"].to_numpy() if count else [],
        },
        index=pd.Index([f"spot {row}" for row in table.index], dtype="str"),
        geometry=np.asarray(table.geometry.array),
        crs=ground.streets.crs,
    )
    alone = darkness.slow(np.zeros(len(spots.edge)), spots.share)
    mended = darkness.slow(dark, spots.others)
    if darkness.spot_factor == 1:
        return found.iloc[:0], Projects.of(*_nothing(), 0)
    return found, Projects.of(spots.spot, spots.edge, alone, mended, count)


def by_name(ways: GeoDataFrame, projects: Projects) -> tuple[pd.DataFrame, Projects]:
    """
    Bundle segments of one street: lamps are set street by street.

    Parameters
    ----------
    ways, projects
        From `ways_to_light`.

    Returns
    -------
    streets
        (j,) rows by name with `segments` and `dark_metres` [m]; ways without a name are left out.
    bundled
        (j,) all segments of the street at once.
    """
    number, names = pd.factorize(ways["name"].mask(ways["name"] == NAMELESS), sort=True)
    named = number >= 0
    frame = pd.DataFrame(
        {
            "segments": np.bincount(number[named], minlength=len(names)),
            "dark_metres": np.bincount(number[named], ways["dark_metres"][named], len(names)),
        },
        index=pd.Index(names, dtype="str", name="name"),
    )
    street = number[np.repeat(np.arange(len(projects)), np.diff(projects.first))]
    kept = street >= 0
    bundled = Projects.of(
        street[kept],
        projects.edge[kept],
        projects.alone[kept],
        projects.mended[kept],
        len(names),
    )
    return frame, bundled


def between(streets: Network, segments: list[Ints]) -> list[str]:
    """
    Name the streets at both ends of each segment.

    Parameters
    ----------
    streets
        The network.
    segments
        The edges of each.

    Returns
    -------
    names
        Such as "Hauptstraße – Bachweg"; where none meets it, the named street
        that is nearest along the ways; "" where there is none.
    """
    at: dict[int, set[str]] = defaultdict(set)
    for ends in (streets.start, streets.end):
        for junction, name in zip(ends, streets.name, strict=True):
            if name:
                at[int(junction)].add(str(name))
    nearest = _nearest_named(streets, np.array(sorted(at), dtype=np.intp))
    found = []
    for edges in segments:
        own = str(streets.name[edges[0]])
        named = [
            next((n for n in sorted(at.get(j, ())) if n != own), "")
            or next((n for n in sorted(at.get(nearest[j], ())) if n != own), "")
            for j in _ends(streets, edges)
        ]
        found.append(DASH.join(dict.fromkeys(name for name in named if name)))
    return found


def _ends(streets: Network, edges: Ints) -> list[int]:
    """Junctions where a segment begins and ends; of a ring, any."""
    both = np.concatenate([streets.start[edges], streets.end[edges]])
    junctions, uses = np.unique(both, return_counts=True)
    odd = junctions[uses % 2 == 1]
    ends = odd if len(odd) else junctions[:1]
    first = int(streets.start[edges[0]])
    return sorted(map(int, ends), key=lambda junction: junction != first)


def _nearest_named(streets: Network, named: Ints) -> Ints:
    """For each junction the nearest one at which a named street ends; itself if there is none."""
    itself = np.arange(len(streets.junctions))
    if not len(named):
        return itself
    _, _, source = dijkstra(
        streets.graph.matrix, indices=named, min_only=True, return_predecessors=True
    )
    return np.where(source < 0, itself, source)


def _joined(lines: NDArray[Any]) -> Any:
    return lines[0] if len(lines) == 1 else shapely.line_merge(shapely.multilinestrings(lines))


def _nothing() -> tuple[Ints, Ints, Floats, Floats]:
    nothing = np.empty(0, dtype=np.intp)
    return nothing, nothing, np.empty(0), np.empty(0)
