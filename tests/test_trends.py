"""Trends: counted by hand, compared exactly, and silent where nothing can be told."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from layers import ANALYSES
from layers.credible import MARKS
from layers.trend_question import Trend
from layers.trend_words import about_season
from layers.trends import (
    Span,
    as_of,
    change,
    interval,
    month_starts,
    per_month,
    says,
    since,
    times,
    told,
    unusual_days,
    within,
)

TODAY = date(2026, 11, 22)
LATEST = Span(date(2026, 8, 1), date(2026, 11, 1), TODAY)


def marks(days, **more):
    """Return marks received on these days, accepted at once and still open."""
    days = [str(day) for day in days]
    told = {
        "kind": "unsafe", "factors": "poor_light", "daytime": "", "sender": "",
        "received_on": days, "accepted_on": days, "closed_on": "",
    } | more  # fmt: skip
    table = GeoDataFrame(told, geometry=[Point(50, 50)] * len(days), crs="EPSG:25832")
    table.attrs["as_of"] = TODAY.isoformat()
    return table


def spread(start, count, step=1):
    """Return days, so many steps after each other."""
    return [start + timedelta(days=step * n) for n in range(count)]


def districts():
    """Two squares side by side."""
    return GeoDataFrame(
        {"name": ["East", "West"]},
        geometry=[box(100, 0, 200, 100), box(0, 0, 100, 100)],
        index=["e", "w"],
        crs="EPSG:25832",
    )


def trend(table, **asked):
    """Run the analysis on two districts."""
    return ANALYSES["mark_trends"].run(table, districts(), trend=Trend(**asked))


def test_months_are_counted_by_the_calendar():
    """By hand: the last of July, two in August, none in September, the first of October."""
    days = marks(["2026-07-31", "2026-08-01", "2026-08-31", "2026-10-01", "2026-11-02"])
    starts = month_starts(TODAY, 3)
    assert [s.isoformat() for s in starts] == [
        "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"
    ]  # fmt: skip
    assert per_month(days["received_on"], starts).tolist() == [2, 0, 1]


def test_months_over_new_year_are_months():
    assert month_starts(date(2026, 1, 31), 2) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)
    ]  # fmt: skip


def test_months_before_the_first_mark_are_not_zero():
    """Nobody could write then; the month in which it began is not whole."""
    assert since(month_starts(TODAY, 6), date(2026, 7, 15))[0] == date(2026, 8, 1)


def test_one_device_counts_once_a_day():
    """Three marks of one device on one day, one on the next, two of nobody knows whom."""
    days = ["2026-08-01"] * 3 + ["2026-08-02"] + ["2026-08-01"] * 2
    table = marks(days, sender=["a", "a", "a", "a", "", ""])
    assert len(says(table)) == 4


def test_a_year_is_counted_as_it_stood_at_the_same_age():
    """Not accepted by then, closed by then: both are out; closed later counts."""
    table = marks(
        ["2025-09-01"] * 4,
        accepted_on=["2025-09-03", "2025-12-01", "2025-09-03", "2025-09-03"],
        closed_on=["", "", "2025-10-01", "2026-05-01"],
    )
    assert len(within(table, LATEST.before())) == 2
    assert LATEST.before() == Span(date(2025, 8, 1), date(2025, 11, 1), date(2025, 11, 22))


def test_the_ratio_of_two_rates_is_that_of_the_textbook():
    """11 in 800 person-years against 21 in 3,011; documentation of R, poisson.test."""
    found = change(11, 21, (800, 3011))
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.verdict == "none"


def test_intervals_of_counts_are_those_of_the_table():
    """Garwood 1936, 95 %: 0, 1, 5 and 10 observed."""
    low, high = interval(np.array([0, 1, 5, 10]))
    assert low == pytest.approx([0, 0.0253, 1.6235, 4.7954], abs=1e-4)
    assert high == pytest.approx([3.6889, 5.5716, 11.6683, 18.3904], abs=1e-4)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 400), st.integers(1, 400))
def test_a_verdict_is_given_only_where_the_interval_leaves_1_out(now, before, days, former):
    """And it is that of the interval; the ratio lies within."""
    found = change(now, before, (days, former))
    assert found.low <= found.high
    if now + before:
        assert found.low <= found.ratio <= found.high
    holds = found.low <= 1 <= found.high
    assert (found.verdict == "none") == holds
    if found.verdict == "more":
        assert found.ratio > 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_before_and_after_swapped_turns_the_ratio_round(now, before):
    there, back = change(now, before, (90, 90)), change(before, now, (90, 90))
    assert back.low == pytest.approx(1 / there.high if there.high else np.inf)
    assert {there.verdict, back.verdict} in ({"none"}, {"more", "fewer"})


def test_where_nothing_is_known_of_the_year_before_nothing_is_compared():
    found = change(30, 0, (92, 92), known=False)
    assert found.verdict == "unknown"
    assert "cannot be compared" in told(found)


def test_chance_alone_is_called_a_change_no_more_often_than_promised():
    """10,000 pairs of counts of one and the same mean: at most 5 %."""
    rng = np.random.default_rng(1)
    pairs = rng.poisson(12, (10_000, 2))
    found = {
        tuple(p): change(int(p[0]), int(p[1]), (92, 92)).verdict for p in np.unique(pairs, axis=0)
    }
    wrong = np.mean([found[tuple(p)] != "none" for p in pairs])
    assert 0.01 < wrong <= 0.05


def test_a_campaign_day_is_found_and_an_ordinary_one_is_not():
    """One mark a day for three months, and 14 on the tenth of August."""
    span = Span(date(2026, 8, 1), date(2026, 11, 1), TODAY)
    days = spread(span.start, 92) + [date(2026, 8, 10)] * 13
    assert unusual_days(marks(days)["received_on"], span) == {date(2026, 8, 10): 14}
    assert unusual_days(marks(spread(span.start, 92))["received_on"], span) == {}


def test_days_without_a_campaign_are_seldom_called_one():
    """A hundred quarters of chance alone; one in a hundred may show one."""
    rng = np.random.default_rng(2)
    span = Span(date(2026, 8, 1), date(2026, 11, 1), TODAY)
    false = 0
    for _ in range(100):
        days = [span.start + timedelta(days=int(n)) for n in rng.integers(0, 92, rng.poisson(60))]
        false += bool(unusual_days(marks(days)["received_on"], span))
    assert false <= 4


def test_three_times_as_many_are_told_with_their_interval():
    """90 against 30, in months of the same length."""
    table = marks(
        spread(date(2025, 7, 1), 30, 4)[8:]
        + spread(date(2025, 8, 1), 30, 3)
        + spread(date(2026, 8, 1), 90)
    )
    result = trend(table)
    assert result.answer[0].startswith("More marks than a year before")
    ratio = result.figure("ratio")
    assert ratio.low > 1
    assert result.table["verdict"].to_dict() == {"e": "none", "w": "more"}


def test_ten_against_eight_are_no_trend():
    table = marks(
        [date(2025, 6, 1), *spread(date(2025, 8, 1), 8, 10), *spread(date(2026, 8, 1), 10, 9)]
    )
    assert trend(table).answer[0].startswith("No change can be told")


def test_without_a_year_before_it_says_so_and_compares_nothing():
    result = trend(marks(spread(date(2026, 8, 5), 60)))
    assert "cannot be told yet" in result.answer[0]
    assert np.isnan(result.figure("before").value)
    assert set(result.table["verdict"]) == {"unknown"}
    assert any("season cannot be told" in line for line in result.answer)


def test_a_campaign_changes_the_curve_but_no_comparison():
    """40 on one day in a year of one mark every other day."""
    ordinary = spread(date(2025, 7, 1), 240, 2)
    campaign = [date(2026, 9, 9)] * 40
    result = trend(marks(ordinary + campaign))
    assert result.answer[0].startswith("No change can be told")
    curve = next(table for table in result.tables if table.name == "months").frame
    assert curve.set_index("month").loc["2026-09-01", "marks"] == 55
    assert any("unusually many wrote" in note for note in result.notes)


def test_if_more_people_write_the_share_stays_as_it_is():
    """Three times as many of both kinds: more marks, no other share."""
    few, many = spread(date(2025, 8, 1), 30, 3), spread(date(2026, 8, 1), 90)
    table = marks(
        [date(2025, 6, 1), *few, *many, *few, *many],
        kind=["unsafe"] * 121 + ["at_ease"] * 120,
    )
    result = trend(table)
    assert result.answer[0].startswith("More marks")
    assert any("no change of the share can be told" in line for line in result.answer)


def test_dark_months_are_compared_with_the_others():
    """From November to February one a day, else one every four days: three to four times."""
    dark = spread(date(2025, 11, 1), 120)
    light = spread(date(2026, 3, 1), 61, 4)
    [line] = about_season(marks(dark + light), month_starts(TODAY, 12), known_from="2025-10-01")
    assert "people write 4 times as often as in the others" in line


def test_a_little_is_never_told_as_nothing():
    """Texts show one decimal: .03 would be nought."""
    assert times(0.03) == "less than 0.1"
    assert times(0.06) == 0.1
    assert times(0.0) == 0
    assert times(np.inf) == "any number of"


def test_many_reasons_at_once_show_no_change_by_chance():
    """Two hundred cities without any change: hardly a reason is called changed."""
    rng = np.random.default_rng(3)
    called = 0
    for _ in range(40):
        days, factors = [date(2025, 6, 1)], ["traffic"]
        for start in (date(2025, 8, 1), date(2026, 8, 1)):
            for factor in ("poor_light", "overgrown", "run_down", "traffic", "confusing"):
                some = rng.integers(0, 92, rng.poisson(10))
                days += [start + timedelta(days=int(n)) for n in some]
                factors += [factor] * len(some)
        table = next(t for t in trend(marks(days, factors=factors)).tables if t.name == "factors")
        called += set(table.frame["verdict"]) - {"none", "unknown"} != set()
    assert called <= 4


def test_the_curve_has_a_band_and_its_dark_months():
    table = next(t for t in trend(marks(spread(date(2025, 7, 1), 300))).tables)
    assert table.bands == {"marks": ("low", "high")}
    assert table.shaded == ((-0.5, 3.5),)  # November to February come first of twelve


def test_a_table_holds_as_of_the_day_it_says_also_without_marks():
    none = MARKS.empty("EPSG:25832")
    none.attrs["as_of"] = TODAY.isoformat()
    assert as_of(none) == TODAY
    assert as_of(marks(["2026-05-01"])) == TODAY
    assert trend(none).answer


def test_the_table_of_marks_is_left_as_it_was():
    table = marks(spread(date(2025, 7, 1), 50))
    copy = table.copy()
    trend(table, kind="", factors=("poor_light",), daytime="night", months=24)
    assert table.equals(copy)


def test_it_is_for_staff_alone():
    assert ANALYSES["mark_trends"].confidential
    assert set(ANALYSES["mark_trends"].roles) == {"prevention", "moderator", "administrator"}
