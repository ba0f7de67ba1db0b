"""Further tables of hot spots: the test in full, every grid, the scan, the kinds by district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from .exact_tests import hypergeometric, share_interval
from .hot_spots_finding import SCAN_DRAWS, Finding
from .hot_spots_on_request import GI_DRAWS
from .hot_spots_question import Looking, Marks
from .hot_spots_words import numbers_needed
from .multiple_tests import RATE, benjamini_hochberg, false_alarms_expected
from .network import Network
from .power import TIMES
from .registry import Table
from .schema import Column
from .tessellation import Tessellation
from .text import Text

WHOLE = Text("the whole city")
TEST = {
    "compare": Text("Fisher’s exact test: marks of one kind among all marks of a unit"),
    "exposure": Text("exact Poisson test: marks against what residents let expect"),
    "gi_star": Text("Getis-Ord Gi*, permuted: counts of a square and its neighbours"),
    "density": Text("none: a density tells no significance"),
    "counts": Text("none: counts only"),
}


class Kinds(NamedTuple):
    """The two kinds of marks by district, and which districts differ from all others."""

    name: Any
    unsafe: Any
    at_ease: Any
    differs: Any


def testing(finding: Finding, looking: Looking, marks: Marks) -> Table:
    """Print everything that a test must tell: numbers, alternative, correction, seed, power."""
    lines = list(_testing(finding, looking, marks))
    frame = DataFrame({"what": [a for a, _ in lines], "told": [b for _, b in lines]}, dtype=object)
    return Table(
        "testing",
        Text("How it was tested"),
        frame,
        (Column("what", str, Text("what")), Column("told", str, Text("how"))),
    )


def _testing(finding: Finding, looking: Looking, marks: Marks) -> Iterator[tuple[Text, Text]]:
    yield (
        Text("Marks that count"),
        Text(
            "{count}, {cases} of them of the kind looked for",
            count=len(marks),
            cases=int(marks.case.sum()),
        ),
    )
    yield Text("Test"), TEST[finding.how]
    if finding.how in {"counts", "density"}:
        return
    yield Text("Alternative"), Text("one-sided: more than elsewhere")
    yield (
        Text("Correction"),
        Text("Benjamini-Hochberg, false discovery rate {rate} %", rate=RATE * 100),
    )
    yield Text("Tests in the units shown"), Text("{count}", count=finding.tests)
    found = finding.found or (finding.tested[0].found if finding.tested else None)
    if found is not None:
        alarms = false_alarms_expected(found)
        yield (
            Text("False alarms to expect if no place is different"),
            Text(
                "without correction {plain} places on the map; with it a map with any in {rate} of"
                " 100 cases at most",
                plain=alarms.uncorrected,
                rate=alarms.any_chance * 100,
            ),
        )
    yield Text("Seed"), Text("{seed}", seed=str(int(looking.seed)))
    draws = GI_DRAWS if finding.how == "gi_star" else SCAN_DRAWS if finding.scanned else 0
    if draws:
        yield Text("Draws"), Text("{draws}", draws=draws)
    if finding.power is None:
        yield Text("Power"), Text("not known for this method")
        return
    yield (
        Text("Power"),
        Text(
            "finds {share} of 100 places with {times} times as many marks for the people there",
            share=round(finding.power.power * 100),
            times=TIMES,
        ),
    )
    yield Text("Further marks that would do"), numbers_needed(finding, looking.kind)


def grids(finding: Finding) -> Iterator[Table]:
    """One row per tessellation; what was found only where marks suffice."""
    if not finding.tested:
        return
    rows = [
        {
            "grid": _called(tested.units),
            "units": len(tested.units),
            "tests": tested.found.tests,
            "found": int(tested.found.rejected.sum()) if finding.enough else np.nan,
            "among": false_alarms_expected(tested.found).among if finding.enough else np.nan,
        }
        for tested in finding.tested
    ]
    columns: tuple[Column, ...] = (
        Column("grid", str, Text("grid")),
        Column("units", int, Text("units with marks")),
        Column("tests", int, Text("of them tested")),
        Column("found", float, Text("of them found")),
        Column("among", float, Text("of these false alarms, on average at most")),
    )
    shown = columns if finding.enough else columns[:3]
    frame = DataFrame(rows)[[column.name for column in shown]]
    # pandas would make plain text of them, which nobody translates
    frame["grid"] = pd.Series([row["grid"] for row in rows], dtype=object)
    yield Table("grids", Text("The same in every grid"), frame, shown)


def _called(units: Tessellation) -> Text:
    if not units.side:
        return Text("parts of streets")
    side = int(units.side)
    if units.shift:
        return Text("squares of {side} m, moved by half", side=side)
    return Text("squares of {side} m", side=side)


def scan(finding: Finding, ways: Network) -> Iterator[Table]:
    """The clusters of the scan, the most telling first."""
    if not finding.scanned:
        return
    middles = np.array([shapely.Point(*cluster.centre) for cluster, _ in finding.clusters])
    frame = DataFrame(
        {
            "place": _nearest_names(middles, ways),
            "radius": [cluster.radius + finding.scanned / 2 for cluster, _ in finding.clusters],
            "cases": [cluster.cases for cluster, _ in finding.clusters],
            "expected": [cluster.expected for cluster, _ in finding.clusters],
            "p": [cluster.p for cluster, _ in finding.clusters],
        }
    )
    yield Table(
        "scan",
        Text("Second opinion: clusters of the spatial scan"),
        frame,
        (
            Column("place", str, Text("around")),
            Column("radius", float, Text("radius"), "m"),
            Column("cases", int, Text("marks of the kind looked for")),
            Column("expected", float, Text("to be expected by chance")),
            Column("p", float, Text("chance of any such cluster in the city"), "p"),
        ),
    )


def _nearest_names(points: Any, ways: Network) -> Any:
    named = np.flatnonzero(ways.name.astype(str) != "")
    if not len(points) or not len(named):
        return np.full(len(points), "", dtype=object)
    return ways.name[named[shapely.STRtree(ways.lines[named]).nearest(points)]]


def kinds_by_district(
    marks: Marks, looking: Looking, districts: GeoDataFrame | None
) -> Kinds | None:
    """Count both kinds in each district, and test which have another share than all others."""
    if districts is None or districts.empty or not len(marks):
        return None
    ordered = districts.sort_values("name")
    tree = shapely.STRtree(ordered.geometry.array)
    mark, area = tree.query(shapely.points(marks.x, marks.y), predicate="intersects")
    first = np.unique(mark, return_index=True)[1]
    mark, area = mark[first], area[first]
    unsafe = marks.case if looking.kind == "unsafe" else ~marks.case
    many = np.bincount(area[unsafe[mark]], minlength=len(ordered))
    few = np.bincount(area[~unsafe[mark]], minlength=len(ordered))
    p = hypergeometric(many, few, alternative="two-sided")
    return Kinds(ordered["name"].to_numpy(), many, few, benjamini_hochberg(p).rejected)


def districts_table(kinds: Kinds | None, level: float = 0.9) -> Iterator[Table]:
    """Both kinds by district, in the order of the alphabet: no ranking."""
    if kinds is None:
        return
    marks = kinds.unsafe + kinds.at_ease
    low, high = share_interval(kinds.unsafe, marks, level)
    frame = DataFrame(
        {
            "district": pd.Series([*kinds.name, WHOLE], dtype=object),
            "unsafe": np.append(kinds.unsafe, kinds.unsafe.sum()),
            "at_ease": np.append(kinds.at_ease, kinds.at_ease.sum()),
            "low": np.append(100 * np.where(marks > 0, low, np.nan), np.nan),
            "high": np.append(100 * np.where(marks > 0, high, np.nan), np.nan),
            "differs": pd.array(np.append(kinds.differs, False), dtype=bool),
        }
    )
    yield Table(
        "districts",
        Text("Is each kind reported as readily everywhere? Both kinds by district"),
        frame,
        (
            Column("district", str, Text("district")),
            Column("unsafe", int, Text("marks “I feel unsafe here”")),
            Column("at_ease", int, Text("marks “I feel at ease here”")),
            Column("low", float, Text("share of unsafe ones, from"), "%"),
            Column("high", float, Text("to, 90 %"), "%"),
            Column("differs", bool, Text("differs from all others")),
        ),
    )
