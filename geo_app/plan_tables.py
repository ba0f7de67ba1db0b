"""What a page tells of an outcome: gains and losses first, then only the rows that change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from layers import Column, Figure, Result, Table, Text
from layers.sources.population import GROUPS
from layers.what_if_tables import DONE

from .languages import say, with_unit
from .rows import Row, rows

SHOWN: dict[str, tuple[str, ...]] = {
    "places": ("place", "done", "people_before", "people_after", "per_seat"),
    "groups": ("group", "share_before", "share_after", "gained", "lost"),
    "districts": ("district", "share_before", "share_after", "gained", "lost"),
}
"""Columns that fit beside a map; files hold all of them."""
WORDS: dict[str, tuple[Text, ...]] = {
    "group": tuple(GROUPS.values()),
    "done": tuple(DONE.values()),
    "district": (Text("outside all districts"),),
}
"""Words that tables of an outcome hold beside the names of places."""
MANY = 12
"""A longer table shows only the rows in which something changes."""
BESIDE = ("share_after", "people_gained", "people_lost", "people_not_covered")
"""Figures by which two scenarios are compared, before those of groups."""


@dataclass(frozen=True)
class Part:
    """A table beside the map, and how many of its rows are left out because nothing changes."""

    table: Table
    columns: tuple[Column, ...]
    rows: list[Row]
    same: int


def parts(result: Result) -> list[Part]:
    """Return the tables of an outcome as the page shows them; those without rows are left out."""
    return [part for table in result.tables if not table.chart for part in _part(table)]


def _part(table: Table) -> list[Part]:
    frame = table.frame
    names = SHOWN.get(table.name, tuple(column.name for column in table.columns))
    columns = tuple(_worded(c) for name in names for c in table.columns if c.name == name)
    columns = tuple(c for c in columns if c.kind is not float or frame[c.name].notna().any())
    if len(frame) > MANY and {"gained", "lost"} <= set(frame):
        much = frame["gained"] + frame["lost"]
        frame = frame[much >= 0.5].iloc[(-much[much >= 0.5]).argsort(kind="stable")]
    if table.frame.empty:
        return []
    # "place" is the nearest one elsewhere; here it is the one that changes
    shown = rows(frame, columns)
    told = tuple(replace(c, name="changed_place") if c.name == "place" else c for c in columns)
    return [Part(table, told, shown, len(table.frame) - len(frame))]


def _worded(column: Column) -> Column:
    """Let a column of our own words be translated: a table keeps them as plain text."""
    words = WORDS.get(column.name)
    return replace(column, options={str(word): word for word in words}) if words else column


def tally(result: Result) -> dict[str, Figure]:
    """Return the figures of an outcome by their names."""
    return {figure.name: figure for figure in result.figures}


def figures_beside(one: Result, other: Result) -> list[tuple[Figure, Figure]]:
    """Return the figures by which two scenarios are compared: headline, then groups."""
    here, there = tally(one), tally(other)
    groups = [name for name in here if name.startswith("share_after_")]
    return [(here[n], there[n]) for n in (*BESIDE, *groups) if n in here and n in there]


def districts_beside(one: Result, other: Result) -> tuple[Sequence[Text], list[list[Any]]]:
    """Return headings, and for each district who is reached in both scenarios, and the rest."""
    here, there = (
        next((t.frame for t in result.tables if t.name == "districts"), None)
        for result in (one, other)
    )
    if here is None or there is None:
        return (), []
    difference = there["share_after"] - here["share_after"]
    order = (-difference.abs().fillna(-1)).argsort(kind="stable")
    told = [
        [
            say(here["district"].iloc[at]),
            with_unit(here["share_after"].iloc[at], "%"),
            with_unit(there["share_after"].iloc[at], "%"),
            _signed(difference.iloc[at]),
        ]
        for at in order
    ]
    return (Text("District"), Text("A"), Text("B"), Text("Difference")), told


def _signed(points: float) -> str:
    if points != points:  # noqa: PLR0124, NaN differs from itself
        return ""
    told = say(round(abs(points), 1))
    sign = "±" if told == "0" else "+" if points > 0 else "−"
    return f"{sign}{told}"
