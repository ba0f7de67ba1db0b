"""How sure a coverage is: what may be wrong in a city's data, made ready for the simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array

from .network import Network
from .paths import TINY, Floats
from .question import Question
from .sources.population import GROUPS
from .text import Text
from .uncertainty import CAUSES, DEVIATIONS, Situation, horizon, sureness

DRAWS = 1000
"""So often everything is drawn anew; more would move the ends by less than their rounding."""


@dataclass(frozen=True)
class Sure:
    """
    Interval of the share reached, for every group the census counts.

    Parameters
    ----------
    low, high
        Nine in ten simulated cases lie between them [%], by group.
    causes
        Which part of the doubt about the headline comes from where, largest first.
    """

    low: dict[str, float]
    high: dict[str, float]
    causes: dict[str, float]

    @property
    def why(self) -> Text:
        """What the interval is, and what makes it wide."""
        cause = next(iter(self.causes))
        if not self.causes[cause]:
            return Text("Nine in ten simulated cases lie between.")
        return Text(
            "Nine in ten simulated cases lie between; most of the doubt is {cause}.",
            cause=CAUSES[cause],
        )


def sure_of(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> Sure:
    """
    Simulate how sure the share reached is.

    Parameters
    ----------
    population
        (n,) areas with people per group.
    homes
        (n,) where people start.
    streets
        Walking network.
    layer
        All places of the layer asked for.
    question
        What is asked.
    draws, seed
        As in `uncertainty.sureness`.
    """
    names = [question.group, *(name for name in GROUPS if name != question.group)]
    names = [name for name in names if population[name].notna().any()]
    if not names:
        return Sure({}, {}, dict.fromkeys(CAUSES, 0.0))
    situation = situation_of(population, homes, streets, layer, question, names)
    found = sureness(situation, draws=draws, seed=seed)
    by_weight = sorted(found.causes.items(), key=lambda item: -item[1])
    return Sure(
        dict(zip(names, found.low.tolist(), strict=True)),
        dict(zip(names, found.high.tolist(), strict=True)),
        dict(by_weight),
    )


def situation_of(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    groups: list[str],
    *,
    nearest: bool = False,
) -> Situation:
    """
    Gather what a simulation draws from.

    Parameters
    ----------
    population, homes, streets, layer, question
        As in `sure_of`.
    groups
        Columns of `population` whose shares are simulated.
    nearest
        Whether the walk to the nearest place is asked for, however far it is.
    """
    places = question.places(layer, "counts")
    chance = chance_of(layer, places, question)
    network = streets.open_to(question.who_walks)
    found = situation_with(population, homes, network, places.geometry, chance, question, groups)
    return _to_the_nearest(found, homes, network, places.geometry) if nearest else found


def situation_with(
    population: GeoDataFrame,
    homes: GeoSeries,
    network: Network,
    places: GeoSeries,
    chance: Floats,
    question: Question,
    groups: list[str],
) -> Situation:
    """
    Gather the same for places that are told, such as sites nobody has built on yet.

    Parameters
    ----------
    population, homes, question, groups
        As in `situation_of`.
    network
        Ways open to whoever walks.
    places, chance
        (k,) where they are, and how likely each counts.
    """
    start = DEVIATIONS["start"] * _width(population)
    far = horizon(question.metres, float(start.max(initial=0.0)))
    reach = network.within_reach(homes, places, far)
    people = population[groups].to_numpy(dtype=float)
    estimated = population["downscaled"].to_numpy(dtype=bool)[:, None]
    return Situation(
        reach=reach,
        toward=_toward(reach, homes, places),
        limit=question.metres,
        people=people,
        people_deviation=np.where(
            estimated, DEVIATIONS["spread"] * np.nan_to_num(people), DEVIATIONS["count"]
        ),
        start_deviation=start,
        chance=chance,
    )


def chance_of(layer: GeoDataFrame, places: GeoDataFrame, question: Question) -> Floats:
    """
    How likely each place counts of which something is not known: as often as known ones do.

    Among places of which everything is known, so many fit the question.

    Parameters
    ----------
    layer, places
        All places of the layer, and those that count if what is not known counts.
    question
        What is asked.
    """
    surely = places.index.isin(question.places(layer, "counts not").index)
    if surely.all():
        return np.ones(len(places))
    known = int(surely.sum())
    fitting = question.fitting(layer)
    refused = len(fitting) - len(places)
    part = known / (known + refused) if known + refused else 0.5
    return np.where(surely, 1.0, part)


def _to_the_nearest(
    situation: Situation, homes: GeoSeries, network: Network, places: GeoSeries
) -> Situation:
    """Add the nearest place of each cell, and the nearest that counts surely, however far."""
    reach = situation.reach
    sure = np.flatnonzero(situation.chance >= 1)
    for some in (np.arange(len(places)), sure) if len(sure) else (np.arange(len(places)),):
        walks = network.nearest(homes, places.iloc[some])
        cells = np.flatnonzero(np.isfinite(walks.metres))
        metres = np.maximum(walks.metres[cells], TINY)
        columns = some[walks.target[cells]]
        reach = csr_array(reach.maximum(csr_array((metres, (cells, columns)), shape=reach.shape)))
    reach.sort_indices()
    return replace(situation, reach=reach, toward=_toward(reach, homes, places), limit=float("inf"))


def _toward(reach: csr_array[Any], homes: GeoSeries, places: GeoSeries) -> Floats:
    """Direction from each cell to each place in its reach."""
    row = np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr))
    start = shapely.get_coordinates(np.asarray(homes.array))[row]
    centres = np.asarray(shapely.centroid(np.asarray(places.array)))
    way = shapely.get_coordinates(centres)[reach.indices] - start
    length = np.hypot(way[:, 0], way[:, 1])
    return np.asarray(way / np.maximum(length, 1e-6)[:, None])


def _width(population: GeoDataFrame) -> Floats:
    bounds = np.asarray(shapely.bounds(np.asarray(population.geometry.array)))
    return np.asarray(pd.DataFrame(bounds[:, 2:] - bounds[:, :2]).mean(axis=1), dtype=float)
