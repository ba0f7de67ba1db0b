"""Finds every layer and every analysis; a new one is a new file and nothing else."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from geopandas import GeoDataFrame
from pandas import DataFrame

from .credible import MARKS
from .parameters import WATCH, Group, Parameter, flat, parameters_of, parse, write
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
    chart: Literal["line", "heat"] | None = None
    """
    "line": the first column runs across, every further number is a line. "heat": the first
    column names the rows, the number columns stand side by side and are coloured by their value.
    """
    marked: float | None = None
    """Position on the first column that the question asked for; marked in the chart."""
    bands: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """
    Number column → the two columns that hold the ends of its interval. They are drawn as a band
    behind its line, and told with it, but are no lines of their own.
    """
    shaded: tuple[tuple[float, float], ...] = ()
    """Stretches of the first column (rows, where it holds days) that stand out, as dark months."""
    shaded_legend: Text = Text("")
    """What is so about them."""


CLASSES = {"sequential": 4, "diverging": 5, "kinds": 5}
"""How many classes each scale has colours for."""


@dataclass(frozen=True)
class Style:
    """
    How a result is drawn: areas are filled, lines and points are coloured, in classes.

    Parameters
    ----------
    column
        Column of the table that colours a row.
    legend
        What the colours mean.
    breaks
        Upper ends of the classes, ascending, each included; what lies beyond is in the last
        class. "sequential" takes three: light is little and dark is much, what is not finite
        is much. "diverging" takes four, symmetric round 0: what is not finite has not changed,
        so that a gain from nothing must be told as a finite number beyond the last end.
    squares
        Column whose size is drawn as a square as large as its people, or "".
    squares_legend
        What a square means.
    unit
        Unit of `column`.
    scale
        "sequential", "diverging", or "kinds": `column` holds names, those of `kinds`.
    good
        Which end of a diverging scale is the better one: more minutes are a loss.
    words
        What each class is called, the lowest first; as long as there are classes. Without
        them the classes are told by their ends.
    kinds
        Values of `column` on the scale "kinds", at most five, in the order of the legend; their
        colours mean calm, gain, gap, other, not known. `words` are their names.
    inks
        Names of the colours of `kinds` where they mean something else than in that order.
    ranking
        Column by which the list beside the map is ordered, largest first; `squares` if "".
        Without either there is no list.
    ranking_title
        What stands above the list.
    telling
        Columns that the list tells; the ranking and `column` if there are none.
    marked_legend
        What the numbered pins of the result are.
    lines_legend
        What the further lines of the result are.
    others_title
        What stands above the further shares.
    """

    column: str
    legend: Text
    breaks: tuple[float, ...] = ()
    squares: str = ""
    squares_legend: Text = Text("")
    unit: str = "min"
    scale: Literal["sequential", "diverging", "kinds"] = "sequential"
    good: Literal["low", "high"] = "high"
    words: tuple[Text, ...] = ()
    kinds: tuple[str, ...] = ()
    inks: tuple[str, ...] = ()
    ranking: str = ""
    ranking_title: Text = Text("Where the gap is largest")
    telling: tuple[str, ...] = ()
    marked_legend: Text = Text("")
    lines_legend: Text = Text("")
    others_title: Text = Text("And for others?")

    def __post_init__(self) -> None:
        """Refuse a style that has no colours for its classes."""
        if self.classes > CLASSES[self.scale] or (self.words and len(self.words) != self.classes):
            raise ValueError(f"{self.scale}: {self.classes} classes, {len(self.words)} words")

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.kinds) if self.scale == "kinds" else len(self.breaks) + 1

    @property
    def ranked_by(self) -> str:
        """Column by which rows are ordered for a reader, or ""."""
        return self.ranking or self.squares


@dataclass(frozen=True)
class Result:
    """
    A derived layer and what a careful reader must know of it.

    Parameters
    ----------
    table
        One row per cell, way or place, described by `Analysis.columns`.
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
    marked
        Points drawn as pins numbered in their order, with columns `name` and `note`.
    final
        Whether a quick answer is known to be as good as that of long work.
    lines
        Lines drawn beside the rows, such as unlit ways, with a column `name`.
    """

    table: GeoDataFrame
    figures: tuple[Figure, ...]
    answer: tuple[Text, ...]
    notes: tuple[Text, ...]
    tables: tuple[Table, ...]
    style: Style
    marked: GeoDataFrame | None = None
    final: bool = True
    lines: GeoDataFrame | None = None

    def figure(self, name: str) -> Figure:
        """Return the figure called `name`."""
        return next(figure for figure in self.figures if figure.name == name)


TOPICS = {
    "reach": Text("Who gets there, and who does not?"),
    "plan": Text("What would help most?"),
    "dark": Text("What changes after dark?"),
    "data": Text("Can the data be trusted?"),
    "prevention": Text("Where is something to be done, and where do we know too little?"),
}
"""Groups of analyses in the order in which a page lists them."""


@dataclass(frozen=True)
class Analysis:
    """
    A function from layers to a result.

    The signature is the form: arguments before `*` name the layers it reads
    (those with a default may be missing in the store), arguments after `*`
    are its parameters or groups of them (see `parameters`). One called `marks`
    is the exact marks of citizens (`credible.MARKS`), for staff alone.
    """

    run: Callable[..., Result]
    title: Text
    about: Text
    columns: tuple[Column, ...]
    trace: Callable[..., GeoDataFrame] | None = None
    """What lies behind one row: takes its id, then what `run` takes; gives lines to draw."""
    picture: Callable[..., GeoDataFrame] | None = None
    """What lies around one place: takes its id, then what `run` takes; gives areas to draw."""
    asked: Text = Text("")
    """The question it answers, in one sentence."""
    topic: str = "reach"
    """Its group, a name from `TOPICS`."""
    order: int = 9
    """Its place in its group, the first question to ask first; equals stand by name."""
    quick: Callable[..., Result] | None = None
    """An answer at once where `run` is long: takes what `run` takes, but nobody watches."""
    roles: tuple[str, ...] = ()
    """Roles of staff of which one is needed to ask it; none is for everybody."""

    def __post_init__(self) -> None:
        """Refuse to show everybody what is made of exact marks."""
        if MARKS.name in self.inputs and not self.roles:
            message = f"{self.name} reads exact marks: it needs roles"
            raise ValueError(message)

    @property
    def confidential(self) -> bool:
        """Whether it reads exact marks, so that no answer may lie in a file."""
        return MARKS.name in self.inputs

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
    def long(self) -> bool:
        """Whether it may take so long that somebody has to watch it."""
        return WATCH in inspect.signature(self.run).parameters

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
