"""
Whether marks became fewer where something was done, against where nothing was done.

The weighted displacement difference adds what changed in the treated and in
the displacement area and takes off what changed in their controls. With
X = after where something was done + before where not, and Y the other way
round, it is X - Y, and its published standard error is the root of X + Y. If
nothing works, X and Y have the same mean, and of X + Y marks X is binomial
with one half: so the same figure has an exact test and an exact interval,
which hold at any size. Those decide here; the normal ones are told beside.

A second judge guards against a control of another size: where marks change
everywhere by the same share, the difference alone would take that for an
effect. The ratio of ratios (Fisher's exact test) does not. Only what both
say is said.

Source
------
Wheeler & Ratcliffe (2018), Crime Science 7, 11; Fisher (1935), The Design of
Experiments; Clopper & Pearson (1934), Biometrika 26, 404-413.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import scipy  # its parts come when they are used: scipy.stats takes longer than the pages

from .exact_tests import share_interval
from .paths import Floats

Pair = tuple[Any, Any]
"""Before and after: counts, or arrays of them."""

LEVEL = 0.9
"""Level of intervals; one that excludes no change is a one-sided test at 5 % (METHODS)."""
POWER = 0.8
"""Chance with which an effect should be found (Cohen 1988, convention)."""
CASES = 12
"""Binary logarithm of how many cases stand for all that can occur."""
MOST = 100_000
"""Larger baselines are not looked for [marks]."""


@dataclass(frozen=True)
class Counts:
    """
    Marks before and after, in spans of equal length.

    Parameters
    ----------
    treated, control
        Where something was done, and where nothing was.
    displaced, displaced_control
        Around both, where marks may have moved to; none if that is not looked at.
    """

    treated: Pair
    control: Pair
    displaced: Pair = (0, 0)
    displaced_control: Pair = (0, 0)

    @property
    def total(self) -> int:
        """All marks that are compared."""
        return int(sum(sum(pair) for pair in astuple(self)))


class Difference(NamedTuple):
    """
    Change of marks beyond what changed in the control.

    `error`, `normal_low` and `normal_high` are as published; `low` and `high`
    are exact, given how many marks there are altogether.
    """

    difference: float
    error: float
    normal_low: float
    normal_high: float
    low: float
    high: float


class Ratio(NamedTuple):
    """How many times as many marks as the control says there would be, with an exact interval."""

    ratio: float
    low: float
    high: float


class Chances(NamedTuple):
    """How likely so few, or so many, are if nothing works: by the difference and by the ratio."""

    fewer: Floats
    fewer_ratio: Floats
    more: Floats
    more_ratio: Floats


def difference(counts: Counts, *, level: float = LEVEL) -> Difference:
    """
    Return the weighted displacement difference; below 0 is fewer marks.

    Parameters
    ----------
    counts
        Of one measure.
    level
        Level of both intervals.
    """
    x, y = _sides(counts)
    n = float(x + y)
    error = math.sqrt(n)
    reach = float(scipy.stats.norm.ppf((1 + level) / 2)) * error
    share = share_interval(x, n, level)
    exact = (n * (2 * float(share.low) - 1), n * (2 * float(share.high) - 1)) if n else (0.0, 0.0)
    found = float(x - y)
    return Difference(found, error, found - reach, found + reach, *exact)


def against_control(counts: Counts, *, level: float = LEVEL) -> Ratio:
    """
    Return how the marks changed for each mark that the control says would be there.

    Treated and displacement areas count together, so that marks that only
    moved next door are no gain. Conditional on the sums of the table; without
    a mark on one of its sides nothing is known.
    """
    table = np.array(_table(counts), dtype=int)
    if not table.sum(axis=0).all() or not table.sum(axis=1).all():
        return Ratio(math.nan, 0.0, math.inf)
    found = scipy.stats.contingency.odds_ratio(table, kind="conditional")
    interval = found.confidence_interval(confidence_level=level)
    return Ratio(float(found.statistic), float(interval.low), float(interval.high))


def chances(counts: Counts) -> Chances:
    """Test both ways by both judges; counts may be arrays."""
    x, y = _sides(counts)
    (after, before), (after_control, before_control) = _table(counts)
    ours, everything = after + before, after + before + after_control + before_control
    margins = (everything, ours, after + after_control)
    return Chances(
        np.asarray(scipy.stats.binom.cdf(x, x + y, 0.5)),
        np.asarray(scipy.stats.hypergeom.cdf(after, *margins)),
        np.asarray(scipy.stats.binom.sf(x - 1, x + y, 0.5)),
        np.asarray(scipy.stats.hypergeom.sf(after - 1, *margins)),
    )


def verdict(counts: Counts, *, level: float = LEVEL) -> Any:
    """
    Return "fewer", "more" or "none": the first two only if both judges exclude no change.

    Parameters
    ----------
    counts
        Of one measure, or arrays of many.
    level
        Each direction is tested at (1 - level) / 2.
    """
    tail, found = (1 - level) / 2, chances(counts)
    fewer = (found.fewer <= tail) & (found.fewer_ratio <= tail)
    more = (found.more <= tail) & (found.more_ratio <= tail)
    told = np.where(fewer, "fewer", np.where(more, "more", "none"))
    return told if told.ndim else str(told)


@cache
def power(
    baseline: float, control: float, drop: float, *, around: float = 0.0, level: float = LEVEL
) -> float:
    """
    Return the chance that both judges find a drop.

    The mean over evenly spread cases of the four counts (a Sobol sequence: the
    same each time, right to about half a point). The baselines are themselves
    counted once and may be high by chance, so they vary as well. Valid for
    Poisson counts: marks that come in bursts lower the power.

    Parameters
    ----------
    baseline, control
        Marks to be expected in each of the two spans if nothing changes.
    drop
        Share of the marks that goes away, 0 to 1; below 0 is a rise.
    around
        Marks in both displacement areas together, per span.
    level
        As in `verdict`.
    """
    if baseline <= 0:
        return 0.0
    half = around / 2
    means = (baseline, baseline * (1 - drop), control, control, half, half, half, half)
    cases = _cases()
    t0, t1, c0, c1, d0, d1, e0, e1 = (
        scipy.stats.poisson.ppf(u, mean) if mean > 0 else np.zeros(len(u))
        for u, mean in zip(cases.T, means, strict=True)
    )
    told = verdict(Counts((t0, t1), (c0, c1), (d0, d1), (e0, e1)), level=level)
    return float((told == "fewer").mean())


@cache
def _cases() -> Floats:
    """(n, 8) evenly spread points of the unit cube, none on its rim."""
    return np.asarray(scipy.stats.qmc.Sobol(8, scramble=False).random_base2(CASES) + 0.5 / 2**CASES)


@cache
def smallest_drop(
    baseline: float,
    control: float,
    *,
    around: float = 0.0,
    wanted: float = POWER,
    level: float = LEVEL,
) -> float:
    """
    Return the smallest drop that is found with the power wanted; NaN if not even all can be.

    Parameters
    ----------
    baseline, control, around, level
        As in `power`.
    wanted
        The power.
    """
    low, high = 0.0, 1.0
    if power(baseline, control, high, around=around, level=level) < wanted:
        return math.nan
    while high - low > 2e-3:  # a fifth of a percent
        middle = (low + high) / 2
        enough = power(baseline, control, middle, around=around, level=level) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def published_drop(baseline: float, *, wanted: float = POWER, level: float = LEVEL) -> float:
    """
    Return the smallest drop as the paper's normal formula has it, with an equal control.

    Solves baseline · drop = (z of the level + z of the power) · error, where
    the squared error is baseline · (4 - drop).
    """
    z = float(scipy.stats.norm.ppf((1 + level) / 2) + scipy.stats.norm.ppf(wanted))
    squared = z * z / baseline
    return (-squared + math.sqrt(squared * squared + 16 * squared)) / 2


@cache
def baseline_needed(drop: float, *, wanted: float = POWER, level: float = LEVEL) -> int:
    """
    Return how many marks before, with as many in the control, let a drop be found.

    Parameters
    ----------
    drop
        Above 0, at most 1.
    """
    low, high = 0, 8
    while power(high, high, drop, level=level) < wanted:
        low, high = high, high * 2
        if high > MOST:
            return MOST
    while high - low > 1:
        middle = (low + high) // 2
        enough = power(middle, middle, drop, level=level) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def _sides(counts: Counts) -> tuple[Any, Any]:
    """Return what counts for an effect and what against it."""
    (t0, t1), (c0, c1), (d0, d1), (e0, e1) = (tuple(map(np.asarray, p)) for p in _pairs(counts))
    return t1 + c0 + d1 + e0, t0 + c1 + d0 + e1


def _table(counts: Counts) -> tuple[Pair, Pair]:
    """Return after and before, here and in the control, each with what lies around it."""
    (t0, t1), (c0, c1), (d0, d1), (e0, e1) = (tuple(map(np.asarray, p)) for p in _pairs(counts))
    return (t1 + d1, t0 + d0), (c1 + e1, c0 + e0)


def _pairs(counts: Counts) -> tuple[Pair, Pair, Pair, Pair]:
    return counts.treated, counts.control, counts.displaced, counts.displaced_control
