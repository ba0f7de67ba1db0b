"""Buildings of the invented town: closed blocks, rows, houses, towers, halls, barns and huts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pandas import DataFrame

from . import plan
from .layout import Layout
from .streets import Streets

DRIVEABLE = ("primary", "secondary", "tertiary", "residential", "living_street", "pedestrian")
CARRIAGEWAY = {"primary": 6.5, "secondary": 6.0, "tertiary": 5.0, "residential": 3.5,
               "living_street": 2.8, "pedestrian": 3.5, "service": 3.0}  # fmt: skip
"""Half the width of a street with its pavements, by kind of way [m]."""
OTHER_WAY = 1.8
PAVEMENT = 4.2
"""From the middle of a street to the front of a closed block [m]."""
YARD_DEPTH = 17.0
"""From the front of a closed block to its yard [m]."""
APART = 1.2
"""Least distance between two free-standing buildings [m]."""


@dataclass(frozen=True)
class Style:
    """
    How a quarter is built on.

    Parameters
    ----------
    kind
        Kind of building in OpenStreetMap's words.
    levels
        Least and greatest number of storeys.
    wide, deep
        Least and greatest width along the street and depth [m].
    gap
        Least and greatest distance to the neighbour [m].
    setback
        Distance from the pavement [m].
    filled
        Share of plots that are built on.
    block
        Built as a closed block along all its streets.
    on
        Kinds of way that have houses.
    """

    kind: str
    levels: tuple[int, int]
    wide: tuple[float, float]
    deep: tuple[float, float]
    gap: tuple[float, float] = (0, 0)
    setback: tuple[float, float] = (3, 5)
    filled: float = 0.92
    block: bool = False
    on: tuple[str, ...] = DRIVEABLE


STYLES: dict[str, tuple[Style, ...]] = {
    "centre": (Style("apartments", (2, 4), (9, 14), (9, 13), filled=0.95, block=True),),
    "perimeter": (Style("apartments", (4, 5), (15, 21), (11, 14), filled=0.91, block=True),),
    "slabs": (
        Style("apartments", (3, 4), (32, 52), (10, 12), (9, 16), (5, 9), 0.9),
        Style("house", (2, 2), (10, 13), (9, 11), (5, 9), (4, 6), 0.8),
    ),
    "terraces": (
        Style("terrace", (2, 3), (22, 40), (9, 11), (6, 12), (4, 6), 0.9),
        Style("house", (2, 2), (9, 12), (9, 11), (6, 10), (4, 6), 0.8),
    ),
    "villas": (Style("house", (2, 3), (13, 17), (11, 14), (8, 14), (6, 9), 0.92),),
    "detached": (
        Style("house", (1, 2), (9, 12.5), (8.5, 11), (7, 12), (4, 8), 0.93),
        Style("garage", (1, 1), (3, 3.4), (6, 6.5), (9, 26), (3.5, 5), 0.8),
    ),
    "towers": (
        Style("apartments", (8, 14), (24, 36), (15, 18), (38, 70), (12, 20), 0.8, on=("footway",)),
        Style("apartments", (4, 6), (45, 70), (11, 12), (18, 30), (9, 16), 0.75,
              on=("residential", "tertiary")),
        Style("garages", (1, 1), (24, 40), (5.8, 6.2), (20, 60), (4, 6), 0.6, on=("residential",)),
    ),
    "halls": (
        Style("industrial", (1, 2), (45, 95), (32, 60), (12, 26), (10, 16), 0.85,
              on=(*DRIVEABLE, "service")),
        Style("commercial", (1, 3), (18, 32), (12, 20), (8, 14), (8, 10), 0.7,
              on=(*DRIVEABLE, "service")),
    ),
    "huts": (Style("hut", (1, 1), (3.5, 5), (3, 4.5), (10, 20), (4, 9), 0.85, on=("path",)),),
    "village": (
        Style("house", (2, 2), (10, 14), (9, 12), (5, 10), (2, 5), 0.93),
        Style("barn", (1, 2), (14, 20), (9, 12), (14, 30), (22, 26), 0.6),
    ),
    "none": (),
}  # fmt: skip
"""Styles of building by quarter, those that come first take the better plots."""

SHED = Style("outbuilding", (1, 2), (6, 15), (5, 9))
"""What stands in the yards of closed blocks."""

HOMES = {"apartments", "terrace", "house"}
"""Kinds of building in which people live."""


@dataclass(frozen=True)
class Buildings:
    """
    The buildings of one town.

    Parameters
    ----------
    layout, streets
        What they stand between and along.
    reserved
        Areas kept free: parks, playgrounds, the market.
    seed
        Seed of the variation.
    """

    layout: Layout
    streets: Streets
    reserved: Any
    seed: int

    @cached_property
    def table(self) -> DataFrame:
        """Buildings with `footprint`, `kind`, `levels`, `quarter`, `address`, `street`."""
        found = [
            self._block(quarter, style, number)
            if style.block
            else self._along(quarter, style, number)
            for number, quarter in enumerate(plan.QUARTERS)
            for style in STYLES[quarter.style]
        ]
        table = pd.concat(found, ignore_index=True)
        return self._addressed(_without_overlaps(self._standing_free(table)))

    def _ways(self, face: Any, kinds: tuple[str, ...]) -> DataFrame:
        table = self.streets.named
        near = shapely.intersects(table["line"].to_numpy(), face.buffer(1))
        return table[near & table["kind"].isin(kinds) & table["apart"].eq("")]

    def _along(self, quarter: plan.Quarter, style: Style, number: int) -> DataFrame:
        """Place rectangles along both sides of the ways of a quarter."""
        random = np.random.default_rng([self.seed, 7, number, len(style.kind)])
        face = self.layout.quarters[quarter.name]
        ways = self._ways(face, style.on)
        lines = ways["line"].to_numpy()
        widths = ways["kind"].map(CARRIAGEWAY).fillna(OTHER_WAY).to_numpy()
        rows, at, wide = _plots(shapely.length(lines), style, random)
        deep = random.uniform(*style.deep, len(rows))
        side = random.permuted(np.tile([-1.0, 1.0], len(rows) // 2 + 1))[: len(rows)]
        middle, along = _tangents(lines[rows], at)
        out = side[:, None] * np.column_stack([-along[:, 1], along[:, 0]])
        offset = widths[rows] + random.uniform(*style.setback, len(rows)) + deep / 2
        footprints = _rectangles(middle + out * offset[:, None], along, wide, deep)
        built = (random.random(len(rows)) < style.filled) & shapely.within(footprints, face)
        return _described(footprints[built], style, quarter, random)

    def _block(self, quarter: plan.Quarter, style: Style, number: int) -> DataFrame:
        """Build up the rims of all blocks of a quarter, corners included."""
        random = np.random.default_rng([self.seed, 7, number])
        face = self.layout.quarters[quarter.name]
        table = self.streets.named
        lines = table.loc[shapely.intersects(table["line"].to_numpy(), face.buffer(1)), "line"]
        blocks = shapely.get_parts(shapely.polygonize(lines.to_numpy()))
        blocks = blocks[shapely.within(shapely.point_on_surface(blocks), face)]
        footprints = [parcel for block in blocks for parcel in _parcels(block, style, random)]
        whole = np.array(footprints, dtype=object)
        whole = whole[shapely.is_valid(whole) & (shapely.area(whole) > 40)]
        built = random.random(len(whole)) < style.filled
        sheds = np.array([s for block in blocks for s in _sheds(block, random)], dtype=object)
        return pd.concat([
            _described(whole[built], style, quarter, random),
            _described(sheds, SHED, quarter, random),
        ])  # fmt: skip

    def _standing_free(self, table: DataFrame) -> DataFrame:
        """Leave out what would stand in a street, in the water, on the tracks or in a park."""
        footprints = table["footprint"].to_numpy()
        shapely.prepare(footprints)
        ways = self.streets.named
        tree = shapely.STRtree(ways["line"].to_numpy())
        widths = ways["kind"].map(CARRIAGEWAY).fillna(OTHER_WAY).to_numpy()
        one, way = tree.query(footprints, predicate="dwithin", distance=float(widths.max()))
        gap = shapely.distance(footprints[one], ways["line"].to_numpy()[way])
        taken = np.zeros(len(table), dtype=bool)
        # Closed blocks stand at the pavement even of wide streets.
        least = np.where(table["joined"].to_numpy()[one], np.minimum(widths[way], 4), widths[way])
        taken[one[gap < least - 0.7]] = True
        blocked = shapely.union_all([self.reserved, self.layout.terrain.closed_to_streets])
        shapely.prepare(blocked)
        return table[~taken & ~shapely.intersects(blocked, footprints)].reset_index(drop=True)

    def _addressed(self, table: DataFrame) -> DataFrame:
        """Number the houses along their street, odd on one side and even on the other."""
        ways = self.streets.named
        ways = ways[ways["name"].ne("") & ways["kind"].isin(DRIVEABLE) & ways["apart"].eq("")]
        lines = ways["line"].to_numpy()
        middles = shapely.centroid(table["footprint"].to_numpy())
        near, way = shapely.STRtree(lines).query_nearest(
            middles, max_distance=90, all_matches=False
        )
        at = shapely.line_locate_point(lines[way], middles[near])
        foot, along = _tangents(lines[way], at)
        toward = shapely.get_coordinates(middles[near]) - foot
        left = along[:, 0] * toward[:, 1] - along[:, 1] * toward[:, 0] > 0
        street = ways["name"].to_numpy()[way]
        flat = _flat(ways).loc[street].to_numpy()
        onward = np.where(flat, along[:, 0], along[:, 1]) > 0
        found = DataFrame({
            "row": near, "street": street, "first": np.where(left == onward, 1, 2),
            "along": np.where(flat, foot[:, 0], foot[:, 1]),
        })  # fmt: skip
        found = found[
            table["kind"].isin(HOMES | {"commercial", "industrial", "barn"}).to_numpy()[near]
        ]
        rank = found.sort_values("along").groupby(["street", "first"]).cumcount()
        found["address"] = found["street"] + " " + (2 * rank + found["first"]).astype(str)
        return (
            table.assign(address="", street="")
            .assign(**found.set_index("row")[["address", "street"]])
            .fillna({"address": "", "street": ""})
        )


def _flat(ways: DataFrame) -> Any:
    """Tell for every street name whether the street runs more east than north."""
    bounds = DataFrame(shapely.bounds(ways["line"].to_numpy()))
    boxes = bounds.groupby(ways["name"].to_numpy()).agg({0: "min", 1: "min", 2: "max", 3: "max"})
    return (boxes[2] - boxes[0]) > (boxes[3] - boxes[1])


def _plots(
    lengths: NDArray[np.float64], style: Style, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return way, distance along it [m] and width [m] of every plot, both sides of each way."""
    step = sum(style.wide) / 2 + sum(style.gap) / 2
    counts = np.maximum(0, ((lengths - 8) / step).astype(int))
    rows = np.repeat(np.arange(len(lengths)), 2 * counts)
    order = np.concatenate([np.tile(np.arange(c), 2) for c in counts]) if len(counts) else counts
    slack = (lengths - counts * step) / 2
    at = slack[rows] + (order + 0.5) * step + random.normal(0, 0.05 * step, len(rows))
    return rows, at, random.uniform(*style.wide, len(rows))


def _tangents(lines: Any, at: NDArray[np.float64]) -> tuple[Any, Any]:
    """Return places on lines and the unit directions of the lines there."""
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
    back = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - 6, 0)))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + 6))
    along = ahead - back
    return here, along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]


def _rectangles(middle: Any, along: Any, wide: Any, deep: Any) -> NDArray[Any]:
    out = np.column_stack([-along[:, 1], along[:, 0]])
    u, v = along * wide[:, None] / 2, out * deep[:, None] / 2
    corners = np.stack([middle - u - v, middle + u - v, middle + u + v, middle - u + v], axis=1)
    footprints: NDArray[Any] = shapely.polygons(np.round(corners, 3))
    return footprints


def _parcels(block: Any, style: Style, random: np.random.Generator) -> list[Any]:
    """Cut the rim of a block into houses: each side into plots, corners along the bisector."""
    outer = shapely.simplify(shapely.buffer(block, -PAVEMENT, join_style="mitre"), 1.5)
    return [
        house
        for part in shapely.get_parts(outer)
        if part.area > 150
        for house in _rim(part, style, random)
    ]


def _rim(outer: Any, style: Style, random: np.random.Generator) -> list[Any]:
    inner = shapely.buffer(outer, -random.uniform(*style.deep), join_style="mitre")
    if inner.area < 60:
        return [outer] if outer.area < 900 else []
    points = shapely.get_coordinates(outer.exterior)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    counts = np.maximum(1, np.round(lengths / random.uniform(*style.wide))).astype(int)
    cuts = np.vstack(
        [
            *(
                np.linspace(points[i], points[i + 1], n, endpoint=False)
                for i, n in enumerate(counts)
            ),
            points[-1:],
        ]
    )
    near = shapely.shortest_line(shapely.points(cuts), inner.boundary)
    ends = shapely.get_coordinates(near)[1::2]
    rings = np.round(np.stack([cuts[:-1], cuts[1:], ends[1:], ends[:-1]], axis=1), 3)
    return list(shapely.polygons(rings))


def _sheds(block: Any, random: np.random.Generator) -> list[Any]:
    """Scatter workshops and sheds over the yard of a block, square to its longest side."""
    yard = shapely.buffer(block, -(PAVEMENT + YARD_DEPTH))
    if yard.area < 250:
        return []
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(block))[:3]
    side = max(np.diff(box, axis=0), key=lambda edge: float(np.hypot(*edge)))
    west, south, east, north = yard.bounds
    count = int(yard.area / 650) + 1
    middles = random.uniform((west, south), (east, north), (3 * count, 2))
    along = np.tile(side / np.hypot(*side), (len(middles), 1))
    wide, deep = random.uniform(6, 15, len(middles)), random.uniform(5, 9, len(middles))
    found = _rectangles(middles, along, wide, deep)
    return list(found[shapely.within(found, yard)][:count])


def _described(
    footprints: Any, style: Style, quarter: plan.Quarter, random: np.random.Generator
) -> DataFrame:
    low, high = style.levels
    return DataFrame({
        "footprint": footprints,
        "kind": style.kind,
        "levels": random.integers(low, high + 1, len(footprints)).astype(float),
        "quarter": quarter.name,
        "joined": style.block,
    })  # fmt: skip


def _without_overlaps(table: DataFrame) -> DataFrame:
    """Of two buildings in each other's way, keep the one that comes first."""
    footprints = table["footprint"].to_numpy()
    free = np.where(table["joined"], -0.4, APART / 2)
    grown = shapely.buffer(footprints, free, join_style="mitre")
    one, other = shapely.STRtree(grown).query(grown, predicate="intersects")
    kept = np.ones(len(table), dtype=bool)
    for first, second in zip(one[one < other], other[one < other], strict=True):
        kept[second] &= not kept[first]
    return table[kept].reset_index(drop=True)
