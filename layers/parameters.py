"""What may be asked: bounds, choices, flags; read from annotations, checked from text."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from .errors import ParameterError
from .text import Text


@dataclass(frozen=True)
class Bounds:
    """A number between `low` and `high`, ends included, in `unit`; a form moves by `step`."""

    low: float
    high: float
    unit: str
    step: float = 1

    def read(self, texts: Sequence[str]) -> float:
        """Turn text into a number, or say what is wrong with it; a decimal comma is understood."""
        text = _one(texts)
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            raise ParameterError([Text("must be a number, not “{text}”", text=text)]) from None
        if not self.low <= value <= self.high:
            raise ParameterError(
                [
                    Text(
                        "must be {low} to {high} {unit}",
                        low=self.low,
                        high=self.high,
                        unit=self.unit,
                    )
                ]
            )
        return value

    def write(self, value: float) -> list[str]:
        """Turn a value back into the text of an address."""
        return [f"{value:.12g}"]


@dataclass(frozen=True)
class Choice:
    """One of `options` (name to label)."""

    options: Mapping[str, Text]

    def read(self, texts: Sequence[str]) -> str:
        """Return the name if it is among the options."""
        text = _one(texts)
        if text not in self.options:
            raise ParameterError(
                [
                    Text(
                        "must be one of {options}, not “{text}”",
                        options=tuple(self.options),
                        text=text,
                    )
                ]
            )
        return text

    def write(self, value: str) -> list[str]:
        """Turn a value back into the text of an address."""
        return [value]


@dataclass(frozen=True)
class Choices:
    """Any number of `options`; in text repeated or separated by commas, kept in their order."""

    options: Mapping[str, Text]

    def read(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the names if all are among the options."""
        asked = [name.strip() for text in texts for name in text.split(",") if name.strip()]
        unknown = [name for name in asked if name not in self.options]
        if unknown:
            raise ParameterError(
                [
                    Text(
                        "may name {options}, but not “{text}”",
                        options=tuple(self.options),
                        text=", ".join(unknown),
                    )
                ]
            )
        return tuple(name for name in self.options if name in asked)

    def write(self, value: tuple[str, ...]) -> list[str]:
        """Turn a value back into the text of an address."""
        return [",".join(value)]


@dataclass(frozen=True)
class Flag:
    """Yes or no; a form shows a box to tick, so the default is always no."""

    def read(self, texts: Sequence[str]) -> bool:
        """Read yes or no."""
        return Choice({"yes": Text("yes"), "no": Text("no")}).read(texts) == "yes"

    def write(self, value: bool) -> list[str]:  # noqa: FBT001
        """Turn a value back into the text of an address."""
        return ["yes" if value else "no"]


@dataclass(frozen=True)
class Key:
    """A word by which the application knows something; "" is none. No form lets one type it."""

    longest: int = 64

    def read(self, texts: Sequence[str]) -> str:
        """Return the word if it can be one: letters, digits, - and _; none given is none."""
        text = _one(texts) if texts else ""
        plain = text.replace("-", "").replace("_", "")
        if len(text) > self.longest or (text and not (plain.isascii() and plain.isalnum())):
            raise ParameterError([Text("must be a word of letters and digits")])
        return text

    def write(self, value: str) -> list[str]:
        """Turn it back into the text of an address; none leaves none."""
        return [value] if value else []


WATCH = "watch"
"""Name of the argument by which long work tells how far it is."""

Taken = Bounds | Choice | Choices | Flag | Key


@dataclass(frozen=True)
class Named:
    """What a parameter is called on a form, beside what it takes."""

    label: Text
    help: Text = Text("")


@dataclass(frozen=True)
class Parameter:
    """One thing a person may set: its name, default, what values it takes and its label."""

    name: str
    default: Any
    takes: Taken
    label: Text
    help: Text = Text("")


@dataclass(frozen=True)
class Group:
    """Parameters that belong together and become one value, such as a `Question`."""

    name: str
    build: Callable[..., Any]
    members: tuple[Parameter, ...]


def parameters_of(function: Callable[..., Any]) -> tuple[Parameter | Group, ...]:
    """
    Everything after `*` in the signature; a dataclass expands to its fields.

    `watch` is left out: it is who waits for the answer, not what is asked.
    """
    hints = get_type_hints(function, include_extras=True)
    return tuple(
        _group(argument.name, hints[argument.name])
        if dataclasses.is_dataclass(hints[argument.name])
        else _parameter(argument.name, argument.default, hints[argument.name])
        for argument in inspect.signature(function).parameters.values()
        if argument.kind is argument.KEYWORD_ONLY and argument.name != WATCH
    )


def flat(parameters: Iterable[Parameter | Group]) -> dict[str, Parameter]:
    """All parameters by name, groups expanded: the fields of the form."""
    members = (p.members if isinstance(p, Group) else (p,) for p in parameters)
    return {member.name: member for group in members for member in group}


def parse(
    parameters: Sequence[Parameter | Group], text: Mapping[str, str | Sequence[str]]
) -> dict[str, Any]:
    """
    Turn query-string or command-line text into checked arguments.

    Parameters
    ----------
    parameters
        What the function takes, from `parameters_of`.
    text
        Name to text, or to several texts where a name was given repeatedly.

    Raises
    ------
    ParameterError
        Lists every name that is unknown and every value that does not fit.
    """
    known = flat(parameters)
    faults = [
        Text("“{name}” is not a parameter; there are {known}", name=name, known=tuple(known))
        for name in sorted(set(text) - set(known))
    ]
    values = {name: parameter.default for name, parameter in known.items()}
    for name in known:
        if name not in text:
            continue
        given = text[name]
        try:
            values[name] = known[name].takes.read([given] if isinstance(given, str) else given)
        except ParameterError as error:
            faults += [Text("{name} {fault}", name=name, fault=f) for f in error.faults]
    if faults:
        raise ParameterError(faults)
    return {
        p.name: p.build(**{m.name: values[m.name] for m in p.members})
        if isinstance(p, Group)
        else values[p.name]
        for p in parameters
    }


def write(
    parameters: Sequence[Parameter | Group], values: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Turn checked arguments back into text, the inverse of `parse`; defaults are written too."""
    told: dict[str, Any] = {}
    for p in parameters:
        if isinstance(p, Group):
            told |= {m.name: getattr(values[p.name], m.name) for m in p.members}
        else:
            told[p.name] = values[p.name]
    return {name: flat(parameters)[name].takes.write(value) for name, value in told.items()}


def _one(texts: Sequence[str]) -> str:
    if len(texts) != 1:
        raise ParameterError([Text("must be given once, not {count} times", count=len(texts))])
    return texts[0]


def _group(name: str, kind: type) -> Group:
    hints = get_type_hints(kind, include_extras=True)
    return Group(
        name,
        kind,
        tuple(_parameter(f.name, f.default, hints[f.name]) for f in dataclasses.fields(kind)),
    )


def _parameter(name: str, default: Any, hint: Any) -> Parameter:
    marks = getattr(hint, "__metadata__", ())
    plain = Named(Text(name.replace("_", " ")))
    named = next((m for m in marks if isinstance(m, Named)), plain)
    takes = next((m for m in marks if isinstance(m, Taken)), Flag())
    return Parameter(name, default, takes, named.label, named.help)
