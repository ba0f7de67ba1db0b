"""A box finds what touches it, and nothing else."""

import numpy as np
import pytest
import shapely
from shapely import LineString, box

from geo_app.store.spatial import BLOCK
from layers import ParameterError

from .samples import CORNER, NOON, assert_same, imported, points, sampler

SQUARE = (*CORNER, CORNER[0] + 100, CORNER[1] + 100)


@pytest.mark.parametrize(
    ("geometry", "inside"),
    [
        (points((50, 50))[0], True),
        (points((100, 100))[0], True),  # on the corner
        (points((100.000001, 50))[0], False),  # a micrometre outside: less than 32 bits tell
        (points((-0.000001, 50))[0], False),
        (LineString(points((-50, 60), (60, -50))), True),  # cuts through
        (LineString(points((-50, 40), (40, -50))), False),  # its box overlaps, the line does not
        (box(CORNER[0] - 9e3, CORNER[1] - 9e3, CORNER[0] + 9e3, CORNER[1] + 9e3), True),
        (None, False),
    ],
)
def test_a_box_finds_what_touches_it_and_nothing_else(store, geometry, inside):
    """The index only proposes; the answer is exact."""
    store.write([imported(sampler([geometry]))], at=NOON)
    assert (len(store.read("sampler", bbox=SQUARE)) == 1) is inside


@pytest.mark.parametrize("side", [(0, 0), (100, 0), (0, 100)])
def test_a_box_may_be_a_point_or_a_line(store, side):
    """A box without width or height still touches what lies on it."""
    store.write([imported(sampler(points((0, 0), (1, 1))))], at=NOON)
    corner = (CORNER[0] + side[0], CORNER[1] + side[1])
    assert store.read("sampler", bbox=(*CORNER, *corner)).index.tolist() == ["r0"]


@pytest.mark.parametrize(
    "wrong", [(1, 0, 0, 1), (0, 1, 1, 0), (0, 0, np.nan, 1), (0, 0, np.inf, 1)]
)
def test_what_is_no_box_is_refused(store, wrong):
    """A sentence, not an empty answer."""
    store.write([imported(sampler(points((0, 0))))], at=NOON)
    with pytest.raises(ParameterError, match="west, south, east, north"):
        store.read("sampler", bbox=wrong)


def test_boxes_find_the_same_as_looking_at_every_row(store):
    """The index is an index: the simplest search is the oracle."""
    rng = np.random.default_rng(3)
    starts = rng.uniform(0, 2000, (5 * BLOCK, 2)).round()
    lines = [LineString(points(s, s + rng.uniform(-90, 90, 2))) for s in starts]
    table = sampler([*lines, None])
    other = sampler(points(*rng.uniform(0, 2000, (BLOCK, 2))))
    store.write([imported(other)], at=NOON)  # an earlier version in the same place
    store.write([imported(table)], at=NOON)
    for west, south in rng.uniform(0, 2000, (40, 2)).round():
        square = shapely.box(
            *(CORNER + np.array([west, south])), *(CORNER + np.array([west, south]) + 150)
        )
        found = store.read("sampler", bbox=square.bounds)
        assert_same(found, table[table.geometry.intersects(square)])
