"""What is wrong with a mark before it is sent: everything at once, nothing lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, box

from layers import MarkError, Text
from layers.marks import NOTE_MOST, check_mark, cleaned, mark_of, months_before
from layers.receipt import Periods, receipt

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
CITY = box(0, 0, 1000, 1000)
RIVER = box(400, 0, 500, 1000)
BRIDGE = LineString([(300, 500), (600, 500)])
GOOD = {"kind": "unsafe", "x": "100", "y": "100", "factors": ["poor_light"]}


def faults(**changed):
    found = check_mark(GOOD | changed, city=CITY, water=RIVER, streets=BRIDGE, at=NOW)
    return [(fault.field, str(fault.text)) for fault in found]


def test_the_shortest_mark_is_fine():
    """Where, how it feels and one reason: nothing more is asked for."""
    assert faults() == []
    mark = mark_of(GOOD, city=CITY, at=NOW)
    assert (mark.kind, mark.x, mark.y, mark.factors) == ("unsafe", 100.0, 100.0, ("poor_light",))
    assert (mark.daytime, mark.weekpart, mark.strength, mark.note) == ("", "", 0, "")
    assert mark.noticed_on is None


def test_a_full_mark_keeps_everything():
    """Reasons come in the order of the form, each once."""
    mark = mark_of(
        GOOD
        | {
            "factors": "overgrown;poor_light;overgrown",
            "daytime": "night",
            "weekpart": "weekend",
            "strength": "4",
            "note": " dark ",
            "noticed_on": "2026-05-31",
        },
        city=CITY,
        at=NOW,
    )
    assert mark.factors == ("poor_light", "overgrown")
    assert (mark.daytime, mark.weekpart, mark.strength) == ("night", "weekend", 4)
    assert (mark.note, mark.noticed_on) == ("dark", date(2026, 5, 31))


def test_all_faults_come_at_once_in_the_order_of_the_form():
    """Seven fields, seven sentences; `mark_of` raises with the same ones."""
    wrong = {
        "kind": "angry",
        "x": "5000",
        "y": "5",
        "factors": [],
        "daytime": "noon",
        "weekpart": "Friday",
        "strength": "5",
        "note": "x" * 1001,
        "noticed_on": "2027-01-01",
    }
    found = check_mark(wrong, city=CITY, at=NOW)
    assert [fault.field for fault in found] == [
        "kind", "place", "factors", "daytime", "weekpart", "strength", "note", "noticed_on",
    ]  # fmt: skip
    assert all(isinstance(fault.text, Text) for fault in found)
    with pytest.raises(MarkError) as caught:
        mark_of(wrong, city=CITY, at=NOW)
    assert caught.value.faults == tuple(fault.text for fault in found)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"factors": []}, "factors", "at least one"),
        ({"factors": ["poor_light", "witches"]}, "factors", "“witches”"),
        ({"factors": ["good_light"]}, "factors", "“good light” does not go with"),
        ({"x": "-1"}, "place", "outside the city"),
        ({"x": "450"}, "place", "on water"),
        ({"x": "", "y": ""}, "place", "say where"),
        ({"x": "nan"}, "place", "say where"),
        ({"x": "inf"}, "place", "say where"),
        ({"x": None}, "place", "say where"),
        ({"noticed_on": "2026-06-01"}, "noticed_on", "future"),
        ({"noticed_on": "2025-05-30"}, "noticed_on", "more than 12 months"),
        ({"noticed_on": "31.5.2026"}, "noticed_on", "2026-05-31"),
        ({"note": "é" * 1007}, "note", "7 characters too long"),
        ({"strength": "1.5"}, "strength", "1 to 4"),
    ],
)  # fmt: skip
def test_each_fault_has_its_own_sentence(changed, field, words):
    """One fault, one sentence that says what to do."""
    ((found, sentence),) = faults(**changed)
    assert found == field
    assert words in sentence


def test_a_bridge_is_not_water():
    """The river is 100 m wide; the bridge crosses it at y = 500."""
    assert faults(x="450", y="505") == []
    assert faults(x="450", y="530") != []


@pytest.mark.parametrize("day", ["2026-05-31", "2025-05-31"])
def test_today_and_the_same_day_last_year_are_fine(day):
    """Both ends of the twelve months are included."""
    assert faults(noticed_on=day) == []


@pytest.mark.parametrize("note", [
    "🌒 dark here", "مظلم جداً هنا", "</script><b>hello</b>", "${7*7} {{7*7}}", "x" * NOTE_MOST,
    "line\nline", "'; DROP TABLE marks; --",
])  # fmt: skip
def test_emoji_right_to_left_and_markup_are_text_like_any_other(note):
    """Nothing is refused and nothing is changed: pages show it as text."""
    assert faults(note=note) == []
    assert mark_of(GOOD | {"note": note}, city=CITY, at=NOW).note == note


def test_control_characters_go_and_a_reversed_line_is_closed():
    """A null byte, a bell and an escape go; an override of direction cannot reverse the page."""
    assert cleaned("a\x00b\x07c\x1b[31m\r\nd\te") == "abc[31m\nd e"
    assert cleaned("\u202eabc") == "\u202eabc\u202c"
    assert cleaned("\u2067abc") == "\u2067abc\u2069"


@given(st.text(max_size=1200))
def test_cleaning_twice_changes_nothing_more(note):
    """What is shown back to the writer is what is counted and kept."""
    assert cleaned(cleaned(note)) == cleaned(note)


@given(st.dictionaries(
    st.sampled_from(["kind", "x", "y", "factors", "daytime", "weekpart", "strength", "note",
                     "noticed_on"]),
    st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats()),
))  # fmt: skip
def test_whatever_a_form_sends_is_answered_with_sentences(fields):
    """Rubbish gives faults, never an exception."""
    fields = {k: str(v) if k == "factors" else v for k, v in fields.items()}
    found = check_mark(fields, city=CITY, water=RIVER, streets=BRIDGE, at=NOW)
    assert all(fault.text for fault in found)


@pytest.mark.parametrize(("day", "months", "earlier"), [
    (date(2026, 5, 31), 12, date(2025, 5, 31)),
    (date(2024, 2, 29), 12, date(2023, 2, 28)),
    (date(2026, 1, 15), 1, date(2025, 12, 15)),
    (date(2026, 12, 31), 1, date(2026, 11, 30)),
])  # fmt: skip
def test_months_are_counted_by_the_calendar(day, months, earlier):
    """29 February has a day before it in every year."""
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(("at", "today"), [
    (datetime(2026, 5, 31, 22, 30, tzinfo=UTC), date(2026, 6, 1)),
    (datetime(2026, 5, 31, 21, 30, tzinfo=UTC), date(2026, 5, 31)),
    (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), date(2026, 12, 31)),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
])  # fmt: skip
def test_today_is_the_day_on_german_clocks(at, today):
    """In summer the day begins at 22:00 UTC, in winter at 23:00; the day after is the future."""
    said = [
        [fault.field for fault in check_mark(GOOD | {"noticed_on": day}, city=CITY, at=at)]
        for day in (today.isoformat(), (today + timedelta(days=1)).isoformat())
    ]
    assert said == [[], ["noticed_on"]]


def test_the_receipt_tells_who_sees_what_and_until_when():
    """A dark spot sent on 31 May 2026 is published on Monday, 1 June at the earliest."""
    mark = mark_of(GOOD | {"note": "dark"}, city=CITY, at=NOW)
    told = receipt(mark, on=NOW.date())
    assert "poor light" in " ".join(told.staff)
    assert "2026-06-01" in told.public[0]
    assert "at least 5 marks" in told.public[1]
    assert "at least 8 addresses" in told.public[1]
    assert "24 hours" in told.erased[0]
    assert "30 days" in told.erased[1]
    assert "365 days" in told.erased[2]


BARE = GOOD | {"daytime": "", "weekpart": "", "strength": "", "note": "", "noticed_on": ""}
EVERYTHING = {
    "note": "dark", "daytime": "night", "weekpart": "weekend", "strength": "3",
    "noticed_on": "2026-05-30",
}  # fmt: skip


@pytest.mark.parametrize(("field", "seen", "kept"), [
    ("note", "your note", None),
    ("daytime", "after dark", "times you named"),
    ("weekpart", "at weekends", "times you named"),
    ("strength", "strongly: strongly", "how strongly you feel it"),
    ("noticed_on", "2026-05-30", "day you noticed it"),
])  # fmt: skip
def test_each_line_of_the_receipt_follows_what_was_said(field, seen, kept):
    """What is written is listed for staff, and among what remains; what is not written is not."""
    full = receipt(mark_of(GOOD | EVERYTHING, city=CITY, at=NOW), on=NOW.date())
    only = receipt(mark_of(BARE | {field: EVERYTHING[field]}, city=CITY, at=NOW), on=NOW.date())
    bare = receipt(mark_of(BARE, city=CITY, at=NOW), on=NOW.date())
    assert [any(seen in str(line) for line in told.staff) for told in (full, only, bare)] == [
        True, True, False,
    ]  # fmt: skip
    if kept:
        (remains, without) = (
            next(str(line) for line in told.erased if "not erased" in str(line))
            for told in (only, bare)
        )
        assert kept in remains
        assert kept not in without


def test_the_receipt_tells_what_links_marks_and_what_is_never_decided():
    """The number of the device, and the 180 days of a mark that lies about."""
    periods = Periods(undecided_days=123)
    told = receipt(mark_of(BARE, city=CITY, at=NOW), on=NOW.date(), periods=periods)
    assert "links the marks of one device and day until the exact spot is erased" in told.staff[-1]
    assert any("if nobody decides" in line and "123 days" in line for line in told.erased)


def test_a_sensitive_mark_waits_for_ten_and_a_mark_without_note_has_none_to_erase():
    """Being followed is published among ten; where nothing was written nothing is erased."""
    mark = mark_of(GOOD | {"factors": ["followed"]}, city=CITY, at=NOW)
    told = receipt(mark, on=NOW.date())
    assert "at least 10 marks" in told.public[1]
    assert not any("note" in sentence for sentence in (*told.staff, *told.erased))


def test_periods_count_from_the_day_they_say():
    """Thirty days after 1 March is 31 March; 24 hours after noon is noon."""
    periods = Periods()
    assert periods.text_until(datetime(2026, 3, 1, tzinfo=UTC)).date() == date(2026, 3, 31)
    assert periods.draft_until(NOW) == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert periods.point_until(NOW).date() == date(2027, 5, 31)
    assert periods.shown_until(date(2026, 1, 1)) == date(2027, 1, 1)
