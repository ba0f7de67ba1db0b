"""
Compiled kernel of densities along a network; nobody but `network_density` calls it.

Imported only where it is needed: compiling takes a while the first time, and
is kept on disk. It does not hold Python's global lock.
"""

from __future__ import annotations

import numpy as np

from .kernels import compiled, longer
from .paths import Floats, Ints


@compiled
def within(way: float, bandwidth: float) -> float:
    """Part of an event that lies up to so far in one direction; half at the bandwidth."""
    if way >= bandwidth:
        return 0.5
    t = way / bandwidth
    return t * (15 - 10 * t * t + 3 * t**4) / 16


@compiled
def spread(
    ends: Ints,
    metres: Floats,
    first: Ints,
    halves: Ints,
    edges: Ints,
    positions: Floats,
    bandwidth: float,
    crumb: float,
) -> Floats:
    """
    Spread events along the edges, split equally at junctions.

    Parameters
    ----------
    ends
        (m, 2) junctions at the ends of each edge.
    metres
        (m,) lengths, above 0.
    first, halves
        Half edges 2 * edge + side at junction v: halves[first[v]:first[v + 1]].
    edges, positions
        Edge of each event, and how far from its first end it lies.
    bandwidth
        Where an event has been spread out entirely.
    crumb
        Parts smaller than this are left where they are.

    Returns
    -------
    mass
        (m,) parts of events on each edge.
    """
    mass = np.zeros(len(metres))
    leave, ways, parts = np.empty(64, np.int64), np.empty(64), np.empty(64)
    for i in range(len(edges)):
        edge = edges[i]
        for side in range(2):
            rest = positions[i] if side == 0 else metres[edge] - positions[i]
            # a walk towards an end of the edge is one that left its other end a while ago
            leave[0], ways[0], parts[0] = 2 * edge + 1 - side, rest - metres[edge], 1.0
            size = 1
            while size > 0:
                size -= 1
                half, begun, part = leave[size], ways[size], parts[size]
                here = half // 2
                reached = begun + metres[here]
                mass[here] += part * (
                    within(reached, bandwidth) - within(max(begun, 0.0), bandwidth)
                )
                left = part * (0.5 - within(reached, bandwidth))
                if left <= 0:
                    continue
                if left < crumb:
                    mass[here] += left
                    continue
                arriving = half ^ 1
                junction = ends[here, arriving % 2]
                ways_on = first[junction + 1] - first[junction] - 1
                while size + ways_on + 1 > len(leave):
                    leave, ways, parts = longer(leave, 0), longer(ways, 0), longer(parts, 0)
                if ways_on == 0:
                    leave[size], ways[size], parts[size] = arriving, reached, part
                    size += 1
                    continue
                for j in range(first[junction], first[junction + 1]):
                    if halves[j] != arriving:
                        leave[size], ways[size], parts[size] = halves[j], reached, part / ways_on
                        size += 1
    return mass
