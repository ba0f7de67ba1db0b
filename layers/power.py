"""
Power: how likely the default test finds a place that really is worse, at these volumes.

A map without hot spots says little where marks are few. So before anything is
shown, marks are drawn many times from a place that is known to be worse, and
tested as the map would test them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .exact_tests import hypergeometric, smallest
from .grid_towns import SIDE, busiest, busy_places, footfall
from .multiple_tests import RATE
from .paths import Bools, Floats, Ints

TIMES = 3.0
"""An excess worth finding: so many times as many unsafe marks as elsewhere; METHODS, 4."""
ENOUGH = 0.8
"""Power that a plan should have; convention of the field (Cohen 1988)."""
MOST = 10_000
"""More further marks than this [of one kind] are not looked for: no town collects them."""
STEPS = 7
"""Halvings of the span, on a logarithmic scale, in which the marks needed are looked for."""
SEARCHED, LEAST, CELLS = 150, 40, 300_000
"""So many maps, but fewer of many units, are drawn for each number of further marks tried."""


@dataclass(frozen=True)
class Needed:
    """
    How many further marks would do; None: not even `MOST` would.

    Parameters
    ----------
    controls
        If only at-ease marks come.
    both
        If unsafe and at-ease marks come alike, so many of each.
    """

    controls: int | None
    both: int | None


@dataclass(frozen=True)
class Power:
    """
    How likely a local excess is found.

    Parameters
    ----------
    power
        Share of the draws in which it was.
    draws
        How many draws; the share is sure to about 1 / sqrt(draws).
    needed
        Further marks to reach `ENOUGH`.
    """

    power: float
    draws: int
    needed: Needed


@dataclass(frozen=True, eq=False)
class Excess:
    """
    Where marks fall when one place is worse.

    Parameters
    ----------
    cases, controls
        (draws, m) share of the unsafe and of the at-ease marks in each unit.
    worse
        (draws, w) the units that are worse.
    """

    cases: Floats
    controls: Floats
    worse: Ints

    @classmethod
    def of(cls, share: Floats, worse: Ints, times: float) -> Excess:
        """Make the units `worse` receive so many times as many cases for their share."""
        cases = share.copy()
        rows = np.arange(len(share))[:, None]
        cases[rows, worse] *= times
        return cls(cases / cases.sum(axis=1, keepdims=True), share, worse)

    def some(self, draws: int) -> Excess:
        """Return the first so many draws."""
        return Excess(self.cases[:draws], self.controls[:draws], self.worse[:draws])


def local_excess(
    cases: int,
    controls: int,
    *,
    times: float = TIMES,
    units: int | ArrayLike = SIDE * SIDE,
    beside: ArrayLike | None = None,
    draws: int = 300,
    seed: int = 1,
    rate: float = RATE,
    every: bool = False,
) -> Power:
    """
    Estimate how likely the default test finds one place with a local excess, and what would do.

    Parameters
    ----------
    cases, controls
        All unsafe and all at-ease marks.
    times
        How many times as many unsafe marks for the people there as elsewhere.
    units
        (m,) marks in each unit of the map: then one of the units with the most
        marks is worse. Or a number: imagined towns of so many square cells
        (`grid_towns`), in which a block of two by two is worse, lies where
        many people are, and counts as found with any of its cells. These
        towns have a strong centre: where marks are spread more evenly than in
        them the power is less, so give the marks where they are known.
    beside
        (m, w) units that are worse together with each unit of the map; where there
        are fewer, the unit itself again. The place counts as found with any
        of them. None: one unit alone is worse.
    draws
        How many maps are drawn.
    seed
        Decides which.
    rate
        Rate of false alarms among what is found.
    every
        Whether the test corrects for every unit that has marks, as most
        programs do, and not only for those that can be found at all.

    Source
    ------
    Simulated; the test is `exact_tests.hypergeometric` in all units that can
    be found at all (`multiple_tests.attainable`), corrected by
    `multiple_tests.benjamini_hochberg`. The imagined towns are as uneven as
    it takes to find a threefold excess among 20 by 20 cells, when corrected for
    `every` one, as often as earlier simulations did: with 60 unsafe and 20
    at-ease marks never, with 200/70 in 6 %, 200/200 in 35 % and 800/800 in
    84 % of 300 runs.
    """
    rng = np.random.default_rng(seed)
    excess = _excess(units, beside, draws, times, rng)
    noise = int(rng.integers(2**32))

    def reached(of: Excess, more_cases: int, more_controls: int) -> float:
        return found_share(of, cases + more_cases, controls + more_controls, noise, rate, every)

    power = reached(excess, 0, 0)
    fewer = excess.some(int(np.clip(CELLS // excess.cases.shape[1], LEAST, SEARCHED)))
    return Power(
        power=power,
        draws=draws,
        needed=Needed(
            controls=_needed(power, lambda more: reached(fewer, 0, more)),
            both=_needed(power, lambda more: reached(fewer, more, more)),
        ),
    )


def found_share(
    excess: Excess,
    cases: int,
    controls: int,
    seed: int,
    rate: float,
    every: bool,  # noqa: FBT001, handed on
) -> float:
    """
    Draw marks, test every unit, and count how often one of the worse units is found.

    Parameters
    ----------
    excess
        Where marks fall.
    cases, controls
        How many of each kind.
    seed
        Decides where each mark falls.
    rate, every
        As in `local_excess`.
    """
    draws, m = excess.cases.shape
    rng = np.random.default_rng(seed)
    many = rng.multinomial(cases, excess.cases).ravel()
    few = rng.multinomial(controls, excess.controls).ravel()
    filled = np.flatnonzero(many + few)
    totals = cases, controls
    if not every:
        marks = many[filled], few[filled]
        filled = filled[_attainable(filled // m, *marks, totals, draws, rate)]
    p = hypergeometric(many[filled], few[filled], totals=totals)
    draw = filled // m
    tests = np.bincount(draw, minlength=draws)
    small = np.flatnonzero(p <= rate)
    order = small[np.lexsort((p[small], draw[small]))]
    rank = 1 + np.arange(len(order)) - np.searchsorted(draw[order], draw[order])
    limit = np.full(draws, -1.0)
    passed = p[order] <= rate * rank / tests[draw[order]]
    np.maximum.at(limit, draw[order[passed]], p[order[passed]])
    worse = np.zeros(draws * m, dtype=bool)
    worse[(np.arange(draws)[:, None] * m + excess.worse).ravel()] = True
    hit = worse[filled] & (p <= limit[draw])
    return len(np.unique(draw[hit])) / draws


def _attainable(
    draw: Ints, many: Ints, few: Ints, totals: tuple[int, int], draws: int, rate: float
) -> Bools:
    """Tell in every draw which units can be found at all, as `multiple_tests.attainable` does."""
    least = smallest(many, few, totals=totals)
    keys = np.sort(2 * draw + least)
    start = np.searchsorted(draw, np.arange(draws))
    low, high = np.ones(draws, dtype=np.intp), np.maximum(np.bincount(draw, minlength=draws), 1)
    while (low < high).any():
        k = (low + high) // 2
        below = np.searchsorted(keys, 2 * np.arange(draws) + rate / k, side="right") - start
        low, high = np.where(below <= k, low, k + 1), np.where(below <= k, k, high)
    return np.asarray(least <= rate / low[draw])


def _excess(
    units: int | ArrayLike,
    beside: ArrayLike | None,
    draws: int,
    times: float,
    rng: np.random.Generator,
) -> Excess:
    """Draw for each map which place is worse."""
    given = np.asarray(units, dtype=float)
    if not given.ndim:
        share = footfall(rng, draws, side=max(2, round(float(given) ** 0.5)))
        return Excess.of(share, busy_places(rng, share), times)
    held = np.flatnonzero(given > 0)
    if not len(held):
        raise ValueError("units have marks")
    share = given[held] / given.sum()
    worse = rng.choice(busiest(share[None])[0], (draws, 1))
    if beside is not None:
        rank = np.full(len(given), -1)
        rank[held] = np.arange(len(held))
        others = rank[np.asarray(beside, dtype=np.intp)[held[worse[:, 0]]]]
        worse = np.where(others < 0, worse, others)
    return Excess.of(np.tile(share, (draws, 1)), worse, times)


def _needed(power: float, reached: Callable[[int], float]) -> int | None:
    """Find how many further marks reach `ENOUGH`, rounded up to two digits."""
    if power >= ENOUGH:
        return 0
    low, high = 1.0, float(MOST)
    if reached(MOST) < ENOUGH:
        return None
    for _ in range(STEPS):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if reached(round(middle)) >= ENOUGH else (middle, high)
    step = 10 ** max(len(str(round(high))) - 2, 0)
    return -(-round(high) // step) * step
