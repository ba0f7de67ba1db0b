"""The history of a measure: it can only grow, and what stands now is read from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import shapely

from .errors import TransitionError
from .measures import (
    DESIGN,
    NEXT,
    STATUSES,
    Answer,
    Fixed,
    Indicator,
    Measure,
    Plan,
    Status,
    ready_faults,
)
from .text import Text

Events = tuple["Event", ...]
Told = Mapping[str, Any]

ACTIONS: dict[str, Text] = {
    "made": Text("written down"),
    "changed": Text("changed"),
    "fixed": Text("how it will be judged was laid down"),
    "moved": Text("status changed"),
    "answered": Text("what came of it was published"),
    "undone": Text("the last step was taken back"),
}
"""What can happen to a measure."""
FIRST = "treffsicher measure "
CENTIMETRES = 2
"""Decimal places of coordinates [m] in a history."""


@dataclass(frozen=True)
class Event:
    """
    One line of a measure's history; never changed, only followed by others.

    Parameters
    ----------
    number
        1, 2, 3 …
    at, by
        When, and the login of who did it.
    action
        One of `ACTIONS`.
    told
        What was said, as JSON knows it.
    previous, hash
        Hash of the event before, and SHA-256 over all of this but `hash`.
    """

    number: int
    at: datetime
    by: str
    action: str
    told: Told
    previous: str = ""
    hash: str = ""

    def digest(self) -> str:
        """Return the hash this event ought to have."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return _sha256(canonical([self.number, at, self.by, self.action, self.told, self.previous]))


def canonical(told: Any) -> str:
    """Write JSON in the one way that a hash is made of."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def begin(key: str, plan: Plan, *, by: str, at: datetime) -> Events:
    """
    Begin the history of a measure.

    Parameters
    ----------
    key
        Random text that stays with the measure; the chain is bound to it.
    plan
        What is planned.
    by, at
        Who and when.
    """
    first = Event(1, at, by, "made", write(plan), _sha256(FIRST + key))
    return (replace(first, hash=first.digest()),)


def change(events: Events, plan: Plan, *, by: str, at: datetime) -> Events:
    """Change what is planned; nothing is added where nothing is different."""
    now = _open(events)
    before, after = write(now.plan), write(plan)
    told = {name: value for name, value in after.items() if value != before[name]}
    return _appended(events, "changed", told, by, at) if told else events


def fix(events: Events, *, by: str, at: datetime) -> Events:
    """
    Lay down how it will be judged, with a hash of it.

    Raises
    ------
    TransitionError
        Lists what is missing.
    """
    now = _open(events)
    if missing := ready_faults(now.plan):
        raise TransitionError(missing)
    if now.fixed is not None:
        raise TransitionError([Text("how it will be judged was laid down already")])
    return _appended(events, "fixed", {"hash": design_hash(now.plan)}, by, at)


def move(events: Events, to: Status, *, by: str, at: datetime, note: str = "") -> Events:
    """Take a measure to another status; judging it needs an answer, see `answer`."""
    now = standing(events)
    if to not in NEXT[now.status] or to is Status.JUDGED:
        raise TransitionError(
            [
                Text(
                    "the measure is “{now}”; it cannot become “{to}” like this",
                    now=STATUSES[now.status],
                    to=STATUSES[to],
                )
            ]
        )
    return _appended(events, "moved", {"to": str(to), "note": note.strip()}, by, at)


def answer(events: Events, said: Answer, *, by: str) -> Events:
    """Publish what came of a measure that is done or was stopped."""
    now = standing(events)
    if Status.JUDGED not in NEXT[now.status]:
        raise TransitionError(
            [Text("only a measure that is done or was stopped can be judged; it is “{now}”",
                  now=STATUSES[now.status])]
        )  # fmt: skip
    told = {
        "evidence": said.evidence,
        "finding": sentence_told(said.finding),
        "words": said.words,
        "told": {name: _value(value) for name, value in said.told.items()},
    }
    return _appended(events, "answered", told, by, said.at)


def undo(events: Events, *, by: str, at: datetime) -> Events:
    """Take the last step back that counts; it stays in the history."""
    steps = effective(events)
    if len(steps) < 2:
        raise TransitionError([Text("there is nothing to take back")])
    return _appended(events, "undone", {"number": steps[-1].number}, by, at)


def effective(events: Sequence[Event]) -> list[Event]:
    """Return the events that count: neither undone nor an undoing."""
    gone = {event.told["number"] for event in events if event.action == "undone"}
    return [e for e in events if e.action != "undone" and e.number not in gone]


def standing(events: Sequence[Event], *, id_: int = 0) -> Measure:
    """Read from a history how a measure stands."""
    now = Measure(id=id_)
    for event in effective(events):
        now = _AFTER[event.action](now, event)
    return now


def verify(events: Sequence[Event], key: str, *, head: str = "") -> tuple[Text, ...]:
    """
    Look for every sign that a history was tampered with.

    Parameters
    ----------
    events
        As read from the store.
    key
        As given to `begin`.
    head
        Hash of the last event as noted elsewhere, or "".
    """
    faults, expected = [], _sha256(FIRST + key)
    for number, event in enumerate(events, 1):
        if event.number != number or event.previous != expected:
            faults.append(Text("event {number} does not follow the one before", number=number))
        if event.hash != event.digest():
            faults.append(Text("event {number} was changed", number=number))
        expected = event.hash
    if not events:
        faults.append(Text("the history is empty"))
    elif head and events[-1].hash != head:
        faults.append(Text("the end of the history is missing or was replaced"))
    return tuple(faults)


def design_hash(plan: Plan) -> str:
    """Return the hash of how a measure will be judged."""
    told = write(plan)
    return _sha256(canonical({name: told[name] for name in DESIGN}))


def write(plan: Plan) -> dict[str, Any]:
    """Write a plan as JSON knows it; `read` is the inverse, to the centimetre."""
    return {one.name: _written(getattr(plan, one.name)) for one in fields(Plan)}


def read(told: Told) -> dict[str, Any]:
    """Read fields of a plan that `write` wrote."""
    return {name: _READ.get(name, _same)(value) for name, value in told.items()}


def sentence_told(text: Text | str) -> Any:
    """Write a sentence with what it is made of, so that it can still be translated."""
    if not isinstance(text, Text):
        return str(text)
    return {"text": text.template, "values": {n: _value(v) for n, v in text.values.items()}}


def sentence_of(told: Any) -> Text | str:
    """Read what `sentence_told` wrote."""
    if isinstance(told, dict):
        return Text(told["text"], **{name: _unvalue(v) for name, v in told["values"].items()})
    return str(told)


def _value(value: Any) -> Any:
    if isinstance(value, Text):
        return sentence_told(value)
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return [_value(one) for one in value] if isinstance(value, tuple | list) else value


def _unvalue(told: Any) -> Any:
    if isinstance(told, dict) and "day" in told:
        return date.fromisoformat(told["day"])
    if isinstance(told, list):
        return tuple(_unvalue(one) for one in told)
    return sentence_of(told) if isinstance(told, dict) else told


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Indicator):
        return {one.name: getattr(value, one.name) for one in fields(Indicator)}
    if isinstance(value, Text):
        return sentence_told(value)
    if hasattr(value, "geom_type"):
        normal = shapely.normalize(value)
        return shapely.to_wkt(normal, rounding_precision=CENTIMETRES)
    return value


def _same(value: Any) -> Any:
    return value


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _shape(told: str | None) -> Any:
    return shapely.from_wkt(told) if told else None


_READ: dict[str, Callable[[Any], Any]] = {
    "from_on": _day,
    "until_on": _day,
    "places": _shape,
    "control": _shape,
    "factors": tuple,
    "control_words": sentence_of,
    "indicators": lambda told: tuple(Indicator(**one) for one in told),
}


def _made(now: Measure, event: Event) -> Measure:
    return replace(now, **read(event.told), since=event.at)


def _changed(now: Measure, event: Event) -> Measure:
    parts = tuple(name for name in event.told if name in DESIGN)
    # numbers may be typed in at the end; what is counted may not change
    if parts == ("indicators",) and _asked(now.indicators) == _asked(
        read(event.told)["indicators"]
    ):
        parts = ()
    later = ((event.at, parts),) if now.fixed and parts else ()
    return replace(now, **read(event.told), changed_since=(*now.changed_since, *later))


def _asked(indicators: Sequence[Indicator]) -> list[Any]:
    """Return what of indicators is fixed in advance: all but the numbers after."""
    return [(one.name, one.before, one.of_before) for one in indicators]


def _fixed(now: Measure, event: Event) -> Measure:
    return replace(now, fixed=Fixed(event.at, event.told["hash"]))


def _moved(now: Measure, event: Event) -> Measure:
    return replace(now, status=Status(event.told["to"]), since=event.at)


def _answered(now: Measure, event: Event) -> Measure:
    told = event.told
    found = sentence_of(told["finding"])
    further = {name: _unvalue(value) for name, value in told["told"].items()}
    said = Answer(event.at, told["evidence"], found, told["words"], further)
    return replace(now, status=Status.JUDGED, since=event.at, answer=said)


_AFTER: dict[str, Callable[[Measure, Event], Measure]] = {
    "made": _made,
    "changed": _changed,
    "fixed": _fixed,
    "moved": _moved,
    "answered": _answered,
}


def _open(events: Events) -> Measure:
    now = standing(events)
    if now.status is Status.JUDGED:
        raise TransitionError(
            [Text("this measure is judged; take the answer back before you change it")]
        )
    return now


def _appended(events: Events, action: str, told: Told, by: str, at: datetime) -> Events:
    last = events[-1]
    if at < last.at:
        raise TransitionError([Text("the history already goes further than this moment")])
    event = Event(last.number + 1, at, by, action, told, last.hash)
    return (*events, replace(event, hash=event.digest()))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
