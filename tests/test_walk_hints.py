"""What is suggested as a stop: dark ways for everybody, tasks only for those who may see them."""

import geopandas
import pytest

from geo_app import walk_hints
from geo_app.night_walks import USUAL, planned
from geo_app.origin import Import, Origin
from geo_app.store import Stop
from layers import LAYERS, InfeasibleError, MissingLayerError

from .staff import AT, marked, send, signed_in, staffed
from .test_walk_pages import at, change
from .towns import SOUTH, WEST, main_street

START = USUAL | {"start": {"x": WEST, "y": SOUTH, "name": "West end"}}


@pytest.fixture
def city(app):
    """Main street without light, with a task that a citizen's accepted mark makes."""
    store = app.extensions["store"]
    table = main_street()["streets"].assign(lit="no", name="Main Street")
    store.write([Import(LAYERS["streets"], table, Origin("dark.gpkg"))], at=AT)
    staffed(app)
    id_, _ = marked(app)
    app.extensions["marks"].accept(id_, by="mara", at=AT)
    return app


def begun(city, login):
    """Plan a walk from the west end, and return its page."""
    browser = signed_in(city, login)
    send(browser, "/walks", name="Walk")
    assert change(browser, city, **at(0), **{"as": "start"}).status_code == 303
    return browser, browser.get("/walks/1").text


def test_dark_ways_are_suggested_with_their_metres(city):
    _, page = begun(city, "paul")
    assert "110 m ohne Licht" in page


@pytest.mark.parametrize(("login", "seen"), [("pia", True), ("ada", True), ("paul", False)])
def test_tasks_are_suggested_only_to_those_who_may_see_what_they_rest_on(city, login, seen):
    _, page = begun(city, login)
    assert ("auf der Arbeitsliste" in page) is seen


def test_as_many_suggestions_are_added_as_the_length_allows(city):
    browser, _ = begun(city, "pia")
    change(browser, city, do="settings", walker="adult", limit="0.5")
    assert change(browser, city, do="hints", fit="1").status_code == 303
    walk = city.extensions["walks"].get(1)
    assert walk.stops
    assert walk.route["metres"] <= 500


def test_nothing_is_suggested_without_a_start_or_beside_a_stop(city):
    store = city.extensions["store"]
    assert walk_hints.hints(store, USUAL, ()) == []
    every = walk_hints.hints(store, START, ())
    stops = tuple(Stop(one.x, one.y, one.name) for one in every)
    assert every
    assert walk_hints.hints(store, START, stops) == []


def test_silent_areas_lead_to_the_way_nearest_to_their_middle(city):
    store = city.extensions["store"]
    square = geopandas.GeoSeries.from_wkt(
        [f"POINT ({WEST + 300} {SOUTH + 40})"], crs=store.crs
    ).buffer(50)  # fmt: skip
    silent = geopandas.GeoDataFrame({"rank": [1.0]}, geometry=square)
    (first, *_) = walk_hints.hints(store, START, (), silent=silent)
    assert (first.x, first.y) == pytest.approx((WEST + 300, SOUTH), abs=1)


def test_what_no_way_leads_to_is_named(city):
    """A stop 500 m from any way."""
    far = Stop(WEST, SOUTH + 500, "Hill")
    with pytest.raises(InfeasibleError, match="Hill"):
        planned(city.extensions["store"], START, [far])


def test_a_city_without_streets_cannot_plan_a_walk(store):
    with pytest.raises(MissingLayerError, match="streets"):
        planned(store, START, [])
