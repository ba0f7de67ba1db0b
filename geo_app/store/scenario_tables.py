"""The tables behind scenarios: what is kept of each, and its steps, which only grow in number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class ScenarioColumns(TypedColumns):
    """One scenario; of people only the names they sign in with are kept."""

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(String, nullable=False)
    about: Named[str] = Column(String, nullable=False)
    asked: Named[str] = Column(String, nullable=False)  # query text of its first question
    owner: Named[str] = Column(String, nullable=False)
    base: Named[str] = Column(String, nullable=False)  # content hash of the places it began with
    step: Named[int] = Column(Integer, nullable=False)  # where undo and redo have gone; 0 is none
    token: Named[str] = Column(String, nullable=False)  # of the link to share, or ""
    created_at: Named[datetime] = Column(Moment, nullable=False)
    changed_at: Named[datetime] = Column(Moment, nullable=False)
    changed_by: Named[str] = Column(String, nullable=False)
    deleted_at: Named[datetime | None] = Column(Moment)
    adopted_at: Named[datetime | None] = Column(Moment)
    adopted_by: Named[str] = Column(String, nullable=False)
    adopted_version: Named[int | None] = Column(Integer)  # version of the layer that was made of it
    answer: Named[str] = Column(String, nullable=False)  # its headline on the day it was adopted


class StepColumns(TypedColumns):
    """One step; a step after an undo has the same parent as the one that was undone."""

    scenario_id: Named[int] = Column(
        Integer, ForeignKey("scenario.id", ondelete="CASCADE"), primary_key=True
    )
    number: Named[int] = Column(Integer, primary_key=True)
    parent: Named[int] = Column(Integer, nullable=False)
    kind: Named[str] = Column(String, nullable=False)
    told: Named[str] = Column(String, nullable=False)  # JSON
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)


scenario = Table(
    "scenario",
    metadata,
    ScenarioColumns,
    Index(None, "token"),
    # an id is never used again: an old address never shows another scenario
    sqlite_autoincrement=True,
)
scenario_step = Table("scenario_step", metadata, StepColumns)
