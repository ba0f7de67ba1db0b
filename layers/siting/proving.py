"""The proof: exact models in sparse form, solved by HiGHS from the quick answer on."""

from __future__ import annotations

import numpy as np

from ..errors import Cancelled
from ..text import Text
from ..watch import Watch, nobody, part
from .bounding import Bound, bound, decided, granularity
from .centering import cover_within, covered_within, possible
from .finding import solution, tolerance
from .highs import Outcome, Progress
from .problem import Ints, Problem, Solution
from .programs import posed
from .reducing import Core, reduced
from .refusing import refuse
from .searching import searched, suggested, with_less

WORK = 60_000_000
"""So many entries are looked at between two calls of the watch."""

BLOCKS = 8
"""So many blocks of subgradient steps before the solver takes over."""

SHAKES = 12
"""So often the best answer is shaken in each block."""

COVERS = 60
"""Attempts to reach everybody with less in each block."""

TIME_IS_UP = Text("the best found when time was up; a better one may exist within the gap")
STOPPED = Text("the best found when the proof was stopped; a better one may exist within the gap")


def proof(
    problem: Problem, start: Solution, *, watch: Watch = nobody, seconds: float = 60.0
) -> Solution:
    """
    Improve an answer until nothing better can exist, time is up or nobody waits any more.

    A long run of the Lagrangian relaxation decides most candidates; what it
    leaves open goes to HiGHS as a sparse program that starts from the answer
    known.

    Parameters
    ----------
    problem
        The question.
    start
        An answer to it, from `quick` or an earlier proof; the result is never worse.
    watch
        Told several times a second how far the proof is, with the best value,
        the bound and the gap in `doing`. Raising `Cancelled` ends the proof:
        the best answer so far is returned with its gap.
    seconds
        Time the solver may take.

    Returns
    -------
    solution
        `proven`, or the best answer known with what is known of its bound.

    Raises
    ------
    InfeasibleError
        If no choice can keep to what is asked; it says which districts cannot
        reach their floor and the best they can have.

    Source
    ------
    Q. Huangfu, J. A. J. Hall: Parallelizing the dual revised simplex method.
    Mathematical Programming Computation 10 (2018) 119-142.
    """
    if start.proven:
        return start
    run = _Run(problem, start, watch, seconds)
    try:
        if problem.model == "p_center":
            _center(run)
        else:
            _proof(run)
    except Cancelled:
        return run.answer(STOPPED)
    return run.answer(TIME_IS_UP)


class _Run:
    """A proof under way: the best answer so far, the bound so far, and the time left."""

    def __init__(self, problem: Problem, start: Solution, watch: Watch, seconds: float) -> None:
        self.problem = problem
        self.best = start
        self.bound = start.bound
        self.watch = watch
        self.seconds = self.left = seconds
        self.done = 0.0

    @property
    def kept(self) -> bool:
        """Whether the best answer keeps everything that was asked."""
        return self.best.missing <= tolerance(self.problem)

    @property
    def known(self) -> float:
        """Value of the best answer; the worst there is if it does not keep what was asked."""
        if self.kept:
            return self.best.value
        return -np.inf if self.problem.most else np.inf

    def answer(self, how: Text) -> Solution:
        """Return the best answer with what is known of it."""
        return solution(self.problem, self.best.chosen, self.bound, how=how)

    def tighten(self, limit: float) -> None:
        """Take a bound if it says more than the one known."""
        if np.isfinite(limit):
            self.bound = min(self.bound, limit) if self.problem.most else max(self.bound, limit)

    def offer(self, chosen: Ints) -> None:
        """Take a choice if it is better than the best one known."""
        found = solution(self.problem, chosen, self.bound)
        if found.missing > tolerance(self.problem):
            return
        sign = 1.0 if self.problem.most else -1.0
        if not self.kept or sign * found.value > sign * self.best.value:
            self.best = found

    def tell(self, done: float, value: float, limit: float) -> None:
        """Tell the watch how far it is; what is done never goes back."""
        self.done = max(self.done, min(done, 0.99))
        largest = max(abs(value), abs(limit), 1e-12)
        if not np.isfinite(value) or not np.isfinite(limit):
            self.watch(self.done, Text("looking for a first bound"))
            return
        gap = 100.0 * abs(value - limit) / largest
        self.watch(
            self.done,
            Text(
                "best so far {value}, at best {bound}: {gap} % apart",
                value=value, bound=limit, gap=round(gap, 2),
            ),
        )  # fmt: skip

    def progress(self, own: bool) -> Progress:  # noqa: FBT001, one caller each
        """Return what a solver tells: values of this question (`own`) or of a part of it."""

        def told(value: float, limit: float, seconds: float) -> None:
            if own:
                self.tighten(limit)
                value = max(value, self.known) if self.problem.most else min(value, self.known)
            else:
                value = self.known
            used = self.seconds - self.left + seconds
            self.tell(used / max(self.seconds, 1e-9), value, self.bound)

        return told


def _proof(run: _Run) -> None:
    """Prove every model but the centre."""
    run.tell(0.0, run.known, run.bound)
    core = reduced(run.problem, spare=run.best.chosen)
    bounded = None if run.problem.capacity is not None else _bounded(run, core)
    state = core.state
    if bounded is not None and run.kept:
        if _closed(run, core):
            return
        state = decided(core, bounded, run.best.value, run.best.chosen)
    _solved(run, core, state, bounded)


def _bounded(run: _Run, core: Core) -> Bound:
    """Bound by many steps, and search again from what the bound suggests."""
    steps = int(np.clip(WORK // max(1, core.costs.nnz), 20, 200))
    bounded: Bound | None = None
    for block in range(BLOCKS):
        known = run.known if np.isfinite(run.known) else run.best.value
        after = bound(core, known, steps=steps, before=bounded)
        stuck = bounded is not None and abs(after.loose - bounded.loose) <= 1e-6 * abs(known)
        bounded = after
        run.tighten(bounded.value)
        _improved(run, core, bounded, block)
        run.tell(0.02 * (block + 1), run.known, run.bound)
        if (stuck and block >= BLOCKS // 2) or _closed(run, core):
            break
    return bounded if bounded is not None else bound(core, run.best.value)


def _improved(run: _Run, core: Core, bounded: Bound, block: int) -> None:
    """Search again, from what the bound suggests and from the best answer."""
    if len(core.floor_people):
        return
    if run.problem.model == "lscp":
        cheaper = with_less(core, run.best.chosen, seed=block + 1, attempts=COVERS)
        run.offer(run.best.chosen if cheaper is None else cheaper)
        return
    run.offer(searched(core, suggested(core, bounded), seed=block, shakes=2))
    run.tell(0.02 * (block + 0.5), run.known, run.bound)
    run.offer(searched(core, run.best.chosen, seed=block, shakes=SHAKES))


def _closed(run: _Run, core: Core) -> bool:
    """Whether no value fits between the best answer and the bound."""
    if not run.kept:
        return False
    apart = abs(run.best.value - run.bound)
    closed = apart <= max(granularity(core) - 1e-6, 1e-9 * max(1.0, abs(run.bound)))
    if closed:
        run.bound = run.best.value
    return closed


def _solved(run: _Run, core: Core, state: Ints, bounded: Bound | None) -> None:
    """Hand what is open to the solver."""
    known = run.best.value
    question = posed(core, state, bounded if run.kept else None, known, run.best.chosen)
    inside = core.columns(run.best.chosen)
    start = question.written(inside) if run.kept else None
    apart = max(granularity(core) - 1e-6, 0.0)
    outcome = question.program.solve(
        start=start, seconds=run.left, apart=apart, progress=run.progress(own=True)
    )
    run.left -= outcome.seconds
    if outcome.values is not None:
        run.offer(core.original(question.read(outcome.values)))
    if outcome.status == "infeasible" and not run.kept:
        refuse(run.problem, proof, watch=part(run.watch, 0.5, 1.0), seconds=run.left)
    _conclude(run, core, outcome)
    if outcome.status == "cancelled":
        raise Cancelled


def _conclude(run: _Run, core: Core, outcome: Outcome) -> None:
    """Take the solver's bound; what was decided before holds for better answers only."""
    limit = outcome.bound
    if outcome.status in {"optimal", "infeasible"} and run.kept:
        run.bound = run.best.value
    elif np.isfinite(limit) and run.kept:
        sign = 1.0 if run.problem.most else -1.0
        run.tighten(sign * max(sign * limit, sign * run.best.value))
    elif np.isfinite(limit):
        run.tighten(limit)
    _closed(run, core)


def _center(run: _Run) -> None:
    """Halve the range between the bound and the best answer by exact full covers."""
    ways = possible(run.problem)
    low = int(np.searchsorted(ways, run.bound - 1e-9))
    high = int(np.searchsorted(ways, run.best.value - 1e-9)) if run.kept else len(ways)
    first = max(1, high - low)
    while low < high and run.left > 0:
        middle = (low + high) // 2
        chosen, impossible = covered_within(
            run.problem, float(ways[middle]), seed=middle, start=run.best.chosen
        )
        done = 1.0 - np.log2(1 + high - low) / np.log2(1 + first + 1)
        run.tell(float(done), run.known, run.bound)
        if chosen is None and not impossible:
            chosen, impossible = _covered(run, float(ways[middle]))
        if chosen is not None:
            run.offer(chosen)
            high = min(middle, int(np.searchsorted(ways, run.best.value - 1e-9)))
        elif impossible:
            low = middle + 1
            run.tighten(float(ways[low]) if low < len(ways) else np.inf)
        else:
            return
    if low >= len(ways):
        refuse(run.problem, proof, watch=run.watch, seconds=run.left)
    if low >= high:
        run.tighten(run.best.value)


def _covered(run: _Run, way: float) -> tuple[Ints | None, bool]:
    """Find out whether the places suffice to reach everybody within a way, and say which do."""
    core = cover_within(run.problem, way)
    question = posed(core, core.state, None, 0.0, run.problem.fixed)
    row = question.program.rows(-np.inf, run.problem.limit + 1e-9, 1)
    question.program.put(row, question.places, core.price)
    outcome = question.program.solve(
        seconds=run.left, apart=granularity(core), progress=run.progress(own=False)
    )
    run.left -= outcome.seconds
    if outcome.values is not None:
        return core.original(question.read(outcome.values)), False
    if outcome.status == "cancelled":
        raise Cancelled
    return None, outcome.status == "infeasible"
