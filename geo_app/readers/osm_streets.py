"""Ways become segments between junctions: split where OpenStreetMap shares a node, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from layers.crs import DISPLAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .osm_tags import Tags

from . import osm_tags as osm

FACTORY = osmium.geom.WKBFactory()
ALL_NODES = osmium.geom.use_nodes.ALL


@dataclass
class Ways:
    """Ways as they come from the stream: their columns, node ids and lines."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    row_of_run: list[int] = field(default_factory=list)
    refs: list[list[int]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    torn: int = 0

    def add(self, way: Any, tags: Tags) -> None:
        """Keep a way; where nodes are missing, keep the parts between them."""
        runs = _runs(way)
        self.torn += len(runs) != 1
        for refs, line in runs:
            self.row_of_run.append(len(self.rows))
            self.refs.append(refs)
            self.lines.append(line)
        if runs:
            self.rows.append({"way": way.id, **street(tags)})

    def segments(self) -> GeoDataFrame:
        """
        Return one row per segment between junctions, in longitude and latitude.

        A junction is a node that two ways share or that one way visits twice;
        lines that merely cross, such as a bridge and the street below, do not join.
        """
        if not self.rows:
            return GeoDataFrame(geometry=[], crs=DISPLAY)
        refs = np.fromiter((ref for run in self.refs for ref in run), dtype=np.int64)
        points = shapely.get_coordinates(shapely.from_wkb(self.lines))
        run = np.repeat(np.arange(len(self.refs)), [len(r) for r in self.refs])
        again = np.r_[False, (refs[1:] == refs[:-1]) & (run[1:] == run[:-1])]
        refs, points, run = refs[~again], points[~again], run[~again]
        start, end = _between_junctions(refs, run)
        row = np.asarray(self.row_of_run)[run[start]]
        table = pd.DataFrame(self.rows).take(row).reset_index(drop=True)
        number = table.groupby("way").cumcount()
        table.index = pd.Index("way/" + table["way"].astype(str) + "/" + number.astype(str))
        return GeoDataFrame(
            table.drop(columns="way").assign(start_node=refs[start], end_node=refs[end]),
            geometry=_lines(points, start, end),
            crs=DISPLAY,
        )


def street(tags: Tags) -> dict[str, Any]:
    """Return the columns of `streets` that tags can give."""
    return {
        "kind": tags["highway"],
        "name": tags.get("name", ""),
        "foot": osm.on_foot(tags),
        "lit": osm.lit(tags),
        "steps": osm.steps(tags),
        "surface": tags.get("surface", ""),
        "smoothness": tags.get("smoothness", ""),
        "wheelchair": osm.wheelchair(tags),
        "incline": osm.incline(tags),
        "bridge": tags.get("bridge", "no") != "no",
        "tunnel": tags.get("tunnel", "no") != "no",
    }


def _runs(way: Any) -> list[tuple[list[int], bytes]]:
    """Return node ids and line of each part of a way whose nodes are all known."""
    try:
        line = FACTORY.create_linestring(way, ALL_NODES)
    except (osmium.InvalidLocationError, RuntimeError):
        return _known_parts(way)
    refs = [node.ref for node in way.nodes]
    return [(refs, bytes.fromhex(line))] if len(set(refs)) > 1 else []


def _known_parts(way: Any) -> list[tuple[list[int], bytes]]:
    parts: list[list[Any]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            parts[-1].append((node.ref, node.lon, node.lat))
        else:
            parts.append([])
    return [
        ([ref for ref, *_ in part], shapely.LineString([at for _, *at in part]).wkb)
        for part in parts
        if len({ref for ref, *_ in part}) > 1
    ]


def _between_junctions(
    refs: NDArray[np.int64], run: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions of the first and the last node of every segment."""
    _, inverse, count = np.unique(refs, return_inverse=True, return_counts=True)
    junction = count[inverse] > 1
    first = np.flatnonzero(np.r_[True, run[1:] != run[:-1]])
    junction[first] = True
    junction[np.r_[first[1:] - 1, len(run) - 1]] = True
    at = np.flatnonzero(junction)
    start, end = at[:-1], at[1:]
    same = run[start] == run[end]
    return start[same], end[same]


def _lines(
    points: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return one line per segment; the node between two segments belongs to both."""
    length = end - start + 1
    segment = np.repeat(np.arange(len(start)), length)
    step = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    lines: NDArray[np.object_] = shapely.linestrings(points[start[segment] + step], indices=segment)
    return lines
