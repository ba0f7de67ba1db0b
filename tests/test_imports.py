"""`import`: files into the store, all or nothing, with what happened on the way told."""

import shutil
from pathlib import Path

import geopandas
import pytest
from click.testing import CliRunner
from shapely import box

from geo_app.cli import main
from geo_app.store import Store

DATA = Path("../shared/data")
real = [
    pytest.mark.city,
    pytest.mark.skipif(not DATA.exists(), reason="real data are not here"),
]

EXTRACT = """<osm version="0.6">
<node id="1" lon="8.396" lat="49.000"/><node id="2" lon="8.398" lat="49.000"/>
<node id="3" lon="8.398" lat="49.002"/><node id="4" lon="8.396" lat="49.002"/>
<node id="5" lon="8.397" lat="49.001"><tag k="amenity" v="library"/></node>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="highway" v="residential"/></way></osm>"""
GRID = "x,y,Einwohner\n4203500,2877500,600\n"
PLACES = "kind;name;lon;lat\nlibrary;Mitte;8,401;49,001\nBank;Parkbank;8,401;49,001\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command beside a fresh store; returns what it printed."""
    monkeypatch.setenv("GEO_APP_STORE", f"sqlite:///{tmp_path}/city.sqlite")
    monkeypatch.setenv("GEO_APP_VAR", str(tmp_path / "var"))
    (tmp_path / "town.osm").write_text(EXTRACT, encoding="utf-8")
    (tmp_path / "grid.csv").write_text(GRID, encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")

    def runner(command, *arguments, code=0):
        told = [str(tmp_path / a) if (tmp_path / a).is_file() else a for a in arguments]
        result = CliRunner().invoke(main, ["import", command, *told], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    return runner


@pytest.fixture
def store(tmp_path, run):  # noqa: ARG001 - the settings of `run` name the store
    """Return the store that commands write to."""
    return lambda: Store.open(f"sqlite:///{tmp_path}/city.sqlite", crs="EPSG:25832")


def test_an_extract_fills_the_store_and_draws_the_basemap(run, store, tmp_path):
    """Streets and places are there, their source is told, and the map has a ground."""
    told = run("osm", "town.osm")
    assert "© OpenStreetMap contributors" in told
    assert sorted(store().names()) == ["meeting_places", "streets"]
    assert (tmp_path / "var" / "basemap" / "streets.pmtiles").exists()


def test_census_cells_are_kept_in_reach_of_the_streets_and_put_along_them(run, store):
    """The 1 km cell is cut at the outline of the town's streets and put along them."""
    run("osm", "town.osm")
    told = run("zensus", "grid.csv", "--everything")
    assert "1 area by length of residential streets" in told
    assert store().read("population")["residents"].sum() == pytest.approx(600)
    assert store().read("population")["downscaled"].all()
    told = run("zensus", "grid.csv")
    assert 0 < store().read("population")["residents"].sum() < 600
    assert "live outside" in told


def test_people_beyond_the_box_of_the_extract_are_left_out(run, store, tmp_path):
    """The extract says where it ends: of the square kilometre only that part is counted."""
    box = '<osm version="0.6"><bounds minlat="48.9" minlon="8.3" maxlat="49.001" maxlon="8.5"/>'
    cut = EXTRACT.replace('<osm version="0.6">', box)
    (tmp_path / "town.osm").write_text(cut, encoding="utf-8")
    run("osm", "town.osm")
    assert store().provenance("streets").extent.startswith("POLYGON ((8.5 48.9")
    told = run("zensus", "grid.csv")
    people = store().read("population")["residents"].sum()
    assert 100 < people < 500
    assert f"about {round(600 - people)} of the 600 people there are left out" in told
    run("zensus", "grid.csv", "--everything")
    assert store().read("population")["residents"].sum() == pytest.approx(600)


def test_districts_beyond_the_extract_are_not_dropped_in_silence(run, store, tmp_path):
    """Of two districts with people the map shows one: the people of the other are told."""
    box_of = '<osm version="0.6"><bounds minlat="48.9" minlon="8.3" maxlat="49.1" maxlon="8.5"/>'
    (tmp_path / "town.osm").write_text(EXTRACT.replace('<osm version="0.6">', box_of))
    run("osm", "town.osm")
    shapes = [box(8.39, 48.99, 8.41, 49.01), box(9.39, 48.99, 9.41, 49.01)]
    table = geopandas.GeoDataFrame({"residents": [900, 700]}, geometry=shapes, crs="EPSG:4326")
    table.to_file(tmp_path / "people.gpkg")
    told = run("table", "people.gpkg", "--layer", "population")
    assert store().read("population")["residents"].sum() == pytest.approx(900)
    assert "about 700 of the 700 people there are left out" in told
    assert "live outside" not in told
    table.iloc[1:].to_file(tmp_path / "elsewhere.gpkg")
    told = run("table", "elsewhere.gpkg", "--layer", "population", code=2)
    assert "none of these areas lies where the map data are" in told
    assert store().read("population")["residents"].sum() == pytest.approx(900)


def test_coarse_cells_stay_as_they_are_on_request(run, store):
    """`--downscale none` keeps the square kilometre."""
    run("osm", "town.osm")
    run("zensus", "grid.csv", "--everything", "--downscale", "none")
    assert list(store().read("population")["residents"]) == [600]


def test_without_a_city_the_border_is_asked_for(run):
    """Neither districts nor streets: nobody knows where the city ends."""
    assert "import districts or streets first" in run("zensus", "grid.csv", code=2)


def test_weights_that_are_not_there_are_asked_for(run):
    """`--downscale buildings` needs buildings."""
    run("osm", "town.osm")
    told = run("zensus", "grid.csv", "--downscale", "buildings", code=2)
    assert "--downscale buildings needs that layer" in told


def test_a_table_is_read_as_its_options_say(run, store):
    """Words, constants and provenance come from the command line."""
    told = run(
        "table", "places.csv", "--layer", "meeting_places", "--crs", "EPSG:4326",
        "--map", "kind:*=", "--set", "fee=nein", "--source", "Stadt", "--licence", "CC0",
    )  # fmt: skip
    assert "1 row was left out as wished" in told
    table = store().read("meeting_places")
    assert table[["kind", "name", "fee"]].to_numpy().tolist() == [["library", "Mitte", "no"]]
    assert store().provenance("meeting_places").licence == "CC0"


def test_a_second_import_says_what_it_replaces_and_how_to_undo_it(run, store):
    """Whoever imports the wrong file reads the way back at once."""
    assert "replaces" not in run("osm", "town.osm")
    told = run(
        "table", "places.csv", "--layer", "meeting_places", "--crs", "EPSG:4326", "--map", "kind:*="
    )
    assert "replaces 1 row; undo with: python -m geo_app layers --restore meeting_places" in told
    told = CliRunner().invoke(main, ["layers", "--restore", "meeting_places"]).output
    assert "meeting_places: back to 1 row of town.osm" in told
    assert list(store().read("meeting_places").index) == ["node/5"]


def test_a_remark_about_several_layers_is_told_once(run, tmp_path):
    """An area that is not whole concerns buildings, places and the ground: one line, not three."""
    broken = EXTRACT.replace(
        "</osm>",
        '<relation id="9"><member type="way" ref="99" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation>'
        '<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>'
        '<tag k="building" v="yes"/></way></osm>',
    )
    (tmp_path / "town.osm").write_text(broken, encoding="utf-8")
    told = run("osm", "town.osm")
    assert told.count("an outline that is open or not whole") == 1
    assert "buildings, meeting_places:" in told or "meeting_places, buildings:" in told


def test_a_boundary_around_nothing_changes_nothing(run, store, tmp_path):
    """The outline of another city: no layer is emptied, and the likely slip is told."""
    run("osm", "town.osm")
    before = {name: store().provenance(name).version for name in store().names()}
    outline = geopandas.GeoDataFrame(geometry=[box(13.0, 52.0, 13.1, 52.1)], crs="EPSG:4326")
    outline.to_file(tmp_path / "border.geojson")
    told = run("osm", "town.osm", "--boundary", str(tmp_path / "border.geojson"), code=2)
    assert "nothing of the file lies inside the boundary, so nothing was changed" in told
    assert {name: store().provenance(name).version for name in store().names()} == before


def test_a_broken_table_leaves_the_store_as_it_was(run, store):
    """Nothing is half imported: the old places stay."""
    run("osm", "town.osm")
    before = store().provenance("meeting_places").hash
    told = run("table", "places.csv", "--layer", "meeting_places", "--crs", "EPSG:4326", code=2)
    assert "--map" in told
    assert store().provenance("meeting_places").hash == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--column", "kind"], "has no “=”; write it as THEIRS=OURS"),
        (["--geometry-from", "districts"], "belong together"),
        (["--geometry-from", "districts", "--key", "nr=id"], "no layer “districts” in the store"),
    ],
)
def test_options_that_lack_a_half_are_explained(run, arguments, said):
    """A slip in an option is told before the file is touched."""
    assert said in run("table", "places.csv", "--layer", "meeting_places", *arguments, code=2)


@pytest.mark.parametrize("command", ["osm", "zensus", "table"])
def test_each_command_has_help_with_examples(run, command):
    """Whoever asks for help sees how it is done."""
    assert "Examples:" in run(command, "--help")


@pytest.mark.parametrize("mark", [pytest.param(None, marks=real)])
def test_the_commands_of_the_readme_work_for_kirchfeld(run, store, tmp_path, mark):  # noqa: ARG001
    """OpenStreetMap first, census second; then the city can be asked."""
    for file in ("osr_karlsruhe_kirchfeld.osm.pbf", "zensus2011_1km.csv"):
        shutil.copy(DATA / "karlsruhe_neureut" / file, tmp_path / file)
    run("osm", "osr_karlsruhe_kirchfeld.osm.pbf")
    told = run("zensus", "zensus2011_1km.csv")
    assert "floor space of buildings" in told
    assert "the map data end inside 6 of the coarser areas" in told
    people = store().read("population")
    assert 4_000 < people["residents"].sum() < 6_000
    assert (people["residents"] / people.area * 10_000).max() < 200
