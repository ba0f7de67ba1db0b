"""The map's shell, its features and its basemap."""

import re
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

from geo_app.maps.basemap import THEMES, build_basemap, manifest
from geo_app.maps.features import at_most, feature_collection, within
from geo_app.maps.shell import Basemap, ForeignFileError, Source, our_copy, render_map
from geo_app.origin import Import, Origin
from geo_app.store import Store
from layers import LAYERS

from . import towns

NASTY = "${alert(1)} {{ 7 * 7 }} </script><script>alert(2)</script>"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rendered(**changes):
    source = Source("places", changes.get("title", "Places"), "places", "/features")
    return render_map(
        (8.0, 49.0, 8.1, 49.1),
        [source],
        Basemap({"land": "/basemap/land.pmtiles"}),
        words={"close": "Close"},
        language="de",
        nonce="WORD",
        address=lambda name: f"/static/{name}",
    )


def test_the_shell_asks_nobody_else_for_anything():
    """Every address in it is our own, and every script carries the nonce."""
    parts = rendered()
    markup = parts.head + parts.body + parts.scripts
    assert not re.findall(r"https?:|//[a-z]", markup)
    scripts = re.findall(r"<script[^>]*>", parts.scripts)
    assert len(scripts) == 6
    assert [s for s in scripts if 'nonce="WORD"' not in s] == [
        '<script type="application/json" id="map-config">'
    ]
    assert " style=" not in markup


def test_a_file_that_nobody_knows_is_a_defect():
    """A new version of folium that loads something new must not slip through."""
    with pytest.raises(ForeignFileError, match="evil"):
        our_copy("https://cdn.example/evil.js")
    assert our_copy("https://cdn.example/leaflet@9/dist/leaflet.js") == "vendor/leaflet.js"
    assert our_copy("https://code.example/jquery-3.min.js") == ""


def test_text_in_the_configuration_stays_data():
    """Neither templates nor a closing tag get out of the JSON; folium never sees it."""
    scripts = rendered(title=NASTY).scripts
    assert "</script><script>alert" not in scripts
    data = re.search(r'<script type="application/json" id="map-config">(.*?)</script>', scripts)[1]
    assert orjson.loads(data)["sources"][0]["title"] == NASTY


def test_features_by_hand():
    """Ids, rounded numbers, null for what is not finite; rows without a place are left out."""
    table = GeoDataFrame(
        {"minutes": [1.26, np.inf, 3.0], "name": [NASTY, "", "x"]},
        geometry=[Point(8.123456789, 49), Point(8, 49), None],
        index=["a", "b", "c"],
        crs=4326,
    )
    told = orjson.loads(feature_collection(table, ["minutes", "name"], more=4))
    assert told["more"] == 4
    assert [f["id"] for f in told["features"]] == ["a", "b"]
    assert told["features"][0]["geometry"] == {"type": "Point", "coordinates": [8.123457, 49.0]}
    assert told["features"][0]["properties"] == {"minutes": 1.3, "name": NASTY}
    assert told["features"][1]["properties"]["minutes"] is None


def test_metres_become_degrees():
    """The central meridian of zone 32 is 9° E."""
    table = GeoDataFrame(geometry=[Point(500_000, 5_400_000)], crs=25832)
    point = orjson.loads(feature_collection(table, []))["features"][0]["geometry"]["coordinates"]
    assert point[0] == pytest.approx(9.0)
    assert point[1] == pytest.approx(48.75, abs=0.01)


def test_a_view_gets_what_touches_it_and_is_told_what_is_left_out():
    """Of three lines two touch the box; of many rows the first are drawn."""
    lines = [LineString([(x, 49.0), (x + 0.5, 49.0)]) for x in (8.0, 8.6, 9.5)]
    table = GeoDataFrame(geometry=lines, index=list("abc"), crs=4326).to_crs(25832)
    seen = within(table, (8.4, 48.9, 8.7, 49.1))
    assert list(seen.index) == ["a", "b"]
    assert within(table, None) is table
    shown, more = at_most(table, 2)
    assert (list(shown.index), more) == (["a", "b"], 1)


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/town.sqlite", crs=towns.CRS) as opened:
        yield opened


def put(store, **tables):
    origin = Origin(file="town.gpkg")
    store.write([Import(LAYERS[n], t, origin) for n, t in tables.items()], at=NOON)


def test_the_basemap_is_drawn_from_the_layers_there_are(store, tmp_path):
    """Streets and a pond give two themes and the names; each is a PMTiles archive."""
    x, y = towns.WEST, towns.SOUTH
    pond = towns.layer("areas", [box(x, y, x + 500, y + 500)], kind=["water"], name=["Pond"])
    streets = towns.main_street()["streets"].assign(name="Main Street")
    put(store, streets=streets, areas=pond)
    folder = tmp_path / "var" / "basemap"
    told = []
    themes = build_basemap(store, folder, progress=told.append)
    assert set(themes) == set(told) == {"land", "streets", "street_names"}
    assert themes == manifest(folder)["themes"]
    for theme in themes:
        assert (folder / f"{theme}.pmtiles").read_bytes()[:7] == b"PMTiles"


def test_the_basemap_is_drawn_anew_only_when_its_layers_change(store, tmp_path):
    """The same layers: nothing to do; another street: another version, the old files gone."""
    put(store, streets=towns.main_street()["streets"])
    folder = tmp_path / "basemap"
    build_basemap(store, folder)
    first = manifest(folder)["version"]
    drawn = []
    build_basemap(store, folder, progress=drawn.append)
    assert drawn == []
    put(store, streets=towns.main_street()["streets"].iloc[:2])
    build_basemap(store, folder)
    assert manifest(folder)["version"] != first
    assert {path.name for path in folder.iterdir()} == {"basemap.json", "streets.pmtiles"}


def test_an_empty_store_has_an_empty_basemap(store, tmp_path):
    """Nothing imported: no archive, no error."""
    assert build_basemap(store, tmp_path / "basemap") == []


def test_every_theme_names_a_layer_and_its_columns():
    """What is drawn exists."""
    for theme in THEMES.values():
        assert set(theme.columns) <= {column.name for column in LAYERS[theme.layer].columns}
