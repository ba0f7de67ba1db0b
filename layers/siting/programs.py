"""
The models as mixed-integer programs in sparse form.

Each program also says how a choice that is already known looks in it, so that
the solver starts from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from .bounding import Bound
from .highs import Program
from .problem import Bools, Floats, Ints, rows_of
from .reducing import BARRED, KEPT, Core
from .rooms import shared_out

TIGHT = 300_000
"""With so many ways at most, each is tied to its place by a row of its own."""


@dataclass(frozen=True, eq=False)
class Posed:
    """
    A program, and how to read and write it.

    Parameters
    ----------
    program
        Objective in the units of the question's value.
    places
        (c,) columns that say which candidates are chosen.
    written
        Turns a choice (c,) into values of all columns.
    """

    program: Program
    places: Ints
    written: Callable[[Bools], Floats]

    def read(self, values: Floats) -> Bools:
        """(c,) the choice in values of all columns."""
        return np.asarray(values[self.places] > 0.5)


def posed(core: Core, state: Ints, bounded: Bound | None, known: float, start: Ints) -> Posed:
    """
    Pose a question as a program.

    Parameters
    ----------
    core
        The question.
    state
        (c,) free, kept or barred, as `bounding.decided` leaves it.
    bounded, known
        What is known of the bound, and the value of the best choice known.
    start
        That choice; it stays possible.
    """
    if core.problem.capacity is not None:
        return _rooms(core, state)
    if core.problem.model == "p_median":
        return _ways(core, state, _reaches(core, bounded, known, start))
    return _cover(core, state) if core.problem.model == "lscp" else _reach(core, state)


def _places(core: Core, program: Program, state: Ints) -> Ints:
    """Add the choice of places and what it may cost."""
    cost = core.price if core.problem.model == "lscp" else np.zeros(len(state))
    places = program.columns(
        cost, lower=(state == KEPT) * 1.0, upper=(state != BARRED) * 1.0, whole=True
    )
    if np.isfinite(core.problem.limit):
        row = program.rows(-np.inf, core.problem.limit + 1e-9, 1)
        program.put(row, places, core.price)
    return places


def _cover(core: Core, state: Ints) -> Posed:
    """Everybody is reached, as cheaply as can be."""
    program = Program(most=False, offset=core.settled)
    places = _places(core, program, state)
    rows = program.rows(1.0, np.inf, len(core.w))
    program.put(rows[rows_of(core.costs)], places[core.costs.indices], 1.0)
    return Posed(program, places, lambda inside: inside.astype(np.float64))


def _reach(core: Core, state: Ints) -> Posed:
    """As many as possible are reached, or reached twice."""
    backup = core.problem.model == "backup"
    program = Program(most=True, offset=core.settled)
    places = _places(core, program, state)
    reached = program.columns(core.w)
    rows = program.rows(-np.inf, 0.0, len(core.w))
    program.put(rows, reached, 1.0)
    program.put(rows[rows_of(core.costs)], places[core.costs.indices], -1.0)
    if backup:
        program.put(rows, program.columns(core.w * core.problem.second), 1.0)
    _floors(core, program, reached, core.people)

    def written(inside: Bools) -> Floats:
        times = _times(core, inside)
        parts = [inside.astype(np.float64), np.minimum(times, 1.0)]
        if backup:
            parts.append(np.clip(times - 1.0, 0.0, 1.0))
        return np.concatenate(parts)

    return Posed(program, places, written)


def _floors(core: Core, program: Program, columns: Ints, people: Floats) -> None:
    """Ask that enough people of each district are reached; columns hold shares of rows."""
    if not len(core.floor_people):
        return
    needed = core.floor_people
    rows = program.rows(needed - 1e-9 * (1.0 + np.abs(needed)), np.inf, len(needed))
    inside = core.district >= 0
    program.put(rows[core.district[inside]], columns[inside], people[inside])


def _times(core: Core, inside: Bools) -> Floats:
    """(r,) by how many of the chosen each row is reached."""
    chosen = inside[core.costs.indices].astype(np.float64)
    times = np.bincount(rows_of(core.costs), chosen, minlength=len(core.w))
    return times.astype(np.float64)


def _reaches(core: Core, bounded: Bound | None, known: float, start: Ints) -> Floats:
    """(r,) cost within which a better choice certainly serves each row."""
    if bounded is None or len(core.floor_people):
        return np.full(len(core.w), np.inf)
    slack = abs(known - bounded.loose) + 1e-6 * max(1.0, abs(known))
    inside = core.columns(start)[core.costs.indices]
    served = np.where(inside, core.costs.data, np.inf)
    nearest = np.minimum.reduceat(served, core.costs.indptr[:-1])
    return np.maximum((bounded.paid + slack) / np.maximum(core.w, 1e-12), nearest)


def _ways(core: Core, state: Ints, reaches: Floats) -> Posed:
    """
    As short ways as possible, in radius form: how many still lack a place within each distance.

    Source
    ------
    G. Cornuéjols, G. L. Nemhauser, L. A. Wolsey: A canonical representation
    of simple plant location problems and its applications. SIAM Journal on
    Algebraic and Discrete Methods 1 (1980) 261-272.
    S. García, M. Labbé, A. Marín: Solving large p-median problems with a
    radius formulation. INFORMS Journal on Computing 23 (2011) 546-556.
    """
    costs, penalty = core.costs, core.problem.penalty
    row, open_to = rows_of(costs), state[costs.indices] != BARRED
    kept = np.where(state[costs.indices] == KEPT, costs.data, np.inf)
    nearest_kept = np.minimum.reduceat(kept, costs.indptr[:-1])
    use = open_to & (costs.data <= np.minimum(reaches, nearest_kept)[row])
    row, column, cost = row[use], costs.indices[use], costs.data[use]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (cost[1:] != cost[:-1])
    step = np.cumsum(new) - 1
    step_row, step_cost = row[new], cost[new]
    last = np.ones(len(step_row), dtype=bool)
    last[:-1] = step_row[1:] != step_row[:-1]
    opening = np.ones(len(step_row), dtype=bool)
    opening[1:] = last[:-1]
    following = np.append(step_cost[1:], penalty)
    following[last] = penalty
    missed = np.setdiff1d(np.arange(len(core.w)), step_row)
    offset = core.settled + float(core.w[step_row[opening]] @ step_cost[opening])
    program = Program(most=False, offset=offset + float(core.w[missed].sum()) * penalty)
    places = _places(core, program, state)
    must = last & (np.minimum(reaches, nearest_kept)[step_row] < penalty)
    lacking = program.columns(
        core.w[step_row] * (following - step_cost), upper=np.where(must, 0.0, 1.0)
    )
    rows = program.rows(opening * 1.0, np.inf, len(step_row))
    program.put(rows, lacking, 1.0)
    program.put(rows[~opening], lacking[np.flatnonzero(~opening) - 1], -1.0)
    program.put(rows[step], places[column], 1.0)
    _floors_of_ways(core, program, lacking[last], step_row[last])

    def written(inside: Bools) -> Floats:
        found = np.bincount(step[inside[column]], minlength=len(step_row))
        running = np.cumsum(found)
        before = (running - found)[opening][np.cumsum(opening) - 1]
        return np.concatenate([inside, running - before == 0]).astype(np.float64)

    return Posed(program, places, written)


def _floors_of_ways(core: Core, program: Program, lacking: Ints, row: Ints) -> None:
    """Ask that few enough people of each district lack a place altogether."""
    if not len(core.floor_people):
        return
    d = len(core.floor_people)
    inside = core.district[row] >= 0
    row, lacking = row[inside], lacking[inside]
    live = np.bincount(core.district[row], core.people[row], minlength=d)
    rows = program.rows(-np.inf, live - core.floor_people + 1e-9 * (1.0 + live), d)
    program.put(rows[core.district[row]], lacking, core.people[row])


def _rooms(core: Core, state: Ints) -> Posed:
    """Places with limited room: people are sent to places, whose room they share."""
    problem, row = core.problem, rows_of(core.costs)
    lscp, median = problem.model == "lscp", problem.model == "p_median"
    worth = core.w / np.maximum(core.people, 1e-12)
    offset = core.settled + (float(core.w.sum()) * problem.penalty if median else 0.0)
    program = Program(most=problem.most, offset=offset)
    places = _places(core, program, state)
    value = worth[row] * ((core.costs.data - problem.penalty) if median else 1.0)
    people = program.columns(np.zeros(len(row)) if lscp else value, upper=core.people[row])
    rows = program.rows(core.people - 1e-7 if lscp else -np.inf, core.people, len(core.w))
    program.put(rows[row], people, 1.0)
    room = np.zeros(0) if problem.capacity is None else problem.capacity[core.candidate]
    rows = program.rows(-np.inf, 0.0, len(room))
    program.put(rows[core.costs.indices], people, 1.0)
    program.put(rows, places, -room)
    if len(row) <= TIGHT:
        rows = program.rows(-np.inf, 0.0, len(row))
        program.put(rows, people, 1.0)
        program.put(rows, places[core.costs.indices], -core.people[row])
    if len(core.floor_people):
        inside = core.district[row] >= 0
        needed = core.floor_people
        rows = program.rows(needed - 1e-9 * (1.0 + needed), np.inf, len(needed))
        program.put(rows[core.district[row[inside]]], people[inside], 1.0)

    def written(inside: Bools) -> Floats:
        taken = shared_out(problem, core.original(inside))
        of_row = core.row[rows_of(taken)]
        size = (len(core.w), problem.costs.shape[1])
        sent = csr_array((taken.data[of_row >= 0], (of_row[of_row >= 0],
                          taken.indices[of_row >= 0])), shape=size)  # fmt: skip
        at = sent[row, core.candidate[core.costs.indices]] if len(row) else np.empty(0)
        return np.concatenate([inside.astype(np.float64), np.asarray(at).ravel()])

    return Posed(program, places, written)
