"""Measures of prevention: every step is kept, chained and never changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from layers import Text
from layers.measure_events import (
    Event,
    Events,
    answer,
    begin,
    canonical,
    change,
    fix,
    move,
    standing,
    undo,
    verify,
)
from layers.measures import Answer, Measure, Plan, Status, plan_faults

from .engines import KEEPERS, reading, writing
from .errors import MeanwhileError, MeasureError, TamperedError, UnknownMeasureError
from .layers import Store
from .measure_tables import measure, measure_event

Step = Callable[[Events], Events]


class Measures:
    """
    Every measure of one city.

    Each step names the event that whoever makes it has seen last; if somebody
    else has gone on in the meantime, nothing is written.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def all(self) -> list[Measure]:
        """Return all measures, the one made last first."""
        query = select(measure_event).order_by(
            measure_event.c.measure_id.desc(), measure_event.c.number
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        events: dict[int, list[Event]] = {}
        for row in rows:
            events.setdefault(row["measure_id"], []).append(_event(dict(row)))
        return [standing(found, id_=id_) for id_, found in events.items()]

    def get(self, id_: int) -> Measure:
        """
        Return a measure as it stands.

        Raises
        ------
        UnknownMeasureError
            If there is none.
        """
        return standing(self.history(id_), id_=id_)

    def history(self, id_: int) -> Events:
        """
        Return everything that happened to a measure, after a look for signs of tampering.

        Raises
        ------
        TamperedError
            Lists them.
        """
        with reading(self._engine) as connection:
            return _checked(connection, id_)

    def add(self, plan: Plan, *, by: str, at: datetime) -> Measure:
        """
        Write a measure down.

        Raises
        ------
        MeasureError
            Lists everything that is wrong with the plan.
        """
        _refuse(plan)
        key = secrets.token_hex(8)
        events = begin(key, plan, by=by, at=at)
        with writing(self._engine, lock=KEEPERS) as connection:
            new = insert(measure).values(key=key, head=events[-1].hash).returning(measure.c.id)
            id_ = connection.scalars(new).one()
            _keep(connection, id_, events)
        return standing(events, id_=id_)

    def change(self, id_: int, plan: Plan, *, on: int, by: str, at: datetime) -> Measure:
        """
        Change what is planned.

        Parameters
        ----------
        id_
            The measure.
        plan
            Everything that is said about it from now on.
        on
            Number of the event that whoever changes it has seen last.
        by, at
            Login, and when.

        Raises
        ------
        MeanwhileError
            If there are events after that.
        MeasureError
            As `add`.
        """
        _refuse(plan)
        return self._step(id_, on, lambda events: change(events, plan, by=by, at=at))

    def fix(self, id_: int, *, on: int, by: str, at: datetime) -> Measure:
        """Lay down how it will be judged. Raises as `change`, or says what is missing."""
        return self._step(id_, on, lambda events: fix(events, by=by, at=at))

    def move(
        self, id_: int, to: Status, *, on: int, by: str, at: datetime, note: str = ""
    ) -> Measure:
        """Take it to another status, perhaps with a note for staff. Raises as `change`."""
        return self._step(id_, on, lambda events: move(events, to, by=by, at=at, note=note))

    def answer(self, id_: int, said: Answer, *, on: int, by: str) -> Measure:
        """Publish what came of it. Raises as `change`."""
        return self._step(id_, on, lambda events: answer(events, said, by=by))

    def undo(self, id_: int, *, on: int, by: str, at: datetime) -> Measure:
        """Take the last step back; it stays in the history. Raises as `change`."""
        return self._step(id_, on, lambda events: undo(events, by=by, at=at))

    def _step(self, id_: int, on: int, take: Step) -> Measure:
        with writing(self._engine, lock=KEEPERS) as connection:
            events = _checked(connection, id_)
            if events[-1].number != on:
                raise MeanwhileError([_meanwhile(events[-1])])
            after = take(events)
            _keep(connection, id_, after[len(events) :])
        return standing(after, id_=id_)


def _refuse(plan: Plan) -> None:
    if wrong := plan_faults(plan):
        raise MeasureError(wrong)


def _meanwhile(last: Event) -> Text:
    return Text(
        "{who} has changed this measure in the meantime, at {when}. Nothing was overwritten: look"
        " at the present state, then send your change once more",
        who=last.by,
        when=last.at,
    )


def _checked(connection: Connection, id_: int) -> Events:
    row = connection.execute(select(measure).where(measure.c.id == id_)).mappings().first()
    if row is None:
        raise UnknownMeasureError([Text("there is no such measure")])
    query = select(measure_event).where(measure_event.c.measure_id == id_)
    rows = connection.execute(query.order_by(measure_event.c.number)).mappings()
    events = tuple(_event(dict(one)) for one in rows)
    if faults := verify(events, row["key"], head=row["head"]):
        raise TamperedError(
            [Text("the history of measure {id}: {fault}", id=str(id_), fault=f) for f in faults]
        )
    return events


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        row["number"],
        row["at"],
        row["by"],
        row["action"],
        orjson.loads(row["told"]),
        row["previous"],
        row["hash"],
    )


def _keep(connection: Connection, id_: int, events: Events) -> None:
    if not events:
        return
    rows = [
        {
            "measure_id": id_,
            "number": one.number,
            "at": one.at,
            "by": one.by,
            "action": one.action,
            "told": canonical(one.told),
            "previous": one.previous,
            "hash": one.hash,
        }
        for one in events
    ]
    connection.execute(insert(measure_event), rows)
    head = update(measure).where(measure.c.id == id_)
    connection.execute(head.values(head=events[-1].hash))
