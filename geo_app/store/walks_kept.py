"""Night walks as they are kept: the plan, its stops, and what may be rated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from layers import Text
from layers.audits import ITEMS, STEPS

DRAFT, OPEN, FINISHED = "draft", "open", "finished"
STATES: dict[str, Text] = {
    DRAFT: Text("being planned"),
    OPEN: Text("open for ratings"),
    FINISHED: Text("finished"),
}
"""Where a walk stands."""

LIVE, REPLACED, LATE, DISMISSED = "live", "replaced", "late", "dismissed"
"""States of a rating: two live ones of one person at one stop contradict each other."""

LONGEST_NAME, LONGEST_NOTE = 120, 300
"""Most characters of a name and of a note."""
MOST_STOPS, MOST_RATERS, MOST_VERSIONS = 30, 60, 6000
"""So many stops, people and versions of ratings one walk may have."""

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORD = re.compile(r"[A-HJ-NP-Z2-9]{8}")
"""A rater's word: eight letters and figures that are not mistaken for each other."""


@dataclass(frozen=True)
class Stop:
    """
    A place where the group stops and rates.

    Parameters
    ----------
    x, y
        Where it is [m].
    name
        What it is called.
    why
        Why it was chosen, "" where nobody said.
    id
        Its number, None for one that is new.
    spot
        Number of the spot, the same when a walk is repeated; None for one that is new.
    removed
        Taken out of the plan, but something was rated there.
    """

    x: float
    y: float
    name: str
    why: str = ""
    id: int | None = None
    spot: int | None = None
    removed: bool = False


@dataclass(frozen=True)
class Walk:
    """
    A night walk.

    Parameters
    ----------
    id, name, state
        Its number, its name, and a key of `STATES`.
    version
        Grows with every change of the plan.
    token
        Secret part of the link to take along.
    settings
        What was asked: `start`, `end` (None is a round), `walker`, `limit` [m].
    route
        The way as planned: see `geo_app.night_walks`; empty if there is none.
    planned_on, walked_on
        Days, None while open.
    repeats
        Number of the walk whose stops it takes up again, or None.
    created_at, changed_at, changed_by, finished_at, deleted_at
        When, and the login of who changed it last.
    stops
        In the order of walking.
    taken_out
        Stops no longer in the plan at which something was rated.
    raters
        How many people have rated.
    """

    id: int
    name: str
    state: str
    version: int
    token: str
    settings: Mapping[str, Any]
    route: Mapping[str, Any]
    planned_on: date | None
    walked_on: date | None
    repeats: int | None
    created_at: datetime
    changed_at: datetime
    changed_by: str
    finished_at: datetime | None
    deleted_at: datetime | None
    stops: tuple[Stop, ...] = ()
    taken_out: tuple[Stop, ...] = ()
    raters: int = 0


@dataclass(frozen=True)
class Rating:
    """
    One version of what somebody rated at a stop.

    Parameters
    ----------
    id
        Made where it was written, so that sending it twice is sending it once.
    stop
        Number of the stop.
    items
        Item to 0 … 3; what is not in it was not rated.
    note
        In the rater's own words, for staff alone; None is erased.
    bases
        Ids of earlier versions of the same rater and stop that it replaces.
    rated_at
        When, by the clock of the device.
    rater
        Number of the person within the walk; 0 while unknown.
    state
        See `LIVE` and its like.
    received_at
        When it arrived, None before.
    """

    id: str
    stop: int
    items: Mapping[str, int]
    note: str | None
    bases: tuple[str, ...]
    rated_at: datetime
    rater: int = 0
    state: str = LIVE
    received_at: datetime | None = None

    def says(self) -> tuple[Any, ...]:
        """Return what it says, to tell whether two versions say the same."""
        return tuple(sorted(self.items.items())), self.note or ""


@dataclass(frozen=True)
class Outcome:
    """
    What became of a rating that was sent.

    Parameters
    ----------
    id
        Of the rating.
    state
        "kept", "late" (the walk was finished), "replaced" (a later version is here already)
        or "refused".
    why
        What is wrong with it, "" unless refused.
    """

    id: str
    state: str
    why: Text = field(default=Text(""))


def name_faults(name: str) -> list[Text]:
    """Return what is wrong with the name of a walk."""
    if not name.strip():
        return [Text("give the walk a name")]
    if len(name) > LONGEST_NAME:
        return [Text("the name is longer than {most} characters", most=LONGEST_NAME)]
    return []


def rating_fault(one: Rating) -> Text | None:
    """Return what is wrong with a rating, or None."""
    if not ID.fullmatch(one.id) or not all(ID.fullmatch(base) for base in one.bases):
        return Text("its number is not one that a device makes")
    if not set(one.items) <= set(ITEMS) or not all(
        type(value) is int and value in STEPS for value in one.items.values()
    ):
        return Text("only the nine items can be rated, with 0 to 3")
    if len(one.note or "") > LONGEST_NOTE:
        return Text("the note is longer than {most} characters", most=LONGEST_NOTE)
    return None
