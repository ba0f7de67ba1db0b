"""What can be wrong with a question of siting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..text import Text

if TYPE_CHECKING:
    from .problem import Problem


def faults(problem: Problem) -> list[Text]:
    """
    List everything that is wrong with a question, not only the first.

    Parameters
    ----------
    problem
        The question, its arrays already in their form.
    """
    n, m = problem.costs.shape
    found = []
    sized = {"weights": n, "people": n, "cost": m, "closing": m, "capacity": m, "groups": n}
    for name, length in sized.items():
        array = getattr(problem, name)
        if name == "people" and array is problem.weights:
            continue
        if array is not None and array.shape != (length,):
            found.append(Text("{name}: {length} values are needed", name=name, length=length))
        elif array is not None and name != "groups" and not (array >= 0).all():
            found.append(Text("{name}: every value must be 0 or more", name=name))
    if not (problem.costs.data >= 0).all():
        found.append(Text("{name}: every value must be 0 or more", name="costs"))
    return found + _faults_of_choice(problem, m)


def _faults_of_choice(problem: Problem, m: int) -> list[Text]:
    """List what is wrong with how many may be chosen, and of which."""
    found = []
    marked = np.concatenate([problem.fixed, problem.excluded])
    if len(marked) and not ((marked >= 0) & (marked < m)).all():
        found.append(Text("kept and excluded places must be among the candidates"))
    elif np.intersect1d(problem.fixed, problem.excluded).size:
        found.append(Text("a place cannot be kept and excluded at once"))
    if problem.model != "lscp" and (problem.p is None) == (problem.budget is None):
        found.append(Text("say either how many places there may be or what they may cost"))
    if problem.p is not None and not problem.unit_cost:
        found.append(Text("places with a cost need a budget instead of a number"))
    if problem.p is not None and problem.p < max(1, len(problem.fixed)):
        found.append(Text("there must be at least as many places as are kept, and at least one"))
    return found + _faults_of_model(problem)


def _faults_of_model(problem: Problem) -> list[Text]:
    """List what does not fit the model that was chosen."""
    found = []
    if problem.unreachable is not None and problem.unreachable <= problem.longest:
        found.append(Text("being out of reach must cost more than the longest known way"))
    if not 0 <= problem.second <= 1:
        found.append(Text("the second place is worth 0 to 1 of the first"))
    if problem.capacity is not None and problem.model in {"p_center", "backup"}:
        found.append(Text("room for people cannot be considered in this question"))
    if problem.capacity is not None and _uncounted(problem):
        found.append(Text("room is for people: whoever has a weight must count among the people"))
    if np.any(problem.floor) and problem.model in {"lscp", "p_center"}:
        found.append(Text("this question reaches everybody and takes no least share"))
    return found


def _uncounted(problem: Problem) -> bool:
    """Whether anybody has a weight without being counted."""
    weights, people = problem.weights, problem.people
    return weights.shape == people.shape and bool(((weights > 0) & (people <= 0)).any())
