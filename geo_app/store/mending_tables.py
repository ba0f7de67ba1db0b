"""The tables behind tasks that are put right: what was said to be done, and to which marks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class MendingColumns(TypedColumns):
    """
    One task that somebody has put right.

    `task` is its id (`layers.work_list`), `place` the name of its street or district.
    `words` stand in the history of each mark, too, and are erased with them.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)
    task: Named[str] = Column(String, nullable=False)
    factor: Named[str] = Column(String, nullable=False)
    place: Named[str] = Column(String, nullable=False)
    words: Named[str] = Column(String, nullable=False)
    undone_at: Named[datetime | None] = Column(Moment)


class MendedMarkColumns(TypedColumns):
    """One mark whose reason was put right; when it was last decided on before, or None."""

    mending_id: Named[int] = Column(
        Integer, ForeignKey("mending.id", ondelete="CASCADE"), primary_key=True
    )
    mark_id: Named[str] = Column(String, primary_key=True)
    decided_at: Named[datetime | None] = Column(Moment)


mending = Table("mending", metadata, MendingColumns, Index(None, "task"), sqlite_autoincrement=True)
mended_mark = Table("mended_mark", metadata, MendedMarkColumns, Index(None, "mark_id"))
