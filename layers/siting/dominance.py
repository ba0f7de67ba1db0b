"""Candidates that another one replaces in every respect, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True)


@compiled
def _holds(idx: Any, first: Any, last: Any, other_first: Any, other_last: Any) -> Any:
    """Whether sorted `idx[first:last]` is contained in sorted `idx[other_first:other_last]`."""
    if last - first > other_last - other_first:
        return False
    at = other_first
    for q in range(first, last):
        while at < other_last and idx[at] < idx[q]:
            at += 1
        if at == other_last or idx[at] != idx[q]:
            return False
    return True


@compiled
def dominated(d_ptr: Any, d_idx: Any, c_ptr: Any, c_idx: Any, price: Any, free: Any) -> Any:
    """
    Find candidates that another one replaces.

    Parameters
    ----------
    d_ptr, d_idx, c_ptr, c_idx
        Candidates of each demand and demands of each candidate, sorted.
    price, free
        (m,) prices, and which candidates are open to choice.

    Returns
    -------
    dropped
        (m,) free candidates that reach nobody who matters, or nobody whom one
        that is kept on and costs no more does not reach too. Of equals the
        first stays.
    """
    dropped = np.zeros(len(price), dtype=np.bool_)
    for j in range(len(price)):
        if not free[j]:
            continue
        first, last = c_ptr[j], c_ptr[j + 1]
        if first == last:
            dropped[j] = True
            continue
        rarest = c_idx[first]
        for q in range(first, last):
            i = c_idx[q]
            if d_ptr[i + 1] - d_ptr[i] < d_ptr[rarest + 1] - d_ptr[rarest]:
                rarest = i
        for q in range(d_ptr[rarest], d_ptr[rarest + 1]):
            k = d_idx[q]
            if k == j or dropped[k] or not free[k] or price[k] > price[j]:
                continue
            same = c_ptr[k + 1] - c_ptr[k] == last - first and price[k] == price[j]
            if same and k > j:
                continue
            if _holds(c_idx, first, last, c_ptr[k], c_ptr[k + 1]):
                dropped[j] = True
                break
    return dropped
