"""What the person who sent a mark can do with its code."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from geo_app.store import CodeError, MarkStore, UnknownMarkError
from geo_app.store.codes import code_for
from geo_app.store.engines import reading
from layers.errors import TransitionError
from layers.marks import State

from .mark_samples import DAY, HOUR, MARK, NOON, SENTINEL, SOUTH, WEST, at_metre, sent


def everything(store):
    """Every cell of every table about marks, as one text."""
    tables = ("mark", "mark_event", "voice", "rate", "daily_salt", "audit")
    with reading(store.engine) as connection:
        rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables]
    return repr(rows)


def test_a_mark_comes_back_to_the_one_who_has_its_code(marks):
    """All that was said, and the exact point."""
    added = marks.add(MARK, at=NOON)
    mine = marks.by_code(added.code)
    assert (mine.id, mine.state, mine.received_at) == (added.id, State.RECEIVED, NOON)
    assert mine.exact == (WEST + 50, SOUTH)
    assert (mine.kind, mine.factors, mine.daytime) == ("unsafe", ("poor_light",), "night")
    assert mine.note == "The lamp is out."


def test_the_coarse_place_is_the_middle_of_a_square_of_100_m_and_never_the_point(marks):
    """Half a diagonal is 71 m; two points of one square have the same middle."""
    one, other = (marks.get(told.id).coarse for told in sent(marks, 50, 51))
    assert one == other
    assert 0 < ((one[0] - WEST - 50) ** 2 + (one[1] - SOUTH) ** 2) ** 0.5 < 71


def test_neither_code_nor_device_is_in_the_store(marks, store):
    """Only hashes that need the secret."""
    added = marks.add(MARK, at=NOON, device="192.0.2.7 Firefox")
    kept = everything(store)
    assert added.code not in kept
    assert added.code.replace("-", "") not in kept
    assert "192.0.2.7" not in kept


def test_another_secret_opens_nothing(marks, store, settings):
    """Codes hang on the secret of the installation."""
    added = marks.add(MARK, at=NOON)
    with pytest.raises(UnknownMarkError, match="or not any more"):
        MarkStore(store, replace(settings, secret="another")).by_code(added.code)


def test_a_code_that_was_never_given_out_is_unknown_and_a_typo_is_no_code(marks):
    """Two sentences for two different mistakes."""
    with pytest.raises(UnknownMarkError):
        marks.by_code(code_for("somebody else"))
    with pytest.raises(CodeError):
        marks.by_code("7777-7777-7777-7777-7778")


def test_a_form_that_is_sent_twice_at_the_same_time_is_one_mark(marks):
    """A double click, or a connection that was lost and tried again."""
    told = []
    threads = [
        threading.Thread(target=lambda: told.append(marks.add(MARK, at=NOON, token="t" * 32)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 6
    assert len({(one.id, one.code) for one in told}) == 1
    assert sum(one.new for one in told) == 1
    assert marks.count(at=NOON) == 1


def test_marks_from_one_device_on_one_day_have_one_sender_and_others_have_others(marks, store):
    """Nobody fills a published group alone; the next day nothing links them."""
    sent(marks, 10, 20, device="phone")
    sent(marks, 30, device="tablet")
    sent(marks, 40, device="phone", at=NOON + DAY)
    with reading(store.engine) as connection:
        senders = connection.scalars(text("SELECT sender FROM mark ORDER BY x")).all()
    assert senders[0] == senders[1]
    assert len(set(senders)) == 3


def test_a_draft_waits_for_nobody_until_it_is_sent(marks):
    """Written, but the receipt was not confirmed yet."""
    added = marks.add(MARK, at=NOON, draft=True)
    assert marks.count(at=NOON) == 0
    assert marks.send(added.code, at=NOON + HOUR).state is State.RECEIVED
    assert marks.send(added.code, at=NOON + 2 * HOUR).received_at == NOON + HOUR
    assert marks.count(at=NOON + 2 * HOUR) == 1


def test_a_mark_can_be_corrected_until_somebody_decides(marks, moderator):
    """The old point and note are gone, the history says that, not what, was corrected."""
    added = marks.add(replace(MARK, note=SENTINEL), at=NOON)
    marks.correct(added.code, at_metre(60), at=NOON + HOUR)
    assert marks.by_code(added.code).exact == (WEST + 60, SOUTH)
    assert [event.action for event in marks.history(added.id)] == ["moved", "corrected"]
    marks.accept(added.id, by=moderator, at=NOON + DAY)
    with pytest.raises(TransitionError, match="already decided"):
        marks.correct(added.code, MARK, at=NOON + DAY)


def test_a_correction_that_changes_nothing_leaves_no_trace(marks):
    """Somebody pressed the button again."""
    added = marks.add(MARK, at=NOON)
    marks.correct(added.code, MARK, at=NOON + HOUR)
    assert len(marks.history(added.id)) == 1


def test_a_question_is_answered_through_the_code(marks, moderator):
    """Asked, answered, waiting again; both texts are in the history."""
    added = marks.add(MARK, at=NOON)
    marks.ask(added.id, "Which lamp?", by=moderator, at=NOON + HOUR)
    assert marks.by_code(added.code).state is State.ASKED
    mine = marks.answer(added.code, "The second one.", at=NOON + 2 * HOUR)
    assert (mine.state, mine.waiting_since) == (State.RECEIVED, NOON + 2 * HOUR)
    assert [e.detail for e in marks.history(added.id)] == ["", "Which lamp?", "The second one."]
    with pytest.raises(TransitionError):
        marks.answer(added.code, "Again.", at=NOON + 3 * HOUR)


def test_a_rejected_mark_can_be_opened_again_and_a_withdrawn_one_cannot(marks, moderator):
    """The transitions are those of the library."""
    added = marks.add(MARK, at=NOON)
    marks.reject(added.id, "other_matter", by=moderator, at=NOON + HOUR)
    assert marks.reopen(added.code, at=NOON + DAY).state is State.REOPENED
    marks.withdraw(added.code, at=NOON + DAY)
    with pytest.raises(TransitionError):
        marks.reopen(added.code, at=NOON + DAY)


def test_still_so_prolongs_and_better_now_ends(marks, moderator):
    """365 days from the moment somebody says so."""
    added = marks.add(MARK, at=NOON)
    assert marks.accept(added.id, by=moderator, at=NOON).expires_on == "2027-05-20"
    assert marks.still_so(added.code, at=NOON + 10 * DAY).expires_on == "2027-05-30"
    assert marks.better_now(added.code, at=NOON + 11 * DAY).state is State.RESOLVED
    assert marks.still_so(added.code, at=NOON + 12 * DAY).state is State.REOPENED


def test_what_is_taken_back_says_nothing_any_more(marks, moderator):
    """Point, square, reasons, note and all texts go; that there was one stays countable."""
    added = marks.add(replace(MARK, note=SENTINEL), at=NOON)
    marks.ask(added.id, f"Why {SENTINEL}?", by=moderator, at=NOON + HOUR)
    mine = marks.withdraw(added.code, at=NOON + DAY)
    assert (mine.state, mine.exact, mine.coarse) == (State.WITHDRAWN, None, None)
    assert (mine.note, mine.factors, mine.daytime) == (None, (), "")
    history = marks.history(added.id)
    assert [e.action for e in history][-3:] == ["moved", "text_erased", "coarsened"]
    assert SENTINEL not in repr(history)
    assert marks.public_numbers(at=NOON + DAY).withdrawn == 1


def test_moments_need_a_time_zone(marks):
    """Nobody knows when noon is without one."""
    with pytest.raises(ValueError, match="time zone"):
        marks.add(MARK, at=NOON.replace(tzinfo=None))


def test_history_never_runs_backwards(marks, moderator):
    """A clock that was wrong is told, not written down."""
    added = marks.add(MARK, at=NOON)
    with pytest.raises(TransitionError, match="goes further"):
        marks.accept(added.id, by=moderator, at=NOON - timedelta(seconds=1))
