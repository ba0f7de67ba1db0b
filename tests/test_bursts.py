"""Bursts of marks, in tables of a few rows."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from layers.bursts import SIDE, bursts

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def table(*rows):
    """Return marks of x, y [m], minutes after noon and sender."""
    return pd.DataFrame(
        [(float(x), float(y), NOON + m * MINUTE, s) for x, y, m, s in rows],
        columns=["x", "y", "at", "sender"],
        index=[f"m{n}" for n in range(len(rows))],
    )


def test_no_marks_are_no_burst():
    """An empty table has columns and no rows."""
    assert bursts(table(), since=NOON) == []


def test_five_within_an_hour_are_one_and_tell_their_devices():
    """One device that sends five times is seen as one sender."""
    (found,) = bursts(table(*[(10, 10, 15 * n, "a") for n in range(5)]), since=NOON)
    assert (found.marks, found.senders) == (("m0", "m1", "m2", "m3", "m4"), 1)
    assert (found.x, found.y) == (SIDE / 2, SIDE / 2)
    assert found.ended - found.began == 60 * MINUTE


def test_an_hour_and_a_minute_are_too_long():
    """Four within the hour and one after it."""
    assert bursts(table(*[(10, 10, m, str(m)) for m in (0, 20, 40, 60, 61)])[1:], since=NOON) == []
    rows = [(10, 10, m, str(m)) for m in (0, 15, 30, 45, 61)]
    assert bursts(table(*rows), since=NOON) == []


def test_the_hour_with_most_marks_is_told():
    """Five early, six later: the six."""
    early = [(10, 10, n, "a") for n in range(5)]
    late = [(10, 10, 300 + n, "b") for n in range(6)]
    (found,) = bursts(table(*early, *late), since=NOON)
    assert len(found.marks) == 6


def test_what_is_usual_is_no_burst():
    """Five in an hour, every hour for four weeks, is the place's own pace."""
    usual = [(10, 10, -12 * n, str(n)) for n in range(5 * 24 * 28)]
    now = [(10, 10, 5 * n, "x") for n in range(5)]
    assert bursts(table(*usual, *now), since=NOON) == []


def test_the_chance_of_the_first_marks_of_a_square():
    """
    With nothing before, P(X >= 5) is about (1/2)(3/2)(5/2)(7/2)(9/2)/5! / 673^5.

    The first term of the negative binomial with r = 1/2, p = 672/673; the next
    one is 673 times smaller.
    """
    (found,) = bursts(table(*[(10, 10, n, "a") for n in range(5)]), since=NOON)
    assert found.chance == pytest.approx(29.53125 / 120 / 673**5, rel=3e-3)
    assert found.usual == pytest.approx(0.5 / 672)


def test_marks_before_the_time_looked_at_only_teach():
    """A burst of last week is not told again."""
    assert bursts(table(*[(10, 10, n, "a") for n in range(5)]), since=NOON + DAY) == []


def test_the_least_likely_comes_first():
    """Six in one square, five in another."""
    five = [(10, 10, n, "a") for n in range(5)]
    six = [(1000, 10, n, "b") for n in range(6)]
    assert [len(one.marks) for one in bursts(table(*five, *six), since=NOON)] == [6, 5]
