"""Krippendorff's alpha: the published example, laws, and what cannot be told."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from layers.agreement import LEVELS, Agreement, agreement, alpha, sentence

N = np.nan
PUBLISHED = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]).T  # fmt: skip
"""Krippendorff (2011), section E: four observers, twelve units, missing data."""

ratings = arrays.arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.sampled_from([0, 1, 2, 3, N]),
)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_the_published_example_comes_out(level, published):
    assert alpha(PUBLISHED, level=level) == pytest.approx(published, abs=0.0005)


def test_the_published_example_has_forty_pairable_values():
    found = agreement(PUBLISHED, level="nominal")
    assert (found.values, found.units, found.raters) == (40, 11, 4)


def by_hand(values, level):
    """Return alpha by adding up every pair of ratings, one by one."""
    units = [[v for v in row if np.isfinite(v)] for row in values]
    units = [row for row in units if len(row) > 1]
    every = [v for row in units for v in row]

    def apart(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(low <= v <= high for v in every)
        return (between - (every.count(a) + every.count(b)) / 2) ** 2 if a != b else 0.0

    seen = sum(2 * apart(a, b) / (len(row) - 1) for row in units for a, b in combinations(row, 2))
    chance = sum(2 * apart(a, b) for a, b in combinations(every, 2))
    if not chance:
        return N
    return 1 - (len(every) - 1) * seen / chance


@given(ratings, st.sampled_from(list(LEVELS)))
def test_it_is_what_adding_up_every_pair_gives(values, level):
    assert alpha(values, level=level) == pytest.approx(by_hand(values, level), nan_ok=True)


@given(ratings, st.randoms(use_true_random=False))
def test_neither_the_order_of_raters_nor_that_of_units_matters(values, chance):
    units, raters = list(range(len(values))), list(range(values.shape[1]))
    chance.shuffle(units)
    chance.shuffle(raters)
    shuffled = values[units][:, raters]
    assert alpha(shuffled) == pytest.approx(alpha(values), nan_ok=True)


@given(ratings)
def test_it_is_at_most_one_and_the_interval_goes_from_low_to_high(values):
    found = agreement(values, draws=50)
    if found.told:
        assert found.alpha <= 1
        assert np.isnan(found.low) or found.low <= found.high <= 1 + 1e-9


def test_raters_who_say_the_same_of_different_stops_agree_completely():
    assert alpha(np.array([[0.0, 0], [1, 1], [3, 3]])) == 1


def test_the_same_seed_gives_the_same_interval():
    one, other = (agreement(PUBLISHED, seed=3) for _ in range(2))
    assert one == other
    assert one != agreement(PUBLISHED, seed=4)


def test_more_stops_make_the_interval_narrower():
    few, many = agreement(PUBLISHED), agreement(np.tile(PUBLISHED, (8, 1)))
    assert many.high - many.low < few.high - few.low


def test_items_of_one_stop_are_drawn_together():
    """Nine items of one stop are no nine stops: the interval must not pretend so."""
    apart = agreement(np.repeat(PUBLISHED, 9, axis=0))
    together = agreement(np.repeat(PUBLISHED, 9, axis=0), groups=np.repeat(np.arange(12), 9))
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[1.0], [2.0]], "Fewer than two people"),
        ([[1.0, N], [N, 2.0]], "Fewer than two people"),
        ([[2.0, 2.0], [2.0, 2.0]], "Everybody gave the same value"),
        ([[0.0, 0.0], [3.0, 3.0]], "see it alike"),
        ([[0.0, 3.0], [3.0, 0.0]], "no better than by chance"),
    ],
)
def test_what_it_means_is_said_in_words(values, said):
    assert said in str(sentence(agreement(np.array(values))))


def test_a_wide_interval_is_said():
    doubtful = Agreement(alpha=0.85, low=0.4, high=1, units=3, raters=2, values=6)
    sure = Agreement(alpha=0.85, low=0.8, high=0.9, units=90, raters=2, values=180)
    assert "may also be otherwise" in str(sentence(doubtful))
    assert "may also be otherwise" not in str(sentence(sure))
