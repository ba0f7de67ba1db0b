"""Pages about the dark from outside: lines of the map, spots that ran out, files to take along."""

import pytest
from shapely import box

from geo_app import create_app

from .test_after_dark import underpass
from .test_web import fill, settings
from .towns import SOUTH, WEST, layer

SPOT = box(WEST + 222, SOUTH - 50, WEST + 333, SOUTH + 50)
MEASURED = "minutes=6&dark_factor=2&spot_factor=2"


def spots(until):
    return layer(
        "pins", [SPOT], unit=["cell_100"], kind=["unsafe"], marks=[7], place=["Bahnhof"],
        daytimes=["night"], factors=["poor_light"], expires_on=[until],
    )  # fmt: skip


def reader(folder, until):
    """Open the town with the dark underpass and a marked spot in a store of its own."""
    configured = settings(folder)
    fill(configured, streets=underpass()["streets"], pins=spots(until))
    return create_app(configured).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Return a reader of the town whose spot has run out."""
    return reader(tmp_path_factory.mktemp("over"), "2026-01-31")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Return a reader of the town whose spot is still shown."""
    return reader(tmp_path_factory.mktemp("shown"), "")


def test_unlit_ways_are_drawn_beside_the_cells(client):
    """One of four blocks is unlit."""
    found = client.get("/analyses/after_dark/lines").get_json()
    assert [f["geometry"]["type"] for f in found["features"]] == ["LineString"]
    assert "/analyses/after_dark/lines" in client.get("/analyses/after_dark").text


def test_only_analyses_with_lines_draw_lines(client):
    assert client.get("/analyses/coverage/lines").status_code == 404


def test_a_spot_that_has_run_out_slows_nobody(client, marked):
    """Only the underpass is listed, beside the spot only while that is shown."""
    ways = client.get(f"/analyses/criticality/features?{MEASURED}").get_json()["features"]
    assert [f["properties"]["what"] for f in ways] == ["unlit"]
    both = marked.get(f"/analyses/criticality/features?{MEASURED}").get_json()["features"]
    assert sorted(f["properties"]["what"] for f in both) == ["spot", "unlit"]


def test_day_and_dark_are_never_one_number(marked):
    """The coverage by day is the same with and without spots, lamps and the dark."""
    day = marked.get("/analyses/coverage?minutes=6&lang=en").text
    dark = marked.get(f"/analyses/after_dark?{MEASURED}&lang=en").text
    assert "By day:" in dark
    assert "After dark:" in dark
    assert "dark" not in day.split('id="answer"')[1].split("</section>")[0].lower()


@pytest.mark.parametrize("extension", ["gpkg", "geojson", "parquet", "csv", "xlsx"])
@pytest.mark.parametrize("name", ["after_dark", "criticality"])
def test_files_can_be_taken_along(marked, name, extension):
    """Lines and areas stand in one file where ways and spots are listed together."""
    response = marked.get(f"/analyses/{name}/download.{extension}?{MEASURED}")
    assert response.status_code == 200
    assert len(response.data) > 100


def test_factors_out_of_bounds_are_refused_in_words(client):
    response = client.get("/analyses/after_dark?dark_factor=0.5&lang=en")
    assert response.status_code == 400
    assert "1 to 8" in response.text
