"""
What is asked when places are sited, and what an answer is made of.

Nothing here knows of maps: demand and candidates are rows and columns of a
matrix of costs. Joining people and places to rows and columns by their ids is
the caller's part, once, before anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array, issparse

from ..errors import ParameterError
from ..text import Text
from .faults import faults

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Model = Literal["lscp", "mclp", "p_median", "p_center", "backup"]

LEFT_OUT: Any = None
"""Stands for an array that `Problem` fills in itself."""

FURTHER = 2.0
"""Who is out of reach counts as this many times the longest known way (assumption)."""


@dataclass(frozen=True, eq=False)
class Problem:
    """
    One question of siting: from which of m candidates n demands shall be served.

    Parameters
    ----------
    model
        - ``lscp``: fewest (or cheapest) places so that everybody who can be
          reached is reached.
        - ``mclp``: places that reach most people.
        - ``p_median``: places with the least way for everybody together.
        - ``p_center``: places with the least way for who has it longest.
        - ``backup``: places that reach most people, and most of them twice.
    costs
        (n, m) metres or minutes. Sparse: what is stored is known and within
        the limit, a stored zero included. Dense: inf is out of reach.
    weights
        (n,) people of each demand; 1 each if left out.
    p
        How many places there are in the end, kept ones included. For every
        model except ``lscp``; or give `budget`.
    budget
        Instead of `p`: what the chosen places may cost together.
    fixed
        Candidates that are chosen in any case: places that are kept. A place
        that may be closed is an ordinary candidate.
    excluded
        Candidates that must not be chosen.
    cost
        (m,) what a candidate costs if it is chosen, kept ones included;
        1 each if left out. ``lscp`` makes the sum least.
    closing
        (m,) what it costs not to choose a candidate, such as closing a place
        that exists; 0 if left out. Only with `cost`.
    people
        (n,) people of each demand as capacities and floors count them;
        `weights` if left out. The two differ where groups of people are
        weighed against each other (`combined`).
    capacity
        (m,) people a candidate has room for; the people of one demand may be
        split among places. For ``lscp``, ``mclp`` and ``p_median``.
    groups
        (n,) district of each demand, 0 and up; -1 for none.
    floor
        Share of the people of every district (or (d,), one for each) that
        must be reached; without `groups` the share of all people.
    unreachable
        ``p_median``: cost of a demand that none of the chosen places reaches
        although a candidate could; twice the largest known cost if left out.
    second
        ``backup``: what reaching somebody twice is worth, where reaching
        somebody at all is worth 1 (0 to 1).

    Raises
    ------
    ParameterError
        Whatever is wrong with the question, every fault at once.

    Notes
    -----
    Demand that no candidate reaches (`stranded`) never enters a value: it is
    reported apart. Floors do count it, as people who live there are there.
    """

    model: Model
    costs: csr_array[Any]
    weights: Floats = LEFT_OUT
    p: int | None = None
    budget: float | None = None
    fixed: Ints = LEFT_OUT
    excluded: Ints = LEFT_OUT
    cost: Floats = LEFT_OUT
    closing: Floats | None = None
    people: Floats = LEFT_OUT
    capacity: Floats | None = None
    groups: Ints | None = None
    floor: ArrayLike = 0.0
    unreachable: float | None = None
    second: float = 0.5

    def __post_init__(self) -> None:
        """Bring every array into one form and look for faults."""
        costs = sparse(self.costs)
        n, m = costs.shape
        self._set("costs", costs)
        self._set("weights", _array(self.weights, n, 1.0))
        self._set("people", self.weights if self.people is None else _array(self.people, n, 1.0))
        self._set("unit_cost", self.cost is None)
        self._set("cost", _array(self.cost, m, 1.0))
        self._set("fixed", _marked(self.fixed))
        self._set("excluded", _marked(self.excluded))
        for name in ("closing", "capacity"):
            if getattr(self, name) is not None:
                self._set(name, _array(getattr(self, name), m, 0.0))
        if self.groups is not None:
            self._set("groups", np.asarray(self.groups, dtype=np.intp))
        found = faults(self)
        if found:
            raise ParameterError(found)

    unit_cost: bool = field(init=False, default=True, repr=False)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def but(self, **changed: Any) -> Problem:
        """Return the same question with some of its parts changed."""
        kept = {f.name: getattr(self, f.name) for f in fields(self) if f.init}
        if self.unit_cost:
            kept["cost"] = None
        if self.people is self.weights:
            kept["people"] = None
        same = Problem(**(kept | changed))
        if same.costs is self.costs and "by_candidate" in self.__dict__:
            same.__dict__["by_candidate"] = self.by_candidate
        return same

    @cached_property
    def by_candidate(self) -> csc_array[Any]:
        """(n, m) the costs by candidate."""
        return csc_array(self.costs)

    @cached_property
    def stranded(self) -> Bools:
        """(n,) demand that no candidate reaches, whichever are chosen."""
        usable = np.ones(self.costs.shape[1], dtype=bool)
        usable[self.excluded] = False
        reached = np.bincount(
            rows_of(self.costs)[usable[self.costs.indices]], minlength=self.costs.shape[0]
        )
        return np.asarray(reached == 0)

    @cached_property
    def penalty(self) -> float:
        """Cost of a demand that none of the chosen places reaches."""
        if self.unreachable is not None:
            return float(self.unreachable)
        return FURTHER * self.longest or 1.0

    @cached_property
    def longest(self) -> float:
        """Largest known cost."""
        return float(self.costs.data.max(initial=0.0))

    @cached_property
    def net_cost(self) -> Floats:
        """(m,) what choosing a candidate costs more than not choosing it."""
        return self.cost if self.closing is None else self.cost - self.closing

    @cached_property
    def limit(self) -> float:
        """What the chosen may sum up to in `net_cost`: inf for ``lscp``."""
        if self.model == "lscp":
            return float("inf")
        if self.p is not None:
            return float(self.p)
        return float(self.budget or 0.0) - self.closing_all

    @cached_property
    def closing_all(self) -> float:
        """What it would cost to choose none of the candidates."""
        return 0.0 if self.closing is None else float(self.closing.sum())

    @cached_property
    def counts(self) -> Bools:
        """(n,) demand that somebody stands behind."""
        return np.asarray(self.weights > 0)

    @property
    def most(self) -> bool:
        """Whether the value shall be as large as possible, not as small."""
        return self.model in {"mclp", "backup"}

    @cached_property
    def floors(self) -> Floats:
        """(d,) share that must be reached in each district; empty if none is asked for."""
        floor = np.asarray(self.floor, dtype=np.float64)
        if not floor.any():
            return np.empty(0)
        return np.broadcast_to(floor, (len(self.district_people),)).astype(np.float64)

    @cached_property
    def districts(self) -> Ints:
        """(n,) district of each demand; all 0 where none is given."""
        if self.groups is None:
            return np.zeros(self.costs.shape[0], dtype=np.intp)
        return self.groups

    @cached_property
    def district_people(self) -> Floats:
        """(d,) people of each district."""
        inside = self.districts >= 0
        people = np.bincount(self.districts[inside], self.people[inside])
        return people.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Solution:
    """
    An answer, and how far from the best possible one it can be at most.

    Parameters
    ----------
    chosen
        (k,) candidates, ascending; kept ones included.
    assigned
        (n,) candidate that serves each demand: the nearest chosen one or,
        with capacities, the one that takes most of it; -1 where none does.
    value
        ``lscp``: cost of the chosen, which is their number without `cost`.
        ``mclp``: people reached. ``p_median``: people times cost, who could
        be reached but is not counted at `Problem.penalty`. ``p_center``:
        longest cost of anybody. ``backup``: people reached plus `second`
        times people reached twice.
    bound
        What no answer can better: the best possible value lies between
        `value` and `bound`.
    proven
        Whether nothing better exists.
    how
        How it was found, for people.
    shares
        (d,) share of the people reached in each district.
    missing
        People still missing to the floors or, where everybody must be
        reached, to that; 0 if the answer keeps all that was asked.
    taken
        (n, m) people of each demand that each place takes; only with capacities.
    """

    chosen: Ints
    assigned: Ints
    value: float
    bound: float
    proven: bool
    how: Text
    shares: Floats
    missing: float = 0.0
    taken: csr_array[Any] | None = None

    @property
    def gap(self) -> float:
        """Share by which the best possible value may differ at most; 0 if it is proven."""
        if self.proven or self.value == self.bound:
            return 0.0
        largest = max(abs(self.value), abs(self.bound))
        return abs(self.value - self.bound) / largest if np.isfinite(largest) else 1.0

    @property
    def unserved(self) -> Ints:
        """Demands that none of the chosen places serves."""
        return np.flatnonzero(self.assigned < 0)


def sparse(costs: Any) -> csr_array[Any]:
    """
    Bring costs into one form: sorted rows, one entry each, zeros kept.

    Parameters
    ----------
    costs
        (n, m) sparse, or dense with inf (or NaN) for what is out of reach.
    """
    if issparse(costs):
        matrix: csr_array[Any] = (
            costs
            if isinstance(costs, csr_array) and costs.dtype == np.float64
            else csr_array(costs, dtype=np.float64)  # type: ignore[call-overload]
        )
        if matrix.indices.dtype != np.int32:  # compiled code is ready for one type of numbers
            parts = (matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32))
            matrix = csr_array(parts, shape=matrix.shape)
        if not matrix.has_canonical_format:
            matrix = matrix.copy()
            matrix.sort_indices()
        return matrix
    dense = np.asarray(costs, dtype=np.float64)
    known = np.isfinite(dense)
    pointers = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
    shape = (dense.shape[0], dense.shape[1])
    return csr_array((dense[known], np.nonzero(known)[1], pointers), shape=shape)


def rows_of(matrix: csr_array[Any]) -> Ints:
    """(nnz,) row of each stored entry."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def combined(people: ArrayLike, factors: ArrayLike) -> Floats:
    """
    Weigh groups of people against each other.

    Parameters
    ----------
    people
        (n, g) people of each group at each demand; the groups may overlap.
    factors
        (g,) what one person of each group counts.

    Returns
    -------
    weights
        (n,) for `Problem.weights`.
    """
    return np.asarray(people, dtype=np.float64) @ np.asarray(factors, dtype=np.float64)


def _array(given: Any, length: int, default: float) -> Floats:
    """Return an array of floats, or `default` everywhere."""
    if given is None:
        return np.full(length, default)
    return np.asarray(given, dtype=np.float64)


def _marked(given: Any) -> Ints:
    """Return marked candidates, ascending, each once."""
    return np.unique(np.asarray(() if given is None else given, dtype=np.intp))
