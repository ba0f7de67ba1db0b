"""What of a mark the city has put right, and what its sender says to that, as its history tells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .mark_events import Event, Events, State, advance, record
from .mark_undo import undone

MENDED, UNMENDED = "mended", "unmended"
STILL, BETTER = "still_so", "better_now"
ANSWERS = (STILL, BETTER)
"""What a sender can say to it; the event names the reason it is about."""


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
        Words for whoever had marked it, "" if there are none or they are erased.
    answer
        What its sender says: one of `ANSWERS`, or "" as long as nothing was said.
    """

    factor: str
    at: datetime
    words: str = ""
    answer: str = ""


def mendings(events: Sequence[Event]) -> tuple[Mending, ...]:
    """
    Return what was put right, the earliest first; what was taken back again is left out.

    Who opens a mark again without saying about which reason, and the city
    that accepts a closed one again, contradict everything that was put right.
    """
    found: dict[str, Mending] = {}
    for before, event in zip([None, *events], events, strict=False):
        if event.action == MENDED:
            found.pop(event.reason, None)
            found[event.reason] = Mending(event.reason, event.at, event.detail)
        elif event.action == UNMENDED:
            found.pop(event.reason, None)
        elif event.action in ANSWERS and event.reason in found:
            found[event.reason] = replace(found[event.reason], answer=event.action)
        elif _opens_all(event, before):
            found = {name: replace(one, answer=STILL) for name, one in found.items()}
    return tuple(found.values())


def mended(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the names of the reasons that are put right and stand uncontradicted."""
    return tuple(one.factor for one in mendings(events) if one.answer != STILL)


def unanswered(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the names of the reasons that are put right and to which nothing was said yet."""
    return tuple(one.factor for one in mendings(events) if not one.answer)


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
    Note that the city has put a reason right; an accepted mark without any other is resolved.

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
    told = undone(events, State.PUBLISHED, at=at) if resolved_by_mending(events) else events
    return record(told, UNMENDED, at=at, role="moderator", reason=factor)


def resolved_by_mending(events: Sequence[Event]) -> bool:
    """Tell whether a mark stands resolved because its last reason was put right."""
    number = max(n for n, event in enumerate(events) if event.action in {"moved", "undone"})
    last, before = events[number], events[number - 1]
    return (last.action, last.state) == ("moved", State.RESOLVED) and (
        (before.action, before.at) == (MENDED, last.at)
    )


def _opens_all(event: Event, before: Event | None) -> bool:
    """Tell whether an event opens a closed mark again without saying about which reason."""
    if event.action != "moved" or before is None:
        return False
    if event.state is State.REOPENED:
        return not (before.action == STILL and before.reason and before.at == event.at)
    return event.state is State.PUBLISHED and before.state is State.RESOLVED
