"""
Compiled kernels of the spatial scan; nobody but `scan` calls them.

Imported only where it is needed: compiling takes a while the first time, and
is kept on disk. No kernel holds Python's global lock; the threads are those of
the caller, and each has its own share of the draws.
"""

from __future__ import annotations

from .kernels import compiled
from .paths import Floats, Ints


@compiled
def least_sizes(first: Ints, order: Ints, size: Floats, cases: Ints, least: Floats) -> None:
    """
    Find for every draw and every number of cases the smallest circle that holds as many.

    Of all circles with the same cases the smallest is the most unusual one, so
    its likelihood is all that has to be computed: no logarithm is taken here.

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
        for draw in range(len(cases)):
            count = 0
            for j in range(first[i], first[i + 1]):
                count += cases[draw, order[j]]
                if size[j] < least[draw, count]:  # noqa: PLR1730, mostly there is nothing to write
                    least[draw, count] = size[j]
