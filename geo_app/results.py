"""Runs an analysis on what the store holds, and remembers what it found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from geopandas import GeoDataFrame

from layers import LAYERS, Analysis, LayersError, MissingLayerError, Result, Text
from layers.credible import MARKS
from layers.watch import Watch, nobody

from . import clock, shelf
from .kept import Kept, program
from .memory import QUICK, Memory
from .planned import PLACES, Planned, planned
from .shelf import as_of_today
from .store import Provenance, Store
from .store.credible import credible_marks, origin_of_marks

REMEMBERED_RESULTS = 64
NOT_READY = Text("this has to be computed first; open the page of the question and start it there")

REACHED = frozenset({"meeting_places", "counselling_services"})
"""Layers of which a question asks for one."""


class NotReadyError(LayersError):
    """A long analysis has no answer yet."""


@dataclass(frozen=True)
class Computed:
    """
    A result and what it was made of.

    Parameters
    ----------
    result
        What the analysis found.
    inputs
        Provenance of every layer it read.
    final
        Whether nothing better can be had by waiting.
    """

    result: Result
    inputs: tuple[Provenance, ...]
    final: bool = True

    @property
    def invented(self) -> bool:
        """Whether any of its inputs is invented."""
        return any(layer.invented for layer in self.inputs)


@dataclass(frozen=True)
class Asked:
    """
    A question to the layers as they are now.

    Parameters
    ----------
    analysis, values
        What is asked.
    inputs
        Provenance of every layer it reads.
    at
        Moment for which marks are read.
    instead
        The list of places of a scenario, if the question counts with that.
    """

    analysis: Analysis
    values: Mapping[str, Any]
    inputs: Mapping[str, Provenance]
    at: datetime
    instead: Planned | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What an answer is remembered by."""
        versions = tuple(p.hash for p in self.inputs.values())
        values = tuple((name, self.values[name]) for name in sorted(self.values))
        return self.analysis.name, versions, values

    @property
    def told(self) -> tuple[Provenance, ...]:
        """What the answer is made of: of the places only those that are asked for."""
        question = self.values.get("question")
        aside = REACHED - {question.reach} if question is not None else frozenset()
        return tuple(p for name, p in self.inputs.items() if name not in aside)

    @property
    def digest(self) -> str:
        """The same as text, and for this version of the program: a name for a file."""
        told = (
            program(),
            self.analysis.name,
            {name: p.hash for name, p in self.inputs.items()},
            self.analysis.write(self.values),
        )
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:40]


def asked_of(
    store: Store, analysis: Analysis, values: Mapping[str, Any], *, at: datetime | None = None
) -> Asked:
    """
    Bind a question to the layers as they are now.

    Parameters
    ----------
    store, analysis, values
        As in `compute`.
    at
        Now, where no clock of the application can be asked.

    Raises
    ------
    MissingLayerError
        Lists every layer that the analysis cannot do without.
    """
    at = at or clock.now()
    inputs, instead = _inputs(store, analysis, at), planned_by(store, values)
    if instead is not None and PLACES in inputs:
        inputs[PLACES] = instead.origin
    asked = Asked(analysis, values, inputs, at, instead)
    if analysis.confidential:
        _of(store).forget_other_marks(analysis.name, asked.inputs[MARKS.name].hash)
    return asked


def keep_in(store: Store, kept: Kept) -> None:
    """Keep the results of long analyses of this store on the disk as well."""
    _of(store).kept = kept


def compute(
    store: Store,
    analysis: Analysis,
    values: Mapping[str, Any],
    *,
    watch: Watch = nobody,
    at: datetime | None = None,
) -> Computed:
    """
    Run an analysis on the layers of the store, however long it takes.

    Layers are read and prepared once per version, results remembered per
    question, so that asking again costs nothing.

    Parameters
    ----------
    store
        Where the layers are.
    analysis
        What to run.
    values
        Its checked arguments, from `analysis.parse`.
    watch
        Who waits for it, if it is long.
    at
        Now, where no clock of the application can be asked.

    Raises
    ------
    MissingLayerError
        Lists every layer that the analysis cannot do without.
    Cancelled
        If nobody wants the answer any more.
    """
    asked = asked_of(store, analysis, values, at=at)
    known = _known(store, asked)
    if known is None:
        if analysis.long:
            watch(0.0, Text("reading the layers"))
        watching = {"watch": watch} if analysis.long else {}
        known = analysis.run(**_arguments(store, asked), **values, **watching)
        _of(store).keep(asked.key, known, REMEMBERED_RESULTS, digest=_file(asked))
    return Computed(known, asked.told)


def at_once(store: Store, analysis: Analysis, values: Mapping[str, Any]) -> Computed | None:
    """
    Return the best answer that nobody has to wait for.

    That is the answer itself where the analysis is not long or was computed
    before, else its quick answer, else None.

    Parameters
    ----------
    store, analysis, values
        As in `compute`.

    Raises
    ------
    MissingLayerError
        Lists every layer that the analysis cannot do without.
    """
    asked = asked_of(store, analysis, values)
    known = _known(store, asked)
    if known is not None or not analysis.long:
        return compute(store, analysis, values)
    quick = analysis.quick
    if quick is None:
        return None
    found = remembered(
        store,
        QUICK,
        asked.key,
        lambda: quick(**_arguments(store, asked), **values),
        most=REMEMBERED_RESULTS,
    )
    return Computed(found, asked.told, final=found.final)


def ready(store: Store, analysis: Analysis, values: Mapping[str, Any]) -> Computed | None:
    """Return an answer as `compute` would, but only one that is remembered; None without one."""
    asked = asked_of(store, analysis, values)
    known = _known(store, asked)
    return None if known is None else Computed(known, asked.told)


def answer(store: Store, analysis: Analysis, values: Mapping[str, Any]) -> Computed:
    """
    Return the best answer there is, as `at_once`.

    Raises
    ------
    NotReadyError
        If it has to be computed first.
    """
    computed = at_once(store, analysis, values)
    if computed is None:
        raise NotReadyError([NOT_READY])
    return computed


def trace(store: Store, analysis: Analysis, values: Mapping[str, Any], row: str) -> GeoDataFrame:
    """
    Draw what lies behind one row of a result, such as the walk from one cell.

    Parameters
    ----------
    store, analysis, values
        As in `compute`.
    row
        Id of the row.

    Raises
    ------
    LookupError
        If the analysis has nothing to draw, or there is no such row.
    """
    return _drawn(store, analysis, analysis.trace, values, row)


def picture(
    store: Store, analysis: Analysis, values: Mapping[str, Any], place: str
) -> GeoDataFrame:
    """
    Draw what lies around one place, such as its reach.

    Parameters
    ----------
    store, analysis, values
        As in `compute`.
    place
        Id of the place.

    Raises
    ------
    LookupError
        If the analysis has nothing to draw, or there is no such place.
    """
    return _drawn(store, analysis, analysis.picture, values, place)


def prepared(store: Store, name: str) -> Any:
    """
    Return a layer as analyses receive it, read at most once per version; marks always anew.

    Raises
    ------
    NotImportedError
        If the layer is not in the store (also a KeyError).
    """
    if name == MARKS.name:
        return credible_marks(store, at=clock.now())
    return _of(store).layer(store, as_of_today(store, name))


def remembered(
    store: Store, kind: str, key: tuple[Any, ...], make: Callable[[], Any], *, most: int
) -> Any:
    """
    Return what was made of the store before, or make it and remember it.

    Parameters
    ----------
    store
        The city's data.
    kind
        What is made; each kind forgets its own oldest first.
    key
        What it was made of, such as hashes of layers and a question.
    make
        Makes it.
    most
        So many of this kind are remembered.
    """
    return _of(store).made(kind, key, make, most)


def _drawn(
    store: Store,
    analysis: Analysis,
    draw: Callable[..., GeoDataFrame] | None,
    values: Mapping[str, Any],
    row: str,
) -> GeoDataFrame:
    if draw is None:
        raise LookupError(analysis.name)
    return draw(row, **_arguments(store, asked_of(store, analysis, values)), **values)


def planned_by(store: Store, values: Mapping[str, Any]) -> Planned | None:
    """
    Return the scenario whose places a question counts with, or None.

    Raises
    ------
    UnknownScenarioError
        If there is no such scenario.
    """
    key = getattr(values.get("question"), "scenario", "")
    return planned(store, key) if key else None


def counted(store: Store, values: Mapping[str, Any]) -> GeoDataFrame:
    """Return the places that count for a question, of the city's list or of a scenario's."""
    question, instead = values["question"], planned_by(store, values)
    planned_list = instead is not None and question.reach == PLACES
    table = instead.table if planned_list and instead else shelf.table(store, question.reach)
    found: GeoDataFrame = question.places(table)
    return found


def _arguments(store: Store, asked: Asked) -> dict[str, Any]:
    instead = {} if asked.instead is None else {PLACES: asked.instead.table}
    return {
        name: credible_marks(store, at=asked.at)
        if name == MARKS.name
        else _of(store).layer(store, p)
        for name, p in asked.inputs.items()
        if name not in instead
    } | {name: table for name, table in instead.items() if name in asked.inputs}


@lru_cache(maxsize=4)
def _of(store: Store) -> Memory:  # noqa: ARG001, the store is the key
    return Memory()


def _known(store: Store, asked: Asked) -> Result | None:
    memory = _of(store)
    found = memory.results.get(asked.key)
    return found or memory.read(asked.key, _file(asked), REMEMBERED_RESULTS)


def _file(asked: Asked) -> str:
    """Return the name of a file for an answer; "" if it is not worth one, or may be in none."""
    lasting = asked.analysis.long and not asked.analysis.confidential
    return asked.digest if lasting else ""


def _inputs(store: Store, analysis: Analysis, at: datetime) -> dict[str, Provenance]:
    present = {*store.names(), MARKS.name}
    missing = [name for name, needed in analysis.inputs.items() if needed and name not in present]
    if missing:
        raise MissingLayerError(
            missing,
            [
                Text("the layer “{layer}” is missing; import it first", layer=LAYERS[name].title)
                for name in missing
            ],
        )
    return {
        name: origin_of_marks(store, at=at) if name == MARKS.name else as_of_today(store, name)
        for name in analysis.inputs
        if name in present
    }
