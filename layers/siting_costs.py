"""What places cost a year, where a city weighs money: new ones, those it keeps, those it closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .errors import InfeasibleError
from .paths import Floats, Ints
from .sites import Sites
from .siting import Solution
from .siting_question import Wish
from .text import Text

YEARLY, CLOSING = "yearly_cost", "closing_cost"
"""Columns of a layer that tell what a place costs, where a city has noted it."""


@dataclass(frozen=True, eq=False)
class Prices:
    """
    What each place costs [€ a year].

    Parameters
    ----------
    cost
        (m,) of a place that is part of an answer: those of today, then candidates.
    closing
        (m,) of a place that is given up; 0 for candidates.
    known
        Of how many places the layer itself tells the cost.
    """

    cost: Floats
    closing: Floats
    known: int

    def of(self, solution: Solution) -> float:
        """Sum up an answer: what is chosen and what closing the rest costs."""
        return self.of_these(solution.chosen)

    def of_these(self, chosen: Ints) -> float:
        """Sum up any choice."""
        left = np.ones(len(self.cost), dtype=bool)
        left[chosen] = False
        return float(self.cost[chosen].sum() + self.closing[left].sum())


def prices_of(
    wish: Wish, standing: GeoDataFrame, places: GeoDataFrame, found: Sites
) -> Prices | None:
    """
    Gather what every place costs; None where nobody asks for money.

    Parameters
    ----------
    wish
        What is asked, with the costs to take where the layer tells none.
    standing
        (e,) places of today that take part.
    places
        The whole layer: a candidate that is a place of it has the cost noted there.
    found
        (c,) candidates.

    Raises
    ------
    InfeasibleError
        If there is a budget and new places cost nothing, so that it limits nothing.
    """
    told = _noted(places, YEARLY, pd.Index(found.ids))
    new = np.where(np.isnan(told), wish.new_cost, told)
    kept = _noted(places, YEARLY, standing.index)
    closed = _noted(places, CLOSING, standing.index)
    cost = np.concatenate([np.where(np.isnan(kept), wish.keep_cost, kept), new])
    closing = np.concatenate([np.where(np.isnan(closed), wish.close_cost, closed), 0 * new])
    if not wish.weighs_money or (wish.budget <= 0 and not (cost > 0).any()):
        return None
    if wish.budget > 0 and not (new > 0).any():
        raise InfeasibleError([FOR_NOTHING])
    return Prices(cost, closing, int((~np.isnan(np.concatenate([kept, told]))).sum()))


def _noted(places: GeoDataFrame, column: str, ids: pd.Index) -> Floats:
    """Return what a layer says of the cost of some of its places; NaN where it does not."""
    if column not in places:
        return np.full(len(ids), np.nan)
    return np.asarray(places[column].reindex(ids).to_numpy(dtype=float))


FOR_NOTHING = Text(
    "a budget limits nothing while new places cost nothing: say what a new place costs a year"
)
