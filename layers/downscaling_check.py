"""How well people of coarse areas are put into 100 m cells, measured where a finer grid knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .crs import INSPIRE
from .downscaling import CELL, cell_squares, downscale
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
        Coarse areas, in metres, with the column `count`: none of which only a part is
        known (see `covered`).
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


def covered(source: GeoDataFrame, finer: GeoDataFrame, land: Any, count: str) -> GeoDataFrame:
    """
    Return areas as far as they can be judged: whole ones, and the known part of cut ones.

    Parameters
    ----------
    source, finer, count
        As in `measure`; areas of the census grid, some of them cut by the edge of `land`.
    land
        Where homes are known, such as the extent of the map data; None is everywhere.

    Returns
    -------
    areas
        Of a cut area those cells of 100 m that lie wholly on the land, with as many
        people as `finer` knows there: its total says nothing, the places do.
    """
    if land is None:
        return source
    whole = source.within(land).to_numpy()
    cut = source[~whole & source.intersects(land).to_numpy()]
    if cut.empty:
        return source[whole]
    parts = cut.set_geometry(
        [_cells_on(area, land, source.crs) for area in cut.to_crs(INSPIRE).geometry]
    )
    people = finer[[count, "geometry"]].set_geometry(finer.geometry.representative_point())
    inside = people.sjoin(parts[["geometry"]], predicate="within")
    sums = inside.groupby(inside.columns[-1])[count].sum(min_count=1)
    parts = parts.assign(**{count: sums.reindex(parts.index)})
    together: GeoDataFrame = pd.concat([source[whole], parts[~parts.is_empty]])
    return together


def _cells_on(area: Any, land: Any, crs: Any) -> Any:
    """Return all cells of 100 m of one area (EPSG:3035) that lie on the land, as one outline."""
    west, south, east, north = (round(edge / CELL) * CELL for edge in area.bounds)
    x, y = np.meshgrid(np.arange(west, east, CELL), np.arange(south, north, CELL))
    squares = cell_squares(x.ravel(), y.ravel(), CELL, crs)
    return squares[squares.within(land)].union_all()


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
        " {evenly}); a person's cell is off by {error} people on average, the total by {total}",
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
