"""What a layer accepts, and how it says what is wrong."""

import geopandas
import numpy as np
import pytest
from geopandas import GeoDataFrame
from pyproj import CRS
from shapely import LineString, Point, Polygon

from layers import LAYERS, CrsError, TableError

from . import towns

HERE = Point(towns.WEST, towns.SOUTH)
PLACES = LAYERS["meeting_places"]


def faults(name, table):
    with pytest.raises(TableError) as caught:
        LAYERS[name].check(table)
    return caught.value.faults


@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_table_of_every_layer_is_fine(name):
    """A city that has none of something is not an error."""
    layer = LAYERS[name]
    assert layer.check(layer.empty(towns.CRS)).empty


def test_what_is_not_given_is_unknown():
    """A place with a kind alone is complete: nothing is guessed."""
    table = towns.layer("meeting_places", [HERE], kind=["library"])
    row = PLACES.check(table).iloc[0]
    assert (row["fee"], row["step_free"], row["name"]) == ("unknown", "unknown", "")
    assert np.isnan(row["capacity"])


def test_missing_required_columns_are_all_named():
    """The layer of residents cannot do without residents."""
    with pytest.raises(TableError, match="residents"):
        LAYERS["population"].complete(GeoDataFrame(geometry=[HERE.buffer(5)], crs=towns.CRS))


def test_all_faults_come_at_once():
    """Wrong option, negative number, date of 1899, wrong geometry: four sentences."""
    table = towns.layer(
        "meeting_places",
        [LineString([(0, 0), (1, 1)])],
        kind=["castle"],
        capacity=[-3.0],
        checked_on=["1899-12-31"],
    )
    text = " ".join(faults("meeting_places", table))
    assert all(word in text for word in ("castle", "capacity", "1899-12-31", "Point"))


@pytest.mark.parametrize("crs", [None, 4326, 2263])
def test_degrees_feet_and_nothing_are_no_metres(crs):
    """Only projected systems in metres are accepted; the sentence says what to do."""
    table = PLACES.complete(GeoDataFrame({"kind": ["library"]}, geometry=[HERE], crs=crs))
    with pytest.raises(CrsError, match="--crs"):
        PLACES.check(table)


def test_a_system_with_a_false_easting_of_its_own_is_fine():
    """UTM 32 with 2,500,000 m before the easting is in metres like any other."""
    system = CRS.from_proj4("+proj=utm +zone=32 +ellps=GRS80 +x_0=2500000 +units=m").to_wkt()
    table = PLACES.complete(GeoDataFrame({"kind": ["library"]}, geometry=[HERE], crs=system))
    assert PLACES.check(table) is table


def test_ids_that_occur_twice_are_named():
    """Two rows called "a" are told apart by nobody."""
    table = towns.layer("meeting_places", [HERE, HERE], kind=["library"] * 2)
    table.index = ["a", "a"]
    assert "such as a" in faults("meeting_places", table)[0]


def test_broken_and_missing_outlines_are_named():
    """A bow tie and a missing outline are two different faults."""
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    table = towns.layer("districts", [bow_tie, None], name=["A", "B"])
    text = " ".join(faults("districts", table))
    assert "broken in outline" in text
    assert "without a place" in text


def test_a_protected_place_with_coordinates_is_refused():
    """The location of a shelter must not get in, neither as a point nor as an address."""
    for columns in ({"geometry": [HERE]}, {"geometry": [None], "address": ["Secret Street 1"]}):
        table = towns.layer(
            "counselling_services",
            columns.pop("geometry"),
            name=["Shelter"],
            protected=[True],
            **columns,
        )
        assert "secret" in faults("counselling_services", table)[0]


def test_a_protected_place_without_coordinates_is_accepted():
    """It is known by name, region and number of places only."""
    table = towns.layer("counselling_services", [None], name=["Shelter"], protected=[True])
    assert LAYERS["counselling_services"].check(table) is table


def test_a_service_that_can_be_found_nowhere_is_refused():
    """Neither protected, nor a place, nor phone, nor online: something was forgotten."""
    table = towns.layer("counselling_services", [None], name=["Advice"])
    assert "neither coordinates" in faults("counselling_services", table)[0]


def test_topics_may_be_several():
    """Semicolons separate topics; an unknown one is named."""
    good = towns.layer("counselling_services", [HERE], name=["A"], topics=["debt; family"])
    assert LAYERS["counselling_services"].check(good) is good
    bad = towns.layer("counselling_services", [HERE], name=["A"], topics=["debt;horoscopes"])
    assert "horoscopes" in faults("counselling_services", bad)[0]


def test_complete_leaves_the_table_it_was_given_alone():
    """Inputs are never changed."""
    table = geopandas.GeoDataFrame({"kind": ["park"], "x": [1]}, geometry=[HERE], crs=towns.CRS)
    before = table.copy()
    PLACES.complete(table)
    assert table.equals(before)
    assert list(table.columns) == list(before.columns)
