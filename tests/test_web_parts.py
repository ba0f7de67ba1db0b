"""The parts of a page: sentence, controls, curve, rows, places."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
import pytest
from flask import Flask
from pandas import DataFrame
from shapely import Point

from geo_app import charts, forms, places, rows
from geo_app.headings import heading
from geo_app.languages import say
from geo_app.views.city import page_of
from layers import ANALYSES, LAYERS, Analysis, Bounds, Column, Table, Text

from .towns import SOUTH, WEST, layer


def curve(*lines, minutes=(0.0, 10.0, 20.0, 30.0), marked=10.0, unit="%"):
    """Return a table of one or more lines over minutes."""
    frame = DataFrame({"minutes": minutes} | {f"y{n}": line for n, line in enumerate(lines)})
    columns = [Column(f"y{n}", float, Text(f"line {n}"), unit) for n in range(len(lines))]
    first = Column("minutes", float, Text("Minutes"), "min")
    return Table("curve", Text("Curve"), frame, (first, *columns), chart="line", marked=marked)


def test_a_curve_runs_from_corner_to_corner_of_its_frame():
    """0 % at 0 min is the lower start corner, 100 % at 30 min the upper end corner."""
    left, right, top, bottom = charts.Chart((), (), (), None, ()).frame
    drawn = charts.chart(curve([0.0, 50.0, 75.0, 100.0]))
    assert drawn.lines[0].path.startswith(f"M{left:.1f} {bottom:.1f}L")
    assert drawn.lines[0].path.endswith(f"L{right:.1f} {top:.1f}")


def test_what_was_asked_for_is_marked_on_the_first_line():
    """A third of the way across, half of the way up."""
    left, right, top, bottom = charts.Chart((), (), (), None, ()).frame
    mark = charts.chart(curve([0.0, 50.0, 75.0, 100.0], [0.0, 90.0, 95.0, 100.0])).mark
    assert mark == pytest.approx((left + (right - left) / 3, (top + bottom) / 2))


@pytest.mark.parametrize("marked", [None, 99.0])
def test_nothing_is_marked_outside_of_the_curve(marked):
    assert charts.chart(curve([0.0, 50.0, 75.0, 100.0], marked=marked)).mark is None


def test_the_scale_ends_at_a_round_number_above_the_highest_value():
    """Counts up to 2,340 are drawn on 0 to 3,000."""
    drawn = charts.chart(curve([0.0, 100.0, 900.0, 2340.0], unit="people"))
    assert [tick.value for tick in drawn.up] == [0.0, 1500.0, 3000.0]


def test_gaps_in_the_data_are_left_out_not_drawn_as_zero():
    drawn = charts.chart(curve([0.0, math.nan, math.nan, 100.0]))
    assert drawn.lines[0].path.count("L") == 1
    assert "nan" not in drawn.lines[0].path


def test_the_curve_is_told_in_words_too():
    told = charts.chart(curve([0.0, 50.0, 75.0, 100.0])).told
    assert told[0] == "line 0: 0 % at 0 min, 50 % at 10 min, 75 % at 20 min, 100 % at 30 min"


def test_a_curve_without_rows_draws_nothing_and_does_not_fail():
    drawn = charts.chart(curve(np.array([]), minutes=np.array([])))
    assert drawn.lines == ()
    assert drawn.mark is None


def test_the_sentence_is_cut_into_words_and_parts():
    """Together the pieces are the sentence; punctuation stays with the part before it."""
    values = ANALYSES["coverage"].parse({"minutes": "4"})
    made = forms.form(ANALYSES["coverage"], values)
    told = "".join(p if isinstance(p, str) else p.words + p.tail for p in made.pieces)
    assert told == say(values["question"].sentence(), "de")
    assert made.parts[-1].tail == "?"
    assert [part.name for part in made.parts] == ["group", "places", "walk", "minutes"]


def test_every_parameter_has_its_control_once():
    """Either behind a part of the sentence or among the further settings."""
    analysis = ANALYSES["coverage"]
    made = forms.form(analysis, analysis.parse({}))
    fields = [field.name for part in made.parts for field in part.fields]
    assert sorted(fields + [f.name for f in made.further]) == sorted(analysis.parameters)


def test_an_analysis_without_a_sentence_has_a_plain_form():
    def plain(*, radius: Annotated[float, Bounds(1, 9, "m", 0.5)] = 2) -> None:
        """Take one number."""

    analysis = Analysis(plain, Text("Plain"), Text(""), ())
    made = forms.form(analysis, analysis.parse({"radius": "2,5"}))
    assert made.pieces == ()
    assert [(f.kind, f.value, f.low, f.high, f.step) for f in made.further] == [
        ("number", "2.5", 1, 9, 0.5)
    ]


def test_cells_are_written_for_people():
    """Labels instead of codes, no unit where the heading has it, unknown said in words."""
    fee = LAYERS["meeting_places"].column("fee")
    topics = LAYERS["counselling_services"].column("topics")
    capacity = LAYERS["meeting_places"].column("capacity")
    assert rows.cell("unknown", fee).words == "unbekannt"
    assert rows.cell("debt; work", topics).words == "Schulden, Arbeit und Arbeitslosigkeit"
    assert rows.cell(1250.0, capacity).words == "1.250"
    assert rows.cell(1250.0, capacity, unit=True).words == "1.250\N{NO-BREAK SPACE}Menschen"
    assert rows.cell(math.nan, capacity).words == "unbekannt"
    assert rows.cell("", Column("operator", str, Text("who runs it"))).words == "nicht bekannt"
    spoken = Column("languages", str, Text("languages spoken"))
    assert rows.cell("de;tr;xx", spoken).words == "Deutsch, Türkisch, xx"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org", True),
        ("http://example.org/a?b=c", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://example.org onclick=x", False),
        ("www.example.org", False),
    ],
)
def test_only_pages_on_the_web_become_links(address, link):
    assert rows.is_web_address(address) is link


def found(table, **asked):
    """Return the names found, in their order."""
    return places.matching(table, "meeting_places", **asked)["name"].tolist()


def some_places():
    """Return four places of three kinds, one without a name."""
    return layer(
        "meeting_places",
        [Point(WEST + n, SOUTH) for n in range(4)],
        name=["Zum Anker", "Bücherei Süd", "", "anker am Markt"],
        kind=["pub", "library", "park", "cafe"],
        operator=["", "City of Pencil", "", ""],
    )


def test_places_stand_in_the_order_of_their_names_the_nameless_last():
    assert found(some_places()) == ["anker am Markt", "Bücherei Süd", "Zum Anker", ""]


def test_every_word_must_occur_somewhere_in_capitals_or_not():
    assert found(some_places(), words="ANKER") == ["anker am Markt", "Zum Anker"]
    assert found(some_places(), words="anker markt") == ["anker am Markt"]
    assert found(some_places(), words="pencil") == ["Bücherei Süd"]
    assert found(some_places(), words=".*") == []


def test_kinds_are_counted_and_those_without_a_place_left_out():
    counted = places.sorts({"meeting_places": some_places()})["meeting_places"]
    assert {sort.name: sort.count for sort in counted} == {
        "pub": 1,
        "library": 1,
        "park": 1,
        "cafe": 1,
    }


def test_a_topic_is_found_among_several_and_never_by_part_of_its_name():
    services = layer(
        "counselling_services",
        [Point(WEST, SOUTH)] * 2,
        name=["A", "B"],
        topics=["debt; housing", "housing"],
    )
    assert places.matching(services, "counselling_services", sort="debt")["name"].tolist() == ["A"]
    assert places.matching(services, "counselling_services", sort="hous").empty


def test_a_place_tells_what_is_known_and_no_more():
    """Unknown details are left out; a place without a name is called by its kind."""
    park = places.place(some_places(), "meeting_places", "2")
    assert say(park.name) == "Park ohne Namen"
    assert park.details == ()
    library = places.place(some_places(), "meeting_places", "1")
    assert [str(name) for name, _ in library.details] == ["Run by"]


def test_a_new_column_needs_no_heading():
    unheard_of = Column("trees", int, Text("trees in the yard"))
    assert heading(unheard_of) == "trees in the yard"


def test_pages_of_a_list_stay_within_it():
    """Nothing below the first page, nothing beyond the last."""
    for asked, rows_shown in [("1", (0, 25)), ("3", (50, 60)), ("9", (50, 60)), ("-1", (0, 25))]:
        with Flask("x").test_request_context(f"/?page={asked}"):
            page = page_of(60)
            assert (page.start, page.stop) == rows_shown
