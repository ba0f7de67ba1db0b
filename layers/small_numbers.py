"""
Small numbers: rates that are not torn about by chance, and how good a map of hot spots is.

Source
------
R. J. Marshall (1991), Mapping disease and mortality rates using empirical
Bayes estimators, Applied Statistics 40(2), 283-294; S. Chainey, L. Tompson and
S. Uhlig (2008), Security Journal 21, 4-28 (PAI); J. M. Hunt (2016), doctoral
thesis, University of Virginia (PEI); N. Levine (2008), Security Journal 21,
295-302 (RRI).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc

from .paths import Bools, Floats, Ints

LEVEL = 0.05
"""Chance below which a count is called more than expected; convention of the field."""


@dataclass(frozen=True, eq=False)
class Smoothed:
    """
    Rates drawn towards the mean, the more so the fewer they were counted among.

    Parameters
    ----------
    rate
        (m,) what a unit is expected to have; NaN where nobody is at risk.
    raw
        (m,) count over those at risk.
    weight
        (m,) how much the unit's own count decides: 0 not at all, 1 alone.
    mean
        Rate of all units together.
    variance
        How much true rates differ between units; 0 if chance explains all.
    """

    rate: Floats
    raw: Floats
    weight: Floats
    mean: float
    variance: float


def marshall(counts: ArrayLike, at_risk: ArrayLike) -> Smoothed:
    """
    Estimate rates by Marshall's global empirical Bayes estimator.

    Parameters
    ----------
    counts
        (m,) how often it happened.
    at_risk
        (m,) over how many people, days or metres; 0 or NaN: unknown there.

    Returns
    -------
    smoothed
        With m the rate of all, n the mean of those at risk, and
        s² = sum of n_i (x_i - m)² / sum of n_i: variance A = s² - m / n, at
        least 0, and each rate m + (x_i - m) A / (A + m / n_i).
    """
    count, people = np.asarray(counts, dtype=float), np.asarray(at_risk, dtype=float)
    known = (people > 0) & np.isfinite(count)
    rate, raw, weight = (np.full(len(count), np.nan) for _ in range(3))
    if not known.any():
        return Smoothed(rate, raw, weight, float("nan"), float("nan"))
    k, n = count[known], people[known]
    mean = float(k.sum() / n.sum())
    raw[known] = k / n
    spread = float(n @ (k / n - mean) ** 2 / n.sum())
    variance = max(spread - mean / float(n.mean()), 0.0)
    weight[known] = variance / (variance + mean / n) if mean > 0 else 0.0
    rate[known] = mean + weight[known] * (k / n - mean)
    return Smoothed(rate, raw, weight, mean, variance)


def needed_for(expected: ArrayLike, *, level: float = LEVEL) -> Ints:
    """
    Tell how many must be observed before chance alone is less likely than `level`.

    Parameters
    ----------
    expected
        What chance alone would bring on average, above 0.
    level
        Probability of as many or more by chance alone.
    """
    mean = np.asarray(expected, dtype=float)
    if not (np.isfinite(mean) & (mean > 0)).all():
        raise ValueError("expectations are above 0")
    count = np.ones(mean.shape, dtype=np.intp)
    while (more := gammainc(count, mean) >= level).any():
        count = count + more
    return count


def pai(found: float, events: float, area: float, total: float) -> float:
    """
    Predictive accuracy index: how much denser events are in the hot spots than anywhere.

    Parameters
    ----------
    found
        Events inside the hot spots, in a time after the map was made.
    events
        All events.
    area
        Area of the hot spots; on streets the length of their segments.
    total
        Whole area, or the length of all segments.

    Returns
    -------
    pai
        (found / events) / (area / total); 1 is as good as chance.
    """
    return _over(_over(found, events), _over(area, total))


def pei(density: ArrayLike, chosen: ArrayLike, size: ArrayLike | None = None) -> float:
    """
    Predictive efficiency index: PAI over the best PAI that as large an area could have had.

    Parameters
    ----------
    density
        (m,) events in each unit.
    chosen
        (m,) whether the map calls it hot.
    size
        (m,) its area or length; None: all alike. With units of unequal size the best
        choice may take part of its last unit.

    Returns
    -------
    pei
        From 0 to 1, which no choice of this size betters; NaN if nothing is chosen.
    """
    events = np.asarray(density, dtype=float)
    hot: Bools = np.asarray(chosen, dtype=bool)
    area = np.ones(len(events)) if size is None else np.asarray(size, dtype=float)
    order = np.argsort(-events / area, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(area[order])])
    gained = np.concatenate([[0.0], np.cumsum(events[order])])
    return _over(float(events[hot].sum()), float(np.interp(area[hot].sum(), reached, gained)))


def rri(found: float, events: float, found_before: float, events_before: float) -> float:
    """
    Recapture rate index: whether hot spots hold their share of events in the time that follows.

    Parameters
    ----------
    found, events
        Events inside the hot spots and all events, after the map was made.
    found_before, events_before
        The same before, when the map was made.

    Returns
    -------
    rri
        1 if their share is as before, below 1 if the map promised too much.
    """
    return _over(_over(found, events), _over(found_before, events_before))


def _over(a: float, b: float) -> float:
    """A over b; NaN where there is nothing to divide by."""
    return a / b if b else float("nan")
