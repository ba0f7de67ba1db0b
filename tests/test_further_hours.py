"""Further hours: the best spans, by a pencil and by trying every choice."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from layers.analyses.further_hours import further_hours
from layers.further_hours import PARTS, best, in_order, offer_of, problem_of, singles, spans_of
from layers.network import Network
from layers.question import Question
from layers.weekly import week_of

from .test_weekly import prepared, two_places
from .towns import random_town

SUNDAY = Question(minutes=4, open_when="sunday")


def answer(**asked):
    """Return the answer for the two places of main street."""
    return further_hours(**prepared(two_places()), **asked)


def chosen(result):
    """Return place and span of each choice."""
    table = next(table for table in result.tables if table.name == "chosen").frame
    return list(zip(table["opens"], table["span"], strict=True))


def test_one_span_gains_most_where_most_people_lack_it():
    """East on Sunday mornings or evenings: 120 people, 3 h; West in the afternoon: 30 people."""
    result = answer(question=SUNDAY, count=1)
    assert result.figure("person_hours").value == 360
    assert result.figure("people_gaining").value == 120
    assert chosen(result)[0][0] == "Place 1"
    assert result.figure("gap").value == 0


def test_two_spans_are_not_twice_the_same():
    """Morning and evening in the east: 720 person-hours of 150 people × 9 h = 1,350."""
    result = answer(question=SUNDAY, count=2)
    assert {span for _, span in chosen(result)} == {"Su 9 to 12:00", "Su 18 to 21:00"}
    assert result.figure("person_hours").value == 720
    before, after = (result.figure(name).value for name in ("share_before", "share_after"))
    assert before == pytest.approx(100 * 360 / 1350)
    assert after == pytest.approx(100 * 1080 / 1350)


def test_whom_nobody_serves_can_come_first():
    """30 people in the west reach nothing on Sundays; a morning there gives 60 people 3 h."""
    result = answer(question=SUNDAY, count=1, gain="people")
    assert chosen(result) in ([("Place 0", "Su 9 to 12:00")], [("Place 0", "Su 18 to 21:00")])
    assert result.figure("person_hours").value == 180


def test_places_of_unknown_hours_are_never_chosen():
    """What the known place would gain is less if the unknown one is open anyhow."""
    town = two_places(opening_hours=["", "Mo 10:00-12:00"])
    result = further_hours(**prepared(town), question=SUNDAY, count=3)
    assert {place for place, _ in chosen(result)} == {"Place 1"}
    figure = result.figure("person_hours")
    assert (figure.low, figure.high) == (90 * 9, 120 * 9)


def test_without_any_hours_nothing_is_chosen():
    town = two_places(opening_hours=["", ""])
    result = further_hours(**prepared(town), question=SUNDAY)
    assert result.answer[0] == "It cannot be told who would gain by further hours"
    assert result.marked is None


def test_where_all_is_open_nothing_is_gained():
    town = two_places(opening_hours=["24/7", "24/7"])
    result = further_hours(**prepared(town), question=SUNDAY)
    assert result.answer[0] == "No further hours would gain anybody"


def test_what_is_gained_adds_up():
    """Person-hours of the cells, of the choices and of the districts are the same."""
    result = answer(question=Question(minutes=4), count=4)
    total = result.figure("person_hours").value
    frames = {table.name: table.frame for table in result.tables}
    assert result.table["person_hours"].sum() == pytest.approx(total)
    assert frames["chosen"]["person_hours"].sum() == pytest.approx(total)
    assert frames["districts"]["person_hours"].sum() == pytest.approx(total)
    assert result.marked is not None
    assert len(result.marked) == len(frames["chosen"]) == 4


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gain", ["person_hours", "people"])
def test_the_choice_is_the_best_of_all(seed, gain):
    """Every pair of spans tried one by one finds nothing better."""
    town = random_town(seed, places_=3)
    hours = ["Sa 09:00-12:00", "Mo-Fr 18:00-22:00", "Su 10:00-16:00"]
    table = town["meeting_places"].assign(opening_hours=hours)
    homes, people = town["population"].centroid, town["population"]["residents"].to_numpy()
    streets = Network.from_streets(town["streets"])
    week = week_of(homes, streets, table, Question(minutes=5))
    offer = offer_of(week, people, "evenings_and_weekends", 3, week.asked)
    found = best(problem_of(offer, 2, gain))
    order, gains = in_order(offer, found.chosen)
    assert len(order) == 2

    def worth(pair):
        won = offer.gained(np.array(pair))
        if gain == "person_hours":
            return float(people @ won.sum(axis=1))
        never = (offer.lacking == 3).all(axis=1)
        return float(people[never & (won > 0).any(axis=1)].sum())

    every = combinations(range(len(offer.places) * len(offer.spans)), 2)
    assert found.proven
    assert worth(tuple(order)) == pytest.approx(max(map(worth, every)))
    if gain == "person_hours":
        assert sum(float(people @ won) for won in gains) == pytest.approx(worth(tuple(order)))


def test_the_best_single_span_is_exact():
    """What each span gains alone is what it gains when it is the only one."""
    town = prepared(two_places())
    people = town["population"]["residents"].to_numpy()
    week = week_of(
        town["population"].centroid, town["streets"], town["meeting_places"], Question(minutes=4)
    )
    offer = offer_of(week, people, "any", 3, week.asked)
    alone = singles(offer)
    for candidate in range(alone.size):
        won = float(people @ offer.gained(np.array([candidate])).sum(axis=1))
        assert alone.ravel()[candidate] == pytest.approx(won)


@pytest.mark.parametrize(
    ("when", "count"),
    [("any", 24), ("evenings_and_weekends", 11), ("sunday", 3), ("public_holiday", 3)],
)
def test_spans_are_those_of_the_days_asked_for(when, count):
    """Seven days with three parts each; five evenings and six parts of the weekend."""
    expected = count - len(PARTS) if when == "any" else count
    assert len(spans_of(when, 3)) == expected
