"""People of coarse areas, put where homes are: what a person asks for and what is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers import LAYERS, Text
from layers.downscaling import downscale, has_weight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GROUPS = tuple(c.name for c in LAYERS["population"].columns if c.kind is float)
WHOLE = 0.999
"""Share of its area inside from which an area counts as not cut by the border."""


@dataclass(frozen=True)
class Spread:
    """
    How people of coarse areas are put into 100 m cells.

    Parameters
    ----------
    weights
        Tables of weighted points, best first (see `layers.downscaling`).
    names
        What each of them is made of, for the remark.
    """

    weights: tuple[GeoDataFrame, ...] = ()
    names: tuple[Text, ...] = ()


def spread_people(
    table: GeoDataFrame, spread: Spread, *, within: Any = None
) -> tuple[GeoDataFrame, list[Text]]:
    """
    Cut coarse areas at the border of the city and distribute their people to 100 m cells.

    Parameters
    ----------
    table
        Areas with the counts of layer `population`, in metres.
    spread
        Weights.
    within
        Polygon of the city; None keeps every area whole.

    Returns
    -------
    cells, remarks
        Cells marked as downscaled and not reliable; what was done, for people.
    """
    remarks = []
    if within is not None:
        read = table["residents"].sum()
        table = _clipped(table, within, spread)
        remarks.append(kept(read, table["residents"].sum()))
    known = [name for name in GROUPS if name in table and table[name].notna().any()]
    found = downscale(table, spread.weights, counts=known)
    how = [
        Text("{count} areas by {weight}", count=count, weight=name)
        for count, name in zip(found.by_weight, spread.names, strict=True)
        if count
    ]
    if found.evenly:
        how.append(Text("{count} areas evenly", count=found.evenly))
    remarks.append(
        Text(
            "people of coarser areas are estimated for 100 m cells: {how};"
            " single cells are guesses, sums over many cells are not",
            how=tuple(how),
        )
    )
    return found.table.assign(downscaled=True, reliable="no"), remarks


def kept(read: float, inside: float) -> Text:
    """Say how many of the people read live in the city."""
    return Text(
        "{kept} people are kept inside the border of the city; the other {left} of the cells read"
        " around it live outside",
        kept=round(inside),
        left=round(read - inside),
    )


def _clipped(table: GeoDataFrame, within: Any, spread: Spread) -> GeoDataFrame:
    """
    Cut areas at the border and leave them the people of their part inside.

    An area cut by the border without any home inside gives none: its people
    live beyond.
    """
    shapely.prepare(within)
    table = table[shapely.intersects(within, table.geometry.array)]
    inside = shapely.intersection(table.geometry.array, within)
    share: NDArray[np.float64] = shapely.area(inside) / table.area.to_numpy()
    table = table.set_geometry(GeoSeries(inside, index=table.index, crs=table.crs))
    counts = [name for name in GROUPS if name in table]
    table[counts] = table[counts].mul(share, axis=0)
    lived_in = has_weight(table, spread.weights) if spread.weights else True
    return table[(share > WHOLE) | ((share > 0) & lived_in)]
