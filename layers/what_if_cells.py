"""Every cell before and after: who lives there, and how far it is to the nearest place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .doubts import Interval
from .paths import Bools, Floats, Ints
from .sources.population import GROUPS

LONG = 60.0
"""Longer walks, and none at all, count as this in differences [min]: nobody walks them."""


@dataclass(frozen=True, eq=False)
class People:
    """
    Who lives in each cell, of every group the census knows.

    Parameters
    ----------
    asked
        Name of the group that is asked about.
    groups
        Name to (n,) people; 0 where it is not known.
    totals
        Name to their sum.
    """

    asked: str
    groups: Mapping[str, Floats]
    totals: Mapping[str, float]

    @classmethod
    def of(cls, population: GeoDataFrame, asked: str) -> Self:
        """Read the numbers of people once."""
        known = {
            name: np.nan_to_num(population[name].to_numpy())
            for name in GROUPS
            if name == asked or population[name].notna().any()
        }
        return cls(asked, known, {name: float(of.sum()) for name, of in known.items()})

    def share(self, name: str, chosen: Bools) -> float:
        """Share of a group [%], as `shares.share` gives it; NaN if nobody is counted."""
        total = self.totals[name]
        return float(100 * self.groups[name][chosen].sum() / total) if total else float("nan")


@dataclass(frozen=True, eq=False)
class Side:
    """
    One list of places and what it means.

    Parameters
    ----------
    layer
        All meeting places.
    places
        Those that count.
    lost
        How many of them no way leads to.
    target
        (n,) which of them is the nearest to each cell; -1 is none.
    minutes
        (n,) the walk there [min].
    limit
        Longest walk that counts [min].
    people
        Who lives in the cells.
    interval
        Worst and best case of the share [%], if something is not known.
    """

    layer: GeoDataFrame
    places: GeoDataFrame
    lost: int
    target: Ints
    minutes: Floats
    limit: float
    people: People
    interval: Interval | None

    @cached_property
    def covered(self) -> Bools:
        """Whether a cell reaches a place in time."""
        return self.minutes <= self.limit

    @cached_property
    def capped(self) -> Floats:
        """The walk [min]; none, and every longer one, is as long as `LONG`."""
        return np.minimum(self.minutes, LONG)

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of every group that reaches a place in time [%]."""
        return {name: self.people.share(name, self.covered) for name in self.people.groups}

    @cached_property
    def served(self) -> Floats:
        """(k,) people for whom a place is the nearest, in time."""
        chosen = self.covered & (self.target >= 0)
        people = self.people.groups[self.people.asked]
        return sums(self.target[chosen], people[chosen], len(self.places))

    @cached_property
    def names(self) -> tuple[Any, Any]:
        """Name and id of the place nearest to each cell."""
        # the last one, that of nobody, is where -1 points
        each = (self.places["name"].tolist(), self.places.index.tolist())
        name, place = (pd.array([*of, ""], dtype="str").take(self.target) for of in each)
        return name, place


@dataclass(frozen=True, eq=False)
class Cells:
    """
    Every cell before and after.

    Parameters
    ----------
    one, other
        The places before and afterwards.
    """

    one: Side
    other: Side

    @cached_property
    def gained(self) -> Ints:
        """Cells that reach a place in time afterwards and did not before."""
        return np.flatnonzero(self.other.covered & ~self.one.covered)

    @cached_property
    def lost(self) -> Ints:
        """Cells that reached one before and do not afterwards."""
        return np.flatnonzero(self.one.covered & ~self.other.covered)

    @cached_property
    def change(self) -> Floats:
        """How much longer each walk is [min]; none is as long as `LONG`."""
        return self.other.capped - self.one.capped

    @property
    def people(self) -> Floats:
        """People asked about in each cell."""
        return self.one.people.groups[self.one.people.asked]


def sums(where: Ints, values: Floats, count: int) -> Floats:
    """Sum values by where they belong, 0 to `count`."""
    return np.asarray(np.bincount(where, weights=values, minlength=count), dtype=np.float64)
