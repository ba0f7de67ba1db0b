"""Areas to compare with: alike before, far enough away, and the reason in words."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

from layers.control_areas import suggest

from .towns import layer


@pytest.fixture
def town():
    r"""
    Twenty parallel streets of 200 m, each 100 m from the next; every third one is unlit.

        |  |  |  |  |  |  …  |
        0  1  2  3  4  5     19      people live beside streets 0 to 9 only
    """
    lines = [LineString([(100 * n, 0), (100 * n, 200)]) for n in range(20)]
    streets = layer("streets", lines, lit=["no" if n % 3 == 0 else "yes" for n in range(20)])
    people = layer(
        "population", [box(100 * n - 5, 95, 100 * n + 5, 105) for n in range(10)],
        residents=[100.0] * 10,
    )  # fmt: skip
    return streets, people


def points(*counts):
    """Return so many points on the street of each number."""
    return np.array([Point(100 * n, 50 + i) for n, count in counts for i in range(count)])


def asked(town, unsafe, **more):
    """Ask for areas like street 0."""
    streets, people = town
    told = {"population": people, "unsafe": unsafe, "at_ease": points(), "apart": 150.0}
    return suggest(box(-20, -10, 20, 210), streets, **told | more)


def test_the_street_that_is_alike_in_everything_comes_first(town):
    ours, found = asked(town, points((0, 12), (3, 12), (6, 3), (9, 2), (15, 12)))
    assert (ours.marks, ours.metres, ours.unlit, ours.residents) == (12, 200, 1.0, 100)
    best = found[0]
    assert shapely.intersects(best.area, Point(300, 100))
    assert (best.profile.marks, best.profile.unlit, best.profile.residents) == (12, 1.0, 100)
    assert "12 marks against 12" in best.why


def test_nothing_near_the_places_is_offered(town):
    _, found = asked(town, points((0, 5), (1, 5)), apart=450.0)
    places = box(-20, -10, 20, 210)
    assert found
    assert all(shapely.distance(one.area, places) > 400 for one in found)


def test_where_something_else_is_done_nothing_is_compared(town):
    _, found = asked(town, points((0, 12), (3, 12)), taken=box(280, 0, 320, 200))
    assert not any(shapely.intersects(one.area, Point(300, 100)) for one in found)


def test_suggestions_do_not_overlap_and_come_in_order(town):
    _, found = asked(town, points((0, 4), (5, 4), (9, 6), (12, 1)))
    assert len(found) == 5
    assert [one.unlike for one in found] == sorted(one.unlike for one in found)
    for i, one in enumerate(found):
        for other in found[:i]:
            assert shapely.area(shapely.intersection(one.area, other.area)) == 0


def test_they_are_as_long_as_the_places(town):
    _, found = asked(town, points((0, 4)))
    assert all(one.profile.metres == pytest.approx(200) for one in found)


def test_light_that_nobody_knows_is_told(town):
    streets, people = town
    dark = streets.assign(lit="unknown")
    _, found = asked((dark, people), points((0, 4)))
    assert "light not known" in found[0].why


def test_a_city_that_is_too_small_has_none_to_offer(town):
    _, found = asked(town, points((0, 4)), apart=5000.0)
    assert found == []


def test_nothing_given_is_changed(town):
    streets, people = town
    before = streets.copy(deep=True), people.copy(deep=True)
    asked(town, points((0, 4)))
    assert isinstance(streets, GeoDataFrame)
    assert streets.equals(before[0])
    assert people.equals(before[1])
