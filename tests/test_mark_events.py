"""The history of a mark: only allowed steps, nothing changed afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layers import TransitionError
from layers.mark_events import (
    ACTIONS,
    ALLOWED,
    CLOSED,
    REJECTIONS,
    ROLES,
    STATES,
    WAITING,
    Event,
    State,
    advance,
    begin,
    may,
    record,
    state,
    verify,
)
from layers.mark_words import BY_ITSELF

START = datetime(2026, 5, 31, 12, tzinfo=UTC)
REASON = {State.REJECTED: "spam", State.MERGED: "mark/7"}


def hour(number):
    return START + timedelta(hours=number)


def story():
    """Received, asked back, answered, published, looked at, resolved, opened again."""
    events = begin("mark/1", at=hour(0))
    events = advance(events, State.ASKED, at=hour(1), role="moderator", detail="Where?", salt="s1")
    events = advance(events, State.RECEIVED, at=hour(2), role="citizen", detail="There", salt="s2")
    events = advance(events, State.PUBLISHED, at=hour(3), role="moderator")
    events = record(events, "revealed", at=hour(4), role="moderator", reason="site visit")
    events = advance(events, State.RESOLVED, at=hour(5), role="moderator")
    return advance(events, State.REOPENED, at=hour(6), role="citizen")


@st.composite
def histories(draw):
    """Return a random history of allowed steps."""
    events = begin("mark/1", at=hour(0))
    for number in range(1, draw(st.integers(2, 8))):
        steps = [(role, to) for role in ROLES for to in may(state(events), role)]
        if not steps:
            break
        role, to = draw(st.sampled_from(steps))
        detail = draw(st.sampled_from(["", "text"]))
        events = advance(
            events, to, at=hour(number), role=role, reason=REASON.get(to, ""),
            detail=detail, salt="salt" if detail else "",
        )  # fmt: skip
    return events


def test_a_whole_story_holds():
    """Seven events, the last one opens the mark again."""
    assert len(story()) == 7
    assert state(story()) is State.REOPENED
    assert verify(story(), "mark/1") == ()


@given(histories())
def test_every_history_of_allowed_steps_holds(events):
    """What `advance` builds, `verify` accepts."""
    assert verify(events, "mark/1", head=events[-1].hash) == ()


@given(histories(), st.data())
def test_any_change_is_found(events, data):
    """Another moment, role, reason, state or action of any event breaks the chain."""
    at = data.draw(st.integers(0, len(events) - 1))
    old = events[at]
    new = data.draw(st.sampled_from([
        replace(old, at=old.at + timedelta(microseconds=1)), replace(old, role="system"),
        replace(old, reason="x"), replace(old, state=State.EXPIRED),
        replace(old, action="still_so"), replace(old, previous="0" * 64),
        replace(old, seal="0" * 64), replace(old, hash="0" * 64),
    ]))  # fmt: skip
    assume(new != old)
    assert verify((*events[:at], new, *events[at + 1 :]), "mark/1")


@given(histories(), st.data())
def test_any_removal_is_found(events, data):
    """From the middle by the chain itself, at the end by the hash noted elsewhere."""
    at = data.draw(st.integers(0, len(events) - 1))
    assert verify((*events[:at], *events[at + 1 :]), "mark/1", head=events[-1].hash)


@given(histories(), st.data())
def test_any_swap_is_found(events, data):
    """No two events may change places."""
    one = data.draw(st.integers(0, len(events) - 1))
    two = data.draw(st.integers(0, len(events) - 1))
    assume(one != two)
    swapped = list(events)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    assert verify(swapped, "mark/1")


def test_a_changed_event_with_a_mended_hash_is_found_by_the_next():
    """Whoever forges one event has to forge all that follow."""
    events = story()
    forged = replace(events[3], role="system", state=State.EXPIRED)
    forged = replace(forged, hash=forged.digest())
    assert verify((*events[:3], forged, *events[4:]), "mark/1")


def test_a_history_belongs_to_its_mark():
    """The same events under another mark are a fault, and so is none at all."""
    assert verify(story(), "mark/2")
    assert verify((), "mark/1")


def test_a_text_can_be_erased_and_the_chain_holds():
    """The erasure is an event of its own; without it a missing text is a fault."""
    events = tuple(event.erased() for event in story())
    assert all(not event.detail and not event.salt for event in events)
    assert len(verify(events, "mark/1")) == 2
    events = record(events, "text_erased", at=hour(7), role="system")
    assert verify(events, "mark/1") == ()


def test_a_changed_text_is_found():
    """The seal holds text and salt."""
    events = list(story())
    events[1] = replace(events[1], detail="Who?")
    assert verify(events, "mark/1") == ("the text of event 2 was changed",)


def test_the_seal_of_a_short_text_cannot_be_guessed():
    """The same text under another salt has another seal, and no unsalted text is taken."""
    first, second = story()[1], begin("m", at=hour(0))
    second = advance(second, State.ASKED, at=hour(1), role="moderator", detail="Where?", salt="z")
    assert first.seal != second[-1].seal
    with pytest.raises(ValueError, match="salt"):
        record(second, "corrected", at=hour(2), role="citizen", detail="x")


def test_an_event_survives_the_store():
    """As text and numbers and back, with the same hash."""
    for event in story():
        assert Event.from_dict(event.as_dict()) == event


def test_the_same_moment_in_another_zone_is_the_same_event():
    """Half past noon in Berlin is half past ten in Greenwich."""
    event = story()[0]
    elsewhere = replace(event, at=event.at.astimezone(ZoneInfo("Europe/Berlin")))
    assert elsewhere.digest() == event.hash


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("before", [None, *State])
@pytest.mark.parametrize("to", State)
def test_only_what_the_table_allows_is_possible(role, before, to):
    """Each role, each state, each step: allowed means `advance` does it, else it refuses."""
    allowed = to in ALLOWED[role].get(before, frozenset())
    assert (to in may(before, role)) == allowed
    if before is None:
        return
    events = (replace(begin("m", at=hour(0))[0], state=before),)
    if allowed:
        reason = REASON.get(to, "")
        assert state(advance(events, to, at=hour(1), role=role, reason=reason)) is to
    else:
        with pytest.raises(TransitionError):
            advance(events, to, at=hour(1), role=role, reason="spam")


def test_a_citizen_can_take_back_whatever_was_sent():
    """From every state but the end itself."""
    for now in set(State) - {State.WITHDRAWN}:
        assert State.WITHDRAWN in may(now, "citizen")
    assert all(may(State.WITHDRAWN, role) == () for role in ROLES)


def test_nothing_is_published_without_a_moderator():
    """No other role reaches that state."""
    for role in ("citizen", "system"):
        assert not any(State.PUBLISHED in to for to in ALLOWED[role].values())


def test_a_rejection_needs_a_reason_and_a_merger_its_other_mark():
    """Both are shown to the citizen."""
    for to, reason in ((State.REJECTED, ""), (State.REJECTED, "dislike"), (State.MERGED, "")):
        with pytest.raises(TransitionError):
            advance(begin("m", at=hour(0)), to, at=hour(1), role="moderator", reason=reason)


def test_history_does_not_run_backwards():
    """An event older than the last one is refused; the same moment is not."""
    events = begin("m", at=hour(1))
    with pytest.raises(TransitionError):
        advance(events, State.PUBLISHED, at=hour(0), role="moderator")
    assert advance(events, State.PUBLISHED, at=hour(1), role="moderator")


def test_a_moment_without_a_zone_is_a_programming_error():
    """Nobody could say when it was."""
    with pytest.raises(ValueError, match="zone"):
        begin("m", at=datetime(2026, 1, 1))  # noqa: DTZ001, that is the fault


def test_an_unknown_action_is_refused():
    """And "moved" is what `advance` does."""
    for action in ("deleted", "moved"):
        with pytest.raises(TransitionError):
            record(begin("m", at=hour(0)), action, at=hour(1), role="moderator")


def test_everything_has_words():
    """Each state, action, role and reason can be shown; waiting and closed do not overlap."""
    assert set(STATES) == set(State)
    assert all([*STATES.values(), *ACTIONS.values(), *ROLES.values(), *REJECTIONS.values()])
    alone = {(before, to) for before, found in ALLOWED["system"].items() for to in found}
    assert set(BY_ITSELF) == alone
    assert not WAITING & CLOSED
