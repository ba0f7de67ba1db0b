"""Shortest paths by scipy and by the definition: slow, plain, and what the kernels must equal."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.paths import TINY, Nearest


def distances(graph, ends, metres, limit=np.inf):
    """Return (k, n) the way from each access to each junction [m]."""
    n = graph.matrix.shape[0]
    if not len(ends):
        return np.empty((0, n))
    whole = with_accesses(graph, ends, metres)
    return dijkstra(whole, indices=n + np.arange(len(ends)), limit=limit)[:, :n]


def nearest(graph, ends, metres):
    """Return the nearest access: the least way, and its name by the definition in `kernels`."""
    n = graph.matrix.shape[0]
    least = distances(graph, ends, metres).min(axis=0, initial=np.inf)
    access, before = np.full(n, -1), np.full(n, -1)
    stubs = np.maximum(metres, TINY)
    matrix = graph.matrix
    for v in np.argsort(least, kind="stable"):
        if np.isinf(least[v]):
            break
        straight = [
            (a, -1) for a in np.flatnonzero(((ends == v) & (stubs == least[v])).any(axis=1))
        ]
        row = slice(matrix.indptr[v], matrix.indptr[v + 1])
        over = [
            (access[u], u)
            for u, way in zip(matrix.indices[row], matrix.data[row], strict=True)
            if least[u] + way == least[v]
        ]
        access[v], before[v] = min(straight + over)
    return Nearest(least, access, before)


def within_reach(graph, ends, metres, *, origin_ends, origin_metres, limit):
    """Return (h, k) metres as a dense array, 0 where an access is out of reach."""
    distance = distances(graph, ends, metres, limit)
    ways = np.minimum(
        distance[:, origin_ends[:, 0]] + origin_metres[:, 0],
        distance[:, origin_ends[:, 1]] + origin_metres[:, 1],
    ).T
    return np.where(ways <= limit, ways, 0)


def with_accesses(graph, ends, metres):
    """Append one junction per access that can only be left, so that nobody walks through it."""
    n, k = graph.matrix.shape[0], len(ends)
    matrix = graph.matrix
    order = np.argsort(ends, axis=1, kind="stable")
    ends, metres = np.take_along_axis(ends, order, 1), np.take_along_axis(metres, order, 1)
    loop = ends[:, 0] == ends[:, 1]
    metres = np.where(loop[:, None], metres.min(axis=1, keepdims=True), metres)
    kept = np.column_stack([np.ones(k, dtype=bool), ~loop])
    pointers = matrix.indptr[-1] + np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    return csr_array(
        (
            np.concatenate([matrix.data, np.maximum(metres[kept], TINY)]),
            np.concatenate([matrix.indices, ends[kept].astype(np.int32)]),
            np.concatenate([matrix.indptr[:-1], pointers]).astype(np.int32),
        ),
        shape=(n + k, n + k),
    )
