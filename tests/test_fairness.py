"""Fair for everybody: group against group and indices in words, on a street counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from layers import ANALYSES, LAYERS, Text
from layers.fairness_indices import Spread
from layers.fairness_words import indices_of

from . import towns


def run(town, **question):
    """Ask about fairness in a town."""
    inputs = {name: LAYERS[name].prepare(table) for name, table in town.items()}
    return ANALYSES["fairness"].run(**inputs, **ANALYSES["fairness"].parse(question))


def table(result, name):
    """Return one further table of a result."""
    return next(one.frame for one in result.tables if one.name == name)


def test_a_group_that_lives_like_everybody_is_not_worse_off():
    """One in ten is old everywhere: 40 of 100 are reached in four minutes, old or not."""
    row = table(run(towns.main_street(), minutes="4"), "groups").loc["aged_75plus"]
    assert row["share"] == pytest.approx(40)
    assert row["difference"] == pytest.approx(0)
    assert row["verdict"] == "no difference beyond doubt"


def test_a_group_that_lives_far_out_is_worse_off():
    """All old people live at the far end, an hour's reach away: none of them is reached."""
    town = towns.main_street()
    town["population"] = town["population"].assign(aged_75plus=np.array([0.0, 0, 0, 0, 40]))
    result = run(town, minutes="2")
    row = table(result, "groups").loc["aged_75plus"]
    assert row["share"] == 0
    # of the 110 others, 10 + 20 live within 120 s
    assert row["difference"] == pytest.approx(-100 * 30 / 110)
    assert row["verdict"] == "worse off"
    assert "less often than all others: people of 75" in result.answer[0]
    assert isinstance(row["group"], Text)  # so that it is told in the language of the reader


def test_estimated_people_leave_a_difference_in_doubt():
    """All old people are estimated: nobody knows on which side of their area they live."""
    town = towns.main_street()
    people = town["population"].assign(aged_75plus=np.array([0.0, 0, 0, 0, 40]))
    town["population"] = people.assign(downscaled=np.array([False, False, False, False, True]))
    result = run(town, minutes="2")
    row = table(result, "groups").loc["aged_75plus"]
    assert row["verdict"] == "worse off by estimate, not beyond doubt"
    assert np.isnan(row["difference_low"])
    assert np.isnan(row["difference_high"])
    assert result.answer[0] == "No group is worse off beyond doubt"
    assert "Estimates hint at: people of 75 and over" in result.answer[1]


def test_groups_that_cannot_be_told_apart_are_named_together():
    """Young and old live in the same houses at the far end: neither is the worst off alone."""
    town = towns.main_street()
    far = np.array([0.0, 0, 0, 0, 20])
    town["population"] = town["population"].assign(aged_75plus=far, aged_65plus=far)
    answer = run(town, minutes="2").answer
    assert "less often than all others: people of 65" in answer[0]
    assert answer[2] == "Not told apart from them: people of 75 and over."


def test_a_cost_is_never_called_having_more():
    """Those who walk longer do not have more of anything."""
    words = table(run(towns.main_street(), measure="minutes", rank="aged_75plus"), "indices")
    spread = Spread(
        values=np.array([1.0, 2, 3, 4, 30]),
        people=np.ones(5),
        district=np.zeros(5, dtype=int),
        rank=np.arange(5.0),
        cost=True,
    )
    told = indices_of(spread, "aged_75plus").frame["words"]
    assert "walk longer" in told["concentration"]
    assert "% of the minutes" in told["palma"]
    assert not any("more of it" in sentence for sentence in words["words"])


def test_groups_nobody_counted_are_not_compared():
    """Without any group the answer says so."""
    town = towns.main_street()
    town["population"] = town["population"].assign(aged_75plus=np.nan)
    result = run(town)
    assert table(result, "groups").empty
    assert "cannot be compared" in result.answer[0]


def test_more_minutes_are_worse_and_said_to_be():
    """A cost is told as a cost; falling short means walking more than twice the average."""
    result = run(towns.main_street(), measure="minutes")
    assert any("Minutes are a cost" in note for note in result.notes)
    spread = Spread(
        values=np.array([1.0, 1, 1, 1, 16]),
        people=np.ones(5),
        district=np.zeros(5, dtype=int),
        rank=np.arange(5.0),
        cost=True,
    )
    assert spread.standard == pytest.approx(8)
    assert spread.shortfall(0) == pytest.approx(1 / 5)
    assert spread.shortfall(1) == pytest.approx(0.5 / 5)


def test_seats_fall_short_below_half_of_the_average():
    """Average 4, standard 2: one of four has 1, which is half of the standard."""
    spread = Spread(
        values=np.array([1.0, 3, 6, 6]),
        people=np.ones(4),
        district=np.zeros(4, dtype=int),
        rank=np.arange(4.0),
        cost=False,
    )
    assert spread.shortfall(0) == pytest.approx(0.25)
    assert spread.shortfall(1) == pytest.approx(0.125)


def test_every_index_has_a_sentence():
    """No number stands alone."""
    words = table(run(towns.main_street(), minutes="4"), "indices")["words"]
    assert len(words) == 7
    assert all(len(sentence) > 10 for sentence in words)


def test_nobody_and_nothing_are_said():
    """Neither an empty town nor one without places breaks anything."""
    town = towns.main_street()
    town["population"] = town["population"].iloc[:0]
    assert run(town).answer
    town = towns.main_street()
    town["meeting_places"] = town["meeting_places"].iloc[:0]
    result = run(town)
    assert "cannot be told" in table(result, "indices")["words"].tolist()
    assert any("There is no such place in the data" in note for note in result.notes)
