"""A mark as a moderator sees it: its wait in words, its note without names, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers import Text
from layers.bursts import Burst
from layers.crs import INSPIRE
from layers.factors import FACTORS, OFFICES, is_sensitive
from layers.mark_words import happened
from layers.marks import REJECTIONS, ROLES, WAITING, Events, State, may
from layers.personal import personal_details

from . import whereabouts
from .languages import say
from .store import Kept, Store, Waiting

HALF = 50.0
"""Half a side of the square that stands for an exact place [m]."""
AGAIN: dict[State, Text] = {
    State.REJECTED: Text("Accept after all"),
    State.MERGED: Text("Separate again and accept"),
    State.RESOLVED: Text("Open again"),
}
"""What accepting is called where a mark was closed before."""
TAKEN_OUT = "[…]"
"""What stands in a note for personal details that were taken out."""


@dataclass(frozen=True)
class Part:
    """
    A part of a note.

    Parameters
    ----------
    words
        What it says.
    why
        What personal detail it may be, or None.
    """

    words: str
    why: Text | None = None


@dataclass(frozen=True)
class Line:
    """One line of a history: when, who, what, for which reason, with which words."""

    at: datetime
    who: Text
    what: Text
    reason: Text | str
    words: str


@dataclass(frozen=True)
class Wait:
    """How long a mark has waited, in words; `overdue` if longer than promised."""

    words: Text
    overdue: bool


def parts(note: str) -> list[Part]:
    """Take a note apart: plain words, and what may be a personal detail."""
    found: list[Part] = []
    done = 0
    for finding in personal_details(note):
        found += [Part(note[done : finding.start])] if finding.start > done else []
        found.append(Part(note[finding.start : finding.end], finding.why))
        done = finding.end
    return [*found, Part(note[done:])] if note[done:] else found


def without_personal(note: str) -> str:
    """Return a note in which something else stands for what may be a personal detail."""
    return "".join(TAKEN_OUT if part.why else part.words for part in parts(note))


def wait(one: Waiting, *, service_days: int) -> Wait | None:
    """Say how long a mark has waited; None if nothing is due."""
    if one.mark.state not in WAITING:
        return None
    if one.overdue:
        over = one.days - service_days
        told = Text("overdue: waits {time}, {over} longer than promised",
                    time=_time(one.days), over=_time(over))  # fmt: skip
        return Wait(told, overdue=True)
    return Wait(Text("waits {time}", time=_time(one.days)), overdue=False)


def _time(days: float) -> Text:
    """Say a time in whole days: the hour at which a mark was sent is nobody's business."""
    if days < 1:
        return Text("less than a day")
    return Text("{count} {count:day|days}", count=int(days))


def together(one: Kept) -> bool:
    """Tell whether a mark may be decided together with others: it waits, and names no behaviour."""
    return one.state in {State.RECEIVED, State.REOPENED} and not is_sensitive(one.factors)


def name(one: Kept) -> Text:
    """Name a mark by its reasons: they are what somebody can do something about."""
    if not one.factors:
        return Text("a mark without reasons")
    return Text("{reasons}", reasons=tuple(FACTORS[f].label for f in one.factors if f in FACTORS))


def where(one: Kept, store: Store) -> Text:
    """Say about where a mark is: what lies in the middle of its square of 100 m."""
    if one.coarse is None:
        return Text("the place is erased")
    return Text("around {place}", place=whereabouts.words(store, *one.coarse))


def history(events: Events) -> list[Line]:
    """Tell a history line by line, the latest first."""
    return [
        Line(
            event.at,
            ROLES[event.role],
            what,
            _reason(event.reason),
            event.detail,
        )
        for event, what in reversed(happened(events))
    ]


def _reason(reason: str) -> Text | str:
    if reason in REJECTIONS:
        return REJECTIONS[reason]
    if reason in FACTORS:
        return FACTORS[reason].label
    return OFFICES[reason].label if reason in OFFICES else reason


def before(events: Events) -> State | None:
    """Return the state a decision can be taken back to, or None."""
    moved = [event.state for event in events if event.action == "moved"]
    if len(moved) < 2 or events[-1].role != "moderator":
        return None
    return moved[-2] if moved[-2] in may(moved[-1], "moderator") else None


def bursting(bursts: Sequence[Burst]) -> dict[str, Burst]:
    """Return the burst that each mark is part of."""
    return {mark: burst for burst in bursts for mark in burst.marks}


def squares(marks: Iterable[Waiting], crs: Any) -> GeoDataFrame:
    """
    Return the squares of 100 m that marks lie in, for the map of the queue.

    Parameters
    ----------
    marks
        From the queue; those without a place are left out.
    crs
        System of the store.
    """
    shown = [one for one in marks if one.mark.coarse is not None]
    points = [shapely.Point(one.mark.coarse) for one in shown]
    there = GeoSeries(points, crs=crs).to_crs(INSPIRE)
    x, y = there.x.to_numpy(), there.y.to_numpy()
    boxes = shapely.box(x - HALF, y - HALF, x + HALF, y + HALF)
    return GeoDataFrame(
        {
            "name": [say(name(one.mark)) for one in shown],
            "kind": [one.mark.kind for one in shown],
            "days": [one.days for one in shown],
        },
        index=[one.mark.id for one in shown],
        geometry=boxes,
        crs=INSPIRE,
    )


def spot(one: Kept, point: tuple[float, float], crs: Any) -> GeoDataFrame:
    """Return the exact place of a mark, for the map of whoever has opened it with a reason."""
    place = geopandas.points_from_xy([point[0]], [point[1]])
    return GeoDataFrame({"name": [say(name(one))]}, index=[one.id], geometry=place, crs=crs)
