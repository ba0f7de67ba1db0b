"""
Spatial scan: where, if anywhere, cases stand together, and how surely.

Circles of every size are laid around every unit; the one whose cases are the
least likely by chance is the first cluster. Its p compares it with the least
likely circle of every draw, so all circles are tested at once and nothing is
left to correct. It is the second opinion beside tests of each unit alone.

Source
------
M. Kulldorff (1997), A spatial scan statistic, Communications in Statistics:
Theory and Methods 26(6), 1481-1496; secondary clusters as there, 4.2.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from .paths import THREADS, Bools, Floats, Ints

PORTION = 32
"""So many draws a thread takes on at a time: what they need stays in its cache."""
CENTRES = 256
"""Circles of so many centres are laid at a time."""
SAME = 1e-9
"""Likelihoods that differ by less are tied."""
TOLD = 10
"""No more clusters than this are told."""

Counts = NDArray[np.uint32]
Gain = Callable[[Any, Any], Floats]
Draw = Callable[[np.random.Generator, int], Counts]


@dataclass(frozen=True, eq=False)
class Cluster:
    """
    A circle that holds more cases than by chance.

    Parameters
    ----------
    members
        Units whose middle lies in the circle, empty ones too.
    ratio
        How many times as often there as outside; inf if there is no case outside.
    p
        Part of the draws, what was observed included, whose least likely circle is
        as unlikely; exact for the first cluster, cautious for the others.
    centre
        Middle of the circle [m].
    radius
        To the farthest of its units [m].
    cases, expected
        Cases in it, and how many by chance.
    gain
        Logarithm of the likelihood ratio.
    """

    members: Ints
    ratio: float
    p: float
    centre: tuple[float, float]
    radius: float
    cases: int
    expected: float
    gain: float


@dataclass(frozen=True, eq=False)
class Circles:
    """
    Circles around some centres, each growing unit by unit.

    Parameters
    ----------
    first, order
        Around the i-th centre they grow over the units order[first[i]:first[i + 1]].
    size
        What a circle holds once it has reached a unit, with all as far away.
    metres
        Way from the centre to the unit [m].
    """

    first: Ints
    order: Counts
    size: Floats
    metres: Floats


def bernoulli(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    controls: ArrayLike,
    *,
    most: float = 0.5,
    farthest: float = np.inf,
    draws: int = 999,
    seed: int = 1,
) -> list[Cluster]:
    """
    Scan for circles with more cases among the marks than outside.

    By chance means: every mark stays where it is, and which of them are cases
    is drawn anew.

    Parameters
    ----------
    x, y
        (m,) middle of each unit [m].
    cases, controls
        (m,) counts, such as of unsafe and of at-ease marks.
    most
        Largest part of all marks a circle may hold.
    farthest
        Largest radius [m]. Time and memory grow with the square of the units
        in reach: two thousand units with all circles take about a second.
    draws, seed
        How many draws, and what decides them.

    Returns
    -------
    clusters
        The least likely first, none overlapping a less likely one; at most `TOLD`,
        whatever their p. One-sided: too few cases make no cluster.
    """
    many, few = (np.asarray(given, dtype=np.int64) for given in (cases, controls))
    held = np.flatnonzero(many + few)
    marks = (many + few)[held]
    all_cases, total = int(many.sum()), int(marks.sum())
    owner = np.repeat(np.arange(len(held)), marks)

    def draw(rng: np.random.Generator, count: int) -> Counts:
        dealt = np.empty((count, len(held)), dtype=np.uint32)
        for row in dealt:
            chosen = rng.choice(total, all_cases, replace=False, shuffle=False)
            row[:] = np.bincount(owner[chosen], minlength=len(held))
        return dealt

    return _scan(
        np.column_stack([x, y]).astype(float),
        held,
        many[held],
        marks.astype(float),
        lambda c, n: bernoulli_gain(c, n, all_cases, total),
        draw,
        most=most,
        farthest=farthest,
        draws=draws,
        seed=seed,
    )


def poisson(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    expected: ArrayLike,
    *,
    most: float = 0.5,
    farthest: float = np.inf,
    draws: int = 999,
    seed: int = 1,
) -> list[Cluster]:
    """
    Scan for circles with more cases than people or other exposure explain.

    By chance means: all cases are dealt out anew in proportion to what was expected.

    Parameters
    ----------
    x, y, most, farthest, draws, seed
        As in `bernoulli`; `most` is a part of all that was expected.
    cases
        (m,) counts.
    expected
        (m,) population at risk or another exposure, at least 0; only its
        proportions matter. A case where none was expected is refused.
    """
    many, due = np.asarray(cases, dtype=np.int64), np.asarray(expected, dtype=float)
    if not (np.isfinite(due) & (due >= 0)).all() or (many > 0)[due == 0].any():
        raise ValueError("what is expected is at least 0, and above 0 wherever there is a case")
    held = np.flatnonzero(due > 0)
    all_cases = int(many.sum())
    share = due[held] / due.sum() if len(held) else due[held]

    def draw(rng: np.random.Generator, count: int) -> Counts:
        return rng.multinomial(all_cases, share, size=count).astype(np.uint32)

    return _scan(
        np.column_stack([x, y]).astype(float),
        held,
        many[held],
        share * all_cases,
        lambda c, e: poisson_gain(c, e, all_cases),
        draw,
        most=most,
        farthest=farthest,
        draws=draws,
        seed=seed,
    )


def bernoulli_gain(cases: ArrayLike, marks: ArrayLike, all_cases: int, total: int) -> Floats:
    """Log likelihood ratio of circles with so many cases among their marks; 0 unless more."""
    c, n = np.asarray(cases, dtype=float), np.asarray(marks, dtype=float)
    more = np.isfinite(n) & (c * total > all_cases * n) & (n < total)
    c, n = np.where(more, c, 0.0), np.where(more, n, 0.0)
    out, rest = all_cases - c, total - n
    gain = (
        _entropy(c, n) + _entropy(out, rest) - _entropy(np.array(all_cases), np.array(total))
    )  # fmt: skip
    return np.asarray(np.where(more, gain, 0.0))


def poisson_gain(cases: ArrayLike, expected: ArrayLike, all_cases: int) -> Floats:
    """Log likelihood ratio of circles with so many cases where so many were due; 0 unless more."""
    c, e = np.asarray(cases, dtype=float), np.asarray(expected, dtype=float)
    more = np.isfinite(e) & (c > e) & (e > 0)
    c, e = np.where(more, c, 1.0), np.where(more, e, 1.0)
    out = all_cases - c
    gain = xlogy(c, c / e) + xlogy(out, out / np.where(out > 0, all_cases - e, 1.0))
    return np.asarray(np.where(more, gain, 0.0))


def _entropy(c: Floats, n: Floats) -> Floats:
    """Log likelihood of c cases among n marks at their own rate."""
    return np.asarray(xlogy(c, c) + xlogy(n - c, n - c) - xlogy(n, n))


def _scan(
    points: Floats,
    held: Ints,
    cases: Ints,
    size: Floats,
    gain: Gain,
    draw: Draw,
    *,
    most: float,
    farthest: float,
    draws: int,
    seed: int,
) -> list[Cluster]:
    """Find the clusters among the units `held`, and compare them with the draws."""
    if len(held) < 2 or not cases.sum():
        return []
    # from west to east, so that the centres of one go have few units in reach
    west = np.argsort(points[held, 0], kind="stable")
    laid = [
        _lay(points[held], size, west[start : start + CENTRES], most, farthest)
        for start in range(0, len(held), CENTRES)
    ]
    best = [_best(circles, cases, gain) for circles in laid]
    gains, radii = np.empty(len(held)), np.empty(len(held))
    gains[west], radii[west] = (np.concatenate(part) for part in zip(*best, strict=True))
    peaks = np.sort(_peaks(laid, int(cases.sum()), gain, draw, draws, seed))
    clusters: list[Cluster] = []
    taken = np.zeros(len(points), dtype=bool)
    for i in np.argsort(-gains, kind="stable"):
        if gains[i] <= 0 or len(clusters) == TOLD:
            break
        middle = points[held[i]]
        inside = _metres(points, middle) <= radii[i]
        if taken[inside].any():
            continue
        taken |= inside
        as_far = draws - int(np.searchsorted(peaks, gains[i] - SAME))
        clusters.append(
            _cluster(middle, radii[i], inside, inside[held], cases, size, gains[i], as_far, draws)
        )
    return clusters


def _cluster(
    middle: Floats,
    radius: float,
    inside: Bools,
    among: Bools,
    cases: Ints,
    size: Floats,
    gain: float,
    as_far: int,
    draws: int,
) -> Cluster:
    """Describe one circle."""
    count, part = int(cases[among].sum()), float(size[among].sum() / size.sum())
    out = int(cases.sum()) - count
    return Cluster(
        members=np.flatnonzero(inside),
        ratio=count / part / (out / (1 - part)) if out else float("inf"),
        p=(1 + as_far) / (draws + 1),
        centre=(float(middle[0]), float(middle[1])),
        radius=float(radius),
        cases=count,
        expected=float(cases.sum()) * part,
        gain=float(gain),
    )


def _metres(points: Floats, middle: Floats) -> Floats:
    """Way from `middle` to each of `points` [m], to a thousandth of a millimetre for ties."""
    gap = points - middle
    return np.asarray(np.round(np.hypot(gap[..., 0], gap[..., 1]), 6))


def _lay(points: Floats, size: Floats, centres: Ints, most: float, farthest: float) -> Circles:
    """Lay all circles around some units; units as far away enter together."""
    east = points[:, 0]
    low, high = east[centres].min() - farthest, east[centres].max() + farthest
    reached = np.flatnonzero((east >= low) & (east <= high))
    metres = _metres(points[None, reached], points[centres][:, None])
    order = np.argsort(metres, axis=1, kind="stable")
    metres = np.take_along_axis(metres, order, axis=1)
    held = np.cumsum(size[reached][order], axis=1)
    last = np.ones(metres.shape, dtype=bool)
    last[:, :-1] = metres[:, 1:] > metres[:, :-1]
    # what a circle holds at the next place where one is complete
    held = np.minimum.accumulate(np.where(last, held, np.inf)[:, ::-1], axis=1)[:, ::-1]
    small = (held <= most * size.sum() * (1 + SAME)) & (metres <= farthest)
    return Circles(
        first=np.concatenate([[0], np.cumsum(small.sum(axis=1))]),
        order=reached[order[small]].astype(np.uint32),
        size=held[small],
        metres=metres[small],
    )


def _best(circles: Circles, cases: Ints, gain: Gain) -> tuple[Floats, Floats]:
    """Find the least likely circle around each centre: its gain, and its radius [m]."""
    first = circles.first
    gains, radii = np.zeros(len(first) - 1), np.zeros(len(first) - 1)
    counted = np.concatenate([[0], np.cumsum(cases[circles.order])])
    for i in range(len(first) - 1):
        some = slice(first[i], first[i + 1])
        metres = circles.metres[some]
        if not len(metres):
            continue
        complete = np.concatenate([metres[1:] > metres[:-1], [True]])
        count = counted[first[i] + 1 : first[i + 1] + 1] - counted[first[i]]
        found = np.where(complete, gain(count, circles.size[some]), 0.0)
        gains[i], radii[i] = found.max(), metres[found.argmax()]
    return gains, radii


def _peaks(
    laid: list[Circles], all_cases: int, gain: Gain, draw: Draw, draws: int, seed: int
) -> Floats:
    """(draws,) gain of the least likely circle of each draw."""
    from .kernels_scan import least_sizes  # noqa: PLC0415, numba is loaded when first needed

    count = np.arange(all_cases + 1)

    def some(start: int) -> Floats:
        dealt = draw(np.random.default_rng([seed, start]), min(PORTION, draws - start))
        least = np.full((len(dealt), all_cases + 1), np.inf)
        for circles in laid:
            least_sizes(circles.first, circles.order, circles.size, dealt, least)
        return np.asarray(gain(count, least).max(axis=1))

    # threads of our own: those of numba must not be entered by two requests at once
    with ThreadPoolExecutor(THREADS) as threads:
        return np.concatenate([np.empty(0), *threads.map(some, range(0, draws, PORTION))])
