"""Where no place is worse: the default test stays quiet, counting does not."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest
from scipy import stats

from layers import scan
from layers.exact_tests import hypergeometric, smallest
from layers.false_alarms import RECIPES, false_alarms, hot_by, neighbours
from layers.grid_towns import busy_places, footfall
from layers.multiple_tests import attainable, benjamini_hochberg

RUNS = 300
"""So many towns stand behind the figures to reproduce, and behind ours."""


@pytest.fixture(scope="module")
def shown():
    return false_alarms(runs=RUNS)


@pytest.mark.parametrize(
    ("recipe", "known"), [("gi", 67), ("gi_corrected", 45), ("footfall", 52), ("compared", 0.03)]
)
def test_false_hot_cells_where_no_place_is_worse(shown, recipe, known):
    """
    20 × 20 cells, uneven people and uneven reporting, no place worse.

    Gi* on counts shows 67 false hot cells per map, 45 when corrected; counts
    against true footfall 52; unsafe against at-ease marks 0.03.
    """
    hot = shown.per_map[recipe]
    error = hot.std() * np.sqrt(2 / RUNS)
    assert abs(hot.mean() - known) < 3 * error


@pytest.mark.parametrize("recipe", ["compared", "compared_every"])
@pytest.mark.parametrize("reporting", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("marks", [60, 400, 1200])
def test_the_default_test_shows_something_at_most_as_often_as_it_says(recipe, reporting, marks):
    """Maps with any false hot cell are at most 5 %, however unevenly people report."""
    maps = false_alarms(runs=400, marks=marks, reporting=reporting, draws=9, seed=3)
    shown_any = int((maps.per_map[recipe] > 0).sum())
    assert stats.binom.sf(shown_any - 1, 400, 0.05) > 1e-3


def test_the_scan_shows_something_at_most_as_often_as_it_says():
    """The second opinion as well: its first p is at most 5 % in at most 5 % of maps."""
    rng, side, hits = np.random.default_rng(2), 12, 0
    row, column = np.divmod(np.arange(side * side), side)
    for seed in range(200):
        here, willing = footfall(rng, 2, side=side, spread=1.0, smooth=4.0)
        cases, controls = rng.multinomial(200, here * willing / (here @ willing), size=2)
        found = scan.bernoulli(column, row, cases, controls, draws=99, seed=seed)
        hits += bool(found) and found[0].p <= 0.05
    assert stats.binom.sf(hits - 1, 200, 0.05) > 1e-3


def test_of_what_is_found_where_places_are_worse_few_are_false():
    """With two worse blocks in each of 200 towns, at most 5 % of the cells found are others."""
    rng, parts = np.random.default_rng(5), []
    share = footfall(rng, 200, spread=1.0, smooth=2.0)
    for here in share:
        worse = np.zeros(400, dtype=bool)
        worse[busy_places(rng, np.tile(here, (2, 1))).ravel()] = True
        told = np.where(worse, 5 * here, here)
        cases = rng.multinomial(1500, told / told.sum())
        controls = rng.multinomial(1500, here)
        found = np.where(
            attainable(smallest(cases, controls)), hypergeometric(cases, controls), np.nan
        )
        hot = benjamini_hochberg(found).rejected
        parts.append((hot & ~worse).sum() / max(hot.sum(), 1))
    assert np.mean(parts) <= 0.05 + 3 * np.std(parts) / np.sqrt(200)


def test_only_even_reporting_makes_footfall_enough():
    """Where all report alike, counts against footfall are honest once corrected."""
    even = false_alarms(runs=100, reporting=0.0, draws=9)
    assert even.any("footfall_corrected") <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)
    assert false_alarms(runs=30, draws=9).any("footfall_corrected") > 0.9


def test_what_the_comparison_assumes_can_fail():
    """Where people of one part of town like one kind of mark better, it is no longer honest."""
    assert false_alarms(runs=100, apart=1.0, draws=9).any("compared") > 0.2


def test_the_same_seed_shows_the_same_map():
    one, again, other = (false_alarms(runs=2, seed=seed, draws=99) for seed in (1, 1, 2))
    for recipe in RECIPES:
        np.testing.assert_array_equal(one.example[recipe], again.example[recipe])
    assert any((one.example[recipe] != other.example[recipe]).any() for recipe in RECIPES)


def test_the_example_is_the_first_map():
    maps = false_alarms(runs=3, draws=99)
    for recipe in RECIPES:
        assert maps.example[recipe].sum() == maps.per_map[recipe][0]
        assert maps.example[recipe].shape == (20, 20)
        assert len(maps.per_map[recipe]) == 3


def test_neighbours_of_nine_cells():
    """
    Three by three cells, numbered by rows: the middle one has eight, a corner three.

        0 1 2
        3 4 5
        6 7 8
    """
    pointers, others = neighbours(3)
    lists = [others[pointers[i] : pointers[i + 1]].tolist() for i in range(9)]
    assert lists[0] == [1, 3, 4]
    assert lists[1] == [0, 2, 3, 4, 5]
    assert lists[4] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert lists[8] == [4, 5, 7]


def test_a_place_that_is_worse_is_hot_by_the_comparison():
    """Sixty unsafe marks and no at-ease one in one cell of a quiet town."""
    cases, controls = np.ones(400, dtype=int), np.ones(400, dtype=int)
    cases[210], controls[210] = 60, 0
    hot = hot_by(cases, controls, np.full(400, 1 / 400), neighbours(20), draws=99)
    assert np.flatnonzero(hot["compared"]).tolist() == [210]


def test_a_page_can_show_it_live():
    """Twenty towns take a tenth of a second; ten times as much is allowed to a busy machine."""
    start = process_time()
    false_alarms(runs=20)
    assert process_time() - start < 1.5
