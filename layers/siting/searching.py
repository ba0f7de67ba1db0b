"""Searches for good choices: for reach and short ways, full cover, centres, with floors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .bounding import Bound, bound
from .judging import Judged, judge
from .problem import Bools, Floats, Ints, Problem
from .reducing import KEPT, Core, reduced

SHAKES = 16
"""So often a choice is shaken and improved again."""

ROUNDS = 14
"""So many times districts below their floor are given more weight."""


def searched(
    core: Core, start: Ints, *, seed: int, shakes: int = SHAKES, w: Floats | None = None
) -> Ints:
    """
    Improve a choice by exchanging places.

    Parameters
    ----------
    core
        The question.
    start
        Candidates to start from.
    seed, shakes
        What shaking starts from, and how often it is done.
    w
        (r,) weights instead of the question's own.

    Returns
    -------
    chosen
        Candidates of the question.
    """
    # numba takes its time to start, and only siting needs this.
    from .kernels import search  # noqa: PLC0415

    problem = core.problem
    draws = np.random.default_rng(seed).random((shakes, 4))
    limit = min(problem.limit, 1e300) + 1e-9
    inside = search(
        core.demand(w), problem.model == "p_median", core.price, limit, core.state,
        core.columns(start), core.slots, draws,
    )  # fmt: skip
    return core.original(inside)


def best_found(core: Core, *, seed: int) -> tuple[Ints, Bound]:
    """
    Search, bound, and search once more from what the bound suggests.

    Returns
    -------
    chosen, bounded
        The better of both choices, and the bound.
    """
    problem = core.problem
    chosen = searched(core, problem.fixed, seed=seed)
    value = judge(problem, chosen).value
    bounded = bound(core, value)
    if np.isclose(bounded.value, value, rtol=1e-12):
        return chosen, bounded
    hinted = searched(core, suggested(core, bounded), seed=seed, shakes=SHAKES // 4)
    other = judge(problem, hinted).value
    return (hinted if (other > value) == problem.most else chosen), bounded


def suggested(core: Core, bounded: Bound) -> Ints:
    """Choose what a bound finds most helpful, as far as there is room."""
    order = np.argsort(-bounded.reduced, kind="stable")
    order = order[core.free[order]]
    room = core.problem.limit - float(core.price[core.state == KEPT].sum())
    fits = np.cumsum(core.price[order]) <= room + 1e-9
    inside = core.state == KEPT
    inside[order[fits]] = True
    return core.original(inside)


def with_floors(core: Core, start: Ints, *, seed: int) -> tuple[Ints, Judged]:
    """
    Give districts below their floor more weight until every floor is kept, then less again.

    Returns
    -------
    chosen, judged
        The best choice that keeps every floor; without one, the choice that
        is missing fewest people.
    """
    problem = core.problem
    best, kept = start, judge(problem, start)
    bonus, known = np.zeros(len(problem.floors)), core.district >= 0
    scale = float(core.w.sum() / max(core.people.sum(), 1e-12))
    chosen, judged = start, kept
    for number in range(ROUNDS):
        short = judged.shares < problem.floors - 1e-9
        if not short.any() and number == 0:
            break
        bonus = np.where(short, 2 * bonus + 0.5, 0.6 * bonus)
        w = core.w.copy()
        w[known] += scale * bonus[core.district[known]] * core.people[known]
        chosen = searched(core, chosen, seed=seed + number, shakes=2, w=w)
        judged = judge(problem, chosen)
        if _preferred(problem, judged, kept):
            best, kept = chosen, judged
    return best, kept


def _preferred(problem: Problem, new: Judged, old: Judged) -> bool:
    """Whether one choice is to be preferred to another: floors first, then the value."""
    if min(new.missing, old.missing) > 1e-9 or (new.missing > 1e-9) != (old.missing > 1e-9):
        return new.missing < old.missing
    return new.value > old.value if problem.most else new.value < old.value


def cover(core: Core, *, seed: int) -> Ints:
    """
    Reach everybody with as little as can be: leave out one place, look whether exchanges mend it.

    Parameters
    ----------
    core
        A question of full cover.
    seed
        What shaking starts from.
    """
    whole = replace(core, w=np.ones(len(core.w)))
    chosen = _without_idle(whole, searched(whole, core.problem.fixed, seed=seed, shakes=0))
    step = float(core.price[core.free & (core.price > 0)].min(initial=np.inf))
    while np.isfinite(step):
        price = float(core.price[core.columns(chosen)].sum())
        tighter = _limited(whole, price - step)
        kept = _lightened(tighter, chosen)
        if kept is None:
            return chosen
        tried = searched(tighter, kept, seed=seed)
        if judge(core.problem, tried).missing > 0:
            return chosen
        chosen = _without_idle(whole, tried)
    return chosen


def _limited(core: Core, limit: float) -> Core:
    """Turn a question of full cover into one of most reach within a limit."""
    return replace(core, problem=_within(core.problem, limit))


def _within(problem: Problem, limit: float) -> Problem:
    """Ask for most reach within a limit."""
    return problem.but(model="mclp", budget=limit + problem.closing_all)


def _lightened(core: Core, chosen: Ints) -> Ints | None:
    """Leave out what is missed least until the limit is kept; None if only kept places remain."""
    inside = core.columns(chosen)
    while core.price[inside].sum() > core.problem.limit + 1e-9:
        open_ones = np.flatnonzero(inside & core.free)
        if not len(open_ones):
            return None
        times = np.bincount(_rows_of_inside(core, inside), minlength=len(core.w))
        missed = [
            float(core.w[part[times[part] == 1]].sum())
            for part in (core.demands_of(j) for j in open_ones)
        ]
        inside[open_ones[int(np.argmin(missed))]] = False
    return core.original(inside)


def _rows_of_inside(core: Core, inside: Bools) -> Ints:
    """Rows of the entries of chosen columns."""
    rows = [core.demands_of(j) for j in np.flatnonzero(inside)]
    return np.concatenate([np.empty(0, dtype=np.intp), *rows]).astype(np.intp)


def _without_idle(core: Core, chosen: Ints) -> Ints:
    """Leave out places without which everybody is still reached, the dearest first."""
    inside = core.columns(chosen)
    times = np.bincount(_rows_of_inside(core, inside), minlength=len(core.w))
    candidates = np.flatnonzero(inside & core.free)
    for j in candidates[np.argsort(-core.price[candidates], kind="stable")]:
        part = core.demands_of(j)
        if (times[part] > 1).all():
            inside[j] = False
            times[part] -= 1
    return core.original(inside)


def center(problem: Problem, *, seed: int) -> tuple[Ints, float]:
    """
    Halve the range of possible longest ways: cover everybody within, or show that it cannot be.

    Returns
    -------
    chosen, least
        Choice with the shortest longest way found, and the length below which
        there is certainly none. An empty choice if nobody could reach everybody.
    """
    ways = possible(problem)
    best: Ints = np.empty(0, dtype=np.intp)
    low, high, least = 0, len(ways), 0
    while low < high:
        middle = (low + high) // 2
        chosen, impossible = covered_within(problem, float(ways[middle]), seed=seed)
        if chosen is not None:
            best, high = chosen, middle
            reached = judge(problem, best).value
            high = min(high, int(np.searchsorted(ways, reached)))
        else:
            low = middle + 1
            least = low if impossible else least
    return best, float(ways[least]) if least < len(ways) else np.inf


def possible(problem: Problem) -> Floats:
    """Costs that the longest way can have, ascending: none below what somebody needs anyway."""
    needed = problem.counts & ~problem.stranded
    costs = problem.costs
    barred = np.isin(costs.indices, problem.excluded)
    known = np.where(barred, np.inf, costs.data)
    if not len(known):
        return np.zeros(1)
    starts = np.minimum(costs.indptr[:-1], len(known) - 1)
    nearest = np.minimum.reduceat(known, starts)
    least = float(nearest[needed].max(initial=0.0))
    ways = np.unique(known[np.isfinite(known) & (known >= least)])
    return ways if len(ways) else np.zeros(1)


def covered_within(problem: Problem, way: float, *, seed: int) -> tuple[Ints | None, bool]:
    """
    Look for a choice that reaches everybody within a way.

    Returns
    -------
    chosen, impossible
        The choice, None if none was found; and whether there is certainly none.
    """
    asked = problem.but(model="mclp", weights=problem.counts.astype(np.float64))
    core = reduced(asked, within=way)
    everybody = float(np.count_nonzero(problem.counts & ~problem.stranded))
    if core.settled + core.w.sum() < everybody - 0.5:
        return None, True
    chosen, bounded = best_found(core, seed=seed)
    if judge(problem, chosen).value <= way:
        return chosen, False
    return None, bounded.value < everybody - 0.5
