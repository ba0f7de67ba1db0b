"""The invented town keeps its promises, whatever the seed."""

import time

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers import LAYERS
from layers.crs import METRIC
from layers.sample_town import sample_town
from layers.sources.population import GROUPS

SEEDS = (1, 2, 3)
WHOLE = {
    "under_10": "under_18",
    "under_18": "residents",
    "aged_80plus": "aged_75plus",
    "aged_75plus": "aged_65plus",
    "aged_65plus": "residents",
    "foreign_nationals": "residents",
}
"""Each group of people and the group it is a part of."""


@pytest.fixture(scope="module", params=SEEDS)
def town(request):
    """One town per seed."""
    return sample_town(seed=request.param)


@pytest.fixture(scope="module")
def water(town):
    """The river, as one area."""
    areas = town["areas"]
    return shapely.union_all(areas.geometry[areas["kind"] == "water"].array)


@pytest.fixture(scope="module")
def tracks(town):
    """The railway, as one line."""
    areas = town["areas"]
    return shapely.union_all(areas.geometry[areas["kind"] == "railway"].array)


def _degrees(streets):
    return np.bincount(np.r_[streets["start_node"], streets["end_node"]])


def _ends(streets):
    lines = streets.geometry.array
    return shapely.get_coordinates(np.r_[shapely.get_point(lines, 0), shapely.get_point(lines, -1)])


def test_every_table_is_a_complete_layer_in_metres(town):
    """Nothing needs an import step: each table passes the check of its layer."""
    for name, table in town.items():
        assert table.crs == METRIC
        assert LAYERS[name].check(table) is table
        assert list(table.columns) == [*(c.name for c in LAYERS[name].columns), "geometry"]


def test_every_layer_the_first_maps_need_has_rows(town):
    assert set(town) >= {
        "streets", "street_lamps", "buildings", "population", "districts", "meeting_places",
        "counselling_services", "areas",
    }  # fmt: skip
    assert all(len(table) for table in town.values())


def test_the_same_seed_gives_the_same_town():
    """Two builds are equal to the last column."""
    for one, other in zip(sample_town(seed=5).values(), sample_town(seed=5).values(), strict=True):
        assert_geodataframe_equal(one, other)


def test_another_seed_gives_another_town():
    one, other = sample_town(seed=5)["streets"], sample_town(seed=6)["streets"]
    assert len(one) != len(other) or not one.geometry.geom_equals(other.geometry).all()


def test_it_is_built_in_a_few_seconds():
    """Measured as work of the processor, so that other programs do not matter."""
    start = time.process_time()
    sample_town(seed=4)
    assert time.process_time() - start < 10


def test_three_bridges_and_nothing_else_cross_the_river(town, water):
    """Whatever touches the water is one of three bridges, from bank to bank."""
    streets = town["streets"]
    wet = streets[streets.intersects(water)]
    assert wet["bridge"].all()
    assert len(wet) == 3
    ends = shapely.points(_ends(wet))
    assert not shapely.intersects(water, ends).any()


def test_two_underpasses_and_nothing_else_cross_the_railway(town, tracks):
    streets = town["streets"]
    crossing = streets[streets.intersects(tracks)]
    assert crossing["tunnel"].all()
    assert len(crossing) == 2


def test_bridges_and_underpasses_meet_other_ways_only_at_their_ends(town):
    """The riverside path runs under the bridge and shares no junction with it."""
    streets = town["streets"]
    apart = streets[streets["bridge"] | streets["tunnel"]]
    under = streets[~streets["bridge"] & ~streets["tunnel"]]
    pairs = shapely.STRtree(under.geometry.array).query(apart.geometry.array, predicate="crosses")
    crossed = under.iloc[pairs[1]]
    assert {"Flussweg", "Auenweg"} <= set(crossed["name"])
    for row, other in pairs.T:
        nodes = {*apart.iloc[row][["start_node", "end_node"]]}
        meet = shapely.intersection(apart.geometry.iloc[row], under.geometry.iloc[other])
        inside = shapely.distance(meet, apart.geometry.iloc[row].boundary) > 1
        assert inside
        assert not nodes & {*under.iloc[other][["start_node", "end_node"]]}


def test_ways_on_the_ground_join_wherever_they_meet(town):
    """No two ways cross between junctions, as OpenStreetMap asks of its mappers."""
    streets = town["streets"]
    ground = streets[~streets["bridge"] & ~streets["tunnel"]].geometry.array
    crossing = shapely.STRtree(ground).query(ground, predicate="crosses")
    assert crossing.shape[1] == 0


def test_a_junction_has_one_number_and_one_place(town):
    """Node numbers and exact end coordinates say the same."""
    streets = town["streets"]
    nodes = np.r_[streets["start_node"], streets["end_node"]]
    places = pd.DataFrame(_ends(streets)).round(3)
    assert places.groupby(nodes).nunique().max().max() == 1
    assert pd.Series(nodes).groupby([places[0], places[1]]).nunique().max() == 1
    assert (nodes > 0).all()


def test_nearly_all_ways_hang_together_but_one_trail_does_not(town):
    """More than 97 % are one network; the keep-fit trail in the woods is an island."""
    streets = town["streets"]
    start, end = streets["start_node"].to_numpy(), streets["end_node"].to_numpy()
    size = max(start.max(), end.max()) + 1
    graph = coo_array((np.ones(len(streets)), (start, end)), shape=(size, size))
    part = connected_components(graph, directed=False)[1][start]
    largest = part == np.bincount(part).argmax()
    assert largest.mean() > 0.97
    assert set(streets["name"][~largest]) == {"Trimm-dich-Pfad"}


def test_one_path_misses_its_junction_by_less_than_a_metre(town):
    """A dead end right beside another way: the error every real data set has."""
    streets = town["streets"]
    nodes = np.r_[streets["start_node"], streets["end_node"]]
    loose = _degrees(streets)[nodes] == 1
    own = np.tile(np.arange(len(streets)), 2)[loose]
    points = shapely.points(_ends(streets)[loose])
    dead, way = shapely.STRtree(streets.geometry.array).query(
        points, predicate="dwithin", distance=1
    )
    missed = shapely.get_coordinates(points[np.unique(dead[own[dead] != way])])
    assert len(missed) > 0
    assert (np.ptp(missed, axis=0) < 1).all()


def test_kinds_of_way_of_a_real_town_occur(town):
    assert set(town["streets"]["kind"]) >= {
        "primary", "secondary", "tertiary", "residential", "living_street", "pedestrian",
        "footway", "path", "cycleway", "steps", "service", "track",
    }  # fmt: skip


def test_stairs_are_steep_and_marked_and_closed_to_wheelchairs(town):
    stairs = town["streets"].query("kind == 'steps'")
    assert (stairs["steps"] == "yes").all()
    assert (stairs["wheelchair"] == "no").all()
    assert stairs["incline"].dropna().between(20, 60).all()


@pytest.mark.parametrize("column", ["lit", "surface", "wheelchair", "steps"])
def test_what_is_known_of_ways_has_honest_gaps(town, column):
    """Some ways say nothing, but not all: both cases must be seen on every page."""
    known = ~town["streets"][column].isin(["unknown", ""])
    assert 0.1 < known.mean() < 0.98


def test_the_paths_along_the_river_and_in_the_park_are_dark(town):
    streets, places = town["streets"], town["meeting_places"]
    park = places.geometry[places["name"] == "Stadtpark"].iloc[0]
    inside = streets[streets.within(park) & ~streets["bridge"]]
    assert len(inside) > 10
    assert (inside["lit"] == "no").mean() > 0.9
    assert (streets.query("name in ['Flussweg', 'Auenweg']")["lit"] == "no").all()


def test_about_thirty_thousand_people_live_here(town):
    assert 29_000 < town["population"]["residents"].sum() < 31_000


@pytest.mark.parametrize(("part", "whole"), WHOLE.items())
def test_no_part_is_larger_than_its_whole(town, part, whole):
    people = town["population"]
    assert (people[part] <= people[whole]).all()


def test_young_and_old_do_not_exceed_everyone(town):
    people = town["population"]
    assert (people["under_18"] + people["aged_65plus"] <= people["residents"]).all()


@pytest.mark.parametrize("group", GROUPS)
def test_counts_are_whole_and_never_one_or_two(town, group):
    """A census publishes no count that could point at one or two people."""
    counts = town["population"][group]
    assert (counts == counts.round()).all()
    assert not counts.isin([1, 2]).any()


def test_cells_lie_on_the_european_grid(town):
    """Corners are whole hundreds of metres in EPSG:3035, and the id names the lower left one."""
    cells = town["population"]
    x, y = shapely.get_coordinates(cells.geometry.array).T
    east, north = Transformer.from_crs(METRIC, 3035, always_xy=True).transform(x, y)
    corners = np.column_stack([east, north])
    assert np.abs(corners - corners.round(-2)).max() < 0.01
    first = corners.reshape(len(cells), 5, 2).min(axis=1).round().astype(int)
    assert list(cells.index) == [f"CRS3035RES100mN{n}E{e}" for e, n in first]


def test_most_counts_are_reliable_and_some_are_not(town):
    assert 0.5 < (town["population"]["reliable"] == "yes").mean() < 0.95


def test_every_cell_belongs_to_one_district(town):
    """Districts cover everyone exactly once."""
    districts = town["districts"].geometry.array
    middles = town["population"].geometry.centroid.array
    cell, _ = shapely.STRtree(districts).query(middles, predicate="within")
    assert sorted(cell) == list(range(len(middles)))


def test_districts_do_not_overlap_and_leave_no_gap(town):
    districts = town["districts"]
    assert 8 <= len(districts) <= 10
    whole = shapely.union_all(districts.geometry.array)
    assert whole.area == pytest.approx(districts.area.sum(), rel=1e-9)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_the_estate_is_dense_and_has_few_places(town):
    """Hochfeld and Altenried are what a planner should find: people, and nothing open to them."""
    districts = town["districts"].set_index("name").geometry
    places = town["meeting_places"]
    houses = places[places["kind"].isin(
        ["community_centre", "social_centre", "senior_centre", "youth_centre", "library"]
    )]  # fmt: skip
    residents = town["population"].set_geometry(town["population"].centroid)
    for name in ("Hochfeld", "Altenried"):
        assert not houses.intersects(districts[name]).any()
        assert residents["residents"][residents.within(districts[name])].sum() > 500
    assert residents["residents"][residents.within(districts["Hochfeld"])].sum() > 2_500


def test_the_village_and_the_estate_are_older_than_the_suburb(town):
    districts = town["districts"].set_index("name").geometry
    people = town["population"].set_geometry(town["population"].centroid)

    def share(name):
        here = people[people.within(districts[name])]
        return here["aged_75plus"].sum() / here["residents"].sum()

    assert min(share("Hochfeld"), share("Altenried")) > share("Lerchenau")


def test_sixty_meeting_places_of_ten_kinds(town):
    places = town["meeting_places"]
    assert len(places) == 60
    assert places["kind"].nunique() >= 10
    assert places["name"].is_unique
    assert (places["name"] != "").all()


def test_parks_and_playgrounds_are_areas_and_houses_are_points(town):
    places = town["meeting_places"]
    grounds = places["kind"].isin(["park", "playground", "pitch"])
    assert (places.geom_type[grounds] == "Polygon").all()
    assert (places.geom_type[~grounds] == "Point").all()


def test_an_entrance_is_beside_a_way_and_outside_every_building(town):
    """People stand in front of the door, at most some steps from a way."""
    places = town["meeting_places"]
    doors = places.geometry[places.geom_type == "Point"].array
    ways = town["streets"].geometry.array
    _, metres = shapely.STRtree(ways).query_nearest(doors, return_distance=True, all_matches=False)
    assert metres.max() < 40
    inside, _ = shapely.STRtree(town["buildings"].geometry.array).query(doors, predicate="within")
    assert len(set(inside)) <= 1


def test_opening_hours_and_check_days_are_there_but_not_everywhere(town):
    places = town["meeting_places"]
    houses = places[~places["kind"].isin(["park", "playground", "pitch"])]
    for column in ("opening_hours", "checked_on"):
        assert 0.5 < (houses[column] != "").mean() < 1


@pytest.mark.parametrize("name", ["buildings", "meeting_places", "counselling_services"])
def test_nothing_stands_in_the_river(town, water, name):
    assert not town[name].intersects(water).any()


def test_no_building_stands_on_the_tracks_or_in_a_street(town, tracks):
    """Houses keep off the tracks by metres, and no way on the ground runs through one."""
    buildings = town["buildings"]
    assert buildings.distance(tracks).min() > 5
    streets = town["streets"]
    ground = streets[~streets["bridge"] & ~streets["tunnel"]].geometry.array
    hit, _ = shapely.STRtree(ground).query(buildings.geometry.array, predicate="intersects")
    assert len(hit) == 0


def test_a_few_thousand_buildings_and_most_homes_have_an_address(town):
    buildings = town["buildings"]
    assert 4_000 < len(buildings) < 12_000
    homes = buildings[buildings["kind"].isin(["house", "terrace", "apartments"])]
    assert (homes["address"] != "").mean() > 0.9
    assert homes.loc[homes["address"] != "", "address"].is_unique


def test_addresses_lie_on_streets_of_that_name(town):
    addresses = town["buildings"]["address"]
    streets = addresses[addresses != ""].str.replace(r" \d+$", "", regex=True)
    assert set(streets) <= set(town["streets"]["name"])


def test_protected_places_have_no_place_at_all(town):
    services = town["counselling_services"]
    protected = services[services["protected"]]
    assert len(protected) == 2
    assert protected.geometry.isna().all()
    assert (protected["address"] == "").all()
    assert (protected["region"] != "").all()
    assert (protected["family_places"] > 0).all()


def test_two_services_help_by_phone_only_and_a_dozen_have_a_door(town):
    services = town["counselling_services"]
    remote = services[services.geometry.isna() & ~services["protected"]]
    assert len(remote) == 2
    assert (remote["by_phone"] == "yes").all()
    assert services.geometry.notna().sum() == 12


def test_telephone_numbers_belong_to_nobody(town):
    """All are from the range that the Federal Network Agency keeps for fiction."""
    assert town["counselling_services"]["phone"].str.fullmatch(r"030 23125 \d{3}").all()


def test_lamps_stand_beside_ways_and_most_lit_ways_have_some(town):
    streets, lamps = town["streets"], town["street_lamps"].geometry.array
    tree = shapely.STRtree(lamps)
    lit = streets[(streets["lit"] == "yes") & ~streets["tunnel"]]
    way, _ = tree.query(lit.geometry.array, predicate="dwithin", distance=8)
    assert len(set(way)) / len(lit) > 0.95
    _, metres = shapely.STRtree(streets.geometry.array).query_nearest(
        lamps, return_distance=True, all_matches=False
    )
    assert metres.max() < 6


def test_the_map_names_the_town_and_its_districts(town):
    areas, districts = town["areas"], town["districts"]
    named = set(areas["name"][areas["kind"] == "place"])
    assert named == {"Musterstadt", *districts["name"]}
