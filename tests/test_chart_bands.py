"""Charts of months: a band round the line, dark months shaded, every month told in words."""

from __future__ import annotations

from datetime import date

import pytest
from pandas import DataFrame

from geo_app import charts
from layers import Column, Table, Text


def months(marks, low, high, **more):
    """Return a table of as many months, from November 2025 on."""
    starts = [f"{2025 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}-01" for n in range(len(marks))]
    frame = DataFrame({"month": starts, "marks": marks, "low": low, "high": high})
    columns = (
        Column("month", date, Text("month")),
        Column("marks", int, Text("marks")),
        Column("low", float, Text("lower end")),
        Column("high", float, Text("upper end")),
    )
    bands = {"marks": ("low", "high")}
    return Table("months", Text("Marks"), frame, columns, chart="line", bands=bands, **more)


def test_the_ends_of_an_interval_are_a_band_and_no_lines():
    drawn = charts.chart(months([4, 8, 2], [1.0, 4.0, 0.5], [9.0, 14.0, 7.0]))
    assert [line.label for line in drawn.lines] == ["marks"]
    assert drawn.lines[0].band.startswith("M")
    assert drawn.lines[0].band.endswith("Z")
    assert drawn.lines[0].band.count("L") == 5  # three points there, three back


def test_the_scale_holds_the_whole_band():
    """14 is the highest end: the top is 20, and nothing lies above the frame."""
    drawn = charts.chart(months([4, 8, 2], [1.0, 4.0, 0.5], [9.0, 14.0, 7.0]))
    assert drawn.up[-1].value == 20
    heights = [float(point.split()[1].rstrip("Z")) for point in drawn.lines[0].band[1:].split("L")]
    assert min(heights) >= drawn.frame[2]


def test_months_are_named_at_both_ends():
    drawn = charts.chart(months([1] * 5, [0.0] * 5, [4.0] * 5))
    assert [tick.words for tick in drawn.across] == ["Nov 2025", "Jan 2026", "Mar 2026"]


def test_every_month_is_told_with_its_interval():
    [told] = charts.chart(months([4, 0], [1.1, 0.0], [10.2, 3.7])).told
    assert told == "marks: Nov 2025 4 (1.1 to 10.2), Dec 2025 0 (0 to 3.7)"


def test_shaded_months_stay_within_the_frame():
    drawn = charts.chart(months([1] * 5, [0.0] * 5, [4.0] * 5, shaded=((-0.5, 1.5), (3.5, 9.0))))
    left, right, _, _ = drawn.frame
    assert drawn.shaded[0][0] == left
    assert drawn.shaded[1][1] == right
    assert drawn.shaded[0][1] == pytest.approx(left + 1.5 / 4 * (right - left))


def test_a_line_by_itself_is_named_at_its_highest():
    drawn = charts.chart(months([1, 1, 1, 9, 1, 1, 1], [0.0] * 7, [12.0] * 7))
    left, right, _, _ = drawn.frame
    [line] = drawn.lines
    x, _ = line.at
    assert abs(x - (left + right) / 2) < 10


def test_one_month_and_none_at_all_are_drawn():
    assert charts.chart(months([3], [0.6], [8.8])).lines
    assert charts.chart(months([], [], [])).lines == ()
