"""How sure a share is: no doubt, no width; and the interval holds the truth as often as it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.uncertainty import CAUSES, Situation, horizon, shares, sureness

LIMIT = 1000.0


def town(seed: int, *, cells: int = 60, places: int = 4) -> Situation:
    """Return a town on open ground: cells and places at random within two kilometres."""
    rng = np.random.default_rng(seed)
    homes, spots = rng.uniform(0, 2000, (cells, 2)), rng.uniform(0, 2000, (places, 2))
    return ground(homes, spots, rng.integers(5, 60, cells).astype(float), np.ones(places))


def ground(homes, spots, people, chance) -> Situation:
    """Return the situation of homes and places on open ground, where one walks straight."""
    way = spots[None, :, :] - homes[:, None, :]
    metres = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-6)
    near = metres <= horizon(LIMIT, 29.0)
    reach = csr_array(np.where(near, metres, 0.0))
    return Situation(
        reach=reach,
        toward=(way / metres[..., None])[near],
        limit=LIMIT,
        people=people[:, None],
        people_deviation=np.full((len(homes), 1), 1.5),
        start_deviation=np.full(len(homes), 29.0),
        chance=chance,
    )


def certain(situation: Situation) -> Situation:
    """Return the same town without any doubt."""
    nothing = np.zeros(len(situation.people))
    return replace(
        situation,
        people_deviation=nothing[:, None],
        start_deviation=nothing,
        speed=0.0,
        position=0.0,
    )


def plain_share(situation: Situation) -> float:
    """Return the share by the simplest means [%]."""
    near = (situation.reach.toarray() > 0) & (situation.reach.toarray() <= situation.limit)
    covered = (near & (situation.chance >= 0.5)).any(axis=1)
    return 100 * situation.people[covered].sum() / situation.people.sum()


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_without_doubt_the_interval_is_the_share_itself(seed):
    """Nothing that can be wrong: low and high are the plain figure."""
    situation = certain(town(seed))
    sure = sureness(situation, draws=40)
    assert sure.low[0] == pytest.approx(plain_share(situation))
    assert sure.high[0] == pytest.approx(plain_share(situation))


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_more_certain_input_never_widens_what_one_cause_does(seed):
    """Halving the doubt about speed does not widen the range of shares."""
    wide = town(seed).only("speed")
    narrow = replace(wide, speed=wide.speed / 2)
    spans = [np.ptp(shares(s, draws=200, seed=3)) for s in (narrow, wide)]
    assert spans[0] <= spans[1] + 1e-9


def test_each_cause_alone_explains_itself():
    """If only places are unknown, all of the width comes from there."""
    situation = replace(certain(town(5)), chance=np.array([1.0, 0.5, 0.5, 0.0]))
    sure = sureness(situation, draws=400)
    assert set(sure.causes) == set(CAUSES)
    assert sure.causes["unknown"] == pytest.approx(1.0)
    assert sure.low[0] < sure.high[0]


def test_a_place_that_counts_every_other_time():
    """One place, one cell in reach: reached in about half of all draws, and never in part."""
    situation = replace(
        certain(ground(np.zeros((1, 2)), np.full((1, 2), 100.0), np.ones(1), np.array([0.5])))
    )
    drawn = shares(situation, draws=2000, seed=1)
    assert set(drawn.ravel()) == {0.0, 100.0}
    assert np.mean(drawn) == pytest.approx(50, abs=4)


def test_the_same_seed_gives_the_same_interval_and_inputs_stay():
    """Nothing random is left to chance, nothing given is changed."""
    situation = town(2)
    before = situation.reach.data.copy()
    assert (
        shares(situation, draws=50, seed=4).tolist() == shares(situation, draws=50, seed=4).tolist()
    )
    assert (situation.reach.data == before).all()


def test_groups_share_their_draws():
    """Two groups that live alike have the same interval but for the noise of their counts."""
    one = town(3)
    two = replace(one, people=np.hstack([one.people] * 2), people_deviation=np.zeros((60, 2)))
    drawn = shares(two, draws=50, seed=1)
    assert drawn[:, 0].tolist() == pytest.approx(drawn[:, 1].tolist())


def test_a_draw_in_which_nobody_is_left_is_taken_without_noise():
    """One cell out of reach whose count may be anything: the share stays 0, never unknown."""
    lonely = ground(np.zeros((1, 2)), np.full((1, 2), 1200.0), np.ones(1), np.ones(1))
    situation = replace(lonely, people_deviation=np.ones((1, 1)), speed=0.0)
    assert set(shares(situation, draws=200, seed=1).ravel()) == {0.0}


def test_nobody_has_no_interval():
    """Without people there is no share, and nothing breaks."""
    situation = replace(town(1), people=np.zeros((60, 1)))
    assert np.isnan(shares(situation, draws=5, seed=1)).all()


def test_the_interval_holds_the_truth_about_nine_times_in_ten():
    """
    Towns whose truth is known are looked at with all the faults; 90 % intervals hold it.

    Of 200 towns, binomial chance alone leaves between 169 and 190 (99.9 %).
    """
    held = 0
    for seed in range(200):
        rng = np.random.default_rng([seed, 99])
        homes, spots = rng.uniform(0, 2000, (60, 2)), rng.uniform(0, 2000, (4, 2))
        people, counts = rng.integers(5, 60, 60).astype(float), rng.random(4) < 0.6
        truth = truth_of(homes, spots, people, counts, 1 + 0.1 * rng.standard_normal())
        seen = ground(
            homes + 29.0 * rng.standard_normal((60, 2)) / np.sqrt(2),
            spots + 10.0 * rng.standard_normal((4, 2)),
            np.maximum(people + 1.5 * rng.standard_normal(60), 0),
            np.array([float(counts[0]), float(counts[1]), 0.6, 0.6]),
        )
        sure = sureness(seen, draws=300, seed=seed)
        held += bool(sure.low[0] - 1e-9 <= truth <= sure.high[0] + 1e-9)
    assert 165 <= held <= 195


def truth_of(homes, spots, people, counts, speed) -> float:
    """Return the share that is really reached [%]."""
    way = np.linalg.norm(spots[None] - homes[:, None], axis=2)
    covered = ((way <= LIMIT * speed) & counts).any(axis=1)
    return 100 * people[covered].sum() / people.sum()
