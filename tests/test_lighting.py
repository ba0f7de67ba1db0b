"""Where it is light: streets first, then lamps; three states, and nothing guessed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers.darkness import Darkness, spots_at
from layers.lighting import REACH, light_of, lit_of
from layers.network import Network

from . import towns

seeds = st.integers(0, 10_000)
laws = settings(max_examples=25, deadline=None)
X, Y = towns.WEST, towns.SOUTH


def one_street(lit="unknown", metres=200):
    return Network.from_streets(towns.streets([[(X, Y), (X + metres, Y)]], lit=[lit]))


def lamps(along, *, works="unknown", aside=4.0):
    points = [Point(X + a, Y + aside) for a in along]
    return towns.layer("street_lamps", points, works=[works] * len(points))


def test_what_a_street_says_of_itself_comes_first():
    """Lamps do not overrule it: they may be out of order, or not be meant for this way."""
    beside = lamps([25, 75, 125, 175])
    assert lit_of(one_street("no"), beside).tolist() == ["no"]
    assert lit_of(one_street("yes"), lamps([100], works="no")).tolist() == ["yes"]


def test_a_row_of_lamps_lights_a_way_that_says_nothing():
    """Lamps every 40 m leave no part of 200 m farther than 25 m from one."""
    light = light_of(one_street(), lamps([20, 60, 100, 140, 180]))
    assert light.state.tolist() == ["yes"]
    assert light.by.tolist() == ["lamps"]
    assert light.dark("dark").tolist() == [0]


def test_without_lamps_a_way_that_says_nothing_is_unknown():
    """Dark at worst, lit at best."""
    for nothing in (None, lamps([]), lamps([100], aside=30)):
        light = light_of(one_street(), nothing)
        assert light.state.tolist() == ["unknown"]
        assert light.dark("dark").tolist() == [1]
        assert light.dark("lit").tolist() == [0]
        assert not light.known.any()


def test_one_lamp_lights_its_part():
    """In the middle of 200 m, right on the way, it lights 2 × 25 m: a quarter."""
    light = light_of(one_street(), lamps([100], aside=0))
    assert light.state.tolist() == ["unknown"]
    assert light.dark("dark") == pytest.approx(1 - 2 * REACH / 200)
    assert light.dark("lit").tolist() == [0]
    assert light.known.all()


def test_lamps_that_do_not_work_light_nothing():
    """Where only they would light a way, it is dark in either case."""
    broken = lamps([20, 60, 100, 140, 180], works="no")
    light = light_of(one_street(), broken)
    assert light.state.tolist() == ["no"]
    assert light.dark("lit").tolist() == light.dark("dark").tolist() == [1]
    assert light.broken == light.lamps == 5


@laws
@given(seed=seeds)
def test_the_order_of_lamps_does_not_matter(seed):
    streets, beside = town_with_lamps(seed)
    once, again = (
        light_of(streets, beside),
        light_of(streets, beside.sample(frac=1, random_state=1)),
    )
    np.testing.assert_array_equal(once.least, again.least)
    np.testing.assert_array_equal(once.most, again.most)
    assert once.state.tolist() == again.state.tolist()


@laws
@given(seed=seeds)
def test_a_further_lamp_never_darkens_a_way(seed):
    streets, beside = town_with_lamps(seed)
    some, all_ = light_of(streets, beside.iloc[::2]), light_of(streets, beside)
    assert (all_.most <= some.most + 1e-9).all()
    assert (all_.least <= all_.most).all()
    told = streets.lit != "unknown"
    np.testing.assert_array_equal(all_.state[told], streets.lit[told])


def town_with_lamps(seed):
    """A random town whose streets say something or nothing; no lamp is broken."""
    rng = np.random.default_rng(seed)
    table = towns.random_town(seed)["streets"]
    table["lit"] = rng.choice(["yes", "no", "unknown"], len(table), p=(0.2, 0.2, 0.6))
    spots = rng.uniform(0, 600, (60, 2)) + np.array([X, Y])
    return Network.from_streets(table), towns.layer("street_lamps", [Point(p) for p in spots])


def pins(shapes, *, unit="segment", kind="unsafe", daytimes="night"):
    count = len(shapes)
    marks = 0 if unit == "finding" else 7
    return towns.layer(
        "pins", shapes, unit=[unit] * count, kind=[kind] * count, marks=[marks] * count,
        daytimes=[daytimes] * count,
    )  # fmt: skip


def test_a_marked_square_slows_the_part_of_a_way_that_lies_in_it():
    """100 m of 200 m."""
    spots = spots_at(one_street(), pins([box(X + 50, Y - 50, X + 150, Y + 50)], unit="cell_100"))
    assert spots.near == pytest.approx(0.5)
    assert spots.others.tolist() == [0]


def test_overlapping_spots_count_once_and_one_alone_leaves_the_rest():
    """0 to 100 m and 50 to 150 m: three quarters at either, half without the one."""
    squares = [box(X, Y - 50, X + 100, Y + 50), box(X + 50, Y - 50, X + 150, Y + 50)]
    spots = spots_at(one_street(), pins(squares, unit="cell_100"))
    assert spots.near == pytest.approx(0.75)
    assert spots.others == pytest.approx([0.5, 0.5])


def test_only_unsafe_spots_after_dark_that_say_which_way_is_meant_count():
    """Ease, day, large squares do not; a spot that does not say when does."""
    here = [box(X + 50, Y - 50, X + 150, Y + 50)]
    assert not spots_at(one_street(), pins(here, unit="cell_100", kind="at_ease")).near.any()
    by_day = spots_at(one_street(), pins(here, unit="cell_100", daytimes="day"))
    assert (by_day.near.sum(), by_day.by_day) == (0, 1)
    coarse = spots_at(one_street(), pins(here, unit="cell_400"))
    assert (coarse.near.sum(), coarse.coarse) == (0, 1)
    untold = spots_at(one_street(), pins(here, unit="cell_100", daytimes=""))
    assert (untold.near.sum(), untold.untold) == (pytest.approx(0.5), 1)
    assert spots_at(one_street(), pins(here, unit="cell_100", daytimes="day;dusk")).near.any()
    assert not spots_at(one_street(), None).near.any()


def test_both_factors_multiply_and_one_changes_nothing():
    """Half dark at 3 is 2; a quarter at a spot at 5 is 2; both are 4."""
    dark, near = np.array([0, 0.5, 0, 0.5]), np.array([0, 0, 0.25, 0.25])
    slow = Darkness(dark_factor=3, spot_factor=5).slow(dark, near)
    assert slow.tolist() == [1, 2, 2, 4]
    assert Darkness(dark_factor=1, spot_factor=1).slow(dark, near).tolist() == [1, 1, 1, 1]


def test_rows_of_several_releases_about_one_square_are_one_spot():
    """Mending it then mends both: nothing of it is left to others."""
    square = box(X + 50, Y - 50, X + 150, Y + 50)
    twice = pins([square, square], unit="cell_100")
    twice["factors"] = ["poor_light", "no_overview;poor_light"]
    spots = spots_at(one_street(), twice)
    assert len(spots.table) == 1
    assert spots.table["factors"].tolist() == ["poor_light;no_overview"]
    assert (spots.near.tolist(), spots.others.tolist()) == ([pytest.approx(0.5)], [0])
