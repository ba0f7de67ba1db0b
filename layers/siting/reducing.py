"""
The same question, smaller: without what cannot matter.

Demand that nobody can reach or that a kept place reaches anyway is left out,
demands with identical candidates become one, and candidates that another one
replaces in every respect are dropped. None of this changes the best value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from .problem import Bools, Floats, Ints, Problem, rows_of

FREE, KEPT, BARRED = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Core:
    """
    A question in the form that searches, bounds and programs work on.

    Parameters
    ----------
    problem
        The question itself.
    costs
        (r, c) of the merged demands and the candidates left; for medians only
        costs below the penalty, each row with the cheapest first.
    w, people, district
        (r,) weights, people and district (-1: none) of the merged demands.
    candidate
        (c,) which candidate of the question each column is.
    price
        (c,) what choosing a candidate costs.
    state
        (c,) free to choose, kept or barred.
    settled
        Part of the value that is certain whatever is chosen.
    floor_people
        (d,) people of each district whom the choice must reach in addition to
        those whom kept places reach; empty without floors.
    row
        (n,) row of each demand; -1 if it was left out.
    """

    problem: Problem
    costs: csr_array[Any]
    w: Floats
    people: Floats
    district: Ints
    candidate: Ints
    price: Floats
    state: Ints
    settled: float
    floor_people: Floats
    row: Ints

    @property
    def free(self) -> Bools:
        """(c,) which candidates are open to choice."""
        return np.asarray(self.state == FREE)

    @cached_property
    def by_candidate(self) -> csc_array[Any]:
        """(r, c) the costs by candidate."""
        return csc_array(self.costs)

    def demands_of(self, column: Any) -> Ints:
        """Rows that a column reaches."""
        pointers = self.by_candidate.indptr
        return np.asarray(self.by_candidate.indices[pointers[column] : pointers[column + 1]])

    @property
    def slots(self) -> int:
        """How many can be chosen at most beside those kept."""
        prices = np.sort(np.maximum(self.price[self.free], 0.0))
        room = self.problem.limit - float(self.price[self.state == KEPT].sum())
        gifts = -float(np.minimum(self.price[self.free], 0.0).sum())
        most = int(np.searchsorted(np.cumsum(prices), room + gifts + 1e-9, side="right"))
        return min(most, len(self.w)) if self.problem.model == "lscp" else most

    def demand(self, w: Floats | None = None) -> Any:
        """Return the demand as compiled code takes it, with weights of its own if given."""
        # numba takes its time to start, and only siting needs this.
        from .kernels import Demand  # noqa: PLC0415

        costs, back = self.costs, self.by_candidate
        second = self.problem.second if self.problem.model == "backup" else 0.0
        return Demand(
            costs.indptr, costs.indices, costs.data, back.indptr, back.indices, back.data,
            self.w if w is None else w, 1.0, float(second), float(self.problem.penalty),
        )  # fmt: skip

    def original(self, inside: Bools) -> Ints:
        """Return the candidates of the question behind a choice of columns."""
        kept = self.problem.fixed
        return np.union1d(self.candidate[inside], kept).astype(np.intp)

    def columns(self, chosen: Ints) -> Bools:
        """(c,) whether each column is among candidates of the question."""
        return np.isin(self.candidate, chosen) | (self.state == KEPT)


def reduced(problem: Problem, *, within: float = np.inf, spare: Ints | None = None) -> Core:
    """
    Reduce a question.

    Parameters
    ----------
    problem
        The question.
    within
        Only costs up to this count; for centres, where the limit is sought.
    spare
        Candidates that are not dropped even if another one replaces them.
    """
    median = problem.model == "p_median"
    state = _states(problem)
    keep = (state[problem.costs.indices] != BARRED) & (problem.costs.data <= within)
    if median:
        keep &= problem.costs.data < problem.penalty
    costs = _entries(problem.costs, keep)
    needed, settled, floor = _needed(problem, costs, state)
    row, first = _merged(problem, costs, needed)
    costs = _rows(costs, first)
    w, people = (
        np.bincount(row[needed], of[needed], minlength=len(first)).astype(np.float64)
        for of in (problem.weights, problem.people)
    )
    if not median and problem.model != "backup" and problem.capacity is None:
        dropped = _dominated(costs, problem.net_cost, state == FREE)
        dropped[np.empty(0, dtype=np.intp) if spare is None else spare] = False
        state = np.where(dropped, BARRED, state)
    left = np.flatnonzero(state != BARRED)
    return Core(
        problem, _sorted(_narrowed(costs, left), median=median), w, people,
        problem.districts[first], left, problem.net_cost[left], state[left], settled, floor, row,
    )  # fmt: skip


def _states(problem: Problem) -> Ints:
    """(m,) free, kept or barred; what is cheaper chosen than not is kept."""
    state = np.full(problem.costs.shape[1], FREE)
    if problem.p is None:
        state[problem.net_cost <= 0] = KEPT
    state[problem.excluded] = BARRED
    state[problem.fixed] = KEPT
    return state


def _needed(problem: Problem, costs: csr_array[Any], state: Ints) -> tuple[Bools, float, Floats]:
    """Say which demands matter, what is settled without them, and what floors still ask."""
    reached = np.diff(costs.indptr) > 0
    counts = problem.counts | ((problem.people > 0) if len(problem.floors) else False)
    floor = problem.floors * problem.district_people if len(problem.floors) else problem.floors
    if problem.model == "p_median":
        unserved = ~reached & ~problem.stranded
        settled = float(problem.weights[unserved].sum()) * problem.penalty
        return reached & counts, settled, floor
    kept = np.bincount(rows_of(costs)[state[costs.indices] == KEPT], minlength=costs.shape[0])
    enough = kept >= (2 if problem.model == "backup" else 1)
    if problem.capacity is not None:
        enough = np.zeros_like(enough)
    settled = float(problem.weights[enough].sum())
    settled *= 1.0 + (problem.second if problem.model == "backup" else 0.0)
    if problem.model == "lscp":
        settled = problem.closing_all
    if len(floor):
        inside = enough & (problem.districts >= 0)
        floor = floor - np.bincount(
            problem.districts[inside], problem.people[inside], minlength=len(floor)
        )
    return reached & counts & ~enough, settled, floor


def _merged(problem: Problem, costs: csr_array[Any], needed: Bools) -> tuple[Ints, Ints]:
    """
    Merge demands that cannot be told apart.

    Returns
    -------
    row
        (n,) row of each demand; -1 if it is not needed.
    first
        (r,) one demand of each row.
    """
    ways = problem.model == "p_median" or problem.capacity is not None
    keys = [*_signature(costs, ways=ways).T]
    if len(problem.floors):
        keys.append(problem.districts.astype(np.uint64))
    if problem.capacity is not None and problem.people is not problem.weights:
        keys.append((problem.weights / np.maximum(problem.people, 1e-12)).view(np.uint64))
    demands = np.flatnonzero(needed)
    table = np.column_stack(keys)[demands]
    _, first, number = np.unique(table, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    row = np.full(costs.shape[0], -1, dtype=np.intp)
    row[demands] = order[number.reshape(-1)]
    return row, demands[np.sort(first)]


def _signature(costs: csr_array[Any], *, ways: bool) -> Any:
    """(n, 2) two 64-bit sums that only rows with the same entries share."""
    # numba takes its time to start, and only siting needs this.
    from .rows import signatures  # noqa: PLC0415

    marks = np.random.default_rng(20240229).integers(  # fixed: marks, nothing is drawn by lot
        0, 2**63, size=(2, costs.shape[1]), dtype=np.uint64
    )
    bits = costs.data.view(np.uint64)
    return signatures(costs.indptr, costs.indices, bits, 2 * marks + np.uint64(1), ways)


def _dominated(costs: csr_array[Any], price: Floats, free: Bools) -> Bools:
    """(m,) free candidates that reach nobody, or nobody whom a cheaper one does not reach too."""
    from .rows import dominated  # noqa: PLC0415  compiled, as above

    by_candidate = csc_array(costs)
    return np.asarray(
        dominated(
            costs.indptr, costs.indices, by_candidate.indptr, by_candidate.indices, price, free
        )
    )


def _entries(costs: csr_array[Any], keep: Bools) -> csr_array[Any]:
    """Keep some entries of a matrix."""
    if keep.all():
        return costs
    pointers = np.concatenate([[0], np.cumsum(keep)])[costs.indptr]
    return csr_array((costs.data[keep], costs.indices[keep], pointers), shape=costs.shape)


def _rows(costs: csr_array[Any], rows: Ints) -> csr_array[Any]:
    """Keep some rows of a matrix, zeros included."""
    return csr_array(costs[rows])


def _narrowed(costs: csr_array[Any], columns: Ints) -> csr_array[Any]:
    """Keep some columns of a matrix, ascending, zeros included."""
    number = np.full(costs.shape[1], -1, dtype=np.intp)
    number[columns] = np.arange(len(columns))
    part = _entries(costs, number[costs.indices] >= 0)
    entries = (part.data, number[part.indices], part.indptr)
    return csr_array(entries, shape=(costs.shape[0], len(columns)))


def _sorted(costs: csr_array[Any], *, median: bool) -> csr_array[Any]:
    """Sort each row by cost, which only searches for short ways need."""
    if not median:
        return costs
    from .rows import cheapest_first  # noqa: PLC0415  compiled, as above

    columns, data = cheapest_first(costs.indptr, costs.indices, costs.data)
    return csr_array((data, columns, costs.indptr), shape=costs.shape)
