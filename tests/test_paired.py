"""Shares that stand beside each other: differences are surer than what they are made of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.paired import paired
from layers.uncertainty import Situation, shares


def situation(metres, chance, people, **more):
    """Return cells on a line with walks to places; what is 0 is no walk."""
    reach = csr_array(np.asarray(metres, dtype=float))
    people = np.asarray(people, dtype=float)[:, None]
    return Situation(
        reach=reach,
        toward=np.tile([1.0, 0.0], (reach.nnz, 1)),
        limit=500.0,
        people=people,
        people_deviation=np.full(people.shape, 3.0),
        start_deviation=np.full(len(people), 20.0),
        chance=np.asarray(chance, dtype=float),
        **more,
    )


def town(seed):
    """Return forty cells and five places, some of which are near enough and some are not."""
    rng = np.random.default_rng(seed)
    metres = rng.uniform(200, 900, (40, 5)) * (rng.random((40, 5)) < 0.7)
    return situation(metres, [1, 1, 1, 0.5, 0], rng.integers(1, 60, 40))


@given(st.integers(0, 2000))
@settings(max_examples=10, deadline=None)
def test_the_same_case_twice_differs_by_nothing(seed):
    """Everything is drawn in common, so a case equals itself in every draw."""
    one = town(seed)
    found = paired([[one], [one]], draws=100)
    np.testing.assert_allclose(found.difference(0, 1), 0, atol=1e-4)


@given(st.integers(0, 2000))
@settings(max_examples=10, deadline=None)
def test_one_more_place_never_lowers_a_share_in_any_draw(seed):
    """Whoever is reached without it is reached with it, in the same draw, where counts are sure."""
    one = town(seed)
    one = replace(one, people_deviation=np.zeros(one.people.shape))
    more = replace(one, chance=np.array([1, 1, 1, 0.5, 1.0]))
    found = paired([[one], [more]], draws=200)
    assert (found.shares[:, 1] >= found.shares[:, 0] - 1e-4).all()


def test_a_difference_is_surer_than_the_shares_it_is_made_of():
    """Speed moves both shares together."""
    one = town(7)
    more = replace(one, chance=np.array([1, 1, 1, 0.5, 1.0]))
    found = paired([[one], [more]], draws=600)
    low, high = found.difference(0, 1)
    apart = np.random.default_rng(1).permutation(found.shares[:, 1, 0]) - found.shares[:, 0, 0]
    assert high - low < np.diff(np.quantile(apart, [0.05, 0.95]))[0]


def test_one_case_alone_is_the_simulation_of_a_single_share():
    """The same mean and spread as `uncertainty.shares`, up to the noise of drawing."""
    one = town(3)
    alone, beside = shares(one, draws=3000, seed=5)[:, 0], paired([[one]], draws=3000).shares
    assert beside[:, 0, 0].mean() == pytest.approx(alone.mean(), abs=0.3)
    assert beside[:, 0, 0].std() == pytest.approx(alone.std(), rel=0.1)


def test_a_mean_of_hours_lies_between_its_hours():
    """Half of the hours with everybody and half with nobody are a half, whoever is miscounted."""
    everybody = situation([[100.0], [100.0]], [1], [50, 50])
    nobody = replace(everybody, chance=np.zeros(1))
    found = paired([[everybody, everybody, nobody, nobody]], draws=50)
    np.testing.assert_allclose(found.shares, 50, atol=1e-4)


def test_what_may_be_wrong_is_told_by_its_part():
    """Where only the speed may be wrong, it is all of the doubt."""
    one = replace(
        town(3), people_deviation=np.zeros((40, 1)), start_deviation=np.zeros(40), position=0.0,
        chance=np.ones(5),
    )  # fmt: skip
    found = paired([[one]], draws=300)
    assert found.causes["speed"] == pytest.approx(1)
    assert next(iter(found.causes)) == "speed"


def test_the_interval_covers_the_truth_at_its_rate():
    """
    A world drawn from the same doubts lies inside nine times in ten.

    For the difference as well: 300 worlds, so between 84 and 96 in a hundred.
    """
    one = town(11)
    more = replace(one, chance=np.array([1, 1, 1, 0.5, 1.0]))
    low, high = paired([[one], [more]], draws=2000, seed=1).difference(0, 1)
    worlds = paired([[one], [more]], draws=300, seed=99).shares
    inside = (worlds[:, 1, 0] - worlds[:, 0, 0] >= low) & (
        worlds[:, 1, 0] - worlds[:, 0, 0] <= high
    )
    assert 0.84 <= inside.mean() <= 0.96


def test_nobody_is_counted_nowhere():
    """Without people there is no share."""
    empty = situation([[100.0]], [1], [0])
    assert np.isnan(paired([[empty]], draws=10).shares).all()
