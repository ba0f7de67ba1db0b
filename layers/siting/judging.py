"""What a choice of places is worth, exactly and by itself: the judge of every method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .problem import Floats, Ints, Problem
from .rooms import shared_out


@dataclass(frozen=True, eq=False)
class Judged:
    """
    What a choice is worth.

    Parameters
    ----------
    value
        As in `Solution`.
    assigned
        (n,) as in `Solution`.
    times
        (n,) by how many of the chosen each demand is reached.
    shares
        (d,) share of the people reached in each district; 1 where nobody lives.
    missing
        People who would have to be reached in addition, in all districts
        together, to keep every floor; and for ``lscp`` people who could be
        reached and are not.
    taken
        As in `Solution`.
    """

    value: float
    assigned: Ints
    times: Ints
    shares: Floats
    missing: float
    taken: csr_array[Any] | None = None


def judge(problem: Problem, chosen: Ints) -> Judged:
    """
    Judge a choice.

    Parameters
    ----------
    problem
        The question, with n demands.
    chosen
        (k,) candidates.
    """
    near, assigned, times = nearest(problem, chosen)
    if problem.capacity is not None:
        return _with_rooms(problem, chosen, times)
    reached = np.where(times > 0, problem.people, 0.0)
    shares, missing = _shares(problem, reached)
    if problem.model in {"lscp", "p_center"}:
        missing = float(np.count_nonzero((times == 0) & ~problem.stranded & problem.counts))
    return Judged(_value(problem, chosen, near, times), assigned, times, shares, missing)


def nearest(problem: Problem, chosen: Ints) -> tuple[Floats, Ints, Ints]:
    """
    Find the nearest chosen candidate of every demand; of equally near ones the first.

    Returns
    -------
    near
        (n,) cost to it; inf if there is none.
    assigned
        (n,) which it is; -1 if there is none.
    times
        (n,) how many of the chosen reach the demand.
    """
    n = problem.costs.shape[0]
    near, assigned = np.full(n, np.inf), np.full(n, -1, dtype=np.intp)
    times = np.zeros(n, dtype=np.intp)
    by_candidate = problem.by_candidate
    for j in np.sort(chosen):
        part = slice(by_candidate.indptr[j], by_candidate.indptr[j + 1])
        rows, costs = by_candidate.indices[part], by_candidate.data[part]
        times[rows] += 1
        better = costs < near[rows]
        near[rows[better]] = costs[better]
        assigned[rows[better]] = j
    return near, assigned, times


def value_of_reach(problem: Problem, times: Ints) -> float:
    """People reached and, for ``backup``, what is added for those reached twice."""
    once = float(problem.weights @ (times > 0))
    if problem.model != "backup":
        return once
    return once + problem.second * float(problem.weights @ (times > 1))


def _value(problem: Problem, chosen: Ints, near: Floats, times: Ints) -> float:
    """Value of a choice without capacities."""
    if problem.model == "lscp":
        return float(problem.net_cost[chosen].sum() + problem.closing_all)
    if problem.model == "p_median":
        ways = np.minimum(np.where(problem.stranded, 0.0, near), problem.penalty)
        return float(problem.weights @ ways)
    if problem.model == "p_center":
        return float(near[~problem.stranded & problem.counts].max(initial=0.0))
    return value_of_reach(problem, times)


def _shares(problem: Problem, reached: Floats) -> tuple[Floats, float]:
    """Share of the people reached in each district, and how many are missing to the floors."""
    inside = problem.districts >= 0
    live = problem.district_people
    there = np.bincount(problem.districts[inside], reached[inside], minlength=len(live))
    shares = np.where(live > 0, there / np.where(live > 0, live, 1.0), 1.0)
    if not len(problem.floors):
        return shares, 0.0
    return shares, float(np.maximum(problem.floors * live - there, 0.0).sum())


def _with_rooms(problem: Problem, chosen: Ints, times: Ints) -> Judged:
    """Judge a choice of places with limited room: people are shared out as well as can be."""
    taken = shared_out(problem, chosen)
    reached = np.asarray(taken.sum(axis=1), dtype=np.float64)
    shares, missing = _shares(problem, reached)
    worth = np.divide(
        problem.weights, problem.people, out=np.zeros_like(reached), where=problem.people > 0
    )
    if problem.model == "lscp":
        value = float(problem.net_cost[chosen].sum() + problem.closing_all)
        missing = float((problem.people - reached)[~problem.stranded].sum())
    elif problem.model == "mclp":
        value = float(reached @ worth)
    else:
        served = taken.multiply(problem.costs).sum(axis=1) if taken.nnz else 0.0
        left = np.where(problem.stranded, 0.0, problem.people - reached)
        value = float(worth @ (np.asarray(served) + left * problem.penalty))
    return Judged(value, _most(taken), times, shares, missing, taken)


def _most(taken: csr_array[Any]) -> Ints:
    """(n,) candidate that takes most of each demand; -1 where none takes any."""
    order = np.lexsort((-taken.indices, taken.data))
    rows = np.repeat(np.arange(taken.shape[0]), np.diff(taken.indptr))
    assigned = np.full(taken.shape[0], -1, dtype=np.intp)
    assigned[rows[order]] = taken.indices[order]
    return assigned
