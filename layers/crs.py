"""Coordinates: metres inside, degrees only at the edge."""

from typing import Any

from geopandas import GeoDataFrame
from pyproj import CRS

from .errors import CrsError
from .text import Text

DISPLAY = CRS.from_epsg(4326)
"""Longitude and latitude, for maps, GeoJSON and forms."""

METRIC = CRS.from_epsg(25832)
"""ETRS89 / UTM zone 32N: the usual working system of German cities west of 12° E."""

INSPIRE = CRS.from_epsg(3035)
"""ETRS89-LAEA: the system of the census grids."""


def is_metric(crs: Any) -> bool:
    """Tell whether a CRS is projected and counts in metres, whatever its name or false easting."""
    if crs is None:
        return False
    system = CRS.from_user_input(crs)
    return bool(system.is_projected) and all(
        axis.unit_conversion_factor == 1 for axis in system.axis_info[:2]
    )


def check_metric(name: str, crs: Any) -> None:
    """
    Accept a CRS in metres.

    Raises
    ------
    CrsError
        If `crs` is missing, in degrees or in feet; says what to do.
    """
    if crs is None:
        raise CrsError(
            name,
            [
                Text(
                    "the coordinate system is not known; name it with --crs,"
                    " for example --crs EPSG:25832"
                )
            ],
        )
    if not is_metric(crs):
        raise CrsError(
            name,
            [
                Text(
                    "coordinates must be in a projected system in metres, not in {crs};"
                    " import the file with --crs so that it is converted",
                    crs=CRS.from_user_input(crs).name,
                )
            ],
        )


def to_display(table: GeoDataFrame) -> GeoDataFrame:
    """Return `table` in longitude and latitude [degrees], for a map or GeoJSON."""
    return table.to_crs(DISPLAY)
