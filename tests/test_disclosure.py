"""Counts of one or two people leave no public page, and every figure still counts them."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from layers import ANALYSES, LAYERS
from layers.disclosure import LEAST, withheld
from layers.what_if_tables import COLUMNS

from . import towns

OLD = "/analyses/coverage{}?group=aged_75plus&minutes=4"


def test_small_counts_of_a_layer_go_one_by_one():
    """Of 1 to 5 old people the 1 and the 2 are withheld; residents stay."""
    table = towns.main_street()["population"]
    shown = withheld(table, LAYERS["population"].columns)
    assert shown["aged_75plus"].isna().tolist() == [True, True, False, False, False]
    assert shown["residents"].tolist() == table["residents"].tolist()
    assert table["aged_75plus"].notna().all()


def test_a_row_about_few_people_says_nothing_in_people():
    """If people and people without a place were told apart, one could be worked out."""
    town = towns.main_street()
    inputs = {name: LAYERS[name].prepare(table) for name, table in town.items()}
    analysis = ANALYSES["coverage"]
    table = analysis.run(**inputs, **analysis.parse({"group": "aged_75plus", "minutes": "1"})).table
    shown = withheld(table, analysis.columns)
    few = table["people"] < LEAST
    assert shown.loc[few, ["people", "people_uncovered"]].isna().all(axis=None)
    assert np.isfinite(shown.loc[few, "minutes"]).all()
    assert shown.loc[~few, "people"].tolist() == [3, 4, 5]


def test_nothing_small_means_nothing_changes():
    """The very same table comes back."""
    table = towns.homes([(0, 0)], [40])
    assert withheld(table, LAYERS["population"].columns) is table


def test_hours_times_people_tell_no_people():
    """Two people who gain three hours each would be six person-hours."""
    table = pd.DataFrame({"people": [2.0, 4], "hours_gained": [3.0, 3], "person_hours": [6.0, 12]})
    shown = withheld(
        table, [c for c in ANALYSES["further_hours"].columns if c.name in table.columns]
    )
    assert np.isnan(shown["person_hours"].iloc[0])
    assert shown["person_hours"].iloc[1] == 12
    assert shown["hours_gained"].tolist() == [3, 3]


def test_one_person_beside_many_is_not_told():
    """Of four people one gains: the one goes, the four stay."""
    table = pd.DataFrame({"people": [4.0], "people_gained": [1.0], "people_lost": [0.0]})
    shown = withheld(table, [c for c in COLUMNS if c.name in table.columns])
    assert shown["people"].tolist() == [4]
    assert shown["people_gained"].isna().all()
    assert shown["people_lost"].tolist() == [0]


def test_a_way_that_matters_to_one_person_does_not_tell_so():
    """Rows of the works department hold no people of their own, but counts of those who gain."""
    columns = [c for c in ANALYSES["criticality"].columns if c.name == "people_regained"]
    shown = withheld(pd.DataFrame({"people_regained": [1.0, 0, 3]}), columns)
    assert shown["people_regained"].isna().tolist() == [True, False, False]


def test_empty_cells_stay_empty():
    """Nobody is not somebody: 0 may be told."""
    table = towns.homes([(0, 0), (500, 0)], [0, 2])
    shown = withheld(table, LAYERS["population"].columns)
    assert shown["residents"].iloc[0] == 0
    assert np.isnan(shown["residents"].iloc[1])


@pytest.mark.parametrize("address", ["/layers/population/features", OLD.format("/features")])
def test_maps_fetch_no_small_counts(client, address):
    """What the script of a map gets holds none either."""
    features = json.loads(client.get(address).data)["features"]
    told = [f["properties"].get("people", f["properties"].get("aged_75plus")) for f in features]
    assert sorted(v for v in told if v is not None) == [3, 4, 5]


@pytest.mark.parametrize("address", ["/layers/population/download", OLD.format("/download")])
def test_downloads_hold_no_small_counts_and_say_so(client, address):
    """Rows without them, and beside the rows a sentence that tells why some are missing."""
    path, _, query = address.partition("?")
    frame = pd.read_csv(io.BytesIO(client.get(f"{path}.csv?{query}").data))
    column = "people" if "people" in frame else "aged_75plus"
    assert sorted(frame[column].dropna()) == [3, 4, 5]
    book = pd.read_excel(
        io.BytesIO(client.get(f"{path}.xlsx?{query}").data), sheet_name=None, header=None
    )
    assert any("einem oder zwei Menschen" in sheet.to_string() for sheet in book.values())


def test_pages_and_figures(client):
    """The answer still counts 6 of 15 old people; the rows show no 1 and no 2."""
    page = client.get(OLD.format("")).get_data(as_text=True)
    assert "40 von 100" in page
    rows = client.get(OLD.format("/rows")).get_data(as_text=True)
    assert rows.count("unbekannt") >= 4


def test_the_list_of_gaps_leaves_out_cells_of_so_few_people(client):
    """Of cells with 1 to 5 old people the first has the library; 3, 4 and 5 are told, 2 not."""
    page = client.get("/analyses/coverage?group=aged_75plus&minutes=1").text
    assert page.count("data-show=") == 3
