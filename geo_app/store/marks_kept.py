"""How marks and their histories are read from and written to the store."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pyproj import CRS, Transformer
from sqlalchemy import Connection, insert, select, update

from geo_app.config import Settings
from layers import Text
from layers.crs import INSPIRE
from layers.days import day_of
from layers.marks import CLOSED, WAITING, Event, Events, Mark, State, advance, verify
from layers.schema import SEPARATOR

from .audit import append
from .cells import split
from .codes import keyed
from .errors import TamperedError, UnknownMarkError
from .layers import Store
from .mark_tables import mark, mark_event

SQUARE = 100.0
"""Side of the squares a point is coarsened to [m]; those of the census grid."""
DECIDED = frozenset({State.PUBLISHED, *CLOSED})
"""States that are a decision: the period of the texts runs from there."""
LETS_GO = frozenset({State.REJECTED, State.WITHDRAWN})
"""States in which a mark no longer stands for those that were joined with it."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Kept:
    """
    A mark as the store shows it.

    Parameters
    ----------
    id
        Its id; staff only, it stands on no public page.
    kind, factors, daytime, weekpart, strength, noticed_on
        As in `layers.marks.Mark`; `noticed_on` is ISO text or "".
    note
        For staff; "" if none was written, None once it is erased.
    state
        Where it stands.
    received_at
        When it was sent.
    waiting_since
        Since when an answer of the city is due, or None.
    answered_at, decided_at, closed_at
        First answer of the city; last decision; end; or None.
    accepted_on, expires_on
        Days as ISO text, "" if it is not accepted.
    merged_into
        Id of the mark it lives on in, or None.
    offices
        Names of the offices it was given to.
    pin
        Row of the public layer that counts it, or ""; staff only.
    coarse
        Middle of its square of 100 m [m], None once it was taken back.
    exact
        The exact point [m]: only where asked for by code, else None.
    """

    id: str
    kind: str
    factors: tuple[str, ...]
    daytime: str
    weekpart: str
    strength: int
    note: str | None
    noticed_on: str
    state: State
    received_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    accepted_on: str
    expires_on: str
    merged_into: str | None
    offices: tuple[str, ...]
    pin: str
    coarse: Point | None
    exact: Point | None = None


def kept(row: Mapping[str, Any], *, exact: bool = False) -> Kept:
    """Read a row of `mark`; its exact point only if that is asked for."""
    told = {name: row[name] for name in Kept.__dataclass_fields__ if name in row}
    return Kept(
        **told
        | {
            "factors": split(row["factors"]),
            "offices": split(row["offices"]),
            "state": State(row["state"]),
            "coarse": _point(row["coarse_x"], row["coarse_y"]),
            "exact": _point(row["x"], row["y"]) if exact else None,
        }
    )


def _point(x: float | None, y: float | None) -> Point | None:
    return None if x is None or y is None else (x, y)


def columns_of(said: Mark, crs: CRS) -> dict[str, Any]:
    """Write what a citizen said as columns of `mark`; `crs` is the one of the store."""
    coarse = coarsened(said.x, said.y, crs)
    return {
        "kind": said.kind,
        "x": said.x,
        "y": said.y,
        "coarse_x": coarse[0],
        "coarse_y": coarse[1],
        "factors": SEPARATOR.join(said.factors),
        "daytime": said.daytime,
        "weekpart": said.weekpart,
        "strength": said.strength,
        "note": said.note,
        "noticed_on": said.noticed_on.isoformat() if said.noticed_on else "",
    }


def coarsened(x: float, y: float, crs: CRS) -> Point:
    """Return the middle of the square of 100 m of the census grid around a point [m]."""
    there, back = _between(crs.to_wkt())
    east, north = (side // SQUARE * SQUARE + SQUARE / 2 for side in there.transform(x, y))
    x, y = back.transform(east, north)
    return float(x), float(y)


@cache
def _between(wkt: str) -> tuple[Transformer, Transformer]:
    """Return the ways to the system of the census grid and back, easting first."""
    return (
        Transformer.from_crs(wkt, INSPIRE, always_xy=True),
        Transformer.from_crs(INSPIRE, wkt, always_xy=True),
    )


class KeptMarks:
    """
    What every view of the marks needs.

    Parameters
    ----------
    store
        The store of the city.
    settings
        Its secret, periods and rules.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._engine = store.engine
        self._settings = settings
        self._secret = settings.secret

    @property
    def crs(self) -> CRS:
        """Coordinate system of the store, in metres."""
        return self._store.crs

    def _get(self, connection: Connection, id_: str) -> Mapping[str, Any]:
        """Read one row of `mark` by its id."""
        row = connection.execute(select(mark).where(mark.c.id == id_)).mappings().one_or_none()
        if row is None:
            raise UnknownMarkError([Text("there is no such mark, or not any more")])
        return dict(row)

    def _events(self, connection: Connection, row: Mapping[str, Any]) -> Events:
        """
        Read a history and look for signs of tampering.

        Raises
        ------
        TamperedError
            Lists them.
        """
        events = events_of(connection, row["id"])
        faults = verify(events, row["id"])
        if not faults and row["seal"] != self._seal(row["id"], events):
            faults = (Text("the end of the history is missing or was replaced"),)
        if faults:
            raise TamperedError(
                [Text("the history of mark {id}: {fault}", id=row["id"], fault=f) for f in faults]
            )
        return events

    def _seal(self, id_: str, events: Events) -> str:
        """Return what only this installation can compute about the end of a history."""
        return keyed(self._secret, "history", id_, str(len(events)), events[-1].hash)

    def _note_events(
        self, connection: Connection, row: Mapping[str, Any], events: Events, **changes: Any
    ) -> None:
        """Add the events that are not in the store yet, and what follows from them."""
        there = select(mark_event.c.number).where(mark_event.c.mark_id == row["id"])
        known = len(connection.scalars(there).all())
        insert_events(connection, row["id"], events[known:], known)
        told = {"seal": self._seal(row["id"], events), **changes}
        if events[-1].state != row["state"]:
            told = self._follows(row, events[-1]) | told
        connection.execute(update(mark).where(mark.c.id == row["id"]).values(**told))
        if events[-1].state != row["state"] and events[-1].state in LETS_GO:
            self._separate(connection, row["id"], events[-1].at)

    def _separate(self, connection: Connection, head: str, at: datetime) -> None:
        """Let marks that lived on in one that is gone wait for people again, each for itself."""
        query = select(mark).where(
            mark.c.merged_into == head,
            mark.c.state == str(State.MERGED),
            mark.c.x.is_not(None),
        )
        for row in connection.execute(query.order_by(mark.c.id)).mappings().all():
            self._expire(connection, dict(row), State.REOPENED, at)

    def _follows(self, row: Mapping[str, Any], last: Event) -> dict[str, Any]:
        """Return the columns that follow from a new state."""
        told: dict[str, Any] = {
            "state": str(last.state),
            "waiting_since": last.at if last.state in WAITING else None,
            "decided_at": last.at if last.state in DECIDED else None,
            "closed_at": last.at if last.state in CLOSED else None,
            "merged_into": last.reason if last.state is State.MERGED else None,
        }
        if last.role == "moderator" and row["answered_at"] is None:
            told["answered_at"] = last.at
        if last.state is State.PUBLISHED:
            told |= self._shown_from(last.at)
        return told

    def _shown_from(self, at: datetime) -> dict[str, str]:
        until = day_of(at) + timedelta(days=self._settings.shown_days)
        return {"accepted_on": day_of(at).isoformat(), "expires_on": until.isoformat()}

    def _expire(
        self, connection: Connection, row: Mapping[str, Any], to: State, at: datetime
    ) -> bool:
        """Move a mark by the rules; one whose history was tampered with waits for people."""
        try:
            events = self._events(connection, row)
        except TamperedError:
            return False
        events = advance(events, to, at=max(at, events[-1].at), role="system")
        self._note_events(connection, row, events)
        return True

    def _audit(
        self, connection: Connection, action: str, id_: str, *, by: str, at: datetime, detail: str
    ) -> None:
        """Write down what staff did, with the end of the history as it is now."""
        head = events_of(connection, id_)[-1].hash
        append(
            connection,
            self._secret,
            action,
            by=by,
            at=at,
            what=f"mark {id_}",
            detail=f"{detail} · {head[:16]}" if detail else head[:16],
        )


def events_of(connection: Connection, id_: str) -> Events:
    """Read the history of a mark as it is, without a look at whether it holds."""
    query = select(mark_event).where(mark_event.c.mark_id == id_).order_by(mark_event.c.number)
    return tuple(event_of(dict(row)) for row in connection.execute(query).mappings())


def event_of(row: Mapping[str, Any]) -> Event:
    """Read a row of `mark_event`."""
    return Event.from_dict({k: v for k, v in row.items() if k in Event.__dataclass_fields__})


def insert_events(connection: Connection, id_: str, events: Iterable[Event], known: int) -> None:
    """Add events after the `known` ones that are in the store."""
    rows = [
        asdict(event) | {"mark_id": id_, "number": number, "state": str(event.state)}
        for number, event in enumerate(events, known + 1)
    ]
    if rows:
        connection.execute(insert(mark_event), rows)


def salted(detail: str) -> dict[str, str]:
    """Return a free text with the salt that its event needs."""
    return {"detail": detail, "salt": secrets.token_hex(16)} if detail else {}
