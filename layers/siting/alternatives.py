"""Other answers that are nearly as good: what remains when a site falls through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InfeasibleError
from ..text import Text
from ..watch import Watch, nobody, part
from .centering import center
from .finding import solution, tolerance
from .problem import Ints, Problem, Solution
from .reducing import reduced
from .rooms import roomy
from .searching import limited, mended, searched, with_floors, without_idle

DEPTH = 3
"""So many places of the best answer are forbidden together, at most."""

WIDTH = 12
"""So many answers of one wave are varied further."""

ENOUGH = 3
"""Among so many times the answers wanted, the most unlike are picked."""


def alternatives(
    problem: Problem,
    best: Solution,
    count: int = 10,
    *,
    within: float = 0.02,
    seed: int = 0,
    watch: Watch = nobody,
) -> list[Solution]:
    """
    Find answers that are nearly as good as the best and unlike each other.

    Each place of the best answer is forbidden in turn, then each of what is
    best without it, and so on: what remains if a site cannot be had.

    Parameters
    ----------
    problem
        The question.
    best
        The best answer known.
    count
        So many at most, `best` not among them.
    within
        Share by which their value may be worse.
    seed
        As in `quick`.
    watch
        Told how far it is.

    Returns
    -------
    solutions
        Each differs from `best` and from each other by at least one place;
        those that differ most come first.
    """
    if best.missing > tolerance(problem):
        return []
    pool = {tuple(best.chosen): best}
    wave: list[Wave] = [((), best)]
    search = _Search(problem, best, within, seed)
    for depth in range(DEPTH):
        at = part(watch, depth / DEPTH, (depth + 1) / DEPTH)
        wave = search.without_one_each(wave, pool, ENOUGH * count, at)
    del pool[tuple(best.chosen)]
    return _unlike(best, list(pool.values()), count)


Wave = tuple[tuple[int, ...], Solution]
"""Places that are forbidden, and the best answer without them."""


@dataclass(frozen=True, eq=False)
class _Search:
    """What stays the same while one place after the other is forbidden."""

    problem: Problem
    best: Solution
    within: float
    seed: int

    def without_one_each(
        self, wave: list[Wave], pool: dict[tuple[int, ...], Solution], enough: int, watch: Watch
    ) -> list[Wave]:
        """Forbid each place of each answer in turn, and see what is best without it."""
        found: dict[tuple[int, ...], Solution] = {}
        pairs = [
            (tuple(sorted([*barred, int(j)])), answer)
            for barred, answer in wave[:WIDTH]
            for j in np.setdiff1d(answer.chosen, self.problem.fixed)
        ]
        for number, (barred, answer) in enumerate(pairs):
            watch(number / len(pairs), Text("looking for other choices that are nearly as good"))
            if len(pool) > enough:
                break
            if barred in found:
                continue
            other = self.answer(barred, answer)
            if other is not None:
                found[barred] = other
                pool.setdefault(tuple(other.chosen), other)
        return list(found.items())

    def answer(self, barred: tuple[int, ...], before: Solution) -> Solution | None:
        """Answer without some places; None if that is much worse, or not possible."""
        excluded = np.union1d(self.problem.excluded, np.array(barred, dtype=np.intp))
        start = np.setdiff1d(before.chosen, barred)
        try:
            chosen = self.chosen(self.problem.but(excluded=excluded), start)
        except InfeasibleError:
            return None
        if chosen is None:
            return None
        found = solution(self.problem, chosen, self.best.bound)
        kept = found.missing <= tolerance(self.problem)
        return found if kept and _near(found, self.best, self.within) else None

    def chosen(self, problem: Problem, start: Ints) -> Ints | None:
        """Choose without bounding."""
        if problem.capacity is not None:
            return roomy(problem, seed=self.seed)
        if problem.model == "p_center":
            return center(problem, seed=self.seed)[0]
        core = reduced(problem, spare=start)
        if problem.model == "lscp":
            spent = (1.0 + self.within) * self.best.value - problem.closing_all + 1e-9
            found = mended(limited(core, spent), start, seed=self.seed, attempts=200)
            return None if found is None else without_idle(core, found)
        chosen = searched(core, start, seed=self.seed, shakes=2)
        return with_floors(core, chosen, seed=self.seed)[0] if len(problem.floors) else chosen


def _near(other: Solution, best: Solution, within: float) -> bool:
    """Whether an answer is nearly as good as the best."""
    return abs(other.value - best.value) <= within * max(abs(best.value), 1e-12) + 1e-9


def _unlike(best: Solution, pool: list[Solution], count: int) -> list[Solution]:
    """Pick answers one by one, each as unlike all before as can be; of equals the better one."""
    picked = [best]
    while pool and len(picked) <= count:
        apart = [min(len(np.setxor1d(s.chosen, other.chosen)) for other in picked) for s in pool]
        off = [abs(s.value - best.value) for s in pool]
        at = min(range(len(pool)), key=lambda k: (-apart[k], off[k], tuple(pool[k].chosen)))
        picked.append(pool.pop(at))
    return picked[1:]
