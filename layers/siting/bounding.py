"""How good an answer can be at most, and which candidates that leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .problem import Floats, Ints
from .reducing import BARRED, KEPT, Core


@dataclass(frozen=True, eq=False)
class Bound:
    """
    What no choice can better.

    Parameters
    ----------
    value
        In the units of the question's value.
    reduced
        (c,) by how much choosing a candidate would help (below 0: would
        spoil) the relaxed question.
    loose
        Bound before it is rounded to a value that can occur.
    paid
        (r,) what each demand pays in the relaxed question, at most.
    """

    value: float
    reduced: Floats
    loose: float
    paid: Floats


def bound(core: Core, known: float, *, steps: int = 150, before: Bound | None = None) -> Bound:
    """
    Bound the value of a question by Lagrangian relaxation.

    Parameters
    ----------
    core
        The question without capacities; floors are left out of account, which
        keeps the bound valid.
    known
        Value of the best choice known.
    steps
        So many steps of the subgradient method at most.
    before
        An earlier bound to go on from; the better of both is returned.

    Source
    ------
    G. Cornuéjols, M. L. Fisher, G. L. Nemhauser: Location of bank accounts to
    optimize float: an analytic study of exact and approximate algorithms.
    Management Science 23 (1977) 789-810.
    M. L. Fisher: The Lagrangian relaxation method for solving integer
    programming problems. Management Science 27 (1981) 1-18.
    """
    # numba takes its time to start, and only siting needs this.
    from .relaxation import COVER, REACH, WAYS, relax  # noqa: PLC0415

    problem = core.problem
    finite = known if np.isfinite(known) else core.settled
    grain = granularity(core)
    enough = grain - 1e-6 if grain else 1e-9 * max(1.0, abs(finite))
    kind = {"p_median": WAYS, "lscp": COVER}.get(problem.model, REACH)
    sign = 1.0 if problem.most else -1.0
    of = core.demand()
    if kind == COVER:
        dearest = float(core.price[core.free].max(initial=0.0))
        of = of._replace(w=np.ones(len(core.w)), first=dearest)
    loose, worth, of_room, paid = relax(
        of, kind, core.price,
        min(problem.limit, 1e300), core.state, sign * (finite - core.settled), enough, steps,
        np.empty(0) if before is None else before.paid,
    )  # fmt: skip
    value = sign * _rounded(loose, grain) + core.settled
    loose = sign * loose + core.settled
    found = Bound(float(value), worth - of_room * core.price, float(loose + core.settled), paid)
    if before is not None and (before.loose < found.loose) == problem.most:
        return before
    return found


def decided(core: Core, bounded: Bound, known: float, chosen: Ints) -> Ints:
    """
    Decide candidates that no better choice could decide otherwise.

    Parameters
    ----------
    core
        The question.
    bounded
        Its bound.
    known
        Value of the best choice known.
    chosen
        That choice; it stays possible.

    Returns
    -------
    state
        (c,) of the candidates, with more of them kept or barred.
    """
    slack = abs(bounded.loose - known)
    better = granularity(core) or 1e-9 * max(1.0, abs(known))
    inside = core.columns(chosen)
    hopeless = np.abs(bounded.reduced) > slack - better + 1e-7 * max(1.0, abs(known))
    state = core.state.copy()
    free = core.free
    state[free & hopeless & (bounded.reduced < 0) & ~inside] = BARRED
    state[free & hopeless & (bounded.reduced > 0) & inside] = KEPT
    return state


def granularity(core: Core) -> float:
    """How far apart two different values of the question are at least; 0 if that is not known."""
    model = core.problem.model
    if core.problem.capacity is not None and model != "lscp":
        return 0.0
    if model == "lscp":
        return 1.0 if _whole(core.price) else 0.0
    if model == "p_median":
        penalty = np.array([core.problem.penalty])
        return 1.0 if _whole(core.w) and _whole(core.costs.data) and _whole(penalty) else 0.0
    if model == "backup" and not _whole(core.w * core.problem.second):
        return 0.0
    return 1.0 if _whole(core.w) else 0.0


def _whole(values: Floats) -> bool:
    """Whether all values are whole numbers that sums keep exact."""
    return bool((values == np.round(values)).all() and np.abs(values).sum() < 2**52)


def _rounded(value: float, grain: float) -> float:
    """Round an upper bound down to a value that can occur, allowing for what computing lost."""
    if not grain or not np.isfinite(value):
        return value
    lost = min(1e-7 * max(1.0, abs(value)) / grain, 0.5)
    return float(np.floor(value / grain + lost)) * grain
