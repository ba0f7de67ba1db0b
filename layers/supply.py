"""
Supply against demand: how much of what places offer falls to each person.

Array cores: a sparse matrix of walks, people, capacities; no map is needed.
All methods share one shape, a matrix of weights (cell × place) that says how
much a walk counts; they differ in the weights and in who shares with whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .paths import Floats


@dataclass(frozen=True)
class Supply:
    """
    What falls to each cell, and what was handed out in all.

    Parameters
    ----------
    access
        (n,) capacity per person [places to be, such as seats, per person].
    demand
        (k,) people who share each place, weighted by their walks [people].
    offered
        Sum of the capacities of all places that somebody reaches.
    handed_out
        Sum of people × access; equals `offered` (the conservation check).
    """

    access: Floats
    demand: Floats
    offered: float
    handed_out: float

    @property
    def conserved(self) -> bool:
        """Whether all that is offered was handed out, and not more, but for rounding."""
        return bool(np.isclose(self.offered, self.handed_out, rtol=1e-9, atol=1e-9))


def same_within(reach: csr_array[Any]) -> csr_array[Any]:
    """
    Count every walk within the limit alike: weight 1, as in 2SFCA.

    Parameters
    ----------
    reach
        (n, k) walks; what is not stored is out of reach.

    Source
    ------
    Luo & Wang (2003), Environment and Planning B 30(6), 865-884.
    """
    return _with(reach, np.ones(reach.nnz))


def by_zones(
    reach: csr_array[Any], limits: tuple[float, ...], weights: tuple[float, ...]
) -> csr_array[Any]:
    """
    Let near places count more, zone by zone, as in E2SFCA.

    Parameters
    ----------
    reach
        (n, k) walks.
    limits
        Upper ends of the zones, ascending, each included, in the unit of `reach`.
    weights
        Weight of each zone; walks beyond the last count nothing.

    Source
    ------
    Luo & Qi (2009), Health & Place 15(4), 1100-1107,
    doi 10.1016/j.healthplace.2009.06.002.
    """
    zone = np.searchsorted(np.asarray(limits), reach.data, side="left")
    return _with(reach, np.append(np.asarray(weights, dtype=float), 0.0)[zone])


def by_decay(reach: csr_array[Any], half: float) -> csr_array[Any]:
    """
    Let a walk count less the longer it is: half as much after every `half`.

    Parameters
    ----------
    reach
        (n, k) walks.
    half
        Length after which a walk counts half, in the unit of `reach`.
    """
    return _with(reach, np.exp2(-reach.data / half))


def opportunities(weights: csr_array[Any], capacity: Floats) -> Floats:
    """
    Capacity within reach of each cell, shared with nobody.

    With weights of `same_within` these are cumulative opportunities, with
    those of `by_decay` a gravity measure. A place counts fully for everybody,
    so the numbers of different cells must not be added.

    Parameters
    ----------
    weights
        (n, k) weight of each walk.
    capacity
        (k,) what each place offers.

    Returns
    -------
    within
        (n,) capacity, in the unit of `capacity`.

    Source
    ------
    Hansen (1959), Journal of the American Institute of Planners 25(2), 73-76.
    """
    return np.asarray(weights @ capacity)


def floating_catchment(weights: csr_array[Any], people: Floats, capacity: Floats) -> Supply:
    """
    Share the capacity of each place among all who reach it (2SFCA, E2SFCA).

    First every place divides what it offers by the people around it, then
    every cell adds up the shares of the places around it.

    Parameters
    ----------
    weights
        (n, k) weight of each walk: 2SFCA by `same_within`, E2SFCA by `by_zones`.
    people
        (n,) people per cell; NaN is unknown and counts as nobody.
    capacity
        (k,) what each place offers.

    Returns
    -------
    supply
        Access per person; people × access adds up to all that is offered by
        places somebody reaches.

    Source
    ------
    Luo & Wang (2003), Environment and Planning B 30(6), 865-884; Luo & Qi
    (2009), Health & Place 15(4), 1100-1107.
    """
    people = np.nan_to_num(people)
    demand = np.asarray(weights.T @ people)
    reached = demand > 0
    ratio = np.divide(capacity, demand, out=np.zeros(len(capacity)), where=reached)
    access = np.asarray(weights @ ratio)
    offered = float(np.sum(capacity[reached]))
    return Supply(access, demand, offered, float(people @ access))


def balanced_catchment(weights: csr_array[Any], people: Floats, capacity: Floats) -> Supply:
    """
    Share as in `floating_catchment`, but count nobody more than once (BFCA).

    Each cell divides its people among the places it reaches, in proportion to
    the weights, instead of standing in every queue with everybody: demand is
    not inflated, and places that lie together do not seem overrun.

    Parameters
    ----------
    weights, people, capacity
        As in `floating_catchment`.

    Returns
    -------
    supply
        `demand` adds up to all people who reach any place.

    Source
    ------
    Páez, Higgins & Vivona (2019), PLOS ONE 14(6), e0218773.
    """
    total = np.asarray(weights.sum(axis=1)).ravel()
    rows = np.repeat(total, np.diff(weights.indptr))
    part = np.divide(weights.data, rows, out=np.zeros(weights.nnz), where=rows > 0)
    return floating_catchment(_with(weights, part), people, capacity)


def _with(reach: csr_array[Any], data: Floats) -> csr_array[Any]:
    """Sparse matrix of the same pattern with other values."""
    return csr_array((data, reach.indices, reach.indptr), shape=reach.shape)
