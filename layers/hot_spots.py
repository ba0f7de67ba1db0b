"""
Where one kind of mark is more frequent than chance explains; arrays in, arrays out.

Marks of both kinds are compared with each other, because nobody knows how many
people pass a place and how readily they write. Under the assumption that both
kinds are reported with the same propensity, neither matters: a place that is
much walked, or whose people write much, has more marks of both kinds. Counts
against a declared number of people assume much more, and say less.

What is found must be found again in most of the tessellations, so that it does
not hang on where the lines of one grid run.

Source
------
Fisher's exact test and the rate of false discoveries as in `exact_tests` and
`multiple_tests`. That recipes on counts alone flag nonsense as soon as people
report unevenly is shown by simulation, see tests/test_hot_spots.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from .exact_tests import hypergeometric, poisson, smallest
from .multiple_tests import RATE, Found, attainable, benjamini_hochberg
from .paths import Bools, Floats, Ints
from .tessellation import Tessellation

Exposure = Callable[[Tessellation], Floats]
"""How many people each unit of a tessellation stands for; NaN where nobody knows."""


@dataclass(frozen=True, eq=False)
class Tested:
    """
    One tessellation and what was found in it.

    Parameters
    ----------
    units
        The tessellation, m units.
    cases, controls
        (m,) marks of the kind asked about and of the other kind; one sender once.
    expected
        (m,) cases to expect if no place were different; NaN where nobody knows.
    p
        (m,) how likely as many or more are by chance; NaN where nothing was tested.
    found
        Which are found after correction, and of how many tests.
    """

    units: Tessellation
    cases: Ints
    controls: Ints
    expected: Floats
    p: Floats
    found: Found


class Ratio(NamedTuple):
    """How many times as often, and the ends of its interval."""

    value: Floats
    low: Floats
    high: Floats


def compared(
    case: Bools,
    tessellations: Sequence[Tessellation],
    *,
    sender: Ints | None = None,
    rate: float = RATE,
) -> tuple[Tested, ...]:
    """
    Test every unit: more cases among its marks than among all marks? The default.

    Parameters
    ----------
    case
        (n,) whether a mark is of the kind asked about, such as unsafe.
    tessellations
        Units of these marks.
    sender
        (n,) who sent each, -1 if not known; counts once in a unit, for each kind.
    rate
        Share of false alarms among what is found that is accepted.

    Returns
    -------
    tested
        One for each tessellation. Units with so few marks that they could not
        be found whatever these say are not tested and need not be paid for.
    """
    return tuple(_compared(case, units, sender, rate) for units in tessellations)


def _compared(case: Bools, units: Tessellation, sender: Ints | None, rate: float) -> Tested:
    cases, controls = units.counts(case, sender), units.counts(~case, sender)
    marks, total = cases + controls, max(int((cases + controls).sum()), 1)
    possible = attainable(smallest(cases, controls), rate=rate)
    p = np.where(possible, hypergeometric(cases, controls), np.nan)
    expected = marks * (cases.sum() / total)
    return Tested(units, cases, controls, expected, p, benjamini_hochberg(p, rate=rate))


def against_exposure(
    case: Bools,
    tessellations: Sequence[Tessellation],
    exposure: Exposure,
    *,
    sender: Ints | None = None,
    rate: float = RATE,
) -> tuple[Tested, ...]:
    """
    Test every unit: more cases than so many people would write? Only where nothing better is.

    Assumes that people write equally often everywhere, which is rarely so.

    Parameters
    ----------
    case, tessellations, sender, rate
        As in `compared`.
    exposure
        Gives how many people a unit stands for. Units of which nobody knows
        it are not tested.
    """
    found = []
    for units in tessellations:
        cases, controls = units.counts(case, sender), units.counts(~case, sender)
        people = exposure(units)
        known = np.isfinite(people) & (people > 0)
        share = np.where(known, people, 0.0) / max(float(people[known].sum()), 1e-9)
        expected = np.where(known, share * cases[known].sum(), np.nan)
        p = poisson(cases, expected, alternative="greater")
        bh = benjamini_hochberg(p, rate=rate)
        found.append(Tested(units, cases, controls, expected, p, bh))
    return tuple(found)


def found_in(tested: Sequence[Tested], case: Bools) -> Ints:
    """
    Count in how many tessellations each unit of the first is found.

    Parameters
    ----------
    tested
        What was found in each tessellation, the one that is shown first.
    case
        (n,) whether a mark is of the kind asked about.

    Returns
    -------
    count
        (m,) a unit is found in another tessellation if at least half of its
        cases lie in units that are found there.
    """
    shown = tested[0].units
    times = np.zeros(len(shown), dtype=np.intp)
    for other in tested:
        inside = np.append(other.found.rejected, False)[other.units.unit]
        times += shown.share(case, inside) >= 0.5
    return times


def stable(tested: Sequence[Tested], case: Bools) -> Bools:
    """
    Tell which units of the first tessellation are found there and in most of all.

    Parameters
    ----------
    tested, case
        As in `found_in`.

    Returns
    -------
    stable
        (m,) also demanding the first keeps its own rate of false alarms.
    """
    often = found_in(tested, case) > len(tested) / 2
    return np.asarray(often & tested[0].found.rejected)


def odds_ratio(cases: Ints, controls: Ints, *, level: float = 0.9) -> Ratio:
    """
    Estimate for each unit how many times the odds of a case are those of all other units.

    Parameters
    ----------
    cases, controls
        (m,) counts.
    level
        How often such an interval holds the truth.

    Returns
    -------
    ratio
        (m,) with half a mark added everywhere, so that it is never infinite;
        NaN where a unit has no mark, or all other units together have none.

    Source
    ------
    A. Agresti (1999), On logit confidence intervals for the odds ratio with
    small samples, Biometrics 55(2), 597-602.
    """
    a, b = np.asarray(cases, dtype=float), np.asarray(controls, dtype=float)
    c, d = a.sum() - a, b.sum() - b
    known = (a + b > 0) & (c + d > 0)
    log = np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    error = np.sqrt(sum(1 / (part + 0.5) for part in (a, b, c, d)))
    wide = ndtri(0.5 + level / 2) * error
    return Ratio(*(np.where(known, np.exp(x), np.nan) for x in (log, log - wide, log + wide)))


def coded(senders: Any) -> Ints:
    """Number senders; "" is not known and becomes -1."""
    senders = np.asarray(senders, dtype=object)
    code = np.unique(senders.astype(str), return_inverse=True)[1].astype(np.intp)
    return np.asarray(np.where(senders == "", -1, code))
