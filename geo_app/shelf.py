"""Tables of the store, kept at hand: a layer is read once per version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from geopandas import GeoDataFrame

from layers import LAYERS
from layers.joins import joined
from layers.sources import pins, street_links, streets

from .clock import today
from .store import Provenance, Store

KEPT = 12
RUNNING_OUT = {pins.LAYER.name: pins.shown}
"""Layers whose rows have a last day, and which of them are still shown."""
STREETS, LINKS = streets.LAYER.name, street_links.LAYER.name
_LOCK = Lock()


def table(store: Store, name: str, *, on: date | None = None) -> GeoDataFrame:
    """
    Return a layer of the store; do not change it, others read it too.

    Parameters
    ----------
    store
        Where the layer is.
    name
        Its name.
    on
        The day, today unless told: rows whose last day is over are not in it.

    Raises
    ------
    KeyError
        If the store does not have it.
    """
    version = store.provenance(name).hash
    with _LOCK:
        return _shown(store, name, version, (on or today()) if name in RUNNING_OUT else None)


def as_of_today(store: Store, name: str) -> Provenance:
    """
    Return where a layer comes from, with a hash that stands for what analyses get today.

    Rows that have run out are not among it; streets come with the links that were added.
    """
    origin = store.provenance(name)
    if name in RUNNING_OUT:
        return replace(origin, hash=f"{origin.hash} {today().isoformat()}")
    if name == STREETS and LINKS in store.names():
        return replace(origin, hash=f"{origin.hash} {store.provenance(LINKS).hash}")
    return origin


def prepared(store: Store, name: str) -> Any:
    """Return a layer as analyses receive it; streets as a network with the links added."""
    found = LAYERS[name].prepare(table(store, name))
    if name == STREETS and LINKS in store.names():
        return joined(found, table(store, LINKS))
    return found


@lru_cache(maxsize=KEPT)
def _shown(store: Store, name: str, version: str, on: date | None) -> GeoDataFrame:  # noqa: ARG001, part of the key
    rows = store.read(name)
    return rows if on is None else RUNNING_OUT[name](rows, on)


def present(store: Store) -> dict[str, Provenance]:
    """Return the provenance of every layer that the store has, by its name."""
    return {name: store.provenance(name) for name in store.names()}
