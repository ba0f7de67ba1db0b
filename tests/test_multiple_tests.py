"""Many tests at once: the published example, an independent twin, and what is promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from layers.exact_tests import hypergeometric, smallest
from layers.multiple_tests import attainable, benjamini_hochberg, false_alarms_expected

PUBLISHED = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
             .6528, .7590, 1.0]  # fmt: skip
"""Fifteen p-values of Benjamini and Hochberg (1995), section 4.1."""
P = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_four_of_fifteen_as_published():
    """Benjamini and Hochberg find the first four at q = .05, where Bonferroni finds three."""
    found = benjamini_hochberg(PUBLISHED)
    assert found.rejected.tolist() == [True] * 4 + [False] * 11
    assert (np.array(PUBLISHED) <= 0.05 / 15).sum() == 3


@given(P)
def test_adjusted_as_scipy_has_it(p):
    np.testing.assert_allclose(
        benjamini_hochberg(p).adjusted, stats.false_discovery_control(p), rtol=1e-12
    )


@given(P, st.sampled_from([0.01, 0.05, 0.2]))
def test_found_are_the_most_that_stay_below_the_line(p, rate):
    """The definition: the largest k with the k-th smallest p at most k / m of the rate."""
    p = np.array(p)
    below = np.sort(p) <= rate * np.arange(1, len(p) + 1) / len(p) * (1 + 1e-12)
    k = np.flatnonzero(below).max(initial=-1) + 1
    assert benjamini_hochberg(p, rate=rate * (1 + 1e-11)).rejected.sum() == k


@given(P, st.integers(1, 5))
def test_what_was_not_tested_does_not_count(p, empty):
    """Cells without a mark change nothing for the others and are never found."""
    found = benjamini_hochberg([*p, *[np.nan] * empty])
    assert found.tests == len(p)
    np.testing.assert_array_equal(found.adjusted[: len(p)], benjamini_hochberg(p).adjusted)
    assert not found.rejected[len(p) :].any()


@given(P, st.floats(0.1, 10))
def test_equal_weights_are_none(p, weight):
    np.testing.assert_allclose(
        benjamini_hochberg(p, weights=np.full(len(p), weight)).adjusted,
        benjamini_hochberg(p).adjusted,
    )


def test_weights_by_pencil():
    """Weights 3 and 1 of mean 2 are 1.5 and .5: p .03, .03 become .02 and .06, times 2, 1."""
    found = benjamini_hochberg([0.03, 0.03], weights=[3, 1])
    assert found.adjusted == pytest.approx([0.04, 0.06])
    assert found.rejected.tolist() == [True, False]


def test_weights_must_be_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        benjamini_hochberg([0.1, 0.2], weights=[0, 1])


def test_false_alarms_by_pencil():
    """Of four found at 5 % a fifth of an alarm is false; 15 tests alone would show 0.75."""
    told = false_alarms_expected(benjamini_hochberg(PUBLISHED))
    assert (told.tests, told.found, told.any_chance) == (15, 4, 0.05)
    assert told.among == pytest.approx(0.2)
    assert told.uncorrected == pytest.approx(0.75)


def test_no_test_no_false_alarm():
    told = false_alarms_expected(benjamini_hochberg([np.nan, np.nan]))
    assert (told.tests, told.found, told.any_chance) == (0, 0, 0)


def test_attainable_by_pencil():
    """
    Smallest p .001, .002, .02, .04, .3.

    k = 1: four are at most .05, too many; k = 2: three at most .025; k = 3:
    two at most .0167, no more than three, so these two are what is corrected for.
    """
    least = [0.3, 0.02, np.nan, 0.001, 0.04, 0.002]
    assert attainable(least).tolist() == [False, False, False, True, False, True]


def test_false_alarms_stay_below_the_rate_when_no_place_is_worse():
    """Three thousand maps of sixty cells without a worse place: at most 5 % show anything."""
    rng, maps, shown = np.random.default_rng(4), 3000, np.zeros(2)
    for _ in range(maps):
        busy = rng.lognormal(0, 1, 60)
        cases, controls = (rng.multinomial(n, busy / busy.sum()) for n in (200, 120))
        p = hypergeometric(cases, controls)
        can = attainable(smallest(cases, controls))
        shown += [
            benjamini_hochberg(p).rejected.any(),
            benjamini_hochberg(np.where(can, p, np.nan)).rejected.any(),
        ]
    assert (shown / maps <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / maps)).all()
