"""What a history says about what was put right: laws that hold whatever else has happened."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from layers.errors import TransitionError
from layers.mark_undo import before_decision
from layers.marks import State, advance, begin, record, state, verify
from layers.mending import mend, mended, mendings, resolved_by_mending, unanswered, unmend

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
REASONS = ("poor_light", "overgrown")
DEEDS = st.lists(
    st.sampled_from(
        ["mend poor_light", "mend overgrown", "unmend poor_light", "still poor_light", "still",
         "better poor_light", "reopen", "accept", "resolve", "expire"]
    ),
    max_size=10,
)  # fmt: skip


def happened(deeds):
    """Return a history in which these things happen, as far as they can."""
    events = advance(begin("m", at=NOON), State.PUBLISHED, at=NOON, role="moderator")
    for number, deed in enumerate(deeds, 1):
        events = _after(events, deed, NOON + timedelta(hours=number))
    return events


def _after(events, deed, at):
    what, _, reason = deed.partition(" ")
    moves = {
        "reopen": (State.REOPENED, "citizen"),
        "accept": (State.PUBLISHED, "moderator"),
        "resolve": (State.RESOLVED, "moderator"),
        "expire": (State.EXPIRED, "system"),
    }
    try:
        if what == "mend":
            return mend(events, reason, factors=REASONS, at=at)
        if what == "unmend":
            return unmend(events, reason, at=at) if reason in mended(events) else events
        if what in moves:
            to, role = moves[what]
            return advance(events, to, at=at, role=role)
        action = {"still": "still_so", "better": "better_now"}[what]
        told = record(events, action, at=at, role="citizen", reason=reason)
        closed = action == "still_so" and state(told) in {State.RESOLVED, State.EXPIRED}
        return advance(told, State.REOPENED, at=at, role="citizen") if closed else told
    except TransitionError:
        return events


@given(DEEDS)
def test_putting_right_and_taking_it_back_leaves_everything_as_it_was(deeds):
    """The state and every other reason; the chain holds, and nothing is erased from it."""
    events = happened(deeds)
    later = NOON + timedelta(hours=20)
    if "poor_light" in mended(events):
        return
    there = mend(events, "poor_light", factors=REASONS, at=later)
    back = unmend(there, "poor_light", at=later + timedelta(hours=1))
    assert state(back) == state(events)
    assert mended(back) == mended(events)
    others = [one for one in mendings(events) if one.factor != "poor_light"]
    assert list(mendings(back)) == others
    assert verify(back, "m") == ()
    assert back[: len(events)] == events


@given(DEEDS)
def test_a_mark_is_resolved_by_mending_only_if_every_reason_is_put_right(deeds):
    """And then nobody has contradicted any of them."""
    events = happened(deeds)
    if state(events) is State.RESOLVED and resolved_by_mending(events):
        assert set(mended(events)) == set(REASONS)


@given(DEEDS)
def test_every_history_holds_and_asks_only_about_what_is_put_right(deeds):
    """Nothing is asked twice, nothing that was taken back."""
    events = happened(deeds)
    assert verify(events, "m") == ()
    assert set(unanswered(events)) <= set(mended(events))


def test_the_queue_cannot_take_back_what_the_work_list_has_put_right():
    """Each deed is undone where it was done."""
    events = happened(["mend poor_light", "mend overgrown"])
    assert state(events) is State.RESOLVED
    assert before_decision(events) is None


def test_saying_still_so_about_the_whole_mark_contradicts_nothing_while_it_is_accepted():
    """What is left of it is still so."""
    assert mended(happened(["mend poor_light", "still"])) == ("poor_light",)


def test_opening_a_resolved_mark_again_contradicts_everything():
    """Whoever opens it says that it is not settled."""
    assert mended(happened(["mend poor_light", "mend overgrown", "reopen"])) == ()


def test_a_contradicted_reason_can_be_put_right_again():
    """And then it is asked about anew."""
    events = happened(["mend poor_light", "still poor_light", "mend poor_light"])
    assert mended(events) == unanswered(events) == ("poor_light",)
