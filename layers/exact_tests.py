"""
Exact tests and intervals of counts: no normal approximation, at any size.

Every test says how likely as many or more would be by chance alone, the count
itself included ("greater"); other alternatives have to be asked for. A
two-sided p is twice the smaller tail and at most 1, so that it says the same
as the interval beside it (Fay 2010).

Source
------
R. A. Fisher (1935), The Design of Experiments; F. Garwood (1936), Biometrika
28, 437-442; C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413;
M. P. Fay (2010), The R Journal 2(1), 53-58.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import (
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
)

from .paths import Floats, Ints

Alternative = Literal["greater", "less", "two-sided"]
"""Which deviation from chance a test looks for."""


class Interval(NamedTuple):
    """Lowest and highest value that the count does not speak against."""

    low: Any
    high: Any


class RateRatio(NamedTuple):
    """How many times as often, from `low` to `high`, and the p of a test against once."""

    ratio: Any
    low: Any
    high: Any
    p: Any


def hypergeometric(
    cases: ArrayLike,
    controls: ArrayLike,
    *,
    alternative: Alternative = "greater",
    totals: tuple[int, int] | None = None,
) -> Floats:
    """
    Test in each unit whether it has more cases among its marks than all units together.

    Given how many marks a unit has, and how many cases and controls there are,
    its cases are those of a draw without replacement (Fisher's exact test). So
    nothing need be known about who passes or who reports, as long as both
    kinds are reported with the same propensity wherever people are.

    Parameters
    ----------
    cases, controls
        (m,) counts, such as of unsafe and of at-ease marks.
    alternative
        "greater": more cases than by chance.
    totals
        All cases and all controls, where the units do not hold each mark once.

    Returns
    -------
    p
        (m,) NaN where a unit has no mark: nothing was tested there.
    """
    cases, controls = _counts(cases), _counts(controls)
    all_cases, all_controls = totals or (int(cases.sum()), int(controls.sum()))
    marks = cases + controls
    span = int(marks.max(initial=0)) + 1
    keys, back = np.unique(marks * span + cases, return_inverse=True)
    pairs = keys % span, keys // span
    p = _sided(
        lambda: _upper(pairs[0], pairs[1], all_cases, all_controls),
        # so few cases are as many controls
        lambda: _upper(pairs[1] - pairs[0], pairs[1], all_controls, all_cases),
        alternative,
    )[back]
    return np.asarray(np.where(marks > 0, p, np.nan))


def smallest(
    cases: ArrayLike, controls: ArrayLike, *, totals: tuple[int, int] | None = None
) -> Floats:
    """
    Find the smallest p (greater) a unit with so many marks could have: if all were cases.

    It depends on how many marks a unit has and not on their kind, so units may
    be left out of the tests for it without spoiling them.

    Parameters
    ----------
    cases, controls, totals
        As in `hypergeometric`.

    Returns
    -------
    p
        (m,) NaN where a unit has no mark.
    """
    cases, controls = _counts(cases), _counts(controls)
    totals = totals or (int(cases.sum()), int(controls.sum()))
    marks = cases + controls
    most = np.minimum(marks, totals[0])
    return hypergeometric(most, marks - most, totals=totals)


def poisson(
    observed: ArrayLike, expected: ArrayLike, *, alternative: Alternative = "greater"
) -> Floats:
    """
    Test counts against what was expected of each.

    Parameters
    ----------
    observed
        (m,) counts.
    expected
        (m,) at least 0; NaN where unknown.
    alternative
        "greater": more than expected.

    Returns
    -------
    p
        (m,) NaN where the expectation is.
    """
    count, mean = np.broadcast_arrays(
        np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    )
    return _sided(
        lambda: np.where(count > 0, gammainc(np.maximum(count, 1.0), mean), 1.0 + 0 * mean),
        lambda: gammaincc(count + 1, mean),
        alternative,
    )


def poisson_interval(count: ArrayLike, level: float = 0.9) -> Interval:
    """
    Interval of the expectation behind a count (Garwood).

    Parameters
    ----------
    count
        Counts.
    level
        How often such an interval holds the truth, at least.
    """
    k, tail = np.asarray(count, dtype=float), (1 - level) / 2
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1.0), tail), 0.0)
    return Interval(low[()], gammainccinv(k + 1, tail)[()])


def share_interval(k: ArrayLike, n: ArrayLike, level: float = 0.9) -> Interval:
    """
    Interval of the share behind k of n (Clopper and Pearson).

    Parameters
    ----------
    k, n
        Counts; of none nothing is known, so the interval is 0 to 1.
    level
        How often such an interval holds the truth, at least.
    """
    some, of = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    tail, rest = (1 - level) / 2, of - some
    low = np.where(some > 0, betaincinv(np.maximum(some, 1.0), rest + 1, tail), 0.0)
    high = np.where(rest > 0, betainccinv(some + 1, np.maximum(rest, 1.0), tail), 1.0)
    return Interval(low[()], high[()])


def rate_ratio(
    a: ArrayLike,
    b: ArrayLike,
    ta: ArrayLike,
    tb: ArrayLike,
    level: float = 0.9,
    *,
    alternative: Alternative = "greater",
) -> RateRatio:
    """
    Compare two rates: how many times as often a happened as b, exactly.

    Given how much happened altogether, the part of a is binomial.

    Parameters
    ----------
    a, b
        Counts.
    ta, tb
        What they are counted over, such as days or residents; above 0.
    level
        How often such an interval holds the truth, at least.
    alternative
        "greater": a happens more often than b.

    Returns
    -------
    ratio, low, high, p
        Where nothing happened at all the ratio is NaN, from 0 to infinity, with p 1.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    over = np.asarray(tb, dtype=float) / np.asarray(ta, dtype=float)
    even = 1 / (1 + over)
    share = share_interval(a, a + b, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, low, high = (over * (x / (1 - x)) for x in (a / (a + b), *map(np.asarray, share)))
    p = _sided(
        lambda: np.where(a > 0, betainc(np.maximum(a, 1.0), b + 1, even), 1.0),
        lambda: np.where(b > 0, betaincc(a + 1, np.maximum(b, 1.0), even), 1.0),
        alternative,
    )
    return RateRatio(ratio[()], low[()], high[()], p[()])


def _counts(values: ArrayLike) -> Ints:
    """Return whole counts, or refuse what is none."""
    given = np.asarray(values, dtype=float)
    if not (np.isfinite(given) & (given >= 0) & (given == np.floor(given))).all():
        raise ValueError("counts are whole numbers, at least 0")
    return given.astype(np.intp)


def _sided(greater: Any, less: Any, alternative: Alternative) -> Floats:
    """Return the tail asked for, at most 1."""
    if alternative not in {"greater", "less", "two-sided"}:
        raise ValueError(f"unknown alternative {alternative!r}")
    if alternative == "two-sided":
        return np.minimum(2 * np.minimum(greater(), less()), 1.0)
    return np.minimum(greater() if alternative == "greater" else less(), 1.0)


def _upper(count: Ints, marks: Ints, cases: int, controls: int) -> Floats:
    """(u,) probability of `count` or more cases in a draw of `marks` without replacement."""
    sizes = np.maximum(np.minimum(marks, cases) - count + 1, 0)
    first = np.concatenate([[0], np.cumsum(sizes)])
    unit = np.repeat(np.arange(len(count)), sizes)
    x = (count - first[:-1])[unit] + np.arange(first[-1])
    n = marks[unit]
    possible = n - x <= controls
    rest = np.where(possible, n - x, 0)
    logs = (
        log_choose(cases, x)
        + log_choose(controls, rest)
        - log_choose(cases + controls, np.minimum(n, cases + controls))
    )
    return np.asarray(np.bincount(unit, np.where(possible, np.exp(logs), 0.0), len(count)))


def log_choose(n: ArrayLike, k: ArrayLike) -> Floats:
    """Logarithm of the number of ways to choose k of n."""
    n, k = np.asarray(n, dtype=float), np.asarray(k, dtype=float)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
