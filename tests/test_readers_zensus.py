"""Census grids of 2022 and 2011: counts, shares, signs and codes, and what is wrong with a file."""

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from geo_app.readers import zensus
from geo_app.readers.errors import ReadError
from geo_app.readers.spreading import Spread, spread_people
from geo_app.readers.zensus import read_zensus
from layers.crs import INSPIRE
from layers.downscaling import cell_squares, street_weights

UTM = "EPSG:25832"
DATA = Path("../shared/data")
WEST, SOUTH = 4_341_000, 2_691_000
X, Y = WEST + 50, SOUTH + 50
ID = f"CRS3035RES100mN{SOUTH}E{WEST}"
NEXT = f"CRS3035RES100mN{SOUTH}E{WEST + 100}"

HEAD = "GITTER_ID_100m;x_mp_100m;y_mp_100m"
TOTALS = f"{HEAD};Einwohner\n{ID};{X};{Y};40\n{NEXT};{X + 100};{Y};3\n"
"""Zensus2022_Bevoelkerungszahl_100m-Gitter.csv with two cells."""


@pytest.fixture
def read(tmp_path):
    """Read census files given as name=text; returns the import."""

    def reader(within=None, spread=None, encoding="utf-8", known=None, **files):
        paths = []
        for name, content in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(content.encode(encoding))
            paths.append(path)
        (found,) = read_zensus(paths, crs=UTM, within=within, known=known, spread=spread)
        return found

    return reader


def square(west, south, size):
    """Return a square of EPSG:3035 in UTM, a city for tests."""
    return cell_squares([west], [south], size, UTM).iloc[0]


def test_totals_of_2022_become_squares_with_residents(read):
    """Each row is the square of 100 m around its middle, in the CRS of the city."""
    found = read(Zensus2022_Bevoelkerungszahl=TOTALS)
    table = found.table
    assert list(table["residents"]) == [40, 3]
    assert list(table.index) == [ID, NEXT]
    back = GeoSeries([table.geometry.iloc[0]], crs=UTM).to_crs(INSPIRE).total_bounds
    assert list(back) == pytest.approx([WEST, SOUTH, WEST + 100, SOUTH + 100], abs=0.01)
    assert list(table["reliable"]) == ["unknown", "unknown"]
    assert not table["downscaled"].any()
    assert (found.origin.as_of, found.origin.licence) == ("2022", "dl-de/by-2-0")
    assert "Statistisches Bundesamt" in found.origin.attribution


def test_groups_that_no_file_tells_are_unknown(read):
    """Totals alone say nothing about children."""
    table = read(a=TOTALS).table
    assert table[["under_10", "under_18", "aged_65plus", "foreign_nationals"]].isna().all(axis=None)


def test_files_of_one_grid_are_put_together_cell_by_cell(read):
    """Ages from one file, shares with decimal comma from others; 25,5 % of 40 people are 10.2."""
    ages = (
        f"{HEAD};Insgesamt_Bevoelkerung;Unter10;a10bis19;a70bis79;a80undaelter;"
        f"werterlaeuternde_Zeichen\n{NEXT};{X + 100};{Y};3;–;3;–;–;KLAMMERN\n"
        f"{ID};{X};{Y};40;7;5;6;4;\n"
    )
    shares = (
        f"{HEAD};AnteilUnter18;werterlaeuternde_Zeichen\n{ID};{X};{Y};25,5;\n"
        f"{NEXT};{X + 100};{Y};–;\n"
    )
    table = read(totals=TOTALS, ages=ages, shares=shares).table
    assert list(table["under_10"]) == [7, 0]
    assert list(table["aged_80plus"]) == [4, 0]
    assert table["under_18"].iloc[0] == pytest.approx(10.2)
    assert np.isnan(table["under_18"].iloc[1])
    assert list(table["reliable"]) == ["yes", "no"]


def test_a_dash_is_nobody_in_counts_and_unknown_in_shares(read):
    """The choice is told: sums over many cells stay right, a withheld share stays withheld."""
    found = read(a=f"{HEAD};Einwohner;Unter10;AnteilUeber65\n{ID};{X};{Y};40;–;–\n", b=TOTALS)
    row = found.table.loc[ID]
    assert row["under_10"] == 0
    assert np.isnan(row["aged_65plus"])
    assert any("2 values are “–”" in remark for remark in found.origin.remarks)


def test_unreliable_cells_are_counted(read):
    """KLAMMERN is kept and told."""
    text = f"{HEAD};Einwohner;werterlaeuternde_Zeichen\n{ID};{X};{Y};40;KLAMMERN\n"
    assert any("1 cell is of low reliability" in remark for remark in read(a=text).origin.remarks)


def test_the_grid_of_2011_is_read_with_its_codes(read):
    """Commas, points, midpoints without ids; -9 and -1 are unknown, cells without people go."""
    found = read(
        a=(
            "Alter_D,x,y,Auslaender_A,Einwohner,unter18_A,ab65_A\n"
            "47.2,4199500,2877500,10.5,200,-9.0,-1\n"
            "-9,4200500,2877500,0,-1,0,0\n"
        )
    )
    (row,) = (row for _, row in found.table.iterrows())
    assert row["residents"] == 200
    assert row["foreign_nationals"] == pytest.approx(21)
    assert np.isnan(row["under_18"])
    assert np.isnan(row["aged_65plus"])
    assert row.name == "CRS3035RES1000mN2877000E4199000"
    assert found.table.area.iloc[0] == pytest.approx(1_000_000, rel=0.01)
    assert found.origin.as_of == "2011"
    assert any("3 values are withheld" in remark for remark in found.origin.remarks)
    assert any("1 cell without people" in remark for remark in found.origin.remarks)


def test_short_ids_without_coordinates_are_enough(read):
    """`1kmN2691E4341` counts kilometres from the origin."""
    table = read(a="Gitter_ID_1km;Einwohner\n1kmN2691E4341;17\n").table
    assert list(table.index) == [f"CRS3035RES1000mN{SOUTH}E{WEST}"]


def test_older_files_in_windows_encoding_are_read(read):
    """cp1252 with an umlaut in the header is no obstacle."""
    text = f"{HEAD};Einwohner;Straßenlärm\n{ID};{X};{Y};40;ä\n"
    assert list(read(encoding="cp1252", a=text).table["residents"]) == [40]


# the city -----------------------------------------------------------------------------------


def test_only_cells_whose_middle_lies_in_the_city_are_kept(read):
    """Two cells, the border runs through the second one before its middle."""
    city = square(WEST, SOUTH, 140)
    found = read(within=city, a=TOTALS)
    assert list(found.table["residents"]) == [40]
    assert "40 people are kept" in found.origin.remarks[-1]
    assert "other 3" in found.origin.remarks[-1]


def test_cells_far_from_the_city_get_a_sentence(read):
    """The grid of another region is no grid of this city."""
    with pytest.raises(ReadError, match="in or near the city"):
        read(within=square(4_100_000, 3_000_000, 1000), a=TOTALS)


def test_the_whole_country_needs_a_border(read, monkeypatch):
    """Three million cells are not taken for a city."""
    monkeypatch.setattr(zensus, "TOO_MANY", 1)
    with pytest.raises(ReadError, match=r"2 cells are the whole country.*--boundary"):
        read(a=TOTALS)


def homes(*places):
    """Return streets of 10 m at places in EPSG:3035, as weights."""
    lines = [shapely.LineString([(x, y), (x + 10, y)]) for x, y in places]
    table = geopandas.GeoDataFrame(geometry=lines, crs=INSPIRE).to_crs(UTM)
    return street_weights(table.assign(kind="residential", bridge=False, tunnel=False))


def kilometres(*people):
    """Return a 1 km grid of 2011, cells side by side from the west."""
    rows = "".join(f"{WEST + 500 + 1000 * i},{SOUTH + 500},{n}\n" for i, n in enumerate(people))
    return f"x,y,Einwohner\n{rows}"


def test_coarse_cells_are_put_where_homes_are_and_marked(read):
    """All people of the cell live in the only street; the result says that it is an estimate."""
    found = read(spread=Spread((homes((WEST + 10, SOUTH + 10)),), ("streets",)), a=kilometres(500))
    assert list(found.table["residents"]) == [500]
    assert found.table["downscaled"].all()
    assert list(found.table["reliable"]) == ["no"]
    assert "1 area by streets" in found.origin.remarks[-1]


def test_a_cell_cut_by_the_border_gives_its_part_if_homes_are_inside(read):
    """
    Half of the second cell is city.

    With a street in that half, half of its people count; without one, they live beyond.
    """
    city = shapely.union(square(WEST, SOUTH, 1000), square(WEST + 1000, SOUTH, 500)).union(
        square(WEST + 1000, SOUTH + 500, 500)
    )
    lived_in = Spread((homes((WEST + 10, SOUTH + 10), (WEST + 1010, SOUTH + 10)),), ("streets",))
    found = read(within=city, spread=lived_in, a=kilometres(500, 100))
    assert found.table["residents"].sum() == pytest.approx(550, rel=1e-4)
    empty = Spread((homes((WEST + 10, SOUTH + 10)),), ("streets",))
    found = read(within=city, spread=empty, a=kilometres(500, 100))
    assert found.table["residents"].sum() == pytest.approx(500, rel=1e-4)


def test_people_beyond_the_map_data_are_not_piled_up_at_their_edge(read):
    """
    The map ends 100 m inside the second cell, where one house stands.

    A tenth of its 900 people is estimated there, not all; the third cell is beyond the map.
    """
    known = square(WEST - 9000, SOUTH - 9000, 10_100)
    one = homes((WEST + 10, SOUTH + 10), (WEST + 1010, SOUTH + 10))
    found = read(known=known, spread=Spread((one,), ("streets",)), a=kilometres(500, 900, 70))
    assert found.table["residents"].sum() == pytest.approx(500 + 90, rel=1e-3)
    (said,) = (r for r in found.origin.remarks if "map data end" in r)
    assert "inside 1 of the coarser areas" in said
    assert "about 810 of the 900 people" in said


def test_a_house_at_the_edge_holds_no_more_people_than_it_has_room_for(read):
    """Half of 900 people would live beyond the edge; the one house before it has room for 20."""
    known = square(WEST - 9000, SOUTH - 9000, 9_500)
    hut = homes((WEST + 10, SOUTH + 10))
    room = hut["weight"].sum() / 20
    found = read(known=known, spread=Spread((hut,), ("floor space",), room), a=kilometres(900))
    assert found.table["residents"].sum() == pytest.approx(20)
    assert any("about 880 of the 900 people" in remark for remark in found.origin.remarks)


@given(
    edge=st.integers(1, 2999),
    people=st.lists(st.integers(0, 5000), min_size=3, max_size=3),
    houses=st.lists(st.integers(0, 2979), max_size=8),
)
def test_who_is_counted_and_who_is_left_out_are_all_there_are(edge, people, houses):
    """Wherever the map ends: nobody of the cells it touches gets lost untold, or counts twice."""
    squares = cell_squares([WEST, WEST + 1000, WEST + 2000], [SOUTH] * 3, 1000, UTM)
    table = GeoDataFrame(
        {"residents": np.array(people, dtype=float)}, geometry=squares.array, crs=UTM
    )
    known = square(WEST - 9000, SOUTH - 9000, 9000 + edge)
    touched = sum(people[: -(-edge // 1000)])
    weights = (homes(*((WEST + x, SOUTH + 10) for x in houses)),) if houses else ()
    cells, remarks = spread_people(table, Spread(weights, ("streets",) * len(weights)), known=known)
    told = sum(remark.values["left"] for remark in remarks if "map data end" in remark)
    # a cell of which the map shows less than a thousandth, or all but that, is not told
    assert cells["residents"].sum() + told == pytest.approx(touched, abs=1 + touched / 500)


def test_people_of_the_city_beyond_the_map_are_told_apart_from_neighbours(read):
    """The city has both cells, the map only the first: the second is missing, not outside."""
    city, known = square(WEST, SOUTH, 1000), square(WEST - 9000, SOUTH - 9000, 10_000)
    city = city.union(square(WEST + 1000, SOUTH, 1000))
    one = Spread((homes((WEST + 10, SOUTH + 10)),), ("streets",))
    found = read(within=city, known=known, spread=one, a=kilometres(500, 900, 70))
    assert found.table["residents"].sum() == pytest.approx(500, rel=1e-3)
    told = " ".join(found.origin.remarks)
    assert "500 people are kept inside the border of the city; the other 70" in told
    assert "about 900 of the 900 people" in told


def test_fine_cells_beyond_the_map_are_left_out_and_told(read):
    """Nobody can walk where no street is known; the city learns how many that are."""
    city, known = square(WEST, SOUTH, 200), square(WEST - 9000, SOUTH - 9000, 9_100)
    found = read(within=city, known=known, a=TOTALS)
    assert list(found.table["residents"]) == [40]
    assert "1 cell of the city with 3 of its 43 people" in found.origin.remarks[-1]


def test_fine_cells_are_never_downscaled(read):
    """100 m cells are what downscaling aims at."""
    found = read(spread=Spread((homes((WEST, SOUTH)),), ("streets",)), a=TOTALS)
    assert not found.table["downscaled"].any()


def test_groups_of_finer_cells_are_summed_in_the_cells_of_the_totals(read):
    """The 100 m file of 2011 has children but no totals: its sums join the totals at 1 km."""
    fine = f"x,y,age_under10,age_80plus\n{X},{Y},4,3\n{X + 900},{Y},5,0\n"
    found = read(totals=kilometres(500), fine=fine)
    assert list(found.table["under_10"]) == [9]
    assert list(found.table["aged_80plus"]) == [3]
    assert any("summed in cells of 1,000 m" in remark for remark in found.origin.remarks)


# faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a;b\n1;2\n", "neither coordinates"),
        (f"{HEAD};Miete\n{ID};{X};{Y};9\n", "tells anything about residents"),
        (f"{HEAD};Unter10\n{ID};{X};{Y};9\n", "no file tells how many people"),
        (f"{HEAD};Einwohner\n", "no cell with people"),
        (f"{HEAD};Einwohner\n{NEXT};{X};{Y};40\n", "1 cell id does not fit its coordinates"),
        (f"{HEAD};Einwohner\n{ID};{Y};{X};40\n", "exchanged"),
        (f"{HEAD};Einwohner\n{ID};{X};{Y};40\n{ID};{X};{Y};40\n", r"cell occurs more.*row 3"),
        (f"{HEAD};Einwohner;AnteilUnter18\n{ID};{X};{Y};40;140,0\n", "above 100 %"),
        ("x;y;Einwohner\n8.4;49.0;12\n", "not those of the census grid"),
        (f"x_mp_100m;y_mp_100m;Einwohner\n{X + 7};{Y};12\n", "name the middle of a 100 m cell"),
        ("x;y;Einwohner\nhier;dort;12\n", r"no readable coordinates .*“hier” \(row 2\)"),
        (f"{HEAD};Einwohner\n{ID};{X};{Y};viele\n", r"must hold numbers.*“viele” \(row 2\)"),
        (f"{HEAD};Einwohner\n{ID};{X};{Y};40\nCRS3035R", "in the middle of a row .“CRS3035R”"),
        (f"{HEAD};Einwohner\n{ID};{X};{Y};40\n{NEXT};{X};{Y};4;5;6\n", "1 row has more cells"),
        (f'{HEAD};Einwohner\n{ID};{X};{Y};"40\n{NEXT};{X};{Y};4\n', "never closed"),
        (f"{HEAD};Einwohner\n{ID};{X};{Y};0\n", "in none of its cells does anybody live"),
        ("x,y,Einwohner\n4199500,2877500,-1\n", "told how many people live there .1 value with"),
        ("<html><title>Anmelden</title>", "this is a web page"),
        ("Gitter_ID_100m;Gitter_ID_100m_neu;Merkmal;Auspraegung_Code;Anzahl\n", "long form"),
        (
            "x_mp_1km;y_mp_1km;Einwohner\n"
            + "".join(f"{WEST + 500 + 1000 * i};{SOUTH + 500};{i % 6 + 1}\n" for i in range(40)),
            "classes from 1 to 6",
        ),
    ],
)  # fmt: skip
def test_faults_get_a_sentence(read, text, said):
    """Each says what is wrong in the words of the file, and what to do."""
    with pytest.raises(ReadError, match=said):
        read(a=text)


def test_all_faults_of_a_file_are_told_at_once(read):
    """A word, a place, a share and a row cut off: one list, so that one download mends all."""
    with pytest.raises(ReadError) as caught:
        read(a=(
            f"{HEAD};Einwohner;AnteilUnter18\n{ID};{X};{Y};viele;20\n{NEXT};{X + 100};{Y};3;120\n"
            f"x;hier;{Y};3;10\n{ID};{X}"
        ))  # fmt: skip
    told = " ".join(caught.value.faults)
    for said in ("“viele” (row 2)", "above 100 %", "such as 120.0 (row 3)", "“hier” (row 4)",
                 f"ends in the middle of a row (“{ID};{X}”)"):  # fmt: skip
        assert said in told


def test_a_grid_elsewhere_is_not_taken_for_a_city_elsewhere(read):
    """Exchanged coordinates are told as such, even if a city is known in which none lies."""
    city = square(WEST, SOUTH, 1000)
    with pytest.raises(ReadError, match="exchanged"):
        read(within=city, a=f"{HEAD};Einwohner\n{ID};{Y};{X};40\n")
    with pytest.raises(ReadError, match="not those of the census grid"):
        read(within=city, a="x;y;Einwohner\n8.4;49.0;12\n")


def test_totals_in_a_broken_file_are_not_missed(read):
    """The file with the totals is there; that it cannot be read is fault enough."""
    with pytest.raises(ReadError) as caught:
        read(a=f"{HEAD};Einwohner\n{ID};{X}\n", b=f"{HEAD};Unter10\n{ID};{X};{Y};9\n")
    assert len(caught.value.faults) == 1


def test_cells_that_lie_around_the_city_alone_make_no_layer(read):
    """An empty layer would replace the good one."""
    with pytest.raises(ReadError, match="none of its cells with people lies inside the city"):
        read(within=square(WEST + 5000, SOUTH, 1000), a=TOTALS)


def test_the_faults_of_all_files_are_told_at_once(read):
    """Two broken files make one list."""
    with pytest.raises(ReadError) as caught:
        read(a="a;b\n1;2\n", b=f"{HEAD};Einwohner\n{ID};{Y};{X};40\n")
    told = [str(fault) for fault in caught.value.faults]
    assert [fault.split(":")[0] for fault in told] == ["a.csv", "a.csv", "b.csv"]


def test_a_missing_file_gets_a_sentence(tmp_path):
    """No stack trace for a typing error."""
    with pytest.raises(ReadError, match="no such file"):
        read_zensus([tmp_path / "no.csv"], crs=UTM)


def test_totals_of_two_sizes_are_not_mixed(read):
    """Cells of 100 m and of 1 km would count people twice."""
    with pytest.raises(ReadError, match="different size"):
        read(a=TOTALS, b=kilometres(500))


def test_spreadsheets_are_not_taken_for_text(read):
    """A binary file with the ending .csv is told as such."""
    with pytest.raises(ReadError, match="not a text table"):
        read(a="PK\x00\x03\x00")


def test_progress_is_told_every_piece(tmp_path):
    """Whoever passes a progress bar sees each file."""
    seen = []

    def progress(items, label, total=None, unit=""):
        seen.append((label, total, unit))
        return items

    file = tmp_path / "a.csv"
    file.write_text(TOTALS, encoding="utf-8")
    read_zensus([file], crs=UTM, progress=progress)
    assert seen == [("a.csv", 1, "pieces")]


@pytest.mark.city
@pytest.mark.skipif(not DATA.exists(), reason="real data are not here")
def test_cologne_has_the_people_its_description_says():
    """1,006,916 inhabitants inside the city (see the data's own README)."""
    districts = geopandas.read_file(DATA / "koeln/koeln.gpkg", layer="stadtteile")
    (found,) = read_zensus(
        [DATA / "koeln/zensus2011_1km.csv"], crs=UTM, within=districts.union_all()
    )
    assert found.table["residents"].sum() == 1_006_916


@pytest.mark.city
@pytest.mark.skipif(not DATA.exists(), reason="real data are not here")
@pytest.mark.parametrize(("city", "people"), [("ludwigsburg", 83_689), ("ludwigshafen", 157_127)])
def test_cities_with_a_boundary_have_the_people_their_description_says(city, people):
    """Cells whose middle lies in the municipality add up to the published sum."""
    border = geopandas.read_file(DATA / city / "boundary_vg250.geojson").to_crs(UTM).union_all()
    (found,) = read_zensus([DATA / city / "zensus2011_1km.csv"], crs=UTM, within=border)
    assert found.table["residents"].sum() == people


# what is measured, and what never exceeds its all -------------------------------------------


def test_a_group_larger_than_all_people_is_taken_as_all_of_them(read):
    """Altered counts tell 5 children among 3 people: 3, and it is told; 40 keep their 7."""
    ages = f"{HEAD};Unter10\n{ID};{X};{Y};7\n{NEXT};{X + 100};{Y};5\n"
    found = read(a=TOTALS, b=ages)
    assert list(found.table["under_10"]) == [7, 3]
    assert any("larger than all people" in told for told in found.origin.remarks)


def test_an_estimate_is_measured_by_a_finer_file(read):
    """
    Ten children in one cell, where the only home is; with them, all stand right.

    The coarse cell is whole, as no border cuts it.
    """
    coarse = f"x,y,Einwohner\n{WEST + 500},{SOUTH + 500},50\n"
    finer = f"x,y,age_under10\n{X},{Y},10\n"
    spot = GeoSeries([shapely.Point(X, Y)], crs=INSPIRE).to_crs(UTM)
    home = GeoDataFrame({"weight": [1.0]}, geometry=spot.array, crs=UTM)
    found = read(spread=Spread((home,), ("homes",)), zensus_1km=coarse, zensus_100m=finer)
    (told,) = (told for told in found.origin.remarks if told.startswith("measured"))
    assert "on 1 area with 10 children under 10" in told
    assert "0 of 100 are put into a wrong cell of 100 m (spread evenly it would be 99)" in told


def test_an_estimate_is_measured_by_cells_known_before(tmp_path):
    """Residents of the store's own 100 m grid judge the totals as well: 50 against 40."""
    (tmp_path / "fine_100m.csv").write_text(f"x,y,Einwohner\n{X},{Y},40\n", encoding="utf-8")
    (tmp_path / "coarse_1km.csv").write_text(
        f"x,y,Einwohner\n{WEST + 500},{SOUTH + 500},50\n", encoding="utf-8"
    )
    (known,) = read_zensus([tmp_path / "fine_100m.csv"], crs=UTM)
    spot = GeoSeries([shapely.Point(X, Y)], crs=INSPIRE).to_crs(UTM)
    home = GeoDataFrame({"weight": [1.0]}, geometry=spot.array, crs=UTM)
    (found,) = read_zensus(
        [tmp_path / "coarse_1km.csv"], crs=UTM, spread=Spread((home,), ("homes",)),
        finer=known.table,
    )  # fmt: skip
    (told,) = (told for told in found.origin.remarks if told.startswith("measured"))
    assert "with 40 people" in told
    assert told.endswith("the total by 10")
