"""Priorities: what a pencil counts, laws of a weighted mean, honest ties, shaken weights."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers import ParameterError
from layers.factors import factors_of
from layers.priorities import (
    GRAVE,
    HIGH,
    LEFT_OUT,
    LOW,
    PARTS,
    PRESETS,
    UNKNOWN,
    as_weights,
    points,
    ranks,
    reach,
    score,
    stability,
)
from layers.priorities_told import medians, moved, why

NAN = np.nan
MANY = len(PARTS)


def row(*first):
    """Return the parts of one task: those given, the others 0."""
    return [*first, *[0.0] * (MANY - len(first))]


def weights(*first):
    """Return weights: those given, the others 0."""
    return np.array(row(*first), dtype=float)


levels = st.sampled_from([NAN, *np.arange(0, 21) / 20])
tables = st.integers(1, 8).flatmap(
    lambda rows: arrays(float, (rows, MANY), elements=levels, fill=st.nothing())
)
weighings = arrays(float, MANY, elements=st.integers(0, 9).map(float), fill=st.nothing()).filter(
    lambda drawn: drawn.any()
)
treatments = st.sampled_from(sorted(UNKNOWN.options))


def test_a_score_is_the_weighted_mean_of_its_parts():
    """(3 · 0.5 + 1 · 0.9) / 4 = 0.6, which is 60 points."""
    found = score(np.array([row(0.5, 0.9)]), weights(3, 1))
    assert found.tolist() == [pytest.approx(0.6)]
    assert points(found).tolist() == [60]


def test_unknown_is_left_out_or_counted_as_least_or_most():
    """Weights 3 and 1, the first unknown, the second 0.8: 0.8, 0.8/4 or 3.8/4."""
    parts = np.array([row(NAN, 0.8)])
    found = [score(parts, weights(3, 1), unknown=how)[0] for how in (LEFT_OUT, LOW, HIGH)]
    assert found == [pytest.approx(0.8), pytest.approx(0.2), pytest.approx(0.95)]


def test_nothing_known_is_no_score_and_no_rank():
    parts = np.array([row(NAN, 0.8), row(0.5, 0.1)])
    found = points(score(parts, weights(1)))
    assert found.tolist() == [-1, 50]
    assert ranks(found).first.tolist() == [0, 1]
    assert ranks(found).last.tolist() == [0, 1]


def test_equal_points_share_their_ranks():
    """One ahead, two equal, one behind: 1, 2 to 3, 2 to 3, 4."""
    found = ranks(np.array([40, 70, 40, 10]))
    assert found.first.tolist() == [2, 1, 2, 4]
    assert found.last.tolist() == [3, 1, 3, 4]


def test_halves_are_rounded_up_and_the_rounding_of_the_machine_is_none():
    """0.145 · 100 is 14.499999999999998 to a machine and 14.5 to a pencil."""
    assert points(np.array([0.145, 0.144, 0.0, 1.0])).tolist() == [15, 14, 0, 100]


def test_what_is_unknown_moves_a_rank_within_what_it_may_be():
    """The unknown task may have 0 to 100 points: before, between or behind the others."""
    parts = np.array([row(0.6), row(NAN), row(0.2)])
    found = reach(parts, weights(1))
    assert found.first.tolist() == [1, 1, 2]
    assert found.last.tolist() == [2, 3, 3]


@given(tables, weighings)
def test_without_unknowns_the_reach_of_a_rank_is_the_rank(parts, drawn):
    known = np.nan_to_num(parts, nan=0.5)
    found, plain = reach(known, drawn), ranks(points(score(known, drawn)))
    assert found.first.tolist() == plain.first.tolist()
    assert found.last.tolist() == plain.last.tolist()


@given(tables, weighings, st.sampled_from([0.5, 2.0, 3.0, 11.0]), treatments)
def test_scaling_all_weights_changes_nothing(parts, drawn, times, unknown):
    one = points(score(parts, drawn, unknown=unknown))
    assert points(score(parts, drawn * times, unknown=unknown)).tolist() == one.tolist()


@given(tables, weighings, st.data(), treatments)
def test_a_part_without_weight_changes_nothing(parts, drawn, data, unknown):
    """Whatever it says, known or not."""
    part = data.draw(st.integers(0, MANY - 1))
    drawn[part] = 0
    assume(drawn.any())
    other = parts.copy()
    other[:, part] = data.draw(arrays(float, len(parts), elements=levels, fill=st.nothing()))
    before = points(score(parts, drawn, unknown=unknown))
    assert points(score(other, drawn, unknown=unknown)).tolist() == before.tolist()


@given(tables, weighings, treatments)
def test_the_order_of_the_rows_is_of_no_account(parts, drawn, unknown):
    """Ties are symmetric: read backwards, every task has the same rank."""
    there = ranks(points(score(parts, drawn, unknown=unknown)))
    back = ranks(points(score(parts[::-1], drawn, unknown=unknown)))
    assert there.first.tolist() == back.first.tolist()[::-1]
    assert there.last.tolist() == back.last.tolist()[::-1]


@given(tables, weighings)
def test_left_out_lies_between_the_least_and_the_most(parts, drawn):
    least, most = (score(parts, drawn, unknown=how) for how in (LOW, HIGH))
    mean = score(parts, drawn)
    known = ~np.isnan(mean)
    assert np.all(least[known] <= mean[known] + 1e-12)
    assert np.all(mean[known] <= most[known] + 1e-12)


@given(tables, weighings, treatments)
def test_what_is_given_is_left_alone(parts, drawn, unknown):
    before = parts.copy(), drawn.copy()
    score(parts, drawn, unknown=unknown)
    reach(parts, drawn)
    stability(parts, drawn, unknown=unknown, draws=5, seed=1)
    why(parts, drawn, unknown=unknown)
    assert np.array_equal(parts, before[0], equal_nan=True)
    assert np.array_equal(drawn, before[1])


def test_a_task_ahead_in_every_part_stays_first_however_weights_are_shaken():
    rng = np.random.default_rng(3)
    parts = rng.uniform(0, 0.8, (30, MANY))
    parts[7] = 0.95
    found = stability(parts, np.ones(MANY), draws=400, seed=5, top=1)
    assert found.share[7] == 1
    assert (found.low[7], found.high[7]) == (1, 1)
    assert np.all(found.share[np.arange(30) != 7] == 0)


def test_two_parts_against_each_other_share_the_first_place_by_turns():
    """By symmetry each is ahead in half of the draws, give or take three in a hundred."""
    parts = np.array([row(1.0, 0.0), row(0.0, 1.0)])
    found = stability(parts, weights(1, 1), draws=2000, seed=2, top=1, spread=2.0)
    assert found.share == pytest.approx([0.5, 0.5], abs=0.035)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])


def test_equal_tasks_are_equally_stable_and_ties_count_as_first():
    parts = np.array([row(0.5, 0.5)] * 3 + [row(0.1, 0.1)])
    found = stability(parts, weights(1, 1), draws=50, seed=2, top=1)
    assert found.share.tolist() == [1, 1, 1, 0]
    assert found.low.tolist() == [1, 1, 1, 4]


def test_shaking_by_nothing_finds_the_ranks_as_they_are():
    rng = np.random.default_rng(8)
    parts = rng.integers(0, 21, (40, MANY)) / 20
    parts[rng.random(parts.shape) < 0.2] = NAN
    plain = ranks(points(score(parts, np.arange(1.0, MANY + 1))))
    found = stability(parts, np.arange(1.0, MANY + 1), draws=3, seed=1, spread=0.0)
    assert found.low.tolist() == found.high.tolist() == plain.first.tolist()
    assert found.share.tolist() == ((plain.first > 0) & (plain.first <= 10)).tolist()


def test_a_task_of_which_nothing_counting_is_known_has_no_stability():
    found = stability(np.array([row(NAN), row(0.4)]), weights(1), draws=20, seed=1)
    assert np.isnan(found.share[0])
    assert found.share[1] == 1
    assert (found.low[0], found.high[0]) == (0, 0)


def test_the_same_seed_shakes_in_the_same_way():
    parts = np.random.default_rng(1).uniform(size=(25, MANY))
    one, same, other = (
        stability(parts, np.ones(MANY), draws=90, seed=seed).share for seed in (4, 4, 5)
    )
    assert one.tolist() == same.tolist() != other.tolist()


def test_why_names_what_lifts_and_what_holds_down_against_the_median():
    """Medians 0.5 and 0.5; the first task stands 0.4 above in one part and 0.3 below in another."""
    parts = np.array([row(0.9, 0.2), row(0.5, 0.5), row(0.1, 0.8)])
    assert medians(parts)[:2].tolist() == [0.5, 0.5]
    assert moved(parts, weights(1, 1))[0, :2] == pytest.approx([20, -15])
    first, second = (part.label for part in list(PARTS.values())[:2])
    told = why(parts, weights(1, 1))
    assert told[0] == f"rank 1: lifted by {first}; held down by {second}."
    assert told[1] == "rank 2: like the median task in everything that is known."
    assert told[2] == f"rank 3: lifted by {second}; held down by {first}."


def test_why_says_what_is_unknown_if_it_counts():
    parts = np.array([row(NAN, NAN, 0.9), row(0.5, 0.5, 0.1)])
    told = why(parts, weights(1, 0, 1))[0]
    assert str(told).endswith(f"Unknown: {next(iter(PARTS.values())).label}.")


def test_ranks_that_are_shared_are_told_as_shared():
    told = why(np.array([row(0.5), row(0.5)]), weights(1))
    assert all(str(sentence).startswith("rank 1 to 2, equal") for sentence in told)


def test_weights_are_refused_with_every_fault_and_in_words():
    with pytest.raises(ParameterError) as told:
        as_weights({"severity": -1, "evidence": 11, "near": NAN, "ghosts": 1})
    assert len(told.value.faults) == 4
    with pytest.raises(ParameterError, match="at least one part"):
        as_weights(dict.fromkeys(PARTS, 0))


def test_an_unknown_treatment_of_what_is_unknown_is_refused():
    with pytest.raises(ParameterError, match="left_out"):
        score(np.array([row(0.1)]), weights(1), unknown="guess")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_weighs_known_parts(preset):
    assert as_weights(preset.weights).sum() > 0
    assert set(preset.weights) == set(PARTS)


def test_the_first_preset_is_what_the_parts_say():
    usual = next(iter(PRESETS.values()))
    assert usual.weights == {name: part.weight for name, part in PARTS.items()}


def test_every_reason_to_feel_unsafe_has_a_gravity_and_no_other():
    assert set(GRAVE) == set(factors_of("unsafe"))
    assert all(0 <= grave <= 1 for grave in GRAVE.values())
