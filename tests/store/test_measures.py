"""Measures in the store: nothing is overwritten, nothing can be changed behind its back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from shapely import box, normalize
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo_app.store import (
    MeanwhileError,
    MeasureError,
    Measures,
    StoreError,
    TamperedError,
    UnknownMeasureError,
)
from geo_app.store.engines import writing
from geo_app.store.measure_marks import marks_to_count
from layers import Text
from layers.measures import Answer, Plan, Status

from .mark_samples import MARK, NOON

PLAN = Plan(
    name="Light", kind="lighting", office="street_lighting", factors=("poor_light",),
    from_on=date(2030, 6, 1), until_on=date(2030, 11, 30),
    places=normalize(box(0, 0, 100, 100)), control=normalize(box(900, 0, 1000, 100)),
    control_words=Text("{count} marks", count=3),
)  # fmt: skip


@pytest.fixture
def measures(store):
    """Measures of an empty store."""
    return Measures(store)


@pytest.fixture
def light(measures):
    """Number of a measure that is only planned."""
    return measures.add(PLAN, by="pia", at=NOON).id


def test_a_measure_is_found_as_it_was_made(measures, light):
    found = measures.get(light)
    assert found.plan == PLAN
    assert found.status is Status.PLANNED
    assert measures.all() == [found]


def test_the_one_made_last_comes_first(measures, light):
    other = measures.add(replace(PLAN, name="Other"), by="pia", at=NOON).id
    assert [one.id for one in measures.all()] == [other, light]


def test_a_whole_life(measures, light):
    measures.fix(light, on=1, by="pia", at=NOON)
    measures.move(light, Status.RUNNING, on=2, by="pia", at=NOON)
    measures.move(light, Status.DONE, on=3, by="pia", at=NOON, note="Lit.")
    said = Answer(NOON, "too_few", Text("too few"), "We go on.", {"before": 3})
    judged = measures.answer(light, said, on=4, by="pia")
    assert judged == measures.get(light)
    assert judged.answer == said
    assert measures.undo(light, on=5, by="ada", at=NOON).status is Status.DONE
    assert [event.by for event in measures.history(light)] == ["pia"] * 5 + ["ada"]


def test_whoever_comes_second_overwrites_nothing(measures, light):
    measures.change(light, replace(PLAN, cost=5), on=1, by="pia", at=NOON)
    with pytest.raises(MeanwhileError, match="pia"):
        measures.change(light, replace(PLAN, cost=9), on=1, by="ada", at=NOON)
    assert measures.get(light).cost == 5


def test_a_wrong_plan_is_refused_with_every_fault(measures, light):
    with pytest.raises(MeasureError) as caught:
        measures.add(replace(PLAN, name="", kind="magic"), by="pia", at=NOON)
    assert len(caught.value.faults) == 2
    with pytest.raises(MeasureError):
        measures.change(light, replace(PLAN, name=""), on=1, by="pia", at=NOON)


def test_there_are_no_others(measures):
    assert measures.all() == []
    with pytest.raises(UnknownMeasureError):
        measures.get(7)


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE measure_event SET told = '{}'",
        "DELETE FROM measure_event",
    ],
)
def test_the_database_refuses_to_change_a_history(store, measures, light, order):
    with pytest.raises((DBAPIError, StoreError)), writing(store.engine) as connection:
        connection.execute(text(order))
    assert measures.get(light).plan == PLAN


def test_what_was_changed_all_the_same_is_noticed(store, measures, light):
    measures.fix(light, on=1, by="pia", at=NOON + timedelta(days=1))
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE measure SET head = 'x'"))
    with pytest.raises(TamperedError):
        measures.get(light)


def test_marks_joined_with_others_are_counted_each_where_and_when_it_was_sent(store, marks):
    """Else a mark from after a measure would vanish in one from before it."""
    later = NOON + timedelta(days=40)
    first = marks.add(MARK, at=NOON).id
    second = marks.add(replace(MARK, x=MARK.x + 30), at=later).id
    third = marks.add(replace(MARK, x=MARK.x + 40), at=later).id
    marks.accept(first, by="mara", at=later)
    marks.merge(second, first, by="mara", at=later)
    marks.reject(third, "spam", by="mara", at=later)
    counted = marks_to_count(store, at=later)
    assert set(counted.index) == {first, second}
    assert counted.geometry[second].x - counted.geometry[first].x == 30
    assert counted["received_on"].nunique() == 2
    marks.reject(first, "spam", by="mara", at=later)  # what was joined waits for itself again
    assert marks_to_count(store, at=later).empty
