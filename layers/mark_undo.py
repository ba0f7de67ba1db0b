"""Taking back the first decision on a mark while nothing else has happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .errors import TransitionError
from .mark_events import UNDONE, WAITING, Event, Events, State
from .text import Text


@dataclass(frozen=True)
class Before:
    """
    How a mark stood before a decision.

    Parameters
    ----------
    state
        The state it waited in.
    since
        Since when it waited.
    answered
        Somebody had answered it already, and that answer stands.
    """

    state: State
    since: datetime
    answered: bool


def before_decision(events: Sequence[Event]) -> Before | None:
    """
    Return how a mark stood before the decision that ends its history, or None.

    Offices it was given to at the same moment belong to the decision;
    anything else that happened since, by whomever, makes it stand.
    """
    rest = list(events)
    decided_at = rest[-1].at
    while rest and (rest[-1].action, rest[-1].at) == ("assigned", decided_at):
        rest.pop()
    if len(rest) < 2 or (rest[-1].action, rest[-1].role) != ("moved", "moderator"):
        return None
    decision, earlier = rest[-1], rest[:-1]
    if (earlier[-1].action, earlier[-1].at) == ("mended", decision.at):
        return None  # it is taken back where it was put right
    to = earlier[-1].state
    if to not in UNDONE.get(decision.state, frozenset()) & WAITING:
        return None
    since = max(event.at for event in earlier if event.action == "moved" and event.state == to)
    answers = [event.action for event in earlier if event.role == "moderator"]
    return Before(to, since, answers.count("moved") > answers.count("undone"))


def undo(events: Sequence[Event], *, at: datetime) -> Events:
    """
    Take the decision back that ends a history; both stay in it.

    Parameters
    ----------
    events
        The history; not changed.
    at
        When, with a time zone.

    Raises
    ------
    TransitionError
        If there is no such decision.
    """
    before = before_decision(events)
    if before is None:
        raise TransitionError([Text("this decision cannot be taken back; decide anew")])
    return undone(events, before.state, at=at)


def undone(events: Sequence[Event], to: State, *, at: datetime) -> Events:
    """
    Add the event by which the city takes a mark back to where it stood.

    Parameters
    ----------
    events
        The history; not changed.
    to
        Where it stood; one of `UNDONE`.
    at
        When, with a time zone.

    Raises
    ------
    TransitionError
        If there is no way back, or the history goes further than this moment.
    """
    if to not in UNDONE.get(events[-1].state, ()):
        raise TransitionError([Text("this decision cannot be taken back; decide anew")])
    if at < events[-1].at:
        raise TransitionError([Text("the history already goes further than this moment")])
    last = Event(at, "undone", to, "moderator", previous=events[-1].hash)
    return (*events, replace(last, hash=last.digest()))
