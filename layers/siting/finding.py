"""
The answer at once: greedy choice, improved by exchanging places, with a bound.

Each model also has a function of its own, so that a notebook can ask in one line.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InfeasibleError
from ..text import Text
from .bounding import bound
from .centering import center
from .judging import Judged, judge
from .problem import Floats, Ints, Problem, Solution
from .reducing import Core, reduced
from .rooms import enough, roomy
from .searching import best_found, cover, with_floors

AT_ONCE = Text("found by exchanging places one by one")
SHORT_OF = Text("found by exchanging places one by one; not everything asked for could be kept yet")
PROVEN = Text("proven: nothing better exists")


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
    if problem.capacity is not None:
        return _with_rooms(problem, seed=seed)
    if problem.model == "p_center":
        return _center(problem, seed=seed)
    core = reduced(problem)
    if problem.model == "lscp":
        chosen, bounded = cover(core, seed=seed)
        return solution(problem, chosen, bounded.value)
    _affordable(problem)
    chosen, bounded = best_found(core, seed=seed)
    if len(problem.floors):
        chosen, _ = with_floors(core, chosen, seed=seed)
    return solution(problem, chosen, bounded.value)


def solution(problem: Problem, chosen: Ints, limit: float, *, how: Text | None = None) -> Solution:
    """
    Judge a choice and put it beside its bound.

    Parameters
    ----------
    problem
        The question.
    chosen
        (k,) candidates.
    limit
        A valid bound.
    how
        How it was found; what there is to say at once if left out.
    """
    judged = judge(problem, chosen)
    kept = judged.missing <= tolerance(problem)
    proven = kept and _meets(judged, limit)
    told = PROVEN if proven else (how or (AT_ONCE if kept else SHORT_OF))
    return Solution(
        np.sort(chosen), judged.assigned, judged.value, judged.value if proven else float(limit),
        proven=bool(proven), how=told, shares=judged.shares, missing=judged.missing,
        taken=judged.taken,
    )  # fmt: skip


def tolerance(problem: Problem) -> float:
    """People who may be missing through rounding alone."""
    return 1e-6 * max(1.0, float(problem.people.sum()))


def _meets(judged: Judged, limit: float) -> bool:
    """Whether a value is as good as its bound, but for rounding."""
    return bool(np.isclose(judged.value, limit, rtol=1e-9, atol=1e-9))


def _affordable(problem: Problem) -> None:
    """Refuse a budget that does not even pay for what is kept."""
    optional = np.setdiff1d(np.arange(len(problem.net_cost)), problem.excluded)
    gifts = np.minimum(problem.net_cost[np.setdiff1d(optional, problem.fixed)], 0.0)
    kept = float(problem.net_cost[problem.fixed].sum() + gifts.sum())
    if kept > problem.limit + 1e-9:
        short = kept - problem.limit
        told = Text("what is kept costs {short} more than there is to spend", short=short)
        raise InfeasibleError([told])


def _center(problem: Problem, *, seed: int) -> Solution:
    """Answer a question of the longest way."""
    _affordable(problem)
    chosen, least = center(problem, seed=seed)
    if chosen is None:
        if not np.isfinite(least):
            raise InfeasibleError([FARTHER])
        chosen = _most_reached(problem, seed=seed)
    return solution(problem, chosen, least)


FARTHER = Text(
    "so few places cannot reach everybody within the longest way considered: "
    "allow more places or a longer way"
)


def _most_reached(problem: Problem, *, seed: int) -> Ints:
    """Reach as many as can be where reaching everybody did not succeed."""
    asked = problem.but(model="mclp", weights=problem.counts.astype(np.float64))
    return best_found(reduced(asked), seed=seed)[0]


def _with_rooms(problem: Problem, *, seed: int) -> Solution:
    """Answer a question with capacities; its bound leaves them out, but for their sum."""
    if problem.model != "lscp":
        _affordable(problem)
    elif not enough(problem):
        raise InfeasibleError([Text("all places together have too little room for everybody")])
    chosen = roomy(problem, seed=seed)
    value = judge(problem, chosen).value
    core = reduced(problem.but(capacity=None))
    return solution(problem, chosen, roomless(problem, core, value))


def roomless(problem: Problem, core: Core, value: float) -> float:
    """Bound a question with capacities: without them, and by the room there can be at most."""
    limit = bound(core, value).value
    if problem.model == "mclp" and problem.capacity is not None:
        worth = float((problem.weights / np.maximum(problem.people, 1e-12)).max(initial=0.0))
        return min(limit, worth * _largest_room(problem))
    return limit


def _largest_room(problem: Problem) -> float:
    """Most room that the places which may be chosen can have together."""
    room = np.zeros(0) if problem.capacity is None else problem.capacity
    usable = np.ones(len(room), dtype=bool)
    usable[problem.excluded] = False
    sure = usable & (problem.net_cost <= 0)
    sure[problem.fixed] = True
    total = float(room[sure].sum())
    left = problem.limit - float(problem.net_cost[sure].sum())
    open_ones = np.flatnonzero(usable & ~sure)
    ratio = room[open_ones] / problem.net_cost[open_ones]
    for j in open_ones[np.argsort(-ratio, kind="stable")]:
        part = min(1.0, left / float(problem.net_cost[j]))
        if part <= 0:
            break
        total += part * float(room[j])
        left -= part * float(problem.net_cost[j])
    return total


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
