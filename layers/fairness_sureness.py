"""How sure indices of fairness are: each computed anew in every draw, for all groups in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .fairness_indices import INDICES, Spread
from .paths import Floats, Ints
from .redrawing import ends_of, people_drawn, walks_drawn
from .uncertainty import Situation

DRAWS = 100
"""So often everything is computed anew, as supply is."""

Valued = Callable[[csr_array[Any], Floats, np.random.Generator], Floats]
"""From drawn walks [m] and people asked about to one value per cell."""


@dataclass(frozen=True, eq=False)
class IndicesDrawn:
    """
    Draws of every index of every group.

    Parameters
    ----------
    groups
        The group asked about, then all others that are counted.
    indices
        (d, g, i) value of each of `INDICES`.
    """

    groups: tuple[str, ...] = ()
    indices: Floats = field(default_factory=lambda: np.empty((0, 0, len(INDICES))))

    def ends(self, index: str, value: float) -> tuple[float, float]:
        """
        Return between which values an index of the group asked about lies in nine of ten draws.

        Parameters
        ----------
        index
            One of `INDICES`.
        value
            What it is without any doubt; it always lies between them.
        """
        if not self.groups or not np.isfinite(value):
            return float("nan"), float("nan")
        low, high = ends_of(self.indices[:, 0, INDICES.index(index)])
        return min(low, value), max(high, value)

    def alike(self, index: str) -> tuple[str, ...]:
        """Return the groups whose index may be as large as that of the group asked about."""
        found = []
        for number, name in enumerate(self.groups[1:], start=1):
            one, other = (self.indices[:, g, INDICES.index(index)] for g in (0, number))
            low, high = ends_of(one - other)
            if low <= 0 <= high:
                found.append(name)
        return tuple(found)


UNDRAWN = IndicesDrawn()
"""Nothing was drawn."""


def indices_drawn(
    situation: Situation,
    groups: Sequence[str],
    value: Valued,
    *,
    district: Ints,
    cost: bool,
    draws: int = DRAWS,
    seed: int = 1,
) -> IndicesDrawn:
    """
    Compute all indices again and again.

    Parameters
    ----------
    situation
        Walks and people, and how wrong they may be: a column for each of `groups`, then
        people of the group that ranks neighbourhoods and all who are not in it.
    groups
        The group asked about, then others to compare with.
    value
        What falls to a person of each cell in a draw.
    district
        (n,) number of the district, -1 outside.
    cost
        Whether less is better.
    draws, seed
        How often, and from where chance starts.

    Returns
    -------
    drawn
        Groups share walks, values and ranks in each draw, and the standard of the group
        asked about, so that what is unsure for all hides no difference between them.
    """
    rng = np.random.default_rng(seed)
    table = []
    for _ in range(draws):
        reach = walks_drawn(situation, rng)
        people = people_drawn(situation, rng)
        values = value(reach, people[:, 0], rng)
        rank = _part(people[:, -2], people[:, -1])
        spreads = [
            Spread(values, people[:, number], district, rank, cost) for number in range(len(groups))
        ]
        standard = spreads[0].standard
        table.append([list(spread.indices(standard).values()) for spread in spreads])
    return IndicesDrawn(tuple(groups), np.array(table).reshape(draws, len(groups), len(INDICES)))


def _part(one: Floats, others: Floats) -> Floats:
    """Share of a group in each cell; NaN where nobody is left."""
    whole = one + others
    return np.divide(one, whole, out=np.full(len(whole), np.nan), where=whole > 0)
