"""From the drawing board to the streets layer: junctions, names and what is known of each way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..crs import METRIC
from . import plan
from .layout import Layout
from .names import StreetNames
from .patterns import Way, between

GRID = 0.001
"""Coordinates are rounded to millimetres, so that junctions are exactly shared [m]."""
STUB = 14.0
"""Dead ends shorter than this are drawing errors [m]."""
NEAR, SET_BACK = 4.0, 12.0
"""A dead end nearer than this to another way is set back by so much [m]."""
UNNAMED = {"footway", "path", "track", "cycleway", "service"}
STRAIGHT_ON = np.deg2rad(42)
"""A street keeps its name over a junction where it turns less than this [rad]."""
NAME_LEAST = 45.0

LIT: dict[str, tuple[float, float, float]] = {
    "primary": (0.9, 0.0, 0.1), "secondary": (0.88, 0.0, 0.12), "tertiary": (0.86, 0.02, 0.12),
    "residential": (0.8, 0.03, 0.17), "living_street": (0.8, 0.0, 0.2),
    "pedestrian": (0.95, 0.0, 0.05), "footway": (0.42, 0.24, 0.34), "steps": (0.45, 0.25, 0.3),
    "cycleway": (0.0, 0.9, 0.1), "service": (0.3, 0.2, 0.5), "path": (0.0, 0.55, 0.45),
    "track": (0.0, 0.35, 0.65),
}  # fmt: skip
"""Share of ways by kind that are lit, unlit, and of which nobody noted it."""

SURFACES: dict[str, tuple[tuple[str, float], ...]] = {
    "pedestrian": (("sett", 0.55), ("paving_stones", 0.35), ("", 0.1)),
    "living_street": (("sett", 0.5), ("paving_stones", 0.3), ("", 0.2)),
    "footway": (("asphalt", 0.25), ("paving_stones", 0.3), ("compacted", 0.2), ("", 0.25)),
    "steps": (("concrete", 0.4), ("paving_stones", 0.3), ("", 0.3)),
    "service": (("asphalt", 0.5), ("", 0.5)),
    "path": (("compacted", 0.25), ("fine_gravel", 0.2), ("ground", 0.3), ("", 0.25)),
    "track": (("compacted", 0.3), ("gravel", 0.2), ("ground", 0.1), ("", 0.4)),
}  # fmt: skip
PAVED = (("asphalt", 0.82), ("sett", 0.05), ("", 0.13))
SMOOTHNESS = {"asphalt": "good", "paving_stones": "good", "concrete": "good", "sett": "bad",
              "compacted": "intermediate", "fine_gravel": "intermediate", "gravel": "bad",
              "ground": "bad", "": ""}  # fmt: skip


@dataclass(frozen=True)
class Streets:
    """
    The streets of one town.

    Parameters
    ----------
    layout
        The drawing board.
    seed
        Seed of the variation.
    """

    layout: Layout
    seed: int

    @cached_property
    def segments(self) -> DataFrame:
        """
        Ways between junctions: `line`, `kind`, `name`, `quarter`, `apart`, `lit`, ends `a`, `b`.

        Bridges and underpasses meet others only at their ends, since only
        ways on the ground are cut where they cross.
        """
        ways = self.layout.ways
        ground = [w for w in ways if not w.apart and not shapely.is_empty(w.line)]
        apart = [w for w in ways if w.apart]
        lines = np.array([w.line for w in ground], dtype=object)
        parts = shapely.get_parts(shapely.union_all(lines, grid_size=GRID))
        middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
        of, source = shapely.STRtree(lines).query_nearest(middles, all_matches=False)
        order = source[np.argsort(of)]
        table = _table([*parts, *(w.line for w in apart)], [*(ground[i] for i in order), *apart])
        table = _numbered(_without_islands(_without_stubs(_set_back(_numbered(table)))))
        return self._with_flaws(table)

    def _with_flaws(self, table: DataFrame) -> DataFrame:
        """Add what real data suffer from: one end that misses its junction, one island of paths."""
        random = np.random.default_rng([self.seed, 4])
        degree = np.bincount(np.r_[table["a"], table["b"]])
        loose = table[
            table["kind"].eq("footway") & table["quarter"].str.startswith(("larks", "north"))
            & (degree[table["b"]] >= 2) & (degree[table["a"]] >= 2)
            & (table["line"].map(shapely.length) > 25)
        ]  # fmt: skip
        if len(loose):
            row = loose.index[int(random.integers(len(loose)))]
            points = shapely.get_coordinates(table.loc[row, "line"])
            ahead = points[-2] - points[-1]
            points[-1] += 0.6 * ahead / np.hypot(*ahead)
            table.loc[row, "line"] = shapely.linestrings(np.round(points, 3))
        return _numbered(pd.concat([table, self._island(table, random)], ignore_index=True))

    def _island(self, table: DataFrame, random: np.random.Generator) -> DataFrame:
        """Draw a keep-fit trail in the woods that nobody joined to the other paths."""
        wood = max(shapely.get_parts(list(self.layout.woods.values())), key=shapely.area)
        west, south, east, north = wood.bounds
        tries = shapely.points(random.uniform((west, south), (east, north), (400, 2)))
        tries = tries[shapely.within(tries, wood.buffer(-60))]
        _, away = shapely.STRtree(table["line"].to_numpy()).query_nearest(
            tries, return_distance=True, all_matches=False
        )
        middle = shapely.get_coordinates(tries[np.argmax(away)])[0]
        reach = min(45.0, float(away.max()) * 0.6)
        angles = np.arange(5) * 2 * np.pi / 5
        corners = middle + reach * np.column_stack([np.cos(angles), np.sin(angles)])
        corners = np.round(corners, 3)
        rim = [shapely.linestrings([corners[i], corners[(i + 1) % 5]]) for i in range(5)]
        return _table(rim, [Way(line, "path", "Trimm-dich-Pfad", lit="no") for line in rim])

    @cached_property
    def named(self) -> DataFrame:
        """Segments with names: a street keeps its name straight over a junction."""
        table = self.segments.copy()
        open_ = table["name"].eq("") & ~table["kind"].isin(UNNAMED)
        ways = table.assign(quarter=table["quarter"].mask(table["kind"].eq("steps"), "stairs"))
        strokes = _strokes(ways[open_])
        names = StreetNames(np.random.default_rng([self.seed, 5]), set(table["name"]))
        themes = {q.name: q.theme for q in plan.QUARTERS} | {"stairs": "stairs"}
        lengths = table.loc[open_, "line"].map(shapely.length).groupby(strokes).sum()
        quarters = ways.loc[open_, "quarter"].groupby(strokes).first()
        given = {
            stroke: names.next(themes.get(quarters[stroke], "")) if length > NAME_LEAST else ""
            for stroke, length in zip(lengths.index.to_list(), lengths, strict=True)
        }
        table.loc[open_, "name"] = strokes.map(given)
        return table

    def layer(self) -> GeoDataFrame:
        """Return the streets layer before it is completed."""
        table = self.named
        random = np.random.default_rng([self.seed, 6])
        kinds = table["kind"].to_numpy()
        surface = _drawn(kinds, SURFACES, PAVED, random)
        surface[table["name"].eq("Flussweg")] = "compacted"
        noted = random.random(len(table)) < 0.45
        steps = kinds == "steps"
        bridge, tunnel = table["apart"].eq("bridge"), table["apart"].eq("tunnel")
        columns = {
            "kind": table["kind"],
            "name": table["name"],
            "foot": np.where(
                np.isin(kinds, ["footway", "path", "pedestrian"]) & noted, "yes", "unknown"
            ),
            "lit": _lit(table, random),
            "steps": np.where(steps, "yes", np.where(noted, "no", "unknown")),
            "surface": surface,
            "smoothness": np.where(noted, pd.Series(surface).map(SMOOTHNESS), ""),
            "wheelchair": _wheelchair(kinds, surface, random),
            "incline": self._incline(table, random),
            "bridge": bridge,
            "tunnel": tunnel,
            "start_node": table["a"] + 1,
            "end_node": table["b"] + 1,
        }
        layer = GeoDataFrame(columns, geometry=table["line"].to_numpy(), crs=METRIC)
        layer.loc[(bridge | tunnel).to_numpy(), ["lit", "steps"]] = ["yes", "no"]
        layer.loc[layer["kind"].eq("cycleway"), "foot"] = "yes"
        layer.index = [f"way/{number}" for number in range(1, len(layer) + 1)]
        return layer

    def _incline(self, table: DataFrame, random: np.random.Generator) -> NDArray[np.float64]:
        """Return slopes [%] where somebody noted them: nearly always on stairs, often on hills."""
        lines = table["line"].to_numpy()
        ends = shapely.get_coordinates(
            shapely.line_interpolate_point([lines, lines], [[0.0], [1.0]], normalized=True)
        )
        rise = np.abs(np.diff(self.layout.terrain.height(ends).reshape(2, -1), axis=0))[0]
        slope = np.minimum(np.round(100 * rise / shapely.length(lines), 1), 60)
        stairs = table["kind"].eq("steps").to_numpy()
        slope = np.where(stairs, np.maximum(slope, 28.0), slope)
        noted = random.random(len(table)) < np.where(stairs, 0.9, np.where(slope > 3, 0.65, 0.12))
        level = table["apart"].ne("").to_numpy()
        return np.where(noted & ~level, slope, np.nan)


def _table(lines: list[Any], ways: list[Way]) -> DataFrame:
    fields = ("kind", "name", "quarter", "apart", "lit")
    columns = {field: [getattr(way, field) for way in ways] for field in fields}
    whole = np.empty(len(lines), dtype=object)
    whole[:] = lines
    points, of = shapely.get_coordinates(whole, return_index=True)
    rounded = shapely.linestrings(np.round(points, 3), indices=of)
    return DataFrame({"line": rounded, **columns})


def _numbered(table: DataFrame) -> DataFrame:
    """Number the junctions: one number for each place where ends meet."""
    lines = table["line"].to_numpy()
    ends = shapely.get_coordinates(np.r_[shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    _, node = np.unique(np.round(ends * 1000).astype(np.int64), axis=0, return_inverse=True)
    a, b = node.reshape(2, -1)
    return table.assign(a=a, b=b).reset_index(drop=True)


def _without_stubs(table: DataFrame) -> DataFrame:
    """Leave out short dead ends, and loops without extent."""
    for _ in range(2):
        degree = np.bincount(np.r_[table["a"], table["b"]])
        dead = (degree[table["a"]] == 1) | (degree[table["b"]] == 1)
        short = shapely.length(table["line"].to_numpy()) < STUB
        table = _numbered(table[~(dead & short)])
    return table


def _set_back(table: DataFrame) -> DataFrame:
    """End closes well before a way they do not join, so that only the wanted error is one."""
    lines, ends = table["line"].to_numpy(copy=True), table[["a", "b"]].to_numpy()
    dead = np.bincount(ends.ravel())[ends] == 1
    row, end = np.nonzero(dead)
    points = shapely.get_point(lines[row], np.where(end == 0, 0, -1))
    one, other = shapely.STRtree(lines).query(points, predicate="dwithin", distance=NEAR)
    for dead_end in np.unique(one[row[one] != other]):
        line = lines[row[dead_end]]
        cut = min(SET_BACK, line.length / 2)
        start, stop = (cut, line.length) if end[dead_end] == 0 else (0, line.length - cut)
        lines[row[dead_end]] = between(line, start, stop)
    points, of = shapely.get_coordinates(lines, return_index=True)
    return _numbered(table.assign(line=shapely.linestrings(np.round(points, 3), indices=of)))


def _without_islands(table: DataFrame) -> DataFrame:
    size = int(table[["a", "b"]].max().max()) + 1
    graph = coo_array((np.ones(len(table)), (table["a"], table["b"])), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    mine = part[table["a"]]
    return table[mine == np.bincount(mine).argmax()]


def _strokes(table: DataFrame) -> pd.Series[int]:
    """Number the streets: chains of ways of one quarter that go straight on over junctions."""
    root = {row: row for row in table.index}

    def find(row: int) -> int:
        while root[row] != row:
            row = root[row]
        return row

    for bend, one, other in sorted(_turns(table)):
        if bend < STRAIGHT_ON:
            root[find(other)] = find(one)
    return pd.Series({row: find(row) for row in table.index}, dtype=int)


def _turns(table: DataFrame) -> list[tuple[float, int, int]]:
    """Return how each way goes on best at each of its ends, with the turn it takes [rad]."""
    heading: dict[tuple[int, str], list[tuple[int, float]]] = {}
    for row, line, quarter, a, b in table[["line", "quarter", "a", "b"]].itertuples():
        points = shapely.get_coordinates(line)
        for node, away in ((a, points[1] - points[0]), (b, points[-2] - points[-1])):
            heading.setdefault((node, quarter), []).append((row, float(np.arctan2(*away))))
    turns = []
    for ends in heading.values():
        pairs = [
            (abs(np.pi - abs(p - q)) % (2 * np.pi), r, s)
            for i, (r, p) in enumerate(ends) for s, q in ends[:i] if r != s
        ]  # fmt: skip
        taken: set[int] = set()
        for bend, r, s in sorted(pairs):
            if not taken & {r, s}:
                taken |= {r, s}
                turns.append((bend, r, s))
    return turns


def _drawn(
    kinds: NDArray[Any],
    table: dict[str, tuple[tuple[str, float], ...]],
    other: tuple[tuple[str, float], ...],
    random: np.random.Generator,
) -> NDArray[Any]:
    """Draw one of the options of its kind for every way."""
    chance = random.random(len(kinds))
    drawn = np.full(len(kinds), "", dtype=object)
    for kind in np.unique(kinds):
        options, shares = zip(*table.get(kind, other), strict=True)
        mine = kinds == kind
        at = np.searchsorted(np.cumsum(shares), chance[mine])
        drawn[mine] = np.array(options, dtype=object)[np.minimum(at, len(options) - 1)]
    return drawn


def _lit(table: DataFrame, random: np.random.Generator) -> NDArray[Any]:
    options = {
        kind: tuple(zip(("yes", "no", "unknown"), shares, strict=True))
        for kind, shares in LIT.items()
    }
    drawn = _drawn(table["kind"].to_numpy(), options, options["path"], random)
    outside = table["quarter"].eq("") & table["kind"].isin(UNNAMED)
    drawn = np.where(outside & (drawn == "yes"), "unknown", drawn)
    known: NDArray[Any] = np.where(table["lit"].ne(""), table["lit"], drawn)
    return known


def _wheelchair(
    kinds: NDArray[Any], surface: NDArray[Any], random: np.random.Generator
) -> NDArray[Any]:
    """Wheelchair use is noted for one way in five, and never yes on stairs."""
    told = random.random(len(kinds)) < 0.2
    rough = np.isin(surface, ["sett", "gravel", "ground"])
    usable = np.where(rough, "limited", "yes")
    noted: NDArray[Any] = np.where(kinds == "steps", "no", np.where(told, usable, "unknown"))
    return noted
