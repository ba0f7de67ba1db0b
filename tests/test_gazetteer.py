"""Finding a place by name: forgiving, fast, from the city's own tables."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from layers.gazetteer import Gazetteer, folded

from . import towns

X, Y = towns.WEST, towns.SOUTH


def small():
    """Return two streets, one of them in two parts of the town, four houses, a library."""
    streets = towns.streets(
        [
            [(X, Y), (X + 100, Y)],
            [(X + 100, Y), (X + 200, Y)],
            [(X + 2000, Y), (X + 2100, Y)],
            [(X, Y + 50), (X + 100, Y + 50)],
            [(X, Y + 90), (X + 100, Y + 90)],
        ],
        name=["Große Mühlstraße", "Große Mühlstraße", "Große Mühlstraße", "Am Bäckerweg", ""],
    )
    houses = [box(X + 20 * n, Y + 5, X + 20 * n + 10, Y + 15) for n in range(4)]
    addresses = ["Große Mühlstraße 1", "Große Mühlstraße 3a", "Am Bäckerweg 12", ""]
    districts = towns.layer(
        "districts",
        [box(X - 500, Y - 500, X + 500, Y + 500), box(X + 1500, Y - 500, X + 2500, Y + 500)],
        name=["West", "East"],
    )
    return {
        "streets": streets,
        "buildings": towns.layer("buildings", houses, address=addresses),
        "meeting_places": towns.places([(X + 10, Y + 60)], name=["Bücherei St. Josef"]),
        "districts": districts,
    }


GAZETTEER = Gazetteer.of(**small())


def first(text):
    found = GAZETTEER.search(text)
    return (found[0].name, found[0].kind) if found else None


@pytest.mark.parametrize("text", [
    "Große Mühlstraße", "große mühlstraße", "Grosse Muehlstrasse", "GROSSE MÜHLSTR.",
    "Große Mühl-Straße", "Große Mühl Str", "Grose Mühlstrase", "Mühlstraße", "große mü",
    "near Große Mühlstraße", "in der Nähe von Große Mühlstraße", "Große Mühlstraße 99",
])  # fmt: skip
def test_a_street_is_found_however_it_is_written(text):
    """Case, umlauts, ß, abbreviation, typing errors, half a word, "near", a number nobody has."""
    assert first(text) == ("Große Mühlstraße", "street")


@pytest.mark.parametrize(("text", "name"), [
    ("Große Mühlstr. 1", "Große Mühlstraße 1"),
    ("grosse muehlstrasse 3 A", "Große Mühlstraße 3a"),
    ("Grose Mühlstrase 1", "Große Mühlstraße 1"),
    ("Am Bäckerweg 12", "Am Bäckerweg 12"),
    ("am baeckerweg 12, Karlsruhe", "Am Bäckerweg 12"),
])  # fmt: skip
def test_a_house_is_found_by_its_number(text, name):
    """With or without typing errors in the street; what follows a comma does not matter."""
    assert first(text) == (name, "address")


def test_places_and_districts_are_found():
    """A library by one of its words, a district by its name."""
    assert first("Bücherei") == ("Bücherei St. Josef", "meeting_place")
    assert first("near st josef") == ("Bücherei St. Josef", "meeting_place")
    assert first("west") == ("West", "district")


def test_streets_of_one_name_far_apart_are_two_and_say_where():
    """Two pieces touch, the third is 1.8 km away in another district."""
    found = [c for c in GAZETTEER.search("Große Mühlstraße") if c.kind == "street"]
    assert [c.district for c in found] == ["East", "West"]
    assert [(c.x, c.y) for c in found] == [(X + 2050, Y), (X + 100, Y)]


@pytest.mark.parametrize("text", ["", " ", "x", "qqqqqqqq", "12", "../../etc/passwd", "🌒🌒"])
def test_what_nobody_means_finds_nothing(text):
    """No answer is better than a wrong one."""
    assert GAZETTEER.search(text) == []


@given(st.text(max_size=300))
def test_whatever_is_typed_is_answered(text):
    """At most as many as asked for, the best first."""
    found = GAZETTEER.search(text, most=3)
    assert len(found) <= 3
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    """The index and the question are folded alike."""
    assert folded(folded(text)) == folded(text)


def test_a_city_without_layers_finds_nothing():
    """And is no error."""
    assert Gazetteer.of().search("Große Mühlstraße") == []


def test_a_search_among_a_hundred_thousand_addresses_is_quick():
    """2,000 streets of 50 houses; ten searches in less than a second of work."""
    boxes, names = [], []
    for street in range(2000):
        for house in range(50):
            x, y = X + 300 * (street % 45), Y + 300 * (street // 45)
            boxes.append(box(x + house, y, x + house + 0.5, y + 0.5))
            names.append(f"Weg {street} Straße {house + 1}")
    lines = [[(X + 300 * (s % 45), Y + 300 * (s // 45)), (X + 300 * (s % 45) + 60, Y)]
             for s in range(2000)]  # fmt: skip
    gazetteer = Gazetteer.of(
        streets=towns.streets(lines, name=[f"Weg {s} Straße" for s in range(2000)]),
        buildings=towns.layer("buildings", boxes, address=names),
    )
    start = time.process_time()
    for number in range(10):
        assert gazetteer.search(f"weg {number} str. 7")[0].kind == "address"
    assert time.process_time() - start < 1
