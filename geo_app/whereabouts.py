"""Where somebody means: by name, by position, in words; and the unit that will stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers import Text
from layers.gazetteer import Candidate, Gazetteer
from layers.masks import LEVELS, SNAP, Units
from layers.publication import Rules

from . import shelf
from .store import Store

NAMED = ("streets", "buildings", "meeting_places", "districts")
"""Layers whose names can be searched."""
MASKING = ("streets", "buildings", "districts")
"""Layers that say in what a mark can hide."""
CORNER = "corner"
"""Kind of a candidate where two streets meet."""
STREET_NEAR = 120.0
"""A spot farther than this from every street with a name is told by its district alone [m]."""
ALONG = 1500.0
"""Corners of a street are offered so far from its middle [m]."""
TOUCH = 1.0
"""Streets that come so near to each other meet [m]."""
WATERSIDE = 30.0
"""So far around a spot the ways over and beside water are looked at [m]."""
_LOCK = Lock()


@dataclass(frozen=True)
class Mask:
    """
    The finest unit in which a spot can be published.

    Parameters
    ----------
    level
        One of `layers.masks.LEVELS`.
    shape
        Its line or area [m].
    words
        What it is called.
    """

    level: str
    shape: Any
    words: Text


def search(store: Store, words: str) -> list[Candidate]:
    """Return the places of the city that somebody may mean."""
    return _gazetteer(store, _versions(store, NAMED)).search(words)


def surroundings(store: Store, x: float, y: float) -> dict[str, Any]:
    """
    Return what a spot is checked against: `city`, `water` and `streets` around it.

    Parameters
    ----------
    store
        The city's data.
    x, y
        The spot [m]; what is not finite lies nowhere.
    """
    city = _city(store, _versions(store, ("districts", "streets")))
    if not np.isfinite([x, y]).all():
        return {"city": city}
    spot = shapely.Point(x, y)
    water = _around(store, "areas", spot, 0.0)
    if water is not None:
        wet = (water["kind"] == "water") & (shapely.get_dimensions(water.geometry.array) == 2)
        water = water[wet]
    streets = _around(store, "streets", spot, WATERSIDE)
    return {"city": city, "water": _union(water), "streets": _union(streets)}


def from_degrees(store: Store, longitude: float, latitude: float) -> tuple[float, float]:
    """Return a position of a map or a device in the coordinates of the city [m]."""
    there = GeoSeries([shapely.Point(longitude, latitude)], crs=4326).to_crs(store.crs).iloc[0]
    return float(there.x), float(there.y)


def to_degrees(store: Store, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a spot, for a map."""
    there = GeoSeries([shapely.Point(x, y)], crs=store.crs).to_crs(4326).iloc[0]
    return float(there.x), float(there.y)


def words(store: Store, x: float, y: float) -> Text:
    """Say where a spot lies: the street beside it and the district."""
    street, district = _street(store, x, y), _district(store, x, y)
    if street and district:
        return Text("{street}, {district}", street=street, district=district)
    return Text(street or district) if street or district else Text("a place without a name")


def mask(store: Store, x: float, y: float, *, rules: Rules) -> Mask | None:
    """
    Return the finest unit that can stand for a spot in public.

    Returns
    -------
    mask
        None if the city's data do not say where addresses are.
    """
    if any(name not in store.names() for name in MASKING):
        return None
    units = _units(store, _versions(store, MASKING))
    keys = units.keys(np.array([shapely.Point(x, y)])).iloc[0]
    for level in LEVELS:
        if units.has(level, keys[level], rules.addresses):
            name = units.place(level, keys[level])
            return Mask(level, units.shape(level, keys[level]), unit_words(level, name))
    return None


def corners(store: Store, x: float, y: float) -> list[Candidate]:
    """
    Return where the street at a spot meets other streets, from one end to the other.

    Parameters
    ----------
    store
        The city's data.
    x, y
        A spot on the street [m], such as its middle.

    Returns
    -------
    corners
        None if it meets no street with a name.
    """
    name, spot = _street(store, x, y), shapely.Point(x, y)
    around = _around(store, "streets", spot, ALONG)
    if not name or around is None:
        return []
    own = shapely.union_all(around.geometry[around["name"] == name].array)
    others = around[(around["name"] != "") & (around["name"] != name)]
    meeting = others[shapely.dwithin(others.geometry.array, own, TOUCH)]
    found = {
        str(other): shapely.shortest_line(own, shapely.union_all(rows.geometry.array))
        for other, rows in meeting.groupby("name", sort=True)
    }
    spots = [(other, *shapely.get_coordinates(line)[0].tolist()) for other, line in found.items()]
    wide = np.ptp([s[1] for s in spots] or [0]) >= np.ptp([s[2] for s in spots] or [0])
    spots.sort(key=lambda s: s[1] if wide else -s[2])
    return [Candidate(f"{name} / {other}", CORNER, east, north, "") for other, east, north in spots]


def unit_words(unit: str, place: str) -> Text:
    """Say which part of the city a published unit is."""
    if unit == "finding":
        return Text(place) if place else Text("a place without a name")
    if unit == "segment":
        nameless = Text("a way without a name")
        return Text("part of {street}", street=place or nameless)
    if unit == "district":
        return Text("somewhere in {district}", district=place)
    side = int(unit.rsplit("_", 1)[1])
    if place:
        return Text("square of {side} m in {district}", side=side, district=place)
    return Text("square of {side} m", side=side)


def nearby(store: Store, name: str, box: tuple[float, float, float, float]) -> GeoDataFrame | None:
    """Return the rows of a layer that touch a box [m], or None if there is no such layer."""
    if name not in store.names():
        return None
    table = shelf.table(store, name)
    return table.iloc[table.sindex.query(shapely.box(*box), predicate="intersects", sort=True)]


def _versions(store: Store, names: tuple[str, ...]) -> tuple[str, ...]:
    present = set(store.names())
    return tuple(store.provenance(name).hash if name in present else "" for name in names)


def _gazetteer(store: Store, versions: tuple[str, ...]) -> Gazetteer:
    with _LOCK:
        return _names(store, versions)


@lru_cache(maxsize=4)
def _names(store: Store, versions: tuple[str, ...]) -> Gazetteer:
    tables = {n: shelf.table(store, n) for n, v in zip(NAMED, versions, strict=True) if v}
    return Gazetteer.of(**tables)


def _units(store: Store, versions: tuple[str, ...]) -> Units:
    with _LOCK:
        return _counted(store, versions)


@lru_cache(maxsize=4)
def _counted(store: Store, versions: tuple[str, ...]) -> Units:  # noqa: ARG001, part of the key
    streets, buildings, districts = (shelf.table(store, name) for name in MASKING)
    return Units.of(streets, buildings, districts)


@lru_cache(maxsize=4)
def _city(store: Store, versions: tuple[str, ...]) -> Any:
    """Return the area of the city: its districts, or else what its streets enclose."""
    if versions[0]:
        return _prepared(shapely.union_all(shelf.table(store, "districts").geometry.array))
    lines = shelf.table(store, "streets").geometry.array
    return _prepared(shapely.convex_hull(shapely.union_all(lines)).buffer(SNAP))


def _prepared(area: Any) -> Any:
    shapely.prepare(area)
    return area


def _around(store: Store, name: str, spot: Any, metres: float) -> GeoDataFrame | None:
    x, y = spot.x, spot.y
    return nearby(store, name, (x - metres, y - metres, x + metres, y + metres))


def _union(table: GeoDataFrame | None) -> Any:
    return None if table is None else shapely.union_all(table.geometry.array)


def _street(store: Store, x: float, y: float) -> str:
    spot = shapely.Point(x, y)
    near = _around(store, "streets", spot, STREET_NEAR)
    named = near[near["name"] != ""] if near is not None else None
    if named is None or named.empty:
        return ""
    metres = shapely.distance(named.geometry.array, spot)
    return str(named["name"].iloc[int(np.argmin(metres))])


def _district(store: Store, x: float, y: float) -> str:
    around = _around(store, "districts", shapely.Point(x, y), 0.0)
    if around is None or around.empty:
        return ""
    return str(around["name"].iloc[int(np.argmin(around.geometry.area.to_numpy()))])
