"""
How evenly something is spread over people.

Every index takes values per cell and the people who live there, so that a
cell counts as often as it has people. Values must be of one sense: the indices
measure spread, not whether much is good (access) or bad (minutes to walk).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .paths import Floats, Ints

Counted = tuple[Floats, Floats]


def gini(values: Floats, people: Floats) -> float:
    """
    Gini coefficient: 0 if everybody has the same, towards 1 if one has all.

    Parameters
    ----------
    values
        (n,) at least 0; cells with NaN or inf are not counted.
    people
        (n,) people per cell; NaN and 0 are not counted.

    Returns
    -------
    gini
        NaN where nobody is counted or nobody has anything.

    Source
    ------
    Gini = 1 - sum of p_i (L_{i-1} + L_i), with L the Lorenz curve.
    """
    values, people = _counted(values, people)
    total = _dot(values, people)
    if not total > 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    part = people[order] / people.sum()
    lorenz = np.cumsum(values[order] * people[order]) / total
    return 1 - _dot(part, lorenz + np.concatenate([[0.0], lorenz[:-1]]))


def lorenz(values: Floats, people: Floats, parts: Floats) -> Floats:
    """
    Share of everything that the worst-off part of people has [%].

    Parameters
    ----------
    values, people
        As in `gini`.
    parts
        (m,) part of all people, the worst-off first [%].
    """
    values, people = _counted(values, people)
    total = _dot(values, people)
    if not total > 0:
        return np.full(len(parts), np.nan)
    order = np.argsort(values, kind="stable")
    across = np.concatenate([[0.0], np.cumsum(people[order])]) / people.sum()
    up = np.concatenate([[0.0], np.cumsum(values[order] * people[order])]) / total
    return 100 * np.interp(np.asarray(parts) / 100, across, up)


@dataclass(frozen=True)
class Theil:
    """
    Theil's T, and how much of it lies between districts rather than within.

    Parameters
    ----------
    total
        0 if everybody has the same; at most the logarithm of the number of people.
    between, within
        The two parts; they add up to `total`.
    """

    total: float
    between: float
    within: float


def theil(values: Floats, people: Floats, district: Ints) -> Theil:
    """
    Theil index, split by district.

    Parameters
    ----------
    values, people
        As in `gini`.
    district
        (n,) number of the district of each cell; cells outside all share a number too.

    Source
    ------
    Theil (1967), Economics and Information Theory, North-Holland:
    T = sum of (P_i/P) (a_i/mu) ln(a_i/mu).
    """
    known = _known(values, people)
    values, people, district = values[known], people[known], district[known]
    total = _dot(values, people)
    if not total > 0:
        return Theil(float("nan"), float("nan"), float("nan"))
    mean = total / people.sum()
    _, number = np.unique(district, return_inverse=True)
    heads = np.asarray(np.bincount(number, people), dtype=float)
    means = np.bincount(number, values * people) / heads
    whole, between = _theil(values / mean, people), _theil(means / mean, heads)
    return Theil(whole, between, whole - between)


def palma(values: Floats, people: Floats, rank: Floats) -> float:
    """
    Mean of the best-off tenth by another measure over the mean of the worst-off 40 %.

    Parameters
    ----------
    values, people
        As in `gini`.
    rank
        (n,) what people are ranked by, such as income; a cell that lies on
        the border of a tenth counts in part.
    """
    known = _known(values, people) & np.isfinite(rank)
    order = np.argsort(rank[known], kind="stable")
    values, people = values[known][order], people[known][order]
    if not people.sum() > 0:
        return float("nan")
    ends = np.cumsum(people) / people.sum()
    starts = ends - people / people.sum()
    low = np.clip(np.minimum(ends, 0.4) - starts, 0, None)
    high = np.clip(ends - np.maximum(starts, 0.9), 0, None)
    poor = _dot(values, low) / float(low.sum())
    return _dot(values, high) / float(high.sum()) / poor if poor > 0 else float("nan")


def concentration(values: Floats, people: Floats, rank: Floats) -> float:
    """
    Concentration index: below 0 if those ranked low have more, above 0 if those ranked high do.

    Parameters
    ----------
    values, people
        As in `gini`.
    rank
        (n,) what people are ranked by, such as income or age; cells that tie
        share their rank.

    Source
    ------
    CI = 2/mu * sum of s_i (R_i - 1/2) (a_i - mu); Kakwani, Wagstaff & van
    Doorslaer (1997), Journal of Econometrics 77(1), 87-103.
    """
    known = _known(values, people) & np.isfinite(rank)
    values, people, rank = values[known], people[known], rank[known]
    if not _dot(values, people) > 0:
        return float("nan")
    share = people / people.sum()
    mean = _dot(values, share)
    _, tied = np.unique(rank, return_inverse=True)
    heads = np.bincount(tied, share)
    middle = (np.cumsum(heads) - heads / 2)[tied]
    return float(2 / mean * np.sum(share * (middle - 0.5) * (values - mean)))


def erreygers(values: Floats, people: Floats, rank: Floats, low: float, high: float) -> float:
    """
    Concentration index for a value between two bounds, such as a share.

    Parameters
    ----------
    values, people, rank
        As in `concentration`.
    low, high
        Least and greatest possible value.

    Source
    ------
    Erreygers (2009), Journal of Health Economics 28(2), 504-515: CI × 4 mu / (high - low).
    """
    counted, heads = _counted(values, people)
    mean = _dot(counted, heads) / float(heads.sum()) if heads.sum() > 0 else float("nan")
    return concentration(values, people, rank) * 4 * mean / (high - low)


def shortfall(values: Floats, people: Floats, standard: float, alpha: float) -> float:
    """
    How far people fall short of a standard (FGT).

    Parameters
    ----------
    values, people
        As in `gini`; more is better.
    standard
        What everybody should have at least; above 0.
    alpha
        0: share of people below it; 1: times how far, on average, in parts of
        the standard; 2: large gaps count more.

    Returns
    -------
    shortfall
        0 (nobody) to 1 (everybody has nothing).

    Source
    ------
    Foster, Greer & Thorbecke (1984), Econometrica 52(3), 761-766.
    """
    values, people = _counted(values, people)
    if not people.sum() > 0:
        return float("nan")
    below = values < standard
    gap = (standard - values[below]) / standard
    return _dot(people[below], gap**alpha) / float(people.sum())


def _dot(one: Floats, other: Floats) -> float:
    """Sum of products; on one core, because threads take longer to start than such a sum does."""
    return float(np.einsum("i,i->", one, other))


def _theil(ratio: Floats, people: Floats) -> float:
    """Sum of shares × ratio × its logarithm; a ratio of 0 adds nothing."""
    positive = ratio > 0
    logarithm = np.log(ratio, out=np.zeros(len(ratio)), where=positive)
    return _dot(people, ratio * logarithm) / float(people.sum())


def _known(values: Floats, people: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isfinite(values) & (np.nan_to_num(people) > 0)


def _counted(values: Floats, people: Floats) -> Counted:
    known = _known(values, people)
    return values[known], people[known]
