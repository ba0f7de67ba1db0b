"""
Shortest paths on plain arrays: the nearest place, and all places within reach.

The only module that knows how paths are computed; distances are in metres.
Places enter through *accesses*: a point on an edge, with the way from its two
ends, so that a walk may begin and end anywhere along a street.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

TINY = 1e-6
"""Length [m] of an edge without length: sparse matrices would drop a zero."""

THREADS = 2
"""So many threads compute a reach."""

NARROW = 8
"""So many buckets of the queue the average edge spans; half or twice as many are as fast."""

PORTIONS = 4
"""So many portions of a reach each thread takes on, one after the other."""


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

    @cached_property
    def arrays(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
        """Where each junction's neighbours begin, the neighbours, and the metres to them."""
        matrix = self.matrix
        return (
            matrix.indptr.astype(np.int32, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data,
        )

    @cached_property
    def width(self) -> float:
        """Width of the buckets in which junctions wait to be searched [m]."""
        return max(1.0, float(self.matrix.data.mean()) / NARROW) if self.matrix.nnz else 1.0


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

    Returns
    -------
    nearest
        Of accesses equally near, the first is named.
    """
    from .kernels import nearest as search  # noqa: PLC0415, numba is loaded when first needed

    rank = np.arange(len(ends))
    return Nearest(*search(graph.arrays, _seeds(ends, metres, rank), rank, graph.width))


def changed(
    graph: Graph,
    found: Nearest,
    ends: Ints,
    metres: Floats,
    *,
    closed: Bools,
    opened_ends: Ints,
    opened_metres: Floats,
    rank: Ints | None = None,
) -> Nearest:
    """
    Mend the nearest accesses after some were closed and others opened.

    Only what a change touches is searched; what comes out is the same, to the
    last bit, as if everything were searched anew.

    Parameters
    ----------
    graph
        n junctions.
    found
        What `nearest` or `changed` found for the accesses so far; left as it is.
    ends, metres
        (k, 2) these accesses.
    closed
        (k,) which of them are there no longer.
    opened_ends, opened_metres
        (j, 2) accesses that are new.
    rank
        (k + j,) which of equally near accesses goes before; by default their order.

    Returns
    -------
    nearest
        New accesses are numbered k, k + 1, ...; `found` must have been found
        with the same order of rank among the accesses so far.
    """
    from .kernels import change  # noqa: PLC0415, numba is loaded when first needed

    k, j = len(ends), len(opened_ends)
    rank = np.arange(k + j) if rank is None else rank
    there = np.concatenate([np.flatnonzero(~closed), np.arange(k, k + j)])
    seeds = _seeds(
        np.concatenate([ends, opened_ends])[there],
        np.concatenate([metres, opened_metres])[there],
        there,
    )
    mended = (found.metres.copy(), found.access.copy(), found.before.copy())
    change(graph.arrays, seeds, rank, mended, graph.width, closed)
    return Nearest(*mended)


def home(
    found: Nearest, ends: Ints, metres: Floats, pairs: tuple[Ints, Ints, Floats]
) -> tuple[Floats, Ints]:
    """
    Find the nearest access of points on edges.

    Parameters
    ----------
    found
        Nearest access of every junction.
    ends, metres
        (h, 2) junctions at the ends of each point's edge, and the ways to them [m].
    pairs
        Points and accesses on the same edge, and the ways between them along it [m].

    Returns
    -------
    metres, access
        (h,) the nearest one; of those equally near the first.
    """
    from .kernels import home as search  # noqa: PLC0415, numba is loaded when first needed

    nearest, access = search(ends, metres, (found.metres, found.access), pairs)
    return nearest, access


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
    from .kernels import reach  # noqa: PLC0415, numba is loaded when first needed

    k, h = len(ends), len(origin_ends)
    stubs = np.maximum(metres, TINY)
    origins = _by_junction(origin_ends, origin_metres, graph.matrix.shape[0])
    # neighbours among the accesses share memory, so each portion takes those that lie together
    order = np.argsort(ends[:, 0], kind="stable") if k else np.empty(0, dtype=np.intp)
    borders = np.linspace(0, k, min(k, THREADS * PORTIONS) + 1).astype(int)
    ends, stubs = ends[order], stubs[order]
    # threads of our own: those of numba must not be entered by two requests at once
    with ThreadPoolExecutor(THREADS) as threads:
        parts = list(
            threads.map(
                lambda of: reach(
                    graph.arrays, ends, stubs, *of, (*origins, h), float(limit), graph.width
                ),
                pairwise(borders.tolist()),
            )
        )
    if not parts:
        return csr_array((h, k), dtype=np.float64)
    counts, origin, ways = (np.concatenate(each) for each in zip(*parts, strict=True))
    pointers = np.concatenate([[0], np.cumsum(counts)])
    by_access = csc_array((ways, origin, pointers), shape=(h, k))
    rank = np.empty(k, dtype=np.intp)
    rank[order] = np.arange(k)
    return csr_array(by_access[:, rank].tocsr())


def _seeds(ends: Ints, metres: Floats, access: Ints) -> tuple[Ints, Floats, Ints]:
    """Where accesses join the junctions, by junction: which, by what way [m], which access."""
    at = ends.ravel()
    order = np.argsort(at, kind="stable")
    return at[order], np.maximum(metres.ravel(), TINY)[order], np.repeat(access, 2)[order]


def _by_junction(ends: Ints, metres: Floats, junctions: int) -> tuple[Ints, Ints, Floats]:
    """Sort ends by junction: where those of each begin, whose they are, and their metres."""
    order = np.argsort(ends.ravel(), kind="stable")
    pointers = np.searchsorted(ends.ravel()[order], np.arange(junctions + 1))
    return pointers, order // 2, metres.ravel()[order]
