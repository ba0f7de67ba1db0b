"""How sure a coverage is: what may be wrong in the data of a town that can be counted by hand."""

from __future__ import annotations

import pytest

from geo_app.languages import say
from layers import ANALYSES, LAYERS
from layers.network import Network
from layers.question import Question
from layers.sureness import situation_of, sure_of
from layers.uncertainty import DEVIATIONS

from . import towns


def parts(town):
    """Return what `sure_of` takes, but for the question."""
    return (
        town["population"],
        town["population"].centroid,
        Network.from_streets(town["streets"]),
        town["meeting_places"],
    )


def test_the_headline_lies_within_its_interval():
    """Four minutes reach junctions 0 to 2: 60 of 150 people, or a few more or fewer."""
    town = towns.main_street()
    inputs = {name: LAYERS[name].prepare(table) for name, table in town.items()}
    values = ANALYSES["coverage"].parse({"minutes": "4"})
    figure = ANALYSES["coverage"].run(**inputs, **values).figure("share_covered")
    assert figure.value == pytest.approx(40)
    assert figure.low < 40 < figure.high
    assert "simulated" in figure.note


def test_every_group_that_is_counted_has_an_interval():
    """Old people have their own; groups nobody counted have none."""
    sure = sure_of(*parts(towns.main_street()), Question(minutes=4))
    assert set(sure.low) == {"residents", "aged_75plus"}
    assert sum(sure.causes.values()) == pytest.approx(1)


def test_estimated_people_are_less_sure_than_counted_ones():
    """A count is off by some people, an estimate by a part of itself."""
    town = towns.main_street()
    counted = situation_of(*parts(town), Question(), ["residents"]).people_deviation
    town["population"] = town["population"].assign(downscaled=True)
    spread = situation_of(*parts(town), Question(), ["residents"]).people_deviation
    assert counted.ravel().tolist() == [DEVIATIONS["count"]] * 5
    assert spread.ravel().tolist() == pytest.approx(
        [DEVIATIONS["spread"] * people for people in (10, 20, 30, 40, 50)]
    )


def test_places_with_unknown_hours_count_as_often_as_known_ones_are_open():
    """Of three libraries one is open on Sunday, one is closed, one does not say: it counts half."""
    town = towns.main_street()
    spot = town["meeting_places"].geometry.iloc[0]
    town["meeting_places"] = towns.places(
        [spot] * 3, opening_hours=["Su 10:00-20:00", "Mo 10:00-20:00", ""]
    )
    question = Question(open_when="sunday", open_hour=15, kinds=("library",))
    situation = situation_of(*parts(town), question, ["residents"])
    assert situation.chance.tolist() == [1.0, 0.5]


def test_everybody_far_inside_the_limit_leaves_no_doubt():
    """In an hour everybody is there, however slowly and from wherever they start."""
    sure = sure_of(*parts(towns.main_street()), Question(minutes=60))
    assert (sure.low["residents"], sure.high["residents"]) == (pytest.approx(100),) * 2


def test_nobody_has_no_interval():
    """Without people there are no groups, and nothing breaks."""
    town = towns.main_street()
    town["population"] = town["population"].iloc[:0]
    sure = sure_of(*parts(town), Question())
    assert not sure.low
    assert sure.why


def test_what_the_doubt_is_made_of_is_told_in_german():
    """The causes are sentences that can be translated, not only English words."""
    inputs = {n: LAYERS[n].prepare(table) for n, table in towns.main_street().items()}
    values = ANALYSES["coverage"].parse({"minutes": "4"})
    result = ANALYSES["coverage"].run(**inputs, **values)
    doubt = next(table for table in result.tables if table.name == "doubt")
    assert "wie schnell Menschen gehen" in [say(cause, "de") for cause in doubt.frame["cause"]]
