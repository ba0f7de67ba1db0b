"""Near repeats: a published count, pairs counted by pencil, every order of the days, and laws."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.near_repeats import knox
from tests.published import LYMPHOMA

EVENTS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 40)), min_size=2, max_size=15
)


def by_hand(x, y, days, metres, span):
    """Count pairs one by one."""
    found = np.zeros((len(metres) - 1, len(span) - 1), dtype=int)
    for i in range(len(x)):
        for j in range(i):
            way, time = np.hypot(x[i] - x[j], y[i] - y[j]), abs(days[i] - days[j])
            for a in range(len(metres) - 1):
                for b in range(len(span) - 1):
                    found[a, b] += (
                        metres[a] <= way < metres[a + 1] and span[b] <= time < span[b + 1]
                    )
    return found


def test_lymphoma_in_uganda():
    """PySAL documents 13 pairs within 20 and 5 days, both included, and finds no interaction."""
    x, y, days = LYMPHOMA.T
    found = knox(x, y, days, metres=(0, np.nextafter(20, 21)), span=(0, np.nextafter(5, 6)))
    assert found.observed.tolist() == [[13]]
    assert 0.1 < found.p[0, 0] < 0.3


def test_bands_are_half_open():
    """
    Four events on a line at 0, 100, 200 and 350 m on days 0, 7, 7 and 20.

    Pairs: 100 m and 7 days; 200 m and 7; 350 and 20; 100 and 0; 250 and 13; 150 and 13.
    A pair at 100 m belongs to [100, 200), one at 7 days to [7, 14), one at 200 m to none.
    """
    found = knox([0, 100, 200, 350], [0] * 4, [0, 7, 7, 20], draws=9)
    assert found.observed.tolist() == [[0, 0, 0], [1, 2, 0]]


@settings(deadline=None)
@given(EVENTS)
def test_pairs_are_all_counted_once(events):
    x, y, days = np.array(events).T
    found = knox(x, y, days, draws=1)
    np.testing.assert_array_equal(found.observed, by_hand(x, y, days, found.metres, found.span))


def test_expected_and_p_are_those_of_every_order_of_the_days():
    """Five events, 120 orders of their days: their mean, and how many have as many pairs."""
    x, y, days = [0, 10, 20, 500, 510], [0] * 5, [0, 1, 2, 60, 100]
    bands = {"metres": (0, 50), "span": (0, 7)}
    every = np.array([by_hand(x, y, order, *bands.values())[0, 0] for order in permutations(days)])
    found = knox(x, y, days, draws=9999, **bands)
    observed = found.observed[0, 0]
    assert observed == 3
    assert found.expected[0, 0] == pytest.approx(every.mean(), abs=0.03)
    exact = (every >= observed).mean()
    assert found.p[0, 0] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999))
    assert found.ratio[0, 0] == pytest.approx(observed / found.expected[0, 0])


def test_events_all_on_one_day_say_nothing():
    """Every order of the days is the same: as many pairs as always, p 1."""
    found = knox([0, 10, 20], [0, 0, 0], [5, 5, 5], draws=99)
    assert found.p[0, 0] == 1
    assert found.ratio[0, 0] == 1


def test_what_follows_nearby_is_found():
    """Every other event comes two days after one 20 m away, all else being chance."""
    rng = np.random.default_rng(2)
    x, y, days = rng.uniform(0, 5000, 150), rng.uniform(0, 5000, 150), rng.uniform(0, 700, 150)
    found = knox(np.append(x, x + 20), np.append(y, y), np.append(days, days + 2))
    assert found.p[0, 0] == 1 / 1000
    assert found.ratio[0, 0] > 3


@settings(deadline=None, max_examples=30)
@given(EVENTS, st.integers(-500, 500))
def test_only_differences_count(events, shift):
    """Whoever moves all places and days alike counts the same pairs with the same p."""
    x, y, days = np.array(events).T
    one, other = knox(x, y, days, draws=19), knox(x + shift, y - shift, days + shift, draws=19)
    np.testing.assert_array_equal(one.observed, other.observed)
    np.testing.assert_array_equal(one.p, other.p)


def test_without_pairs_p_is_one_and_the_ratio_unknown():
    found = knox([0, 5000], [0, 0], [0, 1])
    assert (found.p == 1).all()
    assert np.isnan(found.ratio).all()
    assert knox([], [], []).observed.sum() == 0
