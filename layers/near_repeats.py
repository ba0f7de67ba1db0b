"""
Near repeats: whether what happens near follows what happened near, beyond chance.

Source
------
G. Knox (1964), The detection of space-time interactions, Applied Statistics
13, 25-29; permutation of the days as in S. D. Johnson et al. (2007), Journal
of Quantitative Criminology 23, 201-219.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from .paths import THREADS, Floats, Ints

METRES = (0.0, 100.0, 200.0)
"""Borders of the bands of distance [m]; assumption, one and two blocks."""
SPAN = (0.0, 7.0, 14.0, 30.0)
"""Borders of the bands of time [days]; assumption, one week, two, a month."""
PORTION = 50
"""So many draws a thread takes on at a time."""


@dataclass(frozen=True, eq=False)
class Knox:
    """
    Pairs of events that are near in space and in time.

    Parameters
    ----------
    metres, span
        Borders of the bands; each holds its lower border and not its upper one.
    observed
        (a, b) pairs in each band of distance and of time.
    expected
        (a, b) mean of the draws.
    ratio
        (a, b) observed over expected; NaN where none was expected.
    p
        (a, b) part of the draws, what was observed included, with as many or more.
    draws
        How many draws; the smallest p is 1 / (draws + 1).
    """

    metres: tuple[float, ...]
    span: tuple[float, ...]
    observed: Ints
    expected: Floats
    ratio: Floats
    p: Floats
    draws: int


def knox(
    x: ArrayLike,
    y: ArrayLike,
    days: ArrayLike,
    *,
    metres: tuple[float, ...] = METRES,
    span: tuple[float, ...] = SPAN,
    draws: int = 999,
    seed: int = 1,
) -> Knox:
    """
    Test whether events near in space come near in time more often than by chance.

    The days are dealt out anew among the places, so that busy places and busy
    weeks explain themselves; what is left is that one follows the other.

    Parameters
    ----------
    x, y
        (n,) where [m].
    days
        (n,) when [days].
    metres, span
        Rising borders of half-open bands [a, b): a pair at a border
        belongs to the band above.
    draws
        How often the days are dealt out.
    seed
        Decides how.

    Returns
    -------
    knox
        One-sided: more pairs than by chance.
    """
    one, other, near = _pairs(np.column_stack([x, y]).astype(float), metres)
    when = np.asarray(days, dtype=float)
    shape = len(metres) - 1, len(span) - 1

    def counted(order: Ints) -> Ints:
        dealt = when[order]
        apart = np.searchsorted(span, np.abs(dealt[one] - dealt[other]), side="right") - 1
        inside = (apart >= 0) & (apart < shape[1])
        cells = near[inside] * shape[1] + apart[inside]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    rng = np.random.default_rng(seed)
    observed = counted(np.arange(len(when)))
    total, as_many = np.zeros(shape), np.ones(shape, dtype=np.intp)
    with ThreadPoolExecutor(THREADS) as threads:
        for start in range(0, draws, PORTION):
            orders = [rng.permutation(len(when)) for _ in range(min(PORTION, draws - start))]
            for drawn in threads.map(counted, orders):
                total += drawn
                as_many += drawn >= observed
    expected = total / draws
    ratio = np.divide(observed, expected, out=np.full(shape, np.nan), where=expected > 0)
    return Knox(metres, span, observed, expected, ratio, as_many / (draws + 1), draws)


def _pairs(points: Floats, metres: tuple[float, ...]) -> tuple[Ints, Ints, Ints]:
    """Find pairs of events in any band of distance: both ends, and which band."""
    found = np.asarray(cKDTree(points).query_pairs(metres[-1], output_type="ndarray"), np.intp)
    one, other = found[:, 0], found[:, 1]
    gap = points[one] - points[other]
    apart = np.hypot(gap[:, 0], gap[:, 1])
    band = np.searchsorted(metres, apart, side="right") - 1
    inside = (band >= 0) & (band < len(metres) - 1)
    return one[inside], other[inside], band[inside]
