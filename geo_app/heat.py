"""A table whose cells are coloured by their value, such as every hour of a week."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from layers import Column, Table, Text

from .languages import number, say, with_unit
from .rows import MISSING, cell

LEVELS = 5
"""So many colours are told apart; the page names them h0 to h4."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Round widths of a class, times a power of ten."""


@dataclass(frozen=True)
class Spot:
    """One cell: what it says, and its class from 0, or -1 where nothing is known."""

    words: str
    level: int


@dataclass(frozen=True)
class Line:
    """One row: what it is called, and its cells."""

    name: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Heat:
    """
    A table of coloured cells.

    Parameters
    ----------
    title
        What it shows.
    corner
        What the rows are.
    heads
        What each column of cells is.
    lines
        The rows.
    scale
        What each class means, the lowest first.
    """

    title: Text
    corner: Column
    heads: tuple[Column, ...]
    lines: tuple[Line, ...]
    scale: tuple[str, ...]


def heat(table: Table) -> Heat:
    """
    Lay out a table as coloured cells.

    Parameters
    ----------
    table
        The first column names the rows; every number stands in a column of
        its own. All numbers share one scale of round classes.
    """
    corner, *others = table.columns
    heads = tuple(column for column in others if column.kind in {int, float})
    values = table.frame[[column.name for column in heads]].to_numpy(dtype=float)
    edges = _edges(values)
    unit = heads[0].unit if heads else ""
    lines = zip(table.frame[corner.name].tolist(), values, strict=True)
    return Heat(
        title=table.title,
        corner=corner,
        heads=heads,
        lines=tuple(
            Line(cell(name, corner).words, tuple(_spot(value, edges, unit) for value in row))
            for name, row in lines
        ),
        scale=tuple(_between(low, high, unit) for low, high in pairwise(edges)),
    )


def _edges(values: np.ndarray[Any, Any]) -> list[float]:
    """Return round ends of the classes that hold every number known."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    size = 10.0 ** np.floor(np.log10(max((high - low) / LEVELS, 1e-9)))
    for step in (size * width for width in STEPS):
        start = float(np.floor(low / step) * step)
        if start + LEVELS * step >= high:
            break
    else:
        start, step = low, max((high - low) / LEVELS, 1e-9)
    return [start + rank * step for rank in range(LEVELS + 1)]


def _spot(value: float, edges: list[float], unit: str) -> Spot:
    if not np.isfinite(value):
        return Spot(say(MISSING), -1)
    level = min(max(int(np.searchsorted(edges, value, side="right")) - 1, 0), LEVELS - 1)
    return Spot(with_unit(value, unit).split("\N{NO-BREAK SPACE}")[0], level)


def _between(low: float, high: float, unit: str) -> str:
    told = number(high) + (f"\N{NO-BREAK SPACE}{say(Text(unit))}" if unit else "")
    return say(Text("{low} to {high}", low=number(low), high=told))
