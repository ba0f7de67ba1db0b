"""A city's own tables: formats, columns, words, coordinates, and one sentence for every fault."""

from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from shapely import LineString, MultiLineString, Point, Polygon, box

from geo_app.readers import table_files
from geo_app.readers.errors import ReadError
from geo_app.readers.tables import Joining, Wishes, read_table, write_template
from layers import LAYERS

UTM = "EPSG:25832"
KOELN = Path("../shared/data/koeln")
PLACES, PEOPLE = LAYERS["meeting_places"], LAYERS["population"]
AT = (457_000.0, 5_430_000.0)
"""A spot in Karlsruhe in UTM zone 32."""

FALSE_EASTING = CRS.from_proj4(
    "+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=2500000 +y_0=0 +ellps=GRS80 +units=m"
)
"""UTM zone 32 with a false easting of 2,500,000, as old shapefiles of cities have it."""


@pytest.fixture
def read(tmp_path):
    """Read a table written as text; returns the import."""

    def reader(content, layer=PLACES, name="table.csv", encoding="utf-8", **wishes):
        file = tmp_path / name
        file.write_bytes(content.encode(encoding))
        (found,) = read_table(file, layer, crs=UTM, wishes=Wishes(**wishes))
        return found

    return reader


@pytest.fixture
def faults(read):
    """Return the sentences with which a table is refused."""

    def refused(*args, **wishes):
        with pytest.raises(ReadError) as caught:
            read(*args, **wishes)
        return "\n".join(caught.value.faults)

    return refused


@pytest.fixture
def spatial(tmp_path):
    """Write a GeoDataFrame to a file and read it back as a layer."""

    def reader(table, layer=PLACES, name="table.gpkg", **wishes):
        file = tmp_path / name
        table.to_parquet(file) if name.endswith("parquet") else table.to_file(file)
        (found,) = read_table(file, layer, crs=UTM, wishes=Wishes(**wishes))
        return found

    return reader


def libraries(*shapes, crs=UTM, **columns):
    """Return a table of libraries at the shapes given."""
    rows = {"kind": ["library"] * len(shapes)} | columns
    return GeoDataFrame(rows, geometry=list(shapes), crs=crs)


# formats --------------------------------------------------------------------------------------

CSV = "kind;name;x;y\nlibrary;Bücherei Mitte;457000,5;5430000\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CSV, "utf-8"),
        (CSV, "utf-8-sig"),
        (CSV, "cp1252"),
        (CSV, "utf-16"),
        (CSV.replace(",", ".").replace(";", ","), "utf-8"),
        (CSV.replace(";", "\t"), "utf-8"),
        (CSV.replace("457000,5", '"457.000,5"'), "utf-8"),
    ],
)
def test_delimiter_decimal_sign_and_encoding_are_found_out(read, content, encoding):
    """However the office saved its CSV, the library is where it is."""
    (row,) = (row for _, row in read(content, encoding=encoding, crs=UTM).table.iterrows())
    assert row["name"] == "Bücherei Mitte"
    assert row.geometry.equals(Point(457_000.5, 5_430_000))


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.fgb", "a.parquet"])
def test_spatial_formats_bring_their_coordinates(spatial, name):
    """GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GeoParquet: the same place from each."""
    table = libraries(Point(AT), name=["Mitte"])
    table = table.to_crs(4326) if name.endswith("geojson") else table
    (shape,) = spatial(table, name=name).table.geometry
    assert shape.distance(Point(AT)) < 0.01


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path):
    """Cells of XLSX keep their types: a date, a number, an empty cell."""
    book = openpyxl.Workbook()
    book.active.append(["kind", "lon", "lat", "capacity", "checked_on", "fee"])
    book.active.append(["library", 8.4, 49.0, 80, date(2026, 1, 31), "nein"])
    book.active.append(["library", 8.5, 49.1, None, None, None])
    book.save(tmp_path / "a.xlsx")
    (found,) = read_table(tmp_path / "a.xlsx", PLACES, crs=UTM, wishes=Wishes(crs="EPSG:4326"))
    assert list(found.table["checked_on"]) == ["2026-01-31", ""]
    assert list(found.table["fee"]) == ["no", "unknown"]
    assert found.table["capacity"].iloc[0] == 80
    assert np.isnan(found.table["capacity"].iloc[1])


def test_one_of_several_tables_must_be_chosen(tmp_path):
    """A GeoPackage with two tables lists both; a wrong name too."""
    for name in ("orte", "wege"):
        pyogrio.write_dataframe(libraries(Point(AT)), tmp_path / "a.gpkg", layer=name)
    with pytest.raises(ReadError, match=r"orte, wege; choose one with --table"):
        read_table(tmp_path / "a.gpkg", PLACES, crs=UTM)
    with pytest.raises(ReadError, match="no table “ort”"):
        read_table(tmp_path / "a.gpkg", PLACES, crs=UTM, wishes=Wishes(table="ort"))
    (found,) = read_table(tmp_path / "a.gpkg", PLACES, crs=UTM, wishes=Wishes(table="orte"))
    assert len(found.table) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "file is empty"),
        ("a.csv", "kind;x;y\n", "no rows"),
        ("a.csv", "kind x y\nlibrary 1 2\n", "only one column"),
        ("a.csv", "\n \n", "file is empty; it was probably not fully saved"),
        ("a.csv", "kind,x,y\nlibrary,1,2\nlibrary,1,2,3,4\n", "1 row has more cells than the"),
        (
            "a.csv",
            "#a\n\nkind,x,y\nlibrary,8,4,49,0\n",
            "which has 3 with “,” between them (row 4)",
        ),
        (
            "a.csv",
            'kind;x;y\nlibrary;1;"2\nlibrary;1;2\n',
            "quotation mark is opened in it and never",
        ),
        ("a.csv", "PK\x03\x04\0\0", "a workbook or a zip archive under another name"),
        ("a.csv", "\0\1\2", "not a text table"),
        ("a.csv", "<!DOCTYPE html><p>Anmeldung", "this is a web page"),
        ("a.geojson", "<html><p>404", "this is a web page"),
        ("a.gpkg", "version https://git-lfs.github.com/spec/v1", "placeholder of a large file"),
        ("a.gpkg", "SQLite format 3", "no whole .gpkg file (15 bytes): it was probably cut off"),
        ("a.fgb", "fgb", "no whole .fgb file"),
        ("a.shp", "shp", ".shx .dbf are not beside this one"),
        ("a.zip", "no zip", "archive cannot be opened"),
        ("a.xlsx", "no zip", "no workbook, or it is damaged"),
        ("a.parquet", "PAR", "no whole .parquet file"),
        (
            "a.geojson",
            '{"type": "FeatureCollection",\n "features": [{',
            "breaks in line 2, at letter 16",
        ),
        ("a.geojson", "[1, 2]", "no GeoJSON with features"),
        ("a.docx", "x", "“.docx” files are not known"),
        ("a.xls", "x", "save it as .xlsx or .csv"),
        ("a.osm.pbf", "x", "import osm"),
    ],
)
def test_files_that_cannot_be_read_get_a_sentence(faults, name, content, said):
    """Empty, cut off, of an unknown kind: each is told what to do."""
    assert said in faults(content, name=name)


def test_no_library_speaks_to_people(faults):
    """Words of GDAL, pandas and zip files help nobody."""
    for name in ("a.gpkg", "a.shp", "a.geojson", "a.xlsx", "a.parquet", "a.zip", "a.kml"):
        told = faults("x" * 40, name=name)
        for word in ("not recognized", "GDAL", "BadZip", "zip file", "magic bytes", "Footer", "b'"):
            assert word.casefold() not in told.casefold()


def test_old_and_locked_workbooks_are_recognised(tmp_path):
    """An .xls that was only renamed, or a workbook with a password."""
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(ReadError, match=r"old kind .*or one with a password"):
        read_table(tmp_path / "a.xlsx", PLACES, crs=UTM)


def test_a_shapefile_without_its_table_is_told(tmp_path):
    """Whoever copies only .shp and .shx loses all columns."""
    libraries(Point(AT)).to_file(tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(ReadError, match=r"several files, and .dbf is not beside this one"):
        read_table(tmp_path / "a.shp", PLACES, crs=UTM)
    (tmp_path / "a.dbf").write_bytes(b"")
    (tmp_path / "a.shp").write_bytes(b"cut off")
    with pytest.raises(ReadError, match="do not belong together"):
        read_table(tmp_path / "a.shp", PLACES, crs=UTM)


def test_a_wrong_delimiter_is_told_with_the_likely_one(faults):
    """Who names a comma for a table with semicolons is not left alone."""
    assert 'try --delimiter ";"' in faults(CSV.replace("457000,5", "457000"), delimiter="|")


def test_a_missing_file_gets_a_sentence(tmp_path):
    """No stack trace for a typing error."""
    with pytest.raises(ReadError, match="no such file"):
        read_table(tmp_path / "no.csv", PLACES, crs=UTM)


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path):
    """2 GB of GeoJSON need 10 GB; with 4 GB free the answer is how to cut it."""
    file = tmp_path / "germany.geojson"
    with file.open("wb") as large:
        large.truncate(2_000_000_000)
    with pytest.raises(ReadError, match=r"has 2 GB and would need about 10 GB.*4 GB are free"):
        table_files.check_memory(file, 4_000_000_000)
    table_files.check_memory(file, 16_000_000_000)
    assert table_files.available_memory() > 1_000_000


BLOCK = "POLYGON((457000 5430000,457100 5430000,457100 5430100,457000 5430000))"

# columns and words ----------------------------------------------------------------------------


def test_columns_are_named_added_up_and_joined(read):
    """Age bands of a register add up to our groups, street and number to an address."""
    people = read(
        f"nr;wkt;EW;0-5;6-9\n7;{BLOCK};900;20;30\n",
        PEOPLE,
        columns=[("nr", "id"), ("EW", "residents"), ("0-5 + 6-9", "under_10"), ("0-5", "under_18")],
        crs=UTM,
    )
    assert people.table.loc["7", ["residents", "under_10", "under_18"]].to_list() == [900, 50, 20]
    houses = read(
        f"x;y;wkt;Straße;Nr\n1;2;{BLOCK};Weg;3a\n",
        LAYERS["buildings"],
        columns=[("Straße", "address"), ("Nr", "address")],
        crs=UTM,
    )
    assert list(houses.table["address"]) == ["Weg 3a"]


def test_a_sum_with_an_unknown_part_is_unknown(read):
    """20 and not known are not 20."""
    people = read(
        f"wkt;residents;a;b\n{BLOCK};9;20;\n",
        PEOPLE,
        columns=[("a + b", "under_10")],
        crs=UTM,
    )
    assert people.table["under_10"].isna().all()


def test_words_are_translated_and_other_rows_left_out(read):
    """A bakery is no library; what the layer knows itself needs no translation."""
    found = read(
        "art;x;y\nBücherei;1;2\nBank;1;2\nCafe;457000;5430000\nBÜCHEREI;457000;5430000\n".replace(
            ";1;2", ";457000;5430000"
        ),
        columns=[("art", "kind")],
        meanings={"kind": {"Bücherei": "library", "*": ""}},
        crs=UTM,
    )
    assert list(found.table["kind"]) == ["library", "cafe", "library"]
    assert any("1 row was left out" in remark for remark in found.origin.remarks)


def test_constants_hold_for_all_rows(read):
    """A table of libraries does not say that they are."""
    found = read(
        "name;x;y\nMitte;457000;5430000\n", constants={"kind": "library", "fee": "nein"}, crs=UTM
    )
    assert found.table.iloc[0][["kind", "fee"]].to_list() == ["library", "no"]


@pytest.mark.parametrize(
    ("word", "kept"),
    [("ja", "yes"), ("Ja", "yes"), ("x", "yes"), ("1", "yes"), ("nein", "no"), ("no", "no"),
     ("0", "no"), ("", "unknown"), ("unbekannt", "unknown"), ("k.A.", "unknown"),
     ("teilweise", "unknown")],
)  # fmt: skip
def test_yes_and_no_are_read_in_german_and_english(read, word, kept):
    """An empty cell is unknown, never no; "partly step-free" promises nothing."""
    found = read(f"kind;step_free;x;y\nlibrary;{word};457000;5430000\n", crs=UTM)
    assert list(found.table["step_free"]) == [kept]


def test_words_that_nobody_knows_are_told_with_the_way_out(faults):
    """The sentence holds the option to type."""
    told = faults("kind;fee;x;y\nBiblothek;manchmal;457000;5430000\n", crs=UTM)
    assert '--map "kind:Biblothek=' in told
    assert "column “fee” takes yes, no or unknown" in told
    assert "“manchmal”" in told


def test_several_topics_in_one_cell_are_read(read):
    """Semicolons or commas, our words or their labels."""
    found = read(
        "name;topics;x;y\nRat;Debt, violence;457000;5430000\n",
        LAYERS["counselling_services"],
        crs=UTM,
    )
    assert list(found.table["topics"]) == ["debt;violence"]


def test_missing_columns_are_told_with_names_that_come_close(faults):
    """`kinds` is probably `kind`; the list of all columns is shown."""
    told = faults("kinds;x;y\nlibrary;457000;5430000\n", crs=UTM)
    assert "column “kind” is missing" in told
    assert "close: kinds" in told
    told = faults("art;x;y\nlibrary;457000;5430000\n", columns=[("Arten", "kind")], crs=UTM)
    assert "no column “Arten” – close: art" in told
    told = faults("art;x;y\nlibrary;457000;5430000\n", columns=[("art", "kin")], crs=UTM)
    assert "“kin” is no column of meeting_places" in told
    assert "close: kind" in told


@pytest.mark.parametrize(
    ("written", "number"),
    [("1.234,5", 1234.5), ("1234,5", 1234.5), ("1.234.567", 1234567), ("1,234.5", 1234.5),
     ("12", 12), ("1 234", 1234), ("–", None), ("", None), ("k.A.", None), ("0.125", 0.125)],
)  # fmt: skip
def test_numbers_are_read_as_offices_write_them(read, written, number):
    """Dots between thousands, decimal commas, dashes for nothing."""
    value = (
        read(f'kind;capacity;x;y\nlibrary;"{written}";457000;5430000\n', crs=UTM)
        .table["capacity"]
        .iloc[0]
    )
    assert np.isnan(value) if number is None else value == number


def test_a_number_that_may_be_two_numbers_is_asked_about(faults, read):
    """1.234 is 1234 in one office and 1,234 in another."""
    table = "kind;capacity;x;y\nlibrary;1.234;457000;5430000\n"
    assert "1.234 may mean 1234 or 1,234; say it with --decimal" in faults(table, crs=UTM)
    assert read(table, crs=UTM, decimal=",").table["capacity"].iloc[0] == 1234
    assert read(table, crs=UTM, decimal=".").table["capacity"].iloc[0] == 1.234


def test_words_where_numbers_belong_are_told(faults):
    """The row is named."""
    told = faults("kind;capacity;x;y\nlibrary;viele;457000;5430000\n", crs=UTM)
    assert "“capacity” must hold numbers" in told
    assert "“viele”" in told


@pytest.mark.parametrize(
    ("written", "kept"), [("2026-01-31", "2026-01-31"), ("31.1.2026", "2026-01-31"), ("", "")]
)
def test_days_are_read_in_both_forms(read, written, kept):
    """Kept as ISO days."""
    found = read(f"kind;checked_on;x;y\nlibrary;{written};457000;5430000\n", crs=UTM)
    assert list(found.table["checked_on"]) == [kept]


@pytest.mark.parametrize(
    ("written", "said"),
    [("45322", "Excel’s day numbers"), ("1899-12-30", "1899"), ("00.01.1900", "1900"),
     ("31.02.2026", "whole dates"), ("2026", "whole dates"), ("gestern", "whole dates")],
)  # fmt: skip
def test_days_that_are_none_get_a_sentence(faults, written, said):
    """Serial numbers and the year 1899 come from spreadsheets."""
    assert said in faults(f"kind;checked_on;x;y\nlibrary;{written};457000;5430000\n", crs=UTM)


def test_ids_come_from_their_column_and_must_be_unique(read, faults):
    """Without ids rows are numbered from 1."""
    table = "id;nr;kind;x;y\na;1;library;457000;5430000\na;2;library;457000;5430000\n"
    assert "2 ids" not in faults(table, crs=UTM)
    assert "1 id occurs more than once, such as a" in faults(table, crs=UTM)
    assert list(read(table, crs=UTM, columns=[("nr", "id")]).table.index) == ["1", "2"]
    assert list(read(CSV, crs=UTM).table.index) == ["1"]


def test_rows_are_counted_as_the_spreadsheet_shows_them(faults, tmp_path):
    """The header is row 1; comments and empty lines count, as on the clerk's screen."""
    told = faults("# Stand 2026\n\nkind;fee;x;y\n\nlibrary;vielleicht;457000;5430000\n", crs=UTM)
    assert "“vielleicht” (row 5)" in told
    assert "the header is row 1" in told
    book = openpyxl.Workbook()
    for row in (["kind", "fee", "x", "y"], ["library", "ja", *AT], [], ["library", "hm", *AT]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ReadError, match=r"“hm” \(row 4\)"):
        read_table(tmp_path / "a.xlsx", PLACES, crs=UTM, wishes=Wishes(crs=UTM))


def test_features_of_a_map_file_are_counted_from_1(spatial):
    """Whatever they are called; ids are another thing."""
    table = libraries(Point(AT), Point(AT), fee=["ja", "hm"], id=["a", "b"])
    with pytest.raises(ReadError, match=r"“hm” \(row 2\).*features of the file, counted from 1"):
        spatial(table)


def test_faults_of_places_do_not_wait_for_those_of_words(faults):
    """A word in a coordinate, an empty one, a wrong fee and a lacking column make one list."""
    told = faults("fee;x;y\nhm;457000;5430000\nja;hier;5430000\nja;;\n", crs=UTM)
    for said in ("column “kind” is missing", "“hm” (row 2)", "“hier” (row 3)",
                 "1 row is without a place (geometry): row 4"):  # fmt: skip
        assert said in told


def test_rules_of_a_layer_are_told_with_the_other_faults(faults):
    """A shelter with coordinates and a topic nobody knows."""
    told = faults(
        "name;topics;protected;by_phone;x;y\nA;debt;ja;ja;457000;5430000\nB;xyz;nein;ja;;\n",
        LAYERS["counselling_services"],
        crs=UTM,
    )
    assert "the location of a shelter is secret" in told
    assert "does not know “xyz”" in told


def test_what_is_proposed_is_alike_or_nothing(faults):
    """An id is no kind, and a bench is no community centre."""
    told = faults("id;name;x;y\n1;a;457000;5430000\n", crs=UTM)
    assert '--column "…=kind"' in told
    assert "id=kind" not in told
    assert "close" not in told
    assert '--map "kind:Bank=…"' in faults("kind;x;y\nBank;457000;5430000\n", crs=UTM)


def test_all_faults_are_told_at_once(faults):
    """A clerk mends a table once, not five times."""
    told = faults(
        "id;kind;fee;capacity;checked_on;x;y\n1;Bücherei;vielleicht;viele;45000;457000;5430000\n"
        "1;library;ja;3;2026-01-01;457000;5430000\n",
        columns=[("Name", "name")],
    )
    for said in ("--map", "yes, no or unknown", "must hold numbers", "Excel’s", "more than once",
                 "no column “Name”", "name it with --crs"):  # fmt: skip
        assert said in told


# coordinates ----------------------------------------------------------------------------------


def test_the_system_is_asked_for_never_guessed(faults):
    """Even lon and lat need --crs."""
    assert "name it with --crs" in faults("kind;lon;lat\nlibrary;8.4;49.0\n")
    assert "is not a coordinate system" in faults("kind;lon;lat\nlibrary;8.4;49.0\n", crs="UTM")
    assert "has no coordinates" in faults("kind;name\nlibrary;Mitte\n")


@pytest.mark.parametrize(
    ("header", "cells", "crs"),
    [("lon;lat", "8.4;49.0", "EPSG:4326"), ("Länge;Breite", "8,4;49,0", "EPSG:4326"),
     ("Rechtswert;Hochwert", "456114;5427629", UTM), ("Ost;Nord", "456114;5427629", UTM),
     ("X_Koord;Y_Koord", "456114;5427629", UTM), ("Geometry", "POINT (8.4 49.0)", "EPSG:4326"),
     ("the_geom", "SRID=4326;POINT (8.4 49.0)", "EPSG:4326")],
)  # fmt: skip
def test_coordinate_columns_are_found_by_their_usual_names(read, header, cells, crs):
    """German and English names, or a column of WKT."""
    separator = "|"
    content = f"kind;{header}\nlibrary;{cells}\n".replace(";", separator)
    content = content.replace("SRID=4326|", "SRID=4326;")
    (shape,) = read(content, crs=crs).table.geometry
    assert shape.distance(Point(456_114, 5_427_629)) < 120


def test_a_false_easting_of_2500000_survives(spatial):
    """A CRS without a code is read from the file and changed to the city's."""
    table = libraries(Point(AT[0] + 2_000_000, AT[1]), crs=FALSE_EASTING)
    for name in ("a.shp", "a.gpkg"):
        (shape,) = spatial(table, name=name).table.geometry
        assert shape.distance(Point(AT)) < 0.01


def test_a_city_may_itself_have_a_false_easting(tmp_path):
    """The store's CRS need not have a code either."""
    table = libraries(Point(AT))
    table.to_file(tmp_path / "a.gpkg")
    (found,) = read_table(tmp_path / "a.gpkg", PLACES, crs=FALSE_EASTING)
    assert found.table.geometry.iloc[0].x == pytest.approx(AT[0] + 2_000_000)


@pytest.mark.parametrize(
    ("cells", "crs"), [("49.0;8.4", "EPSG:4326"), ("5430000;457000", "EPSG:25832")]
)
def test_exchanged_coordinates_are_noticed_and_mended_on_request(read, faults, cells, crs):
    """Latitude as x lies in the Indian Ocean; --swap brings it home."""
    content = f"kind;x;y\nlibrary;{cells}\n"
    assert "are exchanged" in faults(content, crs=crs)
    (shape,) = read(content, crs=crs, swap=True).table.geometry
    assert shape.distance(Point(AT)) < 3_000


def test_single_rows_far_away_are_named(faults):
    """One of three is exchanged; --swap would spoil the others, so its row is told."""
    rows = "kind;lon;lat\n" + "library;8.4;49.0\n" * 2
    told = faults(rows + "library;49.0;8.4\n", crs="EPSG:4326")
    assert "1 row lies far outside" in told
    assert "49, 8.4 (row 4); there x and y are exchanged" in told
    assert "correct or empty" in faults(rows + "library;0;0\n", crs="EPSG:4326")


@pytest.mark.parametrize(
    ("cells", "crs", "said"),
    [("457000;5430000", "EPSG:4326", "do not lie in this part of the world"),
     ("8.4;49.0", UTM, "usually degrees: --crs EPSG:4326"),
     ("3457000;5430000", UTM, "EPSG:31467"),
     ("2567000;5650000", UTM, "EPSG:31466"),
     ("32457000;5430000", UTM, "EPSG:4647")],
)  # fmt: skip
def test_a_wrong_system_is_noticed_with_a_hint(faults, cells, crs, said):
    """Numbers tell which system they usually belong to; it is never taken by itself."""
    assert said in faults(f"kind;x;y\nlibrary;{cells}\n", crs=crs)


def test_gauss_krueger_without_its_datum_grid_is_told_in_metres(read):
    """Zone 3 is changed to UTM within metres; the remark says how uncertain that is."""
    found = read("kind;x;y\nlibrary;3457000;5431700\n", crs="EPSG:31467")
    assert any(
        "without its datum grid" in r and " m, enough for walks" in r for r in found.origin.remarks
    )
    assert found.table.geometry.iloc[0].distance(Point(456_940, 5_429_960)) < 60


def test_utm_needs_no_such_remark(read):
    """Within one datum nothing is uncertain."""
    assert not any("datum grid" in remark for remark in read(CSV, crs=UTM).origin.remarks)


def test_a_system_named_against_the_file_is_taken_and_told(spatial):
    """A wrong .prj file is overruled by the person who knows."""
    found = spatial(libraries(Point(AT), crs="EPSG:25833"), crs=UTM)
    assert found.table.geometry.iloc[0].equals(Point(AT))
    assert any("because of --crs" in remark for remark in found.origin.remarks)


def test_empty_coordinates_are_told(faults):
    """A row without a place is no place."""
    table = "kind;x;y\nlibrary;457000;5430000\nlibrary;;\n"
    assert "1 row is without a place (geometry): row 3" in faults(table, crs=UTM)


def test_services_by_phone_need_no_place(read, faults):
    """A helpline has no address; a service without place and phone is nowhere."""
    service = LAYERS["counselling_services"]
    found = read("name;by_phone\nTelefonseelsorge;ja\n", service)
    assert found.table.geometry.isna().all()
    assert "neither coordinates nor help by phone" in faults("name;by_phone\nRat;nein\n", service)


def test_coordinates_of_protected_places_are_refused(faults):
    """The place of a shelter is nobody's business, not even by mistake."""
    told = faults(
        "name;protected;by_phone;x;y\nFrauenhaus;ja;ja;457000;5430000\n",
        LAYERS["counselling_services"],
        crs=UTM,
    )
    assert "the location of a shelter is secret" in told


# shapes ---------------------------------------------------------------------------------------

BOWTIE = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def moved(shape):
    """Return a shape drawn at the origin, moved to Karlsruhe."""
    return shapely.transform(shape, lambda points: points + np.array(AT))


def test_lines_of_several_parts_become_one_row_each(spatial):
    """A street of two lines is /1 and /2; one of a single part keeps its id."""
    two = MultiLineString([[(0, 0), (10, 0)], [(20, 0), (30, 0)]])
    one = MultiLineString([[(0, 9), (10, 9)]])
    table = GeoDataFrame({"id": ["a", "b"]}, geometry=[moved(two), moved(one)], crs=UTM)
    found = spatial(table, LAYERS["streets"])
    assert sorted(found.table.index) == ["a/1", "a/2", "b"]
    assert any("1 row holds several shapes" in remark for remark in found.origin.remarks)


def test_shapes_of_another_type_are_told(spatial):
    """Points are no streets; the sentence counts them."""
    table = GeoDataFrame(
        {"kind": ["path", "path"]},
        geometry=[moved(LineString([(0, 0), (9, 0)])), moved(Point(1, 1))],
        crs=UTM,
    )
    with pytest.raises(ReadError, match="1 Point cannot be used here"):
        spatial(table, LAYERS["streets"], name="a.geojson", crs=UTM)


def test_broken_outlines_are_listed_and_mended_only_on_request(spatial):
    """A bow tie crosses itself; --repair makes two triangles of 2,500 m² each out of it."""
    table = GeoDataFrame({"name": ["A"]}, geometry=[moved(BOWTIE)], crs=UTM)
    with pytest.raises(ReadError, match=r"1 outline is broken: row 1 \(Self-intersection"):
        spatial(table.rename(index={0: "0"}).assign(id="0"), LAYERS["districts"])
    found = spatial(table, LAYERS["districts"], repair=True)
    assert found.table.area.sum() == pytest.approx(5_000)
    assert any("1 broken outline was mended" in remark for remark in found.origin.remarks)


def test_heights_are_dropped(spatial):
    """Metres above sea level do not matter for a walk on the map."""
    (shape,) = spatial(libraries(Point(*AT, 115.0))).table.geometry
    assert not shape.has_z


# joining --------------------------------------------------------------------------------------


@pytest.fixture
def districts():
    """Two districts of the store with the ids 101 and 102."""
    shapes = [moved(box(0, 0, 100, 100)), moved(box(100, 0, 200, 100))]
    table = GeoDataFrame({"name": ["Nord", "Süd"]}, geometry=shapes, crs=UTM, index=["101", "102"])
    return LAYERS["districts"].complete(table)


def test_rows_take_the_shape_of_their_district(read, districts):
    """A register without coordinates joins by its key, by id or by name."""
    for key, ours, content in (
        ("nr", "id", "nr;residents\n102;7\n101;5\n"),
        ("teil", "name", "teil;residents\nSüd;7\nNord;5\n"),
    ):
        found = read(content, PEOPLE, joining=Joining(districts, key, ours))
        table = found.table
        assert table["residents"].to_list() == [7, 5]
        assert list(table.index) == [line.split(";")[0] for line in content.split()[1:]]
        assert table.geometry.iloc[0].equals(districts.geometry["102"])


def test_keys_without_a_partner_are_listed_on_both_sides(read, faults, districts):
    """A row that belongs nowhere would lose its people: refused. A district without row is told."""
    told = faults("nr;residents\n101;5\n1O2;7\n", PEOPLE, joining=Joining(districts, "nr"))
    assert "1 row belongs to no place in the store: 1O2 (row 3)" in told
    assert "look like 102" in told
    found = read("nr;residents\n101;5\n", PEOPLE, joining=Joining(districts, "nr"))
    assert any("1 place has no row in the table: 102" in r for r in found.origin.remarks)


def test_keys_that_occur_twice_are_told(faults, districts):
    """Two rows for one district would count its people twice."""
    told = faults("nr;residents\n101;5\n101;7\n", PEOPLE, joining=Joining(districts, "nr"))
    assert "must be unique: 101" in told


def test_a_key_that_does_not_exist_is_told(faults, districts):
    """With the columns there are."""
    told = faults("nr;residents\n101;5\n", PEOPLE, joining=Joining(districts, "nummer"))
    assert "no column “nummer”" in told


# provenance and templates ---------------------------------------------------------------------


def test_provenance_is_kept_and_asked_for(read):
    """Source and licence as named; a remark where they are not."""
    origin = read(CSV, crs=UTM, source="Stadt Musterstadt", licence="CC0", as_of="2026").origin
    assert (origin.file, origin.source, origin.attribution) == (
        "table.csv", "Stadt Musterstadt", "Stadt Musterstadt",
    )  # fmt: skip
    assert not origin.remarks
    assert "add --source --licence" in read(CSV, crs=UTM).origin.remarks[0]


@pytest.mark.parametrize("name", sorted(LAYERS))
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".gpkg", ".geojson"])
def test_every_template_can_be_read_back(tmp_path, name, ending):
    """The invented row of a template is a row of its layer."""
    file = tmp_path / f"{name}{ending}"
    write_template(LAYERS[name], file)
    (found,) = read_table(file, LAYERS[name], crs=UTM, wishes=Wishes(crs="EPSG:4326"))
    assert list(found.table.index) == [f"{name}-1"]


def test_templates_explain_every_column(tmp_path):
    """Meaning, unit, options and whether it is required stand beside the table."""
    write_template(PLACES, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    write_template(PLACES, tmp_path / "a.xlsx")
    sheet = pd.read_excel(tmp_path / "a.xlsx", sheet_name="columns")
    for column in PLACES.columns:
        assert f"# {column.name}: {column.meaning}" in text
        assert column.name in set(sheet["column"])
    assert "one of community_centre" in text
    write_template(PLACES, tmp_path / "a.gpkg")
    assert "columns" in [name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")]


def test_templates_of_unknown_endings_or_folders_are_refused(tmp_path):
    """With the endings there are."""
    with pytest.raises(ReadError, match=r"\.csv, \.xlsx"):
        write_template(PLACES, tmp_path / "a.pdf")
    with pytest.raises(ReadError, match="no such folder"):
        write_template(PLACES, tmp_path / "nowhere" / "a.csv")


# real data ------------------------------------------------------------------------------------


@pytest.mark.city
@pytest.mark.skipif(not KOELN.exists(), reason="real data are not here")
def test_the_tables_of_cologne_can_be_read():
    """15,846 street segments, 86 districts, their people joined 86 to 86, POIs by category."""
    gpkg = KOELN / "koeln.gpkg"
    (streets,) = read_table(
        gpkg,
        LAYERS["streets"],
        crs=UTM,
        wishes=Wishes(table="strassenabschnitte", columns=[("STRASSE", "name")]),
    )
    assert len(streets.table) == 15_846
    (districts,) = read_table(
        gpkg,
        LAYERS["districts"],
        crs=UTM,
        wishes=Wishes(table="stadtteile", columns=[("STT_NR", "id"), ("STT_NAME", "name")]),
    )
    (people,) = read_table(
        KOELN / "population_stadtteile_2012.csv",
        PEOPLE,
        crs=UTM,
        wishes=Wishes(
            columns=[("Einwohner", "residents"), ("75 und älter", "aged_75plus")],
            joining=Joining(districts.table, "raum_id"),
        ),
    )
    assert people.table["residents"].sum() == 1_044_555
    assert people.table.loc["101", "aged_75plus"] == 2_109
    (places,) = read_table(
        KOELN / "pois_osm_2014.geojson",
        PLACES,
        crs=UTM,
        wishes=Wishes(columns=[("category", "kind")], meanings={"kind": {"*": ""}}),
    )
    counts = places.table["kind"].value_counts()
    assert (counts["library"], counts["youth_centre"], counts["cafe"]) == (40, 6, 359)
    assert geopandas.GeoSeries(places.table.geometry).within(
        districts.table.union_all().buffer(5_000)
    ).all()  # fmt: skip
