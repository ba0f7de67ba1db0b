"""Cuts lines where they join others, so that every piece runs from junction to junction."""

import numpy as np
import shapely
from numpy.typing import NDArray

from .paths import Ints


def split_at_joins(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    """
    Split lines at vertices that they share.

    Lines that cross without a common vertex, such as a bridge and the road
    below it, are left whole.

    Parameters
    ----------
    lines
        (n,) LineStrings; vertices are the same if they agree to the millimetre.

    Returns
    -------
    pieces
        (m,) LineStrings, in the order of the lines.
    line
        (m,) which line each piece comes from.
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return np.empty(0, dtype=object), np.empty(0, dtype=np.intp)
    _, vertex, uses = np.unique(
        np.rint(xy * 1000).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    new_line = line[1:] != line[:-1]
    first, last = np.r_[True, new_line], np.r_[new_line, True]
    is_end = np.zeros(len(uses), dtype=bool)
    is_end[vertex[first | last]] = True
    joint = (uses[vertex] > 1) | is_end[vertex]
    # an inner joint ends one piece and begins the next: it is written twice
    inner = joint & ~first & ~last
    copies = np.where(inner, 2, 1)
    begins = np.repeat(first, copies)
    begins[np.cumsum(copies)[inner] - 1] = True
    pieces = shapely.linestrings(np.repeat(xy, copies, axis=0), indices=np.cumsum(begins) - 1)
    return pieces, np.repeat(line, copies)[begins]
