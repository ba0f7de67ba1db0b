"""Rows of a table as a reader sees them: labels instead of codes, numbers with separators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pandas import DataFrame

from layers import Column, Text
from layers.schema import SEPARATOR

from . import opening
from .languages import current, day, say, spoken, with_unit

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


def cell(value: Any, column: Column, *, unit: bool = False) -> Cell:
    """
    Write one value for people; what is not known says so.

    Parameters
    ----------
    value, column
        The value and what it means.
    unit
        Write its unit too, where no heading does.
    """
    written = _written(value, column)
    if written is not None:
        return Cell(written)
    if column.kind in {int, float} and isinstance(value, int | float):
        told = with_unit(value, column.unit)
        return Cell(told if unit else told.removesuffix(_suffix(column)), number=True)
    words = say(value) if value == value else ""  # noqa: PLR0124, NaN differs from itself
    return Cell(words or say(MISSING), link=words if is_web_address(words) else "")


def _written(value: Any, column: Column) -> str | None:
    """Write what is kept in a notation; None if it is text or a number."""
    if column.options is not None:
        return _labels(str(value), column.options, many=column.many)
    if isinstance(value, bool | np.bool_):
        return say(bool(value))
    if column.name == "languages" and value:
        return _labels(str(value), spoken(), many=True)
    if column.name == "opening_hours" and value:
        return opening.judged(str(value), current())
    if column.kind is date and value:
        return day(date.fromisoformat(value))
    return None


def is_web_address(text: str) -> bool:
    """Tell whether a text may become a link: a page on the web, not a script."""
    return text.startswith(("https://", "http://")) and not any(c.isspace() for c in text)


def _suffix(column: Column) -> str:
    return f"\N{NO-BREAK SPACE}{say(Text(column.unit))}" if column.unit else ""


def _labels(value: str, options: Mapping[str, str], *, many: bool) -> str:
    """Write codes as their labels; a code without one is told as it is."""
    names = [name.strip() for name in value.split(SEPARATOR)] if many else [value]
    return ", ".join(say(options.get(name, name)) for name in names if name) or say(MISSING)
