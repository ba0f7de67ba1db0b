"""The people of the invented town, counted in census cells as a real census would publish them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame
from pyproj import Transformer

from ..crs import INSPIRE, METRIC
from . import plan
from .buildings import HOMES

PEOPLE = 30_000
CELL = 100
"""Side of a census cell [m], in the European grid EPSG:3035."""
LEAST = 3
"""The census shows no count of 1 or 2: small counts become 0 or 3."""
UNSURE_BELOW = 8
AGES = ("0-9", "10-17", "18-64", "65-74", "75-79", "80+")

SHARES: dict[str, tuple[tuple[float, ...], float]] = {
    "Altstadt": ((0.07, 0.05, 0.67, 0.10, 0.04, 0.07), 0.22),
    "Weststadt": ((0.09, 0.06, 0.66, 0.09, 0.04, 0.06), 0.19),
    "Oststadt": ((0.10, 0.07, 0.66, 0.08, 0.03, 0.06), 0.24),
    "Lerchenau": ((0.12, 0.10, 0.58, 0.11, 0.04, 0.05), 0.08),
    "Nordstadt": ((0.10, 0.08, 0.59, 0.11, 0.05, 0.07), 0.12),
    "Hochfeld": ((0.10, 0.08, 0.52, 0.13, 0.07, 0.10), 0.31),
    "Osterfeld": ((0.08, 0.07, 0.70, 0.08, 0.03, 0.04), 0.28),
    "Südhang": ((0.10, 0.09, 0.57, 0.12, 0.05, 0.07), 0.06),
    "Altenried": ((0.07, 0.07, 0.54, 0.15, 0.07, 0.10), 0.05),
}
"""District → shares of the age groups, and share without a German passport."""

PER_HEAD = {"centre": 170.0, "perimeter": 140.0, "slabs": 80.0, "terraces": 75.0, "villas": 70.0,
            "detached": 55.0, "towers": 62.0, "village": 45.0, "halls": 200.0}  # fmt: skip
"""Floor per person by style of building [m²]: shops and offices count in it."""


def residents(houses: DataFrame, *, seed: int) -> DataFrame:
    """
    Draw who lives in every building.

    Parameters
    ----------
    houses
        Buildings with `footprint`, `kind`, `levels` and `quarter`.
    seed
        Seed of the variation.

    Returns
    -------
    people
        For inhabited buildings: `x`, `y` [m], one column per age group, `foreign`.
    """
    random = np.random.default_rng([seed, 11])
    homes = houses[houses["kind"].isin(HOMES) & houses["quarter"].ne("")]
    floor = shapely.area(homes["footprint"].to_numpy()) * homes["levels"].to_numpy()
    per_head = homes["quarter"].map({q.name: PER_HEAD.get(q.style, 100.0) for q in plan.QUARTERS})
    weight = floor / per_head.to_numpy() * random.lognormal(0, 0.25, len(homes))
    total = PEOPLE + int(random.normal(0, 200))
    living = random.multinomial(total, weight / weight.sum())
    district = homes["quarter"].map({q.name: q.district for q in plan.QUARTERS})
    shares = np.array([SHARES[name][0] for name in district])
    foreign = np.array([SHARES[name][1] for name in district])
    ages = random.multinomial(living, shares / shares.sum(axis=1, keepdims=True))
    x, y = shapely.get_coordinates(shapely.centroid(homes["footprint"].to_numpy())).T
    people = DataFrame(ages, columns=list(AGES))
    return people.assign(x=x, y=y, foreign=random.binomial(living, foreign))[living > 0]


def cells(people: DataFrame, *, seed: int) -> GeoDataFrame:
    """
    Count people in cells of 100 m, with the noise a census adds to small counts.

    Parameters
    ----------
    people
        Result of `residents`.
    seed
        Seed of the noise.

    Returns
    -------
    population
        The population layer before it is completed; ids are those of the European grid.
    """
    to_grid = Transformer.from_crs(METRIC, INSPIRE, always_xy=True)
    east, north = to_grid.transform(people["x"].to_numpy(), people["y"].to_numpy())
    corner = DataFrame({"e": east // CELL * CELL, "n": north // CELL * CELL}).astype(int)
    counts = (
        people[[*AGES, "foreign"]].groupby([corner["e"].to_numpy(), corner["n"].to_numpy()]).sum()
    )
    shown, touched = _published(counts, np.random.default_rng([seed, 12]))
    e, n = np.array(list(counts.index)).T
    unsure = (shown["residents"] < UNSURE_BELOW) | (touched >= 5)
    shown["reliable"] = np.where(unsure, "no", "yes")
    shown.index = [f"CRS3035RES100mN{y}E{x}" for x, y in zip(e, n, strict=True)]
    layer = GeoDataFrame(shown, geometry=_squares(e, n), crs=METRIC)
    return layer[layer["residents"] > 0]


def _squares(east: NDArray[np.int64], north: NDArray[np.int64]) -> NDArray[Any]:
    to_metric = Transformer.from_crs(INSPIRE, METRIC, always_xy=True)
    x = east[:, None] + np.array([0, CELL, CELL, 0])
    y = north[:, None] + np.array([0, 0, CELL, CELL])
    squares: NDArray[Any] = shapely.polygons(np.stack(to_metric.transform(x, y), axis=-1))
    return squares


def _published(counts: DataFrame, random: np.random.Generator) -> tuple[DataFrame, Any]:
    """Return the counts as published, parts never above their whole, and how many were touched."""
    ages = {age: counts[age].to_numpy() for age in AGES}
    young = ages["0-9"] + ages["10-17"]
    oldest = ages["80+"]
    older = oldest + ages["75-79"]
    old = older + ages["65-74"]
    true = [young + ages["18-64"] + old, young, ages["0-9"], old, older, oldest, counts["foreign"]]
    noisy = [_rounded(np.asarray(part), random) for part in true]
    everyone, under_18, under_10, over_65, over_75, over_80, foreign = noisy
    under_18 = np.minimum(under_18, everyone)
    room = everyone - under_18
    over_65 = np.minimum(over_65, np.where(room < LEAST, 0, room))
    over_75 = np.minimum(over_75, over_65)
    shown = {
        "residents": everyone,
        "under_10": np.minimum(under_10, under_18),
        "under_18": under_18,
        "aged_65plus": over_65,
        "aged_75plus": over_75,
        "aged_80plus": np.minimum(over_80, over_75),
        "foreign_nationals": np.minimum(foreign, everyone),
    }
    touched = sum((np.asarray(part) > 0) & (np.asarray(part) < LEAST) for part in true)
    return DataFrame(shown), touched


def _rounded(count: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    """Turn 1 and 2 into 0 or 3 so that sums stay right on average."""
    up = random.random(len(count)) * LEAST < count
    small = (count > 0) & (count < LEAST)
    return np.where(small, np.where(up, LEAST, 0), count).astype(np.int64)
