"""What the city has put right: told to everybody behind a task, and taken back without a trace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from geo_app.store.engines import reading
from geo_app.store.mark_tables import audit, mark
from layers.errors import MarkError, TransitionError
from layers.marks import State, verify
from layers.mending import mended, mendings, unanswered

from .mark_samples import DAY, HOUR, NOON, at_metre

BY = "pia"
DONE = NOON + 2 * DAY


def accepted(marks, metre=50, *factors):
    """Send and accept a mark that names some reasons."""
    added = marks.add(replace(at_metre(metre), factors=factors or ("poor_light",)), at=NOON)
    marks.accept(added.id, by="mara", at=NOON + DAY)
    return added


def put_right(marks, *added, factor="poor_light", at=DONE, words="The lamp burns again."):
    return marks.put_right(
        [one.id for one in added], factor, task="t", place="Long Street", by=BY, at=at, words=words
    )


def rows(store):
    """Return every mark as it is in the store, but for its seal."""
    with reading(store.engine) as connection:
        found = connection.execute(select(mark).order_by(mark.c.id)).mappings()
        return [{k: v for k, v in row.items() if k != "seal"} for row in found]


def test_the_only_reason_put_right_resolves_a_mark_and_its_sender_reads_the_words(marks):
    """The history says what was done, and the chain holds."""
    added = accepted(marks)
    put_right(marks, added)
    assert marks.by_code(added.code).state is State.RESOLVED
    events = marks.history(added.id)
    assert [e.action for e in events[-2:]] == ["mended", "moved"]
    told = mendings(events)
    assert [(one.factor, one.words, one.answer) for one in told] == [
        ("poor_light", "The lamp burns again.", "")
    ]
    assert verify(events, added.id) == ()


def test_one_reason_of_two_leaves_the_mark_accepted_until_the_other_is_put_right_too(marks):
    """The lamp first, then the hedge."""
    added = accepted(marks, 50, "poor_light", "overgrown")
    put_right(marks, added)
    assert marks.get(added.id).state is State.PUBLISHED
    assert marks.credible(at=DONE).loc[added.id, "mended"] == "poor_light"
    put_right(marks, added, factor="overgrown", at=DONE + HOUR)
    assert marks.get(added.id).state is State.RESOLVED


@pytest.mark.parametrize("reasons", [("poor_light",), ("poor_light", "overgrown")])
def test_done_and_taken_back_restores_everything(marks, store, reasons):
    """Every column of every mark, and what analyses read; only the history is longer."""
    added = accepted(marks, 50, *reasons)
    before, read = rows(store), marks.credible(at=DONE)
    number = put_right(marks, added)
    assert rows(store) != before
    marks.take_back(number, by=BY, at=DONE + HOUR)
    assert rows(store) == before
    assert marks.credible(at=DONE).equals(read)
    assert mendings(marks.history(added.id)) == ()
    assert verify(marks.history(added.id), added.id) == ()


def test_it_can_be_done_again_after_it_was_taken_back(marks):
    """And then it stands."""
    added = accepted(marks)
    marks.take_back(put_right(marks, added), by=BY, at=DONE + HOUR)
    put_right(marks, added, at=DONE + 2 * HOUR)
    assert marks.get(added.id).state is State.RESOLVED
    assert len(marks.put_right_since(NOON)) == 2


def test_after_a_day_it_cannot_be_taken_back_nor_twice(marks):
    """What is not so will be marked again."""
    first, second = (put_right(marks, accepted(marks, metre)) for metre in (50, 60))
    with pytest.raises(TransitionError, match="cannot be taken back"):
        marks.take_back(first, by=BY, at=DONE + timedelta(hours=24, seconds=1))
    marks.take_back(second, by=BY, at=DONE + HOUR)
    with pytest.raises(TransitionError, match="cannot be taken back"):
        marks.take_back(second, by=BY, at=DONE + HOUR)


def test_still_so_opens_the_mark_again_and_its_reason_with_it(marks):
    """The sender knows better."""
    added = accepted(marks)
    put_right(marks, added)
    marks.still_so(added.code, at=DONE + DAY, factor="poor_light")
    assert marks.get(added.id).state is State.REOPENED
    row = marks.credible(at=DONE + DAY).loc[added.id]
    assert (row.state, row.mended) == ("published", "")
    assert marks.put_right_since(NOON)[0].still == 1


def test_still_so_about_one_reason_leaves_the_other_put_right(marks):
    """The hedge is cut, the lamp is not."""
    added = accepted(marks, 50, "poor_light", "overgrown")
    put_right(marks, added)
    put_right(marks, added, factor="overgrown", at=DONE + HOUR)
    marks.still_so(added.code, at=DONE + DAY, factor="poor_light")
    assert mended(marks.history(added.id)) == ("overgrown",)
    marks.accept(added.id, by="mara", at=DONE + 2 * DAY)
    assert mended(marks.history(added.id)) == ("overgrown",)
    assert unanswered(marks.history(added.id)) == ("overgrown",)


def test_better_now_about_one_reason_does_not_close_the_mark(marks):
    """The other one is still there."""
    added = accepted(marks, 50, "poor_light", "overgrown")
    put_right(marks, added)
    marks.better_now(added.code, at=DONE + DAY, factor="poor_light")
    assert marks.get(added.id).state is State.PUBLISHED
    assert unanswered(marks.history(added.id)) == ()
    assert marks.put_right_since(NOON)[0].better == 1


def test_an_answer_about_a_reason_that_nobody_put_right_is_about_the_whole_mark(marks):
    """A form can be tampered with; then the button means what it always meant."""
    added = accepted(marks)
    marks.better_now(added.code, at=DONE, factor="poor_light")
    assert marks.get(added.id).state is State.RESOLVED


def test_what_the_sender_said_stays_said_when_it_is_taken_back(marks):
    """Still so, and then the office takes it back: the mark stays open."""
    added = accepted(marks)
    number = put_right(marks, added)
    marks.still_so(added.code, at=DONE + HOUR, factor="poor_light")
    marks.take_back(number, by=BY, at=DONE + 2 * HOUR)
    assert marks.get(added.id).state is State.REOPENED


def test_marks_joined_with_one_are_told_too(marks):
    """Their senders wait as well; a reason that only they name is put right for all."""
    head = accepted(marks, 50, "poor_light")
    joined = marks.add(replace(at_metre(52), factors=("overgrown",)), at=NOON)
    marks.merge(joined.id, head.id, by="mara", at=NOON + DAY)
    put_right(marks, head, factor="overgrown")
    assert mended(marks.history(joined.id)) == ("overgrown",)
    assert marks.credible(at=DONE).loc[head.id, "mended"] == "overgrown"
    assert marks.get(head.id).state is State.PUBLISHED
    put_right(marks, head, at=DONE + HOUR)
    assert marks.get(head.id).state is State.RESOLVED


def test_what_was_taken_back_by_its_sender_is_nobodys_task(marks):
    """Then nothing is open, and nothing is noted."""
    added = accepted(marks)
    marks.withdraw(added.code, at=DONE)
    with pytest.raises(MarkError, match="nothing of it is open"):
        put_right(marks, added)
    assert marks.put_right_since(NOON) == []


def test_words_have_a_length_and_a_reason_has_a_name(marks):
    """Both faults at once."""
    with pytest.raises(MarkError) as raised:
        put_right(marks, accepted(marks), factor="nonsense", words="x" * 501)
    assert len(raised.value.faults) == 2


def test_every_deed_is_in_the_list_of_what_staff_did(marks, store):
    """Who, what and when; and the end of each history."""
    marks.take_back(put_right(marks, accepted(marks)), by=BY, at=DONE + HOUR)
    with reading(store.engine) as connection:
        found = connection.execute(select(audit.c.by, audit.c.action).order_by(audit.c.id)).all()
    assert [tuple(row) for row in found][-4:] == [
        (BY, "mark mended"), (BY, "task put right"), (BY, "mark unmended"),
        (BY, "task taken back"),
    ]  # fmt: skip


def test_the_words_go_with_the_texts_of_marks_and_the_name_with_the_audit(marks, settings, erasure):
    """Thirty days after it was put right, not after the mark was accepted."""
    added = accepted(marks)
    put_right(marks, added, at=NOON + 40 * DAY)
    erasure.erase(at=NOON + 41 * DAY)
    assert mendings(marks.history(added.id))[0].words == "The lamp burns again."
    erasure.erase(at=NOON + timedelta(days=41 + settings.text_days))
    assert mendings(marks.history(added.id))[0].words == ""
    done = marks.put_right_since(NOON)[0]
    assert (done.words, done.by) == ("", BY)
    erasure.erase(at=NOON + timedelta(days=41 + settings.audit_days))
    assert marks.put_right_since(NOON)[0].by == ""


def test_putting_right_changes_nothing_that_is_published_before_the_next_release(marks, store):
    """A resolved mark stays with the row that counts it; releases decide when the row goes."""
    added = accepted(marks)
    before = {row["id"]: row["pin"] for row in rows(store)}
    put_right(marks, added)
    assert {row["id"]: row["pin"] for row in rows(store)} == before
    assert "pins" not in store.names()
