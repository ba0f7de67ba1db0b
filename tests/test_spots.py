"""What the public sees of marks: reasons first, both kinds, nothing exact, nobody ranked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from shapely import LineString, box

from geo_app import create_app
from geo_app.spots import spots_near

from .citizens import AT, SOUTH, WEST, Citizen, imports, pins, town
from .towns import layer

HERE = (WEST + 100, SOUTH)

EVIL = "<script>alert(1)</script> {{ 7 * 7 }}"


@pytest.fixture
def main_street():
    """The small town with a public layer."""
    return imports(town() | {"pins": pins(finding=["", "", EVIL])})


@pytest.fixture
def citizen(app):
    """Somebody without a script."""
    return Citizen(app)


def titles(citizen):
    """Return what each entry of the list says first."""
    return [
        part.split("<b>")[1].split("</b>")[0]
        for part in citizen.page.text.split("<li class=")[1:]
        if "<b>" in part
    ]


def test_an_entry_says_the_reason_and_how_many(citizen):
    citizen.open("/spots")
    assert "Poor light, 7 marks" in titles(citizen)
    assert "overgrown, 5 marks" in citizen.words()
    assert "Part of Long Street" in citizen.words()


def test_without_a_reason_that_enough_people_share_it_is_various(citizen):
    citizen.open("/spots?kind=at_ease")
    assert titles(citizen) == ["Various reasons, 6 marks"]
    assert "I feel at ease here" in citizen.words()


def test_a_finding_of_the_city_stands_under_its_name_with_its_date(citizen):
    citizen.open("/spots")
    assert "Poor light: confirmed by the city" in titles(citizen)
    assert "until December 31, 2026" in citizen.words()


def test_the_order_is_that_of_exactness_and_names(citizen):
    """The city's finding, a part of a street, a district: not by how many complain."""
    citizen.open("/spots")
    assert titles(citizen) == [
        "Poor light: confirmed by the city", "Poor light, 7 marks", "Various reasons, 6 marks"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?kind=unsafe", 2),
        ("?factor=overgrown", 1),
        ("?factor=traffic", 0),
        ("?daytime=night", 3),
        ("?daytime=day", 2),
        ("?kind=unsafe&factor=poor_light&daytime=day", 1),
        ("?kind=nonsense&factor=1%27--", 3),
    ],
)
def test_list_and_map_show_the_same(citizen, query, count):
    """A row that tells no time may be of any; one that tells night is not of the day."""
    citizen.open(f"/spots{query}")
    assert len(titles(citizen)) == count
    found = json.loads(citizen.open(f"/spots/features{query}").text)["features"]
    assert len(found) == count


def test_by_night_the_map_is_dark(citizen):
    assert '<section class="map night"' in citizen.open("/spots?daytime=night").text
    assert '<section class="map"' in citizen.open("/spots?daytime=day").text


def test_each_entry_tells_since_when_and_until_when(citizen):
    citizen.open("/spots?kind=at_ease")
    assert "since May 4, 2026 · until March 1, 2027 at the longest" in citizen.words()


def test_what_has_run_out_is_not_shown_until_the_next_release(citizen):
    """On its last day a row is there; at midnight of German clocks it is gone from everywhere."""

    def maps_and_files():
        files = ("/spots/features", "/layers/pins/features", "/layers/pins/download.geojson")
        return [len(json.loads(citizen.open(file).text)["features"]) for file in files]

    citizen.at = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    citizen.open("/spots")
    assert len(titles(citizen)) == 3
    assert maps_and_files() == [3, 3, 3]
    citizen.wait(minutes=1)
    citizen.open("/spots")
    assert titles(citizen) == ["Poor light, 7 marks", "Various reasons, 6 marks"]
    assert maps_and_files() == [2, 2, 2]
    citizen.open("/layers/pins")
    assert "2 rows" in citizen.words()


def test_rows_that_say_the_same_of_the_same_part_of_the_city_are_one_spot(app, citizen):
    """Two groups of the district came in two releases, and one feels otherwise; by hand 6 + 8."""
    west = box(WEST - 50, SOUTH - 50, WEST + 200, SOUTH + 50)
    told = {
        "place": "West", "unit": "district", "factors": "", "factor_marks": "",
        "daytimes": ["night", "night", "night", "", "night"],
        "daytime_marks": ["6", "8", "5", "", "7"],
        "kind": ["at_ease", "at_ease", "unsafe", "at_ease", "at_ease"],
        "marks": [6, 8, 5, 9, 7],
        "released_on": ["2026-04-06", "2026-05-04", "2026-05-04", "2026-05-04", "2026-05-04"],
        "expires_on": ["2026-12-01", "2027-03-01", "2027-03-01", "2027-03-01", "2027-03-01"],
    }  # fmt: skip
    shapes = [west, west, west, west, west.buffer(10, join_style="mitre")]
    table = layer("pins", shapes, **told, finding="", confirmed_on="")
    store = app.extensions["store"]
    store.write(imports({"pins": table}), at=AT)
    citizen.open("/spots")
    assert sorted(titles(citizen)) == [
        "Various reasons, 14 marks", "Various reasons, 5 marks",
        "Various reasons, 7 marks", "Various reasons, 9 marks",
    ]  # fmt: skip
    assert "after dark, 14 marks" in citizen.words()
    assert "since April 6, 2026 · until March 1, 2027 at the longest" in citizen.words()
    assert len(json.loads(citizen.open("/spots/features").text)["features"]) == 4
    assert len(json.loads(citizen.open("/layers/pins/features").text)["features"]) == 5
    marks = app.extensions["marks"]
    for pin, device in zip(table.index[:2], ("phone", "tablet"), strict=True):
        marks.me_too(pin, device=device, at=AT)
    citizen.open("/spots")
    assert "2 more agree" in citizen.words()


def near(store, table):
    """Return the ids of what is offered in the middle of the town instead of a new mark."""
    store.write(imports({"pins": table}), at=AT)
    return [spot.id for spot in spots_near(store, *HERE, kind="unsafe", on=AT.date())]


@pytest.mark.parametrize(
    ("unit", "offered"),
    [("segment", 1), ("cell_100", 1), ("cell_200", 0), ("cell_400", 0), ("district", 0)],
)
def test_only_what_is_small_is_offered_instead_of_a_mark(app, unit, offered):
    """Whoever stands in a district does not mean all of it."""
    assert len(near(app.extensions["store"], around(unit, 1))) == offered


def test_at_most_three_are_offered_instead_of_a_mark(app):
    assert len(near(app.extensions["store"], around("segment", 5))) == 3


def around(unit, count):
    """Return so many rows of one unit around `HERE`."""
    way = [LineString([HERE, (HERE[0] + 9 + n, HERE[1])]) for n in range(count)]
    shapes = way if unit == "segment" else [one.centroid.buffer(40) for one in way]
    return layer("pins", shapes, place=["Here"] * count, unit=[unit] * count,
                 kind=["unsafe"] * count, marks=[5] * count, released_on=["2026-05-04"] * count,
                 expires_on=["2027-03-01"] * count)  # fmt: skip


def test_words_of_the_city_are_only_text(citizen):
    assert EVIL not in citizen.open("/spots").text
    assert "&lt;script&gt;alert(1)" in citizen.page.text
    assert ">49<" not in citizen.page.text


def test_me_too_counts_once_for_each_device_and_day(citizen, app):
    marks = app.extensions["marks"]
    pin = app.extensions["store"].read("pins").index[0]

    def say():
        citizen.open("/spots?kind=unsafe")
        citizen.send("/spots/voice", spot=pin, word=citizen.field("word"), kind="unsafe")
        return citizen.follow()

    assert "Your voice counts." in say().text
    assert "has already been counted today" in say().text
    assert marks.voices(pin) == 1
    assert "1 more agree" in citizen.words()
    assert "kind=unsafe" in citizen.page.request.url
    citizen.wait(days=1)
    assert "Your voice counts." in say().text
    assert marks.voices(pin) == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [({"spot": "nothing"}, "This spot is not shown any more."), ({"word": "guessed"}, "too old")],
)
def test_a_voice_that_does_not_count_is_told_why(citizen, given, told):
    citizen.open("/spots")
    pin, word = citizen.field("spot"), citizen.field("word")
    citizen.send("/spots/voice", **({"spot": pin, "word": word} | given))
    assert told in citizen.follow().text


def test_too_many_voices_have_to_wait(citizen, app):
    citizen.open("/spots")
    pin, word = citizen.field("spot"), citizen.field("word")
    for _ in range(app.config["SETTINGS"].voices_hourly + 1):
        citizen.send("/spots/voice", spot=pin, word=word)
    assert "Many voices have come" in citizen.follow().text


def test_before_the_first_release_the_page_says_why_it_is_empty(settings, store):
    store.write(imports(town()), at=AT)
    citizen = Citizen(create_app(settings))
    citizen.open("/spots")
    told = citizen.words()
    assert "Nothing is public yet." in told
    assert "once 5 marks have come together" in told
    assert "next on June 1, 2026" in told
    assert json.loads(citizen.open("/spots/features").text)["features"] == []


def test_the_public_layer_tells_nothing_of_single_marks(citizen):
    """No note, no code, no exact point: only masked units and the city's own findings."""
    for feature in json.loads(citizen.open("/spots/features").text)["features"]:
        assert set(feature["properties"]) == {
            "kind", "title", "feeling", "place", "others", "daytimes", "finding", "until", "fill"
        }  # fmt: skip
        assert feature["geometry"]["type"] != "Point" or feature["properties"]["finding"]
