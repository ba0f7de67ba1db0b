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
from .shares import share
from .supply import Supply
from .uncertainty import CUT, DEVIATIONS, Situation

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
    return SupplySure(*(_ends(column) for column in told.T))


def _ends(drawn: Floats) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.05, 0.95])
    return float(low), float(high)


def _draw(
    situation: Situation,
    seats: Capacities,
    sharing: Callable[[csr_array[Any], Floats, Floats], Supply],
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    reach = _walks(situation, rng)
    people = np.nan_to_num(situation.people[:, 0])
    off = np.where(people > 0, situation.people_deviation[:, 0], 0.0)
    people = np.maximum(people + off * _cut(rng, len(people)), 0.0)
    guess = np.exp(DEVIATIONS["capacity"] * _cut(rng, len(seats.people)))
    capacity = np.where(seats.known, seats.people, seats.people * guess)
    found = sharing(reach, people, capacity)
    total = float(people.sum())
    usual = found.offered / total if total > 0 else 0.0
    return (
        share(people, found.access < usual / 2),
        share(people, found.access <= 0),
        gini(found.access, people),
    )


def _walks(situation: Situation, rng: np.random.Generator) -> csr_array[Any]:
    """Walks within the limit, as long as they feel at the usual speed [m]."""
    whole = situation.reach
    speed = 1 + situation.speed * float(_cut(rng, 1)[0])
    moved = situation.position * _cut(rng, whole.shape[1], 2)[whole.indices]
    starts = situation.start_deviation * _cut(rng, whole.shape[0])
    row = np.repeat(np.arange(whole.shape[0]), np.diff(whole.indptr))
    metres = whole.data + (moved * situation.toward).sum(axis=1) + starts[row]
    metres = np.maximum(metres / speed, 0.0)
    kept = (metres <= situation.limit) & (rng.random(whole.shape[1]) < situation.chance)[
        whole.indices
    ]
    pointers = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=whole.shape[0]))])
    return csr_array((metres[kept], whole.indices[kept], pointers), shape=whole.shape)


def _cut(rng: np.random.Generator, *shape: int) -> Floats:
    return np.clip(rng.standard_normal(shape), -CUT, CUT)
