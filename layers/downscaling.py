"""People of a coarse cell or district, put where houses or residential streets are (dasymetric)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from .crs import INSPIRE

CELL = 100
"""Side of a cell of the European census grid [m]."""

UNINHABITED = frozenset({
    "garage", "garages", "carport", "parking", "shed", "hut", "roof", "greenhouse", "barn",
    "stable", "sty", "cowshed", "farm_auxiliary", "silo", "industrial", "warehouse",
    "manufacture", "factory", "hangar", "service", "transformer_tower", "substation", "power",
    "retail", "supermarket", "kiosk", "commercial", "office", "government", "public", "civic",
    "church", "chapel", "cathedral", "mosque", "synagogue", "temple", "monastery", "school",
    "kindergarten", "university", "college", "hospital", "train_station", "transportation",
    "stadium", "grandstand", "sports_hall", "sports_centre", "swimming_pool", "riding_hall",
    "bunker", "ruins", "construction", "toilets", "pavilion", "tent", "storage_tank",
    "water_tower", "bridge", "gatehouse", "tower", "museum", "theatre", "fire_station",
    "allotment_house", "boathouse", "container", "digester", "tomb",
})  # fmt: skip
"""Kinds of building in which people do not usually live; all others, and unknown ones, count."""

RESIDENTIAL = frozenset(
    {"residential", "living_street", "pedestrian", "unclassified", "tertiary", "road", ""}
)
"""Kinds of street along which people live; "" is a street whose kind is not known."""

USUAL_LEVELS = 2.0
"""Storeys of a building where no building says how many it has (assumption)."""

ROUNDING = 1e-5
"""Share of an area below which an overlap comes from rounding alone (a millimetre at its edge)."""

LEAST_ROOM = 9.0
"""
Floor space that a person has at least [m²].

Source: Berliner Wohnungsaufsichtsgesetz, § 7, where a flat with less counts as
overcrowded (the average in Germany is 47 m²: Destatis, housing stock of 2022).
"""

WHOLE = 0.999
"""Share of its surface inside from which an area counts as not cut."""

STEP = 10.0
"""Streets count as points this far apart [m]."""


@dataclass(frozen=True)
class Downscaled:
    """
    People on the 100 m grid.

    Parameters
    ----------
    table
        One square per cell that received people, with the columns that were
        distributed; the index is the INSPIRE id of the cell.
    by_weight
        Number of source areas distributed by each of the weights, in their order.
    evenly
        Number of source areas in which no weight lay: spread evenly over their area.
    """

    table: GeoDataFrame
    by_weight: tuple[int, ...]
    evenly: int


def building_weights(buildings: GeoDataFrame) -> GeoDataFrame:
    """
    Return one point per inhabited building, weighted by its floor space.

    Parameters
    ----------
    buildings
        Layer `buildings`, in metres. Unknown storeys are taken as the median
        of the known ones; kinds of building nobody lives in are left out.

    Returns
    -------
    weights
        Points with `weight` = footprint x storeys [m²].
    """
    homes = buildings[~buildings["kind"].isin(UNINHABITED)]
    usual = homes["levels"].median()
    levels = homes["levels"].fillna(USUAL_LEVELS if np.isnan(usual) else usual).clip(lower=1)
    return GeoDataFrame(
        {"weight": homes.area * levels}, geometry=homes.representative_point(), crs=buildings.crs
    )


def street_weights(streets: GeoDataFrame) -> GeoDataFrame:
    """
    Return points along residential streets, weighted by the length they stand for.

    Parameters
    ----------
    streets
        Layer `streets`, in metres; bridges, tunnels, main roads and paths are left out.

    Returns
    -------
    weights
        Points with `weight` [m]; about one every 10 m.
    """
    homes = streets[streets["kind"].isin(RESIDENTIAL) & ~streets["bridge"] & ~streets["tunnel"]]
    lines, length = homes.geometry.array, homes.length.to_numpy()
    parts = np.maximum(np.ceil(length / STEP), 1).astype(int)
    line = np.repeat(np.arange(len(lines)), parts)
    number = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    share = length[line] / parts[line]
    points = shapely.line_interpolate_point(np.asarray(lines)[line], (number + 0.5) * share)
    return GeoDataFrame({"weight": share}, geometry=points, crs=streets.crs)


def downscale(
    source: GeoDataFrame, weights: Sequence[GeoDataFrame], *, counts: Sequence[str]
) -> Downscaled:
    """
    Distribute people of coarse areas to the 100 m cells where they probably live.

    Each area takes the first of `weights` that has any weight inside it; an
    area without any keeps its people, spread evenly. Totals of every area and
    of every column are conserved. A count that is unknown (NaN) in an area is
    unknown in all of its cells.

    Parameters
    ----------
    source
        Areas that do not overlap, in metres, with the columns `counts`.
    weights
        Tables of points with a column `weight`, best first, in the CRS of `source`.
    counts
        Columns to distribute.

    Returns
    -------
    downscaled
        Squares of the European grid in the CRS of `source`, and how it was done.

    Source
    ------
    Wright (1936), A method of mapping densities of population, Geographical
    Review 26(1), 103-110; Eicher & Brewer (2001), Cartography and Geographic
    Information Science 28(2), 125-138.
    """
    left = np.ones(len(source), dtype=bool)
    shares, used = [], []
    for table in weights:
        found = _by_points(source, table)
        found = found[left[found["area"]]]
        shares.append(found)
        chosen = np.unique(found["area"])
        left[chosen] = False
        used.append(len(chosen))
    shares.append(_evenly(source, np.flatnonzero(left)))
    pieces = pd.concat(shares, ignore_index=True)
    pieces["share"] /= pieces.groupby("area")["share"].transform("sum")
    return Downscaled(_gathered(source, pieces, counts), tuple(used), int(left.sum()))


def shares_inside(
    areas: GeoDataFrame,
    land: Any = None,
    *,
    known: Any = None,
    weights: Sequence[GeoDataFrame] = (),
) -> NDArray[np.float64]:
    """
    Estimate which share of the people of each area lives on a piece of land.

    Of an area in which the data end, as many people live beyond that edge as
    there is surface: nobody knows what stands there. Within the data it is
    the homes that tell how many live on either side of a border; where they
    are known on one side only (`known` is None), the surface tells it too. An
    area that is cut and shows no home inside gives nobody.

    Parameters
    ----------
    areas
        Cells or districts, in metres.
    land
        Where the people must live, such as a city; None is everywhere.
    known
        Land on which every home is in `weights`; None is not told.
    weights
        Tables of points with a column `weight`, best first, in the CRS of `areas`.

    Returns
    -------
    shares
        From 0 to 1, one per area, in their order.
    """
    seen = areas.geometry if known is None else areas.intersection(known)
    inside = seen if land is None else seen.intersection(land)
    visible, surface = (part.area.to_numpy() / areas.area.to_numpy() for part in (seen, inside))
    nobody = np.where(surface < WHOLE, 0.0, surface)
    if not weights:
        return surface
    if known is None:  # homes beyond the border may be missing in the data
        return np.where(_homes(inside, inside, weights) > 0, surface, nobody)
    homes = _homes(inside, seen, weights)
    return np.where(np.isnan(homes), nobody, visible * homes)


def weight_in(areas: GeoSeries, points: GeoDataFrame) -> NDArray[np.float64]:
    """
    Return the sum of the weights of all points in each area, its edge included.

    Parameters
    ----------
    areas
        Polygons, in metres.
    points
        Points with a column `weight`, in the CRS of `areas`.
    """
    at, area = areas.sindex.query(points.geometry, predicate="intersects")
    weight = points["weight"].to_numpy(dtype=float)[at]
    return np.bincount(area, weight, minlength=len(areas)).astype(float)


def cell_squares(x: Any, y: Any, size: Any, crs: Any) -> GeoSeries:
    """
    Return squares of the census grid.

    Parameters
    ----------
    x, y
        Lower left corners in EPSG:3035 [m].
    size
        Side [m].
    crs
        CRS wanted; the four corners are projected, so squares become slightly turned.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return GeoSeries(shapely.box(x, y, x + size, y + size), crs=INSPIRE).to_crs(crs)


def cell_ids(x: Any, y: Any, size: int) -> pd.Index[str]:
    """Return INSPIRE ids of cells from their lower left corners in EPSG:3035 [m]."""
    east = pd.Series(np.asarray(x)).astype("int64").astype(str)
    north = pd.Series(np.asarray(y)).astype("int64").astype(str)
    return pd.Index(f"CRS3035RES{size}mN" + north + "E" + east)


def _homes(
    inside: GeoSeries, seen: GeoSeries, weights: Sequence[GeoDataFrame]
) -> NDArray[np.float64]:
    """Return the share of the homes of `seen` that lies `inside`, NaN where there is none."""
    share = np.full(len(seen), np.nan)
    for table in weights:
        every = weight_in(seen, table)
        new = np.isnan(share) & (every > 0)
        share[new] = weight_in(inside, table)[new] / every[new]
    return share


def _by_points(source: GeoDataFrame, points: GeoDataFrame) -> pd.DataFrame:
    """Return area, cell and weight of every point inside an area."""
    points = points[points["weight"] > 0]
    at, area = source.sindex.query(points.geometry, predicate="intersects")
    at, first = np.unique(at, return_index=True)  # a point on a shared edge counts once
    corner = _corners(points.geometry.iloc[at])
    table = pd.DataFrame(
        {
            "area": area[first],
            "x": corner[:, 0],
            "y": corner[:, 1],
            "share": points["weight"].to_numpy()[at],
        }
    )
    return table.groupby(["area", "x", "y"], as_index=False).sum()


def _corners(points: GeoSeries) -> NDArray[np.int64]:
    """Return the lower left corners [m] of the cells in which points lie."""
    metres = shapely.get_coordinates(points.to_crs(INSPIRE).array)
    corners: NDArray[np.int64] = (np.floor(metres / CELL) * CELL).astype(np.int64)
    return corners


def _evenly(source: GeoDataFrame, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Return area, cell and shared area for source areas in which no weight lies."""
    empty = pd.DataFrame({name: [] for name in ("area", "x", "y", "share")}).astype(
        {"area": int, "x": int, "y": int, "share": float}
    )
    if not len(rows):
        return empty
    areas = source.geometry.iloc[rows].to_crs(INSPIRE)
    parts = [_overlaps(row, area) for row, area in zip(rows, areas, strict=True)]
    return pd.concat([empty, *parts], ignore_index=True)


def _overlaps(row: int, area: Any) -> pd.DataFrame:
    """Return the cells one area touches, with the area they share."""
    west, south, east, north = (np.array(area.bounds) // CELL).astype(int)
    x, y = np.meshgrid(np.arange(west, east + 1) * CELL, np.arange(south, north + 1) * CELL)
    x, y = x.ravel(), y.ravel()
    shapely.prepare(area)
    touched = shapely.intersects(area, shapely.box(x, y, x + CELL, y + CELL))
    x, y = x[touched], y[touched]
    shared = shapely.area(shapely.intersection(shapely.box(x, y, x + CELL, y + CELL), area))
    table = pd.DataFrame({"area": row, "x": x, "y": y, "share": shared})
    return table[table["share"] > area.area * ROUNDING]


def _gathered(source: GeoDataFrame, pieces: pd.DataFrame, counts: Sequence[str]) -> GeoDataFrame:
    """Return one row per cell with what all areas give it."""
    given = source[list(counts)].to_numpy(dtype=float)[pieces["area"]]
    amounts = pd.DataFrame(given * pieces["share"].to_numpy()[:, None], columns=list(counts))
    where = [pieces["x"], pieces["y"]]
    cells = amounts.groupby(where).sum().mask(amounts.isna().groupby(where).any())
    x = cells.index.get_level_values("x").to_numpy()
    y = cells.index.get_level_values("y").to_numpy()
    ids = cell_ids(x, y, CELL)
    table: GeoDataFrame = geopandas.GeoDataFrame(
        cells.set_axis(ids), geometry=cell_squares(x, y, CELL, source.crs).array, crs=source.crs
    )
    return table
