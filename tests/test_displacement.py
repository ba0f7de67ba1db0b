"""Did marks become fewer beyond chance: published values, laws, and honesty by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.displacement import (
    Counts,
    against_control,
    baseline_needed,
    chances,
    difference,
    power,
    published_drop,
    smallest_drop,
    verdict,
)

PUBLISHED = Counts((100, 80), (100, 90))
DRAWS = 20_000
ERROR = 3 * math.sqrt(0.25 / DRAWS)
"""Three standard errors of a share that is simulated, at its widest."""
count = st.integers(0, 80)
pair = st.tuples(count, count)


def test_the_published_example_of_wheeler_and_ratcliffe():
    found = difference(PUBLISHED)
    assert found.difference == -10
    assert found.error == pytest.approx(19.235, abs=5e-4)


@pytest.mark.parametrize(("baseline", "percent"), [(20, 97), (50, 65), (100, 47), (200, 34)])
def test_the_published_smallest_drops(baseline, percent):
    """Told as the first whole percent that is found."""
    assert math.ceil(100 * published_drop(baseline)) == percent


@pytest.mark.parametrize(("baseline", "percent"), [(20, 97), (50, 65), (100, 47), (200, 34)])
def test_the_smallest_drop_of_the_exact_judges_is_near_the_published_one(baseline, percent):
    """Exact tests promise a little less than normal ones; the fewer marks, the less."""
    exact = smallest_drop(baseline, baseline)
    assert percent / 100 - 0.01 < exact < percent / 100 + 0.04


def test_displacement_areas_count_towards_the_difference_and_its_error():
    """(80-100)-(90-100) + (30-20)-(26-25) = -10 + 9; the error is the root of all 471 marks."""
    found = difference(Counts((100, 80), (100, 90), (20, 30), (25, 26)))
    assert found.difference == -1
    assert found.error == pytest.approx(math.sqrt(471))


def test_the_exact_interval_agrees_with_a_pencil():
    """Five marks before, none after, no marks in the control: X = 0 of 5, so p = 1/32."""
    five = Counts((5, 0), (0, 0))
    assert chances(five).fewer == pytest.approx(1 / 32)
    found = difference(five)
    assert found.low == pytest.approx(-5)
    assert found.high == pytest.approx(5 * (2 * (1 - 0.05 ** (1 / 5)) - 1))  # Clopper-Pearson


def test_without_any_mark_nothing_is_known():
    none = Counts((0, 0), (0, 0))
    assert difference(none)[:2] == (0, 0)
    assert math.isnan(against_control(none).ratio)
    assert verdict(none) == "none"


def test_a_trend_of_the_whole_city_is_no_effect_however_large_the_control():
    """Marks doubled everywhere: the difference alone would cheer, the ratio does not."""
    doubled = Counts((10, 20), (100, 200))
    assert difference(doubled).high < 0
    assert against_control(doubled).ratio == pytest.approx(1)
    assert verdict(doubled) == "none"


def test_marks_that_only_moved_next_door_are_no_gain():
    assert verdict(Counts((60, 20), (60, 60), (20, 20), (20, 20))) == "fewer"
    assert verdict(Counts((60, 20), (60, 60), (20, 60), (20, 20))) == "none"


@given(pair, pair, pair, pair)
@settings(deadline=None)
def test_the_verdict_says_what_the_interval_says(treated, control, displaced, around):
    """Never “fewer” with an interval that holds no change, by either judge."""
    counts = Counts(treated, control, displaced, around)
    found, ratio, told = difference(counts), against_control(counts), verdict(counts)
    if told == "fewer":
        assert found.high < 0
        assert ratio.high < 1
    if told == "more":
        assert found.low > 0
        assert ratio.low > 1


@given(pair, pair)
@settings(deadline=None)
def test_swapping_treated_and_control_turns_the_answer_round(treated, control):
    other = {"fewer": "more", "more": "fewer", "none": "none"}
    here, there = Counts(treated, control), Counts(control, treated)
    assert difference(here).difference == -difference(there).difference
    assert verdict(there) == other[verdict(here)]


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0, 0.9))
@settings(deadline=None, max_examples=15)
def test_power_grows_with_the_effect_and_is_a_chance(baseline, control, drop):
    weaker, stronger = (power(baseline, control, d) for d in (drop, drop + 0.1))
    assert 0 <= weaker <= stronger + 0.01 <= 1.01


@pytest.mark.parametrize("baseline", [25, 70, 300])
def test_more_marks_let_smaller_effects_be_found(baseline):
    assert smallest_drop(2 * baseline, 2 * baseline) < smallest_drop(baseline, baseline)


def test_a_few_marks_cannot_tell_anything():
    assert math.isnan(smallest_drop(6, 6))
    assert power(6, 6, 0.5) < 0.2


def test_how_many_marks_a_halving_needs_is_the_first_number_that_suffices():
    needed = baseline_needed(0.5)
    assert power(needed, needed, 0.5) >= 0.8 > power(needed - 1, needed - 1, 0.5)
    assert 80 < needed < 105  # between the published 65 % at 50 marks and 47 % at 100


@pytest.mark.parametrize("baseline", [2, 5, 10, 20, 50, 100, 200])
@pytest.mark.parametrize("times", [0.5, 1, 3])
def test_a_measure_without_effect_is_called_effective_no_more_often_than_nominal(baseline, times):
    """Poisson counts, nothing changes; and with a trend that is the same everywhere."""
    rng = np.random.default_rng([7, baseline, int(10 * times)])
    for trend in (1.0, 0.6, 1.8):
        here, there = (rng.poisson(m, (2, DRAWS)) for m in (baseline, baseline * times))
        after = [rng.poisson(m * trend, DRAWS) for m in (baseline, baseline * times)]
        told = verdict(Counts((here[0], after[0]), (there[0], after[1])))
        assert (told == "fewer").mean() <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / DRAWS)
        assert (told == "more").mean() <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / DRAWS)


@pytest.mark.parametrize("baseline", [10, 20, 50, 100, 200])
@pytest.mark.parametrize("drop", [0.3, 0.5, 0.8])
def test_power_is_as_computed(baseline, drop):
    """What the page promises before a measure is what happens in twenty thousand of them."""
    rng = np.random.default_rng([11, baseline, int(10 * drop)])
    before, after = rng.poisson(baseline, DRAWS), rng.poisson(baseline * (1 - drop), DRAWS)
    control = rng.poisson(baseline, (2, DRAWS))
    found = verdict(Counts((before, after), (control[0], control[1]))) == "fewer"
    assert found.mean() == pytest.approx(power(baseline, baseline, drop), abs=ERROR)
