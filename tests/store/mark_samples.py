"""Marks along an invented street, and moments at which things happen to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from layers.marks import Mark

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(days=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PASSWORD = "seven green bicycles"
SENTINEL = "xyloph0n-under-the-bridge"
"""What no file may hold any more after it is erased."""
WEST, SOUTH = 500_000.0, 5_400_000.0

MARK = Mark("unsafe", WEST + 50, SOUTH, ("poor_light",), daytime="night", note="The lamp is out.")
SENSITIVE = replace(MARK, factors=("followed",))


def at_metre(metre, mark=MARK):
    """Return the mark so many metres along the street."""
    return replace(mark, x=WEST + metre)


def sent(marks, *metres, mark=MARK, at=NOON, device=None):
    """Send marks and return what their senders are told; each from a device of its own."""
    return [
        marks.add(at_metre(metre, mark), at=at, device=device or f"device {n} {metre} {at}")
        for n, metre in enumerate(metres)
    ]
