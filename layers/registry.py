"""Finds every layer and every analysis; a new one is a new file and nothing else."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from geopandas import GeoDataFrame
from pandas import DataFrame

from .parameters import Group, Parameter, flat, parameters_of, parse, write
from .schema import Column
from .text import Text


@dataclass(frozen=True)
class Figure:
    """
    One number with its unit and, where known, its interval.

    Parameters
    ----------
    name
        Name in files and for programs, such as `share_covered`.
    value
        The number; NaN where it cannot be told.
    unit
        Its unit, such as "%", "min" or "people".
    label
        Name for people.
    low, high
        Ends of its interval, if there is one.
    note
        What a careful reader must know of this number.
    """

    name: str
    value: float
    unit: str
    label: Text
    low: float | None = None
    high: float | None = None
    note: Text = Text("")
    aside: bool = False
    """Told in files and to programs; a page tells it elsewhere already."""


@dataclass(frozen=True)
class Table:
    """A further table of a result, such as one row per district; `chart` draws it as well."""

    name: str
    title: Text
    frame: DataFrame
    columns: tuple[Column, ...]
    chart: Literal["line"] | None = None
    marked: float | None = None
    """Position on the first column that the question asked for; marked in the chart."""


@dataclass(frozen=True)
class Style:
    """
    How a result is drawn.

    Parameters
    ----------
    column
        Column of the table that colours an area: light is little, dark is much.
    legend
        What the colours mean, with the unit.
    breaks
        Upper ends of the classes, ascending, each included; what lies beyond is drawn darkest.
    squares
        Column whose size is drawn as a square as large as its people, or "".
    squares_legend
        What a square means.
    """

    column: str
    legend: Text
    breaks: tuple[float, ...]
    squares: str = ""
    squares_legend: Text = Text("")


@dataclass(frozen=True)
class Result:
    """
    A derived layer and what a careful reader must know of it.

    Parameters
    ----------
    table
        One row per cell, described by `Analysis.columns`.
    figures
        Headline figures, the most important first.
    answer
        The answer in words: the headline, then what puts it into perspective.
    notes
        What was assumed, what is missing.
    tables
        Further tables.
    style
        How the table is drawn.
    """

    table: GeoDataFrame
    figures: tuple[Figure, ...]
    answer: tuple[Text, ...]
    notes: tuple[Text, ...]
    tables: tuple[Table, ...]
    style: Style

    def figure(self, name: str) -> Figure:
        """Return the figure called `name`."""
        return next(figure for figure in self.figures if figure.name == name)


@dataclass(frozen=True)
class Analysis:
    """
    A function from layers to a result.

    The signature is the form: arguments before `*` name the layers it reads
    (those with a default may be missing in the store), arguments after `*`
    are its parameters or groups of them (see `parameters`).
    """

    run: Callable[..., Result]
    title: Text
    about: Text
    columns: tuple[Column, ...]
    trace: Callable[..., GeoDataFrame] | None = None
    """What lies behind one row: takes its id, then what `run` takes; gives lines to draw."""
    picture: Callable[..., GeoDataFrame] | None = None
    """What lies around one place: takes its id, then what `run` takes; gives areas to draw."""

    @property
    def name(self) -> str:
        """Name in addresses, on the command line and in files."""
        return self.run.__name__

    @property
    def inputs(self) -> dict[str, bool]:
        """Names of the layers this analysis reads, and whether it cannot do without."""
        arguments = inspect.signature(self.run).parameters.values()
        return {
            a.name: a.default is a.empty for a in arguments if a.kind is a.POSITIONAL_OR_KEYWORD
        }

    @property
    def asks(self) -> tuple[Parameter | Group, ...]:
        """Parameters and groups of them, as in the signature."""
        return parameters_of(self.run)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every field of the form, groups expanded."""
        return flat(self.asks)

    def parse(self, text: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
        """Turn query-string or command-line text into checked arguments."""
        return parse(self.asks, text)

    def write(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Turn checked arguments back into text, so that an address or a file can repeat them."""
        return write(self.asks, values)


def discover(package: ModuleType, constant: str) -> dict[str, Any]:
    """Collect the object called `constant` from every module of `package`, by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    found = [getattr(import_module(f"{package.__name__}.{name}"), constant) for name in names]
    return {item.name: item for item in found}
