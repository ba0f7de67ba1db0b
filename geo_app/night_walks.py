"""A night walk of the city: its way from stop to stop, what to take along, its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame
from shapely import LineString, Point

from layers import InfeasibleError, MissingLayerError, Text
from layers.lighting import Light, light_of
from layers.network import Network
from layers.paths import Floats
from layers.walk_legs import DIRECTIONS, STOP_MINUTES, Leg, distances, legs
from layers.walk_route import Tour, choose, given
from layers.walkers import WALKERS

from . import results, shelf
from .store import Stop, Store, Walk

STREETS, LAMPS = "streets", "street_lamps"
MOST_METRES = 10_000.0
"""No walk is planned longer than this [m]."""
USUAL: dict[str, Any] = {"start": None, "end": None, "walker": "adult", "limit": 3000.0}
"""What a walk begins with; an end of None is a round, `own_order` keeps stops as they were put."""
GROUPS = ("adult", "75plus", "pram", "wheelchair_best", "wheelchair_worst")
"""Walkers at whose pace, and on whose ways, a group may walk."""

Spot = Mapping[str, Any]


def planned(
    store: Store,
    settings: Mapping[str, Any],
    stops: Sequence[Stop],
    further: Sequence[tuple[Stop, float]] = (),
) -> tuple[tuple[Stop, ...], dict[str, Any]]:
    """
    Find the way past stops, in the best order or in the one they come in.

    Parameters
    ----------
    store
        The city's data.
    settings
        As in `USUAL`; with further stops the order is always found anew.
    stops
        All of them are visited.
    further
        Stops that are added as far as the walk stays short enough, and what each is worth.

    Returns
    -------
    stops, route
        In the order of walking; the route is empty without a start or a stop.

    Raises
    ------
    InfeasibleError
        If a stop cannot be reached, or the walk would be longer than allowed.
    MissingLayerError
        If the city has no streets.
    """
    if STREETS not in store.names():
        raise MissingLayerError(
            [STREETS], [Text("a walk needs the layer of streets; import it first")]
        )
    start, end = settings["start"], settings["end"]
    if start is None or not (stops or further):
        return tuple(stops), {}
    streets, light = ground(store, settings["walker"])
    every = [*stops, *(one for one, _ in further)]
    ends = [start] if end is None else [start, end]
    places = [(one["x"], one["y"]) for one in ends] + [(one.x, one.y) for one in every]
    spots = GeoSeries([Point(one) for one in places], crs=store.crs)
    metres = distances(streets, spots, limit=MOST_METRES)
    _reachable(metres, ends, stops)
    own = bool(settings.get("own_order")) and not further
    tour = _tour(metres, settings, len(ends), stops, further, own=own)
    round_ = list(tour.stops)
    if end is None and not own and round_ and round_[0] > round_[-1]:
        round_.reverse()  # a round is as long both ways: keep the direction it had
    order = [0, *round_, len(ends) - 1]
    walked = legs(streets, light, spots.iloc[order].reset_index(drop=True))
    chosen = tuple(every[at - len(ends)] for at in round_)
    return chosen, _route(settings, walked, exact=tour.exact, stops=len(chosen))


def _tour(
    metres: Floats,
    settings: Mapping[str, Any],
    ends: int,
    stops: Sequence[Stop],
    further: Sequence[tuple[Stop, float]],
    *,
    own: bool,
) -> Tour:
    limit, places = float(settings["limit"]), list(range(ends, len(metres)))
    if own:
        return given(metres, start=0, end=ends - 1, stops=places, limit=limit)
    return choose(
        metres,
        start=0,
        end=ends - 1,
        stops=places,
        must=np.arange(len(places)) < len(stops),
        worth=np.array([0.0] * len(stops) + [worth for _, worth in further]),
        limit=limit,
    )


def _reachable(metres: Floats, ends: Sequence[Spot], stops: Sequence[Stop]) -> None:
    """Name every place of the plan to which no way leads from the start."""
    names = [one["name"] for one in ends] + [one.name for one in stops]
    lost = [name for name, way in zip(names, metres[0], strict=False) if np.isinf(way)]
    if lost:
        raise InfeasibleError(
            [
                Text(
                    "no way leads from the start to {names}: choose another place there, or"
                    " another way of walking",
                    names=tuple(lost),
                )
            ]
        )


def _route(
    settings: Mapping[str, Any], walked: Sequence[Leg], *, exact: bool, stops: int
) -> dict[str, Any]:
    total = float(sum(leg.metres for leg in walked))
    sums = ("flights", "dark", "light_unknown", "barred", "access_unknown")
    return {
        "metres": total,
        "minutes": float(WALKERS[settings["walker"]].minutes(total)),
        "minutes_at_stops": stops * STOP_MINUTES,
        "exact": exact,
        **{name: float(sum(getattr(leg, name) for leg in walked)) for name in sums},
        "legs": [
            {
                "metres": leg.metres,
                "streets": list(leg.streets),
                "flights": leg.flights,
                "dark": leg.dark,
                "towards": -1 if leg.towards is None else DIRECTIONS.index(leg.towards),
                "line": np.round(shapely.get_coordinates(leg.course), 1).tolist(),
            }
            for leg in walked
        ],
    }


def leg_words(leg: Mapping[str, Any]) -> Text:
    """Say how to get from one stop to the next: metres, direction, streets, steps, dark."""
    if leg["towards"] < 0:
        return Text("You are there already.")
    metres, towards = _round(leg["metres"]), DIRECTIONS[leg["towards"]]
    parts = [
        Text("{metres} m, at first {towards}, by {streets}", metres=metres, towards=towards,
             streets=tuple(leg["streets"]))
        if leg["streets"]
        else Text("{metres} m, at first {towards}", metres=metres, towards=towards)
    ]  # fmt: skip
    if leg["flights"]:
        parts.append(Text("{count} {count:flight|flights} of steps", count=leg["flights"]))
    if _round(leg["dark"]):
        parts.append(Text("{metres} m of it unlit", metres=_round(leg["dark"])))
    return Text("{parts}.", parts=tuple(parts))


def _round(metres: float) -> int:
    """Round to what a pedestrian can tell: tens of metres."""
    return round(metres / 10) * 10


def way_of(route: Mapping[str, Any]) -> LineString | None:
    """Return the whole way of a walk as one line [m], or None if there is none yet."""
    points = [xy for leg in route.get("legs", ()) for xy in leg["line"]]
    return LineString(points) if points else None


def in_degrees(store: Store, way: LineString) -> list[list[float]]:
    """Return a way as latitude and longitude, as maps take it."""
    shown = GeoSeries([way], crs=store.crs).to_crs(4326)
    return np.round(shapely.get_coordinates(shown)[:, ::-1], 6).tolist()


def drawn(store: Store, stops: Sequence[Stop]) -> GeoDataFrame:
    """Return the stops as the map draws them: numbered, with their names."""
    points = [Point(one.x, one.y) for one in stops]
    numbers = [str(number) for number in range(1, len(stops) + 1)]
    told = {"rank": list(range(1, len(stops) + 1)), "name": [one.name for one in stops]}
    return GeoDataFrame(told, geometry=points, index=numbers, crs=store.crs)


def _versions(store: Store) -> tuple[str, ...]:
    names = store.names()
    return tuple(
        shelf.as_of_today(store, name).hash if name in names else "" for name in (STREETS, LAMPS)
    )


def ground(store: Store, walker: str) -> tuple[Network, Light]:
    """Ways open to a walker, and their light; once per version of the layers."""
    versions = _versions(store)

    def made() -> tuple[Network, Light]:
        streets = results.prepared(store, STREETS).open_to(WALKERS[walker])
        return streets, light_of(streets, shelf.table(store, LAMPS) if versions[1] else None)

    found: tuple[Network, Light] = results.remembered(
        store, "ways of night walks", (*versions, walker), made, most=2
    )
    return found


def results_table(store: Store, walk: Walk, told: DataFrame) -> GeoDataFrame:
    """
    Return what was rated at each stop as rows for a file.

    Parameters
    ----------
    store, walk
        The city and the walk.
    told
        From `layers.audits.by_stop`.
    """
    every = {one.id: one for one in (*walk.stops, *walk.taken_out)}
    stops = [every[int(number)] for number in told.index]
    rows = told.assign(place=[one.name for one in stops], walk=walk.name)
    rows.index = pd.Index([str(one.id) for one in stops], dtype="str", name="id")
    points = [Point(one.x, one.y) for one in stops]
    return GeoDataFrame(rows, geometry=points, crs=store.crs)
