"""Slots at places, put into one round for each day of duty: near each other, and spread out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from .paths import Floats, Ints


@dataclass(frozen=True)
class Visit:
    """One stop of a round: day (0 is Monday), position of the place, and its slots."""

    day: int
    place: int
    slots: int


def rounds(at: Ints, points: Floats, days: Sequence[int]) -> list[Visit]:
    """
    Put slots into rounds.

    Every round has as many slots as any other, give or take one. Slots of
    one place go to different days as far as there are days; places of a
    round lie near each other along a curve that fills the plane.

    Parameters
    ----------
    at
        (m,) position of the place of each slot.
    points
        (n, 2) where each place is [m].
    days
        Days of duty, 0 is Monday.

    Returns
    -------
    visits
        By day, each round in the order of a walk from one stop to the next nearest.
    """
    along = np.argsort(np.argsort(_along(points), kind="stable"), kind="stable")
    turn = np.zeros(len(at), dtype=np.intp)
    seen: Counter[int] = Counter()
    for number, place in enumerate(at.tolist()):
        turn[number] = seen[place]
        seen[place] += 1
    order = np.lexsort((along[at], turn))
    visits = []
    for day, some in zip(sorted(days), np.array_split(order, len(days)), strict=True):
        slots = Counter(at[some].tolist())
        visits += [Visit(day, place, slots[place]) for place in _walk(list(slots), points)]
    return visits


def _along(points: Floats) -> Floats:
    """(n,) position along a curve that fills the plane."""
    if not len(points):
        return np.empty(0)
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    box = shapely.box(west, south, max(east, west + 1), max(north, south + 1))
    return np.asarray(_hilbert(points, shapely.bounds(box)))


def _hilbert(points: Floats, bounds: Floats, level: int = 10) -> Ints:
    """(n,) distance along the Hilbert curve of 2^level squares a side."""
    side = 1 << level
    x, y = ((points - bounds[:2]) / (bounds[2:] - bounds[:2]) * (side - 1)).astype(np.int64).T
    found = np.zeros(len(points), dtype=np.int64)
    step = side >> 1
    while step:
        right, upper = (x & step) > 0, (y & step) > 0
        found += step * step * ((3 * right) ^ upper)
        turned = ~upper
        mirrored = turned & right
        x, y = np.where(mirrored, side - 1 - x, x), np.where(mirrored, side - 1 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        step >>= 1
    return found.astype(np.intp)


def _walk(places: list[int], points: Floats) -> list[int]:
    """Go on from each stop to the nearest that is left, beginning in the west."""
    left = sorted(places, key=lambda place: (points[place, 0], place))
    walked: list[int] = []
    while left:
        here = points[walked[-1]] if walked else points[left[0]]
        nearest = min(left, key=lambda place: (float(np.hypot(*(points[place] - here))), place))
        walked.append(nearest)
        left.remove(nearest)
    return walked
