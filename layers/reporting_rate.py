"""
How readily people report, area by area; where that is not known, it stays unknown.

Few marks mean that little is wrong, or that few people write, or that few of
those who would write know of the map. Two estimates tell something of it, and
both leave much open:

- *me too*: once somebody has marked a spot, the spot is there for certain, and
  how soon others agree tells how readily people there speak up. The first mark
  decides when counting begins, so it is not counted itself.
- *marks per resident*: how many people have written at all, for each who lives
  there. People who only walk through are not among the residents.

Source
------
Rates from the intervals of duplicates after a first report: Z. Liu, U.
Bhandaram and N. Garg (2022), arXiv 2204.08620; with a constant rate the
estimate of greatest likelihood is duplicates over days watched. Intervals: F.
Garwood (1936), Biometrika 28, 437-442. Small areas: R. J. Marshall (1991),
JRSS C 40(2), 283-294.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .exact_tests import poisson, poisson_interval
from .multiple_tests import RATE, benjamini_hochberg
from .paths import Bools, Floats, Ints
from .small_numbers import marshall

LEAST = 5
"""With fewer marks nothing is said of an area; the same number below which nothing is public."""
LEVEL = 0.9
"""How often an interval holds the truth."""

HEARD, QUIET, UNKNOWN = "heard", "quiet", "unknown"


@dataclass(frozen=True, eq=False)
class Rate:
    """
    A rate for each area.

    Parameters
    ----------
    raw
        (m,) count over what it was counted in; NaN where that is nothing.
    low, high
        (m,) ends of its interval.
    smoothed
        (m,) drawn towards the rate of all, the more so the less was counted in.
    mean
        Rate of all areas together.
    """

    raw: Floats
    low: Floats
    high: Floats
    smoothed: Floats
    mean: float


def rates(counts: ArrayLike, over: ArrayLike, *, level: float = LEVEL) -> Rate:
    """
    Estimate rates with their intervals, and drawn together as Marshall does.

    Parameters
    ----------
    counts
        (m,) what was counted, such as people who wrote.
    over
        (m,) in what, such as residents or days; 0 or NaN: nothing is known.
    level
        How often an interval holds the truth, at least.
    """
    many, much = np.asarray(counts, dtype=float), np.asarray(over, dtype=float)
    known = np.isfinite(much) & (much > 0)
    per = np.where(known, much, np.nan)
    low, high = poisson_interval(many, level)
    smooth = marshall(many, np.where(known, much, 0.0))
    return Rate(many / per, low / per, high / per, smooth.rate, smooth.mean)


def from_duplicates(
    area: Ints, duplicates: ArrayLike, days: ArrayLike, count: int, *, level: float = LEVEL
) -> Rate:
    """
    Estimate how many people a day agree with one marked spot, area by area.

    Parameters
    ----------
    area
        (k,) in which area each spot lies, -1 for none.
    duplicates
        (k,) reports of the spot after the first one.
    days
        (k,) how long it could be agreed with after the first one.
    count
        How many areas there are.

    Returns
    -------
    rate
        (count,) a day and spot.
    """
    many, much = np.asarray(duplicates, dtype=float), np.asarray(days, dtype=float)
    watched = (area >= 0) & np.isfinite(much) & (much > 0)
    totals = [np.bincount(area[watched], of[watched], count) for of in (many, much)]
    return rates(*totals, level=level)


@dataclass(frozen=True, eq=False)
class Heard:
    """
    Whether the people of each area are heard.

    Parameters
    ----------
    state
        (m,) "heard", "quiet" (fewer write than elsewhere) or "unknown".
    expected
        (m,) how many would have written if they did as often as in the whole city.
    missing
        (m,) how many fewer have, at least 0; NaN where nobody lives or it is not known.
    p
        (m,) how likely as few or fewer are by chance.
    """

    state: Any
    expected: Floats
    missing: Floats
    p: Floats


def heard(writers: ArrayLike, residents: ArrayLike, *, rate: float = RATE) -> Heard:
    """
    Tell where people are heard, where fewer write than elsewhere, and where nothing is known.

    Parameters
    ----------
    writers
        (m,) how many have written, of either kind of mark.
    residents
        (m,) how many live there; NaN is not known.
    rate
        Share of areas called quiet that are not, which is accepted.

    Returns
    -------
    heard
        An area with fewer than `LEAST` writers is unknown, however few live
        there: no mark is no sign that all is well.
    """
    many, people = np.asarray(writers, dtype=float), np.asarray(residents, dtype=float)
    known = np.isfinite(people) & (people > 0)
    share = many[known].sum() / people[known].sum() if known.any() else np.nan
    expected = np.where(known, people * share, np.nan)
    p = poisson(many, expected, alternative="less")
    fewer = benjamini_hochberg(p, rate=rate).rejected
    state = np.select([many < LEAST, fewer], [UNKNOWN, QUIET], HEARD).astype(object)
    return Heard(state, expected, np.maximum(expected - many, 0.0), p)


def suggestions(found: Heard, *, most: int = 10) -> Ints:
    """
    Rank where to ask or walk next: where most people are not heard.

    Parameters
    ----------
    found
        What `heard` returned.
    most
        So many areas at most.

    Returns
    -------
    areas
        (j,) areas that are quiet or unknown, those first in which most
        reports are missing; equals keep their order. Areas without residents
        are not among them, because nobody can say how much is missing.
    """
    silent: Bools = (found.state != HEARD) & (np.nan_to_num(found.missing) >= 0.5)
    places = np.flatnonzero(silent)
    order = np.argsort(-found.missing[places], kind="stable")
    return np.asarray(places[order][:most])
