"""Shortest paths: the compiled kernels equal their twin by scipy, to the last bit."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layers import paths

from . import paths_by_scipy as twin

seeds = st.integers(0, 100_000)
laws = settings(max_examples=150, deadline=None)
LENGTHS = ("whole", "fractions", "equal", "nothing")


def random_graph(rng, lengths):
    """Return a graph with islands, loops, parallel edges and, as asked, ties and zero lengths."""
    n = int(rng.integers(1, 40))
    m = int(rng.integers(0, 3 * n))
    start, end = rng.integers(0, n, (2, m))
    metres = {
        "whole": lambda: rng.integers(0, 5, m).astype(float),
        "fractions": lambda: rng.uniform(0, 100, m),
        "equal": lambda: np.full(m, 0.1),
        "nothing": lambda: np.zeros(m),
    }[lengths]()
    return paths.build(start, end, metres, n)


def random_accesses(rng, graph, lengths, count=None):
    n = graph.matrix.shape[0]
    k = int(rng.integers(0, 12)) if count is None else count
    ends = rng.integers(0, n, (k, 2))
    whole = lengths in {"whole", "nothing"}
    metres = rng.integers(0, 6, (k, 2)).astype(float) if whole else rng.uniform(0, 30, (k, 2))
    return ends, metres * 0.1 if lengths == "equal" else metres


def assert_same(one, other):
    np.testing.assert_array_equal(one.metres, other.metres)
    np.testing.assert_array_equal(one.access, other.access)
    np.testing.assert_array_equal(one.before, other.before)


@laws
@given(seeds, st.sampled_from(LENGTHS))
def test_the_nearest_access_is_the_one_of_the_definition(seed, lengths):
    """Distances are those of scipy; names and next junctions those of the rule for ties."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, lengths)
    ends, metres = random_accesses(rng, graph, lengths)
    assert_same(paths.nearest(graph, ends, metres), twin.nearest(graph, ends, metres))


@laws
@given(seeds, st.sampled_from(LENGTHS), st.floats(0, 200))
def test_what_is_within_reach_is_what_scipy_finds(seed, lengths, limit):
    """Every pair, every distance, and nothing beyond the limit."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, lengths)
    ends, metres = random_accesses(rng, graph, lengths)
    origin_ends, origin_metres = random_accesses(rng, graph, lengths)
    asked = {"origin_ends": origin_ends, "origin_metres": origin_metres, "limit": limit}
    found = paths.within_reach(graph, ends, metres, **asked)
    np.testing.assert_array_equal(found.toarray(), twin.within_reach(graph, ends, metres, **asked))
    assert found.has_sorted_indices


@settings(max_examples=300, deadline=None)
@given(seeds, st.sampled_from(LENGTHS))
@example(0, "equal")
def test_mending_equals_searching_anew_whatever_is_closed_and_opened(seed, lengths):
    """Six changes in a row, each built on the mended answer before, among ties and islands."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, lengths)
    ends, metres = random_accesses(rng, graph, lengths)
    found = paths.nearest(graph, ends, metres)
    for _ in range(6):
        closed = rng.random(len(ends)) < rng.choice([0, 0.3, 1])
        new_ends, new_metres = random_accesses(rng, graph, lengths, int(rng.integers(0, 3)))
        before = [each.copy() for each in (found.metres, found.access, found.before)]
        mended = paths.changed(
            graph,
            found,
            ends,
            metres,
            closed=closed,
            opened_ends=new_ends,
            opened_metres=new_metres,
        )
        for each, copy in zip((found.metres, found.access, found.before), before, strict=True):
            np.testing.assert_array_equal(each, copy)
        there = np.concatenate([np.flatnonzero(~closed), len(ends) + np.arange(len(new_ends))])
        ends = np.concatenate([ends, new_ends])[there]
        metres = np.concatenate([metres, new_metres])[there]
        number = np.full(len(closed) + len(new_ends) + 1, -1)
        number[there] = np.arange(len(there))
        found = paths.Nearest(mended.metres, number[mended.access], mended.before)
        assert_same(found, paths.nearest(graph, ends, metres))


@laws
@given(seeds, st.sampled_from(LENGTHS))
def test_a_rank_decides_between_accesses_equally_near(seed, lengths):
    """New accesses that stand between the old ones are named as if they always had stood there."""
    rng = np.random.default_rng(seed)
    graph = random_graph(rng, lengths)
    ends, metres = random_accesses(rng, graph, lengths, 5)
    old, new = np.array([0, 2, 4]), np.array([1, 3])
    found = paths.nearest(graph, ends[old], metres[old])
    mended = paths.changed(
        graph,
        found,
        ends[old],
        metres[old],
        closed=np.zeros(3, dtype=bool),
        opened_ends=ends[new],
        opened_metres=metres[new],
        rank=np.array([0, 2, 4, 1, 3]),
    )
    name = np.array([0, 2, 4, 1, 3, -1])
    whole = paths.nearest(graph, ends, metres)
    assert_same(paths.Nearest(mended.metres, name[mended.access], mended.before), whole)


def test_a_gain_too_small_to_change_a_sum_still_changes_the_name():
    """
    Where a sum swallows what was gained, the name must follow the way all the same.

        first --big-- 0 --huge-- 1      second, a hair nearer to 0 than the first

    At 0 the second access is nearer by less than the sum at 1 can tell.
    """
    hair = np.nextafter(1.0, 0)
    graph = paths.build(np.array([0]), np.array([1]), np.array([1e6]), 2)
    ends = np.array([[0, 0], [0, 0]])
    metres = np.array([[1.0, 1.0], [hair, hair]])
    found = paths.nearest(graph, ends[:1], metres[:1])
    assert found.access.tolist() == [0, 0]
    mended = paths.changed(
        graph,
        found,
        ends[:1],
        metres[:1],
        closed=np.zeros(1, dtype=bool),
        opened_ends=ends[1:],
        opened_metres=metres[1:],
    )
    assert mended.metres[1] == found.metres[1]
    assert mended.access.tolist() == [1, 1]
    assert_same(mended, paths.nearest(graph, ends, metres))


def test_a_line_counted_by_hand():
    r"""
    Four junctions, 10 m apart; accesses 1 m before the first and 2 m behind the last.

        A -1- 0 -10- 1 -10- 2 -10- 3 -2- B
    """
    graph = paths.build(np.array([0, 1, 2]), np.array([1, 2, 3]), np.full(3, 10.0), 4)
    ends, metres = np.array([[0, 0], [3, 3]]), np.array([[1.0, 1.0], [2.0, 2.0]])
    found = paths.nearest(graph, ends, metres)
    assert found.metres.tolist() == [1, 11, 12, 2]
    assert found.access.tolist() == [0, 0, 1, 1]
    assert found.before.tolist() == [-1, 0, 3, -1]
    nothing = {"opened_ends": np.empty((0, 2), int), "opened_metres": np.empty((0, 2))}
    closed = paths.changed(graph, found, ends, metres, closed=np.array([False, True]), **nothing)
    assert closed.metres.tolist() == [1, 11, 21, 31]
    assert closed.access.tolist() == [0, 0, 0, 0]
    none = paths.changed(graph, found, ends, metres, closed=np.array([True, True]), **nothing)
    assert none.metres.tolist() == [np.inf] * 4
    assert none.before.tolist() == [-1] * 4


def test_of_equally_near_accesses_the_first_is_named():
    """In the middle between two places, and beside two places at one spot."""
    graph = paths.build(np.array([0, 1]), np.array([1, 2]), np.full(2, 10.0), 3)
    ends, zeros = np.array([[2, 2], [0, 0], [0, 0]]), np.zeros((3, 2))
    assert paths.nearest(graph, ends, zeros).access.tolist() == [1, 0, 0]


def test_many_buckets_and_more_than_a_thousand_answers_find_room():
    """A street of 5,000 junctions, the last edge a thousand times as long as the others."""
    n = 5000
    metres = np.ones(n - 1)
    metres[-1] = 1e3
    graph = paths.build(np.arange(n - 1), np.arange(1, n), metres, n)
    ends, zero = np.array([[0, 0]]), np.zeros((1, 2))
    expected = np.concatenate([[0], np.cumsum(metres)])
    np.testing.assert_allclose(paths.nearest(graph, ends, zero).metres, expected, atol=1e-5)
    every = np.column_stack([np.arange(n), np.arange(n)])
    reach = paths.within_reach(
        graph, ends, zero, origin_ends=every, origin_metres=np.zeros((n, 2)), limit=3000
    )
    assert reach.nnz == 3000  # the access itself is a millionth of a metre away
    away = paths.changed(
        graph, paths.nearest(graph, ends, zero), ends, zero,
        closed=np.array([True]), opened_ends=ends + n - 1, opened_metres=zero,
    )  # fmt: skip
    np.testing.assert_allclose(away.metres, expected[-1] - expected, atol=1e-5)


@pytest.mark.parametrize("junctions", [0, 1])
def test_where_there_is_nothing_nothing_is_found(junctions):
    graph = paths.build(*np.empty((2, 0), dtype=int), np.empty(0), junctions)
    none, zero = np.empty((0, 2), dtype=int), np.empty((0, 2))
    found = paths.nearest(graph, none, zero)
    assert found.metres.tolist() == [np.inf] * junctions
    assert found.access.tolist() == [-1] * junctions
    reach = paths.within_reach(graph, none, zero, origin_ends=none, origin_metres=zero, limit=100)
    assert reach.shape == (0, 0)
