"""
Compiled kernels of the shortest paths; nobody but `paths` calls them.

They are compiled by numba at their first call and kept on disk, in the folder
`NUMBA_CACHE_DIR` if that is set. numba takes its time to load, so this module
is imported when the first walk is computed, not when a program starts. No
kernel holds Python's global lock, so threads compute beside each other.

What they find does not depend on how it was searched. A way is as long as the
sum of its parts, added up from the access on; the least sum counts. Of several
accesses equally near, the one of lowest rank along the ways that lead there is
named, and of several such ways the one over the junction of lowest number.
Sums in floating point never fall when a part is added, so the least sums, and
with them the names, are the same whether everything is computed anew or only
what a change has touched.

The queue is one of buckets: junctions wait in buckets of equal width by their
distance and leave a bucket in any order; whoever gets nearer afterwards waits
once more. On street networks next to nobody does, and keeping order within a
bucket would cost twice the time.

Source
------
R. B. Dial (1969), Algorithm 360, Communications of the ACM 12(11), 632-633;
E. W. Dijkstra (1959), Numerische Mathematik 1, 269-271.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

FIRST = 1024
"""So many buckets a queue and so many entries an answer has room for before it grows."""
OUT = -2
"""Stands where a junction would say who waits before it, once it no longer waits."""


def compiled(function: Any) -> Any:
    """Compile a kernel; without a folder to keep it in, every process compiles it anew."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither the package nor the home of this account can be written to
        return numba.njit(nogil=True)(function)


@compiled
def longer(array: Any, empty: int) -> Any:
    """Return a copy with twice the room, `empty` in what is new."""
    more = np.full(2 * len(array), empty, dtype=array.dtype)
    more[: len(array)] = array
    return more


@compiled
def put(heads: Any, behind: Any, ahead: Any, bucket: int, v: int) -> None:
    """Let junction v wait in a bucket, before all who wait there."""
    first = heads[bucket]
    behind[v], ahead[v], heads[bucket] = first, -1, v
    if first >= 0:
        ahead[first] = v


@compiled
def take(heads: Any, behind: Any, ahead: Any, bucket: int, v: int) -> None:
    """Take junction v, which waits there, out of a bucket."""
    if ahead[v] >= 0:
        behind[ahead[v]] = behind[v]
    else:
        heads[bucket] = behind[v]
    if behind[v] >= 0:
        ahead[behind[v]] = ahead[v]


@compiled
def enter(v: int, way: float, a: int, rank: Any, found: Any) -> bool:
    """Offer junction v a way straight to access a; tell if it is better."""
    distance, access, before = found
    if way < distance[v] or (way == distance[v] and rank[a] < rank[access[v]]):
        distance[v], access[v], before[v] = way, a, -1
        return True
    if way == distance[v] and access[v] == a:
        before[v] = -1
    return False


@compiled
def name_anew(v: int, graph: Any, seeds: Any, rank: Any, found: Any) -> bool:
    """Name junction v again by all ways that lead to it in its distance; tell if that changed."""
    pointers, neighbours, metres = graph
    seed_at, seed_metres, seed_access = seeds
    distance, access, before = found
    name, over = -1, -1
    for j in range(np.searchsorted(seed_at, v), np.searchsorted(seed_at, v, side="right")):
        a = seed_access[j]
        if seed_metres[j] == distance[v] and (name < 0 or rank[a] < rank[name]):
            name = a
    for j in range(pointers[v], pointers[v + 1]):
        u = neighbours[j]
        a = access[u]
        if a < 0 or distance[u] + metres[j] != distance[v]:
            continue
        if name < 0 or rank[a] < rank[name]:
            name, over = a, u
        elif a == name:
            over = min(over, u)
    changed = access[v] != name
    access[v], before[v] = name, over
    return changed


@compiled
def settle(graph: Any, seeds: Any, rank: Any, found: Any, width: float, start: Any) -> None:  # noqa: C901
    """Carry on from the junctions of `start` until nothing gets nearer."""
    pointers, neighbours, metres = graph
    distance, access, before = found
    n = len(distance)
    heads, waiting = np.full(FIRST, -1, dtype=np.int32), np.zeros(n, dtype=np.bool_)
    behind, ahead = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    bucket, last = 2**62, -1
    for v in start:
        if waiting[v] or distance[v] == np.inf:
            continue
        to = int(distance[v] / width)
        while to >= len(heads):
            heads = longer(heads, -1)
        put(heads, behind, ahead, to, v)
        waiting[v] = True
        bucket, last = min(bucket, to), max(last, to)
    while bucket <= last:
        u = heads[bucket]
        if u < 0:
            bucket += 1
            continue
        take(heads, behind, ahead, bucket, u)
        waiting[u] = False
        here, a = distance[u], access[u]
        for j in range(pointers[u], pointers[u + 1]):
            v, way = neighbours[j], here + metres[j]
            was = distance[v]
            if way > was:
                continue
            if way < was or rank[a] < rank[access[v]]:
                distance[v], access[v], before[v] = way, a, u
            elif access[v] == a:
                before[v] = min(before[v], u)
                continue
            elif before[v] != u or not name_anew(v, graph, seeds, rank, found):
                # else so small a gain that the sum stays the same: its name may be gone
                continue
            to = int(way / width)
            if waiting[v]:
                take(heads, behind, ahead, int(was / width), v)
            while to >= len(heads):
                heads = longer(heads, -1)
            put(heads, behind, ahead, to, v)
            waiting[v] = True
            last = max(last, to)


@compiled
def nearest(graph: Any, seeds: Any, rank: Any, width: float) -> Any:
    """Find the nearest access of every junction: metres, access, next junction."""
    n = len(graph[0]) - 1
    found = (np.full(n, np.inf), np.full(n, -1), np.full(n, -1))
    seed_at, seed_metres, seed_access = seeds
    for j in range(len(seed_at)):
        enter(seed_at[j], seed_metres[j], seed_access[j], rank, found)
    settle(graph, seeds, rank, found, width, seed_at)
    return found


@compiled
def change(graph: Any, seeds: Any, rank: Any, found: Any, width: float, closed: Any) -> None:
    """Mend what was found, in place: closed accesses are gone, those numbered behind are new."""
    seed_at, seed_metres, seed_access = seeds
    lost = forget(found, closed)
    for v in lost:
        for j in range(np.searchsorted(seed_at, v), np.searchsorted(seed_at, v, side="right")):
            enter(v, seed_metres[j], seed_access[j], rank, found)
        from_neighbours(v, graph, rank, found)
    start = np.empty(len(lost) + len(seed_at), dtype=np.int64)
    start[: len(lost)] = lost
    count = len(lost)
    for j in range(len(seed_at)):
        new = seed_access[j] >= len(closed)
        if new and enter(seed_at[j], seed_metres[j], seed_access[j], rank, found):
            start[count] = seed_at[j]
            count += 1
    settle(graph, seeds, rank, found, width, start[:count])


@compiled
def forget(found: Any, closed: Any) -> Any:
    """Unname every junction whose access is closed, and return them all."""
    distance, access, before = found
    lost, count = np.empty(FIRST, dtype=np.int64), 0
    for v in range(len(access)):
        if access[v] >= 0 and closed[access[v]]:
            if count == len(lost):
                lost = longer(lost, -1)
            lost[count] = v
            count += 1
    for v in lost[:count]:
        distance[v], access[v], before[v] = np.inf, -1, -1
    return lost[:count]


@compiled
def from_neighbours(v: int, graph: Any, rank: Any, found: Any) -> None:
    """Offer junction v the ways over all neighbours that have one."""
    pointers, neighbours, metres = graph
    distance, access, before = found
    for j in range(pointers[v], pointers[v + 1]):
        u = neighbours[j]
        a, way = access[u], distance[u] + metres[j]
        if a < 0 or way > distance[v]:
            continue
        if way < distance[v] or rank[a] < rank[access[v]]:
            distance[v], access[v], before[v] = way, a, u
        elif a == access[v]:
            before[v] = min(before[v], u)


@compiled
def reach(
    graph: Any,
    ends: Any,
    stubs: Any,
    first: int,
    last: int,
    origins: Any,
    limit: float,
    width: float,
) -> Any:
    """
    Find all origins within reach of the accesses `first` to `last`.

    Returns how many each access reaches, which, and the metres, one access after the other.
    """
    count = origins[3]
    distance, best = np.full(len(graph[0]) - 1, np.inf), np.full(count, np.inf)
    counts = np.zeros(last - first, dtype=np.int64)
    reached, ways, full = np.empty(FIRST, dtype=np.int32), np.empty(FIRST), 0
    n = len(distance)
    heads = np.full(int(limit / width) + 1, -1, dtype=np.int32)
    queue = (heads, np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    for a in range(first, last):
        touched = spread(graph, ends[a], stubs[a], limit, width, distance, queue)
        met = gather(touched, distance, origins, limit, best)
        distance[touched] = np.inf
        while full + len(met) > len(reached):
            reached, ways = longer(reached, 0), longer(ways, 0)
        for o in met:
            reached[full], ways[full], best[o] = o, best[o], np.inf
            full += 1
        counts[a - first] = len(met)
    return counts, reached[:full].copy(), ways[:full].copy()


@compiled
def spread(  # noqa: C901
    graph: Any, ends: Any, stubs: Any, limit: float, width: float, distance: Any, queue: Any
) -> Any:
    """Write the way from one access to every junction within the limit; return the junctions."""
    pointers, neighbours, metres = graph
    heads, behind, ahead = queue
    touched, seen = np.empty(FIRST, dtype=np.int32), 0
    for v, way in zip(ends, stubs):  # noqa: B905, numba knows no strict
        if way <= limit and way < distance[v]:
            if distance[v] == np.inf:
                touched[seen] = v
                seen += 1
            else:
                take(heads, behind, ahead, int(distance[v] / width), v)
            distance[v] = way
            put(heads, behind, ahead, int(way / width), v)
    for bucket in range(len(heads)):
        while heads[bucket] >= 0:
            u = heads[bucket]
            take(heads, behind, ahead, bucket, u)
            ahead[u] = OUT
            here = distance[u]
            for j in range(pointers[u], pointers[u + 1]):
                v, way = neighbours[j], here + metres[j]
                if way <= limit and way < distance[v]:
                    if distance[v] == np.inf:
                        if seen == len(touched):
                            touched = longer(touched, 0)
                        touched[seen] = v
                        seen += 1
                    elif ahead[v] != OUT:
                        take(heads, behind, ahead, int(distance[v] / width), v)
                    distance[v] = way
                    put(heads, behind, ahead, int(way / width), v)
    return touched[:seen]


@compiled
def gather(touched: Any, distance: Any, origins: Any, limit: float, best: Any) -> Any:
    """Write the best way of every origin beside the junctions touched; return these origins."""
    pointers, origin_of, stub, _ = origins
    met, found = np.empty(FIRST, dtype=np.int32), 0
    for u in touched:
        for j in range(pointers[u], pointers[u + 1]):
            way, o = distance[u] + stub[j], origin_of[j]
            if way <= limit and way < best[o]:
                if best[o] == np.inf:
                    if found == len(met):
                        met = longer(met, 0)
                    met[found] = o
                    found += 1
                best[o] = way
    return met[:found]


@compiled
def home(ends: Any, stubs: Any, found: Any, pairs: Any) -> Any:
    """Find the nearest access of every door: over either end of its edge, or along it."""
    distance, access = found
    doors, names, ways = pairs
    metres, name = np.empty(len(ends)), np.empty(len(ends), dtype=np.int64)
    for i in range(len(ends)):
        u, v = ends[i]
        one, other = distance[u] + stubs[i, 0], distance[v] + stubs[i, 1]
        if other < one or (other == one and access[v] < access[u]):
            metres[i], name[i] = other, access[v]
        else:
            metres[i], name[i] = one, access[u]
    for j in range(len(doors)):
        i, a, way = doors[j], names[j], ways[j]
        if way < metres[i] or (way == metres[i] and a < name[i]):
            metres[i], name[i] = way, a
    return metres, name
