"""Sessions of staff, requests for a second look, and what moderation counts; on both databases."""

from dataclasses import replace

import pytest

from geo_app.store import RevealError, Reveals, Sessions

from .mark_samples import DAY, HOUR, NOON, PASSWORD, SENSITIVE, sent

MINUTE = HOUR / 60


@pytest.fixture
def sessions(store, settings):
    """No session yet."""
    return Sessions(store, settings)


@pytest.fixture
def reveals(store, settings):
    """No request yet."""
    return Reveals(store, settings)


@pytest.fixture
def second(people):
    """Login of another moderator."""
    people.add("second", ["moderator"], at=NOON - DAY, password=PASSWORD)
    return "second"


def test_a_session_is_found_by_its_token_until_it_is_over(sessions):
    token = sessions.begin("mara", at=NOON)
    assert sessions.find(token, at=NOON).login == "mara"
    assert sessions.find(token, at=NOON + 30 * MINUTE) is None
    assert sessions.find("", at=NOON) is None
    assert sessions.find(token + "x", at=NOON) is None


def test_each_page_prolongs_a_session_but_not_beyond_its_hours(sessions):
    token = sessions.begin("mara", at=NOON)
    for quarter in range(32):
        assert sessions.find(token, at=NOON + quarter * 15 * MINUTE) is not None
    assert sessions.find(token, at=NOON + 8 * HOUR) is None


def test_a_session_that_has_ended_is_gone(sessions):
    token, other = sessions.begin("mara", at=NOON), sessions.begin("mara", at=NOON)
    sessions.end(token)
    assert sessions.find(token, at=NOON) is None
    assert sessions.find(other, at=NOON) is not None
    renewed = sessions.begin("mara", at=NOON, instead_of=other)
    assert sessions.find(other, at=NOON) is None
    assert sessions.find(renewed, at=NOON) is not None


def test_tokens_are_useless_with_another_secret(sessions, store, settings):
    token = sessions.begin("mara", at=NOON)
    assert Sessions(store, replace(settings, secret="another")).find(token, at=NOON) is None


@pytest.fixture
def marked(marks):
    """Id of a mark with a sensitive reason."""
    return sent(marks, 50, mark=SENSITIVE)[0].id


def test_nothing_exact_is_shown_without_a_look(reveals, marked, moderator):
    assert reveals.shown(marked, to=moderator, at=NOON) is None


def test_a_look_is_open_for_a_quarter_of_an_hour(reveals, marks, marked, moderator, second):
    point = marks.reveal(marked, by=moderator, reason="the lamps there", at=NOON)
    assert reveals.shown(marked, to=moderator, at=NOON + 14 * MINUTE) == point
    assert reveals.shown(marked, to=moderator, at=NOON + 15 * MINUTE) is None
    assert reveals.shown(marked, to=second, at=NOON) is None


def test_a_request_is_agreed_to_by_somebody_else(reveals, marked, moderator, second, people):
    reveals.wish(marked, by=moderator, reason="the lamps there", at=NOON)
    [wish] = reveals.wishes(at=NOON)[marked]
    people.add("planner", ["planner"], at=NOON, password=PASSWORD)
    for login in (moderator, "planner", "nobody"):
        with pytest.raises(RevealError):
            reveals.agree(marked, wish.id, by=login, at=NOON)
    reveals.agree(marked, wish.id, by=second, at=NOON)
    [agreed] = reveals.wishes(marked, at=NOON)[marked]
    assert (agreed.by, agreed.second) == (moderator, second)
    reveals.done(marked, by=moderator)
    assert reveals.wishes(at=NOON) == {}
    said = [entry.action for entry in people.audit_log(limit=10)]
    assert {"reveal asked for", "reveal agreed to"} <= set(said)
    assert people.verify_audit() == ()


def test_a_request_needs_a_reason_and_holds_for_a_day(reveals, marked, moderator, second):
    with pytest.raises(RevealError):
        reveals.wish(marked, by=moderator, reason=" ab ", at=NOON)
    reveals.wish(marked, by=moderator, reason="the lamps there", at=NOON)
    [wish] = reveals.wishes(at=NOON)[marked]
    assert reveals.wishes(at=NOON + DAY) == {}
    with pytest.raises(RevealError):
        reveals.agree(marked, wish.id, by=second, at=NOON + DAY)


def test_cases_tell_what_became_of_marks_and_nothing_they_say(marks, moderator):
    """One accepted after a day and rejected later, one rejected at once, one waiting, one old."""
    first, second_, _ = sent(marks, 50, 60, 70)
    sent(marks, 80, at=NOON - 30 * DAY)
    marks.accept(first.id, by=moderator, at=NOON + DAY)
    marks.reject(first.id, "several_times", by=moderator, at=NOON + 2 * DAY)
    marks.reject(second_.id, "spam", by=moderator, at=NOON + 2 * DAY)
    cases = marks.cases(NOON - DAY)
    assert set(cases.columns) == {"received_at", "answered_days", "accepted", "rejected"}
    told = sorted(cases[["accepted", "rejected"]].itertuples(index=False, name=None))
    assert told == [(False, ""), (False, "spam"), (True, "several_times")]
    assert sorted(cases["answered_days"].dropna()) == [1.0, 2.0]
    assert len(marks.cases(NOON - 31 * DAY)) == 4
    assert marks.cases(NOON + DAY).empty
