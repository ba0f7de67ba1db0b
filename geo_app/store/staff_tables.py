"""The tables behind signing in: sessions of staff, and wishes to see an exact point."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class SessionColumns(TypedColumns):
    """One session; `key` is a keyed hash, so that this table opens nothing."""

    key: Named[str] = Column(String, primary_key=True)
    login: Named[str] = Column(String, nullable=False)
    began: Named[datetime] = Column(Moment, nullable=False)
    seen: Named[datetime] = Column(Moment, nullable=False)


class WishColumns(TypedColumns):
    """A wish to see an exact point, and who has agreed; "" while nobody has."""

    id: Named[int] = Column(Integer, primary_key=True)
    mark_id: Named[str] = Column(String, ForeignKey("mark.id"), nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    reason: Named[str] = Column(String, nullable=False)
    second: Named[str] = Column(String, nullable=False)


staff_session = Table("staff_session", metadata, SessionColumns, Index(None, "login"))
reveal_wish = Table("reveal_wish", metadata, WishColumns, Index(None, "mark_id"))
