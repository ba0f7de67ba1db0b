"""What of a mark the city has put right, as its history tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from .mark_events import Event, Events, State, advance, record
from .mark_undo import undone

MENDED, UNMENDED = "mended", "unmended"
CONTRADICTED = "still_so"


@dataclass(frozen=True)
class Mending:
    """
    One reason that was put right.

    Parameters
    ----------
    factor
        Name of the reason.
    at
        When the city said so.
    words
        Words for the people who had marked it, "" if none or erased.
    contradicted_at
        When its sender said that it is still so, or None.
    """

    factor: str
    at: datetime
    words: str
    contradicted_at: datetime | None = None


def mendings(events: Sequence[Event]) -> tuple[Mending, ...]:
    """
    Return what was put right, the earliest first; what was taken back again is left out.

    Whoever says “still so”, opens a mark again or accepts it again contradicts
    everything that was put right until then.
    """
    found: list[Mending] = []
    for event in events:
        if event.action == MENDED:
            found = [one for one in found if one.factor != event.reason]
            found.append(Mending(event.reason, event.at, event.detail))
        elif event.action == UNMENDED:
            found = [one for one in found if one.factor != event.reason]
        elif _contradicts(event):
            found = [
                one if one.contradicted_at else
                Mending(one.factor, one.at, one.words, event.at)
                for one in found
            ]  # fmt: skip
    return tuple(found)


def mended(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the names of the reasons that are put right and stand uncontradicted."""
    return tuple(one.factor for one in mendings(events) if one.contradicted_at is None)


def mend(
    events: Events,
    factor: str,
    *,
    factors: Collection[str],
    at: datetime,
    detail: str = "",
    salt: str = "",
) -> Events:
    """
    Note that the city has put a reason right; a mark without any other one is resolved.

    Parameters
    ----------
    events
        Its history so far; not changed.
    factor
        The reason that is put right.
    factors
        All reasons of the mark.
    at
        When, with a time zone.
    detail, salt
        Words for whoever sent it and a random salt (both or neither).
    """
    told = record(events, MENDED, at=at, role="moderator", reason=factor, detail=detail, salt=salt)
    if events[-1].state is State.PUBLISHED and set(factors) <= set(mended(told)):
        told = advance(told, State.RESOLVED, at=at, role="moderator")
    return told


def unmend(events: Events, factor: str, *, at: datetime) -> Events:
    """
    Take back that a reason is put right; a mark that was resolved by it is accepted again.

    Parameters
    ----------
    events
        Its history so far; not changed.
    factor
        The reason.
    at
        When, with a time zone.
    """
    told = events
    if resolved_by_mending(events):
        told = undone(told, State.PUBLISHED, at=at)
    return record(told, UNMENDED, at=at, role="moderator", reason=factor)


def resolved_by_mending(events: Sequence[Event]) -> bool:
    """Tell whether a mark is resolved because its last reason was put right."""
    moved = [n for n, event in enumerate(events) if event.action in {"moved", "undone"}]
    last = moved[-1]
    return (
        events[last].action == "moved"
        and events[last].state is State.RESOLVED
        and last > 0
        and events[last - 1].action == MENDED
        and events[last - 1].at == events[last].at
    )


def _contradicts(event: Event) -> bool:
    if event.action == "moved":
        return event.state in {State.REOPENED, State.PUBLISHED}
    return event.action == CONTRADICTED
