"""Credible marks as analyses for staff read them: exact, in memory only, never in a file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import geopandas
import orjson
from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlalchemy import Connection, func, select

from layers import Text
from layers.credible import MARKS
from layers.days import day_of
from layers.factors import FACTORS
from layers.marks import Events, State
from layers.mending import ANSWERS, MENDED, STILL, UNMENDED, mended
from layers.schema import SEPARATOR

from .cells import split
from .engines import reading
from .layers import Store
from .mark_tables import mark, mark_event, voice
from .marks_kept import KeptMarks, event_of
from .provenance import Provenance

NAME = MARKS.name
ATTRIBUTION = Text("Marks of citizens, for staff alone")
NEVER = (State.DRAFT, State.REJECTED, State.WITHDRAWN)
"""States of marks that are not credible, or not any more."""
STANDS = {State.RESOLVED: "resolved", State.EXPIRED: "expired"}
TELLING = ("moved", "undone", *ANSWERS, MENDED, UNMENDED)
"""Events that a table of marks has to know."""


class Credible(KeptMarks):
    """Marks that a moderator has found credible."""

    def credible(self, *, at: datetime) -> GeoDataFrame:
        """
        Return every credible mark with its exact point [m]; see `layers.credible.MARKS`.

        Accepted at any time and not rejected or taken back since. Marks that
        were joined with one are told by it. What patrols have found is never
        among them, nor is a mark whose point is erased.

        Parameters
        ----------
        at
            Now: accepted marks whose last day is over have expired.
        """
        return credible_marks(self._store, at=at)

    def voice_days(self) -> DataFrame:
        """Return every “me too”: columns `pin` and `day` (ISO date), nothing of who said it."""
        query = select(voice.c.pin, voice.c.day).order_by(voice.c.day, voice.c.pin)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return DataFrame(rows, columns=["pin", "day"], dtype="str")


def origin_of_marks(store: Store, *, at: datetime) -> Provenance:
    """
    Return what stands for the credible marks as they are at a moment.

    Its hash is another one as soon as any mark, its history, its point or a
    “me too” is another one, so that nothing made of them outlives them.

    Parameters
    ----------
    store
        The store of the city.
    at
        Now.
    """
    columns = (mark.c.id, mark.c.seal, mark.c.state, mark.c.pin, mark.c.x, mark.c.y)
    query = select(*columns).where(mark.c.state != str(State.DRAFT)).order_by(mark.c.id)
    with reading(store.engine) as connection:
        rows = [list(row) for row in connection.execute(query)]
        voices = connection.scalar(select(func.count()).select_from(voice))
    today = day_of(at).isoformat()
    told = orjson.dumps([today, voices, rows])
    return Provenance(
        layer=NAME,
        version=0,
        hash=hashlib.sha256(told).hexdigest(),
        rows=len(rows),
        imported_at=at,
        file="marks",
        attribution=ATTRIBUTION,
        as_of=today,
        invented=any(store.provenance(name).invented for name in store.names()),
    )


def credible_marks(store: Store, *, at: datetime) -> GeoDataFrame:
    """Return what `Credible.credible` returns."""
    with reading(store.engine) as connection:
        rows = [dict(row) for row in connection.execute(_heads_and_joined()).mappings()]
        events = _events(connection)
        voices = dict(
            connection.execute(select(voice.c.pin, func.count()).group_by(voice.c.pin)).all()
        )
    joined = joined_with(rows)
    heads = [row for row in rows if _is_credible(row, events.get(row["id"], ()))]
    table = DataFrame(
        [_told(row, events[row["id"]], joined[row["id"]], voices, at) for row in heads],
        columns=[column.name for column in MARKS.columns],
        index=[row["id"] for row in heads],
    )
    places = geopandas.points_from_xy([r["x"] for r in heads], [r["y"] for r in heads])
    found = GeoDataFrame(table, geometry=places, crs=store.crs)
    checked = MARKS.check(MARKS.complete(found if heads else MARKS.empty(store.crs)))
    checked.attrs["as_of"] = day_of(at).isoformat()  # months without any mark are months, too
    return checked


def joined_with(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the marks that live on in each, at whatever remove."""
    into = {row["id"]: row["merged_into"] for row in rows if row["state"] == State.MERGED}
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        head, seen = row["id"], set[str]()
        while head in into and head not in seen:
            seen.add(head)
            head = into[head]
        if head != row["id"] and head not in seen:
            found[head].append(row)
    return found


def _heads_and_joined() -> Any:
    columns = [
        mark.c[name]
        for name in (
            "id", "kind", "x", "y", "factors", "daytime", "weekpart", "strength", "state",
            "received_at", "accepted_on", "expires_on", "closed_at", "merged_into", "pin", "sender",
        )
    ]  # fmt: skip
    query = select(*columns).where(mark.c.state.not_in([str(state) for state in NEVER]))
    return query.order_by(mark.c.id)


def _events(connection: Connection) -> dict[str, Events]:
    query = (
        select(mark_event)
        .join(mark, mark.c.id == mark_event.c.mark_id)
        .where(
            mark.c.state.not_in([str(state) for state in NEVER]),
            mark_event.c.action.in_(TELLING),
        )
        .order_by(mark_event.c.mark_id, mark_event.c.number)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["mark_id"]].append(event_of(dict(row)))
    return {id_: tuple(events) for id_, events in found.items()}


def _is_credible(row: Mapping[str, Any], events: Events) -> bool:
    """Tell whether the last decision on a mark has accepted it, and it still has its place."""
    if row["state"] == State.MERGED or row["x"] is None or not row["accepted_on"]:
        return False
    verdicts = [e.state for e in events if e.state in {State.PUBLISHED, State.REJECTED}]
    return bool(verdicts) and verdicts[-1] is State.PUBLISHED


def _told(
    row: Mapping[str, Any],
    events: Events,
    joined: list[Mapping[str, Any]],
    voices: Mapping[str, int],
    at: datetime,
) -> dict[str, Any]:
    named = {name for one in (row, *joined) for name in split(one["factors"])}
    done = mended(events)
    return {
        "kind": row["kind"],
        "factors": SEPARATOR.join(name for name in FACTORS if name in named),
        "daytime": row["daytime"],
        "weekpart": row["weekpart"],
        "strength": int(row["strength"]),
        "state": _standing(row, at),
        "received_on": day_of(row["received_at"]).isoformat(),
        "accepted_on": row["accepted_on"],
        "closed_on": day_of(row["closed_at"]).isoformat() if row["closed_at"] else "",
        "merged": len(joined),
        "confirmed": sum(event.action == STILL for event in events),
        "voices": int(voices.get(row["pin"], 0)) if row["pin"] else 0,
        "pin": row["pin"],
        "mended": SEPARATOR.join(name for name in FACTORS if name in done),
        "sender": row["sender"],
    }


def _standing(row: Mapping[str, Any], at: datetime) -> str:
    if row["state"] == State.PUBLISHED and row["expires_on"] < day_of(at).isoformat():
        return "expired"
    return STANDS.get(row["state"], "published")
