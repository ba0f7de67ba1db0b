"""
Many tests at once: which of them still count, and how many false alarms to expect.

Who tests four hundred cells at 5 % finds twenty where there is nothing. The
procedures here keep the share of false alarms among what is found (the false
discovery rate) below a rate that is told.

Source
------
Y. Benjamini and Y. Hochberg (1995), JRSS B 57, 289-300; with weights:
C. R. Genovese, K. Roeder and L. Wasserman (2006), Biometrika 93, 509-524; what
can be left out: R. E. Tarone (1990), Biometrics 46, 515-522, and P. B. Gilbert
(2005), JRSS C 54, 143-158.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .paths import Bools, Floats

RATE = 0.05
"""Share of false alarms among what is found that is accepted; a convention of the field."""


@dataclass(frozen=True, eq=False)
class Found:
    """
    What many tests have found together.

    Parameters
    ----------
    adjusted
        (m,) the least rate at which this test would be found; NaN where nothing was tested.
    rejected
        (m,) whether it is found.
    tests
        How many tests there were.
    rate
        Rate that was kept.
    """

    adjusted: Floats
    rejected: Bools
    tests: int
    rate: float


@dataclass(frozen=True)
class FalseAlarms:
    """
    How many false alarms a reader has to expect.

    Parameters
    ----------
    tests
        How many tests there were.
    found
        How many of them are found.
    among
        So many of those found are false on average, at most.
    any_chance
        How likely a map shows anything at all if no place is worse, at most.
    uncorrected
        So many a map without correction would show if no place is worse.
    """

    tests: int
    found: int
    among: float
    any_chance: float
    uncorrected: float


def benjamini_hochberg(
    p: ArrayLike, *, rate: float = RATE, weights: ArrayLike | None = None
) -> Found:
    """
    Find tests so that at most a given share of those found is false, on average.

    Holds for tests that are independent or positively dependent.

    Parameters
    ----------
    p
        (m,) NaN where nothing was tested; such places do not count as tests.
    rate
        Share of false alarms among what is found that is accepted.
    weights
        (m,) how much more a test matters than others, set before the data were
        seen; scaled so that their mean is 1. None: all alike.
    """
    p = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(p))
    m, adjusted = len(tested), np.full(len(p), np.nan)
    if m:
        least = p[tested] / _scaled(weights, tested)
        order = np.argsort(least, kind="stable")
        steps = least[order] * m / np.arange(1, m + 1)
        lowest = np.minimum.accumulate(steps[::-1])[::-1]
        adjusted[tested[order]] = np.minimum(lowest, 1.0)
    return Found(adjusted, np.asarray(adjusted <= rate), m, rate)


def attainable(smallest: ArrayLike, *, rate: float = RATE) -> Bools:
    """
    Tell which tests can be found at all; the others need not be paid for.

    With few marks most units could not be found whatever their marks say.
    They may be left out before testing, because what is left out depends on
    how many marks a unit has and not on their kind.

    Parameters
    ----------
    smallest
        (m,) smallest p each test could have (`exact_tests.smallest`); NaN: not tested.
    rate
        As in `benjamini_hochberg`.

    Returns
    -------
    attainable
        (m,) True for the tests to correct for: the fewest, k, of which none
        could be below rate / k otherwise.
    """
    smallest = np.asarray(smallest, dtype=float)
    known = np.sort(smallest[~np.isnan(smallest)])
    k = np.arange(1, len(known) + 1)
    enough = np.searchsorted(known, rate / k, side="right") <= k
    if not enough.any():
        return ~np.isnan(smallest)
    return np.asarray(smallest <= rate / k[enough.argmax()])


def false_alarms_expected(found: Found) -> FalseAlarms:
    """
    Say how many false alarms to expect among what was found, and on a map without correction.

    Parameters
    ----------
    found
        What `benjamini_hochberg` returned.
    """
    count = int(found.rejected.sum())
    return FalseAlarms(
        tests=found.tests,
        found=count,
        among=found.rate * count,
        any_chance=found.rate if found.tests else 0.0,
        uncorrected=found.rate * found.tests,
    )


def _scaled(weights: ArrayLike | None, tested: np.ndarray) -> Floats:
    """Weights of the tests, of mean 1; refuses what is not above 0."""
    if weights is None:
        return np.ones(len(tested))
    chosen = np.asarray(weights, dtype=float)[tested]
    if not (np.isfinite(chosen) & (chosen > 0)).all():
        raise ValueError("weights are above 0")
    return np.asarray(chosen / chosen.mean())
