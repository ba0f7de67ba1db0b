"""
Compiled search over pieces of ways, and what changes if a few of them cost more or less.

Imported only where it is needed: compiling takes a while the first time, and
is kept on disk. Nodes are numbers; *ways* are three arrays: where the
neighbours of each node begin, the neighbours, and the piece of way that leads
to each. *Homes* are three arrays as well: where the homes at each node begin,
the straight way to each door [m], and its people. A search keeps its open
nodes in a binary heap of two arrays; where there is no way it is infinite.
"""

from __future__ import annotations

import numpy as np

from .kernels import compiled
from .paths import Floats, Ints

Ways = tuple[Ints, Ints, Ints]
Homes = tuple[Ints, Floats, Floats]
Chosen = tuple[Ints, Ints, Floats]


@compiled
def push(keys: Floats, nodes: Ints, size: int, key: float, node: int) -> int:
    """Add a node to a heap of `size`; returns its new size."""
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] <= key:
            break
        keys[at], nodes[at] = keys[up], nodes[up]
        at = up
    keys[at], nodes[at] = key, node
    return size + 1


@compiled
def drop(keys: Floats, nodes: Ints, size: int) -> int:
    """Remove the least node, which stands first, from a heap; returns its new size."""
    size -= 1
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[at], nodes[at] = keys[child], nodes[child]
        at = child
    keys[at], nodes[at] = key, node
    return size


@compiled
def spread(
    ways: Ways, cost: Floats, ground: Floats, start: Floats
) -> tuple[Floats, Floats, Ints, Ints]:
    """
    Walk from every place at once.

    Parameters
    ----------
    ways
        n nodes and their neighbours.
    cost
        (p,) what a piece counts as [m].
    ground
        (p,) its length on the ground [m].
    start
        (n,) way from a place that stands here [m]; inf where none does.

    Returns
    -------
    felt
        (n,) cheapest way to a place [m that count].
    real
        (n,) length of that way on the ground [m].
    before
        (n,) piece by which that way begins; -1 at a place or where there is none.
    place
        (n,) node of the place it leads to; -1 if there is none.
    """
    pointers, neighbour, piece = ways
    n = len(start)
    felt, real = start.copy(), start.copy()
    before, place = np.full(n, -1), np.full(n, -1)
    keys, nodes = np.empty(len(neighbour) + n + 1), np.empty(len(neighbour) + n + 1, np.int64)
    size = 0
    for node in range(n):
        if start[node] < np.inf:
            place[node] = node
            size = push(keys, nodes, size, start[node], node)
    while size > 0:
        key, node = keys[0], nodes[0]
        size = drop(keys, nodes, size)
        if key > felt[node]:
            continue
        for at in range(pointers[node], pointers[node + 1]):
            other, by = neighbour[at], piece[at]
            way = key + cost[by]
            if way < felt[other]:
                felt[other], real[other] = way, real[node] + ground[by]
                before[other], place[other] = by, place[node]
                size = push(keys, nodes, size, way, other)
    return felt, real, before, place


@compiled
def branches(
    chosen: Ints, ends: Ints, before: Ints, tree: tuple[Ints, Ints], mark: Ints, hit: Ints, now: int
) -> int:
    """Mark and list in `hit` all nodes whose way leads over chosen pieces; count them."""
    pointers, children = tree
    count = 0
    for by in chosen:
        for side in range(2):
            node = ends[by, side]
            if before[node] == by and mark[node] != now:
                mark[node], hit[count] = now, node
                count += 1
    done = 0
    while done < count:
        node = hit[done]
        done += 1
        for at in range(pointers[node], pointers[node + 1]):
            child = children[at]
            if mark[child] != now:
                mark[child], hit[count] = now, child
                count += 1
    return count


@compiled
def regrow(
    ways: Ways,
    cost: Floats,
    start: Floats,
    felt: Floats,
    mark: Ints,
    now: int,
    hit: Ints,
    fresh: Floats,
    heap: tuple[Floats, Ints],
) -> None:
    """Walk again to the nodes in `hit`, from places among them and from their unmarked rim."""
    pointers, neighbour, piece = ways
    keys, nodes = heap
    size = 0
    for node in hit:
        best = start[node]
        for at in range(pointers[node], pointers[node + 1]):
            if mark[neighbour[at]] != now:
                best = min(best, felt[neighbour[at]] + cost[piece[at]])
        fresh[node] = best
        if best < np.inf:
            size = push(keys, nodes, size, best, node)
    while size > 0:
        key, node = keys[0], nodes[0]
        size = drop(keys, nodes, size)
        if key > fresh[node]:
            continue
        for at in range(pointers[node], pointers[node + 1]):
            other = neighbour[at]
            way = key + cost[piece[at]]
            if mark[other] == now and way < fresh[other]:
                fresh[other] = way
                size = push(keys, nodes, size, way, other)


@compiled
def improve(
    ways: Ways,
    cost: Floats,
    ends: Ints,
    chosen: Ints,
    felt: Floats,
    mark: Ints,
    now: int,
    hit: Ints,
    fresh: Floats,
    heap: tuple[Floats, Ints],
) -> int:
    """Follow what cheaper pieces improve: mark and list the nodes in `hit`; count them."""
    pointers, neighbour, piece = ways
    keys, nodes = heap
    count = size = 0
    for by in chosen:
        for side in range(2):
            node, other = ends[by, side], ends[by, 1 - side]
            way = felt[node] + cost[by]
            if way < (fresh[other] if mark[other] == now else felt[other]):
                if mark[other] != now:
                    mark[other], hit[count] = now, other
                    count += 1
                fresh[other] = way
                size = push(keys, nodes, size, way, other)
    while size > 0:
        key, node = keys[0], nodes[0]
        size = drop(keys, nodes, size)
        if key > fresh[node]:
            continue
        for at in range(pointers[node], pointers[node + 1]):
            other = neighbour[at]
            way = key + cost[piece[at]]
            if way < (fresh[other] if mark[other] == now else felt[other]):
                if mark[other] != now:
                    mark[other], hit[count] = now, other
                    count += 1
                fresh[other] = way
                size = push(keys, nodes, size, way, other)
    return count


@compiled
def crossing(
    hit: Ints, short: Floats, long: Floats, homes: Homes, limit: float
) -> tuple[float, float]:
    """
    Count who is within the limit by one walk and beyond it by another.

    Parameters
    ----------
    hit
        Nodes to look at.
    short, long
        (n,) walks to compare [m].
    homes
        Who lives there.
    limit
        Longest walk that counts [m].

    Returns
    -------
    people
        People whose short walk is within the limit and whose long one is not.
    metres
        Difference of the walks, summed over all people who can walk at all.
    """
    pointers, stub, people = homes
    crossed = total = 0.0
    for node in hit:
        for home in range(pointers[node], pointers[node + 1]):
            if short[node] + stub[home] <= limit < long[node] + stub[home]:
                crossed += people[home]
            if long[node] < np.inf:
                total += people[home] * max(long[node] - short[node], 0.0)
    return crossed, total


@compiled
def raised(
    ways: Ways,
    cost: Floats,
    ground: Floats,
    start: Floats,
    ends: Ints,
    felt: Floats,
    before: Ints,
    tree: tuple[Ints, Ints],
    homes: Homes,
    limit: float,
    projects: Chosen,
) -> tuple[Floats, Floats]:
    """
    Count for each project what is lost if its pieces alone cost more.

    Only nodes whose cheapest way leads over one of its pieces can change: the
    branches that hang on them. These are cut off and grown anew from their rim.

    Parameters
    ----------
    ways, cost, ground, start
        As in `spread`.
    ends
        (p, 2) nodes of each piece.
    felt, before
        What `spread` found.
    tree
        Where the nodes begin whose way leads over each node next, and these nodes.
    homes, limit
        As in `crossing`.
    projects
        Where the pieces of each of the k projects begin, the pieces, and what
        a metre of each counts as.

    Returns
    -------
    lost
        (k,) people within the limit before and no longer.
    metres
        (k,) metres that count more, summed over all people.
    """
    first, pieces, slow = projects
    n, k, most = len(start), len(first) - 1, len(ways[1]) + len(start) + 1
    lost, metres = np.zeros(k), np.zeros(k)
    changed, fresh = cost.copy(), np.empty(n)
    mark, hit = np.full(n, -1), np.empty(n, np.int64)
    heap = np.empty(most), np.empty(most, np.int64)
    for project in range(k):
        some = slice(first[project], first[project + 1])
        chosen = pieces[some]
        count = branches(chosen, ends, before, tree, mark, hit, project)
        if count:
            changed[chosen] = ground[chosen] * slow[some]
            regrow(ways, changed, start, felt, mark, project, hit[:count], fresh, heap)
            changed[chosen] = cost[chosen]
            lost[project], metres[project] = crossing(hit[:count], felt, fresh, homes, limit)
    return lost, metres


@compiled
def lowered(
    ways: Ways,
    cost: Floats,
    ground: Floats,
    ends: Ints,
    felt: Floats,
    homes: Homes,
    limit: float,
    projects: Chosen,
) -> tuple[Floats, Floats]:
    """
    Count for each project what is regained if its pieces alone cost less.

    The improvement starts at the ends of its pieces and runs only as far as
    it shortens a way.

    Parameters
    ----------
    ways, cost, ground, ends, felt, homes, limit, projects
        As in `raised`.

    Returns
    -------
    regained
        (k,) people beyond the limit before and within it now.
    metres
        (k,) metres that count less, summed over all people.
    """
    first, pieces, slow = projects
    n, k, most = len(felt), len(first) - 1, len(ways[1]) + len(felt) + len(pieces) * 2 + 1
    regained, metres = np.zeros(k), np.zeros(k)
    changed, fresh = cost.copy(), np.empty(n)
    mark, hit = np.full(n, -1), np.empty(n, np.int64)
    heap = np.empty(most), np.empty(most, np.int64)
    for project in range(k):
        some = slice(first[project], first[project + 1])
        chosen = pieces[some]
        changed[chosen] = ground[chosen] * slow[some]
        count = improve(ways, changed, ends, chosen, felt, mark, project, hit, fresh, heap)
        changed[chosen] = cost[chosen]
        regained[project], metres[project] = crossing(hit[:count], fresh, felt, homes, limit)
    return regained, metres
