"""
What light in the places of a measure would do for the walk after dark: the same count, twice.

Once with the streets as the city's data have them, once as if every way in the
places was lit. Only homes from which a walk within the limit can touch the
places are counted; for everybody else nothing changes, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from .dark_walks import DarkWalks, Ground
from .darkness import Darkness
from .network import Network
from .paths import Floats
from .question import Question

HALF = 0.5
"""A way lies in the places if so much of it does."""


@dataclass(frozen=True)
class Lit:
    """
    People who reach a place by day and not after dark, around the places of a measure.

    Parameters
    ----------
    people
        All people counted: within the limit of the places.
    before, after
        Those who lose their place after dark, as the data are and with light; each
        from the best to the worst case of ways whose light is unknown.
    metres, known, lit
        Length of the ways in the places; the part whose light the city's data
        know, and of this what is lit already [m].
    """

    people: float
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    metres: float
    known: float
    lit: float


def light_in(
    places: Any,
    streets: GeoDataFrame,
    *,
    population: GeoDataFrame,
    meeting_places: GeoDataFrame,
    street_lamps: GeoDataFrame | None = None,
    question: Question = Question(),
    darkness: Darkness = Darkness(),
) -> Lit | None:
    """
    Count who would keep a place after dark if the ways in an area were lit.

    Parameters
    ----------
    places
        Area of the measure [m].
    streets
        The city's ways [m]; not changed.
    population, meeting_places, street_lamps
        As in `after_dark`.
    question, darkness
        As in `after_dark`; marked spots are left out, so that only light differs.

    Returns
    -------
    lit
        None if no home or no way is near enough.
    """
    near = places.buffer(question.metres)
    homes = population[shapely.intersects(near, population.centroid.array)]
    ways = streets[shapely.intersects(places.buffer(2 * question.metres), streets.geometry.array)]
    if homes.empty or ways.empty:
        return None
    inside = _inside(places, ways)
    lamps = None if street_lamps is None else street_lamps
    told = [
        _losing(table, homes, meeting_places, lamps, question, darkness)
        for table in (ways, ways.assign(lit=np.where(inside, "yes", ways["lit"])))
    ]
    metres = shapely.length(ways.geometry.array)
    known, lit = ways["lit"].isin(["yes", "no"]), ways["lit"] == "yes"
    return Lit(
        float(homes[question.group].sum()),
        told[0],
        told[1],
        float(metres[inside].sum()),
        float(metres[inside & known].sum()),
        float(metres[inside & lit].sum()),
    )


def _inside(places: Any, ways: GeoDataFrame) -> Any:
    lines = ways.geometry.to_numpy()
    shared = shapely.length(shapely.intersection(places, lines))
    return shared >= HALF * np.maximum(shapely.length(lines), 1e-9)


def _losing(
    ways: GeoDataFrame,
    homes: GeoDataFrame,
    meeting_places: GeoDataFrame,
    lamps: GeoDataFrame | None,
    question: Question,
    darkness: Darkness,
) -> tuple[float, float, float]:
    """Count who loses a place after dark: at least, as `darkness` says, and at most."""
    network = Network.from_streets(ways).open_to(question.who_walks)
    places = question.places(meeting_places)
    ground = Ground.of(network, lamps, None)
    walks = DarkWalks.of(ground, homes.centroid, places.geometry, darkness)
    within = walks.within(question.metres)
    people: Floats = homes[question.group].to_numpy(dtype=float)

    def lost(reached: Any) -> float:
        return float(np.nansum(people[within.day & ~reached]))

    return lost(within.best), lost(within.dark), lost(within.worst)
