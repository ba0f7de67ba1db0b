"""Days are those of German clocks; moments are kept in UTC."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Berlin")
"""Clocks that a city lives by: just after midnight there, UTC still has the day before."""


def day_of(at: datetime) -> date:
    """
    Return the day of a moment.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    if at.tzinfo is None:
        msg = "a moment needs a time zone"
        raise ValueError(msg)
    return at.astimezone(HERE).date()


def midnight(at: datetime) -> datetime:
    """Return the moment at which the day of a moment began."""
    return datetime.combine(day_of(at), time(), HERE)
