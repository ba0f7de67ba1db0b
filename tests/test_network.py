"""The walking network: joins, snapping and distances, counted by hand and held to laws."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from layers.access import step_free, walkable
from layers.network import SNAP_LIMIT, Network
from layers.paths import TINY
from layers.walkers import WALKERS

from . import towns

CRS = towns.CRS
seeds = st.integers(0, 10_000)


def at(*spots):
    return GeoSeries([s if hasattr(s, "geom_type") else Point(s) for s in spots], crs=CRS)


def network(lines, **columns):
    return Network.from_streets(towns.streets(lines, **columns))


def walk(net, origin, target):
    return net.nearest(at(origin), at(target)).metres[0]


def test_ways_join_where_they_share_a_vertex():
    r"""
    A branch that ends on a vertex in the middle of a road can be walked into.

        0 ----100---- * ----100---- 200
                      |
                     100
    """
    net = network([[(0, 0), (100, 0), (200, 0)], [(100, 0), (100, -100)]])
    assert len(net.lines) == 3
    assert walk(net, (0, 0), (100, -100)) == pytest.approx(200)


def test_a_bridge_does_not_join_the_road_below():
    """Two lines that cross without a common vertex stay apart."""
    net = network([[(0, 0), (200, 0)], [(100, -100), (100, 100)]])
    assert walk(net, (0, 0), (100, 100)) == np.inf
    assert sorted(net.island) == [0, 1]


def test_junction_ids_keep_stacked_junctions_apart():
    """Where ids are given, equal coordinates alone do not join."""
    lines = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(100, 0), (100, 100)]]
    net = network(lines, start_node=[1, 2, 9], end_node=[2, 3, 4])
    assert walk(net, (0, 0), (200, 0)) == pytest.approx(200)
    assert walk(net, (0, 0), (100, 100)) == np.inf


def test_of_parallel_ways_the_shorter_counts():
    """A detour between the same junctions is not added to the straight way."""
    lines = [[(0, 0), (100, 0)], [(0, 0), (50, 80), (100, 0)], [(100, 0), (200, 0)]]
    assert walk(network(lines), (0, 0), (200, 0)) == pytest.approx(200)


def test_a_way_without_length_still_connects():
    """An edge of zero length, with junction ids, is not lost in the sparse matrix."""
    lines = [[(0, 0), (100, 0)], [(100, 0), (100, 0)], [(100, 0), (200, 0)]]
    net = network(lines, start_node=[1, 2, 3], end_node=[2, 3, 4])
    assert walk(net, (0, 0), (200, 0)) == pytest.approx(200, abs=2 * TINY)


def test_a_closed_ring_can_be_walked_both_ways_round():
    """A ring of four sides of 100 m with a branch: the shorter way round counts."""
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    net = network([ring, [(0, 0), (-50, 0)]])
    assert walk(net, (-50, 0), (0, 100)) == pytest.approx(150)
    assert walk(net, (-50, 0), (100, 100)) == pytest.approx(250)


def test_places_are_snapped_to_edges_and_the_stub_is_counted():
    """Home 10 m beside the middle of a street, place 20 m beside its end: 10 + 50 + 20."""
    net = network([[(0, 0), (100, 0)]])
    assert walk(net, (50, 10), (100, 20)) == pytest.approx(80)


def test_neighbours_on_one_edge_walk_directly():
    """Nobody walks to a junction and back to reach the house next door."""
    net = network([[(0, 0), (1000, 0)]])
    assert walk(net, (500, 0), (520, 0)) == pytest.approx(20)


def test_the_way_round_can_be_shorter_than_the_edge_both_lie_on():
    """On a long detour edge, leaving it at both ends beats walking along it."""
    net = network([[(0, 0), (0, 200), (10, 200), (10, 0)], [(0, 0), (10, 0)]])
    assert walk(net, (0, 10), (10, 10)) == pytest.approx(30)


def test_an_area_is_reached_at_its_boundary_where_a_way_crosses_it():
    r"""
    A park from x = 100 on, 400 m deep, crossed by the path: its edge counts, not its centre.

        0 ------ 100 [======== park ========]
    """
    net = network([[(0, 0), (500, 0)]])
    park = box(100, -200, 500, 200)
    assert walk(net, (0, 0), park) == pytest.approx(100)
    assert walk(net, (300, 50), park) == 0


def test_an_area_off_the_ways_is_reached_at_its_nearest_corner():
    """No way touches the area: the stub to its boundary counts."""
    net = network([[(0, 0), (100, 0)]])
    assert walk(net, (0, 0), Polygon([(60, 30), (90, 60), (60, 60)])) == pytest.approx(60 + 30)


def test_a_large_area_has_several_entrances():
    """Each crossing of the boundary is an entrance: people on both sides have it near."""
    net = network([[(0, 0), (1000, 0)]])
    park = box(400, -50, 600, 50)
    metres = net.nearest(at((300, 0), (700, 0)), at(park)).metres
    np.testing.assert_allclose(metres, [100, 100])


def test_whoever_lives_beyond_the_snap_limit_is_not_connected():
    """One metre before the limit there is a walk, one metre beyond there is none."""
    net = network([[(0, 0), (100, 0)]])
    assert walk(net, (50, SNAP_LIMIT - 1), (50, 0)) == pytest.approx(SNAP_LIMIT - 1)
    assert walk(net, (50, SNAP_LIMIT + 1), (50, 0)) == np.inf


def test_motorways_and_forbidden_ways_are_not_walked():
    """Kind decides unless `foot` says otherwise."""
    table = towns.streets(
        [[(0, 0), (1, 0)]] * 4,
        kind=["motorway", "residential", "cycleway", "residential"],
        foot=["unknown", "no", "yes", "unknown"],
    )
    assert walkable(table).tolist() == [False, False, True, True]


def test_step_free_keeps_yes_no_and_unknown_apart():
    """Steps, rough ground and steep slopes say no; even ground says yes; silence is unknown."""
    table = towns.streets(
        [[(0, 0), (1, 0)]] * 6,
        kind=["steps", "path", "footway", "footway", "footway", "steps"],
        surface=["asphalt", "gravel", "asphalt", "", "asphalt", ""],
        incline=[np.nan, np.nan, np.nan, np.nan, 8.0, np.nan],
        wheelchair=["unknown"] * 5 + ["yes"],
    )
    assert step_free(table).tolist() == ["no", "no", "yes", "unknown", "no", "yes"]


def test_a_pram_avoids_steps_and_a_wheelchair_what_is_not_known():
    """Three ways of 100 m: stairs, a path of 120 m nobody described, asphalt of 200 m."""
    net = network(
        [[(0, 0), (100, 0)], [(0, 0), (50, 33.166), (100, 0)], [(0, 0), (50, -86.603), (100, 0)]],
        kind=["steps", "path", "footway"],
        surface=["", "", "asphalt"],
    )
    ways = {name: walk(net.open_to(WALKERS[name]), (0, 0), (100, 0)) for name in WALKERS}
    assert ways["adult"] == pytest.approx(100)
    assert ways["pram"] == pytest.approx(120, abs=0.01)
    assert ways["wheelchair_best"] == pytest.approx(120, abs=0.01)
    assert ways["wheelchair_worst"] == pytest.approx(200, abs=0.01)


def test_no_ways_and_no_places_mean_no_walks():
    """An empty network and an empty list of places answer “no walk”, not with an error."""
    assert walk(network([]), (0, 0), (1, 0)) == np.inf
    net = network([[(0, 0), (100, 0)]])
    assert net.nearest(at((0, 0)), at()).metres.tolist() == [np.inf]
    assert net.nearest(at(), at((0, 0))).metres.tolist() == []
    assert net.within_reach(at((0, 0)), at(), 100).shape == (1, 0)


def test_splitting_leaves_lines_that_join_nothing_whole():
    """Vertices of one line alone are bends, not junctions."""
    net = network([[(0, 0), (50, 10), (100, 0)]])
    assert len(net.lines) == 1
    assert len(net.junctions) == 2


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_the_nearest_place_is_the_least_of_all_places_within_reach(seed):
    """One run from all places and one run per place agree."""
    town = towns.random_town(seed)
    net = Network.from_streets(town["streets"])
    homes, places = town["population"].centroid, town["meeting_places"].geometry
    walks = net.nearest(homes, places)
    reach = net.within_reach(homes, places, 1e6).toarray()
    reach[reach == 0] = np.inf
    np.testing.assert_allclose(reach.min(axis=1), walks.metres, atol=1e-5)
    found = walks.target >= 0
    rows = np.flatnonzero(found)
    np.testing.assert_allclose(reach[rows, walks.target[found]], walks.metres[found], atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_within_reach_holds_exactly_what_lies_within_the_limit(seed):
    """A limit leaves out what is farther and changes nothing that is nearer."""
    town = towns.random_town(seed)
    net = Network.from_streets(town["streets"])
    homes, places = town["population"].centroid, town["meeting_places"].geometry
    far, near = (net.within_reach(homes, places, limit).toarray() for limit in (1e6, 300))
    np.testing.assert_allclose(near, np.where(far <= 300, far, 0))


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_the_route_drawn_is_as_long_as_the_walk_counted(seed):
    """The line starts at home, ends at the place, and its length is the figure on the page."""
    town = towns.random_town(seed)
    net = Network.from_streets(town["streets"])
    homes, places = town["population"].centroid, town["meeting_places"].geometry
    walks = net.nearest(homes, places)
    for number in range(5):
        course = net.route(homes.iloc[[number]], places)
        if np.isinf(walks.metres[number]):
            assert course is None
            continue
        assert course.length == pytest.approx(walks.metres[number], abs=1e-4)
        assert shapely.distance(Point(course.coords[0]), homes.iloc[number]) < 1e-6
        goal = places.iloc[walks.target[number]]
        assert shapely.distance(Point(course.coords[-1]), goal) < 1e-6


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_walk_is_as_long_back_as_forth(seed):
    """Walking from a to b takes as long as from b to a."""
    town = towns.random_town(seed, places_=1)
    net = Network.from_streets(town["streets"])
    homes, place = town["population"].centroid.iloc[:5], town["meeting_places"].geometry
    there = net.nearest(homes, place).metres
    back = [net.nearest(place, homes.iloc[[i]]).metres[0] for i in range(5)]
    np.testing.assert_allclose(there, back)


def test_a_place_one_is_inside_of_needs_no_way():
    """Somebody in the middle of a park far from any path is at the park already."""
    net = network([[(0, 0), (100, 0)]])
    park = box(0, 1000, 500, 1500)
    assert walk(net, (250, 1250), park) == 0


def test_lines_of_the_network_are_those_of_the_streets():
    """Each edge remembers its street, and no length is lost by splitting."""
    lines = [[(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 50)]]
    net = network(lines)
    assert net.street.tolist() == [0, 0, 1]
    assert net.metres.sum() == pytest.approx(sum(LineString(line).length for line in lines))


def test_slowed_ways_count_their_metres_more_often_and_the_door_stays_where_it_is():
    """
    Home 10 m beside the middle of a street of 100 m, place at its end: 10 + 50.

    Where each metre counts threefold, the way along the street is 150, the
    way from the door still 10; a way round that was too long is now taken.
    """
    net = network([[(0, 0), (100, 0)], [(0, 0), (0, 60), (100, 60), (100, 0)]])
    assert walk(net.slowed(np.array([3.0, 1.0])), (50, 10), (100, 0)) == pytest.approx(160)
    assert walk(net.slowed(np.array([3.0, 1.0])), (0, 0), (100, 0)) == pytest.approx(220)
    assert walk(net.slowed(np.array([3.0, 1.0])), (70, 0), (80, 0)) == pytest.approx(30)
    assert walk(net, (50, 10), (100, 0)) == pytest.approx(60)
    reach = net.slowed(np.array([3.0, 1.0])).within_reach(at((50, 10)), at((100, 0)), 160)
    assert reach.toarray().tolist() == [[pytest.approx(160)]]
    course = net.slowed(np.array([3.0, 1.0])).route(at((0, 0)), at((100, 0)))
    assert course.length == pytest.approx(220)


def test_slowing_lasts_when_a_walker_leaves_ways_out_and_can_be_replaced():
    """A pram on the remaining way is slowed as the way is; slowing again starts from the ground."""
    net = network([[(0, 0), (100, 0)], [(100, 0), (200, 0)]], kind=["steps", "residential"])
    slow = net.slowed(np.array([5.0, 2.0]))
    assert walk(slow.open_to(WALKERS["pram"]), (100, 0), (200, 0)) == pytest.approx(200)
    assert walk(slow.slowed(np.array([1.0, 3.0])), (0, 0), (200, 0)) == pytest.approx(400)
    assert walk(net.open_to(WALKERS["pram"]), (100, 0), (200, 0)) == pytest.approx(100)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_slower_ways_never_shorten_a_walk(seed):
    """Multipliers of one change nothing, larger ones only lengthen."""
    town = towns.random_town(seed)
    net = Network.from_streets(town["streets"])
    homes, places = town["population"].centroid, town["meeting_places"].geometry
    walks = net.nearest(homes, places).metres
    same = net.slowed(np.ones(len(net.lines))).nearest(homes, places).metres
    slower = net.slowed(np.random.default_rng(seed).uniform(1, 3, len(net.lines)))
    assert (same == walks).all()
    assert (slower.nearest(homes, places).metres >= walks - 1e-9).all()


def test_the_network_remembers_what_is_lit():
    """Each edge says what mappers noted about its street."""
    net = network([[(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 50)]], lit=["yes", "unknown"])
    assert net.lit.tolist() == ["yes", "yes", "unknown"]
