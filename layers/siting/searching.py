"""Searches for good choices: for reach and short ways, full cover, centres, with floors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .bounding import Bound, bound
from .judging import Judged, judge
from .problem import Bools, Floats, Ints, Problem
from .reducing import KEPT, Core

SHAKES = 16
"""So often a choice is shaken and improved again."""

STEPS = 150
"""Steps of the subgradient method for an answer at once."""

EFFORT = 200_000
"""Entries up to which all shakes and steps are taken; with more, fewer."""

ATTEMPTS = 400
"""So many times those whom a cover leaves out are given more weight."""

ROOMY = 50_000
"""Entries up to which all attempts at a cover are made; with more, fewer."""

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
    effort = float(np.clip(EFFORT / max(1.0, work(core)), 0.15, 1.0))
    chosen = searched(core, problem.fixed, seed=seed, shakes=int(SHAKES * effort))
    value = judge(problem, chosen).value
    bounded = bound(core, value, steps=int(STEPS * effort))
    if np.isclose(bounded.value, value, rtol=1e-12):
        return chosen, bounded
    hinted = searched(core, suggested(core, bounded), seed=seed, shakes=SHAKES // 4)
    other = judge(problem, hinted).value
    return (hinted if (other > value) == problem.most else chosen), bounded


def work(core: Core) -> float:
    """Entries that one pass looks at; short ways look only at the nearest of each row."""
    if core.problem.model != "p_median":
        return float(core.costs.nnz)
    return core.costs.nnz / max(1.0, core.slots / 2.0)


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


def cover(core: Core, *, seed: int) -> tuple[Ints, Bound]:
    """
    Reach everybody with as little as can be: leave out one place, look whether exchanges mend it.

    Parameters
    ----------
    core
        A question of full cover.
    seed
        What shaking starts from.

    Returns
    -------
    chosen, bounded
        The choice, and the bound.
    """
    whole = replace(core, w=np.ones(len(core.w)))
    chosen = without_idle(whole, searched(whole, core.problem.fixed, seed=seed, shakes=0))
    bounded = bound(core, judge(core.problem, chosen).value, steps=3 * STEPS)
    attempts = int(np.clip(ATTEMPTS * ROOMY / max(1, core.costs.nnz), 30, ATTEMPTS))
    while judge(core.problem, chosen).value > bounded.value + 1e-9:
        cheaper = with_less(whole, chosen, seed=seed, attempts=attempts)
        if cheaper is None:
            break
        chosen = cheaper
    return chosen, bounded


def with_less(core: Core, chosen: Ints, *, seed: int, attempts: int) -> Ints | None:
    """Look for a full cover that costs at least a little less; None if none was found."""
    step = float(core.price[core.free & (core.price > 0)].min(initial=np.inf))
    if not np.isfinite(step):
        return None
    tighter = limited(core, float(core.price[core.columns(chosen)].sum()) - step)
    kept = _lightened(tighter, chosen)
    tried = None if kept is None else mended(tighter, kept, seed=seed, attempts=attempts)
    return None if tried is None else without_idle(core, tried)


def mended(core: Core, start: Ints, *, seed: int, attempts: int = ATTEMPTS) -> Ints | None:
    """Exchange places until everybody is reached; who is left over weighs more each time."""
    # numba takes its time to start, and only siting needs this.
    from .kernels import mend  # noqa: PLC0415

    limit = min(core.problem.limit, 1e300) + 1e-9
    draws = np.random.default_rng(seed).random(attempts)
    inside, reached = mend(
        core.demand(np.ones(len(core.w))), core.price, limit, core.state,
        core.columns(start), core.slots, draws,
    )  # fmt: skip
    return core.original(inside) if reached else None


def limited(core: Core, limit: float) -> Core:
    """Turn a question of full cover into one of most reach within a limit."""
    problem = core.problem.but(model="mclp", budget=limit + core.problem.closing_all)
    return replace(core, problem=problem, w=np.ones(len(core.w)))


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


def without_idle(core: Core, chosen: Ints) -> Ints:
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
