"""One draw of all that may be wrong: walks, people and seats, cell by cell and place by place."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .capacities import Capacities
from .paths import Floats
from .uncertainty import DEVIATIONS, Situation, cut


def walks_drawn(situation: Situation, rng: np.random.Generator) -> csr_array[Any]:
    """
    Draw walks within the limit, as long as they feel at the usual speed [m].

    Parameters
    ----------
    situation
        Walks, and how wrong they may be.
    rng
        Where chance comes from.
    """
    whole = situation.reach
    speed = 1 + situation.speed * float(cut(rng, 1)[0])
    moved = situation.position * cut(rng, whole.shape[1], 2)[whole.indices]
    starts = situation.start_deviation * cut(rng, whole.shape[0])
    row = np.repeat(np.arange(whole.shape[0]), np.diff(whole.indptr))
    metres = whole.data + (moved * situation.toward).sum(axis=1) + starts[row]
    metres = np.maximum(metres / speed, 0.0)
    kept = (metres <= situation.limit) & (rng.random(whole.shape[1]) < situation.chance)[
        whole.indices
    ]
    pointers = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=whole.shape[0]))])
    return csr_array((metres[kept], whole.indices[kept], pointers), shape=whole.shape)


def people_drawn(situation: Situation, rng: np.random.Generator) -> Floats:
    """Draw people of each group per cell (n, g); where nobody was counted nobody is drawn."""
    people = np.nan_to_num(situation.people)
    off = np.where(people > 0, situation.people_deviation, 0.0)
    return np.asarray(np.maximum(people + off * cut(rng, *people.shape), 0.0))


def capacity_drawn(seats: Capacities, rng: np.random.Generator) -> Floats:
    """Draw how many each place holds (k,); what a place says of itself stays."""
    guess = np.exp(DEVIATIONS["capacity"] * cut(rng, len(seats.people)))
    return np.where(seats.known, seats.people, seats.people * guess)


def nearest_of(reach: csr_array[Any]) -> Floats:
    """Return the shortest walk of each cell [m] (n,); inf where there is none."""
    nearest = np.full(reach.shape[0], np.inf)
    some = np.flatnonzero(np.diff(reach.indptr) > 0)
    if len(some):
        nearest[some] = np.minimum.reduceat(reach.data, reach.indptr[some])
    return nearest


def ends_of(drawn: Floats) -> tuple[float, float]:
    """Return between which two values nine in ten draws lie; NaN where nothing could be drawn."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.05, 0.95])
    return float(low), float(high)
