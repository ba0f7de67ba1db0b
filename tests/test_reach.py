"""The picture of a reach: right in the large, nested, and only a picture."""

import numpy as np
import pytest
from geopandas import GeoSeries
from shapely import Point

from layers.network import Network
from layers.reach import OFF_THE_WAY, reach_of

from . import towns


def line_of(metres):
    x, y = towns.WEST, towns.SOUTH
    return Network.from_streets(towns.streets([[(x, y), (x + metres, y)]]))


def test_a_straight_street_is_drawn_to_its_end():
    """From the west end of a street, 300 m reach 300 m along it and little beside it."""
    x, y = towns.WEST, towns.SOUTH
    drawn = reach_of(
        line_of(1000), GeoSeries([Point(x, y)], crs=towns.CRS), np.array([100.0, 300.0])
    )
    assert drawn["metres"].tolist() == [300, 100]
    far, near = drawn.geometry
    assert far.bounds[2] == pytest.approx(x + 300, abs=15)
    assert near.bounds[2] == pytest.approx(x + 100, abs=15)
    assert far.bounds[3] - y <= OFF_THE_WAY + 15
    assert far.buffer(1).contains(near)


def test_what_cannot_be_reached_is_not_drawn():
    """Across the river, 50 m away but 1,100 m on foot, nothing is coloured."""
    x, y = towns.WEST, towns.SOUTH
    lines = [[(x, y), (x + 500, y), (x + 500, y + 150), (x, y + 150)]]
    net = Network.from_streets(towns.streets(lines))
    drawn = reach_of(net, GeoSeries([Point(x, y)], crs=towns.CRS), np.array([200.0]))
    assert drawn.geometry.iloc[0].contains(Point(x + 100, y))
    assert not drawn.geometry.iloc[0].intersects(Point(x + 100, y + 150))


def test_a_place_off_the_network_has_no_picture():
    """No way near it: an empty table, not an error."""
    place = GeoSeries([Point(towns.WEST, towns.SOUTH + 900)], crs=towns.CRS)
    assert reach_of(line_of(100), place, np.array([100.0])).empty
