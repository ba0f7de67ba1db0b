"""What the colours of a map mean, in words: classes, squares, ends of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers import Result, Style, Text

from .languages import current, say, with_unit

INKS = {
    "sequential": ("m0", "m1", "m2", "m3"),
    "diverging": ("d0", "d1", "d2", "d3", "d4"),
    "kinds": ("k0", "k1", "k2", "k3", "k4"),
}
"""
Colours of each scale, named in tokens.css. Diverging runs from loss to gain; the kinds are
calm, gain, gap, other and not known.
"""


@dataclass(frozen=True)
class Legend:
    """
    What the colours of a map mean.

    Parameters
    ----------
    title
        What is coloured.
    classes
        Names of the colour and what it stands for, the lowest first.
    squares
        What a square stands for, or "".
    largest
        How many people the largest square stands for, or "".
    marked
        What a numbered pin stands for, or "".
    lines
        What a dotted line stands for, or "".
    """

    title: str
    classes: tuple[tuple[str, str], ...] = ()
    squares: str = ""
    largest: str = ""
    marked: str = ""
    lines: str = ""


def inks_of(style: Style) -> tuple[str, ...]:
    """Return the colour of each class, the lowest first."""
    inks = style.inks or INKS[style.scale][: style.classes]
    return inks[::-1] if style.scale == "diverging" and style.good == "low" else inks


def legend_of(result: Result) -> Legend:
    """Write the legend of a result: its classes with their unit, its squares and its pins."""
    style, language = result.style, current()
    names = [f"{ink} faint" if ink == _faint(style) else ink for ink in inks_of(style)]
    labels = [say(words, language) for words in style.words or _words(style)]
    return Legend(
        title=say(style.legend, language),
        classes=tuple(zip(names, labels, strict=True)),
        squares=say(style.squares_legend, language) if style.squares else "",
        largest=_largest(result),
        marked=say(style.marked_legend, language) if result.marked is not None else "",
        lines=say(style.lines_legend, language) if result.lines is not None else "",
    )


def _faint(style: Style) -> str:
    """Return the class that is drawn faintly, because squares tell of it."""
    return INKS["sequential"][-1] if style.squares and style.scale == "sequential" else ""


def _words(style: Style) -> list[Text]:
    edges: Sequence[str] = [with_unit(edge, style.unit) for edge in style.breaks]
    if style.scale == "kinds":
        return [Text(kind) for kind in style.kinds]
    if style.scale == "diverging":
        return _symmetric(style, edges)
    beyond = Text("longer, or not at all") if style.unit == "min" else Text("more")
    return [*(Text("up to {limit}", limit=edge) for edge in edges), beyond]


def _symmetric(style: Style, edges: Sequence[str]) -> list[Text]:
    """Tell loss and gain by words, not by colour alone."""
    far, near = edges[-1], edges[-2]
    better, worse = Text("better by more than {limit}"), Text("worse by more than {limit}")
    low, high = (better, worse) if style.good == "low" else (worse, better)
    return [
        Text(low.template, limit=far),
        Text(low.template, limit=near),
        Text("hardly any change"),
        Text(high.template, limit=near),
        Text(high.template, limit=far),
    ]


def _largest(result: Result) -> str:
    """Tell the size of the largest square, so that the others can be judged by it."""
    if not result.style.squares or result.table.empty:
        return ""
    most = result.table[result.style.squares].max()
    if not most > 0:
        return ""
    people = with_unit(most, "people", current())
    return say(Text("the largest: {people}", people=people), current())
