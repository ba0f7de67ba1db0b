"""Why a figure moved: its change split among what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from math import factorial

import numpy as np

from .paths import Floats

MOST = 5
"""So many causes are told apart; each more doubles the work."""


def attribution(
    value: Callable[[frozenset[str]], Floats], causes: Iterable[str]
) -> dict[str, Floats]:
    """
    Split the change of some figures among its causes, whatever their order.

    Each cause gets the mean of what it adds, over all orders in which the
    causes could have come. The parts add up to the whole change, a cause that
    changes nothing gets nothing, and no cause is favoured by being named first.

    Parameters
    ----------
    value
        Takes the causes that have happened, gives the figures (m,).
    causes
        Their names; at most `MOST`.

    Returns
    -------
    parts
        (m,) for each cause, in the unit of the figures.

    Raises
    ------
    ValueError
        If there are more causes than can be told apart.

    Source
    ------
    Shapley (1953), A value for n-person games, Annals of Mathematics Studies 28, 307-317.
    """
    names = list(dict.fromkeys(causes))
    if len(names) > MOST:
        msg = f"{len(names)} causes, at most {MOST} can be told apart"
        raise ValueError(msg)
    known = {happened: np.asarray(value(happened), dtype=float) for happened in _subsets(names)}
    return {name: _share_of(name, names, known) for name in names}


def _share_of(name: str, names: list[str], known: dict[frozenset[str], Floats]) -> Floats:
    others = [other for other in names if other != name]
    whole = factorial(len(names))
    parts = [
        factorial(len(before))
        * factorial(len(others) - len(before))
        / whole
        * (known[before | {name}] - known[before])
        for before in _subsets(others)
    ]
    return np.asarray(np.sum(parts, axis=0))


def _subsets(names: list[str]) -> list[frozenset[str]]:
    return [
        frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)
    ]
