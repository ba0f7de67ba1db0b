"""Curves as shapes for an inline drawing: in the colours of the page, at no cost at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from layers import Column, Table, Text

WIDTH, HEIGHT = 360.0, 168.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 352.0, 12.0, 140.0
LABEL = 13.0
"""Least distance between two labels, one above the other."""
TOLD = 5
"""So many points of each line are told in words."""
Scale = Callable[[Any], Any]
"""From values to places on the drawing; numbers and arrays alike."""


@dataclass(frozen=True)
class Tick:
    """One line of the grid: where it is drawn and which value it stands for."""

    at: float
    value: float
    unit: str = ""
    words: Text = Text("")


@dataclass(frozen=True)
class Line:
    """
    One line of a chart.

    Parameters
    ----------
    label
        What it shows; written beside it.
    path
        SVG path.
    at
        Where the label is written (x, y).
    anchor
        "start" or "end": on which side of that point the label lies.
    band
        SVG path of its interval, or "".
    """

    label: Text
    path: str
    at: tuple[float, float]
    anchor: str
    band: str = ""


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw a table as lines; sizes in units of its view box."""

    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    mark: tuple[float, float] | None
    told: tuple[Text, ...]
    shaded: tuple[tuple[float, float], ...] = ()
    shaded_legend: Text = Text("")
    box: tuple[float, float] = (WIDTH, HEIGHT)
    frame: tuple[float, float, float, float] = (LEFT, RIGHT, TOP, BOTTOM)


def chart(table: Table) -> Chart:
    """
    Lay out a table as lines.

    Parameters
    ----------
    table
        The first column runs across, every further number is a line; days
        stand side by side as the months they begin. Shares [%] are drawn on
        the whole range of 0 to 100.
    """
    first, *others = table.columns
    ends = {name for pair in table.bands.values() for name in pair}
    others = [c for c in others if c.kind in {int, float} and c.name not in ends]
    days = first.kind is date
    told = table.frame[first.name]
    x = np.arange(len(told), dtype=float) if days else told.to_numpy(dtype=float)
    ys = [table.frame[column.name].to_numpy(dtype=float) for column in others]
    bands = [_ends(table, column) for column in others]
    highest = [*ys, *(band[1] for band in bands if band is not None)]
    top = 100.0 if {column.unit for column in others} == {"%"} else _round_up(highest)
    across = _scale(0.0, float(np.nanmax(x, initial=1.0)), LEFT, RIGHT)
    up = _scale(0.0, top, BOTTOM, TOP)
    areas = ["" if band is None else _area(across(x), *map(up, band)) for band in bands]
    return Chart(
        lines=_lines(others, across(x), [up(y) for y in ys], areas),
        across=_months(told.tolist(), across) if days
        else tuple(Tick(float(across(v)), v, first.unit) for v in _ticks(x, table.marked)),
        up=tuple(Tick(float(up(v)), v, others[0].unit) for v in (0.0, top / 2, top)),
        mark=_mark(table.marked, x, ys, across, up),
        told=_told_months(told.tolist(), others, ys, bands) if days
        else _told(first, others, x, ys),
        shaded=tuple(_within(float(across(a)), float(across(b))) for a, b in table.shaded),
        shaded_legend=table.shaded_legend if table.shaded else Text(""),
    )  # fmt: skip


MONTHS = (
    Text("Jan"), Text("Feb"), Text("Mar"), Text("Apr"), Text("May"), Text("Jun"),
    Text("Jul"), Text("Aug"), Text("Sep"), Text("Oct"), Text("Nov"), Text("Dec"),
)  # fmt: skip


def _month(day: str) -> Text:
    return Text("{month} {year}", month=MONTHS[int(day[5:7]) - 1], year=day[:4])


def _months(days: Sequence[str], across: Scale) -> tuple[Tick, ...]:
    """Name the first month, the last one and one between."""
    rows = sorted({0, (len(days) - 1) // 2, len(days) - 1}) if days else []
    return tuple(Tick(float(across(row)), float(row), words=_month(days[row])) for row in rows)


def _within(start: float, stop: float) -> tuple[float, float]:
    return max(start, LEFT), min(stop, RIGHT)


def _ends(table: Table, column: Column) -> tuple[np.ndarray, np.ndarray] | None:
    if column.name not in table.bands:
        return None
    low, high = (table.frame[name].to_numpy(dtype=float) for name in table.bands[column.name])
    return low, high


def _area(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """Return the shape between two lines."""
    there, back = _path(x, high), _path(x[::-1], low[::-1])
    return f"{there}L{back[1:]}Z" if there and back else ""


def _told_months(
    days: Sequence[str],
    others: Sequence[Column],
    ys: Sequence[np.ndarray],
    bands: Sequence[tuple[np.ndarray, np.ndarray] | None],
) -> tuple[Text, ...]:
    """Tell every month: there are few."""
    return tuple(
        Text(
            "{line}: {points}",
            line=column.meaning,
            points=tuple(_in_month(day, y[n], band, n) for n, day in enumerate(days)),
        )
        for column, y, band in zip(others, ys, bands, strict=True)
    )


def _in_month(day: str, value: float, band: tuple[np.ndarray, np.ndarray] | None, row: int) -> Text:
    if band is None:
        return Text("{month} {value}", month=_month(day), value=float(value))
    return Text(
        "{month} {value} ({low} to {high})",
        month=_month(day),
        value=float(value),
        low=float(band[0][row]),
        high=float(band[1][row]),
    )


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    def place(value: Any) -> Any:
        return start + (value - low) / ((high - low) or 1.0) * (end - start)

    return place


def _round_up(ys: Sequence[np.ndarray]) -> float:
    highest = max((float(np.nanmax(y, initial=0.0)) for y in ys), default=0.0) or 1.0
    size = 10.0 ** np.floor(np.log10(highest))
    return float(np.ceil(highest / size) * size)


def _ticks(x: np.ndarray, marked: float | None) -> list[float]:
    """Start, end and what was asked for; the end gives way where they would collide."""
    end = float(np.nanmax(x, initial=1.0))
    middle = marked if marked is not None and 0 < marked <= end else end / 2
    room = end / 6
    return [v for v in (0.0, middle, end) if v == middle or abs(v - middle) > room]


def _lines(
    columns: Sequence[Column], x: np.ndarray, ys: Sequence[np.ndarray], areas: Sequence[str]
) -> tuple[Line, ...]:
    if not columns or not len(x):
        return ()
    # where lines lie apart; a line by itself is named at its highest
    spread = np.nan_to_num(np.ptp(np.vstack(ys), axis=0)) if len(ys) > 1 else BOTTOM - ys[0]
    inner = (x > LEFT + (RIGHT - LEFT) / 4) & (x < RIGHT - (RIGHT - LEFT) / 4)
    at = int(np.argmax(np.where(inner, spread, -1.0)))
    heights = _apart([float(y[at]) for y in ys])
    highest = int(np.argmin(heights))
    return tuple(
        Line(
            column.meaning,
            _path(x, y),
            *_beside(float(x[at]), height, above=i == highest),
            area,
        )
        for i, (column, y, height, area) in enumerate(zip(columns, ys, heights, areas, strict=True))
    )


def _beside(x: float, height: float, *, above: bool) -> tuple[tuple[float, float], str]:
    """Return where a label stands and on which side: never on the numbers below the drawing."""
    if above or height + 16 > BOTTOM - 4:
        return (x - 8, height - 6), "end"
    return (x + 8, height + 16), "start"


def _apart(heights: Sequence[float]) -> list[float]:
    """Move labels below the highest down until none covers another."""
    moved = list(heights)
    _, *below = np.argsort(heights, kind="stable")
    for above, line in pairwise(below):
        moved[line] = max(moved[line], moved[above] + LABEL)
    return moved


def _path(x: np.ndarray, y: np.ndarray) -> str:
    known = np.isfinite(x) & np.isfinite(y)
    points = [f"{a:.1f} {b:.1f}" for a, b in zip(x[known], y[known], strict=True)]
    return "M" + "L".join(points) if points else ""


def _mark(
    marked: float | None, x: np.ndarray, ys: Sequence[np.ndarray], across: Scale, up: Scale
) -> tuple[float, float] | None:
    if marked is None or not ys or not len(x) or not x.min() <= marked <= x.max():
        return None
    return float(across(marked)), float(up(np.interp(marked, x, ys[0])))


def _told(
    first: Column, others: Sequence[Column], x: np.ndarray, ys: Sequence[np.ndarray]
) -> tuple[Text, ...]:
    rows = np.unique(np.linspace(0, len(x) - 1, min(TOLD, len(x))).round().astype(int))
    return tuple(
        Text(
            "{line}: {points}",
            line=column.meaning,
            points=tuple(_point(column, y[row], first, x[row]) for row in rows),
        )
        for column, y in zip(others, ys, strict=True)
    )


def _point(column: Column, value: float, across: Column, place: float) -> Text:
    return Text(
        "{value} {unit} at {place} {place_unit}",
        value=float(value),
        unit=Text(column.unit),
        place=float(place),
        place_unit=Text(across.unit),
    )
