"""A moderator's work: the queue, decisions, offices, looks at exact points, bursts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geo_app.store import Filter, MarkStore, RevealError, UnknownMarkError
from layers.errors import MarkError, TransitionError
from layers.marks import State

from .mark_samples import DAY, HOUR, MARK, NOON, PASSWORD, SENSITIVE, SOUTH, WEST, at_metre, sent


def test_the_longest_waiting_come_first_and_overdue_ones_say_so(marks):
    """A week is the service level; what waited exactly so long is still in time."""
    old, older = (marks.add(MARK, at=NOON - days * DAY).id for days in (7, 8))
    new = marks.add(MARK, at=NOON).id
    queue = marks.queue(at=NOON)
    assert [(one.mark.id, one.days, one.overdue) for one in queue] == [
        (older, 8, True),
        (old, 7, False),
        (new, 0, False),
    ]
    assert [one.mark.id for one in marks.queue(Filter(overdue=True), at=NOON)] == [older]
    assert [one.mark.id for one in marks.queue(at=NOON, limit=1, offset=1)] == [old]
    assert marks.count(at=NOON) == 3


def test_the_queue_can_be_narrowed(marks, moderator):
    """By kind, by reason and by office; a reason is a whole word."""
    lamp = marks.add(replace(MARK, factors=("poor_light", "overgrown")), at=NOON).id
    calm = marks.add(replace(MARK, kind="at_ease", factors=("well_lit",)), at=NOON).id
    assert [w.mark.id for w in marks.queue(Filter(kind="at_ease"), at=NOON)] == [calm]
    assert [w.mark.id for w in marks.queue(Filter(factor="overgrown"), at=NOON)] == [lamp]
    assert marks.queue(Filter(factor="light"), at=NOON) == []
    marks.assign(lamp, by=moderator, at=NOON)
    for office in ("street_lighting", "green_spaces"):
        assert [w.mark.id for w in marks.queue(Filter(office=office), at=NOON)] == [lamp]
    assert marks.queue(Filter(office="street%"), at=NOON) == []


def test_the_queue_shows_no_exact_point(marks):
    """Only the middle of a square; the point needs a reason."""
    sent(marks, 50)
    told = marks.queue(at=NOON)[0].mark
    assert told.exact is None
    assert str(WEST + 50) not in repr(told)


def test_accepting_gives_the_reasons_to_their_offices(marks, moderator):
    """Light goes to those who see to lamps; what was assigned by hand stays."""
    first, second = sent(marks, 10, 20)
    assert marks.accept(first.id, by=moderator, at=NOON).offices == ("street_lighting",)
    marks.assign(second.id, ["planning"], by=moderator, at=NOON)
    assert marks.accept(second.id, by=moderator, at=NOON).offices == ("planning",)
    with pytest.raises(MarkError, match="no office “mayor”"):
        marks.assign(second.id, ["mayor"], by=moderator, at=NOON)


def test_the_first_answer_counts_once(marks, moderator):
    """A question is an answer; the decision after it is not the first."""
    added = marks.add(MARK, at=NOON)
    marks.ask(added.id, "Which lamp?", by=moderator, at=NOON + DAY)
    marks.accept(added.id, by=moderator, at=NOON + 3 * DAY)
    told = marks.get(added.id)
    assert (told.answered_at, told.decided_at) == (NOON + DAY, NOON + 3 * DAY)
    assert told.waiting_since is None


def test_a_rejection_needs_a_reason_from_the_list(marks, moderator):
    """Everything else is refused, and nothing is changed."""
    added = marks.add(MARK, at=NOON)
    with pytest.raises(TransitionError, match="choose one of the reasons"):
        marks.reject(added.id, "I do not like it", by=moderator, at=NOON)
    assert marks.get(added.id).state is State.RECEIVED
    told = marks.reject(added.id, "spam", by=moderator, at=NOON)
    assert (told.state, told.closed_at) == (State.REJECTED, NOON)


def test_a_question_without_words_is_none(marks, moderator):
    """Nobody could answer it."""
    added = marks.add(MARK, at=NOON)
    with pytest.raises(MarkError, match="write the question"):
        marks.ask(added.id, "  ", by=moderator, at=NOON)


def test_marks_within_50_m_of_the_same_kind_may_be_one(marks, moderator):
    """At 50 m yes, at 51 m no, of the other kind no; the nearest first."""
    here, near, rim, far = sent(marks, 0, 20, 50, 51)
    sent(marks, 10, mark=replace(MARK, kind="at_ease", factors=("well_lit",)))
    assert [one.id for one in marks.similar(here.id)] == [near.id, rim.id]
    marks.merge(near.id, here.id, by=moderator, at=NOON)
    assert [one.id for one in marks.similar(here.id)] == [rim.id]
    assert marks.get(near.id).merged_into == here.id
    assert [one.id for one in marks.similar(far.id)] == [rim.id]


def test_how_near_a_sensitive_mark_is_tells_nobody_alone_where(store, settings):
    """All in its square of 100 m are told, however far; none in the next, however near."""
    marks = MarkStore(store, replace(settings, two_people=True))
    plain = {one.id: marks.get(one.id).coarse for one in sent(marks, *range(0, 300, 30))}
    secret = sent(marks, 150, mark=SENSITIVE)[0].id
    square = marks.get(secret).coarse
    together = sorted(id_ for id_, coarse in plain.items() if coarse == square)
    assert 0 < len(together) < len(plain)
    assert [one.id for one in marks.similar(secret)] == together
    for id_ in plain:
        assert (secret in [one.id for one in marks.similar(id_)]) == (id_ in together)
    first = next(iter(plain))
    assert len(marks.similar(first)) == 1 + (first in together)


def test_a_mark_is_merged_only_into_another_that_lives(marks, moderator):
    """Not with itself, with one of the other kind, with one that is merged or unknown."""
    one, two, three = sent(marks, 0, 10, 20)
    calm = sent(marks, 0, mark=replace(MARK, kind="at_ease", factors=("well_lit",)))[0]
    marks.merge(three.id, two.id, by=moderator, at=NOON)
    for into in (one.id, calm.id, three.id):
        with pytest.raises(TransitionError, match="another mark of the same kind"):
            marks.merge(one.id, into, by=moderator, at=NOON)
    with pytest.raises(UnknownMarkError):
        marks.merge(one.id, "nothing", by=moderator, at=NOON)


def test_an_exact_point_is_shown_for_a_reason_and_each_look_is_kept(marks, moderator, people):
    """Who, when, why; in the list of looks, in the history and in what staff did."""
    added = marks.add(MARK, at=NOON)
    point = marks.reveal(added.id, by=moderator, reason="to find the lamp", at=NOON + HOUR)
    assert point == (WEST + 50, SOUTH)
    look = marks.looks(added.id)[0]
    assert (look.by, look.reason, look.at) == (moderator, "to find the lamp", NOON + HOUR)
    assert marks.history(added.id)[-1].action == "revealed"
    assert people.audit_log()[0].action == "mark revealed"


def test_an_exact_point_is_not_shown_without_reason_or_right(marks, people, moderator):
    """All faults at once; planners do not look, locked accounts neither."""
    added = marks.add(MARK, at=NOON)
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    with pytest.raises(RevealError) as error:
        marks.reveal(added.id, by="planner", reason=" ", at=NOON)
    assert len(error.value.faults) == 2
    people.lock(moderator, by="planner", at=NOON)
    with pytest.raises(RevealError, match="only moderators"):
        marks.reveal(added.id, by=moderator, reason="to find the lamp", at=NOON)
    assert marks.looks(added.id) == []


def test_sensitive_points_need_two_people_where_the_city_says_so(
    store, settings, people, moderator
):
    """Another moderator; neither oneself in capitals nor a planner nor nobody."""
    marks = MarkStore(store, replace(settings, two_people=True))
    people.add("second", ["moderator"], at=NOON, password=PASSWORD)
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    followed, lamp = marks.add(SENSITIVE, at=NOON), marks.add(MARK, at=NOON)
    look = {"by": moderator, "reason": "to plan a visit", "at": NOON}
    for second in ("", moderator, "Moderator ", "planner", "nobody"):
        with pytest.raises(RevealError, match="second moderator"):
            marks.reveal(followed.id, second=second, **look)
    assert marks.reveal(followed.id, second="second", **look) == (WEST + 50, SOUTH)
    assert marks.looks(followed.id)[0].second == "second"
    assert marks.reveal(lamp.id, **look) == (WEST + 50, SOUTH)


def test_personal_details_are_taken_out_and_gone(marks, moderator):
    """The history says that, not what."""
    added = marks.add(replace(MARK, note="Ask Mr Smith"), at=NOON)
    told = marks.remove_personal(added.id, "Ask the caretaker", by=moderator, at=NOON)
    assert told.note == "Ask the caretaker"
    assert "Smith" not in repr(marks.history(added.id))


def test_five_marks_within_an_hour_in_a_quiet_square_raise_a_flag(marks):
    """Four do not, and five on five days do not."""
    sent(marks, 0, 1, 2, 3)
    assert marks.bursts(at=NOON + HOUR) == []
    sent(marks, 4, at=NOON + timedelta(minutes=59))
    (burst,) = marks.bursts(at=NOON + HOUR)
    assert (len(burst.marks), burst.senders) == (5, 5)
    assert (burst.began, burst.ended) == (NOON, NOON + timedelta(minutes=59))
    assert marks.bursts(at=NOON + 2 * DAY) == []


def test_five_marks_in_five_hours_or_five_squares_are_no_burst(marks):
    """Either would happen on a busy day."""
    for hour in range(5):
        sent(marks, hour, at=NOON + hour * HOUR)
    sent(marks, *(500 * n for n in range(2, 6)), at=NOON + 6 * HOUR)
    assert marks.bursts(at=NOON + 7 * HOUR) == []


def test_an_unknown_mark_is_a_sentence(marks):
    """Not a stack trace."""
    for call in (marks.get, marks.history, marks.similar):
        with pytest.raises(UnknownMarkError, match="there is no such mark"):
            call("nothing")


def test_the_moderator_sees_where_about_a_correction_went(marks):
    """The coarse place follows the corrected point."""
    added = marks.add(MARK, at=NOON)
    before = marks.get(added.id).coarse
    marks.correct(added.code, at_metre(1050), at=NOON)
    assert marks.get(added.id).coarse[0] - before[0] == pytest.approx(1000, abs=2)
