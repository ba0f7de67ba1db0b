"""Indices of fairness of one value per cell, and the people it falls to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import inequality
from .paths import Floats, Ints
from .text import Text

INDICES = ("gini", "theil", "between", "concentration", "palma", "fgt0", "fgt1", "fgt2")
"""Names of the indices; "between" is the part of the Theil index between districts."""

EVEN = 0.02
"""A concentration index nearer to 0 than this is called even; an assumption."""


@dataclass(frozen=True)
class Spread:
    """
    One value per cell and the people it falls to.

    Parameters
    ----------
    values
        (n,) seats per 1,000 people, or minutes; inf where nothing is reached.
    people
        (n,) people per cell.
    district
        (n,) number of the district, -1 outside.
    rank
        (n,) what cells are ranked by; NaN is unknown.
    cost
        Whether less is better.
    """

    values: Floats
    people: Floats
    district: Ints
    rank: Floats
    cost: bool

    @cached_property
    def gini(self) -> float:
        """Gini coefficient."""
        return inequality.gini(self.values, self.people)

    @cached_property
    def theil(self) -> inequality.Theil:
        """Theil index, within and between districts."""
        return inequality.theil(self.values, self.people, self.district)

    @cached_property
    def concentration(self) -> float:
        """Concentration index over the ranking."""
        return inequality.concentration(self.values, self.people, self.rank)

    @cached_property
    def palma(self) -> float:
        """Palma ratio over the ranking."""
        return inequality.palma(self.values, self.people, self.rank)

    @property
    def standard(self) -> float:
        """What nobody should fall short of: half of the average; for a cost, twice the average."""
        known = np.isfinite(self.values)
        total = float(self.people[known].sum())
        mean = (
            float((self.values[known] * self.people[known]).sum()) / total if total > 0 else np.nan
        )
        return 2 * mean if self.cost else mean / 2

    @property
    def crooked(self) -> bool:
        """Whether concentration index and Palma ratio point in opposite directions."""
        ends = self.palma - 1
        return bool(abs(self.concentration) >= EVEN and self.concentration * ends < 0)

    @property
    def between(self) -> float:
        """Part of the Theil index that lies between districts; NaN where none is known."""
        parts = self.theil
        if not parts.total > 0 or not (self.district >= 0).any():
            return float("nan")
        return max(parts.between, 0.0) / parts.total

    def shortfall(self, alpha: float, standard: float | None = None) -> float:
        """
        Foster-Greer-Thorbecke shortfall; for a cost, of 1 / value below 1 / standard.

        Parameters
        ----------
        alpha
            As in `inequality.shortfall`.
        standard
            What nobody should fall short of; the own `standard` if left out.
        """
        least = self.standard if standard is None else standard
        if not least > 0:
            return float("nan")
        if not self.cost:
            return inequality.shortfall(self.values, self.people, least, alpha)
        quick = 1 / np.maximum(self.values, 1e-9)
        return inequality.shortfall(quick, self.people, 1 / least, alpha)

    def indices(self, standard: float | None = None) -> dict[str, float]:
        """Return every index of `INDICES`, those of falling short below `standard`."""
        found = (
            self.gini,
            self.theil.total,
            self.between,
            self.concentration,
            self.palma,
            *(self.shortfall(alpha, standard) for alpha in (0, 1, 2)),
        )
        return dict(zip(INDICES, found, strict=True))

    @property
    def short_label(self) -> Text:
        """What it means to fall short."""
        if self.cost:
            return Text("walk more than twice the average")
        return Text("less than half of the average")
