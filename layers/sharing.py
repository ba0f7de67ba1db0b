"""Seats of a city shared out among its people: from layers to numbers per person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array

from .capacities import Capacities
from .network import Network
from .paths import Floats
from .question import Question
from .supply import (
    Supply,
    balanced_catchment,
    by_decay,
    by_zones,
    floating_catchment,
    opportunities,
    same_within,
)
from .text import Text

METHODS: dict[str, Text] = {
    "e2sfca": Text("near places count more (E2SFCA)"),
    "2sfca": Text("every place in reach counts alike (2SFCA)"),
    "bfca": Text("nobody stands in two queues (BFCA)"),
}
"""How people share the places they reach."""

ZONES = (1.0, 0.68, 0.22)
"""Usual weights of the three thirds of the longest walk (Luo & Qi 2009)."""

PER = 1000
"""Access is told per so many people."""

HALF = 5.0
"""Minutes after which a walk counts half, where nobody says otherwise; an assumption."""


@dataclass(frozen=True)
class Sharing:
    """
    How seats are shared out.

    Parameters
    ----------
    question
        Which places, which people, which walk, within what.
    method
        One of `METHODS`.
    zones
        Weights of the three thirds of the longest walk, for E2SFCA.
    """

    question: Question
    method: str = "e2sfca"
    zones: tuple[float, ...] = ZONES

    def of_minutes(self, minutes: csr_array[Any], people: Floats, capacity: Floats) -> Supply:
        """
        Share out over walks within the longest one.

        Parameters
        ----------
        minutes
            (n, k) walks [min].
        people, capacity
            (n,) people, (k,) what each place offers.
        """
        share = balanced_catchment if self.method == "bfca" else floating_catchment
        return share(self._weights(minutes), people, capacity)

    def of_metres(self, metres: csr_array[Any], people: Floats, capacity: Floats) -> Supply:
        """Share out over walks in metres, otherwise as `of_minutes`."""
        return self.of_minutes(_in_minutes(metres, self.question), people, capacity)

    def _weights(self, minutes: csr_array[Any]) -> csr_array[Any]:
        if self.method != "e2sfca":
            return same_within(minutes)
        # the walk was cut at the limit in metres: rounding must not push it out of the last zone
        limit = self.question.minutes
        return by_zones(minutes, (limit / 3, 2 * limit / 3, np.inf), self.zones)


def share_out(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    places: GeoDataFrame,
    seats: Capacities,
    rule: Sharing,
    half: float = HALF,
) -> tuple[GeoDataFrame, Supply]:
    """
    Share the seats of all places among all who reach them.

    Parameters
    ----------
    population, homes
        (n,) areas with people per group, and where they start.
    streets
        Walking network.
    places, seats
        (k,) places that count, and what each holds.
    rule
        How they are shared.
    half
        Minutes after which a walk counts half, for `nearby`.

    Returns
    -------
    table
        (n,) `people`, `places` and `seats` in reach, `nearby`, `access` per
        1,000 people, `minutes` to the nearest; index, order and CRS of `population`.
    found
        What falls to whom, for the check.
    """
    question = rule.question
    open_streets = streets.open_to(question.who_walks)
    metres = open_streets.within_reach(homes, places.geometry, question.metres)
    reach = _in_minutes(metres, question)
    people = population[question.group].to_numpy(dtype=float)
    found = rule.of_minutes(reach, people, seats.people)
    return _table(population, people, reach, seats, found, half), found


def average(found: Supply, people: Floats) -> float:
    """
    Seats per 1,000 people of the whole city.

    Parameters
    ----------
    found
        What was shared out.
    people
        (n,) people per cell.
    """
    total = float(np.nansum(people))
    return PER * found.offered / total if total > 0 else float("nan")


def _in_minutes(metres: csr_array[Any], question: Question) -> csr_array[Any]:
    minutes = question.who_walks.minutes(metres.data)
    return csr_array((minutes, metres.indices, metres.indptr), shape=metres.shape)


def _table(
    population: GeoDataFrame,
    people: Floats,
    reach: csr_array[Any],
    seats: Capacities,
    found: Supply,
    half: float,
) -> GeoDataFrame:
    per_cell = np.diff(reach.indptr)
    nearest = np.full(len(population), np.inf)
    rows = np.repeat(np.arange(len(population)), per_cell)
    np.minimum.at(nearest, rows, reach.data)
    return GeoDataFrame(
        {
            "people": people,
            "places": per_cell.astype(float),
            "seats": opportunities(same_within(reach), seats.people),
            "nearby": opportunities(by_decay(reach, half), seats.people),
            "access": PER * found.access,
            "minutes": nearest,
        },
        index=population.index,
        geometry=population.geometry,
        crs=population.crs,
    )
