"""
What no choice can better: Lagrangian relaxation, compiled.

The rule that ties demand to the chosen places is given up at a price per
demand; what is left falls apart into one sum per candidate. Every set of
prices gives a valid bound, and a subgradient method looks for the best of
them. For these models the best bound is that of the linear program.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels import compiled
from .rows import sort

STALE = 12
"""So many steps without a better bound, and the steps become half as long."""

REACH, COVER, WAYS = 0, 1, 2
"""What is asked: to reach many, to reach everybody cheaply, or short ways."""

MEMORY = 0.6
"""Share of the last direction that a step keeps; it calms the zigzag of the method."""

SHORTEST = 1e-4
"""Steps shorter than this share of the first are not worth taking."""


@compiled
def _fill(worth: Any, price: Any, limit: Any, state: Any, covering: Any, x: Any) -> Any:
    """
    Choose the candidates worth most, the last one in part, and say what is paid for room.

    Returns the sum of what is chosen and the price of one unit of room; `x`
    receives how much of each candidate is chosen.
    """
    total, room = 0.0, limit
    for j in range(len(worth)):
        x[j] = 1.0 if state[j] == 1 else 0.0
        if state[j] == 1:
            total += worth[j] - (price[j] if covering else 0.0)
            room -= price[j]
    if covering:
        for j in range(len(worth)):
            if state[j] == 0 and worth[j] > price[j]:
                x[j] = 1.0
                total += worth[j] - price[j]
        return total, 1.0
    ratio, order = worth / np.maximum(price, 1e-12), np.arange(len(worth))
    ordered = -ratio
    sort(ordered, order, 0, len(order))
    for number in range(len(order)):
        j = order[number]
        if state[j] != 0 or worth[j] <= 0.0:
            continue
        x[j] = min(1.0, room / max(price[j], 1e-12)) if price[j] > room else 1.0
        total += x[j] * worth[j]
        room -= x[j] * price[j]
        if x[j] < 1.0:
            return total, ratio[j]
    return total, 0.0


@compiled
def _offered(of: Any, kind: Any, paid: Any, worth: Any) -> None:
    """Add up what the demands pay for each candidate."""
    worth[:] = 0.0
    for i in range(len(of.w)):
        if paid[i] <= 0.0:
            continue
        for q in range(of.d_ptr[i], of.d_ptr[i + 1]):
            spare = paid[i] - (of.w[i] * of.d_cost[q] if kind == WAYS else 0.0)
            if spare <= 0.0:
                break  # the cheapest come first
            worth[of.d_idx[q]] += spare


@compiled
def _answered(of: Any, kind: Any, paid: Any, x: Any, slope: Any) -> Any:
    """Add up what the demands keep for themselves; `slope` receives how paying more changes all."""
    total = 0.0
    for i in range(len(of.w)):
        served = 0.0
        for q in range(of.d_ptr[i], of.d_ptr[i + 1]):
            if kind == WAYS and paid[i] <= of.w[i] * of.d_cost[q]:
                break
            served += x[of.d_idx[q]]
        if kind == REACH:
            for worth in (of.first, of.second):
                if of.w[i] * worth > paid[i]:
                    total += of.w[i] * worth - paid[i]
                    served -= 1.0
        else:
            total -= paid[i]
            served -= 1.0
        slope[i] = served
    return total


@compiled
def _most_paid(of: Any, kind: Any, i: Any) -> Any:
    """What demand i pays at most: more never makes a better bound."""
    return of.w[i] * (of.penalty if kind == WAYS else of.first)


@compiled
def _first_paid(of: Any, kind: Any, limit: Any) -> Any:
    """(n,) what the demands pay at first."""
    paid = np.zeros(len(of.w))
    for i in range(len(of.w)):
        first, last = of.d_ptr[i], of.d_ptr[i + 1] - 1
        if kind == WAYS:
            middle = of.d_cost[min(last, first + 1 + (last - first) // max(2, int(limit)))]
            paid[i] = of.w[i] * min(middle, of.penalty)
        else:
            share = 0.5 if kind == REACH else 1.0 / max(1, last + 1 - first)
            paid[i] = share * of.w[i] * of.first
    return paid


@compiled
def _moved(of: Any, kind: Any, paid: Any, slope: Any, last: Any) -> Any:
    """Blend the slope with the last one, leave out what cannot move; return its square."""
    square = 0.0
    for i in range(len(paid)):
        slope[i] += MEMORY * last[i]
        at_most = paid[i] >= _most_paid(of, kind, i)
        if (paid[i] <= 0.0 and slope[i] > 0.0) or (at_most and slope[i] < 0.0):
            slope[i] = 0.0
        last[i] = slope[i]
        square += slope[i] * slope[i]
    return square


@compiled
def relax(of: Any, kind: Any, price: Any, limit: Any, state: Any, known: Any, enough: Any,
          steps: Any, before: Any) -> Any:  # fmt: skip
    """
    Bound what can be reached at best; what shall be small counts as its negative.

    Parameters
    ----------
    of
        `kernels.Demand`; to cover everybody `first` is the largest price and
        the weights are 1.
    kind
        `REACH`: many are reached. `COVER`: everybody is, and the prices
        count. `WAYS`: ways are short.
    price, limit, state
        As in `kernels.search`.
    known
        Value of the best choice known.
    enough
        Stop once the bound is this close to `known`.
    steps
        So many steps at most.
    before
        (n,) what each demand paid at the end of an earlier run; empty for a first one.

    Returns
    -------
    bound, worth, room_price, paid
        Best bound, (m,) what each candidate is worth in it, the price of a
        unit of room, and (n,) what each demand pays.
    """
    m = len(price)
    paid = before.copy() if len(before) else _first_paid(of, kind, limit)
    best_paid, best_worth, x, worth = paid.copy(), np.zeros(m), np.zeros(m), np.zeros(m)
    bound, room_price, stride, stale = np.inf, 0.0, 1.0, 0
    slope, last = np.zeros(len(paid)), np.zeros(len(paid))
    for _ in range(steps):
        _offered(of, kind, paid, worth)
        filled, of_room = _fill(worth, price, limit, state, kind == COVER, x)
        total = filled + _answered(of, kind, paid, x, slope)
        stale += 1
        if total < bound:
            if bound == np.inf or total < bound - 1e-5 * abs(bound):
                stale = 0
            bound, room_price = total, of_room
            best_worth[:], best_paid[:] = worth, paid
        if stale > STALE:
            stride, stale = 0.5 * stride, 0
        square = _moved(of, kind, paid, slope, last)
        if bound - known <= enough or stride < SHORTEST or square == 0.0:
            break
        step = stride * (total - known + 1e-6 * abs(known)) / square
        for i in range(len(paid)):
            paid[i] = min(max(paid[i] - step * slope[i], 0.0), _most_paid(of, kind, i))
    return bound, best_worth, room_price, best_paid
