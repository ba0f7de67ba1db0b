"""
The tables of presence: duty plans with their stops, and what rounds find themselves.

What rounds find stands apart from everything citizens say: nothing but the pages of
presence reads `patrol_finding`, and nothing is ever computed from it but what would have
been chosen if it counted. A test of the structure holds that.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
)

from .tables import Moment, metadata


class PlanColumns(TypedColumns):
    """One week of one service."""

    id: Named[int] = Column(Integer, primary_key=True)
    service: Named[str] = Column(String, nullable=False)
    week: Named[str] = Column(String, nullable=False)  # its Monday
    minutes: Named[int] = Column(Integer, nullable=False)
    exploration: Named[float] = Column(Float, nullable=False)
    fairness: Named[float] = Column(Float, nullable=False)
    seed: Named[int] = Column(Integer, nullable=False)
    days: Named[str] = Column(String, nullable=False)  # numbers of weekdays, 0 is Monday
    told: Named[str] = Column(String, nullable=False)  # JSON: districts, what otherwise
    made_at: Named[datetime] = Column(Moment, nullable=False)
    made_by: Named[str] = Column(String, nullable=False)
    dropped_at: Named[datetime | None] = Column(Moment)


class StopColumns(TypedColumns):
    """One stop of a plan: a part of a street or a square, never a single mark."""

    plan_id: Named[int] = Column(
        Integer, ForeignKey("presence_plan.id", ondelete="CASCADE"), primary_key=True
    )
    number: Named[int] = Column(Integer, primary_key=True)
    day: Named[int] = Column(Integer, nullable=False)
    minutes: Named[int] = Column(Integer, nullable=False)
    by_chance: Named[int] = Column(Integer, nullable=False)  # 1: drawn, 0: for a task
    chance: Named[float] = Column(Float, nullable=False)  # of being drawn; 1 for a task
    place: Named[str] = Column(String, nullable=False)
    district: Named[str] = Column(String, nullable=False)
    why: Named[str] = Column(String, nullable=False)  # JSON: sentences
    shape: Named[bytes] = Column(LargeBinary, nullable=False)
    been: Named[int | None] = Column(Integer)  # minutes somebody was there; None: not said


class FindingColumns(TypedColumns):
    """What a round found at a stop: a reason from the list, no words, no people."""

    id: Named[int] = Column(Integer, primary_key=True)
    plan_id: Named[int] = Column(
        Integer, ForeignKey("presence_plan.id", ondelete="CASCADE"), nullable=False
    )
    stop: Named[int] = Column(Integer, nullable=False)
    factor: Named[str] = Column(String, nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)


# an id is never used again: an old sheet never means another week
presence_plan = Table("presence_plan", metadata, PlanColumns, sqlite_autoincrement=True)
presence_stop = Table("presence_stop", metadata, StopColumns)
patrol_finding = Table("patrol_finding", metadata, FindingColumns, sqlite_autoincrement=True)
