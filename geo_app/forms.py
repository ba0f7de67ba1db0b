"""An analysis as a form: its question as a sentence whose parts can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

from layers import Analysis, Bounds, Choice, Choices, Parameter, Text
from layers.parameters import Key

from .languages import current, say, translate

PUNCTUATION = ".,;:?!"
ON_A_STEP = 1e-6
"""Part of a step by which a number may miss it."""


@dataclass(frozen=True)
class Option:
    """One value to choose."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class Field:
    """
    One parameter as a control on a form.

    Parameters
    ----------
    name, label, help
        As in `Parameter`.
    kind
        "number", "one", "many", "tick" or, for what nobody types, "key".
    options
        Values to choose, for "one" and "many".
    value
        Number as text, or "yes" where the box is ticked.
    low, high, step, unit
        Range of a number; a step of 0 lets any value stand.
    """

    name: str
    label: Text
    help: Text
    kind: str
    options: tuple[Option, ...] = ()
    value: str = ""
    low: float = 0
    high: float = 0
    step: float = 1
    unit: str = ""


@dataclass(frozen=True)
class Part:
    """
    A part of the sentence that a reader may change.

    Parameters
    ----------
    name, words
        Its name and what it says now.
    fields
        The controls behind it.
    tail
        Punctuation that must not be torn from it.
    """

    name: str
    words: str
    fields: tuple[Field, ...]
    tail: str = ""


@dataclass(frozen=True)
class Form:
    """
    What stands above a result.

    Parameters
    ----------
    pieces
        The sentence, plain words and parts in turn; empty where an analysis has none.
    further
        Controls of parameters that the sentence does not mention.
    """

    pieces: tuple[str | Part, ...]
    further: tuple[Field, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the sentence that can be changed."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Part))


def form(analysis: Analysis, values: Mapping[str, Any]) -> Form:
    """
    Build the form of an analysis.

    Parameters
    ----------
    analysis
        What is asked.
    values
        Its checked arguments, from `analysis.parse`.
    """
    fields = fields_of(analysis, values)
    question = next((value for value in values.values() if hasattr(value, "sentence")), None)
    if question is None:
        return Form((), tuple(fields.values()))
    named, sentence = question.parts(), question.sentence()
    mentioned = {name for part, names in named.items() if part in sentence.values for name in names}
    return Form(
        tuple(_pieces(sentence, named, fields)),
        tuple(field for name, field in fields.items() if name not in mentioned),
    )


def fields_of(analysis: Analysis, values: Mapping[str, Any]) -> dict[str, Field]:
    """Return the control of every parameter, by its name."""
    told = analysis.write(values)
    return {
        name: _field(parameter, told.get(name, []))
        for name, parameter in analysis.parameters.items()
    }


def _pieces(
    sentence: Text, named: Mapping[str, Sequence[str]], fields: Mapping[str, Field]
) -> list[str | Part]:
    pieces: list[str | Part] = []
    for literal, place, _, _ in Formatter().parse(translate(sentence.template, current())):
        words = literal
        if pieces and isinstance(pieces[-1], Part):
            words = literal.lstrip(PUNCTUATION)
            pieces[-1] = replace(pieces[-1], tail=literal[: len(literal) - len(words)])
        if words:
            pieces.append(words)
        if place is not None:
            told = say(sentence.values[place])
            mine = tuple(fields[name] for name in named.get(place, ()))
            pieces.append(Part(place, told, mine) if mine else told)
    return pieces


def _step(takes: Bounds, text: str) -> float:
    """Return the step of a number; 0 where its value lies between two steps and must stay."""
    steps = (float(text) - takes.low) / takes.step
    return takes.step if abs(steps - round(steps)) < ON_A_STEP else 0.0


def _field(parameter: Parameter, texts: Sequence[str]) -> Field:
    takes = parameter.takes
    common = (parameter.name, parameter.label, parameter.help)
    if isinstance(takes, Bounds):
        return Field(
            *common,
            "number",
            value=texts[0],
            low=takes.low,
            high=takes.high,
            step=_step(takes, texts[0]),
            unit=takes.unit,
        )
    if isinstance(takes, Choice | Choices):
        chosen = {name for text in texts for name in text.split(",")}
        kind = "one" if isinstance(takes, Choice) else "many"
        options = tuple(Option(n, label, n in chosen) for n, label in takes.options.items())
        return Field(*common, kind, options=options)
    if isinstance(takes, Key):
        return Field(*common, "key", value=texts[0] if texts else "")
    return Field(*common, "tick", value=texts[0])
