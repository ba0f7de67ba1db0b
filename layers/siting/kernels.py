"""
Exchanging places one by one, compiled.

The search keeps three tables: what a candidate would gain (`gain`), what a
chosen one would cost if it went (`loss`, one slot each), and what a pair makes
up for (`extra`). Only what an exchange touches is counted anew, so that an
exchange costs microseconds. The module is imported late: numba takes its time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..kernels import compiled


class Demand(NamedTuple):
    """
    Who shall be served by whom.

    Parameters
    ----------
    d_ptr, d_idx, d_cost
        Candidates of each demand; for medians the cheapest first.
    c_ptr, c_idx, c_cost
        Demands of each candidate.
    w
        (n,) weights.
    first, second
        Worth of reaching somebody once, and of reaching them once more.
    penalty
        Cost of somebody out of reach, above every stored cost; for medians only.
    """

    d_ptr: Any
    d_idx: Any
    d_cost: Any
    c_ptr: Any
    c_idx: Any
    c_cost: Any
    w: Any
    first: float
    second: float
    penalty: float


class Tables(NamedTuple):
    """
    What is known of the present choice.

    Parameters
    ----------
    inside
        (m,) whether a candidate is chosen.
    slot, members
        (m,) slot of each candidate that may go again, else -1; (s,) who holds it.
    gain, loss, extra
        (m,), (s,), (s, m) as said above.
    count
        (n,) how many of the chosen reach each demand.
    near, who
        (n, 2) costs to the two nearest of the chosen, and which they are.
    """

    inside: Any
    slot: Any
    members: Any
    gain: Any
    loss: Any
    extra: Any
    count: Any
    near: Any
    who: Any


@compiled
def _tables(of: Any, median: Any, slots: Any) -> Any:
    """Set up the tables of the empty choice."""
    n, m = len(of.d_ptr) - 1, len(of.c_ptr) - 1
    now = Tables(
        np.zeros(m, dtype=np.bool_),
        np.full(m, -1, dtype=np.int64),
        np.full(slots, -1, dtype=np.int64),
        np.zeros(m),
        np.zeros(slots),
        np.zeros((slots, m)),
        np.zeros(n, dtype=np.int64),
        np.full((n, 2), of.penalty),
        np.full((n, 2), -1, dtype=np.int64),
    )
    for i in range(n):
        _enter(of, now, median, i, of.w[i])
    return now


@compiled
def _enter(of: Any, now: Any, median: Any, i: Any, weight: Any) -> None:
    """Enter what demand i contributes to the tables (with its weight negative: take it out)."""
    if median:
        _enter_way(of, now, i, weight)
    elif now.count[i] <= 2:
        _enter_reach(of, now, i, weight)


@compiled
def _enter_reach(of: Any, now: Any, i: Any, weight: Any) -> None:
    """Contribute to the tables of a search for reach."""
    times = now.count[i]
    more = of.first if times == 0 else (of.second if times == 1 else 0.0)
    less = 0.0 if times == 0 else (of.first if times == 1 else of.second)
    row = of.d_idx[of.d_ptr[i] : of.d_ptr[i + 1]]
    for a in row:
        if not now.inside[a]:
            now.gain[a] += weight * more
        elif now.slot[a] >= 0 and less > 0:
            s = now.slot[a]
            now.loss[s] += weight * less
            for other in row:
                if not now.inside[other]:
                    now.extra[s, other] += weight * (less - more)


@compiled
def _enter_way(of: Any, now: Any, i: Any, weight: Any) -> None:
    """Contribute to the tables of a search for short ways; rows are sorted by cost."""
    one, two = now.near[i, 0], now.near[i, 1]
    s = now.slot[now.who[i, 0]] if now.who[i, 0] >= 0 else -1
    if s >= 0:
        now.loss[s] += weight * (two - one)
    for q in range(of.d_ptr[i], of.d_ptr[i + 1]):
        a, cost = of.d_idx[q], of.d_cost[q]
        if cost >= two or (s < 0 and cost >= one):
            break
        if now.inside[a]:
            continue
        if cost < one:
            now.gain[a] += weight * (one - cost)
        if s >= 0:
            now.extra[s, a] += weight * (two - max(cost, one))


@compiled
def _two_nearest(of: Any, now: Any, i: Any) -> None:
    """Find the two nearest chosen candidates of demand i."""
    found = 0
    now.near[i, :] = of.penalty
    now.who[i, :] = -1
    for q in range(of.d_ptr[i], of.d_ptr[i + 1]):
        if now.inside[of.d_idx[q]]:
            now.near[i, found], now.who[i, found] = of.d_cost[q], of.d_idx[q]
            found += 1
            if found == 2:
                return


@compiled
def _toggle(of: Any, now: Any, median: Any, j: Any, into: Any, kept: Any) -> None:
    """Choose candidate j, or leave it out again."""
    if into and not kept:
        for s in range(len(now.members)):
            if now.members[s] < 0:
                now.slot[j], now.members[s] = s, j
                break
    for q in range(of.c_ptr[j], of.c_ptr[j + 1]):
        i = of.c_idx[q]
        if median and (
            of.c_cost[q] >= now.near[i, 1] if into else now.who[i, 0] != j and now.who[i, 1] != j
        ):
            continue
        now.inside[j] = not into
        _enter(of, now, median, i, -of.w[i])
        now.inside[j] = into
        now.count[i] += 1 if into else -1
        if median:
            _two_nearest(of, now, i)
        _enter(of, now, median, i, of.w[i])
    now.inside[j] = into
    _tidy(now, j, into)


@compiled
def _tidy(now: Any, j: Any, into: Any) -> None:
    """Clear what rounding left in the tables of a candidate that changed sides."""
    s = now.slot[j]
    if into:
        now.gain[j] = 0.0
        now.extra[:, j] = 0.0
    elif s >= 0:
        now.loss[s] = 0.0
        now.extra[s, :] = 0.0
        now.members[s] = -1
        now.slot[j] = -1


@compiled
def _addition(now: Any, free: Any, price: Any, room: Any, least: Any) -> Any:
    """Find the addition that gains most for its price; -1 if none gains or fits."""
    best, into = 0.0, -1
    for a in range(len(free)):
        if free[a] and not now.inside[a] and price[a] <= room and now.gain[a] > least:
            ratio = now.gain[a] / max(price[a], 1e-9)
            if ratio > best:
                best, into = ratio, a
    return into


@compiled
def _exchange(now: Any, free: Any, price: Any, room: Any, least: Any) -> Any:
    """Find the exchange (or addition, slot -1) that helps most; candidate -1 if none does."""
    profit, slot, into = least, -1, -1
    for a in range(len(free)):
        if free[a] and not now.inside[a] and price[a] <= room and now.gain[a] > profit:
            profit, into = now.gain[a], a
    for s in range(len(now.members)):
        if now.members[s] < 0:
            continue
        freed = room + price[now.members[s]]
        for a in range(len(free)):
            helps = now.gain[a] - now.loss[s] + now.extra[s, a]
            if helps > profit and free[a] and not now.inside[a] and price[a] <= freed:
                profit, slot, into = helps, s, a
    return slot, into


@compiled
def _improve(of: Any, now: Any, median: Any, free: Any, price: Any, room: Any, least: Any,
             barred: Any) -> Any:  # fmt: skip
    """Add greedily (nobody who is barred), then exchange for as long as it helps."""
    while True:
        a = _addition(now, free & ~barred, price, room, least)
        if a < 0:
            break
        _toggle(of, now, median, a, True, False)  # noqa: FBT003, compiled code takes no keywords
        room -= price[a]
    while True:
        s, a = _exchange(now, free, price, room, least)
        if a < 0:
            return room
        if s >= 0:
            room += price[now.members[s]]
            _toggle(of, now, median, now.members[s], False, False)  # noqa: FBT003
        _toggle(of, now, median, a, True, False)  # noqa: FBT003
        room -= price[a]


@compiled
def _worth(of: Any, now: Any, median: Any) -> Any:
    """How good the present choice is; more is better."""
    worth = 0.0
    for i in range(len(of.w)):
        if median:
            worth -= of.w[i] * now.near[i, 0]
        elif now.count[i] > 0:
            worth += of.w[i] * (of.first + (of.second if now.count[i] > 1 else 0.0))
    return worth


@compiled
def search(of: Any, median: Any, price: Any, limit: Any, state: Any, start: Any, slots: Any,
           draws: Any) -> Any:  # fmt: skip
    """
    Search for a good choice.

    Parameters
    ----------
    of
        `Demand`.
    median
        Whether ways shall be short, rather than many be reached.
    price, limit
        (m,) prices of the candidates, and what they may sum up to.
    state
        (m,) 0 for a candidate that may be chosen, 1 for one that is kept, 2
        for one that may not be chosen.
    start
        (m,) whether a candidate is chosen at first, kept ones included.
    slots
        How many can be chosen at most beside those kept.
    draws
        (shakes, 4) random numbers from 0 to 1: so often the best choice is
        shaken, by leaving out one to three places, and improved again.

    Returns
    -------
    chosen
        (m,) the best choice found.
    """
    now = _tables(of, median, slots)
    room, least = limit, 1e-10 * _scale(of, median)
    free, barred = state == 0, np.zeros(len(state), dtype=np.bool_)
    for j in range(len(state)):
        if start[j]:
            _toggle(of, now, median, j, True, state[j] == 1)  # noqa: FBT003
            room -= price[j]
    room = _improve(of, now, median, free, price, room, least, barred)
    best, best_worth = now.inside.copy(), _worth(of, now, median)
    for shake in range(len(draws)):
        barred[:] = False
        for number in range(1 + int(2.999 * draws[shake, 3])):
            j = now.members[int(draws[shake, number] * slots)] if slots else -1
            if j >= 0:
                _toggle(of, now, median, j, False, False)  # noqa: FBT003
                barred[j], room = True, room + price[j]
        room = _improve(of, now, median, free, price, room, least, barred)
        worth = _worth(of, now, median)
        if worth > best_worth + least:
            best[:], best_worth = now.inside, worth
        elif worth < best_worth:
            room = _back_to(of, now, median, best, price, room)
    return best


@compiled
def _scale(of: Any, median: Any) -> Any:
    """How large values are at most."""
    scale = 0.0
    for i in range(len(of.w)):
        scale += of.w[i]
    return scale * (of.penalty if median else of.first + of.second)


@compiled
def _back_to(of: Any, now: Any, median: Any, best: Any, price: Any, room: Any) -> Any:
    """Return to the best choice."""
    for j in range(len(best)):
        if now.inside[j] and not best[j]:
            _toggle(of, now, median, j, False, False)  # noqa: FBT003
            room += price[j]
    for j in range(len(best)):
        if best[j] and not now.inside[j]:
            _toggle(of, now, median, j, True, False)  # noqa: FBT003
            room -= price[j]
    return room


@compiled
def mend(of: Any, price: Any, limit: Any, state: Any, start: Any, slots: Any, draws: Any) -> Any:
    """
    Search for a choice that reaches everybody; who is left over weighs more each time.

    Parameters
    ----------
    of
        `Demand`; its weights are changed.
    price, limit, state, start, slots
        As in `search`.
    draws
        (rounds,) random numbers from 0 to 1: so often weights are raised.

    Returns
    -------
    chosen, reached
        (m,) the last choice, and whether it reaches everybody.
    """
    now = _tables(of, False, slots)  # noqa: FBT003
    room = limit
    free, barred = state == 0, np.zeros(len(state), dtype=np.bool_)
    for j in range(len(state)):
        if start[j]:
            _toggle(of, now, False, j, True, state[j] == 1)  # noqa: FBT003
            room -= price[j]
    for turn in range(len(draws)):
        room = _improve(of, now, False, free, price, room, 1e-6, barred)  # noqa: FBT003
        left = 0
        for i in range(len(of.w)):
            if now.count[i] == 0:
                left += 1
                _enter(of, now, False, i, 1.0)  # noqa: FBT003
                of.w[i] += 1.0
        if left == 0:
            return now.inside, True
        barred[:] = False
        j = now.members[int(draws[turn] * slots)] if slots and turn % 4 == 3 else -1
        if j >= 0:
            _toggle(of, now, False, j, False, False)  # noqa: FBT003
            barred[j], room = True, room + price[j]
    return now.inside, False
