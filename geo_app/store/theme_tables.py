"""The tables of the prevention office: focus themes in all their states, and the city's weights."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Named, String, Table, TypedColumns

from .tables import Moment, metadata


class ThemeColumns(TypedColumns):
    """One focus theme; what it says stands in its states."""

    id: Named[int] = Column(Integer, primary_key=True)
    state: Named[int] = Column(Integer, nullable=False)  # the one that holds; 0 is taken back
    at: Named[datetime] = Column(Moment, nullable=False)  # when it began to hold
    by: Named[str] = Column(String, nullable=False)


class ThemeStateColumns(TypedColumns):
    """One state; after an undo, a new one has the same parent as the one that was undone."""

    theme_id: Named[int] = Column(
        Integer, ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True
    )
    number: Named[int] = Column(Integer, primary_key=True)
    parent: Named[int] = Column(Integer, nullable=False)
    name: Named[str] = Column(String, nullable=False)
    about: Named[str] = Column(String, nullable=False)
    factors: Named[str] = Column(String, nullable=False)  # names with commas between, or ""
    from_on: Named[str] = Column(String, nullable=False)
    until_on: Named[str] = Column(String, nullable=False)  # "" while it is worked on
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)


class WeightsColumns(TypedColumns):
    """Weights that the office has chosen; the latest row holds, the others are its history."""

    id: Named[int] = Column(Integer, primary_key=True)
    told: Named[str] = Column(String, nullable=False)  # JSON: parts, and what unknown counts as
    reason: Named[str] = Column(String, nullable=False)
    at: Named[datetime] = Column(Moment, nullable=False)
    by: Named[str] = Column(String, nullable=False)


# an id is never used again: an old address never shows another theme
theme = Table("theme", metadata, ThemeColumns, sqlite_autoincrement=True)
theme_state = Table("theme_state", metadata, ThemeStateColumns)
priority_weights = Table("priority_weights", metadata, WeightsColumns, sqlite_autoincrement=True)
