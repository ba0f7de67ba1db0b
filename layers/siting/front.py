"""How many places buy how much, and what the worst-off district gets of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InfeasibleError
from ..text import Text
from ..watch import Watch, nobody, part
from .finding import quick, tolerance
from .problem import Problem, Solution
from .proving import proof

LEAST = 0.005
"""Floors closer together than this share are not told apart."""


@dataclass(frozen=True)
class Point:
    """
    One efficient answer: whatever is better in one respect is worse in another.

    Parameters
    ----------
    places
        How many are chosen, or what they cost if candidates have a cost.
    share
        Share of all people who are reached.
    worst
        Share of the people reached in the district that has least.
    solution
        The answer itself.
    """

    places: float
    share: float
    worst: float
    solution: Solution


def front(
    problem: Problem,
    places: Sequence[float],
    *,
    steps: int = 4,
    seed: int = 0,
    watch: Watch = nobody,
    seconds: float = 0.0,
) -> list[Point]:
    """
    Weigh the number of places against coverage and against the worst-off district.

    Parameters
    ----------
    problem
        A question of most people reached (``mclp``) with districts (`groups`);
        its `p` (or budget) and floor are replaced.
    places
        Numbers of places (or budgets) to look at, kept ones included.
    steps
        So many higher floors are tried for each.
    seed
        As in `quick`.
    watch
        Told how far it is.
    seconds
        Time a proof of the most people reached may take for each number of
        places; 0 leaves it at the quick answer. Answers with a floor are quick
        ones in any case.

    Returns
    -------
    points
        Efficient ones only, by number of places, then by share.
    """
    found: list[Point] = []
    for number, size in enumerate(places):
        at = part(watch, number / len(places), (number + 1) / len(places))
        room = {"p": None, "budget": float(size)} if problem.p is None else {"p": int(size)}
        asked = problem.but(model="mclp", floor=0.0, unreachable=None, **room)
        found += _of_one_size(asked, float(size), steps=steps, seed=seed, watch=at, seconds=seconds)
    return [point for point in found if not any(_beats(other, point) for other in found)]


def _of_one_size(
    problem: Problem, size: float, *, steps: int, seed: int, watch: Watch, seconds: float
) -> list[Point]:
    """Reach most people with so many places, then with higher and higher floors."""
    watch(0.0, Text("looking for the most people that {places} places can reach", places=size))
    low, high = 0.0, _reachable(problem)
    best = _point(problem, size, seed=seed, watch=part(watch, 0.0, 0.4), seconds=seconds)
    if best is None:
        return []
    points, low = [best], best.worst
    for step in range(steps):
        if high - low < LEAST:
            break
        watch(0.4 + 0.6 * step / steps, Text("raising the share of the worst-off district"))
        middle = (low + high) / 2
        point = _point(problem.but(floor=middle), size, seed=seed, watch=watch, seconds=0.0)
        if point is None:
            high = middle
        else:
            points.append(point)
            low = max(middle, point.worst)
    return points


def _point(
    problem: Problem, size: float, *, seed: int, watch: Watch, seconds: float
) -> Point | None:
    """Answer one question; None if its floor cannot be kept, as far as can be seen."""
    try:
        answer = quick(problem, seed=seed)
        if seconds > 0 and answer.missing <= tolerance(problem):
            answer = proof(problem, answer, watch=watch, seconds=seconds)
    except InfeasibleError:
        return None
    if answer.missing > tolerance(problem):
        return None
    live = problem.district_people
    everybody = float(problem.people.sum())
    served = np.where(answer.assigned >= 0, problem.people, 0.0)
    if answer.taken is not None:
        served = np.asarray(answer.taken.sum(axis=1))
    share = float(served.sum()) / everybody if everybody else 1.0
    worst = float(answer.shares[live > 0].min(initial=1.0))
    spent = float(problem.cost[answer.chosen].sum()) if problem.p is None else size
    return Point(spent, share, worst, answer)


def _reachable(problem: Problem) -> float:
    """Share of the worst-off district if every candidate were chosen."""
    inside = problem.districts >= 0
    reached = np.where(problem.stranded, 0.0, problem.people)[inside]
    live = problem.district_people
    there = np.bincount(problem.districts[inside], reached, minlength=len(live))
    return float((there[live > 0] / live[live > 0]).min(initial=1.0))


def _beats(one: Point, other: Point) -> bool:
    """Whether one point is at least as good in every respect and better in one."""
    mine, theirs = ((-p.places, p.share, p.worst) for p in (one, other))
    near = [abs(a - b) <= 1e-9 for a, b in zip(mine, theirs, strict=True)]
    above = [a >= b or same for a, b, same in zip(mine, theirs, near, strict=True)]
    return all(above) and not all(near)
