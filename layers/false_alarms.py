"""
False alarms: what a map of hot spots shows where no place is worse.

Towns are imagined in which people are here and not there, and report more in
one part of town than in another, but in which no place is worse. Whatever a
recipe calls hot there is a false alarm. It is why the maps compare unsafe with
at-ease marks and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .exact_tests import hypergeometric, poisson, smallest
from .getis_ord import getis_ord
from .grid_towns import SIDE, footfall
from .multiple_tests import RATE, attainable, benjamini_hochberg
from .paths import Bools, Floats, Ints

MARKS = 1200
"""Unsafe marks in each town, and as many at-ease ones; assumption."""
PEOPLE, REPORTING = 0.8, 1.0
"""Standard deviation of the logarithm of people in a cell, and of how often they report."""
SMOOTH = 5.0
"""How far around it [cells] a cell resembles its neighbours; assumption, as the two above."""
LEVEL = 0.05
"""Chance below which a single cell is called hot without correction; habit of the field."""
DRAWS = 9_999
"""Draws of Gi* in each town."""

RECIPES = ("gi", "gi_corrected", "footfall", "footfall_corrected", "compared", "compared_every")
"""Ways to call a cell hot, see `hot_by`."""


@dataclass(frozen=True, eq=False)
class FalseAlarms:
    """
    Cells called hot though no place is worse.

    Parameters
    ----------
    runs
        How many towns were imagined.
    cells
        Cells of each.
    per_map
        (runs,) cells called hot in each town, by recipe.
    example
        (side, side) which cells of the first town are, by recipe; the first row is the north.
    """

    runs: int
    cells: int
    per_map: Mapping[str, Ints]
    example: Mapping[str, Bools]

    def mean(self, recipe: str) -> float:
        """Return false hot cells per map."""
        return float(self.per_map[recipe].mean())

    def any(self, recipe: str) -> float:
        """Return the share of maps that show any."""
        return float((self.per_map[recipe] > 0).mean())


def false_alarms(
    *,
    runs: int = 20,
    seed: int = 1,
    marks: int = MARKS,
    side: int = SIDE,
    people: float = PEOPLE,
    reporting: float = REPORTING,
    apart: float = 0.0,
    draws: int = DRAWS,
) -> FalseAlarms:
    """
    Imagine towns where no place is worse, and count what each recipe calls hot.

    Parameters
    ----------
    runs
        How many towns; a few dozen are enough for a page.
    seed
        Decides which.
    marks
        Unsafe marks in each, and as many at-ease ones.
    side
        Cells along each side of a town.
    people, reporting
        How uneven people are, and how often they report: standard deviations
        of the logarithm. 0 is even.
    apart
        How unevenly people prefer one kind of mark to the other. The
        comparison of both kinds assumes that they do not: 0.
    draws
        Draws of Gi* in each town.
    """
    rng = np.random.default_rng(seed)
    here, willing, liking = (
        footfall(rng, runs, side=side, spread=spread, smooth=SMOOTH)
        for spread in (people, reporting, apart)
    )
    graph = neighbours(side)
    hot: dict[str, list[Bools]] = {recipe: [] for recipe in RECIPES}
    for i in range(runs):
        both = here[i] * willing[i]
        cases, controls = (
            rng.multinomial(marks, told / told.sum()) for told in (both * liking[i], both)
        )
        found = hot_by(cases, controls, here[i], graph, draws=draws, seed=seed + i)
        for recipe in RECIPES:
            hot[recipe].append(found[recipe])
    return FalseAlarms(
        runs=runs,
        cells=side * side,
        per_map={recipe: np.sum(maps, axis=1) for recipe, maps in hot.items()},
        example={recipe: maps[0].reshape(side, side) for recipe, maps in hot.items()},
    )


def hot_by(
    cases: ArrayLike,
    controls: ArrayLike,
    share: ArrayLike,
    graph: tuple[Ints, Ints],
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> dict[str, Bools]:
    """
    Tell which cells each recipe calls hot.

    Parameters
    ----------
    cases, controls
        (m,) unsafe and at-ease marks.
    share
        (m,) share of all people who pass.
    graph
        Pointers and neighbours as in `getis_ord`.
    draws, seed
        Of the permutations of Gi*.

    Returns
    -------
    hot
        gi: Gi* on counts of unsafe marks, p below `LEVEL`; gi_corrected: the
        same with the rate of false discoveries kept. footfall,
        footfall_corrected: counts against what true footfall lets expect
        (Poisson). compared: unsafe against at-ease marks, exactly, as the maps of this
        application do; compared_every: the same, corrected for every cell with marks.
    """
    cases, controls = np.asarray(cases), np.asarray(controls)
    gi = getis_ord(cases, *graph, draws=draws, seed=seed).p
    passing: Floats = np.asarray(share, dtype=float) * cases.sum()
    more = poisson(cases, passing)
    exact = hypergeometric(cases, controls)
    possible = attainable(smallest(cases, controls))
    return {
        "gi": gi < LEVEL,
        "gi_corrected": benjamini_hochberg(gi, rate=RATE).rejected,
        "footfall": more < LEVEL,
        "footfall_corrected": benjamini_hochberg(more, rate=RATE).rejected,
        "compared": benjamini_hochberg(np.where(possible, exact, np.nan), rate=RATE).rejected,
        "compared_every": benjamini_hochberg(exact, rate=RATE).rejected,
    }


def neighbours(side: int) -> tuple[Ints, Ints]:
    """Pointers and neighbours of the cells of a square town: up to eight around each."""
    row, column = np.divmod(np.arange(side * side), side)
    steps = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
    rows = row[:, None] + np.array([down for down, _ in steps])
    columns = column[:, None] + np.array([right for _, right in steps])
    inside = (rows >= 0) & (rows < side) & (columns >= 0) & (columns < side)
    pointers = np.concatenate([[0], np.cumsum(inside.sum(axis=1))])
    return pointers, (rows * side + columns)[inside]
