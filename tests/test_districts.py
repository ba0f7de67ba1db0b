"""Districts side by side and one by one, on a street with two of them."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame

from layers import ANALYSES, LAYERS
from layers.analyses.compare_districts import _answer, _ranks
from layers.errors import MissingLayerError
from layers.question import Question

from . import towns


def run(town, **question):
    """Compare the districts of a town."""
    inputs = {name: LAYERS[name].prepare(table) for name, table in town.items()}
    analysis = ANALYSES["compare_districts"]
    return analysis.run(**inputs, **analysis.parse(question))


def test_west_is_served_and_east_is_not():
    """Four minutes reach junctions 0 to 2, which is all of West and nothing of East."""
    table = run(towns.main_street(), minutes="4").table
    assert table["name"].tolist() == ["West", "East"]
    assert table["people"].tolist() == [60, 90]
    assert table["share"].tolist() == [100, 0]
    assert table["people_uncovered"].tolist() == [0, 90]
    assert table["rank_from"].tolist() == [1, 2]
    assert table["rank_to"].tolist() == [1, 2]


def test_ties_are_told_as_ties():
    """Within an hour both reach everything: both may be first or second, and none is the best."""
    result = run(towns.main_street(), minutes="60")
    table = result.table
    assert result.answer == ("100 of 100 people in every district",)
    assert table["rank_from"].tolist() == [1, 1]
    assert table["rank_to"].tolist() == [2, 2]


def test_the_headline_does_not_single_out_one_of_several_alike():
    """East and South round to the same share: the worst is not one of them alone."""
    town = towns.main_street()
    areas = [*town["districts"].geometry, town["districts"].geometry.iloc[1]]
    table = GeoDataFrame(
        {"name": ["West", "East", "South"], "share": [99.8, 0.0, 0.2], "people": [60.0, 90.0, 5.0]},
        geometry=areas,
    )
    assert _answer(table, Question(group="under_10")) == (
        "From 0 of 100 children under 10 in East and 1 other to 100 of 100 in West",
    )


def test_ranks_hold_what_nine_in_ten_draws_say():
    """The first leads always, the two others trade places in every other draw."""
    swap = np.arange(100) % 2 == 0
    drawn = np.column_stack(
        [np.full(100, 90.0), np.where(swap, 50.0, 40.0), np.where(swap, 40.0, 50.0)]
    )
    assert _ranks(drawn).tolist() == [[1, 2, 2], [1, 3, 3]]


def test_districts_without_people_have_no_rank():
    """Nobody lives in the third district: it is left out, and nothing is ranked behind it."""
    town = towns.main_street()
    empty = towns.layer(
        "districts",
        [
            *town["districts"].geometry,
            town["districts"].geometry.iloc[0].buffer(1).exterior.buffer(0.1),
        ],
        name=["West", "East", "Rim"],
    )
    town["districts"] = empty
    assert run(town, minutes="4").table["name"].tolist() == ["West", "East"]


def test_without_districts_the_layer_is_asked_for():
    """An empty layer is as good as none."""
    town = towns.main_street()
    town["districts"] = town["districts"].iloc[:0]
    with pytest.raises(MissingLayerError):
        run(town)


def test_the_page_of_a_district_counts_its_own_people(client):
    """East: 0 of 100 within four minutes, rank 2 of 2, 90 people."""
    listed = client.get("/districts?minutes=4").get_data(as_text=True)
    assert listed.index(">West</a>") < listed.index(">East</a>")
    address = listed.split('href="')[1:]
    east = next(a.split('"')[0] for a in address if ">East</a>" in a.split("</th>")[0])
    page = client.get(east.replace("&amp;", "&")).get_data(as_text=True)
    assert "0 von 100 Menschen" in page
    assert "Rang von 2" in page
    assert "<dd>90</dd>" in page


def test_an_unknown_district_is_not_found(client):
    """The answer names those that are there."""
    answer = client.get("/districts/atlantis")
    assert answer.status_code == 404


def test_the_page_asks_further_in_a_sentence_each(client):
    """After dark and at other hours: where nothing is known, the page says so for this district."""
    listed = client.get("/districts?minutes=4").get_data(as_text=True)
    east = next(
        a.split('"')[0] for a in listed.split('href="') if ">East</a>" in a.split("</th>")[0]
    )
    page = client.get(east.replace("&amp;", "&")).get_data(as_text=True)
    further = page.split('id="also"')[1].split("</section>")[0]
    assert "Nach Einbruch der Dunkelheit" in further
    assert "Öffnungszeiten" in further
    assert further.count("<h3>") == 2
