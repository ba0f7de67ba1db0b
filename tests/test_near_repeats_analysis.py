"""Near repeats for staff: unlocked by pairs, one device counts once, nothing told by chance."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas
import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson
from shapely import LineString, box

from layers import ANALYSES
from layers.analyses.near_repeats import ENOUGH
from layers.credible import MARKS
from layers.network import Network
from layers.small_numbers import needed_for
from layers.trend_question import Repeats

from . import towns
from .test_trends import TODAY, marks

START = date(2026, 1, 5)


def scattered(count, seed, *, repeats=0, side=1500.0):
    """Return marks anywhere and any day, and some that follow another within 50 m and 5 days."""
    rng = np.random.default_rng(seed)
    x, y, day = (rng.uniform(0, most, count) for most in (side, side, 300))
    again = rng.choice(count, repeats, replace=False)
    x = np.append(x, x[again] + rng.uniform(-30, 30, repeats))
    y = np.append(y, y[again] + rng.uniform(-30, 30, repeats))
    day = np.append(day, day[again] + rng.uniform(1, 5, repeats))
    table = marks([START + timedelta(days=int(n)) for n in day])
    placed = table.set_geometry(geopandas.points_from_xy(x, y, crs=table.crs))
    placed.attrs = table.attrs
    return placed


def repeats(table, **asked):
    """Run the analysis."""
    return ANALYSES["near_repeats"].run(table, repeats=Repeats(**asked))


def test_enough_pairs_are_those_that_find_twice_as_many_in_four_of_five_cases():
    """And one pair fewer would not do."""

    def power(expected):
        return poisson.sf(int(needed_for(expected)) - 1, 2 * expected)

    assert power(ENOUGH) >= 0.8
    assert power(ENOUGH - 1) < 0.8


def test_what_follows_nearby_is_found():
    result = repeats(scattered(350, 1, repeats=60))
    assert result.answer[0].startswith("Marks follow each other")
    heat = next(table for table in result.tables if table.name == "ratios_all")
    assert heat.chart == "heat"
    assert heat.frame["days_0"][0] > 1.5


def test_chance_alone_is_called_a_near_repeat_seldom():
    """Twenty cities without any; six bands are corrected together at 5 %."""
    called = [
        repeats(scattered(400, seed)).answer[0].startswith("Marks follow") for seed in range(20)
    ]
    assert sum(called) <= 3


def test_too_few_marks_tell_how_many_would_do():
    """Pairs grow with the square of the marks: four times the pairs need twice the marks."""
    result = repeats(scattered(100, 2))
    assert result.answer[0].startswith("Too few marks for near repeats")
    assert not [table for table in result.tables if table.chart]
    assert "further marks would do" in result.answer[1]


def test_no_mark_at_all_is_no_error():
    none = MARKS.empty("EPSG:25832")
    none.attrs["as_of"] = TODAY.isoformat()
    assert "no pair" in repeats(none).answer[1]


def test_one_device_is_not_its_own_near_repeat():
    """A class that marks sixty spots in one park on one day with one device counts once."""
    table, crowd = scattered(350, 3), marks(["2026-06-01"] * 60, sender="one")
    both = pd.concat([table, crowd], ignore_index=True)
    both.attrs["as_of"] = TODAY.isoformat()
    assert repeats(both).figure("marks").value == 351


def test_the_borders_of_the_bands_are_printed():
    result = repeats(scattered(400, 1))
    listed = next(table for table in result.tables if table.name == "pairs_all")
    options = listed.columns[0].options
    assert [str(words) for words in options.values()] == ["[0, 100) m", "[100, 200) m"]
    assert any("[a, b)" in note for note in result.notes)


def test_squares_hold_every_mark_and_every_pair_once():
    table = scattered(300, 4, repeats=40)
    result = repeats(table)
    assert result.table["marks"].sum() == 340
    assert result.table["pairs"].sum() == pytest.approx(result.figure("observed").value)
    assert result.table.geometry.area.min() == pytest.approx(160_000)


def test_it_is_for_staff_alone():
    assert ANALYSES["near_repeats"].confidential


def test_squares_are_told_by_the_district_and_the_street_nearest_to_their_middle():
    """The middle of the one square is 600 m east and north; Lindenweg runs 20 m beside it."""
    table = marks([START, START + timedelta(days=1)])
    table = table.set_geometry(geopandas.points_from_xy([450, 550], [450, 550], crs=table.crs))
    table.attrs = {"as_of": (START + timedelta(days=2)).isoformat()}
    ways = [LineString([(0, 620), (1000, 620)]), LineString([(0, 5), (1000, 5)])]
    streets = Network.from_streets(towns.streets(ways, name=["Lindenweg", "Seestrasse"]))
    districts = geopandas.GeoDataFrame(
        {"name": ["Nordstadt"]}, geometry=[box(0, 0, 1000, 1000)], crs=table.crs
    )
    found = ANALYSES["near_repeats"].run(
        table, streets=streets, districts=districts, repeats=Repeats()
    )
    assert found.table["place"].tolist() == ["Nordstadt, Lindenweg"]
