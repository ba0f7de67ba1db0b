"""People of coarse areas on the 100 m grid: nobody lost, nobody invented, homes where homes are."""

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from layers import LAYERS
from layers.crs import INSPIRE
from layers.downscaling import (
    building_weights,
    cell_ids,
    cell_squares,
    downscale,
    shares_inside,
    street_weights,
    weight_in,
)

UTM = "EPSG:25832"
WEST, SOUTH = 4_200_000, 2_880_000
"""Lower left corner of a 1 km cell near Karlsruhe in EPSG:3035 [m]."""

KOELN = Path("../shared/data/koeln")


def cells(*corners, size=1000, **counts):
    """Return squares of the census grid with the counts given, in UTM."""
    x, y = zip(*corners, strict=True)
    shapes = cell_squares(np.array(x), np.array(y), size, UTM)
    return GeoDataFrame(counts, geometry=shapes.array, crs=UTM)


def points(*places, weight):
    """Return weighted points from coordinates in EPSG:3035."""
    shapes = GeoSeries([Point(p) for p in places], crs=INSPIRE).to_crs(UTM)
    return GeoDataFrame({"weight": np.array(weight, dtype=float)}, geometry=shapes.array, crs=UTM)


def test_people_go_to_the_cells_in_which_homes_are():
    """
    Of 90 people two thirds live beside twice the floor space.

        1 km cell: one house of weight 2 in the south-west, one of weight 1 in the north-east
    """
    found = downscale(
        cells((WEST, SOUTH), residents=[90.0]),
        [points((WEST + 50, SOUTH + 50), (WEST + 950, SOUTH + 950), weight=[2, 1])],
        counts=["residents"],
    )
    assert found.table["residents"].to_dict() == {
        f"CRS3035RES100mN{SOUTH}E{WEST}": 60,
        f"CRS3035RES100mN{SOUTH + 900}E{WEST + 900}": 30,
    }
    assert (found.by_weight, found.evenly) == ((1,), 0)


def test_the_first_weights_that_lie_in_an_area_count():
    """Buildings where there are some, streets where there are none, evenly where nothing is."""
    source = cells(
        (WEST, SOUTH), (WEST + 1000, SOUTH), (WEST + 2000, SOUTH), residents=[10.0, 20, 30]
    )
    buildings = points((WEST + 50, SOUTH + 50), weight=[5])
    streets = points((WEST + 950, SOUTH + 50), (WEST + 1050, SOUTH + 50), weight=[1, 1])
    found = downscale(source, [buildings, streets], counts=["residents"])
    assert (found.by_weight, found.evenly) == ((1, 1), 1)
    people = found.table["residents"]
    assert people[f"CRS3035RES100mN{SOUTH}E{WEST}"] == 10
    assert people[f"CRS3035RES100mN{SOUTH}E{WEST + 1000}"] == 20
    # ten of the hundred cells of 1 km² have this number in their id
    empty = people[people.index.str.contains(f"E{WEST + 2000}")]
    assert list(empty) == pytest.approx([30 / 100] * 10, rel=1e-4)
    assert len(people) == 102


def test_groups_are_distributed_with_their_own_totals_and_unknown_stays_unknown():
    """A group that is not known in an area is not known in its cells; other areas keep theirs."""
    source = cells(
        (WEST, SOUTH), (WEST + 1000, SOUTH), residents=[10.0, 20], under_18=[np.nan, 4.0]
    )
    homes = points((WEST + 50, SOUTH + 50), (WEST + 1050, SOUTH + 50), weight=[1, 1])
    table = downscale(source, [homes], counts=["residents", "under_18"]).table
    assert list(table["residents"]) == [10, 20]
    assert np.isnan(table["under_18"].iloc[0])
    assert table["under_18"].iloc[1] == 4


def test_a_district_that_cuts_cells_shares_them_with_its_neighbour():
    """Two districts meet in the middle of a cell: the cell receives people of both."""
    whole = cells((WEST, SOUTH), size=100, residents=[0.0]).to_crs(INSPIRE).total_bounds
    left = box(whole[0], whole[1], whole[0] + 50, whole[3])
    right = box(whole[0] + 50, whole[1], whole[2], whole[3])
    source = GeoDataFrame({"residents": [7.0, 5.0]}, geometry=[left, right], crs=INSPIRE)
    found = downscale(source.to_crs(UTM), [], counts=["residents"])
    assert list(found.table["residents"]) == pytest.approx([12.0])


@given(
    people=st.lists(st.floats(0, 5000), min_size=1, max_size=4),
    homes=st.lists(
        st.tuples(st.integers(0, 3999), st.integers(0, 999), st.floats(0.1, 100)), max_size=12
    ),
)
def test_nobody_is_lost_and_nobody_invented(people, homes):
    """Whatever the weights, all people of all areas arrive, and no cell has fewer than none."""
    source = cells(*((WEST + 1000 * i, SOUTH) for i in range(len(people))), residents=people)
    places = [(WEST + x + 0.5, SOUTH + y + 0.5) for x, y, _ in homes]
    weights = [points(*places, weight=[w for *_, w in homes])] if homes else []
    found = downscale(source, weights, counts=["residents"])
    assert found.table["residents"].sum() == pytest.approx(sum(people), rel=1e-9, abs=1e-9)
    assert (found.table["residents"] >= 0).all()
    assert found.table.index.is_unique
    assert sum(found.by_weight) + found.evenly == len(people)


@given(st.permutations(range(5)))
def test_the_order_of_homes_does_not_matter(order):
    """Rows have no rank."""
    source = cells((WEST, SOUTH), residents=[100.0])
    homes = points(*((WEST + 50 + 200 * i, SOUTH + 50) for i in range(5)), weight=range(1, 6))
    straight = downscale(source, [homes], counts=["residents"]).table["residents"]
    mixed = downscale(source, [homes.iloc[list(order)]], counts=["residents"]).table["residents"]
    pd.testing.assert_series_equal(straight, mixed)


def test_what_is_given_is_not_changed():
    """Neither source nor weights are touched."""
    source = cells((WEST, SOUTH), residents=[100.0])
    homes = points((WEST + 50, SOUTH + 50), weight=[1])
    before = source.copy(), homes.copy()
    downscale(source, [homes], counts=["residents"])
    assert source.equals(before[0])
    assert homes.equals(before[1])


def test_cells_are_squares_of_the_european_grid():
    """Ids name the lower left corner; squares measure 100 m in EPSG:3035."""
    assert list(cell_ids([WEST], [SOUTH], 100)) == ["CRS3035RES100mN2880000E4200000"]
    square = cell_squares([WEST], [SOUTH], 100, INSPIRE)
    assert square.iloc[0].equals(box(WEST, SOUTH, WEST + 100, SOUTH + 100))
    assert cell_squares([WEST], [SOUTH], 100, UTM).area.iloc[0] == pytest.approx(10_000, rel=0.01)


def test_floor_space_counts_and_garages_do_not():
    """
    A house of 10 x 10 m with 3 storeys weighs 300; unknown storeys are the median of the known.

    Known are 3 and 1, so the unknown one has 2.
    """
    square = [box(x, 0, x + 10, 10) for x in (0, 20, 40, 60)]
    buildings = LAYERS["buildings"].complete(
        GeoDataFrame(
            {"kind": ["house", "", "apartments", "garage"], "levels": [3.0, 1.0, np.nan, 9.0]},
            geometry=square,
            crs=UTM,
        )
    )
    assert list(building_weights(buildings)["weight"]) == [300, 100, 200]


def test_storeys_that_nobody_knows_are_taken_as_two():
    """Without any number of storeys every building counts alike per square metre."""
    buildings = LAYERS["buildings"].complete(GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs=UTM))
    assert list(building_weights(buildings)["weight"]) == [200]


def test_residential_streets_weigh_what_they_are_long():
    """95 m make ten points of 9.5 m; bridges, motorways and footpaths have no front doors."""
    line = LineString([(0, 0), (95, 0)])
    streets = LAYERS["streets"].complete(
        GeoDataFrame(
            {"kind": ["residential", "motorway", "footway", "residential"],
             "bridge": [False, False, False, True]},
            geometry=[line] * 4,
            crs=UTM,
        )
    )  # fmt: skip
    weights = street_weights(streets)
    assert list(weights["weight"]) == pytest.approx([9.5] * 10)
    assert weights.geometry.x.iloc[0] == pytest.approx(4.75)


def square(west, south, width, height=1000):
    """Return a rectangle of EPSG:3035 in UTM."""
    corners = box(WEST + west, SOUTH + south, WEST + west + width, SOUTH + south + height)
    return GeoSeries([corners], crs=INSPIRE).to_crs(UTM).iloc[0]


def test_the_homes_of_an_area_are_added_up():
    """Two houses of 1 and 2 in the first cell, none in the second."""
    source = cells((WEST, SOUTH), (WEST + 1000, SOUTH), residents=[1.0, 1.0])
    homes = points((WEST + 50, SOUTH + 50), (WEST + 950, SOUTH + 50), weight=[1, 2])
    assert list(weight_in(source.geometry, homes)) == [3, 0]


def test_beyond_the_edge_of_the_data_live_as_many_as_there_is_surface():
    """
    The data end in the middle of the first cell and before the second.

    All homes that are known lie in the west; nobody knows those of the east.
    """
    source = cells((WEST, SOUTH), (WEST + 1000, SOUTH), residents=[100.0, 100.0])
    homes = points((WEST + 50, SOUTH + 50), (WEST + 450, SOUTH + 450), weight=[1, 5])
    found = shares_inside(source, known=square(-9000, -9000, 9500, 18_000), weights=[homes])
    assert list(found) == pytest.approx([0.5, 0], abs=1e-3)


def test_within_the_data_homes_tell_on_which_side_of_a_border_people_live():
    """
    The border halves a cell of which all homes are known: 3 of 4 stand in the city.

    Where the homes beyond the border may be missing, the surface is all there is.
    """
    source = cells((WEST, SOUTH), residents=[100.0])
    homes = points((WEST + 50, SOUTH + 50), (WEST + 950, SOUTH + 50), weight=[3, 1])
    city, everything = square(-9000, -9000, 9500, 18_000), square(-9000, -9000, 18_000, 18_000)
    assert shares_inside(source, city, known=everything, weights=[homes])[0] == pytest.approx(0.75)
    assert shares_inside(source, city, weights=[homes])[0] == pytest.approx(0.5, abs=1e-3)


def test_a_cut_area_without_homes_gives_nobody_and_a_whole_one_keeps_its_people():
    """Where nothing is built people live beyond the border; a whole cell is believed."""
    source = cells((WEST, SOUTH), (WEST + 1000, SOUTH), residents=[1.0, 1.0])
    city, nothing = square(0, 0, 1500), points((WEST - 500, SOUTH), weight=[1])
    for known in (None, square(-9000, -9000, 18_000, 18_000)):
        found = shares_inside(source, city, known=known, weights=[nothing])
        assert list(found) == pytest.approx([1, 0], abs=1e-3)
    assert list(shares_inside(source, city)) == pytest.approx([1, 0.5], abs=1e-3)


@given(
    edge=st.integers(0, 2000),
    border=st.integers(0, 2000),
    homes=st.lists(st.tuples(st.integers(0, 1999), st.integers(0, 999)), max_size=9),
)
def test_city_and_surroundings_share_the_people_of_the_known_land(edge, border, homes):
    """Both sides of any border together have who lives within the data: nobody twice, no more."""
    source = cells((WEST, SOUTH), (WEST + 1000, SOUTH), residents=[1.0, 1.0])
    places = [(WEST + x + 0.5, SOUTH + y + 0.5) for x, y in homes]
    weights = [points(*places, weight=[1] * len(homes))] if homes else []
    known = square(-9000, -9000, 9000 + edge, 18_000)
    west, east = (square(-9000, -9000, 9000 + border, 18_000),
                  square(border, -9000, 9000, 18_000))  # fmt: skip
    ours, theirs, all_ = (
        shares_inside(source, land, known=known, weights=weights) for land in (west, east, None)
    )
    assert ((ours >= 0) & (ours <= 1 + 1e-9)).all()
    surface = source.intersection(known).area.to_numpy() / source.area.to_numpy()
    assert (all_ <= surface + 1e-9).all()
    if weights:
        settled = weight_in(source.intersection(known), weights[0]) > 0
        assert ours[settled] + theirs[settled] == pytest.approx(all_[settled], abs=1e-9)
    else:
        assert ours + theirs == pytest.approx(all_, abs=1e-6)


@pytest.mark.city
@pytest.mark.skipif(not KOELN.exists(), reason="real data are not here")
def test_the_people_of_cologne_all_arrive():
    """86 Stadtteile with 1,044,555 people (2012) keep them on the grid."""
    districts = geopandas.read_file(KOELN / "koeln.gpkg", layer="stadtteile")
    people = pd.read_csv(KOELN / "population_stadtteile_2012.csv", dtype={"raum_id": str})
    streets = geopandas.read_file(KOELN / "koeln.gpkg", layer="strassenabschnitte")
    joined = districts.merge(people, left_on="STT_NR", right_on="raum_id")
    weights = street_weights(LAYERS["streets"].complete(streets))
    found = downscale(joined, [weights], counts=["Einwohner"])
    assert found.table["Einwohner"].sum() == pytest.approx(1_044_555, rel=1e-9)
    assert found.by_weight == (86,)
