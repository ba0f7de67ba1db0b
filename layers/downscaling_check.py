"""How well people of coarse areas are put into 100 m cells, measured where a finer grid knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .crs import INSPIRE
from .downscaling import CELL, downscale
from .text import Text


@dataclass(frozen=True)
class Placement:
    """
    Estimated cells beside known ones.

    Parameters
    ----------
    known, estimated
        People in all cells, as known and as estimated.
    cells
        Number of cells in which somebody is known or estimated.
    error
        By how many people the cell in which a person lives is wrong, on average over
        all people known (mean absolute error, weighted by people).
    misplaced
        Share of people put into a wrong cell [%], once totals are made equal: 0 if
        every cell is right, 100 if nobody is where people are.
    """

    known: float
    estimated: float
    cells: int
    error: float
    misplaced: float

    @property
    def total_error(self) -> float:
        """How many people too many are estimated in all; negative if too few."""
        return self.estimated - self.known


@dataclass(frozen=True)
class Measured:
    """
    A downscaling beside what is known, and beside spreading everybody evenly.

    Parameters
    ----------
    placement, evenly
        By the weights given, and without any.
    areas
        Number of coarse areas compared.
    """

    placement: Placement
    evenly: Placement
    areas: int


def compare(estimated: pd.Series[float], known: pd.Series[float]) -> Placement:
    """
    Compare estimated cells with known ones.

    Parameters
    ----------
    estimated, known
        People by id of the cell; a cell that is missing holds nobody, NaN is unknown
        and is left out of both.

    Returns
    -------
    placement
        Errors in all and per cell; NaN where nobody is known.

    Source
    ------
    Share misplaced: the dissimilarity index of Duncan & Duncan (1955), American
    Sociological Review 20(2), 210-217, between the two maps.
    """
    cells = estimated.index.union(known.index)
    guess = estimated.reindex(cells, fill_value=0.0).to_numpy(dtype=float)
    truth = known.reindex(cells, fill_value=0.0).to_numpy(dtype=float)
    told = np.isfinite(guess) & np.isfinite(truth) & ((guess > 0) | (truth > 0))
    guess, truth = guess[told], truth[told]
    people, total = float(truth.sum()), float(guess.sum())
    if not people > 0:
        return Placement(people, total, len(truth), np.nan, np.nan)
    off = np.abs(guess - truth)
    apart = 50 * float(np.abs(guess / total - truth / people).sum()) if total > 0 else np.nan
    return Placement(people, total, len(truth), float(off @ truth) / people, apart)


def measure(
    source: GeoDataFrame, finer: GeoDataFrame, weights: Sequence[GeoDataFrame], *, count: str
) -> Measured | None:
    """
    Downscale areas whose finer cells are known, and compare.

    Parameters
    ----------
    source
        Whole coarse areas, in metres, with the column `count`: none that is cut by a
        border or by the end of the map data.
    finer
        Known cells of 100 m in the same CRS with the column `count`, indexed by their id.
    weights
        As in `downscaling.downscale`.
    count
        Column to compare, such as `residents` or a group.

    Returns
    -------
    measured
        None where no area has both.
    """
    middles = finer.geometry.representative_point()
    cell, area = source.sindex.query(middles, predicate="intersects")
    cell, first = np.unique(cell, return_index=True)
    both = np.unique(area[first])
    both = both[source[count].notna().to_numpy()[both]]
    if not len(both):
        return None
    inside = finer.iloc[cell[np.isin(area[first], both)]]
    areas = source.iloc[both]
    known = inside[count].groupby(level=0).sum(min_count=1)
    by_weights, evenly = (
        compare(downscale(areas, given, counts=[count]).table[count], known)
        for given in (weights, ())
    )
    return Measured(by_weights, evenly, len(both))


def remark(measured: Measured, what: Text | str) -> Text:
    """
    Tell a measured error in one sentence.

    Parameters
    ----------
    measured
        What was measured.
    what
        Whom it was measured by, such as foreign nationals.
    """
    return Text(
        "measured on {areas} {areas:area|areas} with {people} {what}, whose finer cells are known:"
        " {misplaced} of 100 are put into a wrong cell of 100 m (spread evenly it would be"
        " {evenly}); the cell of a person is wrong by {error} on average, the total by {total}",
        areas=measured.areas,
        people=round(measured.placement.known),
        what=what,
        misplaced=round(measured.placement.misplaced),
        evenly=round(measured.evenly.misplaced),
        error=round(measured.placement.error, 1),
        total=round(measured.placement.total_error),
    )


def are_fine(cells: GeoDataFrame) -> bool:
    """Tell whether cells are those of the European 100 m grid, counted and not estimated."""
    if cells.empty or bool(cells["downscaled"].any()):
        return False
    bounds = shapely.bounds(np.asarray(cells.geometry.to_crs(INSPIRE).array))
    sides = bounds[:, 2:] - bounds[:, :2]
    return bool((np.abs(np.median(sides, axis=0) - CELL) < 1).all())
