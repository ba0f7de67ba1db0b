"""Small towns whose answers can be worked out with a pencil."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas
import numpy as np
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

from layers import LAYERS

CRS = 25832
WEST, SOUTH = 500_000.0, 5_400_000.0
Town = dict[str, GeoDataFrame]


def layer(of: str, geometry: list[Any], **columns: Any) -> GeoDataFrame:
    """Return a table of the layer `of` with what is not given unknown."""
    return LAYERS[of].complete(GeoDataFrame(columns, geometry=geometry, crs=CRS))


def homes(spots: list[tuple[float, float]], residents: list[float], **groups: Any) -> GeoDataFrame:
    """Return cells of 10 m around `spots`."""
    cells = [box(x - 5, y - 5, x + 5, y + 5) for x, y in spots]
    return layer("population", cells, residents=np.array(residents, dtype=float), **groups)


def places(spots: list[Any], kind: str | list[str] = "library", **columns: Any) -> GeoDataFrame:
    """Return meeting places at points, or at geometries as given."""
    shapes = [spot if hasattr(spot, "geom_type") else Point(spot) for spot in spots]
    names = {"name": [f"Place {number}" for number in range(len(spots))]}
    kinds = [kind] * len(spots) if isinstance(kind, str) else kind
    return layer("meeting_places", shapes, kind=kinds, **(names | columns))


def streets(lines: list[list[tuple[float, float]]], **columns: Any) -> GeoDataFrame:
    """Return streets along the corners given."""
    kinds = {"kind": ["residential"] * len(lines)}
    return layer("streets", [LineString(line) for line in lines], **(kinds | columns))


def main_street() -> Town:
    r"""
    One street of five junctions, 111 m apart, and one library at its west end.

        library
          0 ----- 1 ----- 2 ----- 3 ----- 4
         10      20      30      40      50   residents
          1       2       3       4       5   of them 75 and over

    An adult (1.11 m/s) takes 100 s for each block. The district "West" holds
    junctions 0 to 2, "East" holds 3 and 4.
    """
    x = WEST + 111 * np.arange(5)
    blocks = [[(a, SOUTH), (b, SOUTH)] for a, b in itertools.pairwise(x)]
    return {
        "population": homes(
            [(east, SOUTH) for east in x],
            [10, 20, 30, 40, 50],
            aged_75plus=np.array([1.0, 2, 3, 4, 5]),
        ),
        "meeting_places": places([(x[0], SOUTH)], name=["Library"]),
        "streets": streets(blocks),
        "districts": layer(
            "districts",
            [
                box(x[0] - 50, SOUTH - 50, x[2] + 50, SOUTH + 50),
                box(x[2] + 50, SOUTH - 50, x[4] + 50, SOUTH + 50),
            ],
            name=["West", "East"],
        ),
    }


def random_town(seed: int, *, places_: int = 4, blocks: int = 6) -> Town:
    """Return a grid town of `blocks` × `blocks`, 100 m each, with homes and places at random."""
    rng = np.random.default_rng(seed)
    grid = WEST + 100.0 * np.arange(blocks + 1)
    rows = SOUTH + 100.0 * np.arange(blocks + 1)
    lines = [
        *([(a, y), (b, y)] for y in rows for a, b in itertools.pairwise(grid)),
        *([(x, a), (x, b)] for x in grid for a, b in itertools.pairwise(rows)),
    ]
    kept = rng.random(len(lines)) > 0.2
    spots = rng.uniform(0, 100 * blocks, (places_, 2)) + np.array([WEST, SOUTH])
    houses = rng.uniform(0, 100 * blocks, (30, 2)) + np.array([WEST, SOUTH])
    return {
        "population": homes(
            [(x, y) for x, y in houses], list(rng.integers(0, 100, 30).astype(float))
        ),
        "meeting_places": places([(x, y) for x, y in spots]),
        "streets": streets([line for line, keep in zip(lines, kept, strict=True) if keep]),
    }


def shuffled(town: Town, seed: int) -> Town:
    """Return the same town with the rows of every table in another order."""
    return {name: table.sample(frac=1, random_state=seed) for name, table in town.items()}


def display(table: GeoDataFrame) -> GeoDataFrame:
    """Return `table` in longitude and latitude."""
    return geopandas.GeoDataFrame(table).to_crs(4326)
