"""Rows of hot spots: one per square or part of a street, with what is known of it and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .exact_tests import poisson_interval
from .hot_spots import Ratio, odds_ratio
from .hot_spots_finding import Finding
from .hot_spots_question import Looking
from .network import Network
from .paths import Bools
from .schema import YES_NO_UNKNOWN, Column
from .tessellation import at_the_rim
from .text import Text

HOT = {
    "stable": Text("stands out, in most of the grids"),
    "once": Text("stands out in some grids only: perhaps by chance"),
    "found": Text("more marks than expected: a hint only"),
    "nothing": Text("tested, does not stand out"),
    "few": Text("not known: too few marks to be tested"),
}
"""What may be said of a unit."""
NEARBY = 100.0
"""So far from the middle of a square a named street may lie that names it [m]."""

COLUMNS = (
    Column("place", str, Text("street nearby")),
    Column("hot", str, Text("what the test says of it"), options=HOT),
    Column("unsafe", int, Text("marks “I feel unsafe here”")),
    Column("at_ease", int, Text("marks “I feel at ease here”")),
    Column("marks", int, Text("marks of both kinds that count")),
    Column("ratio", float, Text("so many times as often as elsewhere"), "×"),
    Column("ratio_low", float, Text("lower end, 90 %"), "×"),
    Column("ratio_high", float, Text("upper end, 90 %"), "×"),
    Column("expected", float, Text("marks of the kind looked for to be expected by chance")),
    Column("p", float, Text("chance of so many or more if the place is like all others"), "p"),
    Column("adjusted", float, Text("the same, corrected for all tests"), "p"),
    Column("found_in", int, Text("found in so many of the grids")),
    Column("in_scan", str, Text("lies in a cluster of the scan"), options=YES_NO_UNKNOWN),
    Column("rim", bool, Text("reaches beyond the city: counts are cut off there")),
    Column("z", float, Text("Gi*, published z")),
    Column("density", float, Text("marks per kilometre of street, smoothed")),
)


def table_of(
    finding: Finding, looking: Looking, *, ways: Network, city: Any, level: float = 0.9
) -> GeoDataFrame:
    """
    Return one row per unit, what is most telling first.

    Parameters
    ----------
    finding
        What was found.
    looking
        The question.
    ways
        The streets, for names and lines.
    city
        Area of the city [m], or None.
    level
        How often an interval of a ratio holds the truth.
    """
    shown, unsafe = finding.shown, looking.kind == "unsafe"
    shapes = shown.squares() if shown.side else np.asarray(ways.lines[shown.key[:, 0]])
    names = near_squares(shapes, ways) if shown.side else ways.name[shown.key[:, 0]]
    ratio = ratio_of(finding, level)
    table = GeoDataFrame(
        {
            "place": pd.array(names, dtype="str"),
            "hot": pd.array(finding.hot, dtype="str"),
            "unsafe": finding.cases if unsafe else finding.controls,
            "at_ease": finding.controls if unsafe else finding.cases,
            "marks": finding.cases + finding.controls,
            "ratio": ratio.value,
            "ratio_low": ratio.low,
            "ratio_high": ratio.high,
            "expected": finding.expected,
            "p": finding.p,
            "adjusted": finding.adjusted,
            "found_in": finding.times,
            "in_scan": pd.array(_yes(finding.in_scan, known=finding.scanned > 0), dtype="str"),
            "rim": at_the_rim(shapes, city),
            "z": finding.z,
            "density": finding.density,
        },
        geometry=shapes,
        index=pd.Index(shown.ids, dtype="str", name="id"),
        crs=ways.crs,
    )
    sure = (table["hot"] == "stable").to_numpy()
    order = np.lexsort((shown.ids, -table["marks"].to_numpy(), finding.p, ~sure))
    return table.iloc[order]


def ratio_of(finding: Finding, level: float) -> Ratio:
    """(m,) how many times as often as elsewhere, or as expected; NaN where nothing is told."""
    nothing = np.full(len(finding.shown), np.nan)
    if not finding.enough or finding.how not in {"compare", "exposure"}:
        return Ratio(nothing, nothing, nothing)
    if finding.how == "compare":
        return odds_ratio(finding.cases, finding.controls, level=level)
    low, high = poisson_interval(finding.cases, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Ratio(*(np.asarray(x / finding.expected) for x in (finding.cases, low, high)))


def _yes(inside: Bools, *, known: bool) -> Any:
    return np.where(inside, "yes", "no") if known else np.full(len(inside), "unknown")


def near_squares(shapes: Any, ways: Network) -> Any:
    """
    Return the name of the street nearest to the middle of each area, "" where none is near.

    Parameters
    ----------
    shapes
        (m,) areas [m].
    ways
        The streets.
    """
    names = np.full(len(shapes), "", dtype=object)
    named = np.flatnonzero(ways.name.astype(str) != "")
    if len(named) and len(shapes):
        tree = shapely.STRtree(ways.lines[named])
        unit, way = tree.query_nearest(shapely.centroid(shapes), max_distance=NEARBY)
        order = np.lexsort((way, unit))[::-1]
        names[unit[order]] = ways.name[named[way[order]]]
    return names


def named_squares(shapes: Any, ways: Network, districts: GeoDataFrame | None) -> Any:
    """
    Return where each area lies, as people say it: its district and the street nearest to it.

    Parameters
    ----------
    shapes
        (m,) areas [m].
    ways, districts
        The streets, and the districts if they are known.
    """
    street = near_squares(shapes, ways)
    if districts is None or districts.empty:
        return street
    middles = shapely.centroid(shapes)
    at, inside = shapely.STRtree(middles).query(
        districts.geometry.to_numpy(), predicate="intersects"
    )[::-1]
    order = np.lexsort((inside, at))[::-1]
    here = np.full(len(shapes), "", dtype=object)
    here[at[order]] = districts["name"].to_numpy(dtype=object)[inside[order]]
    return np.array(
        [", ".join(filter(None, pair)) for pair in zip(here, street, strict=True)], dtype=object
    )


def clusters_of(finding: Finding, crs: Any) -> GeoDataFrame | None:
    """
    Return the outlines of the clusters of the scan, or None if there is none.

    Parameters
    ----------
    finding
        What was found.
    crs
        System of its coordinates.
    """
    if not finding.clusters:
        return None
    told = [
        Text("Cluster {number} of the scan: {cases} marks, {expected} to be expected",
             number=number, cases=cluster.cases, expected=round(cluster.expected))
        for number, (cluster, _) in enumerate(finding.clusters, 1)
    ]  # fmt: skip
    outlines = [shape.boundary for _, shape in finding.clusters]
    index = pd.Index([f"cluster/{i}" for i in range(1, len(told) + 1)], dtype="str", name="id")
    names = pd.Series(told, dtype=object, index=index)
    return GeoDataFrame({"name": names}, geometry=outlines, index=index, crs=crs)
