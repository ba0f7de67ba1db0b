"""Where a new place may stand, and what people call that spot."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .facts import facts
from .network import Network
from .paths import Bools, Floats, Ints
from .siting_question import Wish

FACTS = facts("siting")
PUBLIC = frozenset(FACTS["public_buildings"]["kinds"])
"""Kinds of building that may be opened to everybody."""
NEAR: float = FACTS["inhabited"]["near"]
"""A corner this near an inhabited cell is where people live [m]."""
MOST: int = FACTS["candidates"]["most"]
MOST_FAR: int = FACTS["candidates"]["most_far"]
"""So many candidates are considered at most; fewer where long walks are looked at too."""
WIDER = 1.25
"""Corners are thinned by so much more until there are not too many."""
BESIDE = 80.0
"""An address this near names a spot [m]."""


@dataclass(frozen=True, eq=False)
class Sites:
    """
    Candidates for a new place.

    Parameters
    ----------
    points
        (c,) points in the CRS of the streets.
    ids
        (c,) their ids: of a junction, a building or a place.
    names
        (c,) what a building or place is called; "" where its surroundings name it.
    spacing
        Spacing of the corners that was used in the end [m]; 0 where they are no corners.
    """

    points: GeoSeries
    ids: tuple[str, ...]
    names: tuple[str, ...]
    spacing: float = 0.0


def sites(
    wish: Wish,
    population: GeoDataFrame,
    streets: Network,
    places: GeoDataFrame,
    counting: GeoDataFrame,
    buildings: GeoDataFrame | None,
) -> Sites:
    """
    Find where a new place may stand, always in the same order.

    Parameters
    ----------
    wish
        What is asked.
    population, streets
        Cells with `wish.group`, and ways; only corners near people who count are taken.
    places, counting
        All places of the layer asked for, and those that count already.
    buildings
        Buildings with their kind, if the city has them.
    """
    if wish.candidates == "buildings":
        return _of_buildings(buildings)
    if wish.candidates == "places":
        return _of_places(places, counting)
    return _corners(wish, population, streets)


def named(
    chosen: Sites, numbers: Ints, streets: Network, buildings: GeoDataFrame | None
) -> dict[int, str]:
    """
    Tell what people call some of the candidates.

    Parameters
    ----------
    chosen, numbers
        Candidates, and which of them.
    streets
        Ways with their names.
    buildings
        Buildings with their addresses, if the city has them.

    Returns
    -------
    names
        By number: the name of a house, else the streets that meet there and
        the next address; the same in every language. Namesakes are numbered.
    """
    called = {
        int(n): chosen.names[n] or _spot(chosen.points.iloc[n], streets, buildings) for n in numbers
    }
    seen: dict[str, int] = {}
    for number, name in called.items():
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            called[number] = f"{name} ({seen[name]})"
    return called


def _corners(wish: Wish, population: GeoDataFrame, streets: Network) -> Sites:
    """One corner per square: where most ways meet, of equals the one nearest to its middle."""
    usable = streets.open_to(wish.who_walks)
    ways = np.bincount(np.concatenate([usable.start, usable.end]), minlength=len(usable.junctions))
    joined = np.zeros(len(ways), dtype=bool)
    joined[usable.start[usable.island == 0]] = True
    joined[usable.end[usable.island == 0]] = True
    corner = np.flatnonzero(joined & _inhabited(wish, population, usable.junctions))
    spacing = float(wish.spacing)
    kept = _thinned(usable.junctions, ways, corner, spacing)
    while len(kept) > (MOST_FAR if wish.looks_far else MOST):
        spacing *= WIDER
        kept = _thinned(usable.junctions, ways, corner, spacing)
    points = geopandas.GeoSeries(shapely.points(usable.junctions[kept]), crs=streets.crs)
    return Sites(points, tuple(f"corner/{j}" for j in kept), ("",) * len(kept), round(spacing))


def _inhabited(wish: Wish, population: GeoDataFrame, junctions: Floats) -> Bools:
    """(n,) whether somebody who counts lives around each junction."""
    cells = np.asarray(population.geometry.array)[population[wish.group].to_numpy() > 0]
    near = np.zeros(len(junctions), dtype=bool)
    tree = shapely.STRtree(shapely.points(junctions))
    near[tree.query(cells, predicate="dwithin", distance=NEAR)[1]] = True
    return near


def _thinned(junctions: Floats, ways: Ints, corner: Ints, spacing: float) -> Ints:
    xy = junctions[corner]
    square = np.floor(xy / spacing).astype(np.int64)
    off = np.hypot(*(xy - (square + 0.5) * spacing).T)
    order = np.lexsort((corner, off, -ways[corner], square[:, 1], square[:, 0]))
    first = np.ones(len(order), dtype=bool)
    ordered = square[order]
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return np.sort(corner[order[first]])


def _of_buildings(buildings: GeoDataFrame | None) -> Sites:
    if buildings is None:
        return Sites(GeoSeries([]), (), ())
    public = buildings[buildings["kind"].isin(PUBLIC)]
    told = public["name"].where(public["name"] != "", public["address"])
    return Sites(
        public.representative_point(), tuple(public.index.astype(str)), tuple(told.astype(str))
    )


def _of_places(places: GeoDataFrame, counting: GeoDataFrame) -> Sites:
    located = places[~(places.geometry.isna() | places.geometry.is_empty)]
    others = located[~located.index.isin(counting.index)]
    if "protected" in others:
        others = others[~others["protected"]]
    return Sites(
        others.representative_point(),
        tuple(others.index.astype(str)),
        tuple(others["name"].astype(str)),
    )


def _spot(point: shapely.Point, streets: Network, buildings: GeoDataFrame | None) -> str:
    """Name a spot by the streets that meet there, else by the next named street; and an address."""
    near = streets.tree.query(point, predicate="dwithin", distance=1.0)
    names = [str(name) for name in dict.fromkeys(streets.name[np.sort(near)].tolist()) if name]
    if len(names) < 2:
        address = _address(point, buildings)
        if address and not names:
            return address
        if address:
            return f"{names[0]} ({address})" if names[0] not in address else address
    if names:
        return " / ".join(names[:2])
    known = np.flatnonzero(streets.name != "")
    if not len(known):
        return ""
    away = shapely.distance(streets.lines[known], point)
    return str(streets.name[known[np.argmin(away)]])


def _address(point: shapely.Point, buildings: GeoDataFrame | None) -> str:
    if buildings is None:
        return ""
    near = buildings.sindex.query(point, predicate="dwithin", distance=BESIDE)
    near = near[(buildings["address"].to_numpy()[near] != "")]
    if not len(near):
        return ""
    away = shapely.distance(np.asarray(buildings.geometry.array)[near], point)
    return str(buildings["address"].to_numpy()[near[np.argmin(away)]])
