"""OpenStreetMap extracts: what becomes which layer, what is left out, and what is said about it."""

import math
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from geo_app.readers import osm_stream
from geo_app.readers.errors import ReadError
from geo_app.readers.osm import read_osm
from layers import CrsError

UTM = "EPSG:25832"
KIRCHFELD = Path("../shared/data/karlsruhe_neureut/osr_karlsruhe_kirchfeld.osm.pbf")
SQUARE = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1)}
"""Corners of a square; one step is a thousandth of a degree from 8.4° E, 49.0° N."""


def tags(**told):
    """Return tags as XML; two underscores stand for a colon."""
    return "".join(
        f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in told.items()
    )


def node(number, x, y, **told):
    return (
        f'<node id="{number}" version="1" lon="{8.4 + x / 1000:.6f}" lat="{49 + y / 1000:.6f}">'
        f"{tags(**told)}</node>"
    )


def nodes(places):
    return "".join(node(number, x, y) for number, (x, y) in places.items())


def way(number, refs, **told):
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="1">{inner}{tags(**told)}</way>'


def relation(number, members, **told):
    inner = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
    return f'<relation id="{number}" version="1">{inner}{tags(**told)}</relation>'


@pytest.fixture
def read(tmp_path):
    """Read hand-written OSM XML; returns layer name to import."""

    def reader(*parts, boundary=None, head=""):
        file = tmp_path / "town.osm"
        file.write_text(f'<osm version="0.6"{head}>{"".join(parts)}</osm>', encoding="utf-8")
        return {i.layer.name: i for i in read_osm(file, crs=UTM, boundary=boundary)}

    return reader


def one(imports, layer):
    """Return the only row of a layer."""
    (_, row), *others = imports[layer].table.iterrows()
    assert not others
    return row


# streets -----------------------------------------------------------------------------------


def test_streets_are_split_where_two_ways_share_a_node(read):
    """
    A long street with a side street in its middle is two segments that share the junction.

        1 --- 2 --- 3
              |
              4
    """
    found = read(
        nodes({1: (0, 1), 2: (1, 1), 3: (2, 1), 4: (1, 0)}),
        way(7, [1, 2, 3], highway="residential"),
        way(8, [2, 4], highway="footway"),
    )
    table = found["streets"].table
    assert list(table.index) == ["way/7/0", "way/7/1", "way/8/0"]
    assert list(zip(table["start_node"], table["end_node"], strict=True)) == [
        (1, 2),
        (2, 3),
        (2, 4),
    ]


def test_a_bridge_crosses_the_street_below_without_joining_it(read):
    """
    Two ways that cross without a common node stay two whole segments.

              4
        1 ----|---- 2
              3
    """
    found = read(
        nodes({1: (0, 1), 2: (2, 1), 3: (1, 0), 4: (1, 2)}),
        way(7, [1, 2], highway="primary"),
        way(8, [3, 4], highway="footway", bridge="yes", layer="1"),
    )
    table = found["streets"].table
    assert list(table.index) == ["way/7/0", "way/8/0"]
    assert list(table["bridge"]) == [False, True]
    assert set(table["start_node"]).isdisjoint(table["end_node"])


def test_a_way_that_meets_itself_is_split_there(read):
    """A lollipop is a stick and a ring; the ring begins and ends at the junction."""
    found = read(
        nodes({1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (2, 1)}), way(7, [1, 2, 3, 4, 2], highway="path")
    )
    table = found["streets"].table
    assert list(zip(table["start_node"], table["end_node"], strict=True)) == [(1, 2), (2, 2)]


def test_segments_keep_every_corner_of_the_way(read):
    """Corners that are no junctions stay in the line: the length is that of the way."""
    found = read(nodes({1: (0, 0), 2: (0, 1), 3: (1, 1)}), way(7, [1, 2, 3], highway="path"))
    line = one(found, "streets").geometry
    assert shapely.get_num_coordinates(line) == 3
    north = 111_200 / 1000  # one thousandth of a degree of latitude [m], to a third of a percent
    east = north * math.cos(math.radians(49))
    assert line.length == pytest.approx(north + east, rel=0.005)


def test_a_node_repeated_by_mistake_makes_no_segment(read):
    """A way drawn with a double click on one node is still one segment."""
    found = read(nodes({1: (0, 0), 2: (1, 0)}), way(7, [1, 2, 2], highway="path"))
    assert list(found["streets"].table.index) == ["way/7/0"]


def test_ways_with_missing_nodes_keep_their_known_parts(read):
    """At the edge of an extract nodes are missing: what is known stays, and it is told."""
    found = read(
        nodes({1: (0, 0), 2: (1, 0), 4: (3, 0), 5: (4, 0)}),
        way(7, [1, 2, 3, 4, 5], highway="residential"),
    )
    table = found["streets"].table
    assert list(zip(table["start_node"], table["end_node"], strict=True)) == [(1, 2), (4, 5)]
    assert "1 way lacks nodes" in found["streets"].origin.remarks[0]


@pytest.mark.parametrize("kind", ["proposed", "construction", "abandoned", "bus_stop", "razed"])
def test_ways_that_are_not_there_are_no_streets(read, kind):
    """Planned, closed and vanished streets are left out."""
    found = read(
        nodes({1: (0, 0), 2: (1, 0), 3: (2, 0)}),
        way(7, [1, 2], highway=kind),
        way(8, [2, 3], highway="residential"),
    )
    assert list(found["streets"].table.index) == ["way/8/0"]


@pytest.mark.parametrize(
    ("told", "foot"),
    [
        ({"highway": "residential"}, "unknown"),
        ({"highway": "cycleway", "foot": "designated"}, "yes"),
        ({"highway": "path", "foot": "no"}, "no"),
        ({"highway": "service", "access": "private"}, "no"),
        ({"highway": "service", "access": "private", "foot": "permissive"}, "yes"),
        ({"highway": "motorway"}, "no"),
        ({"highway": "trunk", "motorroad": "yes"}, "no"),
        ({"highway": "trunk", "sidewalk": "right"}, "yes"),
        ({"highway": "trunk", "sidewalk__both": "yes"}, "yes"),
        ({"highway": "tertiary", "foot": "use_sidepath"}, "unknown"),
    ],
)
def test_rules_for_walkers_follow_the_tags(read, told, foot):
    """`foot` counts before `access`; a sidewalk opens a way; silence is unknown, not no."""
    found = read(nodes({1: (0, 0), 2: (1, 0)}), way(7, [1, 2], **told))
    assert one(found, "streets")["foot"] == foot


@pytest.mark.parametrize(
    ("told", "percent"),
    [
        ("8%", 8),
        ("-12 %", 12),
        ("10°", 17.63),
        ("up", None),
        ("down", None),
        ("steep", None),
        ("45°", 100),
    ],
)
def test_inclines_become_percent_without_direction(read, told, percent):
    """Ten degrees are tan(10°) = 17.63 %; "up" says nothing about how steep."""
    found = read(nodes({1: (0, 0), 2: (1, 0)}), way(7, [1, 2], highway="path", incline=told))
    value = one(found, "streets")["incline"]
    assert np.isnan(value) if percent is None else value == pytest.approx(percent, abs=0.01)


def test_light_steps_and_surface_are_read_and_silence_is_unknown(read):
    """A lit flight of steps says so; an untagged street says nothing."""
    found = read(
        nodes({1: (0, 0), 2: (1, 0), 3: (2, 0)}),
        way(7, [1, 2], highway="steps", lit="24/7", surface="asphalt", wheelchair="limited"),
        way(8, [2, 3], highway="residential"),
    )
    steps, street = (row for _, row in found["streets"].table.iterrows())
    assert (steps["steps"], steps["lit"], steps["surface"], steps["wheelchair"]) == (
        "yes", "yes", "asphalt", "limited",
    )  # fmt: skip
    assert (street["steps"], street["lit"], street["surface"], street["wheelchair"]) == (
        "unknown", "unknown", "", "unknown",
    )  # fmt: skip


# places --------------------------------------------------------------------------------------


def test_places_are_read_from_nodes_closed_ways_and_relations(read):
    """A café is a point, a park an area, and a church with a courtyard an area with a hole."""
    inner = {11: (0.3, 0.3), 12: (0.6, 0.3), 13: (0.6, 0.6)}
    found = read(
        nodes(SQUARE | inner),
        node(20, 5, 5, amenity="cafe", name="Café Eins"),
        way(7, [1, 2, 3, 4, 1], leisure="park"),
        way(8, [11, 12, 13, 11]),
        relation(9, [(7, "outer"), (8, "inner")], type="multipolygon", amenity="place_of_worship"),
    )
    table = found["meeting_places"].table
    assert dict(zip(table.index, table["kind"], strict=True)) == {
        "node/20": "cafe",
        "way/7": "park",
        "relation/9": "place_of_worship",
    }
    assert dict(zip(table.index, table.geom_type, strict=True)) == {
        "node/20": "Point",
        "way/7": "Polygon",
        "relation/9": "Polygon",
    }
    assert len(table.geometry["relation/9"].interiors) == 1


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"amenity": "community_centre"}, "community_centre"),
        ({"amenity": "community_centre", "community_centre__for": "senior"}, "senior_centre"),
        (
            {"amenity": "community_centre", "community_centre__for": "juvenile;child"},
            "youth_centre",
        ),
        ({"amenity": "community_centre", "community_centre": "youth_centre"}, "youth_centre"),
        ({"shop": "kiosk"}, "kiosk"),
        ({"leisure": "pitch"}, "pitch"),
    ],
)
def test_kinds_of_place_follow_the_tags(read, told, kind):
    """A community centre for older people is a senior centre."""
    assert one(read(node(1, 0, 0, **told)), "meeting_places")["kind"] == kind


def test_details_of_a_place_are_read(read):
    """Hours, languages, seats, operator, page and day of survey come from their tags."""
    row = one(
        read(node(1, 0, 0, amenity="library", name="Stadtteilbücherei",
                  opening_hours="Mo 10:00-12:00",
                  wheelchair="yes", fee="no", language__tr="yes", language__de="main",
                  language__fr="no", capacity="40", operator="Stadt", website="https://b.example",
                  check_date="2026-01-31")),
        "meeting_places",
    )  # fmt: skip
    assert row.drop("geometry").dropna().to_dict() == {
        "name": "Stadtteilbücherei", "kind": "library", "opening_hours": "Mo 10:00-12:00",
        "step_free": "yes", "fee": "no", "languages": "de;tr", "capacity": 40.0,
        "operator": "Stadt", "website": "https://b.example", "source": "OpenStreetMap node/1",
        "checked_on": "2026-01-31",
    }  # fmt: skip


def test_what_is_not_tagged_stays_unknown(read):
    """A library without tags is neither free nor step-free nor the opposite."""
    row = one(
        read(node(1, 0, 0, amenity="library", wheelchair="limited", check_date="2026")),
        "meeting_places",
    )
    assert (row["fee"], row["step_free"], row["checked_on"]) == ("unknown", "unknown", "")
    assert np.isnan(row["capacity"])


def test_private_pitches_and_playgrounds_are_left_out_and_counted(read):
    """The swing of a housing block is no place for everyone."""
    found = read(
        node(1, 0, 0, leisure="playground", access="private"),
        node(2, 0, 1, leisure="playground"),
        node(3, 0, 2, leisure="pitch", access="no"),
    )
    assert list(found["meeting_places"].table.index) == ["node/2"]
    assert any("2 private" in remark for remark in found["meeting_places"].origin.remarks)


def test_outlines_that_are_open_are_left_out_and_counted(read):
    """A park whose ring is not closed and a wood that lacks a part are skipped, not guessed."""
    found = read(
        nodes(SQUARE),
        node(20, 5, 5, leisure="park"),
        way(7, [1, 2, 3], leisure="park"),
        relation(9, [(77, "outer")], type="multipolygon", leisure="park"),
    )
    assert list(found["meeting_places"].table.index) == ["node/20"]
    assert any("2 areas" in remark for remark in found["meeting_places"].origin.remarks)


# counselling and protected places -------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ({"amenity": "social_facility", "social_facility": "outreach",
          "social_facility__for": "migrant;juvenile"}, "migration;youth"),
        ({"healthcare": "counselling", "healthcare__counselling": "addiction"}, "addiction"),
        ({"healthcare": "counselling"}, "health"),
        ({"office": "association", "name": "Schuldnerberatung Nord"}, ""),
        ({"amenity": "social_facility", "social_facility": "shelter",
          "social_facility__for": "homeless"}, "housing"),
    ],
)  # fmt: skip
def test_services_that_advise_people_are_read_with_their_topics(read, told, topics):
    """Whom a service is for becomes what it helps with."""
    assert one(read(node(1, 0, 0, **told)), "counselling_services")["topics"] == topics


def test_homes_and_clubs_are_no_advice(read):
    """A nursing home and the office of a rabbit breeders' club are left out; clubs are counted."""
    found = read(
        node(1, 0, 0, amenity="social_facility", social_facility="nursing_home"),
        node(2, 0, 0, office="association", name="Kaninchenzüchter"),
        node(3, 0, 0, office="ngo", name="Beratung für alle"),
    )
    assert list(found["counselling_services"].table.index) == ["node/3"]
    assert "1 office" in found["counselling_services"].origin.remarks[0]


SHELTERS = [
    {"name": "Frauenhaus Musterstadt", "amenity": "social_facility"},
    {"name": "Haus Morgenrot", "amenity": "social_facility", "social_facility": "shelter",
     "social_facility__for": "abused"},
    {"name": "Haus Linde", "amenity": "social_facility", "social_facility": "group_home",
     "social_facility__for": "women;child"},
    {"name": "Mädchenzuflucht", "amenity": "community_centre"},
    {"name": "Haus am See", "amenity": "social_facility", "social_facility": "outreach",
     "operator": "Frauenhaus e.V."},
]  # fmt: skip


@pytest.mark.parametrize("told", SHELTERS)
def test_shelters_come_without_place_address_or_object_id(read, told):
    """Nothing in any layer leads to the place of a shelter, not even its OpenStreetMap number."""
    secret = {
        **told,
        "phone": "+49 30 23125 001",
        "addr__street": "Geheimweg",
        "addr__housenumber": "7",
    }
    found = read(
        nodes(SQUARE),
        way(4711, [1, 2, 3, 4, 1], building="yes", landuse="residential", **secret),
        node(2000, 3, 3, amenity="library"),
    )
    row = one(found, "counselling_services")
    assert row.name == "protected/1"
    assert row["protected"]
    assert row["name"] == told["name"]
    assert row.geometry is None
    everything = found["counselling_services"].table.drop(columns="geometry").to_csv()
    assert "4711" not in everything
    assert "Geheimweg" not in everything
    assert told["name"] not in found["buildings"].table.drop(columns="geometry").to_csv()
    assert told["name"] not in found["areas"].table.drop(columns="geometry").to_csv()
    assert list(found["meeting_places"].table.index) == ["node/2000"]


def test_shelters_that_cannot_be_called_are_left_out_and_counted(read):
    """Without a phone number a shelter on the list helps nobody."""
    found = read(
        node(1, 0, 0, name="Frauenhaus", amenity="social_facility", phone="+49 30 23125 002"),
        node(2, 0, 0, name="Frauenhaus Süd", amenity="social_facility"),
        node(3, 0, 0, name="Familienberatung", healthcare="counselling"),
    )
    assert sorted(found["counselling_services"].table.index) == ["node/3", "protected/1"]
    assert any(
        "2 protected places were found; 1" in remark
        for remark in found["counselling_services"].origin.remarks
    )


# lamps, buildings, districts, areas -----------------------------------------------------------


def test_lamps_and_buildings_are_read(read):
    """A lamp keeps its number, a building its kind, storeys and address."""
    found = read(
        nodes(SQUARE),
        node(20, 2, 2, highway="street_lamp", ref="L12"),
        way(7, [1, 2, 3, 4, 1], building="apartments", building__levels="4", addr__street="Weg",
            addr__housenumber="3a"),
        way(8, [1, 2, 3, 1], building="yes", building__levels="many"),
    )  # fmt: skip
    assert one(found, "street_lamps")["reference"] == "L12"
    house, unknown = (row for _, row in found["buildings"].table.iterrows())
    assert (house["kind"], house["levels"], house["address"]) == ("apartments", 4, "Weg 3a")
    assert unknown["kind"] == ""
    assert np.isnan(unknown["levels"])


def districts_of(*levels):
    """Return squares side by side as districts of the levels given."""
    parts = []
    for i, level in enumerate(levels):
        ring = {100 * i + k: (x + i, y) for k, (x, y) in SQUARE.items()}
        refs = [100 * i + k for k in (1, 2, 3, 4, 1)]
        told = {"boundary": "administrative", "admin_level": level, "name": f"Teil {i}"}
        parts.append(nodes(ring) + way(50 + i, refs) +
                     relation(70 + i, [(50 + i, "outer")], type="boundary", **told))  # fmt: skip
    return parts


def test_districts_are_the_finest_level_that_covers_the_city(read):
    """Two quarters of level 11 in a city of four districts of level 10 are not the whole city."""
    whole = read(*districts_of("10", "10", "9"))["districts"].table
    assert sorted(whole["name"]) == ["Teil 0", "Teil 1"]
    patchy = read(*districts_of("10", "10", "10", "10", "11", "11"))["districts"].table
    assert len(patchy) == 4


def test_a_single_district_is_no_division(read):
    """One district says nothing about parts of a city."""
    assert "districts" not in read(*districts_of("10"), node(9999, 0, 0, amenity="cafe"))


def test_the_basemap_gets_water_green_railways_and_names(read):
    """Areas, lines and points that are only drawn; lines in tunnels are not."""
    found = read(
        nodes(SQUARE),
        node(20, 2, 2, place="suburb", name="Weststadt"),
        way(7, [1, 2, 3, 4, 1], natural="water", name="See"),
        way(8, [1, 2], railway="rail"),
        way(9, [2, 3], railway="subway", tunnel="yes"),
        way(10, [3, 4], waterway="river", name="Bach"),
        way(11, [1, 2, 3, 4, 1], highway="pedestrian", area="yes"),
    )
    kinds = dict(zip(found["areas"].table.index, found["areas"].table["kind"], strict=True))
    assert kinds == {
        "node/20": "place", "way/7": "water", "way/8": "railway", "way/10": "water",
        "way/11": "square",
    }  # fmt: skip


# boundary --------------------------------------------------------------------------------------

TOWN = [
    nodes({k: (x * 10, y * 10) for k, (x, y) in SQUARE.items()}),
    way(50, [1, 2, 3]),
    way(51, [3, 4, 1]),
    relation(70, [(50, "outer"), (51, "outer")], type="boundary", boundary="administrative",
             admin_level="8", name="Musterstadt"),
    node(20, 5, 5, amenity="cafe"),
    node(21, 15, 5, amenity="cafe"),
    node(30, 9, 5), node(31, 19, 5), node(32, 60, 5), node(33, 70, 5),
    way(60, [30, 31], highway="residential"),
    way(61, [32, 33], highway="residential"),
]  # fmt: skip
"""A town of 10 x 10 steps, a café inside and one outside, streets over the border and far off."""


def test_a_boundary_named_in_the_extract_cuts_the_city_out(read):
    """Places beyond the border go; streets stay up to 1 km beyond it, and that is told."""
    found = read(*TOWN, boundary="musterstadt")
    assert list(found["meeting_places"].table.index) == ["node/20"]
    assert list(found["streets"].table.index) == ["way/60/0"]
    assert "1,000 m beyond the border" in found["streets"].origin.remarks[0]


def test_a_boundary_from_a_file_cuts_the_same(read, tmp_path):
    """A GeoJSON of the border does what its name does."""
    outline = shapely.box(8.4, 49.0, 8.41, 49.01)
    file = tmp_path / "border.geojson"
    geopandas.GeoDataFrame(geometry=[outline], crs=4326).to_file(file)
    found = read(*TOWN, boundary=str(file))
    assert list(found["meeting_places"].table.index) == ["node/20"]


@pytest.mark.parametrize(
    ("boundary", "land"),
    [(None, (8, 48, 9, 49.005)), ("musterstadt", (8.4, 49, 8.41, 49.005))],
)
def test_the_land_that_was_read_completely_is_known(read, boundary, land):
    """The box that the file names; of a city cut out, the part of it that the file reaches."""
    bounds = '<bounds minlat="48" minlon="8" maxlat="49.005" maxlon="9"/>'
    (told,) = {found.origin.extent for found in read(bounds, *TOWN, boundary=boundary).values()}
    assert shapely.from_wkt(told).equals(shapely.box(*land))


def test_a_file_that_names_no_box_tells_no_land(read):
    """Unknown is not everything."""
    assert {found.origin.extent for found in read(*TOWN).values()} == {""}


def test_without_a_boundary_everything_is_kept(read):
    """Both cafés are there."""
    assert len(read(*TOWN)["meeting_places"].table) == 2


def test_an_unknown_boundary_lists_names_that_come_close(read):
    """A slip of the pen is answered with the right name."""
    with pytest.raises(ReadError, match="close to it: Musterstadt"):
        read(*TOWN, boundary="Mustersatdt")
    with pytest.raises(ReadError, match=r"nor one of the 1 administrative.*among them: Musterst"):
        read(*TOWN, boundary="Xyz")
    with pytest.raises(ReadError, match="holds no administrative boundary with a name"):
        read(node(1, 0, 0, amenity="cafe"), boundary="Musterstadt")


def test_two_boundaries_of_one_name_must_be_told_apart(read):
    """City and county of the same name: the error offers both by number, and a number works."""
    twin = relation(71, [(50, "outer"), (51, "outer")], type="boundary",
                    boundary="administrative", admin_level="6", name="Musterstadt")  # fmt: skip
    with pytest.raises(
        ReadError, match=r"relation/70 \(admin_level 8\), relation/71 \(admin_level 6\)"
    ):
        read(*TOWN, twin, boundary="Musterstadt")
    assert len(read(*TOWN, twin, boundary="relation/70")["meeting_places"].table) == 1


def test_a_boundary_that_is_not_whole_is_refused(read):
    """A border with a line missing encloses nothing."""
    torn = relation(72, [(50, "outer"), (999, "outer")], type="boundary",
                    boundary="administrative", name="Torn")  # fmt: skip
    with pytest.raises(ReadError, match="1 of its 2 lines are missing"):
        read(*TOWN, torn, boundary="Torn")


def test_neighbouring_districts_that_only_touch_the_border_stay_out(read, tmp_path):
    """Districts share edges with their neighbours outside; only those inside are ours."""
    file = tmp_path / "border.geojson"
    geopandas.GeoDataFrame(geometry=[shapely.box(8.4, 49.0, 8.402, 49.001)], crs=4326).to_file(file)
    found = read(*districts_of("10", "10", "10"), boundary=str(file))
    assert sorted(found["districts"].table["name"]) == ["Teil 0", "Teil 1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json", "breaks in line 1.*the boundary cannot be read; give a GeoPackage"),
        ('{"type":"Point"}', "the boundary cannot be read"),
        ("<html>", "this is a web page"),
        ('{"type":"FeatureCollection","features":[]}', "boundary file has no rows"),
        ('{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[8,49]}}',
         "no polygon, only Point; give the outline of the city as an area"),
    ],
)  # fmt: skip
def test_a_boundary_file_that_is_none_gets_a_sentence(read, tmp_path, content, said):
    """A file that holds no polygons cannot be a border."""
    file = tmp_path / "border.geojson"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=said):
        read(*TOWN, boundary=str(file))


# files -----------------------------------------------------------------------------------------


def test_origin_names_source_licence_and_day(read):
    """The day comes from the header, else from the newest edit."""
    origin = read(node(1, 0, 0, amenity="cafe"))["meeting_places"].origin
    assert (origin.source, origin.licence) == ("OpenStreetMap contributors", "ODbL 1.0")
    assert origin.attribution == "© OpenStreetMap contributors"
    assert len(origin.file_hash) == 64
    dated = node(1, 0, 0, amenity="cafe").replace(
        "<node ", '<node timestamp="2026-02-13T10:00:00Z" '
    )
    assert read(dated)["meeting_places"].origin.as_of == "2026-02-13"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.osm.pbf", b"", "empty"),
        ("a.osm.pbf", b"this is no pbf", "not an OpenStreetMap file"),
        ("a.osm", b"<osm version='0.6'><node id='1'", "not an OpenStreetMap file"),
        ("a.osm", b"<html></html>", "not an OpenStreetMap file"),
        ("a.osm", b"<osm version='0.6'></osm>", "no street, building or place"),
        ("a.shp", b"x", "import table"),
    ],
)
def test_files_that_are_no_extract_get_a_sentence(tmp_path, name, content, said):
    """Empty, cut off, of another kind: each is told what to do."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ReadError, match=said):
        read_osm(file, crs=UTM)


def test_a_missing_file_gets_a_sentence(tmp_path):
    """No stack trace for a typing error."""
    with pytest.raises(ReadError, match="no such file"):
        read_osm(tmp_path / "nowhere.osm.pbf", crs=UTM)


def test_a_store_in_degrees_is_refused(tmp_path):
    """Walks are counted in metres."""
    with pytest.raises(CrsError):
        read_osm(tmp_path / "a.osm", crs="EPSG:4326")


def test_large_files_keep_their_nodes_on_disk(read, monkeypatch):
    """The result does not depend on where node locations are kept."""
    before = read(*TOWN)["streets"].table
    monkeypatch.setattr(osm_stream, "BIG", 0)
    assert read(*TOWN)["streets"].table.equals(before)


def test_progress_is_told_every_object(tmp_path):
    """Whoever passes a progress bar sees the file's name and each object."""
    seen = []

    def progress(items, label, total=None, unit=""):
        seen.append((label, total, unit))
        return items

    file = tmp_path / "town.osm"
    file.write_text(f"<osm version='0.6'>{node(1, 0, 0, amenity='cafe')}</osm>", encoding="utf-8")
    read_osm(file, crs=UTM, progress=progress)
    assert seen == [("town.osm", None, "objects")]


@pytest.mark.city
@pytest.mark.skipif(not KIRCHFELD.exists(), reason="real data are not here")
def test_kirchfeld_holds_what_its_description_says():
    """907 ways, 94 lamps, 2,995 buildings, 33 km lit (see the data's own README)."""
    found = {i.layer.name: i.table for i in read_osm(KIRCHFELD, crs=UTM)}
    streets = found["streets"]
    assert streets.index.str.split("/").str[1].nunique() == 907
    assert len(found["street_lamps"]) == 94
    assert len(found["buildings"]) == 2995
    assert streets[streets["lit"] == "yes"].length.sum() / 1000 == pytest.approx(33, abs=1)
