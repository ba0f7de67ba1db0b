"""
Compiled kernels of the spatial scan; nobody but `scan` calls them.

Imported only where it is needed: compiling takes a while the first time, and
is kept on disk. No kernel holds Python's global lock; the threads are those of
the caller, and each has its own share of the draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .kernels import compiled
from .paths import Floats, Ints

Counts = NDArray[np.uint32]


@compiled
def least_sizes(first: Ints, order: Counts, size: Floats, cases: Counts, least: Floats) -> None:
    """
    Find for every draw and every number of cases the smallest circle that holds as many.

    Of all circles with the same cases the smallest is the most unusual one, so
    its likelihood is all that has to be computed: no logarithm is taken here.
    Counts have no sign, because an index that could be negative takes twice the time.

    Parameters
    ----------
    first, order
        Circles of centre i grow over the units order[first[i]:first[i + 1]].
    size
        What is in a circle once it has reached a unit, and all as far away as that.
    cases
        (draws, m) cases of each unit.
    least
        (draws, all cases + 1) written in place; inf where no circle holds so many.
    """
    for i in range(len(first) - 1):
        units, sizes = order[first[i] : first[i + 1]], size[first[i] : first[i + 1]]
        for draw in range(len(cases)):
            held, best = cases[draw], least[draw]
            count = np.uint32(0)
            for j in range(len(units)):
                count += held[units[j]]
                if sizes[j] < best[count]:  # noqa: PLR1730, mostly there is nothing to write
                    best[count] = sizes[j]
