"""A walk on the ground, leg by leg: its course, its streets, its steps and its dark parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from geopandas import GeoSeries

from .lighting import Light
from .network import Network
from .paths import Floats
from .routes import Stretch, drawn, stretches
from .text import Text

STOP_MINUTES = 5.0
"""So long a group stays at a stop to rate it [min]; an assumption."""
SHORT = 15.0
"""A street walked for less than this is not told [m]."""

DIRECTIONS: tuple[Text, ...] = (
    Text("to the north"),
    Text("to the north-east"),
    Text("to the east"),
    Text("to the south-east"),
    Text("to the south"),
    Text("to the south-west"),
    Text("to the west"),
    Text("to the north-west"),
)


@dataclass(frozen=True)
class Leg:
    """
    The way from one stop to the next.

    Parameters
    ----------
    course
        Its line.
    metres
        Its length, the straight ways between stops and streets included [m].
    streets
        Names of the streets in the order of walking, neither nameless nor very short ones.
    flights
        How many flights of steps it has; parts of one flight count once.
    dark, light_unknown
        Metres known to be unlit, and metres of whose light nobody knows.
    barred, access_unknown
        Metres that a wheelchair cannot use, and metres of which nobody knows.
    towards
        Name of the direction in which it begins, a member of `DIRECTIONS`; nowhere if it
        has no length.
    """

    course: shapely.LineString
    metres: float
    streets: tuple[str, ...]
    flights: int
    dark: float
    light_unknown: float
    barred: float
    access_unknown: float
    towards: Text | None


def distances(streets: Network, spots: GeoSeries, *, limit: float) -> Floats:
    """
    Return walking distances between all spots of a walk.

    Parameters
    ----------
    streets
        The ways open to who walks.
    spots
        (n,) points.
    limit
        Longest walk that is looked for [m]; what is farther apart counts as unreachable.

    Returns
    -------
    metres
        (n, n) the same in both directions; 0 from a spot to itself, inf without a way.
    """
    reach = streets.within_reach(spots, spots, limit).tocoo()
    metres = np.full((len(spots), len(spots)), np.inf)
    metres[reach.row, reach.col] = reach.data
    metres = np.minimum(metres, metres.T)
    np.fill_diagonal(metres, 0.0)
    return metres


def legs(streets: Network, light: Light, spots: GeoSeries) -> list[Leg]:
    """
    Walk from spot to spot, in their order.

    Parameters
    ----------
    streets
        The ways open to who walks.
    light
        How much of each edge of these ways lies in the dark.
    spots
        (n,) points, from the start to the end of the walk.

    Returns
    -------
    legs
        n - 1 of them.

    Raises
    ------
    ValueError
        If no way leads from one to the next; `distances` tells that before.
    """
    return [
        _leg(streets, light, spots.iloc[[a]], spots.iloc[[b]])
        for a, b in pairwise(range(len(spots)))
    ]


def _leg(streets: Network, light: Light, here: GeoSeries, there: GeoSeries) -> Leg:
    ends = shapely.get_coordinates([here.iloc[0], there.iloc[0]])
    if here.iloc[0].equals(there.iloc[0]):
        return Leg(shapely.LineString(ends), 0.0, (), 0, 0.0, 0.0, 0.0, 0.0, None)
    found = stretches(streets, here, there)
    if found is None:
        msg = "no way leads from one stop to the next"
        raise ValueError(msg)
    walked = found[0]
    course = shapely.LineString(
        np.concatenate([ends[:1], *(drawn(streets, one) for one in walked), ends[1:]])
    )
    edge = np.array([one.edge for one in walked], dtype=int)
    metres = np.array([one.metres for one in walked])
    free = streets.step_free[edge]
    return Leg(
        course=course,
        metres=float(shapely.length(course)),
        streets=_names(streets, walked),
        flights=_flights(streets, walked),
        dark=float(metres @ light.least[edge]),
        light_unknown=float(metres @ (light.most[edge] - light.least[edge])),
        barred=float(metres[free == "no"].sum()),
        access_unknown=float(metres[free == "unknown"].sum()),
        towards=direction(*_begins(course)),
    )


def direction(east: float, north: float) -> Text | None:
    """Name the direction of a step so far to the east and to the north [m]."""
    if not (east or north):
        return None
    part = np.degrees(np.arctan2(east, north)) / 45
    return DIRECTIONS[round(part) % len(DIRECTIONS)]


def _begins(course: shapely.LineString, metres: float = 30.0) -> tuple[float, float]:
    """Return how far its first part leads to the east and to the north [m]."""
    there, here = course.interpolate(min(metres, course.length)), shapely.get_point(course, 0)
    return float(there.x - here.x), float(there.y - here.y)


def _names(streets: Network, walked: Sequence[Stretch]) -> tuple[str, ...]:
    told: list[tuple[str, float]] = []
    for one in walked:
        name = str(streets.name[one.edge])
        if told and told[-1][0] == name:
            told[-1] = (name, told[-1][1] + one.metres)
        else:
            told.append((name, one.metres))
    names = [name for name, metres in told if name and metres >= SHORT]
    # a street that was left for a few metres only is told once
    return tuple(n for number, n in enumerate(names) if not number or names[number - 1] != n)


def _flights(streets: Network, walked: Sequence[Stretch]) -> int:
    steps = [streets.steps[one.edge] == "yes" for one in walked if one.metres > 0]
    return sum(here and not before for before, here in pairwise([False, *steps]))
