"""Minutes of presence: as much worth as the rules allow, even between districts, never a loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import ParameterError
from layers.factors import FACTORS
from layers.presence import MOST, SERVICES, SLOT, Rules, draw, evenly, shared_out

EVEN = np.array([1000.0, 1000.0])


def rules(slots, **more):
    """Return rules for so many slots, nothing by chance and no bound unless told."""
    return Rules(slots * SLOT, **({"exploration": 0, "fairness": np.inf} | more))


def test_the_first_slots_go_where_they_are_worth_most():
    """Worth 8, 5 and 1: three slots are 8 + 5 + 4, as a second one is worth half."""
    found = shared_out(np.array([8.0, 5.0, 1.0]), np.zeros(3, int), EVEN[:1], rules(3))
    assert found.slots.tolist() == [2, 1, 0]
    assert found.value == 17


def test_what_no_place_needs_goes_by_chance():
    """One place takes four slots at most; the other six are spent all the same."""
    found = shared_out(np.array([1.0]), np.zeros(1, int), EVEN[:1], rules(10))
    assert found.slots.tolist() == [MOST]
    assert found.by_chance.tolist() == [10 - MOST]


def test_no_district_has_more_than_its_bound():
    """All tasks are in the first district; with a bound of 1 the second has as many minutes."""
    value, district = np.full(20, 5.0), np.zeros(20, int)
    even = shared_out(value, district, EVEN, rules(20, fairness=1))
    assert abs(np.diff(even.minutes(district))[0]) <= 2 * SLOT
    free = shared_out(value, district, EVEN, rules(20))
    assert free.minutes(district).tolist() == [20 * SLOT, 0]
    assert free.value >= even.value


@given(st.integers(0, 5000), st.sampled_from([1.0, 1.5, 3.0]), st.sampled_from([0.0, 20.0, 60.0]))
@settings(max_examples=25, deadline=None)
def test_every_rule_is_kept(seed, fairness, exploration):
    """All minutes are spent, the floor of chance is kept, and districts stay within the bound."""
    rng = np.random.default_rng(seed)
    residents = rng.integers(500, 5000, 4).astype(float)
    district = rng.integers(0, 4, 30)
    asked = Rules(40 * SLOT, exploration, fairness)
    found = shared_out(rng.uniform(0, 100, 30), district, residents, asked)
    assert found.slots.sum() + found.by_chance.sum() == 40
    assert found.slots.max() <= MOST
    assert (found.by_chance >= evenly(asked.by_chance, residents)).all()
    rate, slot = found.minutes(district) / residents, SLOT / residents
    # give or take one slot in each of two districts
    assert (rate.max() - slot[rate.argmax()]) <= fairness * (rate + slot).min() + 1e-9


@given(st.integers(0, 2000))
@settings(max_examples=10, deadline=None)
def test_looser_rules_are_never_worth_less(seed):
    """Without chance and bound the minutes at tasks are worth at least as much."""
    rng = np.random.default_rng(seed)
    value, district = rng.uniform(0, 100, 15), rng.integers(0, 2, 15)
    bound = shared_out(value, district, EVEN, Rules(12 * SLOT))
    free = shared_out(value, district, EVEN, rules(12))
    assert free.value >= bound.value - 1e-6


def test_slots_are_given_by_residents_and_remainders():
    """Ten for 5, 3 and 1 of nine: quotas 5.6, 3.3 and 1.1, so the first has the tenth."""
    assert evenly(10, np.array([5.0, 3, 1])).tolist() == [6, 3, 1]
    assert evenly(0, EVEN).tolist() == [0, 0]


def test_every_street_has_the_chance_that_is_told():
    """Of two streets known and two unknown, two slots: a third and two thirds, over many seeds."""
    known = np.array([True, True, False, False])
    drawn = [draw(known, np.zeros(4, int), np.array([2]), seed=seed) for seed in range(4000)]
    often = np.mean([np.isin(np.arange(4), one.chosen) for one in drawn], axis=0)
    np.testing.assert_allclose(drawn[0].chance, [1 / 3, 1 / 3, 2 / 3, 2 / 3])
    np.testing.assert_allclose(often, drawn[0].chance, atol=0.03)


def test_the_same_seed_draws_the_same_streets():
    """So that anybody can draw again."""
    known, district = np.zeros(50, bool), np.arange(50) % 3
    one, two = (draw(known, district, np.array([4, 2, 3]), seed=9) for _ in range(2))
    assert one.chosen.tolist() == two.chosen.tolist()
    assert np.bincount(district[one.chosen]).tolist() == [4, 2, 3]


def weeks_of_two_districts(rule, *, seed, weeks=200):
    """
    Send presence week by week to two districts that are exactly alike.

    In each, residents report by chance, and whoever is there finds as much as there are
    minutes. `rule` takes what residents reported and what was found, both (2, 10) by place,
    and gives the share of the first district.
    """
    rng = np.random.default_rng(seed)
    reported, found = np.zeros((2, 10)), np.zeros((2, 10))
    shares = []
    for _ in range(weeks):
        reported += rng.poisson(0.05, (2, 10))
        share = rule(reported, found)
        found += rng.poisson(np.array([[share], [1 - share]]) * 0.5, (2, 10))
        shares.append(share)
    return np.array(shares)


def to_the_higher_count(reported, found):
    """The loop: seven of ten minutes go to the district with more in its statistics."""
    ahead = (reported + found).sum(axis=1)
    return 0.5 if ahead[0] == ahead[1] else 0.7 if ahead[0] > ahead[1] else 0.3


def by_our_rules(reported, found):  # noqa: ARG001, that is the point
    """Share out twenty slots by what residents reported, and nothing else."""
    value = np.minimum(reported, 3).ravel() * 20
    district = np.repeat([0, 1], 10)
    minutes = shared_out(value, district, EVEN, Rules(20 * SLOT)).minutes(district)
    return minutes[0] / minutes.sum()


def test_two_districts_alike_stay_even():
    """
    Whoever follows the count leaves the favoured district favoured; our rules do not.

    The favoured one is the one with more minutes in the end, whichever it is.
    """
    loop = np.array([weeks_of_two_districts(to_the_higher_count, seed=s)[-50:] for s in range(20)])
    ours = np.array(
        [weeks_of_two_districts(by_our_rules, seed=s, weeks=30)[-10:] for s in range(5)]
    )
    favoured = np.maximum(loop.mean(axis=1), 1 - loop.mean(axis=1)).mean()
    even = np.maximum(ours.mean(axis=1), 1 - ours.mean(axis=1)).mean()
    assert favoured > 0.6
    assert even < 0.53
    # 1.5 to 1 is 60 to 40; one slot of twenty more is 65
    assert ours.max() <= 0.65


def test_what_rounds_find_is_no_argument():
    """Nobody can hand it in: the shares know only worth, district, residents and rules."""
    names = shared_out.__code__.co_varnames[: shared_out.__code__.co_argcount]
    assert names == ("value", "district", "residents", "rules")


def test_a_service_helps_against_reasons_of_unsafe_marks():
    """No kind of people, and nothing that makes people feel at ease."""
    for service in SERVICES.values():
        assert service.factors
        assert all("unsafe" in FACTORS[name].kinds for name in service.factors)


def test_rules_that_make_no_sense_are_refused_at_once():
    """Every fault is named."""
    with pytest.raises(ParameterError) as refused:
        Rules(0, exploration=99, fairness=0.5)
    assert len(refused.value.faults) == 3
