"""Saying no with reasons: which floors cannot be kept, and the most there can be."""

from __future__ import annotations

from typing import NoReturn, Protocol

import numpy as np

from ..errors import InfeasibleError
from ..text import Text
from ..watch import Watch, nobody, part
from .finding import FARTHER, quick
from .problem import Problem, Solution

EVERYWHERE = Text(
    "every district could keep its floor alone, but not all of them at once: "
    "allow more places, a longer way or a lower floor"
)


class Prove(Protocol):
    """The signature of `proving.proof`, which refuses in its turn."""

    def __call__(
        self, problem: Problem, start: Solution, *, watch: Watch, seconds: float
    ) -> Solution:
        """See `proving.proof`."""


def refuse(
    problem: Problem, prove: Prove, *, watch: Watch = nobody, seconds: float = 10.0
) -> NoReturn:
    """
    Say why no choice can keep to what is asked.

    Parameters
    ----------
    problem
        A question known to be infeasible.
    prove
        `proving.proof`.
    watch
        Told how far it is.
    seconds
        Time proofs may take, in all districts together.

    Raises
    ------
    InfeasibleError
        Always.
    """
    if problem.model == "p_center":
        raise InfeasibleError([FARTHER])
    best: dict[int, float] = {}
    for d in np.flatnonzero((problem.floors > 0) & (problem.district_people > 0)):
        at = part(watch, d / len(problem.floors), (d + 1) / len(problem.floors))
        share = attainable(problem, int(d), prove, watch=at, seconds=seconds / len(problem.floors))
        if share < problem.floors[d] - 1e-9:
            best[int(d)] = share
    if not best:
        raise InfeasibleError([EVERYWHERE])
    faults = [
        Text(
            "district {district} can have at most {share} % of its people within reach",
            district=d, share=round(100 * share, 1),
        )
        for d, share in best.items()
    ]  # fmt: skip
    raise InfeasibleError(faults, best)


def attainable(
    problem: Problem, district: int, prove: Prove, *, watch: Watch = nobody, seconds: float = 10.0
) -> float:
    """
    Find the largest share of a district's people that can be reached if nothing else counts.

    Parameters
    ----------
    problem
        The question; its floors are left out.
    district
        Number of the district.
    prove
        `proving.proof`.
    watch, seconds
        As in `proof`.
    """
    live = np.where(problem.districts == district, problem.people, 0.0)
    alone = problem.but(
        model="mclp", weights=live, people=problem.people, floor=0.0, unreachable=None
    )
    found = prove(alone, quick(alone), watch=watch, seconds=seconds)
    return found.bound / float(problem.district_people[district])
