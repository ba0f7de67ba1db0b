"""The life of a mark: states and transitions as data, history that can only grow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from .errors import TransitionError
from .rejections import REJECTIONS
from .text import Text

Events = tuple["Event", ...]


class State(StrEnum):
    """Where a mark stands."""

    DRAFT = "draft"
    """Written, but not yet sent after reading the privacy receipt."""
    RECEIVED = "received"
    """Waits for a moderator."""
    ASKED = "asked"
    """A moderator has asked back through the code."""
    PUBLISHED = "published"
    """Accepted: counted in the masked layer from the next release day on."""
    REJECTED = "rejected"
    MERGED = "merged"
    """The same as another mark; lives on there."""
    RESOLVED = "resolved"
    REOPENED = "reopened"
    """The citizen says it is not resolved, or rightly rejected: waits for a moderator again."""
    EXPIRED = "expired"
    """Too old to be shown without somebody saying that it is still so."""
    WITHDRAWN = "withdrawn"
    """Taken back by the citizen; the end."""


STATES: dict[State, Text] = {
    State.DRAFT: Text("not sent yet"),
    State.RECEIVED: Text("received, waits to be read"),
    State.ASKED: Text("the city has a question"),
    State.PUBLISHED: Text("accepted"),
    State.REJECTED: Text("not accepted"),
    State.MERGED: Text("joined with another mark"),
    State.RESOLVED: Text("resolved"),
    State.REOPENED: Text("opened again"),
    State.EXPIRED: Text("expired"),
    State.WITHDRAWN: Text("taken back"),
}
"""What each state is called on a page."""

WAITING = frozenset({State.RECEIVED, State.REOPENED})
"""States in which a moderator's answer is due."""
CLOSED = frozenset({State.REJECTED, State.MERGED, State.RESOLVED, State.EXPIRED, State.WITHDRAWN})
"""States from which the periods of erasure are counted."""

ROLES: dict[str, Text] = {
    "citizen": Text("the person who sent it"),
    "moderator": Text("the city"),
    "system": Text("automatically"),
}

_DECIDED = {State.PUBLISHED, State.REJECTED, State.MERGED, State.RESOLVED}
_BY_MODERATOR = {State.ASKED, *_DECIDED}

ALLOWED: Mapping[str, Mapping[State | None, frozenset[State]]] = {
    "citizen": {
        None: frozenset({State.DRAFT, State.RECEIVED}),
        State.DRAFT: frozenset({State.RECEIVED, State.WITHDRAWN}),
        State.RECEIVED: frozenset({State.WITHDRAWN}),
        State.ASKED: frozenset({State.RECEIVED, State.WITHDRAWN}),
        State.PUBLISHED: frozenset({State.RESOLVED, State.WITHDRAWN}),
        State.REJECTED: frozenset({State.REOPENED, State.WITHDRAWN}),
        State.MERGED: frozenset({State.REOPENED, State.WITHDRAWN}),
        State.RESOLVED: frozenset({State.REOPENED, State.WITHDRAWN}),
        State.REOPENED: frozenset({State.WITHDRAWN}),
        State.EXPIRED: frozenset({State.REOPENED, State.WITHDRAWN}),
    },
    "moderator": {
        State.RECEIVED: frozenset(_BY_MODERATOR),
        State.REOPENED: frozenset(_BY_MODERATOR),
        State.ASKED: frozenset(_DECIDED),
        State.PUBLISHED: frozenset(_BY_MODERATOR - {State.PUBLISHED}),
        State.REJECTED: frozenset({State.PUBLISHED}),
        State.MERGED: frozenset({State.PUBLISHED}),
        State.RESOLVED: frozenset({State.PUBLISHED}),
    },
    "system": {
        State.ASKED: frozenset({State.RECEIVED}),
        State.PUBLISHED: frozenset({State.EXPIRED}),
        State.MERGED: frozenset({State.REOPENED}),
    },
}
"""Role → state → states it may be taken to; `None` is a mark that does not exist yet."""
UNDONE: Mapping[State, frozenset[State]] = {
    **dict.fromkeys((State.PUBLISHED, State.REJECTED, State.MERGED), WAITING),
    State.RESOLVED: frozenset({State.PUBLISHED}),
}
"""State a moderator has decided on → states it can be taken back to by an event "undone"."""

ACTIONS: dict[str, Text] = {
    "moved": Text("changed its state"),
    "undone": Text("the decision was taken back"),
    "corrected": Text("corrected"),
    "still_so": Text("still so"),
    "better_now": Text("better now"),
    "assigned": Text("given to an office"),
    "revealed": Text("the exact place was looked at"),
    "personal_removed": Text("personal details removed"),
    "text_erased": Text("texts erased"),
    "coarsened": Text("exact place erased"),
    "mended": Text("the city has put something right"),
    "unmended": Text("the city has taken back that it is put right"),
}
"""What an event can be; only "moved" and "undone" change the state."""

FIRST = "treffsicher mark "


@dataclass(frozen=True)
class Event:
    """
    One line of a mark's history; never changed, only followed by others.

    Parameters
    ----------
    at
        When, with a time zone.
    action
        One of `ACTIONS`.
    state
        State of the mark after it.
    role
        Who: "citizen", "moderator" or "system"; never a person's name.
    reason
        A key of `REJECTIONS`, an office, the id of another mark, or "".
    detail
        Free text such as a question to the citizen; can be erased, see `erased`.
    salt
        Random text that keeps `seal` from being guessed; erased together with `detail`.
    seal
        SHA-256 of salt and detail, "" without a detail: stays when they are erased.
    previous
        `hash` of the event before; for the first one made from the id of the mark.
    hash
        SHA-256 over canonical JSON of everything but `detail`, `salt` and `hash` itself.
    """

    at: datetime
    action: str
    state: State
    role: str
    reason: str = ""
    detail: str = ""
    salt: str = ""
    seal: str = ""
    previous: str = ""
    hash: str = ""

    def digest(self) -> str:
        """Return the hash this event ought to have."""
        told = asdict(self)
        for left_out in ("detail", "salt", "hash"):
            del told[left_out]
        told["at"] = _moment(self.at)
        return _sha256(json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True))

    def erased(self) -> Event:
        """Return the event without its free text; the chain holds as before."""
        return replace(self, detail="", salt="")

    def as_dict(self) -> dict[str, Any]:
        """Return the event as text and numbers, for a store; `from_dict` is the inverse."""
        return asdict(self) | {"at": _moment(self.at), "state": str(self.state)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Event:
        """Build an event from what `as_dict` gave."""
        at = told["at"] if isinstance(told["at"], datetime) else datetime.fromisoformat(told["at"])
        return cls(**{**told, "at": at, "state": State(told["state"])})


def begin(
    mark: str, *, at: datetime, role: str = "citizen", state: State = State.RECEIVED
) -> Events:
    """
    Begin the history of a mark.

    Parameters
    ----------
    mark
        Id of the mark; the chain is bound to it.
    at
        When, with a time zone.
    role, state
        Who sent it; "draft" until the privacy receipt was confirmed.
    """
    _permit(None, state, role)
    return (_sealed(Event(at, "moved", state, role, previous=_sha256(FIRST + mark))),)


def advance(
    events: Sequence[Event],
    to: State,
    *,
    at: datetime,
    role: str,
    reason: str = "",
    detail: str = "",
    salt: str = "",
) -> Events:
    """
    Take a mark to another state.

    Parameters
    ----------
    events
        Its history so far; not changed.
    to
        The state asked for.
    at
        When, with a time zone; not before the last event.
    role
        "citizen", "moderator" or "system".
    reason
        Needed for a rejection (a key of `REJECTIONS`) and for a merger (id of the other mark).
    detail, salt
        Free text and a random salt for it (both or neither).

    Returns
    -------
    events
        The history with one event more.

    Raises
    ------
    TransitionError
        If this role may not, or a reason is missing.
    """
    _permit(state(events), to, role)
    _reasoned(to, reason)
    return _appended(events, Event(at, "moved", State(to), role, reason, detail, salt))


def record(
    events: Sequence[Event],
    action: str,
    *,
    at: datetime,
    role: str,
    reason: str = "",
    detail: str = "",
    salt: str = "",
) -> Events:
    """
    Add an event that does not change the state, such as "revealed" or "still_so".

    Raises
    ------
    TransitionError
        If there is no such action.
    """
    if action not in ACTIONS or action in {"moved", "undone"}:
        raise TransitionError([Text("“{action}” is not an action", action=action)])
    return _appended(events, Event(at, action, state(events), role, reason, detail, salt))


def state(events: Sequence[Event]) -> State:
    """Return where a mark with this history stands."""
    return events[-1].state


def may(state: State | None, role: str) -> tuple[State, ...]:
    """Return the states that `role` may take a mark to, in the order of `State`."""
    allowed = ALLOWED.get(role, {}).get(state, frozenset())
    return tuple(to for to in State if to in allowed)


def verify(events: Sequence[Event], mark: str, *, head: str = "") -> tuple[Text, ...]:
    """
    Look for every sign that a history was tampered with.

    A change, removal, insertion or swap inside the chain is always found, and
    so is a chain that belongs to another mark. Cutting off its end is found
    only against `head`, the last hash kept somewhere else; and somebody who
    can rewrite the whole table can compute a new chain, so heads belong into
    the audit log as well.

    Parameters
    ----------
    events
        History as read from the store.
    mark
        Id of the mark it should belong to.
    head
        Hash of the last event as noted elsewhere, or "".

    Returns
    -------
    faults
        One sentence for each; none if all is well.
    """
    if not events:
        return (Text("the history is empty"),)
    faults: list[Text] = []
    expected, before = _sha256(FIRST + mark), None
    for number, event in enumerate(events, 1):
        faults += _faults_of(event, number, expected, before, events[number:])
        expected, before = event.hash, event
    if head and events[-1].hash != head:
        faults.append(Text("the end of the history is missing or was replaced"))
    return tuple(faults)


def _faults_of(
    event: Event, number: int, expected: str, before: Event | None, after: Sequence[Event]
) -> list[Text]:
    wrong = {
        Text("event {number} was changed", number=number): event.hash != event.digest(),
        Text("event {number} does not follow the one before", number=number): (
            event.previous != expected
        ),
        Text("event {number} is older than the one before", number=number): (
            before is not None and event.at < before.at
        ),
        Text("event {number} is not allowed", number=number): not _possible(event, before),
        Text("the text of event {number} was changed", number=number): not _text_holds(
            event, after
        ),
    }
    return [fault for fault, found in wrong.items() if found]


def _possible(event: Event, before: Event | None) -> bool:
    if event.action == "undone" and before is not None:
        return event.role == "moderator" and event.state in UNDONE.get(before.state, ())
    if event.action != "moved":
        return before is not None and event.state == before.state and event.action in ACTIONS
    return event.state in may(before.state if before else None, event.role)


def _text_holds(event: Event, after: Sequence[Event]) -> bool:
    """Hold a text against its seal; a missing text needs a later event that says so."""
    if event.detail or event.salt:
        return event.seal == _sha256(event.salt + event.detail)
    return not event.seal or any(later.action == "text_erased" for later in after)


def _appended(events: Sequence[Event], event: Event) -> Events:
    if bool(event.detail) != bool(event.salt):
        message = "a detail needs a salt, and a salt a detail"
        raise ValueError(message)
    if event.at < events[-1].at:
        raise TransitionError([Text("the history already goes further than this moment")])
    seal = _sha256(event.salt + event.detail) if event.detail else ""
    return (*events, _sealed(replace(event, seal=seal, previous=events[-1].hash)))


def _sealed(event: Event) -> Event:
    return replace(event, hash=event.digest())


def _permit(state: State | None, to: State, role: str) -> None:
    if to in may(state, role):
        return
    now = STATES[state] if state is not None else Text("new")
    nobody = Text("nobody")
    raise TransitionError(
        [
            Text(
                "the mark is “{now}”; {role} cannot make it “{to}”",
                now=now,
                role=ROLES.get(role, nobody),
                to=STATES[State(to)],
            )
        ]
    )


def _reasoned(to: State, reason: str) -> None:
    if to is State.REJECTED and reason not in REJECTIONS:
        raise TransitionError([Text("say why it is not accepted: choose one of the reasons")])
    if to is State.MERGED and not reason:
        raise TransitionError([Text("say which other mark it is the same as")])


def _moment(at: datetime) -> str:
    if at.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
