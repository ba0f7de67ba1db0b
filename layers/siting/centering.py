"""The longest way, found by halving: whether the places can reach everybody within it."""

from __future__ import annotations

import numpy as np

from .bounding import bound
from .judging import judge
from .problem import Floats, Ints, Problem
from .reducing import Core, reduced
from .searching import limited, mended

STEPS = 80
"""Steps of the subgradient method for each length looked at."""

ATTEMPTS = 80
"""Attempts to reach everybody within each length looked at."""


def center(problem: Problem, *, seed: int) -> tuple[Ints | None, float]:
    """
    Halve the range of possible longest ways: cover everybody within, or show that it cannot be.

    Parameters
    ----------
    problem
        A question of the longest way.
    seed
        What shaking starts from.

    Returns
    -------
    chosen, least
        Choice with the shortest longest way found, None if none reaches
        everybody; and the length below which there is certainly none.

    Source
    ------
    E. Minieka: The m-center problem. SIAM Review 12 (1970) 138-139.
    """
    ways = possible(problem)
    best: Ints | None = None
    low, high, least = 0, len(ways), 0
    while low < high:
        middle = (low + high) // 2
        chosen, impossible = covered_within(problem, float(ways[middle]), seed=seed, start=best)
        if chosen is not None:
            best = chosen
            reached = int(np.searchsorted(ways, judge(problem, best).value))
            high = min(middle, reached)
        else:
            low = middle + 1
            least = low if impossible else least
    return best, float(ways[least]) if least < len(ways) else np.inf


def possible(problem: Problem) -> Floats:
    """
    List the costs that the longest way can have, ascending: none below what somebody needs anyway.

    Parameters
    ----------
    problem
        A question of the longest way.
    """
    needed = problem.counts & ~problem.stranded
    costs = problem.costs
    if not needed.any():
        return np.zeros(1)
    known = costs.data
    if len(problem.excluded):
        known = np.where(np.isin(costs.indices, problem.excluded), np.inf, known)
    starts = np.minimum(costs.indptr[:-1], len(known) - 1)
    least = float(np.minimum.reduceat(known, starts)[needed].max(initial=0.0))
    return np.unique(known[np.isfinite(known) & (known >= least)])


def covered_within(
    problem: Problem, way: float, *, seed: int, start: Ints | None = None
) -> tuple[Ints | None, bool]:
    """
    Look for a choice that reaches everybody within a way.

    Parameters
    ----------
    problem
        A question of the longest way.
    way
        How long it may be.
    seed
        What shaking starts from.
    start
        Choice to start from.

    Returns
    -------
    chosen, impossible
        The choice, None if none was found; and whether there is certainly none.
    """
    core = cover_within(problem, way)
    if (core.row[problem.counts & ~problem.stranded] == -1).any() and _left_out(problem, core, way):
        return None, True
    most = limited(core, problem.limit)
    begin = problem.fixed if start is None else start
    chosen = mended(most, begin, seed=seed, attempts=20)
    if chosen is not None:
        return chosen, False
    limit = problem.limit
    if bound(core, limit + problem.closing_all + 1.0, steps=STEPS).value > limit + (
        problem.closing_all + 1e-6
    ):
        return None, True
    return mended(most, begin, seed=seed + 1, attempts=ATTEMPTS), False


def cover_within(problem: Problem, way: float) -> Core:
    """Ask for the cheapest places that reach everybody within a way."""
    return reduced(problem.but(model="lscp", p=None, budget=None), within=way)


def _left_out(problem: Problem, core: Core, way: float) -> bool:
    """Whether somebody who counts has no candidate at all within a way."""
    costs = problem.costs
    usable = (costs.data <= way) & ~np.isin(costs.indices, problem.excluded)
    rows = np.repeat(np.arange(costs.shape[0]), np.diff(costs.indptr))
    reached = np.bincount(rows[usable], minlength=len(core.row)) > 0
    return bool((problem.counts & ~problem.stranded & ~reached).any())
