"""How sure a supply is: the same sharing out, drawn again with all that may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .capacities import Capacities
from .inequality import gini
from .paths import Floats
from .redrawing import capacity_drawn, ends_of, people_drawn, walks_drawn
from .shares import share
from .supply import Supply
from .uncertainty import Situation

DRAWS = 100
"""So often everything is shared out anew."""


@dataclass(frozen=True)
class SupplySure:
    """
    Ends of 90 % intervals.

    Parameters
    ----------
    short, nothing
        Share of people with less than half of the average, and with nothing [%].
    gini
        Gini coefficient.
    """

    short: tuple[float, float]
    nothing: tuple[float, float]
    gini: tuple[float, float]


def supply_sureness(
    situation: Situation,
    seats: Capacities,
    sharing: Callable[[csr_array[Any], Floats, Floats], Supply],
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> SupplySure:
    """
    Share the seats out again and again.

    Parameters
    ----------
    situation
        Walks, people and places, and how wrong they may be; one group.
    seats
        Capacity of each place; that of places which do not say is drawn.
    sharing
        Takes walks within the limit [m at usual speed], people and capacities.
    draws, seed
        How often, and from where chance starts.

    Returns
    -------
    sureness
        What nine in ten draws stay within.
    """
    rng = np.random.default_rng(seed)
    told = np.array([_draw(situation, seats, sharing, rng) for _ in range(draws)])
    return SupplySure(*(ends_of(column) for column in told.T))


def _draw(
    situation: Situation,
    seats: Capacities,
    sharing: Callable[[csr_array[Any], Floats, Floats], Supply],
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    reach = walks_drawn(situation, rng)
    people = people_drawn(situation, rng)[:, 0]
    found = sharing(reach, people, capacity_drawn(seats, rng))
    total = float(people.sum())
    usual = found.offered / total if total > 0 else 0.0
    return (
        share(people, found.access < usual / 2),
        share(people, found.access <= 0),
        gini(found.access, people),
    )
