"""How results are drawn: legends in words, heat tables, styles for loss and gain."""

import geopandas
import numpy as np
import pandas as pd
import pytest
from flask import Flask

from geo_app import charts, create_app
from geo_app.config import Settings
from geo_app.heat import heat
from geo_app.legends import inks_of, legend_of
from layers import Column, Result, Style, Table, Text


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Flask:
    """Return an application in whose requests words are written in English."""
    var = tmp_path_factory.mktemp("var")
    return create_app(
        Settings.from_environment({"GEO_APP_VAR": str(var), "GEO_APP_LANGUAGE": "en"})
    )


def result(style: Style) -> Result:
    """Return a result of no rows with a style."""
    return Result(geopandas.GeoDataFrame(geometry=[], crs=25832), (), (), (), (), style)


def classes(app, style):
    """Return the classes of a legend in English."""
    with app.test_request_context():
        return legend_of(result(style)).classes


def test_minutes_are_told_by_their_ends(app):
    """Light is near, dark is far, and what lies beyond is said."""
    assert classes(app, Style("minutes", Text("Minutes"), (5, 10, 15))) == (
        ("m0", "up to 5\N{NO-BREAK SPACE}min"),
        ("m1", "up to 10\N{NO-BREAK SPACE}min"),
        ("m2", "up to 15\N{NO-BREAK SPACE}min"),
        ("m3", "longer, or not at all"),
    )


def test_loss_and_gain_are_told_by_words_and_not_by_colour_alone(app):
    """Where less is better, the low end has the colour of gain and is called better."""
    change = Style(
        "change", Text("Change"), (-5, -1, 1, 5), unit="min", scale="diverging", good="low"
    )
    words = [label for _, label in classes(app, change)]
    assert [word.split()[0] for word in words] == ["better", "better", "hardly", "worse", "worse"]
    assert inks_of(change) == ("d4", "d3", "d2", "d1", "d0")
    assert inks_of(Style("change", Text("Change"), (-5, -1, 1, 5), scale="diverging"))[0] == "d0"


def test_kinds_have_their_names(app):
    """Names of kinds are words, each with its own colour."""
    style = Style(
        "state",
        Text("State"),
        scale="kinds",
        kinds=("before", "new"),
        words=(Text("as before"), Text("new")),
    )
    assert classes(app, style) == (("k0", "as before"), ("k1", "new"))


def test_squares_make_the_last_class_faint(app):
    """Where squares tell of the gap, the colour below them steps back, on the legend too."""
    style = Style("minutes", Text("Minutes"), (5, 10, 15), "people_uncovered", Text("Gap"))
    assert classes(app, style)[-1][0] == "m3 faint"


def test_a_heat_table_has_round_classes_that_hold_every_number(app):
    """12 to 58 % fall into five classes of 10; what is not known has none."""
    table = Table(
        "week",
        Text("Week"),
        pd.DataFrame({"day": ["Monday", "Sunday"], "h8": [12.0, 58.0], "h9": [30.0, None]}),
        (
            Column("day", str, Text("day")),
            Column("h8", float, Text("8"), "%"),
            Column("h9", float, Text("9"), "%"),
        ),
        chart="heat",
    )
    with app.test_request_context():
        drawn = heat(table)
    assert [[spot.level for spot in line.spots] for line in drawn.lines] == [[0, 2], [4, -1]]
    assert drawn.scale[0] == "10 to 20\N{NO-BREAK SPACE}%"
    assert [line.name for line in drawn.lines] == ["Monday", "Sunday"]
    assert drawn.lines[0].spots[0].words == "12"


def test_a_heat_table_of_one_number_still_has_classes(app):
    """Nothing is divided by nothing."""
    columns = (Column("day", str, Text("day")), Column("h8", float, Text("8"), "%"))
    table = Table(
        "week", Text("Week"), pd.DataFrame({"day": ["Monday"], "h8": [7.0]}), columns, "heat"
    )
    with app.test_request_context():
        assert heat(table).lines[0].spots[0].level in range(5)


def test_questions_are_listed_with_the_data_they_lack(app):
    """Without any data the page still tells what could be asked, and what is missing."""
    told = app.test_client().get("/analyses").get_data(as_text=True)
    assert "Who can walk to a place in time, and who cannot?" in told
    assert "Needs data that are still missing: Residents" in told


def test_labels_of_lines_that_run_together_do_not_cover_each_other():
    """Three lines with the same values: three labels, at least 12 units apart in height."""
    frame = pd.DataFrame({"x": [0.0, 10, 20, 30]} | {name: [0.0, 40, 70, 90] for name in "abc"})
    columns = [Column(name, float, Text("line {name}", name=name), "%") for name in "xabc"]
    drawn = charts.chart(Table("curve", Text("Curve"), frame, tuple(columns), chart="line"))
    heights = sorted(height for _, height in (line.at for line in drawn.lines))
    assert np.diff(heights).min() >= 12
