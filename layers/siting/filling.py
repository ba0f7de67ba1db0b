"""Choosing places with limited room, judged by a quick way of sharing people out; compiled."""

from __future__ import annotations

from typing import Any

from ..kernels import compiled

WORK = 40_000_000
"""So many entries are looked at in exchanges, at most."""


@compiled
def _filled(d_ptr: Any, d_idx: Any, worth: Any, people: Any, inside: Any, room: Any) -> Any:
    """
    Send people to the best chosen place that has room: those with one choice first.

    `room` is what is left in each place afterwards.
    """
    total = 0.0
    for few in (1, 2, 1 << 30):
        for i in range(len(people)):
            options = 0
            for q in range(d_ptr[i], d_ptr[i + 1]):
                options += inside[d_idx[q]]
                if options > few:
                    break
            if options == 0 or options > few or (few > 1 and options == 1):
                continue
            if few > 2 and options == 2:
                continue
            left = people[i]
            for q in range(d_ptr[i], d_ptr[i + 1]):
                j = d_idx[q]
                if inside[j] and room[j] > 0.0 and left > 0.0:
                    some = min(left, room[j])
                    room[j] -= some
                    left -= some
                    total += some * worth[q]
    return total


@compiled
def _judged(of: Any, inside: Any) -> Any:
    """Judge a choice roughly."""
    d_ptr, d_idx, worth, people, capacity = of
    return _filled(d_ptr, d_idx, worth, people, inside, capacity.copy())


@compiled
def _added(of: Any, inside: Any, free: Any, price: Any, room: Any, least: Any) -> Any:
    """Find the candidate that helps most for its price; -1 if none helps or fits."""
    now, best, into = _judged(of, inside), 0.0, -1
    for j in range(len(price)):
        if not free[j] or inside[j] or price[j] > room:
            continue
        inside[j] = True
        gain = _judged(of, inside) - now
        inside[j] = False
        if gain > least and gain / max(price[j], 1e-9) > best:
            best, into = gain / max(price[j], 1e-9), j
    return into


@compiled
def _instead(of: Any, inside: Any, free: Any, price: Any, room: Any, order: Any, barred: Any,
             least: Any) -> Any:  # fmt: skip
    """Find the candidate that makes the value largest and more than `least`; -1 if none does."""
    best, into = least, -1
    for j in order:
        if free[j] and not inside[j] and j != barred and price[j] <= room:
            inside[j] = True
            value = _judged(of, inside)
            inside[j] = False
            if value > best:
                best, into = value, j
    return best, into


@compiled
def choose(d_ptr: Any, d_idx: Any, worth: Any, people: Any, capacity: Any, price: Any, limit: Any,
           free: Any, kept: Any, order: Any, covering: Any) -> Any:  # fmt: skip
    """
    Add places greedily, then exchange them one by one.

    Parameters
    ----------
    d_ptr, d_idx, worth
        Candidates of each demand, the best first, and what a person is worth there.
    people, capacity
        (n,) people, (m,) room.
    price, limit
        (m,) prices, and what they may sum up to.
    free, kept
        (m,) which candidates are open to choice, and which are chosen anyway.
    order
        (m,) order in which exchanges are tried.
    covering
        Whether everybody must be served: places that are not needed are left out again.

    Returns
    -------
    chosen
        (m,) the choice.
    """
    of = (d_ptr, d_idx, worth, people, capacity)
    inside = kept.copy()
    room = limit + 1e-9 - (price * kept).sum()
    least = 1e-9 * (1.0 + people.sum())
    while True:
        j = _added(of, inside, free, price, room, least)
        if j < 0:
            break
        inside[j] = True
        room -= price[j]
    now, work, better = _judged(of, inside), WORK, True
    while better and work > 0:
        better = False
        for out in order:
            if not inside[out] or not free[out] or work < 0:
                continue
            inside[out] = False
            room += price[out]
            if covering and _judged(of, inside) >= now - least:
                better = True
                continue
            most = price[out] if covering else room
            value, into = _instead(of, inside, free, price, most, order, out, now + least)
            work -= len(d_idx) * len(price)
            better |= into >= 0
            inside[into if into >= 0 else out] = True
            room -= price[into if into >= 0 else out]
            now = value if into >= 0 else now
    return inside
