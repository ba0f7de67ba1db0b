"""Compiled kernels of the library: where they are kept, and compiling them before anybody waits."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import numpy as np

import layers
from layers import network_density, paths, scan
from layers.paths import Floats, Ints
from layers.siting import Model, Problem, quick, sparse

VARIABLE = "NUMBA_CACHE_DIR"
"""Environment variable that tells numba where to keep what it has compiled."""

MODELS: tuple[Model, ...] = ("mclp", "p_median", "p_center", "lscp")
"""Between them they use every kernel of siting but that of limited room."""

FOLDER = "kernels"
"""Name of that folder in `var`."""


def keep_kernels(var: Path, package: Path = Path(layers.__file__).parent) -> None:
    """
    Let compiled kernels be kept where this account may write.

    Beside the code is best: there they go when the code goes. Where the code
    must not be written to they are kept in `var`, for this account alone,
    since whoever can write them can run them.

    Parameters
    ----------
    var
        Folder of this installation.
    package
        Where the code is.
    """
    if VARIABLE in os.environ or os.access(package, os.W_OK):
        return
    folder = var / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(folder.absolute())


def warm_up(*, everything: bool = False) -> Thread:
    """
    Compile or load the kernels in the background.

    Parameters
    ----------
    everything
        Whether those of siting and of hot spots shall follow those of the paths.

    Returns
    -------
    thread
        It ends when they are ready.
    """
    thread = Thread(target=_warm, args=(everything,), name="kernels", daemon=True)
    thread.start()
    return thread


def _warm(everything: bool) -> None:  # noqa: FBT001, a thread passes it on
    """Walk once, then site and look for hot spots if that is asked for."""
    _walk()
    if everything:
        _site()
        _look()


def _look() -> None:
    """Scan two units for a cluster, and spread one event along a street."""
    scan.bernoulli([0.0, 1.0], [0.0, 0.0], [1, 0], [0, 1], draws=1)
    street = np.array([0]), np.array([1]), np.array([100.0])
    network_density.density(_Street(*street), [0], [50.0], bandwidth=10.0)


class _Street(NamedTuple):
    """A street of one edge."""

    start: Ints
    end: Ints
    metres: Floats


def _site() -> None:
    """Choose among two places in every way there is."""
    ways = sparse(np.array([[0.0, 2.0], [2.0, 1.0], [np.inf, 1.0]]))
    for model in MODELS:
        quick(Problem(model, ways, p=None if model == "lscp" else 1))
    quick(Problem("mclp", ways, p=1, capacity=np.ones(2)))


def _walk() -> None:
    """Walk once along a street of one edge, with everything the kernels can do."""
    graph = paths.build(np.array([0]), np.array([1]), np.array([100.0]), 2)
    ends, metres = np.array([[0, 1]]), np.array([[10.0, 90.0]])
    found = paths.nearest(graph, ends, metres)
    paths.changed(
        graph,
        found,
        ends,
        metres,
        closed=np.array([True]),
        opened_ends=ends,
        opened_metres=metres,
    )
    nothing = np.empty(0, dtype=np.intp)
    paths.home(found, ends, metres, (nothing, nothing, np.empty(0)))
    paths.within_reach(graph, ends, metres, origin_ends=ends, origin_metres=metres, limit=50.0)
