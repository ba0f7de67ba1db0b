"""The table of long work: what was asked, how far it is, and how it ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Double, Index, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class JobColumns(TypedColumns):
    """One job; `visitor` is a keyed hash that is emptied when the job ends."""

    id: Named[str] = Column(String, primary_key=True)
    analysis: Named[str] = Column(String, nullable=False)
    query: Named[str] = Column(String, nullable=False)
    digest: Named[str] = Column(String, nullable=False)
    person: Named[str] = Column(String, nullable=False)
    visitor: Named[str] = Column(String, nullable=False)
    state: Named[str] = Column(String, nullable=False)
    attempt: Named[int] = Column(Integer, nullable=False)
    asked: Named[datetime] = Column(Moment, nullable=False)
    began: Named[datetime | None] = Column(Moment)
    ended: Named[datetime | None] = Column(Moment)
    done: Named[float] = Column(Double, nullable=False)
    doing: Named[str] = Column(String, nullable=False)
    faults: Named[str] = Column(String, nullable=False)


job = Table("job", metadata, JobColumns, Index(None, "digest"), Index(None, "state"))
