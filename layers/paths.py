"""
Shortest paths on plain arrays: the nearest place, and all places within reach.

The only module that knows how paths are computed; distances are in metres.
Places enter through *accesses*: a point on an edge, with the way from its two
ends, so that a walk may begin and end anywhere along a street.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

TINY = 1e-6
"""Length [m] of an edge without length: sparse matrices would drop a zero."""

CHUNK_CELLS = 16_000_000
"""So many distances are held at once while a reach is computed (128 MB)."""


@dataclass(frozen=True)
class Graph:
    """
    Junctions and the edges between them, walkable both ways.

    Parameters
    ----------
    matrix
        (n, n) metres from junction to junction.
    edge
        (nnz,) which edge stands behind each entry of `matrix`.
    """

    matrix: csr_array[Any]
    edge: Ints


def build(start: Ints, end: Ints, metres: Floats, junctions: int) -> Graph:
    """
    Build a graph from edges.

    Parameters
    ----------
    start, end
        (m,) junctions at the ends of each edge.
    metres
        (m,) lengths [m]. Of parallel edges the shortest counts; an edge
        without length is kept.
    junctions
        How many junctions there are.
    """
    a, b = np.concatenate([start, end]), np.concatenate([end, start])
    length = np.maximum(np.tile(metres, 2), TINY)
    edge = np.tile(np.arange(len(start)), 2)
    order = np.lexsort((length, b, a))
    a, b, length, edge = a[order], b[order], length[order], edge[order]
    shortest = np.ones(len(a), dtype=bool)
    shortest[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    a, b, length, edge = a[shortest], b[shortest], length[shortest], edge[shortest]
    pointers = np.searchsorted(a, np.arange(junctions + 1)).astype(np.int32)
    return Graph(
        csr_array((length, b.astype(np.int32), pointers), shape=(junctions, junctions)), edge
    )


def islands(graph: Graph) -> Ints:
    """Label the junctions that can reach each other; 0 is the largest group, then 1, and so on."""
    if not graph.matrix.shape[0]:
        return np.empty(0, dtype=np.intp)
    _, label = connected_components(graph.matrix, directed=False)
    rank = np.argsort(np.argsort(-np.bincount(label), kind="stable"), kind="stable")
    return np.asarray(rank[label], dtype=np.intp)


@dataclass(frozen=True)
class Nearest:
    """
    The nearest access of every junction.

    Parameters
    ----------
    metres
        (n,) way to it [m]; inf if there is none.
    access
        (n,) which access it is; -1 if there is none.
    before
        (n,) next junction on the way there; -1 where the way leaves the junctions.
    """

    metres: Floats
    access: Ints
    before: Ints


def nearest(graph: Graph, ends: Ints, metres: Floats) -> Nearest:
    """
    Find the nearest access of every junction in one run.

    Parameters
    ----------
    graph
        n junctions.
    ends
        (k, 2) junctions at both ends of each access's edge.
    metres
        (k, 2) way from the access to these junctions [m].
    """
    n = graph.matrix.shape[0]
    if not len(ends):
        nothing = np.full(n, -1)
        return Nearest(np.full(n, np.inf), nothing, nothing)
    distance, before, source = dijkstra(
        _with_accesses(graph, ends, metres),
        indices=np.arange(n, n + len(ends)),
        min_only=True,
        return_predecessors=True,
    )
    access, before = source[:n].astype(np.intp) - n, before[:n].astype(np.intp)
    return Nearest(
        distance[:n],
        np.where(access < 0, -1, access),
        np.where((before >= n) | (before < 0), -1, before),
    )


def within_reach(
    graph: Graph,
    ends: Ints,
    metres: Floats,
    *,
    origin_ends: Ints,
    origin_metres: Floats,
    limit: float,
) -> csr_array[Any]:
    """
    Find every access within reach of every origin.

    Parameters
    ----------
    graph
        n junctions.
    ends, metres
        (k, 2) accesses, as in `nearest`.
    origin_ends, origin_metres
        (h, 2) origins, in the same form.
    limit
        Longest way that counts [m].

    Returns
    -------
    reach
        (h, k) metres, at least `TINY`; what is not stored is out of reach.
    """
    n, k, h = graph.matrix.shape[0], len(ends), len(origin_ends)
    whole = _with_accesses(graph, ends, metres)
    rows, columns, values = [], [], []
    step = max(1, CHUNK_CELLS // max(1, n + k, h))
    for first in range(0, k, step):
        chosen = np.arange(first, min(first + step, k))
        distance = dijkstra(whole, indices=n + chosen, limit=limit)
        ways = np.minimum(
            distance[:, origin_ends[:, 0]] + origin_metres[:, 0],
            distance[:, origin_ends[:, 1]] + origin_metres[:, 1],
        )
        access, origin = np.nonzero(ways <= limit)
        rows.append(origin)
        columns.append(access + first)
        values.append(np.maximum(ways[access, origin], TINY))
    if not rows:
        return csr_array((h, k), dtype=np.float64)
    return csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(h, k)
    )


def _with_accesses(graph: Graph, ends: Ints, metres: Floats) -> csr_array[Any]:
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
