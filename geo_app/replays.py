"""
A result as a small file that can be asked again, and why it has moved since.

The file holds the question, the figures and the fingerprints of all that they
were computed from; no data, so it may lie beside a report for years.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import orjson

from layers import ANALYSES, LAYERS, Analysis, LayersError, ParameterError, Result, Text
from layers.attribution import MOST, attribution
from layers.paths import Floats

from .kept import program
from .results import Asked, Computed, asked_of, compute, prepared, remembered
from .store import Provenance, Store

FORMAT = "treffsicher-result/1"
"""What a file says it is."""
ROUNDING = 1e-9
"""A figure that differs by less has not moved."""
PREPARED = 8
"""So many earlier versions of layers are remembered."""


class RecordError(LayersError, ValueError):
    """A file is not a saved result, or not one that can be asked again here."""

    __str__ = LayersError.__str__


@dataclass(frozen=True)
class Record:
    """
    A saved result.

    Parameters
    ----------
    analysis
        What was asked.
    parameters
        The question as text, as in an address.
    inputs
        Fingerprint of each layer it was computed from.
    figures
        Value of each figure; `None` where it could not be told.
    made_at
        When, as text (ISO 8601).
    program
        Fingerprint of the version that computed it.
    """

    analysis: Analysis
    parameters: dict[str, list[str]]
    inputs: dict[str, str]
    figures: dict[str, float | None]
    made_at: str
    program: str


@dataclass(frozen=True)
class Moved:
    """
    One figure then and now.

    Parameters
    ----------
    name, label, unit
        Which figure.
    then, now
        Its values; NaN where it cannot be told.
    parts
        How much of the difference each changed layer brought, by its name.
    rest
        What nothing else explains: a newer program, or layers whose old version is gone.
    """

    name: str
    label: Text
    unit: str
    then: float
    now: float
    parts: dict[str, float]
    rest: float

    @property
    def unmoved(self) -> bool:
        """Whether it is as it was, or was and is unknown."""
        if math.isnan(self.then) and math.isnan(self.now):
            return True
        return self.then == self.now or abs(self.difference) < ROUNDING

    @property
    def difference(self) -> float:
        """How much it has moved."""
        return self.now - self.then


@dataclass(frozen=True)
class Replay:
    """
    A saved result asked again.

    Parameters
    ----------
    record, values, computed
        The saved result, its question, and the answer of today.
    changed
        Layers that have changed and whose earlier version is still here.
    lost
        Layers that have changed and whose earlier version is gone.
    other_program
        Whether another version of the program computed it.
    figures
        Every figure then and now.
    """

    record: Record
    values: dict[str, Any]
    computed: Computed
    changed: tuple[str, ...]
    lost: tuple[str, ...]
    other_program: bool
    figures: tuple[Moved, ...]

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return all(figure.unmoved for figure in self.figures)


def record_of(
    analysis: Analysis, values: Mapping[str, Any], computed: Computed, *, at: datetime
) -> bytes:
    """
    Write a result as a small file.

    Parameters
    ----------
    analysis, values, computed
        What was asked and found.
    at
        Now.
    """
    told = {
        "format": FORMAT,
        "analysis": analysis.name,
        "parameters": analysis.write(values),
        "inputs": {
            one.layer: {
                "hash": one.hash,
                "rows": one.rows,
                "source": one.source,
                "as_of": one.as_of,
            }
            for one in computed.inputs
        },
        "invented": computed.invented,
        "figures": {
            figure.name: {
                "value": _number(figure.value),
                "unit": figure.unit,
                "low": _number(figure.low),
                "high": _number(figure.high),
            }
            for figure in computed.result.figures
        },
        "answer": list(computed.result.answer),
        "made_at": at.isoformat(timespec="seconds"),
        "program": program(),
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def read_record(content: bytes) -> Record:
    """
    Read a saved result.

    Raises
    ------
    RecordError
        Lists everything that is wrong with the file.
    """
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise RecordError(
            [
                Text(
                    "this is not a result saved here; save one with “To ask again (JSON)” below a"
                    " result"
                )
            ]
        )
    faults = []
    if told.get("analysis") not in ANALYSES:
        faults.append(
            Text("“{name}” is not an analysis of this version", name=str(told.get("analysis")))
        )
    faults += [
        Text("the part “{part}” is missing; save the result again", part=part)
        for part in ("parameters", "inputs", "figures")
        if not isinstance(told.get(part), dict)
    ]
    if faults:
        raise RecordError(faults)
    return Record(
        ANALYSES[told["analysis"]],
        {str(n): [str(t) for t in _listed(texts)] for n, texts in told["parameters"].items()},
        {str(n): str(_of(one, "hash")) for n, one in told["inputs"].items()},
        {str(n): _known(_of(one, "value")) for n, one in told["figures"].items()},
        str(told.get("made_at", "")),
        str(told.get("program", "")),
    )


def replay(store: Store, record: Record) -> Replay:
    """
    Ask a saved result again, and split what has moved by what has changed.

    Parameters
    ----------
    store
        The city's data.
    record
        The saved result.

    Raises
    ------
    RecordError
        If its question cannot be asked any more.
    MissingLayerError
        If a layer is gone.
    """
    try:
        values = record.analysis.parse(record.parameters)
    except ParameterError as error:
        raise RecordError(error.faults) from error
    if record.analysis.long:
        raise RecordError(
            [
                Text(
                    "“{title}” takes long: open its page with the same question and compare there",
                    title=record.analysis.title,
                )
            ]
        )
    asked = asked_of(store, record.analysis, values)
    computed = compute(store, record.analysis, values)
    differing = [n for n, one in asked.inputs.items() if record.inputs.get(n) != one.hash]
    earlier = {n: _earlier(store, n, record.inputs.get(n, "")) for n in differing}
    here = tuple(n for n in differing if earlier[n] is not None)[:MOST]
    gone = tuple(n for n in differing if n not in here)
    names = [figure.name for figure in computed.result.figures]
    parts = _split(store, asked, computed.result, {n: earlier[n] for n in here}, names)
    return Replay(
        record,
        values,
        computed,
        here,
        gone + tuple(n for n in record.inputs if n not in asked.inputs),
        record.program != program(),
        tuple(_moved(record, computed.result, parts)),
    )


def _split(
    store: Store,
    asked: Asked,
    now: Result,
    earlier: Mapping[str, Provenance | None],
    names: list[str],
) -> dict[str, dict[str, float]]:
    """Part of each changed layer in the difference of each figure."""

    def value(happened: frozenset[str]) -> Floats:
        if len(happened) == len(earlier):
            return _values(now, names)
        arguments = {
            name: prepared(store, name)
            if name in happened or name not in earlier
            else _as_it_was(store, earlier[name])
            for name in asked.inputs
        }
        return _values(asked.analysis.run(**arguments, **asked.values), names)

    found = attribution(value, earlier)
    return {
        name: {layer: float(part[number]) for layer, part in found.items()}
        for number, name in enumerate(names)
    }


def _values(result: Result, names: list[str]) -> Floats:
    told = {figure.name: figure.value for figure in result.figures}
    return np.array([told.get(name, np.nan) for name in names], dtype=float)


def _moved(record: Record, now: Result, parts: Mapping[str, Mapping[str, float]]) -> list[Moved]:
    moved = []
    for figure in now.figures:
        if figure.name not in record.figures:
            continue
        then = record.figures[figure.name]
        before = float("nan") if then is None else then
        mine = dict(parts.get(figure.name, {}))
        rest = figure.value - before - sum(mine.values())
        moved.append(
            Moved(figure.name, figure.label, figure.unit, before, figure.value, mine, rest)
        )
    return moved


def _earlier(store: Store, name: str, fingerprint: str) -> Provenance | None:
    """Return the earlier version of a layer that a result was made of, if it is still here."""
    return next((one for one in store.history(name) if one.hash == fingerprint), None)


def _as_it_was(store: Store, origin: Provenance | None) -> Any:
    """Return an earlier version of a layer as analyses receive it."""
    assert origin is not None  # noqa: S101, only layers that are here are asked for
    return remembered(
        store,
        "earlier layers",
        (origin.layer, origin.hash),
        lambda: LAYERS[origin.layer].prepare(store.read_version(origin)),
        most=PREPARED,
    )


def _listed(texts: Any) -> list[Any]:
    return texts if isinstance(texts, list) else [texts]


def _of(one: Any, part: str) -> Any:
    return one.get(part) if isinstance(one, dict) else None


def _known(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
