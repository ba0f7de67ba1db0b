"""Runs an analysis on what the store holds, and remembers what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from geopandas import GeoDataFrame

from layers import LAYERS, Analysis, MissingLayerError, Result, Text

from .shelf import table
from .store import Provenance, Store

REMEMBERED_LAYERS = 16
REMEMBERED_RESULTS = 64


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
    """

    result: Result
    inputs: tuple[Provenance, ...]

    @property
    def invented(self) -> bool:
        """Whether any of its inputs is invented."""
        return any(layer.invented for layer in self.inputs)


def compute(store: Store, analysis: Analysis, values: Mapping[str, Any]) -> Computed:
    """
    Run an analysis on the layers of the store.

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

    Raises
    ------
    MissingLayerError
        Lists every layer that the analysis cannot do without.
    """
    inputs = _inputs(store, analysis)
    key = (
        analysis.name,
        tuple(p.hash for p in inputs.values()),
        tuple((name, values[name]) for name in sorted(values)),
    )
    remembered = _of(store)
    if key not in remembered.results:
        arguments = {name: remembered.layer(store, p) for name, p in inputs.items()}
        remembered.keep(key, analysis.run(**arguments, **values))
    return Computed(remembered.results[key], tuple(inputs.values()))


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
    Return a layer as analyses receive it, read at most once per version.

    Raises
    ------
    NotImportedError
        If the layer is not in the store (also a KeyError).
    """
    return _of(store).layer(store, store.provenance(name))


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
    inputs = _inputs(store, analysis)
    arguments = {name: _of(store).layer(store, p) for name, p in inputs.items()}
    return draw(row, **arguments, **values)


class _Remembered:
    """Prepared layers and results of one store; the oldest are forgotten first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.layers: dict[tuple[str, str], Any] = {}
        self.results: dict[tuple[Any, ...], Result] = {}
        self.others: dict[str, dict[tuple[Any, ...], Any]] = {}

    def layer(self, store: Store, origin: Provenance) -> Any:
        """Return a layer as analyses receive it, read at most once per version."""
        key = (origin.layer, origin.hash)
        with self.lock:
            if key not in self.layers:
                prepared = LAYERS[origin.layer].prepare(table(store, origin.layer))
                _put(self.layers, key, prepared, REMEMBERED_LAYERS)
            return self.layers[key]

    def keep(self, key: tuple[Any, ...], result: Result) -> None:
        """Remember a result."""
        with self.lock:
            _put(self.results, key, result, REMEMBERED_RESULTS)

    def made(self, kind: str, key: tuple[Any, ...], make: Callable[[], Any], most: int) -> Any:
        """Return what is remembered of a kind, or make it; nobody else waits for it."""
        with self.lock:
            of_kind = self.others.setdefault(kind, {})
            if key in of_kind:
                return of_kind[key]
        found = make()
        with self.lock:
            _put(of_kind, key, found, most)
        return found


def _put(into: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    while len(into) >= most:
        del into[next(iter(into))]
    into[key] = value


@lru_cache(maxsize=4)
def _of(store: Store) -> _Remembered:  # noqa: ARG001, the store is the key
    return _Remembered()


def _inputs(store: Store, analysis: Analysis) -> dict[str, Provenance]:
    present = set(store.names())
    missing = [name for name, needed in analysis.inputs.items() if needed and name not in present]
    if missing:
        raise MissingLayerError(
            missing,
            [
                Text("the layer “{layer}” is missing; import it first", layer=LAYERS[name].title)
                for name in missing
            ],
        )
    return {name: store.provenance(name) for name in analysis.inputs if name in present}
