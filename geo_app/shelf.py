"""Tables of the store, kept at hand: a layer is read once per version."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from geopandas import GeoDataFrame

from .store import Provenance, Store

KEPT = 12
_LOCK = Lock()


def table(store: Store, name: str) -> GeoDataFrame:
    """
    Return a layer of the store; do not change it, others read it too.

    Parameters
    ----------
    store
        Where the layer is.
    name
        Its name.

    Raises
    ------
    KeyError
        If the store does not have it.
    """
    version = store.provenance(name).hash
    with _LOCK:
        return _read(store, name, version)


@lru_cache(maxsize=KEPT)
def _read(store: Store, name: str, version: str) -> GeoDataFrame:  # noqa: ARG001, part of the key
    return store.read(name)


def present(store: Store) -> dict[str, Provenance]:
    """Return the provenance of every layer that the store has, by its name."""
    return {name: store.provenance(name) for name in store.names()}
