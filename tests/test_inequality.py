"""Indices of spread: worked examples, laws, and the senses in which they could mislead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.inequality import concentration, erreygers, gini, lorenz, palma, shortfall, theil

SIZES = st.integers(2, 12)


@st.composite
def spreads(draw):
    """Values and people of a few cells, at least one of which has something."""
    n = draw(SIZES)
    values = draw(arrays(float, n, elements=st.floats(0, 100)))
    people = draw(arrays(float, n, elements=st.integers(1, 50).map(float)))
    values[0] += 1.0
    return values, people


def test_one_of_two_has_everything():
    """Two people, one of whom has all: Gini 1/2, Theil ln 2."""
    values, people = np.array([0.0, 10.0]), np.ones(2)
    assert gini(values, people) == pytest.approx(0.5)
    assert theil(values, people, np.zeros(2, dtype=int)).total == pytest.approx(np.log(2))


def test_gini_by_pencil():
    """Values 1, 2, 3, 4 of one person each: mean difference 5/4 over twice the mean 5/2 is 1/4."""
    assert gini(np.array([4.0, 1, 3, 2]), np.ones(4)) == pytest.approx(0.25)


@given(spreads())
def test_gini_is_the_mean_difference_over_twice_the_mean(spread):
    """The formula over the Lorenz curve equals the definition by pairs."""
    values, people = spread
    parts = people / people.sum()
    pairs = np.abs(values[:, None] - values[None, :]) * parts[:, None] * parts[None, :]
    assert gini(values, people) == pytest.approx(pairs.sum() / (2 * values @ parts), abs=1e-9)


@given(spreads(), st.floats(0.01, 1000))
def test_scaling_all_access_changes_no_index(spread, factor):
    """Twice as much for everybody is spread as evenly as before."""
    values, people = spread
    district = np.arange(len(values)) % 2
    assert gini(values * factor, people) == pytest.approx(gini(values, people), abs=1e-9)
    scaled, plain = theil(values * factor, people, district), theil(values, people, district)
    assert scaled.total == pytest.approx(plain.total, abs=1e-9)
    assert scaled.between == pytest.approx(plain.between, abs=1e-9)


@given(spreads())
def test_a_cell_counts_as_often_as_it_has_people(spread):
    """Writing every person as a cell of their own changes nothing."""
    values, people = spread
    each = np.repeat(values, people.astype(int))
    ones = np.ones(len(each))
    rank = np.arange(len(values), dtype=float)
    ranks = np.repeat(rank, people.astype(int))
    assert gini(each, ones) == pytest.approx(gini(values, people), abs=1e-9)
    assert palma(each, ones, ranks) == pytest.approx(palma(values, people, rank), nan_ok=True)
    assert concentration(each, ones, ranks) == pytest.approx(
        concentration(values, people, rank), abs=1e-9
    )


@given(spreads())
def test_between_and_within_add_up_and_are_never_negative(spread):
    """Theil's parts by district add up to the whole."""
    values, people = spread
    parts = theil(values, people, np.arange(len(values)) // 3)
    assert parts.between + parts.within == pytest.approx(parts.total)
    assert parts.between >= -1e-12
    assert parts.within >= -1e-9


def test_equal_districts_leave_everything_within():
    """If districts have the same mean, nothing lies between them."""
    values, people = np.array([1.0, 3, 1, 3]), np.ones(4)
    parts = theil(values, people, np.array([0, 0, 1, 1]))
    assert parts.between == pytest.approx(0)
    assert parts.total > 0


def test_lorenz_of_a_known_spread():
    """Values 1 and 3: the worse half has a quarter."""
    shares = lorenz(np.array([3.0, 1.0]), np.ones(2), np.array([0.0, 50, 100]))
    assert shares == pytest.approx([0, 25, 100])


def test_palma_by_pencil():
    """Ten people ranked 0 to 9, who have their rank + 1: 10 over the mean of 1 to 4."""
    values = np.arange(1.0, 11)
    assert palma(values, np.ones(10), np.arange(10.0)) == pytest.approx(10 / 2.5)


def test_concentration_favours_whom_its_sign_says():
    """More for those ranked low is negative; ranking backwards flips the sign."""
    values, people = np.array([4.0, 3, 2, 1]), np.ones(4)
    low_first = concentration(values, people, np.arange(4.0))
    assert low_first == pytest.approx(-0.25)  # ranked by themselves they would give the Gini
    assert concentration(values, people, -np.arange(4.0)) == pytest.approx(-low_first)


@given(spreads())
def test_concentration_ranked_by_the_value_itself_is_the_gini(spread):
    """The Gini is the special case in which people are ranked by what they have."""
    values, people = spread
    assert concentration(values, people, values) == pytest.approx(gini(values, people), abs=1e-9)


def test_erreygers_of_half_the_people_reached():
    """Of four people ranked low to high the upper two are reached: CI 1/2 × 4 × 1/2 = 1."""
    values = np.array([0.0, 0, 1, 1])
    index = erreygers(values, np.ones(4), np.arange(4.0), 0, 1)
    assert index == pytest.approx(1.0)


def test_shortfall_by_pencil():
    """Standard 10; two of four lie below it, by all and by half of it."""
    values, people = np.array([0.0, 5, 10, 20]), np.ones(4)
    told = [shortfall(values, people, 10, alpha) for alpha in (0, 1, 2)]
    assert told == pytest.approx([0.5, 1.5 / 4, 1.25 / 4])


def test_unknown_cells_are_not_counted_and_nobody_is_not_a_number():
    """Cells of which something is unknown are left out; without people there is no index."""
    values = np.array([1.0, 3.0, np.nan, np.inf, 5.0])
    people = np.array([1.0, 1.0, 4.0, 4.0, np.nan])
    assert gini(values, people) == pytest.approx(0.25)
    assert np.isnan(gini(values, np.zeros(5)))
    assert np.isnan(theil(values, np.zeros(5), np.zeros(5, dtype=int)).total)
    assert np.isnan(shortfall(values, np.zeros(5), 1, 0))
    assert np.isnan(palma(values, np.zeros(5), values))
