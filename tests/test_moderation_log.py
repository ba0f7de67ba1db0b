"""Numbers of moderation for everybody: none below five, none that can be worked out."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from layers.marks import REJECTIONS
from layers.moderation_log import FEW, HELD_BACK, LEAST, Shown, monthly, protected, reasons

COUNTS = st.lists(st.integers(0, 40), max_size=12)


def cases(*rows):
    """Return a table of cases: day, days to the answer, accepted, reason of the rejection."""
    days, answered, accepted, rejected = zip(*rows, strict=True) if rows else ((), (), (), ())
    return DataFrame(
        {
            "received_at": pd.to_datetime(list(days), utc=True),
            "answered_days": [math.nan if a is None else float(a) for a in answered],
            "accepted": list(accepted),
            "rejected": list(rejected),
        }
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([4], [FEW]),
        ([5], [5]),
        ([0, 3, 9, 7], [0, FEW, 9, HELD_BACK]),
        ([2, 3, 9], [FEW, FEW, 9]),
        ([1, 0], [FEW, 0]),
        ([1, 8, 8], [FEW, HELD_BACK, 8]),
    ],
)
def test_small_numbers_are_protected_as_by_hand(counts, told):
    assert [one.why or one.value for one in protected(counts)] == told


@given(COUNTS)
def test_no_small_number_is_told_and_no_other_is_false(counts):
    for count, shown in zip(counts, protected(counts), strict=True):
        assert shown.value is None or (shown.value == count and not 0 < count < LEAST)
        assert (shown.value is None) is (shown.why is not None)


@given(COUNTS.filter(lambda counts: any(0 < n < LEAST for n in counts)))
def test_a_small_number_cannot_be_worked_out_from_the_sum(counts):
    """At least two numbers are missing, or the only one is the sum itself."""
    shown = protected(counts)
    missing = [n for n, one in zip(counts, shown, strict=True) if one.value is None]
    assert len(missing) >= 2 or sum(counts) == missing[0]


@given(COUNTS)
def test_nothing_is_held_back_without_need(counts):
    held = [one for one in protected(counts) if one.why == HELD_BACK]
    assert len(held) <= 1


def test_months_are_counted_by_the_day_of_sending_the_latest_first():
    """April: 6 sent, 5 accepted within 1 to 5 days, one open. May: 5 sent, 5 rejected at once."""
    april = [("2026-04-30T23:59Z", days, True, "") for days in (1, 2, 3, 4, 5)]
    april.append(("2026-04-01T00:00Z", None, False, ""))
    may = [("2026-05-01T00:00Z", 0.5, False, "spam")] * 5
    first, second = monthly(cases(*april, *may))
    assert (first.month, second.month) == ("2026-05", "2026-04")
    assert (first.received, first.published, first.rejected) == (Shown(5), Shown(0), Shown(5))
    assert (second.received, second.published, second.rejected) == (Shown(6), Shown(5), Shown(0))
    assert (first.median_days, second.median_days) == (0.5, 3.0)


def test_a_median_needs_five_answers():
    told = monthly(cases(*[("2026-05-01T00:00Z", 1, True, "")] * 4))
    assert told[0].median_days is None


def test_without_marks_there_are_no_months():
    assert monthly(cases()) == []
    assert reasons(cases()) == dict.fromkeys(REJECTIONS, Shown(0))


def test_every_reason_is_listed_also_those_never_given():
    rows = [("2026-05-01T00:00Z", 1, False, "spam")] * 6
    rows += [("2026-05-01T00:00Z", 1, False, "emergency")] * 2
    told = reasons(cases(*rows))
    assert list(told) == list(REJECTIONS)
    assert told["emergency"].why == FEW
    assert told["spam"].why == HELD_BACK
    assert told["names_a_person"] == Shown(0)
