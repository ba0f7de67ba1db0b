"""Why this one: whom each of the chosen places gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .judging import Judged, judge
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
        (k,) how much the value would change without the place; inf if somebody
        who must be reached could not be any more.
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
    k, full = len(solution.chosen), _sent(problem, solution)
    served = np.asarray(full.T @ groups)[solution.chosen].reshape(k, groups.shape[1])
    reached = groups.T @ np.asarray(full.sum(axis=1)).ravel()
    only, worse = np.zeros_like(served), np.zeros(k)
    for at, j in enumerate(solution.chosen):
        rest = judge(problem, np.setdiff1d(solution.chosen, [j]))
        still = groups.T @ np.asarray(_sent(problem, rest).sum(axis=1)).ravel()
        only[at] = np.maximum(reached - still, 0.0)
        worse[at] = abs(rest.value - solution.value) if np.isfinite(rest.value) else np.inf
    return Gains(solution.chosen, served, only, worse)


def _sent(problem: Problem, answer: Solution | Judged) -> csr_array[Any]:
    """(n, m) share of each demand that each place serves."""
    if answer.taken is not None:
        shares = 1.0 / np.where(problem.people > 0, problem.people, 1.0)
        return csr_array(answer.taken * shares[:, None])
    served = np.flatnonzero(answer.assigned >= 0)
    entries = (np.ones(len(served)), (served, answer.assigned[served]))
    return csr_array(entries, shape=problem.costs.shape)
