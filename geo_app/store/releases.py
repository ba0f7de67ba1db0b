"""Releases of the public layer as staff see them: those there were, and the next one in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame
from sqlalchemy import select

from layers.marks import State
from layers.publication import publish

from .engines import reading
from .mark_tables import mark, mark_event, release
from .marks_in_public import InPublic


@dataclass(frozen=True)
class Released:
    """One release: its day, when it was made, marks and rows that were shown."""

    day: date
    at: datetime
    marks: int
    rows: int


@dataclass(frozen=True)
class Coming:
    """
    What a release would publish; numbers only, no places.

    Parameters
    ----------
    on
        The release day.
    accepted
        Marks that stand accepted.
    rows, fresh, stays, leaves
        Rows that would be shown; of these new ones and those that are there
        already; rows that would go.
    shown
        Marks behind the rows.
    waits
        Accepted marks for which there are too few others yet.
    by_unit
        Name of the unit → rows.
    """

    on: date
    accepted: int
    rows: int
    fresh: int
    stays: int
    leaves: int
    shown: int
    waits: int
    by_unit: dict[str, int]


class Releases(InPublic):
    """Releases before and after their day."""

    def releases(self) -> list[Released]:
        """Return all releases kept, the latest first."""
        query = select(release.c.day, release.c.at, release.c.marks, release.c.rows)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(release.c.day.desc())).all()
        return [Released(date.fromisoformat(r.day), r.at, r.marks, r.rows) for r in rows]

    def coming(self, on: date) -> Coming:
        """
        Return what a release day would publish, without publishing it.

        Raises
        ------
        MissingLayerError
            If streets, buildings or districts are not in the store.
        """
        streets, buildings, districts = self._masking_layers()
        with reading(self._engine) as connection:
            given, previous = self._accepted(connection), self._last_release(connection)
        done = publish(
            given,
            streets=streets,
            addresses=buildings,
            districts=districts,
            on=on,
            previous=previous,
            rules=self._settings.rules,
        )
        there = set() if previous is None else set(previous.index)
        rows = set(done.pins.index)
        return Coming(
            on=on,
            accepted=len(given),
            rows=len(rows),
            fresh=len(rows - there),
            stays=len(rows & there),
            leaves=len(there - rows),
            shown=int(done.pins["marks"].sum()),
            waits=int((done.placed == "").sum()),
            by_unit={str(unit): int(n) for unit, n in done.pins["unit"].value_counts().items()},
        )

    def cases(self, since: datetime) -> DataFrame:
        """
        Return what became of every mark sent since then, as `layers.moderation_log` reads it.

        Nothing of what a mark says is in it.
        """
        query = select(mark.c.id, mark.c.received_at, mark.c.answered_at, mark.c.state)
        query = query.where(mark.c.state != str(State.DRAFT), mark.c.received_at >= since)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            accepted = set(connection.scalars(_moved_to(State.PUBLISHED, mark_event.c.mark_id)))
            query = _moved_to(State.REJECTED, mark_event.c.mark_id, mark_event.c.reason)
            reasons = dict(connection.execute(query).all())
        return DataFrame(
            {
                "received_at": pd.to_datetime([row.received_at for row in rows], utc=True),
                "answered_days": [_days(row) for row in rows],
                "accepted": [row.id in accepted for row in rows],
                "rejected": [
                    reasons.get(row.id, "") if row.state == State.REJECTED else "" for row in rows
                ],
            }
        ).astype({"answered_days": float, "accepted": bool, "rejected": str})


def _moved_to(state: State, *columns: Any) -> Any:
    moved = (mark_event.c.action == "moved") & (mark_event.c.state == str(state))
    return select(*columns).where(moved).order_by(mark_event.c.mark_id, mark_event.c.number)


def _days(row: Any) -> float:
    if row.answered_at is None:
        return math.nan
    return float((row.answered_at - row.received_at) / timedelta(days=1))
