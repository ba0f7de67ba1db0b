"""Small numbers: published rates and indices, and what smoothing must not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.small_numbers import marshall, needed_for, pai, pei, rri
from tests.published import HOMICIDES, PEOPLE

UNITS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5000)), min_size=1, max_size=12)


def test_homicides_around_st_louis():
    """The first ten of 78 counties, as PySAL documents its empirical Bayes estimator."""
    assert marshall(HOMICIDES, PEOPLE).rate[:10] == pytest.approx([
        2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05,
        3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
    ], rel=1e-8)  # fmt: skip


def test_marshall_by_pencil():
    """
    Two units of 10 people with 0 and 8: m = .4, s² = .16, A = .16 - .4 / 10 = .12.

    Each is drawn by .12 / (.12 + .04) = 3/4: the rates .1 and .7.
    """
    found = marshall([0, 8], [10, 10])
    assert (found.mean, found.variance) == pytest.approx((0.4, 0.12))
    assert found.weight == pytest.approx([0.75, 0.75])
    assert found.rate == pytest.approx([0.1, 0.7])


def test_what_chance_explains_is_drawn_to_the_mean_entirely():
    """Counts 3 and 5 of 10 each vary no more than chance: both have the mean."""
    assert marshall([3, 5], [10, 10]).rate == pytest.approx([0.4, 0.4])


@given(UNITS)
def test_a_smoothed_rate_lies_between_its_own_and_the_mean(units):
    counts, people = np.array(units, dtype=float).T
    found = marshall(counts, people)
    low, high = np.minimum(found.raw, found.mean), np.maximum(found.raw, found.mean)
    assert (found.rate >= low - 1e-12).all()
    assert (found.rate <= high + 1e-12).all()


@given(UNITS)
def test_fewer_people_decide_less_for_themselves(units):
    """The weight of a unit's own count never falls with its people."""
    counts, people = np.array(units, dtype=float).T
    weight = marshall(counts, people).weight[np.argsort(people)]
    assert (np.diff(weight) >= -1e-12).all()


def test_nobody_at_risk_is_unknown_and_changes_nothing():
    found = marshall([0, 8, 1, np.nan], [10, 10, 0, 10])
    np.testing.assert_array_equal(found.rate[:2], marshall([0, 8], [10, 10]).rate)
    assert np.isnan(found.rate[2:]).all()
    assert np.isnan(marshall([1], [0]).mean)


def test_nothing_happened_anywhere():
    assert marshall([0, 0], [10, 20]).rate.tolist() == [0, 0]


def test_needed_for_five_per_cent():
    """At expectation .5/1/2/3/5 one needs 3/4/6/7/10 observed for p < .05."""
    assert needed_for([0.5, 1, 2, 3, 5]).tolist() == [3, 4, 6, 7, 10]


@pytest.mark.parametrize("bad", [0, -1, np.nan, np.inf])
def test_needed_only_for_what_is_expected(bad):
    with pytest.raises(ValueError, match="above 0"):
        needed_for([bad])


def test_pai_as_published():
    """30 of 100 events in 5 of 100 km² is 6; of the length of streets likewise."""
    assert pai(30, 100, 5, 100) == pytest.approx(6)
    assert pai(30, 100, 1_250, 25_000) == pytest.approx(6)


def test_pei_by_pencil():
    """Units with 5, 3, 2 and 0 events; the map picks the first and third: 7 of at most 8."""
    assert pei([5, 3, 2, 0], [True, False, True, False]) == pytest.approx(7 / 8)
    assert pei([5, 3, 2, 0], [True, True, False, False]) == 1


def test_pei_on_streets_counts_length():
    """4 events on 100 m are denser than 6 on 300 m; with 200 m one could have had 4 + 2."""
    assert pei([4, 6, 1], [False, False, True], [100, 300, 200]) == pytest.approx(1 / 6)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=10))
def test_pei_is_pai_over_the_best_pai(units):
    events, chosen = (np.array(column) for column in zip(*units, strict=True))
    k, n = int(chosen.sum()), len(events)
    best = np.sort(events)[::-1][:k].sum()
    if not k or not best:
        assert np.isnan(pei(events, chosen))
        return
    wanted = pai(events[chosen].sum(), events.sum(), k, n) / pai(best, events.sum(), k, n)
    assert pei(events, chosen) == pytest.approx(wanted)


def test_rri_by_pencil():
    """40 of 100 fell into hot spots before, 30 of 120 after: .25 / .4."""
    assert rri(30, 120, 40, 100) == pytest.approx(0.625)


def test_without_events_no_index():
    assert np.isnan([pai(0, 0, 1, 2), rri(1, 2, 0, 10), pei([0, 0], [True, False])]).all()
