"""What leaves the store: masked rows on release days, findings of the city, and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import geopandas
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import Connection, delete, func, insert, select, update

from geo_app.origin import Import, Origin
from layers import MissingLayerError, Text
from layers.bursts import LOOK_BACK, Burst, bursts
from layers.days import day_of
from layers.errors import MarkError, ParameterError
from layers.marks import MARK_COLUMNS, REJECTIONS, State
from layers.publication import publish, with_findings
from layers.schema import SEPARATOR

from .audit import append
from .engines import KEEPERS, reading, writing
from .errors import UnknownMarkError
from .mark_tables import finding, mark, mark_event, release
from .marks_kept import KeptMarks
from .pins_kept import PINS, Finding, finding_faults, read_pins, written_pins
from .provenance import Provenance

NEEDED = ("streets", "buildings", "districts")
"""Layers that say where marks can hide."""
ATTRIBUTION = Text("Marks of citizens, masked; findings of the city")


@dataclass(frozen=True)
class Numbers:
    """
    The public log of moderation, in numbers.

    Parameters
    ----------
    received
        Marks that were sent.
    waiting
        Of these, those that still wait for an answer.
    published
        Marks that were accepted at least once.
    rejected
        Reason → marks that stand rejected for it; every reason, also those with none.
    merged, resolved, withdrawn
        Marks that stand there now.
    median_days
        Half of the first answers came within so many days; None before the first one.
    overdue
        Marks that wait for longer than the service level.
    service_days
        The service level [days].
    """

    received: int
    waiting: int
    published: int
    rejected: Mapping[str, int]
    merged: int
    resolved: int
    withdrawn: int
    median_days: float | None
    overdue: int
    service_days: int


class InPublic(KeptMarks):
    """Marks as the public sees them."""

    def expire(self, *, at: datetime) -> list[str]:
        """
        Let marks and questions run out: accepted ones after their last day, questions unanswered.

        Returns
        -------
        ids
            Marks that were changed.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            due = due_to_expire(connection, at, self._settings.answer_days)
            return [row["id"] for row, to in due if self._expire(connection, row, to, at)]

    def publish(self, on: date, *, at: datetime, by: str = "system") -> Provenance:
        """
        Release the masked layer `pins` of a release day; done twice, nothing changes.

        Parameters
        ----------
        on
            The release day; see `layers.publication.next_release`.
        at
            Now.
        by
            Login of who does it, or "system".

        Raises
        ------
        MissingLayerError
            If streets, buildings or districts are not in the store.
        ParameterError
            If `on` is no release day, or before the last one.
        """
        streets, buildings, districts = self._masking_layers()
        self.expire(at=at)
        with writing(self._engine, lock=KEEPERS) as connection:
            if not _released(connection, on):
                given = self._accepted(connection)
                done = publish(
                    given,
                    streets=streets,
                    addresses=buildings,
                    districts=districts,
                    on=on,
                    previous=self._last_release(connection),
                    rules=self._settings.rules,
                )
                self._remember(connection, on, at, by, done.pins, dict(done.placed))
            pins = self._last_release(connection)
        return self._show(pins, at=at)

    def add_finding(self, found: Finding, *, by: str, at: datetime) -> Provenance:
        """Publish exactly what the city has found and confirmed."""
        faults = finding_faults(found, at)
        if faults:
            raise MarkError(faults)
        told = {
            "x": found.x,
            "y": found.y,
            "place": found.place,
            "kind": found.kind,
            "factors": SEPARATOR.join(found.factors),
            "finding": found.finding.strip(),
            "confirmed_on": found.confirmed_on.isoformat(),
            "expires_on": found.expires_on.isoformat(),
        }
        with writing(self._engine, lock=KEEPERS) as connection:
            id_ = connection.scalars(insert(finding).values(**told).returning(finding.c.id)).one()
            self._written(connection, "finding added", f"finding {id_}", by=by, at=at)
            pins = self._last_release(connection)
        return self._show(pins, at=at)

    def findings(self) -> GeoDataFrame:
        """Return the findings of the city, index their number, in the system of the store."""
        with reading(self._engine) as connection:
            return self._findings(connection)

    def remove_finding(self, id_: int, *, by: str, at: datetime) -> Provenance:
        """Take a finding off the public layer: it is put right, or was wrong."""
        with writing(self._engine, lock=KEEPERS) as connection:
            if not connection.execute(delete(finding).where(finding.c.id == id_)).rowcount:
                raise UnknownMarkError([Text("there is no such finding, or not any more")])
            self._written(connection, "finding removed", f"finding {id_}", by=by, at=at)
            pins = self._last_release(connection)
        return self._show(pins, at=at)

    def public_numbers(self, *, at: datetime) -> Numbers:
        """Count what was received and decided, for everybody to read."""
        with reading(self._engine) as connection:
            states = Counter(dict(_pairs(connection, mark.c.state)))
            query = select(mark.c.received_at, mark.c.answered_at)
            answered = connection.execute(query.where(mark.c.answered_at.is_not(None))).all()
            overdue = select(func.count()).select_from(mark)
            overdue = overdue.where(mark.c.waiting_since < self._settings.due_before(at))
            days = [(row.answered_at - row.received_at) / timedelta(days=1) for row in answered]
            return Numbers(
                received=sum(states.values()) - states[State.DRAFT],
                waiting=states[State.RECEIVED] + states[State.REOPENED],
                published=_ever_published(connection),
                rejected=_rejected(connection),
                merged=states[State.MERGED],
                resolved=states[State.RESOLVED],
                withdrawn=states[State.WITHDRAWN],
                median_days=median(days) if days else None,
                overdue=int(connection.scalar(overdue) or 0),
                service_days=self._settings.service_days,
            )

    def bursts(self, *, at: datetime, hours: int = 24) -> list[Burst]:
        """
        Return where unusually many marks came within an hour, for staff.

        Parameters
        ----------
        at
            Now.
        hours
            How far to look back [h].
        """
        columns = (mark.c.id, mark.c.coarse_x, mark.c.coarse_y, mark.c.received_at, mark.c.sender)
        since = at - timedelta(hours=hours)
        query = select(*columns).where(
            mark.c.received_at >= since - LOOK_BACK,
            mark.c.coarse_x.is_not(None),
            mark.c.state != str(State.DRAFT),
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        table = pd.DataFrame(rows, columns=["id", "x", "y", "at", "sender"]).set_index("id")
        return bursts(table, since=since)

    def _masking_layers(self) -> list[GeoDataFrame]:
        missing = [name for name in NEEDED if name not in self._store.names()]
        sentence = Text("“{layer}” is not in the store yet; import it first").template
        if missing:
            raise MissingLayerError(missing, [Text(sentence, layer=name) for name in missing])
        return [self._store.read(name) for name in NEEDED]

    def _accepted(self, connection: Connection) -> GeoDataFrame:
        """
        Return accepted marks as `layers.publication` reads them.

        A mark that was joined with an accepted one, or with one that was
        itself joined with it, counts too: at its own point, for its own sender.
        """
        columns = [mark.c[name] for name in ("id", *MARK_COLUMNS, "pin", "sender", "x", "y")]
        counted = select(mark.c.id).where(mark.c.state == str(State.PUBLISHED))
        heads = counted.cte("counted", recursive=True)
        joined = select(mark.c.id).join(heads, mark.c.merged_into == heads.c.id)
        heads = heads.union(joined.where(mark.c.state == str(State.MERGED)))
        query = select(*columns).where(mark.c.id.in_(select(heads.c.id)), mark.c.x.is_not(None))
        rows = connection.execute(query.order_by(mark.c.id)).all()
        table = pd.DataFrame(rows, columns=[column.name for column in columns]).set_index("id")
        places = geopandas.points_from_xy(table.pop("x"), table.pop("y"))
        return GeoDataFrame(table, geometry=places, crs=self._store.crs)

    def _remember(
        self,
        connection: Connection,
        on: date,
        at: datetime,
        by: str,
        pins: GeoDataFrame,
        placed: Mapping[str, str],
    ) -> None:
        for id_, pin in placed.items():
            connection.execute(update(mark).where(mark.c.id == id_).values(pin=pin))
        told = {"day": on.isoformat(), "at": at, "marks": int(pins["marks"].sum())}
        connection.execute(insert(release).values(**told, rows=len(pins), pins=written_pins(pins)))
        self._written(connection, "release", f"pins {on.isoformat()}", by=by, at=at)

    def _last_release(self, connection: Connection) -> GeoDataFrame | None:
        row = connection.execute(select(release.c.pins).order_by(release.c.day.desc()).limit(1))
        told = row.scalar()
        return None if told is None else read_pins(told, self._store.crs)

    def _findings(self, connection: Connection) -> GeoDataFrame:
        rows = connection.execute(select(finding).order_by(finding.c.id)).mappings().all()
        table = pd.DataFrame([dict(r) for r in rows], columns=list(finding.c.keys())).set_index(
            "id"
        )
        places = geopandas.points_from_xy(table.pop("x"), table.pop("y"))
        return GeoDataFrame(table, geometry=places, crs=self._store.crs)

    def _show(self, pins: GeoDataFrame | None, *, at: datetime) -> Provenance:
        """Write the layer as everybody reads it, unless it is there already."""
        found = self.findings()
        shown = pins if pins is not None else PINS.empty(self._store.crs)
        today = day_of(at).isoformat()
        shown = with_findings(shown, found[found["expires_on"] >= today])
        if "pins" in self._store.names():
            now = self._store.provenance("pins")
            if now.file == "marks" and self._store.read("pins").equals(shown):
                return now
        released = shown["released_on"].max() if len(shown) else ""
        origin = Origin(
            file="marks",
            source=self._settings.city or "Treffsicher",
            attribution=ATTRIBUTION,
            as_of=released or today,
            invented=any(self._store.provenance(n).invented for n in self._store.names()),
        )
        return self._store.write([Import(PINS, shown, origin)], at=at)[0]

    def _written(
        self, connection: Connection, action: str, what: str, *, by: str, at: datetime
    ) -> None:
        append(connection, self._secret, action, by=by, at=at, what=what)


def due_to_expire(
    connection: Connection, at: datetime, answer_days: int
) -> list[tuple[dict[str, Any], State]]:
    """Return marks whose last day is over, and those whose question stayed unanswered."""
    old = (mark.c.state == str(State.PUBLISHED)) & (mark.c.expires_on < day_of(at).isoformat())
    asked = select(mark_event.c.mark_id).where(
        mark_event.c.state == str(State.ASKED), mark_event.c.action == "moved"
    )
    asked = asked.group_by(mark_event.c.mark_id)
    asked = asked.having(func.max(mark_event.c.at) < at - timedelta(days=answer_days))
    silent = (mark.c.state == str(State.ASKED)) & mark.c.id.in_(asked)
    return [
        (dict(row), to)
        for which, to in ((old, State.EXPIRED), (silent, State.RECEIVED))
        for row in connection.execute(select(mark).where(which).order_by(mark.c.id)).mappings()
    ]


def _released(connection: Connection, on: date) -> bool:
    """Tell whether a day is released already; refuse a day before the last release."""
    last = connection.scalar(select(func.max(release.c.day)))
    if last is not None and on.isoformat() < last:
        raise ParameterError(
            [
                Text(
                    "the release of {last} is out already; an earlier one cannot follow it",
                    last=last,
                )
            ]
        )
    return last == on.isoformat()


def _pairs(connection: Connection, column: Any) -> list[tuple[Any, int]]:
    query = select(column, func.count()).group_by(column)
    return list(connection.execute(query).all())


def _ever_published(connection: Connection) -> int:
    query = select(func.count(mark_event.c.mark_id.distinct()))
    moved = (mark_event.c.action == "moved") & (mark_event.c.state == str(State.PUBLISHED))
    return int(connection.scalar(query.where(moved)) or 0)


def _rejected(connection: Connection) -> dict[str, int]:
    """Count marks that stand rejected by the reason of their last rejection."""
    query = (
        select(mark_event.c.mark_id, mark_event.c.reason)
        .join(mark, mark.c.id == mark_event.c.mark_id)
        .where(
            mark.c.state == str(State.REJECTED),
            mark_event.c.action == "moved",
            mark_event.c.state == str(State.REJECTED),
        )
        .order_by(mark_event.c.number)
    )
    last = dict(connection.execute(query).all())
    counted = Counter(last.values())
    return {reason: counted[reason] for reason in REJECTIONS}
