"""When a place has to be open: the hours that a question asks about, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .facts import facts
from .holidays import EVERYWHERE, LAENDER
from .opening_hours import CLOSED, DAY, OPEN, UNKNOWN, WEEK, States, slots
from .paths import Ints
from .text import Text

WEEKDAYS: dict[str, Text] = {
    "monday": Text("on Mondays"),
    "tuesday": Text("on Tuesdays"),
    "wednesday": Text("on Wednesdays"),
    "thursday": Text("on Thursdays"),
    "friday": Text("on Fridays"),
    "saturday": Text("on Saturdays"),
    "sunday": Text("on Sundays"),
}
"""Days of the week as they stand in a sentence, Monday first."""

ANY = "any"
EVENINGS = "evenings_and_weekends"
PUBLIC_HOLIDAY = "public_holiday"
DAYS = (*WEEKDAYS, PUBLIC_HOLIDAY)
"""The eight days of which an hour can be asked for, in the order of the slots."""

SHORT: dict[str, Text] = {
    "monday": Text("Mo"),
    "tuesday": Text("Tu"),
    "wednesday": Text("We"),
    "thursday": Text("Th"),
    "friday": Text("Fr"),
    "saturday": Text("Sa"),
    "sunday": Text("Su"),
    "public_holiday": Text("Hol."),
}
"""The eight days as headings of a timetable."""

WHEN: dict[str, Text] = {
    ANY: Text("at any time (opening hours do not count)"),
    EVENINGS: Text("in the evening or at the weekend"),
    **WEEKDAYS,
    PUBLIC_HOLIDAY: Text("on public holidays"),
}
"""When a place has to be open."""

UNSAID: dict[str, Text] = {
    "closed": Text("as closed (worst case)"),
    "open": Text("as open (best case)"),
}
"""How a place counts whose hours are not known."""

LANDS: dict[str, Text] = {EVERYWHERE: Text("none in particular"), **LAENDER}
"""Länder whose public holidays count."""

WINDOWS: Mapping[str, Any] = facts("hours")


def window(name: str) -> Ints:
    """Return the slots of a window of the week from data/hours.toml, such as "weekends"."""
    entry = WINDOWS[name]
    hours = np.arange(entry["from"], entry["to"])
    return np.concatenate([DAY * day + hours for day in entry["days"]])


def slots_of(when: str, hour: float) -> Ints:
    """
    Return the hours that are meant.

    Parameters
    ----------
    when
        A name from `WHEN`.
    hour
        Hour of the day, for a day.

    Returns
    -------
    slots
        Positions among the 192 slots of `opening_hours`; a place has to be
        open in one of them.
    """
    if when == ANY:
        return np.arange(WEEK)
    if when == EVENINGS:
        return np.sort(np.concatenate([window("weekday_evenings"), window("weekends")]))
    return np.array([DAY * DAYS.index(when) + int(hour) % DAY])


def states_of(texts: Iterable[str], when: str, hour: float, land: str) -> States:
    """
    Tell of every place whether it is open at some hour that is meant.

    Parameters
    ----------
    texts
        (k,) opening hours in OpenStreetMap's notation.
    when, hour
        As in `slots_of`.
    land
        Code of the Land.

    Returns
    -------
    states
        (k,) open, closed or unknown; open at one hour is open.
    """
    asked = slots(texts, land)[:, slots_of(when, hour)]
    is_open, unsaid = (asked == OPEN).any(axis=1), (asked == UNKNOWN).any(axis=1)
    return np.where(is_open, OPEN, np.where(unsaid, UNKNOWN, CLOSED)).astype(np.uint8)


def told(when: str, hour: float, unknown: str) -> Text:
    """Tell in words when a place is open."""
    words = WHEN[when]
    if when in DAYS:
        words = Text("{day} at {hour}:00", day=words, hour=int(hour))
    return Text("perhaps {when}", when=words) if unknown == "open" else words
