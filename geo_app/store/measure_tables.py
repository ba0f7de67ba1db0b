"""The tables behind measures: a row for each, and a history that can only grow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class MeasureColumns(TypedColumns):
    """One measure; everything said about it stands in its history."""

    id: Named[int] = Column(Integer, primary_key=True)
    key: Named[str] = Column(String, nullable=False)  # random; the chain is bound to it
    head: Named[str] = Column(String, nullable=False)  # hash of the last event


class MeasureEventColumns(TypedColumns):
    """One event (see `layers.measure_events.Event`); triggers refuse to change it."""

    measure_id: Named[int] = Column(Integer, ForeignKey("measure.id"), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    action: Named[str] = Column(String, nullable=False)
    told: Named[str] = Column(String, nullable=False)  # JSON
    previous: Named[str] = Column(String, nullable=False)
    hash: Named[str] = Column(String, nullable=False)


# an id is never used again: an old address never shows another measure
measure = Table("measure", metadata, MeasureColumns, sqlite_autoincrement=True)
measure_event = Table("measure_event", metadata, MeasureEventColumns)
