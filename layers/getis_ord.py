"""
Getis-Ord Gi*: where high values stand together, judged by permutation.

For counts of marks it is the wrong test: where many people pass and many
report, counts are high whatever the place is like (`false_alarms`). It is here
for values that are comparable from unit to unit, and for who asks for it.

Source
------
J. K. Ord and A. Getis (1995), Geographical Analysis 27, 286-306; permutation
of all other units as in L. Anselin (1995), Geographical Analysis 27, 93-115.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .exact_tests import Alternative
from .paths import Floats, Ints

PORTION = 2_000_000
"""So many values are drawn at a time."""
DRAWS = 99_999
"""So many draws take no longer than the map; with 999 the smallest p were .001."""
SAME = 1e-9
"""Sums that differ by less, as part of their size, are tied."""


@dataclass(frozen=True, eq=False)
class GetisOrd:
    """
    Gi* of every unit.

    Parameters
    ----------
    z
        (m,) published standardised value; NaN if all values are the same. Never
        looked up in a normal table here: on small counts that is wrong.
    p
        (m,) part of the draws, what was observed included, as far out or farther.
    draws
        How many draws; the smallest p of one side is 1 / (draws + 1), too coarse to
        correct many units for each other with 999.
    """

    z: Floats
    p: Floats
    draws: int


def getis_ord(
    y: ArrayLike,
    pointers: ArrayLike,
    neighbours: ArrayLike,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    alternative: Alternative = "greater",
) -> GetisOrd:
    """
    Test whether a unit and its neighbours have higher values than units drawn by chance.

    The value of the unit stays and its neighbours are drawn from all others,
    without replacement. All units look at the same draws, each leaving itself
    out, so that many draws cost little: those of a size need sorting only once.

    Parameters
    ----------
    y
        (m,) values.
    pointers, neighbours
        Neighbours of unit i: neighbours[pointers[i]:pointers[i + 1]], each counting
        one. The unit itself always belongs to it and need not be named.
    draws
        How many.
    seed
        Decides which.
    alternative
        "greater": higher than by chance. "two-sided": twice the smaller side.
        Ties count as far out, on either side.
    """
    y = np.asarray(y, dtype=float)
    if not np.isfinite(y).all():
        raise ValueError("values must be known: leave units without a value out")
    unit, other = _edges(np.asarray(pointers, np.intp), np.asarray(neighbours, np.intp))
    size: Ints = np.bincount(unit, minlength=len(y))
    around: Floats = np.asarray(np.bincount(unit, y[other], minlength=len(y)), dtype=float)
    high, low = _as_far(y, size, around, draws, np.random.default_rng(seed))
    above, below = ((count + 1) / (draws + 1) for count in (high, low))
    if alternative == "two-sided":
        p = np.minimum(2 * np.minimum(above, below), 1.0)
    elif alternative in {"greater", "less"}:
        p = above if alternative == "greater" else below
    else:
        raise ValueError(f"unknown alternative {alternative!r}")
    return GetisOrd(_standardised(y, size, around), p, draws)


def _edges(pointers: Ints, neighbours: Ints) -> tuple[Ints, Ints]:
    """Return which unit is a neighbour of which, without the units themselves."""
    unit = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))
    apart = unit != neighbours
    return unit[apart], neighbours[apart]


def _standardised(y: Floats, size: Ints, around: Floats) -> Floats:
    """Published z: the sum over a unit and its neighbours, less its mean, over its deviation."""
    m, many = len(y), size + 1
    if not m:
        return y
    deviation = y.std() * np.sqrt(many * (m - many) / max(m - 1, 1))
    over = around + y - many * y.mean()
    varies = deviation > SAME * np.abs(y).max()
    return np.divide(over, deviation, out=np.full(m, np.nan), where=varies)


def _as_far(
    y: Floats, size: Ints, around: Floats, draws: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """(m,) how many draws are at least as high, and at least as low, as what is around each."""
    m, most = len(y), int(size.max(initial=0))
    high, low = np.zeros(m, dtype=np.intp), np.zeros(m, dtype=np.intp)
    slack = SAME * np.maximum(np.abs(around), np.abs(y).max(initial=0.0))
    wide = min(most + 1, m)
    kinds = [(k, np.flatnonzero(size == k)) for k in np.unique(size)]
    for start in range(0, draws, max(PORTION // max(wide, 1), 1)):
        count = min(max(PORTION // max(wide, 1), 1), draws - start)
        drawn = _distinct(m, wide, count, rng)
        sums = np.zeros((count, wide + 1))
        np.cumsum(y[drawn], axis=1, out=sums[:, 1:])
        for k, units in kinds:
            row = np.sort(sums[:, k])
            high[units] += count - np.searchsorted(row, around[units] - slack[units], side="left")
            low[units] += np.searchsorted(row, around[units] + slack[units], side="right")
        # who drew itself among its neighbours takes the next one in its place
        draw, place = np.nonzero(np.arange(wide) < size[drawn])
        unit = drawn[draw, place]
        k, least, peak = size[unit], (around - slack)[unit], (around + slack)[unit]
        wrong, right = sums[draw, k], sums[draw, k + 1] - y[unit]
        np.add.at(high, unit, (right >= least).astype(np.intp) - (wrong >= least))
        np.add.at(low, unit, (right <= peak).astype(np.intp) - (wrong <= peak))
    return high, low


def _distinct(m: int, wide: int, count: int, rng: np.random.Generator) -> Ints:
    """(count, wide) different numbers below m in each row, every sequence as likely."""
    if wide * wide > m:
        rows = [rng.permutation(m)[:wide] for _ in range(count)]
        return np.array(rows, dtype=np.intp).reshape(count, wide)
    drawn = rng.integers(0, m, (count, wide))
    again = np.arange(count)
    while len(again):
        ordered = np.sort(drawn[again], axis=1)
        again = again[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        drawn[again] = rng.integers(0, m, (len(again), wide))
    return drawn
