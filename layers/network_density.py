"""
Kernel density along streets: where events lie densely, for who walks there.

In the plane an event would spread across rivers and through blocks. Here it
spreads along the ways only. At a junction what arrives is shared out equally
among the other ways; at a dead end it turns back, so that nothing is lost. It
is a picture of where events are, not a test: busy streets are dense.

Source
------
A. Okabe, T. Satoh and K. Sugihara (2009), A kernel density estimation method
for networks, IJGIS 23(1), 7-32: the equal split discontinuous kernel, here of
quartic shape.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from .paths import THREADS, Floats, Ints

SHORTEST = 0.1
"""Edges count as at least so long [m]: on a ring without length nothing would ever arrive."""
CRUMB = 1e-5
"""Parts of an event smaller than this are not split further and stay where they are."""


class Ways(Protocol):
    """Edges between junctions, such as `network.Network`."""

    @property
    def start(self) -> Ints:
        """(m,) junction at the beginning of each edge."""

    @property
    def end(self) -> Ints:
        """(m,) junction at its end."""

    @property
    def metres(self) -> Floats:
        """(m,) its length [m]."""


def density(network: Ways, edges: ArrayLike, positions: ArrayLike, *, bandwidth: float) -> Floats:
    """
    Estimate how densely events lie along each edge.

    Parameters
    ----------
    network
        m edges and the junctions at their ends.
    edges
        (n,) edge that each event lies on.
    positions
        (n,) how far from the start of that edge [m].
    bandwidth
        How far an event reaches along the ways [m].

    Returns
    -------
    density
        (m,) mean along each edge [events per m]. Times the length of the
        edges, it adds up to the number of events.
    """
    from .kernels_density import spread  # noqa: PLC0415, numba is loaded when first needed

    if not bandwidth > 0:
        raise ValueError("a bandwidth is above 0 m")
    ends = np.ascontiguousarray(np.column_stack([network.start, network.end]), dtype=np.int64)
    metres = np.maximum(np.asarray(network.metres, dtype=float), SHORTEST)
    halves = np.argsort(ends.ravel(), kind="stable")
    first = np.searchsorted(ends.ravel()[halves], np.arange(ends.max(initial=-1) + 2))
    edge, at = np.asarray(edges, dtype=np.int64), np.asarray(positions, dtype=float)
    # on an edge that is lengthened an event lies in the middle
    short = np.asarray(network.metres)[edge] < SHORTEST
    at = np.where(short, SHORTEST / 2, np.clip(at, 0.0, metres[edge]))
    # threads of our own: those of numba must not be entered by two requests at once
    with ThreadPoolExecutor(THREADS) as threads:
        parts = threads.map(
            lambda some: spread(ends, metres, first, halves, *some, float(bandwidth), CRUMB),
            zip(np.array_split(edge, THREADS), np.array_split(at, THREADS), strict=True),
        )
        return np.asarray(sum(parts, np.zeros(len(metres))) / metres)
