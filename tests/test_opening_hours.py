"""Opening hours become a week of 168 hours and a public holiday, as one would read them aloud."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.holidays import LAENDER, easter, holidays
from layers.opening_hours import (
    CLOSED,
    DAY,
    OPEN,
    SLOTS,
    UNKNOWN,
    WEEK,
    hours,
    in_notation,
    mask,
    masks,
    ordinary_week,
    slots,
)

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
SIGNS = {CLOSED: ".", OPEN: "o", UNKNOWN: "?"}


def drawn(text: str, land: str = "BW") -> dict[str, str]:
    """Return the days that are not closed all day, one sign an hour."""
    lines = hours(text, land).slots.reshape(8, DAY)
    told = {
        day: "".join(SIGNS[hour] for hour in line) for day, line in zip(DAYS, lines, strict=True)
    }
    return {day: line for day, line in told.items() if line != "." * DAY}


def day(**spans: tuple[int, int]) -> str:
    """Return 24 signs: `o=(9, 12)` is open from 9 to 12, `u` is unknown."""
    line = ["."] * DAY
    for name, (start, end) in spans.items():
        line[start:end] = {"o": "o", "u": "?"}[name[0]] * (end - start)
    return "".join(line)


ALWAYS, NEVER_KNOWN = "o" * DAY, "?" * DAY

PENCIL = [
    # https://wiki.openstreetmap.org/wiki/Key:opening_hours#Examples and its specification
    ("24/7", dict.fromkeys(DAYS, ALWAYS)),
    (
        "Mo-Fr 08:00-17:30",
        dict.fromkeys(DAYS[:5], day(o=(8, 18))) | {"PH": day(u=(8, 18))},
    ),
    (
        "Mo-Fr 08:00-12:00,13:00-17:30",
        dict.fromkeys(DAYS[:5], day(o1=(8, 12), o2=(13, 18)))
        | {"PH": day(u1=(8, 12), u2=(13, 18))},
    ),
    (
        "Mo-Fr 08:00-12:00,13:00-17:30; Sa 08:00-12:00; PH off",
        dict.fromkeys(DAYS[:5], day(o1=(8, 12), o2=(13, 18))) | {"Sa": day(o=(8, 12))},
    ),
    (
        "Mo-Sa 10:00-20:00; Tu off",
        {d: day(o=(10, 20)) for d in ("Mo", "We", "Th", "Fr", "Sa")} | {"PH": day(u=(10, 20))},
    ),
    ("Su,PH 10:00-12:00", {"Su": day(o=(10, 12)), "PH": day(o=(10, 12))}),
    ("Mo-Su 08:00-18:00", dict.fromkeys(DAYS, day(o=(8, 18)))),
    (
        "Fr 20:00-02:00",
        {"Fr": day(o=(20, 24)), "Sa": day(o=(0, 2)), "PH": day(u1=(0, 2), u2=(20, 24))},
    ),
    (
        "Su 22:00-03:00; PH off",
        {"Su": day(o=(22, 24)), "Mo": day(o=(0, 3))},
    ),
    ("sunrise-sunset", dict.fromkeys(DAYS, day(o=(7, 19)))),
    ("Mo-Su 12:00-sunset", dict.fromkeys(DAYS, day(o=(12, 19)))),
    ('Mo-Fr 10:00-12:00 "by appointment"; PH off', dict.fromkeys(DAYS[:5], day(u=(10, 12)))),
    ('Mo 10:00-12:00 open "ring the bell"; PH off', {"Mo": day(o=(10, 12))}),
    ("Tu 14:00-16:00 unknown; PH off", {"Tu": day(u=(14, 16))}),
    (
        'Mo 10:00-12:00; PH off || "by appointment"',
        dict.fromkeys(DAYS, NEVER_KNOWN) | {"Mo": day(u1=(0, 10), o=(10, 12), u2=(12, 24))},
    ),
    ('"by appointment"', dict.fromkeys(DAYS, NEVER_KNOWN)),
    ("Mo-Fr 18:00+; PH off", dict.fromkeys(DAYS[:5], day(o=(18, 19), u=(19, 24)))),
    ("Sa 10:00-16:00+; PH off", {"Sa": day(o=(10, 16), u=(16, 24))}),
    ("off", {}),
    ("Mo[1] 10:00-12:00; PH off", {"Mo": day(u=(10, 12))}),
    ("Apr-Sep: Mo-Su 11:00-22:00", dict.fromkeys(DAYS, day(o=(11, 22)))),
    ("Dec: Mo-Su 11:00-22:00", {}),
    ("SH Mo-Fr 10:00-12:00", {}),
    ("PH Mo-Fr 10:00-12:00; Su 14:00-15:00", {"PH": day(o=(10, 12)), "Su": day(o=(14, 15))}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "week"), PENCIL)
def test_hours_are_what_one_reads(text, week):
    assert drawn(text) == week


@pytest.mark.parametrize(
    ("text", "open_hours"),
    [
        ("Mo 10:00-12:29; PH off", [10, 11]),
        ("Mo 10:00-12:30; PH off", [10, 11, 12]),
        ("Mo 10:31-12:00; PH off", [11]),
        ("Mo 10:30-11:30; PH off", [10, 11]),
        ("Mo 10:00-10:20,10:40-11:00; PH off", [10]),
    ],
)
def test_an_hour_is_open_from_half_of_it_on(text, open_hours):
    assert np.flatnonzero(mask(text) == OPEN).tolist() == open_hours


@pytest.mark.parametrize("text", ["by appointment", "siehe Aushang", "Mo-Fr 25:00-30:00", "???"])
def test_what_cannot_be_read_is_unknown_and_says_so(text):
    read = hours(text)
    assert not read.readable
    assert (read.slots == UNKNOWN).all()


@pytest.mark.parametrize("text", ["", "  "])
def test_no_hours_are_unknown_but_not_unreadable(text):
    read = hours(text)
    assert read.readable
    assert (read.slots == UNKNOWN).all()


@pytest.mark.parametrize(
    ("german", "notation"),
    [
        ("Di, Do 14 bis 17.30 Uhr", "Tu,Th 14:00-17:30"),
        ("Mo - Fr 9-18 Uhr; So geschlossen", "Mo-Fr 09:00-18:00; Su off"),
        ("Montag bis Freitag: 8.00 – 12.00 Uhr", "Mo-Fr 08:00-12:00"),
        ("täglich 10-20 Uhr", "Mo-Su 10:00-20:00"),
        ("mittwochs 15:00-17:30; sonntags 10:30-11:30", "We 15:00-17:30; Su 10:30-11:30"),
        ("Mi und Fr 9:00-12:00", "We,Fr 09:00-12:00"),
        ('Mo 10-12 "Do nach Vereinbarung"', 'Mo 10:00-12:00 "Do nach Vereinbarung"'),
    ],
)
def test_hours_of_german_offices_are_translated(german, notation):
    assert in_notation(german) == notation
    assert hours(german).mended
    assert (hours(german).slots == hours(notation).slots).all()


@pytest.mark.parametrize("row", [row[0] for row in PENCIL])
def test_what_can_be_read_is_never_translated(row):
    assert not hours(row).mended


def test_seasons_and_odd_weeks_are_told():
    assert hours("Apr-Sep: Mo-Su 11:00-22:00").varies
    assert hours("week 1-53/2 Mo 10:00-12:00").varies
    assert not hours("Mo-Fr 08:00-12:00; PH off").varies


spans = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda s: s[0] < s[1])
named = st.sampled_from(DAYS[:7])


@given(named, spans, spans)
def test_opening_longer_never_closes_an_hour(of, first, second):
    """A further span is added, none is taken away."""
    one = f"{of} {first[0]:02}:00-{first[1]:02}:00"
    both = f"{one},{second[0]:02}:00-{second[1]:02}:00"
    assert ((mask(one) != OPEN) | (mask(both) == OPEN)).all()


@given(named, spans, spans)
def test_spans_together_are_open_when_one_of_them_is(of, first, second):
    texts = [f"{of} {a:02}:00-{b:02}:00" for a, b in (first, second)]
    both = f"{texts[0]},{second[0]:02}:00-{second[1]:02}:00"
    apart = masks(texts) == OPEN
    assert ((mask(both) == OPEN) == apart.any(axis=0)).all()


@given(st.text(max_size=40))
def test_no_text_stops_the_reader(text):
    """Whatever stands in the column, every hour has one of three states."""
    read = hours(text).slots
    assert read.shape == (SLOTS,)
    assert np.isin(read, [OPEN, CLOSED, UNKNOWN]).all()


def test_the_array_handed_out_cannot_be_spoilt():
    with pytest.raises(ValueError, match="read-only"):
        mask("24/7")[0] = CLOSED


def test_many_places_are_read_once_per_text():
    """Ten thousand places with a hundred kinds of hours take well under a second."""
    texts = [f"Mo-Fr {n % 10 + 8:02}:{n % 60:02}-20:00; PH off" for n in range(100)] * 100
    slots(texts)
    start = time.process_time()
    table = slots(texts)
    assert time.process_time() - start < 0.5
    assert table.shape == (10_000, SLOTS)
    assert table[:, :WEEK].base is not None


# ---- holidays ----


@pytest.mark.parametrize(
    ("year", "month", "day_"),
    [(1961, 4, 2), (2000, 4, 23), (2019, 4, 21), (2024, 3, 31), (2038, 4, 25)],
)
def test_easter_falls_where_calendars_say(year, month, day_):
    assert easter(year) == date(year, month, day_)


def test_corpus_christi_is_a_holiday_in_baden_wuerttemberg_but_not_in_berlin():
    assert date(2026, 6, 4) in holidays(2026, "BW")
    assert date(2026, 6, 4) not in holidays(2026, "BE")
    assert date(2026, 3, 8) in holidays(2026, "BE")
    assert date(2026, 3, 8) not in holidays(2026, "BW")


def test_saxony_alone_repents_on_a_wednesday():
    """The Wednesday before 23 November: 18 November 2026, 22 November 2028."""
    assert [land for land in LAENDER if date(2026, 11, 18) in holidays(2026, land)] == ["SN"]
    assert date(2028, 11, 22) in holidays(2028, "SN")


@pytest.mark.parametrize(
    ("land", "count"),
    [
        ("BW", 12), ("BY", 12), ("BE", 10), ("BB", 12), ("HB", 10), ("HH", 10), ("HE", 10),
        ("MV", 11), ("NI", 10), ("NW", 11), ("RP", 11), ("SL", 12), ("SN", 11), ("ST", 11),
        ("SH", 10), ("TH", 11), ("DE", 9),
    ],
)  # fmt: skip
def test_every_land_has_as_many_holidays_as_its_act_names(land, count):
    assert len(holidays(2026, land)) == count


@pytest.mark.parametrize("land", LAENDER)
def test_the_ordinary_week_is_ordinary(land):
    monday = ordinary_week(land)
    assert monday.weekday() == 0
    assert not {day.toordinal() for day in holidays(2026, land)} & set(
        range(monday.toordinal(), monday.toordinal() + 7)
    )
