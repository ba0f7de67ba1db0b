"""Power of the default test: the figures to reproduce, and what must hold of any."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

from layers.exact_tests import hypergeometric, smallest
from layers.grid_towns import busy_places, footfall
from layers.multiple_tests import attainable, benjamini_hochberg
from layers.power import ENOUGH, Excess, found_share, local_excess

RUNS = 300
"""So many runs stand behind the figures to reproduce."""


@pytest.mark.parametrize(
    ("cases", "controls", "known"),
    [(60, 20, 0.0), (200, 70, 0.06), (200, 200, 0.35), (800, 800, 0.84)],
)
def test_power_of_a_threefold_excess(cases, controls, known):
    """
    60/20 marks 0 %, 200/70 6 %, 200/200 35 %, 800/800 84 %, within Monte Carlo error.

    Corrected for every cell that has marks; leaving out those that could not be
    found whatever their marks say finds more, at any of these volumes.
    """
    draws = 2000
    found = local_excess(cases, controls, draws=draws, every=True).power
    error = np.sqrt(found * (1 - found) * (1 / RUNS + 1 / draws)) + 0.5 / 100  # told in per cent
    assert abs(found - known) < 2 * error
    assert local_excess(cases, controls, draws=draws).power > found + 0.03


def by_hand(excess, cases, controls, seed, rate, every):
    """Test map after map, as a plain program would."""
    rng, hits = np.random.default_rng(seed), 0
    many, few = rng.multinomial(cases, excess.cases), rng.multinomial(controls, excess.controls)
    for a, b, worse in zip(many, few, excess.worse, strict=True):
        possible = every | attainable(smallest(a, b), rate=rate)
        p = np.where(possible, hypergeometric(a, b), np.nan)
        found = benjamini_hochberg(p, rate=rate)
        hits += found.rejected[worse].any()
    return hits / len(many)


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("volume", [(30, 30), (300, 100), (600, 600)])
def test_all_maps_at_once_are_one_after_the_other(volume, every):
    rng = np.random.default_rng(1)
    share = footfall(rng, 60, side=10)
    excess = Excess.of(share, busy_places(rng, share), 3.0)
    one = found_share(excess, *volume, 5, 0.05, every)
    assert one == by_hand(excess, *volume, 5, 0.05, every)


def test_where_no_place_is_worse_next_to_nothing_is_found():
    """An excess of one time is none: any of the places is found in at most 5 % of maps."""
    assert local_excess(400, 400, times=1.0, draws=2000).power <= 0.05


def test_more_of_everything_finds_more():
    """Doubling marks of both kinds, or the excess, never lowers the power by more than chance."""
    powers = [local_excess(n, n, draws=1000).power for n in (50, 100, 200, 400, 800)]
    assert powers == sorted(powers)
    assert local_excess(200, 200, times=5.0).power > local_excess(200, 200).power


def test_at_ease_marks_are_worth_more_than_further_unsafe_ones():
    """From 400 unsafe and 100 at-ease marks on, 300 more at-ease ones help more."""
    unsafe, at_ease = (local_excess(*n, draws=2000).power for n in [(700, 100), (400, 400)])
    assert at_ease > unsafe


def test_what_is_needed_does():
    """With as many further marks of both kinds as are told the power is enough."""
    told = local_excess(200, 200)
    assert told.needed.both
    more = told.needed.both
    assert local_excess(200 + more, 200 + more, draws=2000).power == pytest.approx(ENOUGH, abs=0.08)
    assert local_excess(2000, 2000).needed.both == 0


def test_at_ease_marks_alone_cannot_make_up_for_too_few_unsafe_ones():
    assert local_excess(20, 20).needed.controls is None


def test_a_city_of_its_own_units():
    """Two of forty units hold half of all marks: there an excess is found, in crumbs it is not."""
    lumps, crumbs = [100, 100] + [5] * 38, np.ones(400)
    assert local_excess(200, 200, units=lumps).power > 0.9
    assert local_excess(200, 200, units=crumbs).power < 0.02


def test_units_without_marks_change_nothing():
    some = [40, 30, 5, 5, 5, 5]
    assert local_excess(60, 60, units=some) == local_excess(60, 60, units=[0, *some, 0, 0])


def test_a_worse_place_of_several_units_is_found_with_any_of_them():
    """
    Ten by ten squares, the north-west quarter holds most marks.

    An excess in a block of four of them is found more often than in one alone; a
    square that is said to be worse with itself only is worse alone.
    """
    at = np.arange(100)
    busy = np.where((at // 10 < 4) & (at % 10 < 4), 8, 2)
    row, column = np.minimum(at // 10 + [[0], [0], [1], [1]], 9), at % 10 + [[0], [1], [0], [1]]
    block = (row * 10 + np.minimum(column, 9)).T
    one, four = (
        local_excess(300, 300, units=busy, beside=beside, draws=1000).power
        for beside in (None, block)
    )
    assert four > one + 0.05
    alone = local_excess(300, 300, units=busy, beside=np.tile(at[:, None], (1, 4)), draws=1000)
    assert alone.power == one


def test_the_same_seed_gives_the_same_answer():
    assert local_excess(200, 200, seed=3) == local_excess(200, 200, seed=3)
    assert local_excess(200, 200, seed=3) != local_excess(200, 200, seed=4)


def test_a_page_does_not_wait():
    """Half a second of processor time, four times of which are allowed for a busy machine."""
    start = process_time()
    local_excess(200, 70)
    assert process_time() - start < 2


@pytest.mark.parametrize("volume", [(0, 0), (5, 0), (0, 5), (1, 1)])
@pytest.mark.parametrize("units", [400, 1, [3, 0, 2]])
def test_from_next_to_nothing_nothing_is_found(volume, units):
    assert local_excess(*volume, units=units, draws=50).power == 0


def test_a_city_without_marks_is_refused():
    with pytest.raises(ValueError, match="have marks"):
        local_excess(5, 5, units=[0, 0])
