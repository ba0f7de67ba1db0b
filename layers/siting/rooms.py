"""Places with limited room: sharing people out, and choosing where there is room enough."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .highs import Program
from .problem import Floats, Ints, Problem, rows_of

NEARER = 1e-4
"""What going the longest known way costs beside being served at all: only ties are decided."""

SHORT = 4.0
"""What a person missing to a floor costs, against the most a person can be worth."""


def shared_out(problem: Problem, chosen: Ints) -> csr_array[Any]:
    """
    Share people out among the chosen places as well as can be.

    As many people as possible are served (worth most first), floors come
    before that, and among equally good ways of sharing the shorter one counts.

    Parameters
    ----------
    problem
        The question, with capacities.
    chosen
        (k,) candidates.

    Returns
    -------
    taken
        (n, m) people of each demand that each place takes.
    """
    use = np.isin(problem.costs.indices, chosen) & (problem.people > 0)[rows_of(problem.costs)]
    demand, place = rows_of(problem.costs)[use], problem.costs.indices[use]
    cost = problem.costs.data[use]
    program = Program(most=True)
    people = program.columns(worth_of(problem, demand, cost), upper=problem.people[demand])
    rows = program.rows(-np.inf, problem.people, len(problem.people))
    program.put(rows[demand], people, 1.0)
    room = np.zeros(problem.costs.shape[1])
    room[chosen] = _capacity(problem)[chosen]
    rows = program.rows(-np.inf, room, len(room))
    program.put(rows[place], people, 1.0)
    ask_for_floors(program, problem, demand, people, soft=True)
    values = program.solve().values
    taken = np.zeros(len(demand)) if values is None else values[people]
    some = taken > 1e-9
    return csr_array((taken[some], (demand[some], place[some])), shape=problem.costs.shape)


def worth_of(problem: Problem, demand: Ints, cost: Floats) -> Floats:
    """(k,) what serving one person of each demand at each cost is worth."""
    worth = problem.weights[demand] / np.maximum(problem.people[demand], 1e-12)
    if problem.model == "p_median":
        return np.asarray(worth * (problem.penalty - cost))
    if problem.model == "lscp":
        worth = np.ones(len(demand))
    return np.asarray(worth * (1.0 - NEARER * cost / max(problem.longest, 1e-12)))


def ask_for_floors(
    program: Program, problem: Problem, demand: Ints, people: Ints, *, soft: bool
) -> None:
    """Ask that enough people of each district are served; `soft` if it may fail at a high price."""
    if not len(problem.floors):
        return
    needed = problem.floors * problem.district_people
    rows = program.rows(needed - 1e-9 * (1.0 + needed), np.inf, len(needed))
    inside = problem.districts[demand] >= 0
    program.put(rows[problem.districts[demand][inside]], people[inside], 1.0)
    if soft:
        largest = float(worth_of(problem, demand, np.zeros(len(demand))).max(initial=1.0))
        short = program.columns(np.full(len(needed), -SHORT * largest), upper=np.inf)
        program.put(rows, short, 1.0)


def _capacity(problem: Problem) -> Floats:
    """(m,) room of each candidate."""
    return np.zeros(0) if problem.capacity is None else problem.capacity


def roomy(problem: Problem, *, seed: int) -> Ints:
    """
    Choose places with limited room by adding and exchanging them, judged roughly.

    Parameters
    ----------
    problem
        The question, with capacities.
    seed
        Order in which exchanges are tried.

    Returns
    -------
    chosen
        Candidates of the question.
    """
    # numba takes its time to start, and only siting needs this.
    from .filling import choose  # noqa: PLC0415

    price = problem.net_cost
    free = np.ones(len(price), dtype=bool)
    free[problem.excluded] = False
    kept = np.zeros(len(price), dtype=bool)
    kept[problem.fixed] = True
    if problem.p is None:
        kept |= free & (price <= 0)
    inside = choose(
        *_nearest_first(problem), problem.people, _capacity(problem),
        price, min(problem.limit, 1e300), free & ~kept, kept,
        np.random.default_rng(seed).permutation(len(price)), problem.model == "lscp",
    )  # fmt: skip
    return np.flatnonzero(inside)


def _nearest_first(problem: Problem) -> tuple[Ints, Ints, Floats]:
    """Candidates of each demand, the most worth first, and what a person is worth there."""
    costs, rows = problem.costs, rows_of(problem.costs)
    worth = worth_of(problem, rows, costs.data)
    if problem.model == "lscp":
        worth = np.ones(len(rows))
    order = np.lexsort((costs.indices, costs.data, -worth, rows))
    return costs.indptr.astype(np.intp), costs.indices[order].astype(np.intp), worth[order]


def enough(problem: Problem) -> bool:
    """Whether room and reach suffice for everybody who can be reached, all candidates chosen."""
    usable = np.setdiff1d(np.arange(problem.costs.shape[1]), problem.excluded)
    asked = float(problem.people[~problem.stranded].sum())
    served = float(shared_out(problem, usable).sum())
    return bool(served >= asked - 1e-6 * max(1.0, asked))
