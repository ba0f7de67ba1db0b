"""In which order a walk visits its stops, and which stops fit into it: on distances alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .errors import InfeasibleError
from .paths import Bools, Floats, Ints
from .text import Text

EXACT = 12
"""With up to so many stops the best order, and the best choice, is found for certain."""
EQUAL = 1e-6
"""Walks that differ by less than this are equally long [m]."""


@dataclass(frozen=True)
class Tour:
    """
    A walk past stops.

    Parameters
    ----------
    stops
        Positions of the stops in the order of walking.
    metres
        Length of the walk, from its start to its end [m].
    exact
        Whether no shorter walk past these stops, and no better choice of them, is possible.
    """

    stops: tuple[int, ...]
    metres: float
    exact: bool


def shortest(metres: Floats, *, start: int, end: int, stops: Sequence[int]) -> Tour:
    """
    Find the shortest walk from a start past all stops to an end.

    Parameters
    ----------
    metres
        (n, n) walking distances [m], the same both ways; inf where there is no way.
    start, end
        Positions of the two; the same for a round.
    stops
        Positions to pass.

    Returns
    -------
    tour
        The best one of all for up to `EXACT` stops; beyond that by insertion, turning parts
        around (2-opt) and moving short parts (Or-opt) until nothing helps any more.

    Source
    ------
    Held & Karp (1962), J. SIAM 10(1), 196-210; Croes (1958), Oper. Res. 6(6), 791-812;
    Or (1976), thesis, Northwestern University.
    """
    stops = list(stops)
    if len(stops) <= EXACT:
        table = _Table.of(metres, start, end, stops)
        whole = (1 << len(stops)) - 1
        return Tour(table.order(whole), float(table.length[whole]), exact=True)
    order: list[int] = []
    for stop in stops:
        order = _inserted(metres, start, end, order, stop)[0]
    order = _improved(metres, start, end, order)
    return Tour(tuple(order), _length(metres, start, end, order), exact=False)


def choose(
    metres: Floats,
    *,
    start: int,
    end: int,
    stops: Sequence[int],
    must: Bools,
    worth: Floats,
    limit: float,
) -> Tour:
    """
    Choose stops worth most together that a walk no longer than allowed can visit.

    Parameters
    ----------
    metres, start, end
        As in `shortest`.
    stops
        (k,) positions that may be visited.
    must
        (k,) which of them have to be.
    worth
        (k,) what the others are worth, not negative.
    limit
        Longest walk allowed [m].

    Returns
    -------
    tour
        Never longer than `limit`. The best choice for up to `EXACT` stops, and the shortest
        of equally good ones; beyond, stops are added by worth per further metre.

    Raises
    ------
    InfeasibleError
        If the stops that must be visited alone need more; says how much.
    """
    stops = list(stops)
    if len(stops) <= EXACT:
        return _chosen(_Table.of(metres, start, end, stops), must, worth, limit)
    fixed = [stop for stop, needed in zip(stops, must, strict=True) if needed]
    tour = shortest(metres, start=start, end=end, stops=fixed)
    _check(tour.metres, limit)
    order = list(tour.stops)
    left = {stop: float(gain) for stop, gain, needed in zip(stops, worth, must, strict=True)
            if not needed}  # fmt: skip
    while left:
        found = _next(metres, start, end, order, left, limit)
        if found is None:
            break
        stop, order = found
        del left[stop]
        order = _improved(metres, start, end, order)
    return Tour(tuple(order), _length(metres, start, end, order), exact=False)


def given(metres: Floats, *, start: int, end: int, stops: Sequence[int], limit: float) -> Tour:
    """
    Return the walk past stops in the order in which they come.

    Parameters
    ----------
    metres, start, end, limit
        As in `choose`.
    stops
        Positions to pass, in the order of walking.

    Raises
    ------
    InfeasibleError
        If the walk is longer than allowed; says how much.
    """
    length = _length(metres, start, end, stops)
    _check(length, limit)
    return Tour(tuple(stops), length, exact=False)


def spared(metres: Floats, *, start: int, end: int, stops: Sequence[int]) -> dict[int, float]:
    """Return by how much the walk would be shorter [m] without each of its stops."""
    whole = shortest(metres, start=start, end=end, stops=stops).metres
    told = {}
    for left_out in stops:
        others = [stop for stop in stops if stop != left_out]
        told[left_out] = whole - shortest(metres, start=start, end=end, stops=others).metres
    return told


@dataclass(frozen=True)
class _Table:
    """Shortest ways from the start past every set of stops, by the stop they end at."""

    stops: list[int]
    apart: Floats
    home: Floats
    ways: Floats
    length: Floats

    @classmethod
    def of(cls, metres: Floats, start: int, end: int, stops: list[int]) -> _Table:
        """Fill the table, from small sets of stops to all of them."""
        count = len(stops)
        apart = np.asarray(metres, dtype=float)[np.ix_(stops, stops)]
        home = np.asarray(metres, dtype=float)[stops, end]
        ways = np.full((1 << count, count), np.inf)
        bits = 1 << np.arange(count)
        ways[bits, np.arange(count)] = np.asarray(metres, dtype=float)[start, stops]
        for seen in range(1, 1 << count):
            free = np.flatnonzero((seen & bits) == 0)
            ways[seen | bits[free], free] = (ways[seen][:, None] + apart[:, free]).min(axis=0)
        length = (ways + home).min(axis=1) if count else np.zeros(1)
        length[0] = metres[start, end] if start != end else 0.0
        return cls(stops, apart, home, ways, length)

    def order(self, seen: int) -> tuple[int, ...]:
        """Return the stops of a set in the order of the shortest walk past them."""
        back: list[int] = []
        onward = self.home
        while seen:
            last = int(np.argmin(self.ways[seen] + onward))
            back.append(last)
            seen, onward = seen & ~(1 << last), self.apart[:, last]
        return tuple(self.stops[one] for one in reversed(back))


def _chosen(table: _Table, must: Bools, worth: Floats, limit: float) -> Tour:
    count = len(table.stops)
    bits = 1 << np.arange(count)
    needed = int(bits[np.asarray(must, dtype=bool)].sum())
    _check(float(table.length[needed]), limit)
    sets = np.arange(1 << count)
    fits = ((sets & needed) == needed) & (table.length <= limit + EQUAL)
    gain = ((sets[:, None] & bits) > 0) @ np.where(must, 0.0, worth) if count else np.zeros(1)
    # worth that comes in floats: equal to a billionth is equal, and then the shorter one is better
    rounded = np.round(gain, 9)
    fitting: Ints = np.flatnonzero(fits)
    best = fitting[np.lexsort((table.length[fitting], -rounded[fitting]))[0]]
    return Tour(table.order(int(best)), float(table.length[best]), exact=True)


def _check(needed: float, limit: float) -> None:
    if needed <= limit + EQUAL:
        return
    if np.isinf(needed):
        raise InfeasibleError([Text("no walk leads past all these stops")])
    raise InfeasibleError(
        [
            Text(
                "the walk past these stops is {needed} m long, {over} m more than you allow:"
                " take a stop out, or allow a longer walk",
                needed=round(needed),
                over=max(1, round(needed - limit)),
            )
        ]
    )


def _length(metres: Floats, start: int, end: int, order: Sequence[int]) -> float:
    if not order and start == end:
        return 0.0
    way = [start, *order, end]
    return float(np.asarray(metres)[way[:-1], way[1:]].sum())


def _inserted(
    metres: Floats, start: int, end: int, order: Sequence[int], stop: int
) -> tuple[list[int], float]:
    """Put a stop where it lengthens the walk least; return the order and its length."""
    tries = [[*order[:at], stop, *order[at:]] for at in range(len(order) + 1)]
    lengths = [_length(metres, start, end, one) for one in tries]
    best = int(np.argmin(lengths))
    return tries[best], lengths[best]


def _next(
    metres: Floats, start: int, end: int, order: list[int], left: dict[int, float], limit: float
) -> tuple[int, list[int]] | None:
    """Return the stop worth most per further metre that still fits, and the new order."""
    before = _length(metres, start, end, order)
    best, found = -1.0, None
    for stop, gain in left.items():
        longer, length = _inserted(metres, start, end, order, stop)
        rate = gain / max(length - before, 1.0)
        if length <= limit + EQUAL and gain > 0 and rate > best:
            best, found = rate, (stop, longer)
    return found


def _improved(metres: Floats, start: int, end: int, order: list[int]) -> list[int]:
    """Turn parts around, and move parts of up to three stops, until nothing is shorter."""
    length = _length(metres, start, end, order)
    while True:
        shorter = None
        for one in _neighbours(order):
            new = _length(metres, start, end, one)
            if new < length - EQUAL:
                shorter, length = one, new
        if shorter is None:
            return order
        order = shorter


def _neighbours(order: list[int]) -> list[list[int]]:
    count = len(order)
    found = [
        [*order[:a], *reversed(order[a:b]), *order[b:]]
        for a in range(count)
        for b in range(a + 2, count + 1)
    ]
    for size in (1, 2, 3):
        for a in range(count - size + 1):
            part, rest = order[a : a + size], [*order[:a], *order[a + size :]]
            found += [[*rest[:b], *part, *rest[b:]] for b in range(len(rest) + 1) if b != a]
    return found
