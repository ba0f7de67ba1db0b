"""Census grids of 2022 and 2011 (Destatis) become residents per cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo_app.origin import Import, Origin, hash_of, whoever_is_here
from layers import LAYERS, Text
from layers.crs import INSPIRE, check_metric
from layers.downscaling import cell_ids, cell_squares
from layers.downscaling_check import covered, measure, remark
from layers.sources.population import GROUPS

from .errors import ReadError
from .progress import Progress, silent
from .spreading import Spread, kept, spread_people, unseen
from .zensus_files import Cells, read_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOO_MANY = 1_000_000
"""Cells above which a border is asked for: the whole country is no city."""

OUTSIDE = Text(
    "none of its cells with people lies inside the city; give the grid of this region, or check the"
    " border"
)


def read_zensus(
    paths: Sequence[Path],
    *,
    crs: Any,
    within: Any = None,
    known: Any = None,
    spread: Spread | None = None,
    finer: GeoDataFrame | None = None,
    progress: Progress = silent,
) -> list[Import]:
    """
    Read one or several census grid files as the layer `population`.

    Files of the same grid are put together cell by cell: totals from one,
    ages from another. Shares become counts; what no file tells stays unknown.

    Parameters
    ----------
    paths
        CSV files as published: 2022 (semicolons, decimal commas, `–`,
        KLAMMERN) or 2011 (-9 and -1 for withheld), 100 m, 1 km or 10 km.
    crs
        CRS of the city, in metres.
    within
        Polygon of the city in `crs`; cells whose middle lies inside are kept.
        Cells to be downscaled count with the share of their people inside.
    known
        Land in `crs` that the map data cover; who lives beyond it is left out and told.
    spread
        Downscale cells coarser than 100 m with these weights; None keeps them.
    finer
        Cells of 100 m that are known otherwise, such as from an earlier import: what is
        downscaled is measured by them, as by finer ones among the files.
    progress
        Told how far the reading is.

    Raises
    ------
    ReadError
        Lists every fault of every file: unknown columns, ids that contradict
        the coordinates, no totals, classes instead of counts.

    Source
    ------
    Statistisches Bundesamt, Zensus 2022 and Zensus 2011, results in grid cells.
    """
    check_metric("population", crs)
    city = known if within is None else within
    box = None if city is None else _inspire_bounds(city, crs)
    cells = read_cells(paths, box=box, progress=progress)
    if city is None and len(cells.table) > TOO_MANY:
        raise ReadError(
            paths[0].name,
            [
                Text(
                    "{count} cells are the whole country; import districts or streets first,"
                    " or name the city's border with --boundary",
                    count=len(cells.table),
                )
            ],
        )
    table, remarks = _placed(cells, crs, within, known, spread, finer)
    if table.empty:
        raise ReadError(", ".join(path.name for path in paths), [OUTSIDE])
    layer = LAYERS["population"]
    checked = layer.check(layer.complete(table))
    return [Import(layer, checked, _origin(paths, cells, (*cells.remarks, *remarks)))]


def _placed(
    cells: Cells,
    crs: Any,
    within: Any,
    known: Any,
    spread: Spread | None,
    finer: GeoDataFrame | None,
) -> tuple[GeoDataFrame, list[Text]]:
    (x, y), half = _corners(cells.table, cells.size), cells.size / 2
    table = _squares(cells.table, cells.size, crs)
    if spread is not None and cells.size > 100:
        spread_out, remarks = spread_people(table, spread, within=within, known=known)
        land = within if known is None else known
        return spread_out, [*remarks, *_measured(table, cells, land, spread, finer)]
    middles = GeoSeries(shapely.points(x + half, y + half), crs=INSPIRE).to_crs(crs)
    return _whole_cells(table, middles, within, known)


def _measured(
    table: GeoDataFrame, cells: Cells, land: Any, spread: Spread, finer: GeoDataFrame | None
) -> Iterator[Text]:
    """Tell how far the estimate is off where finer cells are known and no area is cut."""
    own = cells.own.set_axis(cell_ids(*_corners(cells.own, cells.size), cells.size))
    told = table.assign(**{name: own[name].reindex(table.index) for name in own if name in GROUPS})
    for known in (finer, *(_squares(one, size, table.crs) for size, one in cells.finer)):
        for name in GROUPS if known is not None else ():
            if name not in told or name not in known or known[name].isna().all():
                continue
            areas = covered(told, known, land, name)
            found = measure(areas, known, spread.weights, count=name)
            if found is not None and found.placement.known > 0:
                yield remark(found, GROUPS[name])


def _squares(counts: pd.DataFrame, size: int, crs: Any) -> GeoDataFrame:
    """Return cells with their outlines, by id."""
    x, y = _corners(counts, size)
    return GeoDataFrame(
        counts.set_axis(cell_ids(x, y, size)),
        geometry=cell_squares(x, y, size, crs).array,
        crs=crs,
    )


def _corners(counts: pd.DataFrame, size: int) -> tuple[Any, Any]:
    """Return the lower left corners of cells that are named by their middles."""
    x, y = (counts.index.get_level_values(name).to_numpy() - size / 2 for name in ("x", "y"))
    return x, y


def _whole_cells(
    table: GeoDataFrame, middles: GeoSeries, within: Any, known: Any
) -> tuple[GeoDataFrame, list[Text]]:
    """Keep cells by their middle: those of the city that lie where the map data are."""
    ours, seen = (
        np.ones(len(table), dtype=bool) if land is None else middles.intersects(land).to_numpy()
        for land in (within, known)
    )
    people, remarks = table["residents"], []
    lost = ours & ~seen
    if within is not None:
        remarks.append(kept(people.sum() - people[lost].sum(), people[ours & seen].sum()))
        if lost.any():
            remarks.append(unseen(int(lost.sum()), people[lost].sum(), people[ours].sum()))
    return table[ours & seen], remarks


def _inspire_bounds(within: Any, crs: Any) -> NDArray[np.float64]:
    bounds: NDArray[np.float64] = GeoSeries([within], crs=crs).to_crs(INSPIRE).total_bounds
    return bounds


def _origin(paths: Sequence[Path], cells: Cells, remarks: tuple[Text, ...]) -> Origin:
    year = cells.year
    return Origin(
        file=", ".join(path.name for path in paths),
        file_hash=", ".join(hash_of(path) for path in paths),
        source=f"Statistisches Bundesamt (Destatis), Zensus {year}".strip(),
        licence="dl-de/by-2-0",
        attribution=f"© Statistisches Bundesamt, Zensus {year}".strip(", "),
        as_of=year,
        imported_by=whoever_is_here(),
        remarks=remarks,
    )
