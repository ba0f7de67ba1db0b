"""The tables of night walks: the walk, its stops, who rated under which word, and the ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Named,
    String,
    Table,
    TypedColumns,
)

from .tables import Moment, metadata


class WalkColumns(TypedColumns):
    """One night walk; of people only the names staff sign in with are kept."""

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(String, nullable=False)
    state: Named[str] = Column(String, nullable=False)  # draft, open, finished
    version: Named[int] = Column(Integer, nullable=False)  # grows with every change of the plan
    token: Named[str] = Column(String, nullable=False)  # of the link to take along
    settings: Named[str] = Column(String, nullable=False)  # JSON: start, end, walker, limit
    route: Named[str] = Column(String, nullable=False)  # JSON: legs as they were planned
    planned_on: Named[str] = Column(String, nullable=False)  # day, "" is open
    walked_on: Named[str] = Column(String, nullable=False)  # day, "" while unfinished
    repeats: Named[int | None] = Column(Integer)  # the walk whose stops it takes up again
    created_at: Named[datetime] = Column(Moment, nullable=False)
    changed_at: Named[datetime] = Column(Moment, nullable=False)
    changed_by: Named[str] = Column(String, nullable=False)
    finished_at: Named[datetime | None] = Column(Moment)
    deleted_at: Named[datetime | None] = Column(Moment)


class StopColumns(TypedColumns):
    """One stop; one that was taken out stays, with what was rated there."""

    id: Named[int] = Column(Integer, primary_key=True)
    walk_id: Named[int] = Column(Integer, ForeignKey("walk.id", ondelete="CASCADE"), nullable=False)
    position: Named[int] = Column(Integer, nullable=False)
    spot: Named[int] = Column(Integer, nullable=False)  # the same when a walk is repeated
    name: Named[str] = Column(String, nullable=False)
    why: Named[str] = Column(String, nullable=False)  # JSON of a sentence, "" is none
    x: Named[float] = Column(Double, nullable=False)
    y: Named[float] = Column(Double, nullable=False)
    removed: Named[bool] = Column(Boolean, nullable=False)


class RaterColumns(TypedColumns):
    """Somebody who rates: a number, and the word their device made up until it is erased."""

    walk_id: Named[int] = Column(
        Integer, ForeignKey("walk.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    word: Named[str | None] = Column(String)
    paper: Named[bool] = Column(Boolean, nullable=False)  # typed in from a sheet


class RatingColumns(TypedColumns):
    """One version of what somebody rated at a stop; the id was made where it was written."""

    id: Named[str] = Column(String, primary_key=True)
    walk_id: Named[int] = Column(Integer, ForeignKey("walk.id", ondelete="CASCADE"), nullable=False)
    stop_id: Named[int] = Column(
        Integer, ForeignKey("walk_stop.id", ondelete="CASCADE"), nullable=False
    )
    rater: Named[int] = Column(Integer, nullable=False)
    told: Named[str] = Column(String, nullable=False)  # JSON: item to 0 … 3
    note: Named[str | None] = Column(String)  # NULL is erased
    bases: Named[str] = Column(String, nullable=False)  # JSON: ids of the versions it replaces
    rated_at: Named[datetime] = Column(Moment, nullable=False)  # by the clock of the device
    received_at: Named[datetime] = Column(Moment, nullable=False)
    state: Named[str] = Column(String, nullable=False)  # live, replaced, late, dismissed


# ids are never used again: an old address or an old device never means another walk or stop
walk = Table("walk", metadata, WalkColumns, Index(None, "token"), sqlite_autoincrement=True)
walk_stop = Table(
    "walk_stop", metadata, StopColumns, Index(None, "walk_id"), sqlite_autoincrement=True
)
walk_rater = Table("walk_rater", metadata, RaterColumns)
walk_rating = Table("walk_rating", metadata, RatingColumns, Index(None, "walk_id"))
