"""Files to take along: the same numbers in every format, and what a reader must know."""

from __future__ import annotations

import json
import sqlite3

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame
from shapely import Point, box

from geo_app.writers import FORMATS, Document, content, ending, write
from layers import Column, Table, Text

CRS = 25832
WEST, SOUTH = 500_000.0, 5_400_000.0
ABOUT = (("Name", "Places"), ("Source", "A pencil"), ("Licence", "CC0-1.0"), ("State", "2026"))
SPREADSHEET = '=HYPERLINK("https://evil.example")'


def document(**changes):
    """Return three rows: a point, one with unknown numbers, one without a location."""
    columns = {
        "name": ["Café “Süd”, 2. OG", SPREADSHEET, "+49 721 1234-5"],
        "people": [12.5, np.nan, np.inf],
        "count": [1, 2, 3],
        "open": [True, False, True],
    }
    table = GeoDataFrame(
        columns | changes,
        geometry=[Point(WEST, SOUTH), Point(WEST + 100, SOUTH), None],
        index=pd.Index(["a", "b", "c"], name="id"),
        crs=CRS,
    )
    further = Table(
        "curve",
        Text("Curve"),
        DataFrame({"minutes": [1.0, 2.0], "share": [50.0, np.inf]}),
        (Column("minutes", float, Text("Minutes"), "min"), Column("share", float, Text("share"))),
    )
    return Document("places", "Places: all", table, ABOUT, (further,))


def areas():
    """Return one square of 100 m."""
    square = box(WEST, SOUTH, WEST + 100, SOUTH + 100)
    return Document("areas", "Areas", GeoDataFrame({"n": [1]}, geometry=[square], crs=CRS), ABOUT)


@pytest.fixture(params=list(FORMATS))
def written(request, tmp_path):
    """Write the three rows in every format in turn; return ending and path."""
    path = tmp_path / f"places.{request.param}"
    write(document(), path)
    return request.param, path


def read(path):
    """Return the rows of a file as a planner's program reads them."""
    return {
        "gpkg": lambda: pyogrio.read_dataframe(path, layer="places"),
        "geojson": lambda: pyogrio.read_dataframe(path),
        "parquet": lambda: geopandas.read_parquet(path),
        "csv": lambda: pd.read_csv(path),
        "xlsx": lambda: pd.read_excel(path, sheet_name=0),
    }[ending(path)]()


def test_every_format_holds_the_same_rows(written):
    _, path = written
    table = read(path)
    assert table["id"].tolist() == ["a", "b", "c"]
    assert table["name"][0] == "Café “Süd”, 2. OG"
    assert table["count"].tolist() == [1, 2, 3]
    assert table["open"].astype(bool).tolist() == [True, False, True]


def test_what_is_not_known_is_an_empty_cell(written):
    """Neither NaN nor infinity reaches a file as a word or a number."""
    _, path = written
    people = read(path)["people"]
    assert people[0] == 12.5
    assert people[1:].isna().all()
    if path.suffix in {".csv", ".geojson"}:
        text = path.read_text(encoding="utf-8").lower()
        assert "nan" not in text.replace("finance", "")
        assert "inf" not in text


def test_a_row_without_a_location_has_none_in_any_format(written):
    _, path = written
    row = read(path).iloc[2]
    for column in {"geometry", "lon", "lat", "wkt"} & set(row.index):
        assert row[column] is None or pd.isna(row[column])


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path):
    """Anyone may name a place in OpenStreetMap; a clerk opens it in a spreadsheet."""
    write(document(), tmp_path / "places.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "places.xlsx").worksheets[0]
    names = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in names} == {"s"}
    assert names[1].value == SPREADSHEET
    write(document(), tmp_path / "places.csv")
    table = pd.read_csv(tmp_path / "places.csv")
    assert table["name"][1] == f"'{SPREADSHEET}"
    assert table["name"][2] == "+49 721 1234-5"


def test_geojson_is_in_degrees_and_strict_json(tmp_path):
    """500,000 m east in zone 32 is 9 degrees by definition."""
    write(document(), tmp_path / "places.geojson")

    def refuse(word):
        raise AssertionError(word)

    told = json.loads((tmp_path / "places.geojson").read_text("utf-8"), parse_constant=refuse)
    east, north = told["features"][0]["geometry"]["coordinates"]
    assert east == pytest.approx(9, abs=1e-6)
    assert 48 < north < 49
    assert told["features"][2]["geometry"] is None


def test_tables_for_a_spreadsheet_say_where_a_row_is(tmp_path):
    write(document(), tmp_path / "places.csv")
    table = pd.read_csv(tmp_path / "places.csv")
    assert table["lon"][0] == pytest.approx(9, abs=1e-6)
    assert "wkt" not in table


def test_areas_keep_their_outline_in_a_csv_file(tmp_path):
    """The point stands inside, the outline beside it."""
    write(areas(), tmp_path / "areas.csv")
    table = pd.read_csv(tmp_path / "areas.csv")
    back = geopandas.GeoSeries.from_wkt(table["wkt"], crs=4326).to_crs(CRS)
    assert back.area[0] == pytest.approx(100 * 100, rel=1e-3)
    spot = geopandas.GeoSeries.from_xy(table["lon"], table["lat"], crs=4326).to_crs(CRS)
    assert back.contains(spot)[0]


@pytest.mark.parametrize("extension", ["gpkg", "parquet"])
def test_files_for_a_gis_keep_the_citys_own_metres(tmp_path, extension):
    path = tmp_path / f"places.{extension}"
    write(document(), path)
    table = read(path)
    assert table.crs.to_epsg() == CRS
    assert table.geometry[0].equals(Point(WEST, SOUTH))


def test_every_format_with_room_for_it_tells_source_and_licence(written):
    """Licences ask for it, and readers should."""
    extension, path = written
    if extension == "csv":
        return  # plain by intent: nothing but rows
    told = {
        "gpkg": lambda: str(pyogrio.read_info(path, layer="places")["layer_metadata"]),
        "geojson": lambda: path.read_text("utf-8"),
        "parquet": lambda: str(pq.read_schema(path).metadata[b"about"], "utf-8"),
        "xlsx": lambda: str(list(openpyxl.load_workbook(path)["About"].values)),
    }[extension]()
    for word in ("A pencil", "CC0-1.0", "2026"):
        assert word in told


def test_a_geopackage_carries_the_further_tables_and_their_titles(tmp_path):
    path = tmp_path / "places.gpkg"
    write(document(), path)
    curve = pyogrio.read_dataframe(path, layer="curve", read_geometry=False)
    assert curve["minutes"].tolist() == [1, 2]
    assert curve["share"].isna().tolist() == [False, True]
    with sqlite3.connect(path) as database:
        titles = dict(database.execute("SELECT table_name, identifier FROM gpkg_contents"))
    assert titles == {"places": "Places: all", "curve": "Curve"}


def test_a_workbook_has_a_sheet_for_every_table_and_one_about_it_all(tmp_path):
    """Sheet names may not hold a colon."""
    write(document(), tmp_path / "places.xlsx")
    book = openpyxl.load_workbook(tmp_path / "places.xlsx")
    assert book.sheetnames == ["Places  all", "Curve", "About"]


def test_an_older_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "areas.gpkg"
    write(document(), path)
    write(areas(), path)
    assert [name for name, _ in pyogrio.list_layers(path)] == ["areas"]


def test_what_is_written_is_not_changed():
    """The table belongs to the store; files get a copy."""
    given = document()
    before = given.table.copy()
    for extension in FORMATS:
        assert content(given, extension)
    pd.testing.assert_frame_equal(DataFrame(given.table), DataFrame(before))


def test_a_table_without_rows_can_be_written_in_every_format(tmp_path):
    bare = document()
    nothing = Document("places", "Places", bare.table.iloc[:0], ABOUT)
    for extension in FORMATS:
        write(nothing, tmp_path / f"nothing.{extension}")
        assert (tmp_path / f"nothing.{extension}").stat().st_size


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(KeyError):
        write(areas(), tmp_path / "areas.doc")
