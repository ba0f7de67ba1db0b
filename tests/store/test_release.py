"""What leaves the store: masked rows on release days, findings, voices, numbers."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import Point, box

from geo_app.origin import Import, Origin
from geo_app.store import Filter, Finding, UnknownMarkError
from layers import LAYERS, MissingLayerError, ParameterError
from layers.errors import MarkError
from layers.marks import State
from tests import towns

from .mark_samples import DAY, HOUR, MARK, NOON, SENTINEL, SOUTH, WEST, at_metre, sent

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 6)
"""First Mondays."""
AT_JUNE, AT_JULY = (datetime(d.year, d.month, d.day, 6, tzinfo=UTC) for d in (JUNE, JULY))
FOUND = Finding(
    WEST + 61, SOUTH + 3, "First", "unsafe", ("poor_light",), "Lamp 17 is dark.",
    confirmed_on=date(2026, 5, 19), expires_on=date(2026, 6, 30),
)  # fmt: skip


@pytest.fixture
def town(store):
    """
    Two blocks of 200 m with ten houses each, one district.

        0 ---- First ---- 1 ---- Second ---- 2
    """
    corners = [(WEST + 200 * i, SOUTH) for i in range(3)]
    lines = [list(pair) for pair in itertools.pairwise(corners)]
    houses = [
        box(WEST + 200 * b + 18 * n + 5, SOUTH + 10, WEST + 200 * b + 18 * n + 13, SOUTH + 18)
        for b in range(2)
        for n in range(10)
    ]
    tables = {
        "streets": towns.streets(lines, name=["First", "Second"]),
        "buildings": towns.layer("buildings", houses, address=[f"House {n}" for n in range(20)]),
        "districts": towns.layer(
            "districts", [box(WEST - 50, SOUTH - 300, WEST + 450, SOUTH + 300)], name=["West"]
        ),
    }
    origin = Origin(file="town.gpkg")
    store.write([Import(LAYERS[n], t, origin) for n, t in tables.items()], at=NOON)


@pytest.fixture
def accepted(town, marks, moderator):  # noqa: ARG001 - a town to hide in
    """Five accepted marks in the first block."""
    told = sent(marks, 50, 60, 70, 80, 90, mark=replace(MARK, note=SENTINEL))
    for one in told:
        marks.accept(one.id, by=moderator, at=NOON)
    return told


def rows(store):
    """Unit, number and day of each public row."""
    pins = store.read("pins")
    return list(zip(pins["unit"], pins["marks"], pins["released_on"], strict=True))


def test_five_accepted_marks_become_one_row_without_a_trace_of_one(accepted, marks, store):
    """The smallest row there is; no id, note or point of a mark is in it."""
    written = marks.publish(JUNE, at=AT_JUNE)
    assert (written.layer, written.rows, written.as_of) == ("pins", 1, "2026-06-01")
    assert rows(store) == [("segment", 5, "2026-06-01")]
    public = repr(store.read("pins").to_dict())
    assert SENTINEL not in public
    assert not any(one.id in public for one in accepted)
    assert not any(str(WEST + metre) in public for metre in (50, 60, 70, 80, 90))


@pytest.mark.usefixtures("accepted")
def test_a_release_done_twice_is_one_release(marks, store, people):
    """Same rows, same version: nothing to compare."""
    first = marks.publish(JUNE, at=AT_JUNE)
    assert marks.publish(JUNE, at=AT_JUNE + HOUR) == first
    assert len(store.history("pins")) == 1
    assert [e.what for e in people.audit_log(action="release")] == ["pins 2026-06-01"]


@pytest.mark.usefixtures("accepted")
def test_a_row_does_not_change_in_the_next_release(marks, moderator, store):
    """A sixth mark would be the difference; it waits for four more."""
    marks.publish(JUNE, at=AT_JUNE)
    sixth = marks.add(at_metre(55), at=AT_JUNE + DAY)
    marks.accept(sixth.id, by=moderator, at=AT_JUNE + DAY)
    marks.publish(JULY, at=AT_JULY)
    assert rows(store) == [("segment", 5, "2026-06-01")]
    assert [bool(w.mark.pin) for w in marks.queue(Filter({State.PUBLISHED}), at=AT_JULY)] == [
        *[True] * 5,
        False,
    ]


@pytest.fixture
def joined(town, marks, moderator):  # noqa: ARG001 - a town to hide in
    """Five people marked the same lamp: the last four were joined with the first, which counts."""
    told = sent(marks, 60, 61, 62, 63, 64)
    head, second, *others = (one.id for one in told)
    for id_ in others:
        marks.merge(id_, second, by=moderator, at=NOON)
    marks.merge(second, head, by=moderator, at=NOON)
    marks.accept(head, by=moderator, at=NOON)
    return told


@pytest.mark.usefixtures("joined")
def test_marks_that_were_joined_count_as_the_people_they_are(marks, store):
    """Five people are five, also where a joined mark was joined again."""
    assert marks.coming(JUNE).accepted == 5
    marks.publish(JUNE, at=AT_JUNE)
    assert rows(store) == [("segment", 5, "2026-06-01")]


def test_joined_marks_of_one_sender_stay_one_sender(town, marks, moderator, store):  # noqa: ARG001
    """Joining makes no crowd of somebody who sends five."""
    told = sent(marks, 60, 61, 62, 63, 64, device="one and the same")
    for one in told[1:]:
        marks.merge(one.id, told[0].id, by=moderator, at=NOON)
    marks.accept(told[0].id, by=moderator, at=NOON)
    marks.publish(JUNE, at=AT_JUNE)
    assert rows(store) == []


def test_joined_marks_count_only_while_the_one_they_live_on_in_does(joined, marks, moderator):
    """A question to its sender stops it; nothing comes back to the queue for that."""
    marks.ask(joined[0].id, "Which lamp?", by=moderator, at=NOON)
    assert marks.coming(JUNE).accepted == 0
    assert marks.count(at=NOON) == 0


@pytest.mark.parametrize("end", ["withdrawn", "rejected"])
def test_joined_marks_wait_again_when_the_one_they_live_on_in_is_gone(
    joined, marks, moderator, end
):
    """Nothing is lost: the second waits for itself, the three joined with it stay with it."""
    head, second = joined[0], joined[1].id
    if end == "withdrawn":
        marks.withdraw(head.code, at=NOON + HOUR)
    else:
        marks.reject(head.id, "spam", by=moderator, at=NOON + HOUR)
    [waiting] = marks.queue(at=NOON + HOUR)
    assert (waiting.mark.id, waiting.mark.state) == (second, State.REOPENED)
    assert waiting.mark.waiting_since == NOON + HOUR
    assert marks.history(second)[-1].role == "system"
    assert marks.coming(JUNE).accepted == 0
    marks.accept(second, by=moderator, at=NOON + HOUR)
    assert marks.coming(JUNE).accepted == 4
    marks.reject(second, "spam", by=moderator, at=NOON + 2 * HOUR)
    assert {one.mark.id for one in marks.queue(at=NOON + DAY)} == {o.id for o in joined[2:]}


def test_a_row_goes_when_one_of_its_five_is_taken_back(accepted, marks, store):
    """On the next release day, as a whole."""
    marks.publish(JUNE, at=AT_JUNE)
    marks.withdraw(accepted[0].code, at=AT_JUNE + DAY)
    assert rows(store) == [("segment", 5, "2026-06-01")]
    marks.publish(JULY, at=AT_JULY)
    assert rows(store) == []


@pytest.mark.usefixtures("accepted")
def test_only_release_days_in_their_order_are_released(marks):
    """The first Monday of a month, and never one before the last."""
    with pytest.raises(ParameterError, match="no release day"):
        marks.publish(date(2026, 6, 2), at=AT_JUNE + DAY)
    marks.publish(JULY, at=AT_JULY)
    with pytest.raises(ParameterError, match="out already"):
        marks.publish(JUNE, at=AT_JULY)


def test_without_streets_and_houses_nothing_is_released(marks):
    """Each missing layer has its sentence."""
    with pytest.raises(MissingLayerError) as error:
        marks.publish(JUNE, at=AT_JUNE)
    assert error.value.layers == ("streets", "buildings", "districts")


@pytest.mark.usefixtures("accepted")
def test_a_release_that_broke_off_is_finished_by_the_next_run(marks, store):
    """The rows were noted, but the layer was not written."""
    marks.publish(JUNE, at=AT_JUNE)
    store.remove("pins")
    marks.publish(JUNE, at=AT_JUNE)
    assert rows(store) == [("segment", 5, "2026-06-01")]


@pytest.mark.usefixtures("accepted")
def test_marks_run_out_after_their_last_day(marks, store):
    """365 days without "still so": closed, and gone from the next release."""
    marks.publish(JUNE, at=AT_JUNE)
    next_june = date(2027, 6, 7)
    at = datetime(2027, 6, 7, 6, tzinfo=UTC)
    marks.publish(next_june, at=at)
    assert rows(store) == []
    assert marks.count(Filter({State.EXPIRED}), at=at) == 5


def test_a_question_that_stays_open_ends_after_14_days(marks, moderator):
    """The mark waits for the city again."""
    added = marks.add(MARK, at=NOON)
    marks.ask(added.id, "Which lamp?", by=moderator, at=NOON)
    assert marks.expire(at=NOON + 14 * DAY) == []
    assert marks.expire(at=NOON + 14 * DAY + HOUR) == [added.id]
    assert marks.get(added.id).state is State.RECEIVED


@pytest.mark.usefixtures("accepted")
def test_a_finding_is_shown_exactly_with_its_date_and_until_its_last_day(marks, moderator, store):
    """At once, beside the masked rows, and no longer than said."""
    marks.publish(JUNE, at=AT_JUNE)
    marks.add_finding(FOUND, by=moderator, at=AT_JUNE)
    pins = store.read("pins")
    assert sorted(pins["unit"]) == ["finding", "segment"]
    finding = pins[pins["unit"] == "finding"].iloc[0]
    assert finding.geometry == Point(WEST + 61, SOUTH + 3)
    assert (finding["finding"], finding["confirmed_on"]) == ("Lamp 17 is dark.", "2026-05-19")
    marks.publish(JULY, at=AT_JULY)
    assert list(store.read("pins")["unit"]) == ["segment"]


def test_a_finding_can_be_taken_off(marks, moderator, store):
    """The lamp shines again."""
    marks.add_finding(FOUND, by=moderator, at=NOON)
    (number,) = marks.findings().index
    marks.remove_finding(number, by=moderator, at=NOON)
    assert len(store.read("pins")) == 0
    with pytest.raises(UnknownMarkError):
        marks.remove_finding(number, by=moderator, at=NOON)


def test_all_faults_of_a_finding_are_told_at_once(marks, moderator):
    """Words, kind, reasons, dates."""
    wrong = replace(
        FOUND, finding=" ", kind="dark", factors=("people",), confirmed_on=date(2026, 7, 1)
    )
    with pytest.raises(MarkError) as error:
        marks.add_finding(wrong, by=moderator, at=NOON)
    assert len(error.value.faults) == 5


@pytest.mark.usefixtures("accepted")
def test_one_device_has_one_voice_for_a_row_on_one_day(marks, store):
    """And nobody agrees with what is not public."""
    marks.publish(JUNE, at=AT_JUNE)
    (pin,) = store.read("pins").index
    assert marks.me_too(pin, device="phone", at=AT_JUNE)
    assert not marks.me_too(pin, device="phone", at=AT_JUNE + HOUR)
    assert marks.me_too(pin, device="tablet", at=AT_JUNE)
    assert marks.me_too(pin, device="phone", at=AT_JUNE + DAY)
    assert marks.voices(pin) == 3
    assert marks.queue(Filter({State.PUBLISHED}), at=AT_JUNE)[0].voices == 3
    with pytest.raises(UnknownMarkError):
        marks.me_too("pin/nowhere", device="phone", at=AT_JUNE)
    last = date.fromisoformat(store.read("pins").loc[pin, "expires_on"])
    evening = datetime(last.year, last.month, last.day, 21, tzinfo=UTC)
    assert marks.me_too(pin, device="phone", at=evening)
    with pytest.raises(UnknownMarkError, match="not shown any more"):
        marks.me_too(pin, device="phone", at=evening + 2 * HOUR)


def test_the_public_log_counts_what_was_received_and_decided(marks, moderator):
    """Six received: two accepted, two rejected, one taken back, one waiting for eight days."""
    told = sent(marks, 10, 20, 30, 40, 50, 60)
    marks.add(MARK, at=NOON, draft=True)
    for days, one in enumerate(told[:2], 1):
        marks.accept(one.id, by=moderator, at=NOON + days * DAY)
    marks.reject(told[2].id, "spam", by=moderator, at=NOON + 4 * DAY)
    marks.reject(told[3].id, "emergency", by=moderator, at=NOON + 5 * DAY)
    marks.withdraw(told[4].code, at=NOON + DAY)
    told = marks.public_numbers(at=NOON + 8 * DAY)
    assert (told.received, told.waiting, told.overdue) == (6, 1, 1)
    assert (told.published, told.withdrawn) == (2, 1)
    assert {k: n for k, n in told.rejected.items() if n} == {"spam": 1, "emergency": 1}
    assert told.median_days == 3  # of 1, 2, 4 and 5 days


def test_numbers_of_an_empty_store_are_numbers(marks):
    """Nothing received is no error, and no median is not zero."""
    told = marks.public_numbers(at=NOON)
    assert (told.received, told.median_days) == (0, None)
    assert timedelta(days=told.service_days) == 7 * DAY


@pytest.mark.parametrize("how_many", [1, 5])
def test_a_row_whose_marks_are_put_right_stays_till_the_next_release_and_goes_as_a_whole(
    accepted, marks, store, how_many
):
    """Nobody sees on which day something was put right, nor that one mark of five was."""
    marks.publish(JUNE, at=AT_JUNE)
    before = store.provenance("pins")
    ids = [one.id for one in accepted[:how_many]]
    marks.put_right(ids, "poor_light", task="t", place="First", by="pia", at=AT_JUNE + DAY)
    assert store.provenance("pins") == before
    marks.publish(JULY, at=AT_JULY)
    assert rows(store) == []
