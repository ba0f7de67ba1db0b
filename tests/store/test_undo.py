"""First decisions that are taken back: by whom, until when, and what is as before."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from layers.errors import TransitionError
from layers.mark_events import advance, begin, record, verify
from layers.mark_undo import before_decision, undo
from layers.marks import State

from .mark_samples import DAY, HOUR, NOON, sent

DECISIONS = {
    "accept": lambda marks, id_, _other, **who: marks.accept(id_, **who),
    "reject": lambda marks, id_, _other, **who: marks.reject(id_, "spam", **who),
    "merge": lambda marks, id_, other, **who: marks.merge(id_, other, **who),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_first_decision_taken_back_leaves_a_mark_as_it_was(marks, moderator, people, decision):
    """It waits as long as before, nobody has answered it; what was done stays in its history."""
    one, other = sent(marks, 0, 10)
    before = marks.get(one.id)
    DECISIONS[decision](marks, one.id, other.id, by=moderator, at=NOON + DAY)
    assert marks.undoable(one.id, by=moderator) is State.RECEIVED
    assert marks.undo(one.id, by=moderator, at=NOON + DAY + HOUR) == before
    history = marks.history(one.id)
    assert [history[1].action, history[-1].action] == ["moved", "undone"]
    assert people.audit_log()[0].action == "mark undone"
    assert marks.undoable(one.id, by=moderator) is None
    DECISIONS[decision](marks, one.id, other.id, by=moderator, at=NOON + 2 * DAY)
    assert marks.get(one.id).answered_at == NOON + 2 * DAY


def refused(marks, id_, by):
    """Tell that a decision stands, and leave it so."""
    before = marks.history(id_)
    assert marks.undoable(id_, by=by) is None
    with pytest.raises(TransitionError, match="cannot be taken back"):
        marks.undo(id_, by=by, at=NOON + 2 * DAY)
    assert marks.history(id_) == before


def test_a_decision_is_taken_back_by_nobody_else(marks, moderator):
    """Whoever disagrees decides anew, under the own name."""
    one = sent(marks, 0)[0]
    marks.reject(one.id, "spam", by=moderator, at=NOON)
    refused(marks, one.id, "somebody else")


def test_a_decision_stands_once_something_else_has_happened(marks, moderator):
    """The person who sent it has seen it, somebody gave it on, or nobody decided at all."""
    opened, spoken, given, fresh = sent(marks, 0, 10, 20, 30)
    marks.reject(opened.id, "spam", by=moderator, at=NOON)
    marks.reopen(opened.code, at=NOON + HOUR)
    for one in (spoken, given):
        marks.accept(one.id, by=moderator, at=NOON)
    marks.still_so(spoken.code, at=NOON + HOUR)
    marks.assign(given.id, ["planning"], by=moderator, at=NOON + HOUR)
    for one in (opened, spoken, given, fresh):
        refused(marks, one.id, moderator)


def test_a_decision_stands_once_it_was_released(marks, moderator, store):
    """A row that was shown would tell by going what was taken back."""
    one = sent(marks, 0)[0]
    marks.accept(one.id, by=moderator, at=NOON)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE mark SET pin = 'p' WHERE id = :id"), {"id": one.id})
    refused(marks, one.id, moderator)


def test_a_mark_opened_again_goes_back_to_where_it_was(marks, moderator):
    """Rejected, opened again, rejected again: only the last is taken back; the answer stands."""
    one = sent(marks, 0)[0]
    marks.reject(one.id, "spam", by=moderator, at=NOON)
    marks.reopen(one.code, at=NOON + HOUR)
    marks.reject(one.id, "spam", by=moderator, at=NOON + 2 * HOUR)
    told = marks.undo(one.id, by=moderator, at=NOON + 3 * HOUR)
    assert (told.state, told.waiting_since) == (State.REOPENED, NOON + HOUR)
    assert told.answered_at == NOON


def test_a_history_with_a_decision_taken_back_holds_and_no_other_does():
    """Append-only; an event "undone" cannot lead anywhere else, nor come from a citizen."""
    events = begin("a", at=NOON)
    events = advance(events, State.PUBLISHED, at=NOON, role="moderator")
    events = record(events, "assigned", at=NOON, role="moderator", reason="planning")
    back = undo(events, at=NOON + HOUR)
    assert back[:3] == events
    assert verify(back, "a") == ()
    for wrong in ({"state": State.EXPIRED}, {"role": "citizen"}):
        event = replace(back[-1], **wrong)
        event = replace(event, hash=event.digest())
        assert len(verify((*events, event), "a")) == 1
    assert before_decision(back) is None
    with pytest.raises(TransitionError):
        record(events, "undone", at=NOON, role="moderator")
    with pytest.raises(TransitionError, match="goes further"):
        undo(events, at=NOON - HOUR)
