"""What is remembered of one store: prepared layers and answers; the oldest go first."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from layers import Result

from . import shelf
from .kept import Kept
from .store import Provenance, Store

LAYERS_MOST = 16
QUICK = "quick answers"

Key = tuple[Any, ...]
"""Name of an analysis, versions of what it reads, its question."""


class Memory:
    """Prepared layers and answers of one store."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.layers: dict[tuple[str, str], Any] = {}
        self.results: dict[Key, Result] = {}
        self.others: dict[str, dict[Key, Any]] = {}
        self.kept: Kept | None = None
        self._marks = ""
        self._of_marks = set[str]()

    def layer(self, store: Store, origin: Provenance) -> Any:
        """Return a layer as analyses receive it, read at most once per version."""
        key = (origin.layer, origin.hash)
        with self.lock:
            if key not in self.layers:
                _put(self.layers, key, shelf.prepared(store, origin.layer), LAYERS_MOST)
            return self.layers[key]

    def read(self, key: Key, digest: str, most: int) -> Result | None:
        """Return an answer that lies on the disk; an empty digest is none."""
        found = self.kept.get(digest) if digest and self.kept is not None else None
        if found is not None:
            with self.lock:
                _put(self.results, key, found, most)
        return found

    def keep(self, key: Key, result: Result, most: int, *, digest: str) -> None:
        """Remember an answer, one with a digest on the disk too; none of marks that are no more."""
        with self.lock:
            if key[0] in self._of_marks and self._marks not in key[1]:
                return
            _put(self.results, key, result, most)
        if digest and self.kept is not None:
            self.kept.put(digest, result)

    def made(self, kind: str, key: Key, make: Callable[[], Any], most: int) -> Any:
        """Return what is remembered of a kind, or make it; nobody else waits for it."""
        with self.lock:
            of_kind = self.others.setdefault(kind, {})
            if key in of_kind:
                return of_kind[key]
        found = make()
        with self.lock:
            _put(of_kind, key, found, most)
        return found

    def forget_other_marks(self, analysis: str, version: str) -> None:
        """
        Forget everything that was made of marks as they are no more.

        Parameters
        ----------
        analysis
            Name of an analysis that reads marks.
        version
            Stands for the marks as they are now.
        """
        with self.lock:
            self._of_marks.add(analysis)
            if version == self._marks:
                return
            self._marks = version
            for known in (self.results, self.others.get(QUICK, {})):
                for key in [key for key in known if key[0] in self._of_marks]:
                    if version not in key[1]:
                        del known[key]


def _put(into: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    while len(into) >= most:
        del into[next(iter(into))]
    into[key] = value
