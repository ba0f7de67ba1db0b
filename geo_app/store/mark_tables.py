"""
The tables behind marks: what citizens wrote, what became of it, who looked.

History (`mark_event`) and the list of what staff did (`audit`) can only grow:
triggers refuse changes. While a row stands in `erasing`, texts of events may
be blanked, drafts removed and old entries of the list deleted, nothing else.
No table holds an address of a device, only keyed hashes that live for a day.
"""

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


class MarkColumns(TypedColumns):
    """
    One mark. What is erased is NULL; "" was never said.

    `x`, `y` [m] is the exact point, `coarse_x`, `coarse_y` the middle of its square of 100 m.
    `sender` is the same for marks from one device on one day and says nothing else.
    """

    id: Named[str] = Column(String, primary_key=True)
    kind: Named[str] = Column(String, nullable=False)
    x: Named[float | None] = Column(Double)
    y: Named[float | None] = Column(Double)
    coarse_x: Named[float | None] = Column(Double)
    coarse_y: Named[float | None] = Column(Double)
    factors: Named[str] = Column(String, nullable=False)
    daytime: Named[str] = Column(String, nullable=False)
    weekpart: Named[str] = Column(String, nullable=False)
    strength: Named[int] = Column(Integer, nullable=False)
    note: Named[str | None] = Column(String)
    noticed_on: Named[str] = Column(String, nullable=False)
    state: Named[str] = Column(String, nullable=False)
    received_at: Named[datetime] = Column(Moment, nullable=False)
    waiting_since: Named[datetime | None] = Column(Moment)
    answered_at: Named[datetime | None] = Column(Moment)
    decided_at: Named[datetime | None] = Column(Moment)
    closed_at: Named[datetime | None] = Column(Moment)
    accepted_on: Named[str] = Column(String, nullable=False)
    expires_on: Named[str] = Column(String, nullable=False)
    merged_into: Named[str | None] = Column(String, ForeignKey("mark.id"))
    offices: Named[str] = Column(String, nullable=False)
    code_hash: Named[str | None] = Column(String)
    device: Named[str | None] = Column(String)
    sender: Named[str] = Column(String, nullable=False)
    pin: Named[str] = Column(String, nullable=False)
    seal: Named[str] = Column(String, nullable=False)


class EventColumns(TypedColumns):
    """One event of a mark's history (see `layers.mark_events.Event`)."""

    mark_id: Named[str] = Column(String, ForeignKey("mark.id"), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True)
    at: Named[datetime] = Column(Moment, nullable=False)
    action: Named[str] = Column(String, nullable=False)
    state: Named[str] = Column(String, nullable=False)
    role: Named[str] = Column(String, nullable=False)
    reason: Named[str] = Column(String, nullable=False)
    detail: Named[str] = Column(String, nullable=False)
    salt: Named[str] = Column(String, nullable=False)
    seal: Named[str] = Column(String, nullable=False)
    previous: Named[str] = Column(String, nullable=False)
    hash: Named[str] = Column(String, nullable=False)


class VoiceColumns(TypedColumns):
    """One "me too" for a published pin; `device` is erased with its day."""

    id: Named[int] = Column(Integer, primary_key=True)
    pin: Named[str] = Column(String, nullable=False)
    day: Named[str] = Column(String, nullable=False)
    device: Named[str | None] = Column(String)


class RevealColumns(TypedColumns):
    """One look at an exact point."""

    id: Named[int] = Column(Integer, primary_key=True)
    mark_id: Named[str] = Column(String, ForeignKey("mark.id"), nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    reason: Named[str] = Column(String, nullable=False)
    second: Named[str] = Column(String, nullable=False)


class FindingColumns(TypedColumns):
    """What the city itself has found at a place [m] and confirmed."""

    id: Named[int] = Column(Integer, primary_key=True)
    x: Named[float] = Column(Double, nullable=False)
    y: Named[float] = Column(Double, nullable=False)
    place: Named[str] = Column(String, nullable=False)
    kind: Named[str] = Column(String, nullable=False)
    factors: Named[str] = Column(String, nullable=False)
    finding: Named[str] = Column(String, nullable=False)
    confirmed_on: Named[str] = Column(String, nullable=False)
    expires_on: Named[str] = Column(String, nullable=False)


class ReleaseColumns(TypedColumns):
    """What was published on one day: the rows of `pins` as JSON, the last ones kept."""

    day: Named[str] = Column(String, primary_key=True)
    at: Named[datetime] = Column(Moment, nullable=False)
    marks: Named[int] = Column(Integer, nullable=False)
    rows: Named[int] = Column(Integer, nullable=False)
    pins: Named[str] = Column(String, nullable=False)


class PersonColumns(TypedColumns):
    """One account of staff; an empty `password` lets nobody in by password."""

    login: Named[str] = Column(String, primary_key=True)
    password: Named[str] = Column(String, nullable=False)
    roles: Named[str] = Column(String, nullable=False)
    must_change: Named[bool] = Column(Boolean, nullable=False)
    locked: Named[bool] = Column(Boolean, nullable=False)
    failed: Named[int] = Column(Integer, nullable=False)
    locked_until: Named[datetime | None] = Column(Moment)
    created_at: Named[datetime] = Column(Moment, nullable=False)
    revoked_at: Named[datetime] = Column(Moment, nullable=False)


class AuditColumns(TypedColumns):
    """One thing that staff did; chained by keyed hashes."""

    id: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    action: Named[str] = Column(String, nullable=False)
    what: Named[str] = Column(String, nullable=False)
    detail: Named[str] = Column(String, nullable=False)
    previous: Named[str] = Column(String, nullable=False)
    hash: Named[str] = Column(String, nullable=False)


class RateColumns(TypedColumns):
    """How often a device did something in one window of time; erased daily."""

    device: Named[str] = Column(String, primary_key=True)
    what: Named[str] = Column(String, primary_key=True)
    began: Named[datetime] = Column(Moment, primary_key=True)
    times: Named[int] = Column(Integer, nullable=False)


class SaltColumns(TypedColumns):
    """Salt of one day: without it, nobody can work out again which device a hash meant."""

    day: Named[str] = Column(String, primary_key=True)
    salt: Named[str] = Column(String, nullable=False)


class ErasingColumns(TypedColumns):
    """A row here, seen only by the transaction that wrote it, opens what triggers guard."""

    id: Named[int] = Column(Integer, primary_key=True)


mark = Table(
    "mark",
    metadata,
    MarkColumns,
    Index(None, "state", "waiting_since"),
    Index(None, "x", "y"),
    Index(None, "device"),
    Index("ix_mark_one_code", "code_hash", unique=True),
)
mark_event = Table("mark_event", metadata, EventColumns)
voice = Table(
    "voice", metadata, VoiceColumns, Index("ix_voice_one", "pin", "day", "device", unique=True)
)
reveal = Table("reveal", metadata, RevealColumns)
finding = Table("finding", metadata, FindingColumns)
release = Table("release", metadata, ReleaseColumns)
person = Table("person", metadata, PersonColumns)
audit = Table("audit", metadata, AuditColumns)
rate = Table("rate", metadata, RateColumns)
daily_salt = Table("daily_salt", metadata, SaltColumns)
erasing = Table("erasing", metadata, ErasingColumns)
