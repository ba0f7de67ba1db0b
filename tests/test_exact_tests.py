"""Exact tests and intervals: published values, enumeration, and laws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from layers.exact_tests import (
    hypergeometric,
    poisson,
    poisson_interval,
    rate_ratio,
    share_interval,
    smallest,
)

ALTERNATIVES = ["greater", "less", "two-sided"]
COUNTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=8)


def test_the_lady_tasting_tea():
    """Fisher (1935): of four cups, all four right has p = 1/70, three right 17/70."""
    assert hypergeometric([4, 0], [0, 4])[0] == pytest.approx(1 / 70)
    assert hypergeometric([3, 1], [1, 3])[0] == pytest.approx(17 / 70)


@pytest.mark.parametrize(("expected", "needed"), [(0.5, 3), (1, 4), (2, 6), (3, 7), (5, 10)])
def test_so_many_are_needed_for_five_per_cent(expected, needed):
    """At expectation .5/1/2/3/5 one needs 3/4/6/7/10 for p < .05."""
    assert poisson([needed], [expected])[0] < 0.05 <= poisson([needed - 1], [expected])[0]


def test_garwood_interval_of_ten():
    """Published for a count of 10 at 95 %: 4.795 to 18.390; for none: 0 to 3.689."""
    assert poisson_interval(10, 0.95) == pytest.approx((4.795, 18.390), abs=5e-4)
    assert poisson_interval(0, 0.95) == pytest.approx((0, 3.689), abs=5e-4)


def test_clopper_pearson_interval_of_one_in_ten():
    """Published for 1 of 10 at 95 %: .0025 to .4450."""
    assert share_interval(1, 10, 0.95) == pytest.approx((0.0025, 0.4450), abs=5e-5)


def test_rate_ratio_of_two_radiation_groups():
    """11 in 800 against 21 in 3011, as R's poisson.test documents it: 1.97, .858 to 4.277."""
    found = rate_ratio(11, 21, 800, 3011, 0.95)
    assert found[:3] == pytest.approx((1.971488, 0.8584264, 4.2772659))
    assert found.p == pytest.approx(stats.binomtest(11, 32, 800 / 3811, "greater").pvalue)


@given(COUNTS, st.sampled_from(ALTERNATIVES))
def test_hypergeometric_as_scipy_has_it(counts, alternative):
    """Each unit's p is a tail of the hypergeometric distribution; empty units have none."""
    cases, controls = np.array(counts).T
    marks = cases + controls
    law = stats.hypergeom(marks.sum(), cases.sum(), marks)
    up, down = law.sf(cases - 1), law.cdf(cases)
    tail = {"greater": up, "less": down, "two-sided": np.minimum(2 * np.minimum(up, down), 1)}
    wanted = np.where(marks > 0, tail[alternative], np.nan)
    np.testing.assert_allclose(
        hypergeometric(cases, controls, alternative=alternative), wanted, rtol=1e-9
    )


@pytest.mark.parametrize("sizes", [(3, 3), (1, 2, 4), (2, 2, 2), (5, 1)])
def test_p_is_uniform_or_larger_when_nothing_is_worse(sizes):
    """All ways to deal out the cases: p is below any level at most as often as it says."""
    marks, unit = sum(sizes), np.repeat(np.arange(len(sizes)), sizes)
    for cases in range(1, marks):
        deals = [
            hypergeometric(k := np.bincount(unit[list(chosen)], minlength=len(sizes)), sizes - k)
            for chosen in combinations(range(marks), cases)
        ]
        for p in np.transpose(deals):
            assert all((p <= level + 1e-12).mean() <= level + 1e-12 for level in p)


@given(COUNTS)
def test_no_unit_is_below_its_smallest_p(counts):
    """The smallest attainable p is attained where all marks of a unit are cases."""
    cases, controls = np.array(counts).T
    p, least = hypergeometric(cases, controls), smallest(cases, controls)
    known = ~np.isnan(p)
    assert (p[known] >= least[known] * (1 - 1e-9)).all()
    pure = known & (controls == 0)
    assert p[pure] == pytest.approx(least[pure])


@given(COUNTS, st.randoms())
def test_the_order_of_units_does_not_matter(counts, shuffled):
    """Whoever numbers the units otherwise gets the same p for each."""
    cases, controls = np.array(counts).T
    order = np.array(shuffled.sample(range(len(cases)), len(cases)))
    there = hypergeometric(cases[order], controls[order])
    np.testing.assert_array_equal(there, hypergeometric(cases, controls)[order])


@given(st.integers(0, 60), st.floats(0.01, 40), st.sampled_from(["greater", "less"]))
def test_poisson_as_scipy_has_it(observed, expected, alternative):
    law = stats.poisson(expected)
    wanted = law.sf(observed - 1) if alternative == "greater" else law.cdf(observed)
    found = poisson([observed], [expected], alternative=alternative)[0]
    assert found == pytest.approx(wanted, rel=1e-9)


def test_what_was_not_expected_at_all_is_no_chance():
    """Nothing where nothing was expected is p 1; one is p 0; unknown stays unknown."""
    np.testing.assert_array_equal(poisson([0, 1, 1], [0, 0, np.nan]), [1, 0, np.nan])


@given(st.integers(0, 200), st.sampled_from([0.8, 0.9, 0.95]))
def test_ends_of_an_interval_are_what_a_test_just_allows(count, level):
    """At either end of Garwood's interval the tail is exactly half of what is left."""
    low, high = poisson_interval(count, level)
    assert low <= count <= high
    assert poisson([count], [high], alternative="less")[0] == pytest.approx((1 - level) / 2)
    if count:
        assert poisson([count], [low])[0] == pytest.approx((1 - level) / 2)


@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.9, 0.95]))
def test_share_interval_as_scipy_has_it(k, rest, level):
    """Clopper-Pearson; of none nothing is known."""
    n = k + rest
    wanted = (0, 1) if n == 0 else stats.binomtest(k, n).proportion_ci(level, "exact")
    assert share_interval(k, n, level) == pytest.approx(tuple(wanted), abs=1e-9)


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.1, 10))
def test_rate_ratio_and_its_inverse(a, b, over):
    """Who compares the other way round gets the inverse ratio and interval."""
    one, other = rate_ratio(a, b, over, 1), rate_ratio(b, a, 1, over, alternative="less")
    with np.errstate(divide="ignore"):
        low, high = 1 / np.asarray(other.high), 1 / np.asarray(other.low)
    np.testing.assert_allclose([one.low, one.high, one.p], [low, high, other.p], rtol=1e-7)


def test_nothing_at_all_says_nothing():
    found = rate_ratio(0, 0, 1, 1)
    assert np.isnan(found.ratio)
    assert found[1:] == (0, np.inf, 1)


@pytest.mark.parametrize("bad", [[-1], [0.5], [np.nan]])
def test_what_is_no_count_is_refused(bad):
    with pytest.raises(ValueError, match="whole numbers"):
        hypergeometric(bad, [1])


def test_an_unknown_alternative_is_refused():
    with pytest.raises(ValueError, match="sideways"):
        poisson([1], [1], alternative="sideways")
