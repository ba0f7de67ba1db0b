"""
Mixed-integer programs, built from arrays and solved by HiGHS.

The only module that knows the solver. A program is put together block by
block from numpy arrays and handed over as one sparse matrix; building it
object by object would take longer than solving it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from ..errors import Cancelled
from .problem import Floats, Ints

Status = Literal["optimal", "infeasible", "stopped", "cancelled"]
Progress = Callable[[float, float, float], None]
"""Told (best value, bound, seconds) several times a second; may raise `Cancelled`."""

OFTEN = 0.1
"""Seconds between two calls of the progress."""

PATIENCE = 0.5
"""Seconds the solver is given to stop once nobody waits any more."""


@dataclass
class Program:
    """
    A program under construction.

    Parameters
    ----------
    most
        Whether the objective shall be as large as possible.
    offset
        Constant part of the objective.
    """

    most: bool
    offset: float = 0.0
    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    whole: list[Floats] = field(default_factory=list)
    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    entry: list[Floats] = field(default_factory=list)
    least: list[Floats] = field(default_factory=list)
    largest: list[Floats] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def columns(
        self,
        cost: ArrayLike,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = 1.0,
        whole: bool = False,
    ) -> Ints:
        """
        Add unknowns.

        Parameters
        ----------
        cost
            (k,) what one unit of each adds to the objective.
        lower, upper
            (k,) or one number for all.
        whole
            Whether they are whole numbers.

        Returns
        -------
        columns
            (k,) their numbers.
        """
        costs = np.asarray(cost, dtype=np.float64)
        size = len(costs)
        self.cost.append(costs)
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), size))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), size))
        self.whole.append(np.full(size, float(whole)))
        self.width += size
        return np.arange(self.width - size, self.width)

    def rows(self, least: ArrayLike, largest: ArrayLike, size: int) -> Ints:
        """Add rows whose sums must lie between `least` and `largest`; return their numbers."""
        self.least.append(np.broadcast_to(np.asarray(least, dtype=np.float64), size))
        self.largest.append(np.broadcast_to(np.asarray(largest, dtype=np.float64), size))
        self.height += size
        return np.arange(self.height - size, self.height)

    def put(self, row: ArrayLike, column: ArrayLike, entry: ArrayLike) -> None:
        """Put entries into the matrix; the three are broadcast against each other."""
        rows, columns, entries = np.broadcast_arrays(row, column, entry)
        self.row.append(rows.ravel().astype(np.intp))
        self.column.append(columns.ravel().astype(np.intp))
        self.entry.append(entries.ravel().astype(np.float64))

    def matrix(self) -> csr_array[Any]:
        """(height, width) the rows as one sparse matrix."""
        entries = (_joined(self.entry), (_joined(self.row), _joined(self.column)))
        return csr_array(entries, shape=(self.height, self.width))

    def solve(
        self,
        *,
        start: Floats | None = None,
        seconds: float = 60.0,
        apart: float = 0.0,
        progress: Progress | None = None,
    ) -> Outcome:
        """
        Solve the program.

        Parameters
        ----------
        start
            (width,) values to start from, if any are known.
        seconds
            Time limit.
        apart
            A value that is no further than this from the bound is as good as
            the best, because values lie further apart than this.
        progress
            Told how far it is.
        """
        if not self.width:
            return Outcome("optimal", np.empty(0), self.offset, self.offset, 0.0)
        # HiGHS is only needed once something is proven, long after start-up.
        import highspy  # noqa: PLC0415

        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", max(float(seconds), 0.01)),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", max(apart, 1e-6)),
        ):
            solver.setOptionValue(name, value)
        self._hand_over(solver, highspy)
        if start is not None and self.in_whole_numbers:
            solver.setSolution(self.width, np.arange(self.width, dtype=np.int32), start)
        seen = _Seen(self.most)
        seen.listen(solver)
        return self._outcome(solver, highspy, seen, _run(solver, seen, progress))

    def _hand_over(self, solver: Any, highspy: Any) -> None:
        """Pass the whole program at once."""
        matrix, whole = self.matrix(), _joined(self.whole)
        sense = highspy.ObjSense.kMaximize if self.most else highspy.ObjSense.kMinimize
        nothing = np.zeros(self.width, dtype=np.int32)
        infinity = highspy.kHighsInf
        bounds = [
            np.clip(_joined(of), -infinity, infinity)
            for of in (self.lower, self.upper, self.least, self.largest)
        ]
        shape = (self.width, self.height, matrix.nnz)
        form = (int(highspy.MatrixFormat.kRowwise), int(sense), self.offset)
        solver.passModel(
            *shape, *form, _joined(self.cost), *bounds,
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
            whole.astype(np.int32) if whole.any() else nothing,
        )  # fmt: skip

    def _outcome(self, solver: Any, highspy: Any, seen: _Seen, ended: bool) -> Outcome:  # noqa: FBT001, one caller
        """Read what was found."""
        if not ended:
            return Outcome("cancelled", seen.values, seen.value, seen.bound, seen.seconds)
        info, told = solver.getInfo(), solver.getModelStatus()
        known = highspy.HighsModelStatus
        status: Status = "cancelled" if seen.unwanted else "stopped"
        if told == known.kOptimal:
            status = "optimal"
        elif told in {known.kInfeasible, known.kUnboundedOrInfeasible}:
            status = "infeasible"
        found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        values = np.asarray(solver.getSolution().col_value) if found else None
        value = float(info.objective_function_value) if found else self.worst
        bound = float(info.mip_dual_bound) if self.in_whole_numbers else value
        if not self.in_whole_numbers and status != "optimal":
            bound = -self.worst
        return Outcome(status, values, value, bound, float(solver.getRunTime()))

    @property
    def worst(self) -> float:
        """The worst value there can be."""
        return -np.inf if self.most else np.inf

    @property
    def in_whole_numbers(self) -> bool:
        """Whether any unknown is a whole number."""
        return any(bool(part.any()) for part in self.whole)


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What solving a program came to.

    Parameters
    ----------
    status
        ``optimal``, ``infeasible``, or ``stopped`` and ``cancelled`` with
        what was known at that time.
    values
        (width,) best values found; None if there are none.
    value, bound
        Objective of the values; what no others can better.
    seconds
        Time it took.
    """

    status: Status
    values: Floats | None
    value: float
    bound: float
    seconds: float


class _Seen:
    """What the solver lets be seen while it runs, and the word to stop."""

    def __init__(self, most: bool) -> None:  # noqa: FBT001, one caller
        self.unwanted = False
        self.values: Floats | None = None
        self.value, self.bound = (-np.inf, np.inf) if most else (np.inf, -np.inf)
        self.seconds = 0.0

    def listen(self, solver: Any) -> None:
        """Listen wherever the solver can be interrupted."""
        solver.cbMipInterrupt.subscribe(self.on_tree)
        solver.cbMipImprovingSolution.subscribe(self.on_solution)
        solver.cbSimplexInterrupt.subscribe(self.on_interrupt)
        solver.cbIpmInterrupt.subscribe(self.on_interrupt)

    def on_tree(self, event: Any) -> None:
        """Take note of the tree's best value and bound."""
        self.value = float(event.data_out.mip_primal_bound)
        self.bound = float(event.data_out.mip_dual_bound)
        self.on_interrupt(event)

    def on_solution(self, event: Any) -> None:
        """Keep a better solution, should nobody wait for the end."""
        self.values = np.array(event.data_out.mip_solution)
        self.value = float(event.data_out.objective_function_value)

    def on_interrupt(self, event: Any) -> None:
        """Stop the solver if its answer is not wanted any more."""
        self.seconds = float(event.data_out.running_time)
        if self.unwanted:
            event.interrupt()


def _run(solver: Any, seen: _Seen, progress: Progress | None) -> bool:
    """
    Run the solver on a thread of its own and tell the progress from this one.

    The solver cannot be interrupted within a large linear program: when
    nobody waits any more it is left to end by itself a little later.

    Returns
    -------
    ended
        Whether the solver has ended and may be asked.
    """
    if progress is None:
        solver.run()
        return True
    pool = ThreadPoolExecutor(1)
    running = pool.submit(solver.run)
    pool.shutdown(wait=False)
    waited = 0
    while wait([running], OFTEN).not_done:
        waited += 1
        try:
            progress(seen.value, seen.bound, waited * OFTEN)
        except BaseException as reason:
            seen.unwanted = True
            if not isinstance(reason, Cancelled):
                raise
            break
    return not wait([running], PATIENCE).not_done


def _joined(parts: list[Any]) -> Any:
    """Join the blocks of one kind."""
    return np.concatenate(parts) if parts else np.empty(0)
