"""What has happened to a mark, in words: for whoever sent it and for whoever decides."""

from __future__ import annotations

from .mark_events import ACTIONS, STATES, Event, Events, State
from .text import Text

BY_ITSELF: dict[tuple[State | None, State], Text] = {
    (State.ASKED, State.RECEIVED): Text("no answer came in time; it waits for the city again"),
    (State.PUBLISHED, State.EXPIRED): Text("its time is over; it counts no more"),
    (State.MERGED, State.REOPENED): Text(
        "the mark it was joined with counts no more; it waits for the city again"
    ),
}
"""State before and after → why a mark moved without anybody."""


def happened(events: Events) -> list[tuple[Event, Text]]:
    """Return the events of a history, each with what happened."""
    told: list[tuple[Event, Text]] = []
    before: State | None = None
    for event in events:
        told.append((event, _words(before, event)))
        before = event.state
    return told


def _words(before: State | None, event: Event) -> Text:
    if event.action != "moved":
        return ACTIONS[event.action]
    why = BY_ITSELF.get((before, event.state)) if event.role == "system" else None
    return why or STATES[event.state]
