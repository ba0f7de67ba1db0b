"""The map's shell, its basemap and its features: nothing foreign, nothing run, nothing wrong."""

import gzip
import json
import re
from types import SimpleNamespace

import numpy as np
import pyogrio
import pytest
from shapely import Point, box

from geo_app.maps import assets
from geo_app.maps.basemap import THEMES, build_basemap, manifest, version_of
from geo_app.maps.features import at_most, feature_collection, within
from geo_app.maps.shell import Basemap, ForeignFileError, Source, our_copy, render_map
from geo_app.origin import Import, Origin
from layers import LAYERS

from . import towns

HOSTILE = "</script><script>alert(1)</script>${alert(2)}{{ 7 * 7 }}{% raw %}'\"&<!--"
GERMANY = (5.9, 47.3, 15.0, 55.0)


def rendered(sources=(), *, words=None, archives=None):
    """Render a map with addresses that begin with /static/."""
    return render_map(
        GERMANY,
        sources,
        Basemap(archives or {}),
        words=words or {},
        language="de",
        nonce="once",
        address=lambda name: f"/static/{name}",
    )


def config_of(parts):
    """Read the configuration as a browser reads it: everything up to the first closing tag."""
    found = re.search(r'id="map-config">(.*?)</script', parts.scripts, re.DOTALL)
    return json.loads(found[1])


# ---- the shell ----


def test_the_shell_fetches_only_our_own_files():
    """Of folium's ten foreign files none is left, and Leaflet comes before what needs it."""
    parts = rendered()
    markup = parts.head + parts.body + parts.scripts
    fetched = re.findall(r'(?:src|href)="([^"]+)"', markup)
    assert "//" not in "".join(fetched)
    assert fetched == [
        "/static/vendor/leaflet.css",
        "/static/vendor/leaflet.js",
        "/static/vendor/protomaps-leaflet.js",
        "/static/js/basemap.js",
        "/static/js/map.js",
    ]


def test_every_script_of_the_shell_carries_the_nonce_or_is_data():
    tags = re.findall(r"<script[^>]*>", rendered().scripts)
    assert len(tags) == 6
    assert all('nonce="once"' in tag or 'type="application/json"' in tag for tag in tags)


def test_the_shell_brings_no_style_and_no_handler():
    """A strict policy refuses both; colours and places come from our own style sheet."""
    parts = rendered()
    markup = parts.head + parts.body + parts.scripts
    assert "<style" not in markup
    assert " style=" not in markup
    assert not re.search(r"\son\w+=", parts.head + parts.body)


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example.org/d3.min.js",
        "https://cdn.example.org/leaflet.js.map",
        "http://tiles.example.org/leaflet-heat.js",
    ],
)
def test_a_file_nobody_has_looked_at_is_refused(url):
    with pytest.raises(ForeignFileError, match=re.escape(url)):
        our_copy(url)


def test_leaflet_is_replaced_by_our_own_copy_and_jquery_is_left_out():
    assert our_copy("https://cdn.example.org/npm/leaflet@1.9.4/dist/leaflet.js") == (
        "vendor/leaflet.js"
    )
    assert our_copy("https://code.example.org/jquery-3.7.1.min.js") == ""


@pytest.mark.parametrize("where", ["title", "word", "label"])
def test_text_in_the_configuration_stays_text(where):
    """Markup, template marks and quotes arrive in the browser as they are, and nothing runs."""
    column = {"name": "name", "label": HOSTILE if where == "label" else "Name"}
    source = Source(
        name="places",
        title=HOSTILE if where == "title" else "Orte",
        kind="places",
        url="/places",
        columns=(column,),
    )
    parts = rendered([source], words={"close": HOSTILE if where == "word" else "zu"})
    config = config_of(parts)
    told = {
        "title": config["sources"][0]["title"],
        "word": config["words"]["close"],
        "label": config["sources"][0]["columns"][0]["label"],
    }
    assert told[where] == HOSTILE
    assert parts.scripts.count("</script>") == 6
    assert "alert(1)</script>" not in parts.scripts


def test_every_map_has_an_element_of_its_own():
    """Two maps on one page would share nothing."""
    bodies = {str(rendered().body) for _ in range(5)}
    assert len(bodies) == 5
    assert all(re.fullmatch(r'<div class="canvas" id="map_[0-9a-f]+"></div>', b) for b in bodies)


# ---- files that others made ----


def test_without_npm_it_comes_as_a_python_package(monkeypatch):
    """Whoever has Python alone gets Node.js from PyPI, then exactly the locked packages."""
    run = []
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    monkeypatch.setattr(
        assets, "subprocess", SimpleNamespace(run=lambda command, **_: run.append(command))
    )
    assets.install()
    assert run[0][-1] == assets.NODE
    assert run[1][1] == "ci"
    assert "--ignore-scripts" in run[1]


def test_packages_come_from_the_npm_registry_alone_and_with_their_hashes():
    """A lock file made behind a mirror would name the mirror; nobody else could install it."""
    lock = json.loads((assets.ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for entry in packages.values():
        assert entry.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )
        assert entry["integrity"].startswith("sha512-")


# ---- the basemap ----


@pytest.fixture
def drawn_town(store, now):
    """A store with a street in two pieces, a pond in a park, a house and a name."""
    x, y = towns.WEST, towns.SOUTH
    tables = {
        "streets": towns.streets(
            [[(x, y), (x + 200, y)], [(x + 200, y), (x + 400, y)]], name=["Lange Gasse"] * 2
        ),
        "areas": towns.layer(
            "areas",
            [box(x + 50, y + 10, x + 80, y + 40), box(x, y, x + 400, y + 300), Point(x + 200, y)],
            kind=["water", "green", "place"],
            name=["Teich", "Park", "Dorf"],
        ),
        "buildings": towns.layer("buildings", [box(x + 300, y + 20, x + 320, y + 40)]),
    }
    origin = Origin(file="town.gpkg", source="A survey")
    store.write([Import(LAYERS[name], t, origin) for name, t in tables.items()], at=now)
    return store


def test_the_basemap_is_made_of_what_was_imported(drawn_town, tmp_path):
    """No railway was imported, so there is no archive of railways; all others can be read."""
    themes = build_basemap(drawn_town, tmp_path / "basemap")
    assert set(themes) == set(THEMES) - {"rails"}
    for theme in themes:
        path = tmp_path / "basemap" / f"{theme}.pmtiles"
        assert path.read_bytes()[:8] == b"PMTiles\x03"
        assert len(pyogrio.read_dataframe(path)) >= 1
    assert not (tmp_path / "basemap" / "rails.pmtiles").exists()


def test_a_street_in_pieces_has_one_name(drawn_town, tmp_path):
    build_basemap(drawn_town, tmp_path / "basemap")
    names = pyogrio.read_dataframe(tmp_path / "basemap" / "street_names.pmtiles", ZOOM_LEVEL=13)
    assert list(names["name"]) == ["Lange Gasse"]
    # 400 m in the projection of web maps, which stretches by 1 / cos(48.76°)
    assert names.geometry.length.sum() == pytest.approx(400 / np.cos(np.radians(48.76)), rel=0.02)


def test_a_pond_lies_on_its_park(drawn_town, tmp_path):
    """Large areas are drawn first, whatever their order in the file."""
    build_basemap(drawn_town, tmp_path / "basemap")
    land = pyogrio.read_dataframe(tmp_path / "basemap" / "land.pmtiles", ZOOM_LEVEL=15)
    assert list(dict.fromkeys(land["kind"])) == ["green", "water"]


def test_the_basemap_is_drawn_again_only_when_its_layers_changed(drawn_town, tmp_path, now):
    told = []
    folder = tmp_path / "basemap"
    build_basemap(drawn_town, folder, progress=told.append)
    assert len(told) == 5
    build_basemap(drawn_town, folder, progress=told.append)
    assert len(told) == 5
    origin = Origin(file="other.gpkg", source="A survey")
    x, y = towns.WEST, towns.SOUTH
    house = towns.layer("buildings", [box(x, y + 50, x + 9, y + 59)])
    drawn_town.write([Import(LAYERS["buildings"], house, origin)], at=now)
    build_basemap(drawn_town, folder, progress=told.append)
    assert len(told) == 10
    assert manifest(folder)["version"] == version_of(drawn_town)


def test_a_basemap_that_fails_leaves_the_old_one(drawn_town, tmp_path, now, monkeypatch):
    """Whoever looks at the map meanwhile sees the city as it was."""
    folder = tmp_path / "basemap"
    build_basemap(drawn_town, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    fewer = drawn_town.read("streets").iloc[:1]
    drawn_town.write([Import(LAYERS["streets"], fewer, Origin(file="a"))], at=now)

    def full(*_, **__):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(OSError, match="no space"):
        build_basemap(drawn_town, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir() if "tmp" in path.name) == []


def test_without_layers_there_is_no_basemap_and_no_fault(store, tmp_path):
    assert build_basemap(store, tmp_path / "basemap") == []
    assert manifest(tmp_path / "basemap")["themes"] == []


def test_a_browser_gets_the_piece_of_an_archive_it_asks_for(client, app, store):
    folder = app.config["SETTINGS"].var / "basemap"
    build_basemap(store, folder)
    whole = (folder / "streets.pmtiles").read_bytes()
    with client.get("/basemap/streets.pmtiles", headers={"Range": "bytes=3-9"}) as answer:
        assert answer.status_code == 206
        assert answer.data == whole[3:10]
        assert answer.headers["Content-Range"] == f"bytes 3-9/{len(whole)}"
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("name", ["nothing", "rails", "..%2Fsecret", "%2e%2e/store"])
def test_there_are_no_other_archives(client, name):
    assert client.get(f"/basemap/{name}.pmtiles").status_code == 404


def test_the_page_names_the_archives_by_their_version(client, app, store):
    """An address that changes with the city never shows an old one."""
    build_basemap(store, app.config["SETTINGS"].var / "basemap")
    page = client.get("/").text
    assert f"/basemap/streets.pmtiles?v={version_of(store)}" in page


def test_without_a_basemap_the_page_still_has_a_map(client):
    page = client.get("/").text
    assert 'class="canvas"' in page
    assert "pmtiles" not in page


# ---- features ----


def read(content):
    """Read GeoJSON."""
    return json.loads(content)


def test_features_are_told_in_degrees_with_ten_centimetres():
    """Easting 500 000 of zone 32 lies on its central meridian: 9° east."""
    table = towns.places([(500_000, 5_400_000)], name=["Mitte"])
    feature = read(feature_collection(table, ["name"]))["features"][0]
    east, north = feature["geometry"]["coordinates"]
    assert east == 9.0
    # length of the meridian up to 48.7529°: 5 400 000 m / 0.9996 on the ellipsoid GRS 80
    assert north == pytest.approx(48.7529, abs=0.001)
    assert len(str(north).split(".")[1]) <= 6
    assert feature["id"] == "0"
    assert feature["properties"] == {"name": "Mitte"}


def test_what_is_not_finite_is_null_and_numbers_are_short():
    table = towns.homes([(500_000, 5_400_000)] * 4, [1.0, 2.0, 3.0, 4.0])
    table["minutes"] = [7.123, np.nan, np.inf, -np.inf]
    told = [
        f["properties"]["minutes"] for f in read(feature_collection(table, ["minutes"]))["features"]
    ]
    assert told == [7.1, None, None, None]


def test_small_probabilities_are_not_rounded_away():
    table = towns.homes([(500_000, 5_400_000)] * 2, [1.0, 2.0]).assign(p=[0.03127, 2e-4])
    told = read(feature_collection(table, ["p"], fine=["p"]))["features"]
    assert [feature["properties"]["p"] for feature in told] == [0.03127, 0.0002]


def test_rows_without_a_place_are_not_drawn():
    table = towns.places([(500_000, 5_400_000), Point()], name=["hier", "nirgends"])
    told = read(feature_collection(table, ["name"]))["features"]
    assert [f["properties"]["name"] for f in told] == ["hier"]


def test_a_table_without_rows_is_a_collection_without_features():
    table = towns.places([(500_000, 5_400_000)]).iloc[:0]
    assert read(feature_collection(table, ["name"])) == {
        "type": "FeatureCollection",
        "more": 0,
        "features": [],
    }


def test_drawing_leaves_the_table_as_it_is():
    table = towns.places([(500_000.123456, 5_400_000.123456)])
    before = table.copy(deep=True)
    feature_collection(table, ["name", "kind"])
    assert table.equals(before)


def test_a_box_keeps_what_touches_it():
    """Three places 1 km apart; the box in degrees holds the one in the middle."""
    table = towns.places([(500_000 + 1000 * i, 5_400_000) for i in range(3)], name=list("abc"))
    west, south, east, north = table.to_crs(4326).iloc[[1]].total_bounds
    found = within(table, (west - 0.001, south - 0.001, east + 0.001, north + 0.001))
    assert list(found["name"]) == ["b"]
    assert within(table, None) is table


def test_what_was_left_out_is_counted():
    table = towns.places([(500_000, 5_400_000)] * 7)
    shown, more = at_most(table, 5)
    assert (len(shown), more) == (5, 2)
    assert at_most(table, 7)[1] == 0


def test_an_unchanged_layer_is_not_sent_again(client):
    first = client.get("/layers/streets/features")
    again = client.get("/layers/streets/features", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.data == b""


def test_long_answers_are_packed_for_those_who_can_unpack(client, store, now):
    table = towns.places([(towns.WEST + i, towns.SOUTH) for i in range(50)])
    store.write([Import(LAYERS["meeting_places"], table, Origin(file="places.csv"))], at=now)
    plain = client.get("/layers/meeting_places/features")
    packed = client.get("/layers/meeting_places/features", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "9,48,8,49", "nan,48,9,49", "0,0,400,1", ""])
def test_a_box_that_is_none_is_refused_in_words(client, text):
    answer = client.get(f"/layers/streets/features?bbox={text}")
    assert answer.status_code == 400
    assert f"bbox braucht West,Süd,Ost,Nord in Grad, nicht „{text}“" in answer.text


def test_cells_carry_the_minutes_worked_out_with_a_pencil(client):
    """Junction n lies n blocks of 111 m from the library: at 1.11 m/s n times 100 seconds."""
    features = read(client.get("/analyses/coverage/features?minutes=4").data)["features"]
    minutes = sorted(f["properties"]["minutes"] for f in features)
    assert minutes == pytest.approx([0, 1.7, 3.3, 5.0, 6.7], abs=0.05)
    uncovered = {f["properties"]["people_uncovered"] for f in features}
    assert uncovered == {0, 40, 50}


def test_the_assets_are_those_the_pages_ask_for():
    """Every vendored file that a page or a style names is copied at set-up."""
    asked = set()
    for path in (assets.ROOT / "geo_app").rglob("*"):
        if path.suffix in {".html", ".css", ".py"} and "vendor" not in path.parts:
            asked |= set(
                re.findall(r"vendor/([\w./-]+\.(?:js|css|woff2))", path.read_text("utf-8"))
            )
    assert asked <= set(assets.FILES.values())
