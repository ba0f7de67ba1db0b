"""Days are those of German clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from layers.days import day_of, midnight


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-05-31T21:59:59+00:00", date(2026, 5, 31)),  # summer: two hours before UTC
        ("2026-05-31T22:00:00+00:00", date(2026, 6, 1)),
        ("2026-12-31T22:59:59+00:00", date(2026, 12, 31)),  # winter: one
        ("2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        ("2026-06-01T01:00:00+05:00", date(2026, 5, 31)),
    ],
)
def test_a_day_begins_at_midnight_of_german_clocks(moment, day):
    at = datetime.fromisoformat(moment)
    assert day_of(at) == day
    assert midnight(at) <= at < midnight(at) + timedelta(days=1)
    assert day_of(midnight(at)) == day
    assert day_of(midnight(at) - timedelta(seconds=1)) == day - timedelta(days=1)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 6, 1))  # noqa: DTZ001, that is the fault


def test_a_day_on_which_the_clocks_change_has_one_midnight():
    """29 March 2026 has 23 hours."""
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert midnight(noon) == datetime(2026, 3, 28, 23, tzinfo=UTC)
