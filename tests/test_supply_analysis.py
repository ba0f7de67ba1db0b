"""Enough for everybody: the analysis on a street that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from layers import ANALYSES, LAYERS
from layers.capacities import ASSUMED, capacities_of
from layers.sources.meeting_places import KINDS

from . import towns

RUN = ANALYSES["supply"].run


def given(town, **question):
    """Return the inputs of the analysis for a town, and its question."""
    values = ANALYSES["supply"].parse(question)
    return {
        name: LAYERS[name].prepare(table) for name, table in town.items() if name != "buildings"
    } | values


def street(**columns):
    """Return the main street with a library of 30 seats in the west, unless told otherwise."""
    town = towns.main_street()
    town["meeting_places"] = town["meeting_places"].assign(**({"capacity": 30.0} | columns))
    return town


def test_thirty_seats_for_sixty_people():
    """Four minutes reach junctions 0 to 2, so 60 people share 30 seats: 500 for each 1,000."""
    result = RUN(**given(street(), minutes="4", method="2sfca"))
    assert result.table["access"].tolist() == pytest.approx([500, 500, 500, 0, 0])
    assert result.figure("average").value == pytest.approx(200)  # 30 seats for all 150
    assert result.figure("share_short").value == pytest.approx(60)  # 90 of 150
    assert result.figure("offered").value == result.figure("handed_out").value == 30


def test_near_places_count_more():
    """Five minutes: junctions 0 and 1 count fully, 2 counts .68 and 3 counts .22."""
    result = RUN(**given(street(), minutes="5"))
    # 100 s lie in the first third exactly: 10·1 + 20·1 + 30·.68 + 40·.22
    shared = 10 + 20 + 30 * 0.68 + 40 * 0.22
    weights = np.array([1, 1, 0.68, 0.22, 0])
    assert result.table["access"].tolist() == pytest.approx(1000 * 30 / shared * weights, rel=1e-6)


def test_districts_share_what_their_people_have():
    """West has 500 for each 1,000 people, East has nothing; Theil lies wholly between them."""
    result = RUN(**given(street(), minutes="4", method="2sfca"))
    frame = next(table for table in result.tables if table.name == "districts").frame
    assert frame["access"].tolist() == pytest.approx([0, 500])  # those with least first
    assert frame["people_nothing"].tolist() == [90, 0]
    assert result.figure("between_districts").value == pytest.approx(100)


def test_unknown_capacity_is_taken_from_others_of_its_kind_or_assumed():
    """Three libraries that say 10, 20, 60 speak for a fourth; a lone café does not say."""
    table = towns.places(
        [(0, 0)] * 5, kind=["library"] * 4 + ["cafe"], capacity=[10.0, 20, 60, np.nan, np.nan]
    )
    found = capacities_of(table, "by_kind")
    assert found.people.tolist() == [10, 20, 60, 20, ASSUMED["cafe"]]
    assert found.known.tolist() == [True, True, True, False, False]
    assert capacities_of(table, "left_out").people.tolist() == [10, 20, 60, 0, 0]
    assert capacities_of(table, "one_each").people.tolist() == [1] * 5


def test_every_kind_of_place_has_an_assumed_capacity():
    """No kind can slip through to an unknown number."""
    assert set(ASSUMED) == set(KINDS)


def test_nobody_in_reach_is_said_and_nothing_breaks():
    """A place nobody reaches shares out nothing; the sentence says that there is nothing."""
    town = street()
    town["meeting_places"] = town["meeting_places"].set_geometry(
        town["meeting_places"].translate(50_000, 0)
    )
    result = RUN(**given(town))
    assert result.figure("offered").value == 0
    assert "nothing to share" in result.answer[0]


def test_counselling_services_count_one_each():
    """Services have no seats: each is one place."""
    town = street()
    town["counselling_services"] = towns.layer(
        "counselling_services",
        town["meeting_places"].geometry.tolist(),
        name=["Help"],
        topics=["debt"],
    )
    result = RUN(**given(town, reach="counselling_services", minutes="4", method="2sfca"))
    assert result.figure("offered").unit == "places"
    assert result.table["access"].tolist() == pytest.approx([1000 / 60] * 3 + [0, 0])


def test_headline_and_gini_lie_within_their_intervals():
    """Shared out again and again, the plain figures are among the draws."""
    result = RUN(**given(street(), minutes="4", method="2sfca"))
    for name in ("share_short", "gini"):
        figure = result.figure(name)
        assert figure.low <= figure.value <= figure.high
    assert result.figure("share_short").low < result.figure("share_short").high


def test_unknown_seats_make_the_spread_less_sure():
    """Two libraries apart: what each holds decides who has more, so not knowing it widens Gini."""
    far = towns.WEST + 4 * 111
    spots = [(towns.WEST, towns.SOUTH), (far, towns.SOUTH)]
    town = towns.main_street()
    spans = []
    for capacity in ([30.0, 30.0], [np.nan, np.nan]):
        town["meeting_places"] = towns.places(spots, capacity=capacity)
        figure = RUN(**given(town, minutes="3", method="2sfca")).figure("gini")
        spans.append(figure.high - figure.low)
    assert spans[0] < spans[1]


def test_weights_are_told_as_they_are():
    """A weight of .68 is 68 %, not 70."""
    notes = RUN(**given(street(), minutes="5")).notes
    assert any("100 %, 68 % and 22 %" in note for note in notes)


def test_seats_are_not_said_to_be_left_out():
    """Supply shares seats out: it must not say that they are not considered."""
    notes = " ".join(RUN(**given(street(), minutes="5")).notes)
    assert "Opening hours are not considered." in notes
    assert "free seats are not considered" not in notes


def test_only_the_headline_is_a_share_in_percent():
    """The bar below the headline draws what the headline says, and each other share has a label."""
    result = RUN(**given(street(), minutes="5"))
    assert [figure.name for figure in result.figures if figure.unit == "%"] == ["share_short"]
