"""Replies to spots: one for each device and day, erased for good, answered in the city's words."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from geo_app.origin import Import, Origin
from geo_app.store import Replies, UnknownMarkError
from geo_app.store.engines import reading
from geo_app.store.replies import ABUSE, READ, WAITING
from layers import LAYERS
from layers.errors import MarkError, TransitionError
from layers.replies import Reply
from tests.citizens import pins

from .mark_samples import DAY, HOUR, NOON, SENTINEL
from .test_erasure import due, files_of

WORDS = Reply("changed", f"The lamp burns again {SENTINEL}")
PLAIN = Reply("otherwise")


@pytest.fixture
def spot(store):
    """Publish three rows; return the id of the first."""
    table = pins()
    origin = Origin(file="pins", source="test", licence="CC0-1.0", as_of="2026")
    store.write([Import(LAYERS["pins"], table, origin)], at=NOON)
    return str(table.index[0])


@pytest.fixture
def replies(store, settings):
    """Replies, none yet."""
    return Replies(store, settings)


def test_a_device_replies_once_a_day_to_a_spot(replies, spot, store):
    """Another spot, another device or another day is another reply."""
    other = str(store.read("pins").index[1])
    said = [
        replies.add(pin, PLAIN, device=device, at=at)
        for pin, device, at in (
            (spot, "phone", NOON),
            (spot, "phone", NOON + HOUR),
            (spot, "tablet", NOON),
            (other, "phone", NOON),
            (spot, "phone", NOON + DAY),
        )
    ]
    assert said == [True, False, True, True, True]
    assert replies.count() == 4


def test_only_what_is_public_can_be_replied_to(replies, spot):
    """Neither an invented id nor a row whose last day is over."""
    with pytest.raises(UnknownMarkError, match="not shown any more"):
        replies.add("nothing", PLAIN, device="phone", at=NOON)
    with pytest.raises(UnknownMarkError, match="not shown any more"):
        replies.add(spot, PLAIN, device="phone", at=NOON + 400 * DAY)


def test_a_reply_remembers_what_was_public_when_it_came(replies, spot):
    """Staff know what it was about after the row has gone."""
    replies.add(spot, WORDS, device="phone", at=NOON)
    [one] = replies.queue()
    assert (one.place, one.unit, one.kind) == ("Long Street", "segment", "unsafe")
    assert one.factors == ("poor_light", "overgrown")
    assert (one.stance, one.note, one.state) == ("changed", WORDS.note, WAITING)


def test_only_what_somebody_has_read_counts_and_abuse_never(replies, spot):
    """Three came; one is read, one is abuse, one waits."""
    for device in ("a", "b", "c"):
        replies.add(spot, PLAIN, device=device, at=NOON)
    first, second, _ = replies.queue()
    assert replies.counts([spot]) == {}
    replies.decide(first.id, READ, by="mara", at=NOON)
    replies.decide(second.id, ABUSE, by="mara", at=NOON)
    assert replies.counts([spot]) == {"otherwise": 1}
    replies.decide(first.id, WAITING, by="mara", at=NOON)
    assert replies.counts([spot]) == {}


def test_who_comes_second_is_told(replies, spot):
    """A decision is not made twice."""
    replies.add(spot, PLAIN, device="a", at=NOON)
    [one] = replies.queue()
    replies.decide(one.id, READ, by="mara", at=NOON)
    with pytest.raises(TransitionError, match="somebody else was quicker"):
        replies.decide(one.id, READ, by="milo", at=NOON)


def test_an_answer_stands_beside_the_spot_until_it_is_taken_back(replies, spot):
    """All replies to the spot that waited are read by it; others are not."""
    for device in ("a", "b"):
        replies.add(spot, PLAIN, device=device, at=NOON)
    answer = replies.answer(replies.queue()[0].id, " The lamp was mended. ", by="pia", at=NOON)
    assert replies.count() == 0
    assert replies.answers([spot]) == {spot: [answer]}
    assert (answer.words, answer.on) == ("The lamp was mended.", NOON.date())
    replies.take_back(answer.id, by="pia", at=NOON + DAY)
    assert replies.answers([spot]) == {}
    with pytest.raises(UnknownMarkError):
        replies.take_back(answer.id, by="pia", at=NOON + DAY)


def test_an_answer_without_words_is_none(replies, spot):
    replies.add(spot, PLAIN, device="a", at=NOON)
    with pytest.raises(MarkError, match="write the answer"):
        replies.answer(replies.queue()[0].id, " \n ", by="pia", at=NOON)


def test_what_staff_do_with_replies_is_written_down_without_their_texts(replies, spot, people):
    """Answer, reading, abuse, cleaning and taking back."""
    for device in ("a", "b"):
        replies.add(spot, WORDS, device=device, at=NOON)
    first, second = replies.queue()
    replies.decide(second.id, ABUSE, by="mara", at=NOON)
    replies.remove_personal(first.id, "clean", by="mara", at=NOON)
    answer = replies.answer(first.id, "Mended.", by="pia", at=NOON)
    replies.take_back(answer.id, by="pia", at=NOON)
    log = people.audit_log()
    assert [entry.action for entry in reversed(log)] == [
        "reply abuse", "reply personal_removed", "reply answered", "reply read", "answer taken back"
    ]  # fmt: skip
    assert not [entry for entry in log if SENTINEL in f"{entry.what} {entry.detail}"]
    assert people.verify_audit() == ()


def test_texts_go_30_days_after_somebody_has_read_them(replies, spot, erasure, store):
    """Not an hour before; the reply still counts; no file of the database holds the text."""
    replies.add(spot, WORDS, device="phone", at=NOON)
    [one] = replies.queue()
    replies.decide(one.id, READ, by="mara", at=NOON)
    assert SENTINEL.encode() in files_of(store)
    assert "texts of replies" not in due(erasure, NOON + 30 * DAY - HOUR)
    erasure.erase(at=NOON + 30 * DAY)
    assert replies.get(one.id).note is None
    assert replies.counts([spot]) == {"changed": 1}
    assert SENTINEL.encode() not in files_of(store)
    assert "texts of replies" not in due(erasure, NOON + 30 * DAY)


def test_texts_that_nobody_reads_go_after_180_days(replies, spot, erasure, store):
    replies.add(spot, WORDS, device="phone", at=NOON)
    erasure.erase(at=NOON + 180 * DAY - HOUR)
    assert replies.queue()[0].note == WORDS.note
    erasure.erase(at=NOON + 180 * DAY)
    assert replies.queue()[0].note is None
    assert SENTINEL.encode() not in files_of(store)


def test_a_reply_goes_as_a_whole_a_year_after_it_was_dealt_with(replies, spot, erasure):
    """And one that nobody read after 180 + 365 days."""
    for device in ("a", "b"):
        replies.add(spot, WORDS, device=device, at=NOON)
    replies.decide(replies.queue()[0].id, READ, by="mara", at=NOON)
    erasure.erase(at=NOON + 365 * DAY - HOUR)
    assert replies.count(states=(READ, WAITING)) == 2
    erasure.erase(at=NOON + 365 * DAY)
    assert replies.count(states=(READ, WAITING)) == 1
    erasure.erase(at=NOON + 545 * DAY)
    assert replies.count(states=(READ, WAITING)) == 0


def test_devices_of_replies_are_forgotten_with_their_day(replies, spot, erasure, store):
    """At midnight of German clocks; 22 UTC in May."""
    replies.add(spot, PLAIN, device="phone", at=NOON)
    assert "senders of replies" not in due(erasure, NOON + 10 * HOUR - timedelta(seconds=1))
    assert due(erasure, NOON + 10 * HOUR)["senders of replies"] == 1
    erasure.erase(at=NOON + 10 * HOUR)
    with reading(store.engine) as connection:
        assert connection.scalars(text("SELECT device FROM reply")).all() == [None]


def test_no_file_holds_what_staff_took_out_of_a_reply(replies, spot, store):
    """At once, without waiting for the schedule."""
    replies.add(spot, WORDS, device="phone", at=NOON)
    [one] = replies.queue()
    assert SENTINEL.encode() in files_of(store)
    replies.remove_personal(one.id, "The lamp burns again", by="mara", at=NOON)
    assert SENTINEL.encode() not in files_of(store)


def test_an_answer_taken_back_goes_30_days_later(replies, spot, erasure, store):
    """Its words stand in no file then; an answer that stands stays."""
    for device in ("a", "b"):
        replies.add(spot, PLAIN, device=device, at=NOON)
    one = replies.queue()[0]
    wrong = replies.answer(one.id, f"{SENTINEL} is mended", by="mara", at=NOON)
    replies.answer(one.id, "The lamp is mended", by="mara", at=NOON)
    replies.take_back(wrong.id, by="mara", at=NOON)
    erasure.erase(at=NOON + 30 * DAY - HOUR)
    assert SENTINEL.encode() in files_of(store)
    erasure.erase(at=NOON + 30 * DAY)
    assert SENTINEL.encode() not in files_of(store)
    with reading(store.engine) as connection:
        assert connection.scalars(text("SELECT words FROM reply_answer")).all() == [
            "The lamp is mended"
        ]
