"""Work on the rows of sparse matrices, compiled: telling them apart, sorting, comparing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels import compiled


@compiled
def signatures(ptr: Any, idx: Any, data: Any, marks: Any, ways: Any) -> Any:
    """
    Sum up each row so that only rows with the same entries share their two sums.

    Parameters
    ----------
    ptr, idx, data
        (n, m) matrix, the data as whole numbers of 64 bits.
    marks
        (2, m) odd numbers of 64 bits, drawn once for all.
    ways
        Whether the data count, or only where they stand.

    Returns
    -------
    sums
        (n, 2) of 64 bits.
    """
    sums = np.zeros((len(ptr) - 1, 2), dtype=np.uint64)
    for i in range(len(ptr) - 1):
        for q in range(ptr[i], ptr[i + 1]):
            for k in range(2):
                part = marks[k, idx[q]]
                if ways:
                    part = (data[q] + part) * (part ^ (data[q] >> np.uint64(29)))
                    part ^= part >> np.uint64(31)
                    part *= marks[1 - k, idx[q]]
                    part ^= part >> np.uint64(29)
                sums[i, k] += part
    return sums


@compiled
def cheapest_first(ptr: Any, idx: Any, data: Any) -> Any:
    """
    Sort each row by its data; of equals the first column comes first.

    Returns
    -------
    idx, data
        Sorted copies.
    """
    new_idx, new_data = idx.copy(), data.copy()
    for i in range(len(ptr) - 1):
        sort(new_data, new_idx, ptr[i], ptr[i + 1])
    return new_idx, new_data


@compiled
def sort(keys: Any, values: Any, first: Any, last: Any) -> None:
    """Sort part of two arrays by key, then by value (Shell's method: quick to compile)."""
    gap = 1
    while gap < (last - first) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(first + gap, last):
            key, value, to = keys[at], values[at], at
            while to - gap >= first and (
                keys[to - gap] > key or (keys[to - gap] == key and values[to - gap] > value)
            ):
                keys[to], values[to] = keys[to - gap], values[to - gap]
                to -= gap
            keys[to], values[to] = key, value
        gap //= 3


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
