"""Getis-Ord Gi*: published values, every permutation there is, ties, and laws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.getis_ord import getis_ord

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = np.array([2, 3, 3.2, 5, 8, 7])


def neighbours(points, band):
    """Pointers and neighbours of all units within a band, themselves left out."""
    way = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    near = (way <= band) & ~np.eye(len(points), dtype=bool)
    return np.concatenate([[0], near.sum(axis=1).cumsum()]), np.nonzero(near)[1]


def exact(y, pointers, others, side):
    """Share of all choices of neighbours that are as far out as those there are."""
    p = []
    for i in range(len(y)):
        rest = np.delete(y, i)
        there = y[others[pointers[i] : pointers[i + 1]]]
        sums = np.array([sum(some) for some in combinations(rest, len(there))])
        gap = (sums - there.sum()) * (1 if side == "greater" else -1)
        p.append((gap >= -1e-9).mean())
    return np.array(p)


def test_z_as_published():
    """Six points, band 15, binary weights, itself included: to six digits."""
    found = getis_ord(VALUES, *neighbours(POINTS, 15), draws=9)
    wanted = [-1.397276, -0.289178, 0.650650, -0.289178, 1.234521, 2.024243]
    assert found.z == pytest.approx(wanted, abs=5e-7)


def test_rates_of_one_in_a_billion_have_the_same_z():
    graph = neighbours(POINTS, 15)
    tiny = getis_ord(VALUES * 1e-9, *graph, draws=9).z
    assert tiny == pytest.approx(getis_ord(VALUES, *graph, draws=9).z)


def test_naming_the_unit_itself_changes_nothing():
    pointers, others = neighbours(POINTS, 15)
    unit = np.repeat(np.arange(6), np.diff(pointers))
    named = np.concatenate([np.append(others[unit == i], i) for i in range(6)])
    one = getis_ord(VALUES, pointers, others)
    other = getis_ord(VALUES, pointers + np.arange(7), named)
    np.testing.assert_array_equal([one.z, one.p], [other.z, other.p])


@pytest.mark.parametrize("side", ["greater", "less"])
@pytest.mark.parametrize("band", [15, 25, 100])
@pytest.mark.parametrize("y", [VALUES, [0, 1, 0, 1, 2, 0]], ids=["values", "counts with ties"])
def test_p_is_that_of_all_choices_of_neighbours(y, band, side):
    """Every set of neighbours there is, ties counted; within Monte Carlo error of 99,999 draws."""
    y, graph = np.array(y, dtype=float), neighbours(POINTS, band)
    found, wanted = getis_ord(y, *graph, alternative=side).p, exact(y, *graph, side)
    assert (np.abs(found - wanted) <= 4 * np.sqrt(wanted * (1 - wanted) / 99_999) + 2e-5).all()


def test_two_sided_is_twice_the_smaller_side():
    graph = neighbours(POINTS, 15)
    two, up, down = (
        getis_ord(VALUES, *graph, draws=999, alternative=side).p
        for side in ("two-sided", "greater", "less")
    )
    np.testing.assert_allclose(two, np.minimum(2 * np.minimum(up, down), 1))


def test_equal_counts_are_no_hot_spots():
    """All the same: every draw ties, p is 1 on either side, and z is unknown."""
    for side in ("greater", "less", "two-sided"):
        found = getis_ord(np.ones(6), *neighbours(POINTS, 15), draws=99, alternative=side)
        assert (found.p == 1).all()
        assert np.isnan(found.z).all()


def test_without_neighbours_nothing_is_tested():
    found = getis_ord(VALUES, np.zeros(7, dtype=int), np.empty(0, dtype=int), draws=99)
    assert (found.p == 1).all()


def grid(n):
    """Pointers and neighbours of the cells of a square grid, by rook and bishop."""
    at = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    return neighbours(at.astype(float), 1.5)


@pytest.mark.parametrize("law", ["poisson", "lognormal"])
def test_p_below_a_level_no_more_often_than_it_says_when_nothing_stands_together(law):
    """Forty maps of independent values: cells with p at most 5 % are at most 5 %, with ties."""
    rng, graph = np.random.default_rng(6), grid(16)
    below = []
    for seed in range(40):
        y = rng.poisson(0.7, 256) if law == "poisson" else rng.lognormal(0, 1, 256)
        below.append((getis_ord(y, *graph, draws=999, seed=seed).p <= 0.05).mean())
    assert np.mean(below) <= 0.05 + 3 * np.std(below) / np.sqrt(40)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=16, max_size=16), st.randoms())
def test_neither_order_nor_scale_matter_to_z(counts, shuffled):
    y, (pointers, others) = np.array(counts, dtype=float), grid(4)
    order = np.array(shuffled.sample(range(16), 16))
    rank = np.argsort(order)
    lists = [rank[others[pointers[i] : pointers[i + 1]]] for i in order]
    there = getis_ord(
        7 * y[order] + 3,
        np.concatenate([[0], np.cumsum([len(x) for x in lists])]),
        np.concatenate(lists),
        draws=9,
    )
    np.testing.assert_allclose(there.z, getis_ord(y, pointers, others, draws=9).z[order], atol=1e-9)


def test_the_same_seed_gives_the_same_answer():
    y, graph = np.random.default_rng(1).poisson(1.0, 256), grid(16)
    one, again, other = (getis_ord(y, *graph, draws=99, seed=s).p for s in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_many_draws_make_small_p():
    """A block of nine of 400 cells that alone has marks: the smallest p there is."""
    y = np.zeros((20, 20))
    y[5:8, 5:8] = 20
    found = getis_ord(y.ravel(), *grid(20), draws=99_999)
    assert found.p.reshape(20, 20)[6, 6] == 1 / 100_000


def test_no_unit_and_one_unit():
    assert getis_ord([], [0], []).p.tolist() == []
    alone = getis_ord([4], [0, 0], [], draws=9)
    assert alone.p.tolist() == [1]
    assert np.isnan(alone.z).all()


def test_an_unknown_value_is_refused():
    with pytest.raises(ValueError, match="known"):
        getis_ord([1, np.nan], [0, 1, 2], [1, 0])


def test_an_unknown_alternative_is_refused():
    with pytest.raises(ValueError, match="sideways"):
        getis_ord([1, 2], [0, 1, 2], [1, 0], alternative="sideways")
