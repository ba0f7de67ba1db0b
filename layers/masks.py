"""Units a mark can hide in: parts of streets, squares of the INSPIRE grid, districts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame

from .crs import INSPIRE

LEVELS = ("segment", "cell_100", "cell_200", "cell_400", "district")
"""Units, the finest first."""
SIZES: Mapping[str, int] = {"cell_100": 100, "cell_200": 200, "cell_400": 400}
"""Sides of the squares [m]; all aligned to the INSPIRE grid in EPSG:3035."""
SNAP = 60.0
"""A mark or an address farther from every street belongs to none [m]."""


@dataclass(frozen=True)
class Units:
    """
    All units of a city with their addresses.

    Parameters
    ----------
    streets, districts
        The city's layers, sorted by id.
    addresses
        Level → unit → number of addresses in it.
    """

    streets: GeoDataFrame
    districts: GeoDataFrame
    addresses: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, streets: GeoDataFrame, addresses: GeoDataFrame, districts: GeoDataFrame) -> Units:
        """
        Count the addresses of every unit.

        Parameters
        ----------
        streets, districts
            The city's layers [m].
        addresses
            Buildings; those without an address are no address. A table of
            points without the column `address` counts each row.
        """
        empty = cls(streets.sort_index(), districts.sort_index(), {})
        if "address" in addresses:
            addresses = addresses[addresses["address"] != ""]
            addresses = addresses[~addresses["address"].duplicated() | _far(addresses)]
        keys = empty.keys(shapely.centroid(addresses.geometry.to_numpy()))
        counts = {level: dict(Counter(keys[level].tolist())) for level in LEVELS}
        return cls(empty.streets, empty.districts, counts)

    def keys(self, points: NDArray[Any]) -> DataFrame:
        """
        Return the unit of every point on each level, "" where it has none.

        Parameters
        ----------
        points
            Points [m] in the city's system.
        """
        found = {"segment": self._nearest(points), "district": self._within(points)}
        if len(points):
            series = GeoSeries(points, crs=self.streets.crs).to_crs(INSPIRE)
            x, y = shapely.get_x(series.array), shapely.get_y(series.array)
        else:
            x = y = np.array([], dtype=float)
        for level, side in SIZES.items():
            found[level] = _cells(x, y, side)
        return DataFrame({level: found[level] for level in LEVELS}, dtype="str")

    def has(self, level: str, key: str, least: int) -> bool:
        """Tell whether a unit exists and holds at least so many addresses."""
        return bool(key) and self.addresses[level].get(key, 0) >= least

    def shape(self, level: str, key: str) -> Any:
        """Return the line or area of a unit [m] in the city's system."""
        if level == "segment":
            return self.streets.geometry.loc[key]
        if level == "district":
            return self.districts.geometry.loc[key]
        north, east = key.split("N")[1].split("E")
        corner, side = (int(east), int(north)), SIZES[level]
        square = shapely.box(*corner, corner[0] + side, corner[1] + side)
        return GeoSeries([square], crs=INSPIRE).to_crs(self.streets.crs).iloc[0]

    def place(self, level: str, key: str) -> str:
        """Return a name for a unit: its street, else the district around its middle, else ""."""
        name = str(self.streets["name"].loc[key]) if level == "segment" else ""
        if name:
            return name
        if level == "district":
            return str(self.districts["name"].loc[key])
        middle = shapely.point_on_surface(self.shape(level, key))
        district = self._within(np.array([middle]))[0]
        return str(self.districts["name"].loc[district]) if district else ""

    def _nearest(self, points: NDArray[Any]) -> NDArray[Any]:
        """Return the id of the nearest street; of several equally near, the first by id."""
        keys = np.full(len(points), "", dtype=object)
        tree = shapely.STRtree(self.streets.geometry.to_numpy())
        point, street = tree.query_nearest(points, max_distance=SNAP)
        first = pd.Series(street).groupby(point).min()
        keys[first.index.to_numpy()] = self.streets.index.to_numpy()[first.to_numpy()]
        return keys

    def _within(self, points: NDArray[Any]) -> NDArray[Any]:
        """Return the id of the smallest district around each point."""
        keys = np.full(len(points), "", dtype=object)
        tree = shapely.STRtree(self.districts.geometry.to_numpy())
        point, district = tree.query(points, predicate="intersects")
        sizes = self.districts.geometry.area.to_numpy()
        order = np.lexsort((district, sizes[district]))[::-1]
        keys[point[order]] = self.districts.index.to_numpy()[district[order]]
        return keys


def _cells(x: NDArray[Any], y: NDArray[Any], side: int) -> NDArray[Any]:
    """Return ids as the census writes them: lower left corner in EPSG:3035."""
    east = (np.floor(x / side) * side).astype(int).astype(str).astype(object)
    north = (np.floor(y / side) * side).astype(int).astype(str).astype(object)
    return f"CRS3035RES{side}mN" + north + "E" + east


def _far(addresses: GeoDataFrame) -> NDArray[np.bool_]:
    """
    Tell which rows repeat an address more than 100 m away from its first row.

    One house in several parts is one address; a street of the same name in
    another part of the city is not.
    """
    middle = shapely.centroid(addresses.geometry.to_numpy())
    first = (
        pd.Series(np.arange(len(addresses)))
        .groupby(addresses["address"].to_numpy())
        .transform("first")
        .to_numpy()
    )
    return np.asarray(shapely.distance(middle, middle[first]) > 100)
