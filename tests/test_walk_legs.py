r"""
Walks on the ground, checked with a pencil on one small town.

          D                  100 m north of C, by steps from C to M (50 m), then a lit path
          M
    A --- B --- C            A to B lit and 100 m, B to C unlit and 100 m
    Main Street  Dark Lane
"""

from itertools import pairwise

import numpy as np
import pytest
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from layers.lighting import light_of
from layers.network import Network
from layers.walk_legs import direction, distances, legs

from .towns import CRS, SOUTH, WEST, random_town, streets

A, B, C, M, D = ((WEST + x, SOUTH + y) for x, y in
                 ((0, 0), (100, 0), (200, 0), (200, 50), (200, 100)))  # fmt: skip


@pytest.fixture
def ways():
    """The town of the drawing."""
    table = streets(
        [[A, B], [B, C], [C, M], [M, D]],
        kind=["residential", "residential", "steps", "footway"],
        name=["Main Street", "Dark Lane", "", "Park Path"],
        lit=["yes", "no", "no", "unknown"],
        steps=["no", "no", "yes", "no"],
        wheelchair=["yes", "yes", "no", "unknown"],
    )
    return Network.from_streets(table)


def spots(*where):
    """Return stops."""
    return GeoSeries([Point(one) for one in where], crs=CRS)


def test_a_leg_tells_its_length_its_streets_its_steps_and_its_dark_part(ways):
    (leg,) = legs(ways, light_of(ways), spots(A, D))
    assert leg.metres == pytest.approx(300)
    assert leg.streets == ("Main Street", "Dark Lane", "Park Path")
    assert leg.flights == 1
    assert leg.dark == pytest.approx(150)
    assert leg.light_unknown == pytest.approx(50)
    assert leg.barred == pytest.approx(50)
    assert str(leg.towards) == "to the east"


def test_a_walk_back_is_the_same_walk(ways):
    there, back = legs(ways, light_of(ways), spots(A, D, A))
    assert (there.metres, there.dark, there.flights) == (back.metres, back.dark, back.flights)
    assert there.streets == tuple(reversed(back.streets))
    assert str(back.towards) == "to the south"


def test_a_stop_in_the_middle_of_a_street_is_walked_to_and_on(ways):
    middle = (WEST + 130, SOUTH + 4)
    there, on = legs(ways, light_of(ways), spots(A, middle, C))
    assert there.metres == pytest.approx(134)
    assert there.dark == pytest.approx(30)
    assert on.metres == pytest.approx(74)


def test_two_stops_at_one_spot_are_no_way_apart(ways):
    (leg,) = legs(ways, light_of(ways), spots(A, A))
    assert (leg.metres, leg.flights, leg.towards) == (0, 0, None)


@pytest.mark.parametrize(
    ("east", "north", "told"),
    [(0, 1, "north"), (1, 1, "north-east"), (-1, 0, "west"), (-1, -1, "south-west"),
     (-0.1, 1, "north"), (0.5, -1, "south-east")],
)  # fmt: skip
def test_directions_have_names(east, north, told):
    assert str(direction(east, north)) == f"to the {told}"


@settings(max_examples=15)
@given(st.integers(0, 50))
def test_legs_are_as_long_as_the_distances_said_on_any_town(seed):
    """What is drawn is what was counted, the way back is as long, and no leg beats the crow."""
    town = random_town(seed, places_=4)
    ways = Network.from_streets(town["streets"])
    where = town["meeting_places"].geometry.reset_index(drop=True)
    metres = distances(ways, where, limit=5000)
    assert np.array_equal(metres, metres.T)
    if not np.isfinite(metres).all():
        return
    walked = legs(ways, light_of(ways), where)
    for number, leg in enumerate(walked):
        assert leg.metres == pytest.approx(metres[number, number + 1], abs=0.01)
        assert leg.dark + leg.light_unknown <= leg.metres + 0.01
    for (one, other), leg in zip(pairwise(where), walked, strict=True):
        assert leg.metres >= one.distance(other) - 0.01


def test_the_way_around_the_steps_is_not_here(ways):
    """Without steps D cannot be reached at all; that is told, not walked around."""
    free = ways._part(ways.steps != "yes")
    assert np.isinf(distances(free, spots(A, D), limit=5000)[0, 1])
