"""A measure of prevention: its plan, its history that only grows, what was fixed in advance."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import Point, box, normalize

from layers import Text
from layers.errors import TransitionError
from layers.measure_events import (
    answer,
    begin,
    change,
    design_hash,
    effective,
    fix,
    move,
    read,
    standing,
    undo,
    verify,
    write,
)
from layers.measures import (
    DESIGN,
    KINDS,
    Answer,
    Indicator,
    Measure,
    Plan,
    Status,
    plan_faults,
    ready_faults,
)

AT = datetime(2026, 5, 31, 12, tzinfo=UTC)
HERE, THERE = normalize(box(0, 0, 100, 100)), normalize(box(2000, 0, 2100, 100))
PLAN = Plan(
    name="Light in the underpass",
    kind="lighting",
    office="street_lighting",
    cost=18_000,
    factors=("poor_light",),
    from_on=date(2026, 6, 1),
    until_on=date(2026, 11, 30),
    places=HERE,
    control=THERE,
    control_words=Text("{count} marks", count=14),
    buffer=100,
    indicators=(Indicator("Lamps", 3, None),),
)
DAY = timedelta(days=1)


@pytest.fixture
def begun():
    """A measure that is only written down."""
    return begin("k", PLAN, by="pia", at=AT)


def test_a_plan_comes_back_as_it_was_written():
    assert Plan(**read(write(PLAN))) == PLAN


def test_coordinates_are_kept_to_the_centimetre():
    told = read(write(replace(PLAN, places=Point(1 / 3, 2 / 3).buffer(10, quad_segs=1))))
    assert told["places"].centroid.x == pytest.approx(0.33, abs=0.006)


def test_the_time_before_has_as_many_days_as_the_time_after():
    assert PLAN.before == (date(2025, 6, 1), date(2025, 11, 30))
    just_before = replace(PLAN, baseline="before").before
    assert just_before == (date(2025, 11, 30), date(2026, 5, 31))
    assert just_before[1] - just_before[0] == date(2026, 11, 30) - date(2026, 6, 1)


def test_a_leap_day_has_a_day_a_year_before():
    leap = replace(PLAN, from_on=date(2028, 2, 29), until_on=date(2028, 3, 1))
    assert leap.before == (date(2027, 2, 28), date(2027, 3, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 121},
        {"about": "x" * 1001},
        {"kind": "magic"},
        {"office": "nobody"},
        {"factors": ("bad people",)},
        {"cost": -1},
        {"expected": 101},
        {"buffer": 501},
        {"until_on": date(2026, 5, 1)},
        {"until_on": date(2027, 7, 1)},
        {"control": box(250, 0, 350, 100)},
        {"indicators": (Indicator("Share", 5, None, 4),)},
        {"indicators": (Indicator("Share", -1),)},
    ],
)
def test_each_mistake_is_named(wrong):
    assert plan_faults(PLAN) == []
    assert len(plan_faults(replace(PLAN, **wrong))) == 1


def test_all_mistakes_are_named_at_once():
    assert len(plan_faults(Plan(kind="magic", office="nobody", cost=-1))) == 4


def test_what_is_missing_before_the_way_of_judging_can_be_laid_down():
    assert ready_faults(PLAN) == []
    assert len(ready_faults(Plan(name="Talks"))) == 2  # days, and something to count
    assert len(ready_faults(replace(PLAN, control=None, factors=()))) == 2
    assert ready_faults(replace(PLAN, places=None, control=None)) == []  # it counts lamps


def test_a_life_from_plan_to_answer(begun):
    events = fix(begun, by="pia", at=AT)
    events = move(events, Status.RUNNING, by="pia", at=AT + DAY)
    events = move(events, Status.DONE, by="pia", at=AT + 200 * DAY, note="All lamps work.")
    said = Answer(AT + 201 * DAY, "none", Text("no evidence either way"), "We go on.", {"total": 9})
    now = standing(answer(events, said, by="pia"))
    assert now.status is Status.JUDGED
    assert now.answer == said
    assert now.answer.finding.template == "no evidence either way"
    assert now.in_advance
    assert now.plan == PLAN


@pytest.mark.parametrize("to", [Status.DONE, Status.JUDGED, Status.PLANNED])
def test_no_status_is_jumped_over(begun, to):
    with pytest.raises(TransitionError):
        move(begun, to, by="pia", at=AT)


def test_only_what_is_done_or_stopped_is_judged(begun):
    said = Answer(AT, "none", Text("x"), "")
    with pytest.raises(TransitionError):
        answer(begun, said, by="pia")
    stopped = move(begun, Status.STOPPED, by="pia", at=AT)
    assert standing(answer(stopped, said, by="pia")).status is Status.JUDGED


def test_every_step_can_be_taken_back_and_stays_in_the_history(begun):
    events = fix(begun, by="pia", at=AT)
    events = move(events, Status.RUNNING, by="pia", at=AT)
    events = undo(events, by="ada", at=AT)
    assert standing(events).status is Status.PLANNED
    assert standing(events).fixed is not None
    events = undo(events, by="ada", at=AT)
    assert standing(events).fixed is None
    assert len(events) == 5
    assert [e.action for e in effective(events)] == ["made"]
    with pytest.raises(TransitionError):
        undo(events, by="ada", at=AT)


def test_a_change_of_the_design_after_it_was_laid_down_is_never_hidden(begun):
    events = fix(begun, by="pia", at=AT)
    moved = replace(PLAN, control=normalize(box(4000, 0, 4100, 100)), name="Another name")
    before_start = change(events, moved, by="pia", at=AT + timedelta(hours=1))
    now = standing(before_start)
    assert now.changed_since == ((AT + timedelta(hours=1), ("control",)),)
    assert now.fixed.hash != design_hash(now.plan)
    assert now.in_advance
    too_late = standing(change(events, moved, by="pia", at=AT + 30 * DAY))
    assert not too_late.in_advance


def test_what_is_laid_down_after_the_first_day_is_not_in_advance(begun):
    assert standing(fix(begun, by="pia", at=AT + DAY)).in_advance
    assert not standing(fix(begun, by="pia", at=AT + 2 * DAY)).in_advance
    assert not standing(begun).in_advance


def test_words_may_change_without_touching_the_design(begun):
    events = fix(begun, by="pia", at=AT)
    now = standing(change(events, replace(PLAN, cost=20_000, about="More"), by="pia", at=AT))
    assert now.changed_since == ()
    assert now.fixed.hash == design_hash(now.plan)


def test_numbers_after_are_typed_in_later_but_what_is_counted_stays(begun):
    events = fix(begun, by="pia", at=AT)
    typed = replace(PLAN, indicators=(Indicator("Lamps", 3, 9),))
    assert standing(change(events, typed, by="pia", at=AT + 90 * DAY)).in_advance
    other = replace(PLAN, indicators=(Indicator("Lamps", 1, 9),))
    assert not standing(change(events, other, by="pia", at=AT + 90 * DAY)).in_advance


def test_a_change_that_changes_nothing_leaves_no_trace(begun):
    assert change(begun, PLAN, by="pia", at=AT) == begun


def test_nothing_is_changed_after_the_answer(begun):
    stopped = move(begun, Status.STOPPED, by="pia", at=AT)
    judged = answer(stopped, Answer(AT, "none", Text("x"), ""), by="pia")
    with pytest.raises(TransitionError):
        change(judged, replace(PLAN, name="Other"), by="pia", at=AT)
    with pytest.raises(TransitionError):
        fix(judged, by="pia", at=AT)


def test_tampering_is_found(begun):
    events = move(fix(begun, by="pia", at=AT), Status.RUNNING, by="pia", at=AT)
    assert verify(events, "k") == ()
    assert verify(events, "other")
    assert verify((events[0], events[2]), "k")
    assert verify(events[:2], "k", head=events[-1].hash)
    told = {**events[0].told, "cost": 1}
    assert verify((replace(events[0], told=told), *events[1:]), "k")
    assert verify((), "k")


def test_a_history_goes_only_forward_in_time(begun):
    with pytest.raises(TransitionError):
        move(begun, Status.RUNNING, by="pia", at=AT - DAY)


def test_the_hash_of_the_design_stands_for_exactly_that():
    for name in DESIGN:
        assert hasattr(PLAN, name)
    assert design_hash(PLAN) == design_hash(replace(PLAN, name="Other", cost=None))
    assert design_hash(PLAN) != design_hash(replace(PLAN, buffer=50))


def test_measures_against_violence_need_no_place():
    without = [kind for kind in KINDS.values() if not kind.place]
    assert {"prevention", "counselling", "funding", "protection"} <= {k.name for k in without}


def test_a_new_measure_is_planned_and_not_public():
    assert Measure().status is Status.PLANNED
    assert not Measure().public
