"""The tables of the right of reply: what residents say to a published spot, what the city says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class ReplyColumns(TypedColumns):
    """
    One reply to a row of the public layer. What is erased is NULL; "" was never said.

    `place`, `unit`, `kind` and `factors` are what was public of the row when the reply came, so
    that staff know what it is about after the row has gone. `device` is erased with its day.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    pin: Named[str] = Column(String, nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    day: Named[str] = Column(String, nullable=False)
    stance: Named[str] = Column(String, nullable=False)
    note: Named[str | None] = Column(String)
    device: Named[str | None] = Column(String)
    state: Named[str] = Column(String, nullable=False)
    decided_at: Named[datetime | None] = Column(Moment)
    place: Named[str] = Column(String, nullable=False)
    unit: Named[str] = Column(String, nullable=False)
    kind: Named[str] = Column(String, nullable=False)
    factors: Named[str] = Column(String, nullable=False)


class AnswerColumns(TypedColumns):
    """What the city says to a public row, in its own words; shown until it is taken back."""

    id: Named[int] = Column(Integer, primary_key=True)
    pin: Named[str] = Column(String, nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    words: Named[str] = Column(String, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    taken_back_at: Named[datetime | None] = Column(Moment)


# an id is never used again: an old address never opens another reply
reply = Table(
    "reply",
    metadata,
    ReplyColumns,
    Index(None, "state", "at"),
    Index("ix_reply_one", "pin", "day", "device", unique=True),
    sqlite_autoincrement=True,
)
reply_answer = Table(
    "reply_answer", metadata, AnswerColumns, Index(None, "pin"), sqlite_autoincrement=True
)
