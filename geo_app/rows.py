"""Rows of a table as a reader sees them: labels instead of codes, numbers with separators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pandas import DataFrame

from layers import Column, Text
from layers.schema import SEPARATOR

from .languages import say, with_unit

MISSING = Text("not known")


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, whether it is a number, and the address it links to, if any."""

    words: str
    number: bool = False
    link: str = ""


@dataclass(frozen=True)
class Row:
    """One row: its id, the name of the thing it tells of, and its cells."""

    id: str
    cells: tuple[Cell, ...]


def rows(frame: DataFrame, columns: Sequence[Column]) -> list[Row]:
    """
    Write rows for people.

    Parameters
    ----------
    frame
        The rows to show, and no more.
    columns
        What to show of each.
    """
    values = [frame[column.name].tolist() for column in columns]
    return [
        Row(str(row), tuple(cell(v, c) for v, c in zip(line, columns, strict=True)))
        for row, *line in zip(frame.index, *values, strict=True)
    ]


def cell(value: Any, column: Column) -> Cell:
    """Write one value for people; what is not known says so."""
    if column.options is not None:
        return Cell(_labels(str(value), column))
    if isinstance(value, bool | np.bool_):
        return Cell(say(bool(value)))
    if column.kind in {int, float} and isinstance(value, int | float):
        # The unit stands in the heading; identifiers are not quantities.
        return Cell(with_unit(value, column.unit).removesuffix(_suffix(column)), number=True)
    words = say(value) if value == value else ""  # noqa: PLR0124, NaN differs from itself
    return Cell(words or say(MISSING), link=words if is_web_address(words) else "")


def is_web_address(text: str) -> bool:
    """Tell whether a text may become a link: a page on the web, not a script."""
    return text.startswith(("https://", "http://")) and not any(c.isspace() for c in text)


def _suffix(column: Column) -> str:
    return f"\N{NO-BREAK SPACE}{say(Text(column.unit))}" if column.unit else ""


def _labels(value: str, column: Column) -> str:
    options = column.options or {}
    names = [name.strip() for name in value.split(SEPARATOR)] if column.many else [value]
    told = [say(options[name]) for name in names if name in options]
    return ", ".join(told) or say(MISSING)
