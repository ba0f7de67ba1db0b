"""People of coarse areas, put where homes are: what a person asks for and what is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from geopandas import GeoDataFrame, GeoSeries

from layers import LAYERS, Text
from layers.downscaling import WHOLE, downscale, shares_inside, weight_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GROUPS = tuple(c.name for c in LAYERS["population"].columns if c.kind is float)


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
    room
        How much of the first weight a person has at least, 0 if it does not matter.
    """

    weights: tuple[GeoDataFrame, ...] = ()
    names: tuple[Text, ...] = ()
    room: float = 0


def spread_people(
    table: GeoDataFrame, spread: Spread, *, within: Any = None, known: Any = None
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
    known
        Land that the files of the weights cover; who lives beyond it is left out.

    Returns
    -------
    cells, remarks
        Cells marked as downscaled and not reliable; what was done, for people.
    """
    remarks: list[Text] = []
    if within is not None or known is not None:
        table, remarks = _clipped(table, within, known, spread)
    known_groups = (name for name in GROUPS if name in table and table[name].notna().any())
    groups = list(dict.fromkeys(("residents", *known_groups)))
    found = downscale(table, spread.weights, counts=groups)
    how = [
        Text("{count} {count:area|areas} by {weight}", count=count, weight=name)
        for count, name in zip(found.by_weight, spread.names, strict=True)
        if count
    ]
    if found.evenly:
        how.append(Text("{count} {count:area|areas} evenly", count=found.evenly))
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


def beyond(areas: int, people: float, all_of_them: float) -> Text:
    """Say how many people were left out because the map data do not reach their homes."""
    return Text(
        "the map data end inside {count} of the coarser areas or before them: about {left} of the"
        " {all} people there are left out (estimated by the share of each area that lies beyond"
        " the edge, and by the floor space before it); import a larger extract of the map to count"
        " them",
        count=areas,
        left=round(people),
        all=round(all_of_them),
    )


def unseen(cells: int, people: float, all_of_them: float) -> Text:
    """Say how many people of the city live where the map data do not reach."""
    return Text(
        "{count} {count:cell|cells} of the city with {left} of its {all} people"
        " {count:lies|lie} beyond the map data and {count:is|are} left out; import a"
        " larger extract of the map to count them",
        count=cells,
        left=round(people),
        all=round(all_of_them),
    )


def _clipped(
    table: GeoDataFrame, within: Any, known: Any, spread: Spread
) -> tuple[GeoDataFrame, list[Text]]:
    """Cut areas at border and edge and leave them the people of their part inside."""
    pieces: GeoSeries = table.geometry
    for border in (within, known):
        pieces = pieces if border is None else pieces.intersection(border)
    people = table["residents"].to_numpy(dtype=float)
    share = shares_inside(table, within, known=known, weights=spread.weights)
    seen, unseen = _seen(table, within, known)
    cut = unseen > 1 - WHOLE
    too_many = np.where(cut, share - _room(pieces, people, spread), 0).clip(0)
    share, unseen = share - too_many, unseen + too_many
    unseen = np.where(cut & (share == 0), seen + unseen, unseen)  # all homes lie beyond
    read, inside, lost = (float(np.nansum(people * part)) for part in (1, share, unseen))
    outside = within is not None and round(read - lost - inside) > 0
    remarks = [kept(read - lost, inside)] if outside else []
    if lost:
        remarks.append(beyond(int(cut.sum()), lost, float(np.nansum(people[cut]))))
    table = table.set_geometry(pieces)
    counts = [name for name in GROUPS if name in table]
    table[counts] = table[counts].mul(share, axis=0)
    return table[share > 0], remarks


def _room(pieces: GeoSeries, people: Floats, spread: Spread) -> Floats:
    """Return the share of its people that the homes of each piece can hold, 1 if all of them."""
    if not spread.room:
        return np.ones(len(pieces))
    space = weight_in(pieces, spread.weights[0])
    held = np.divide(space, spread.room * people, out=np.ones(len(pieces)), where=people > 0)
    return np.where(space > 0, held, 1).clip(0, 1)


def _seen(table: GeoDataFrame, within: Any, known: Any) -> tuple[Floats, Floats]:
    """
    Return the shares of each area that lie in the city, within the data and beyond them.

    Where no city is told, areas wholly beyond the data are none of it.
    """
    if known is None:
        return np.ones(len(table)), np.zeros(len(table))
    ours = table.geometry if within is None else table.intersection(within)
    whole = table.area.to_numpy()
    seen: Floats = ours.intersection(known).area.to_numpy() / whole
    unseen: Floats = (ours.area.to_numpy() / whole - seen).clip(0, 1)
    return seen, np.where((within is None) & (seen == 0), 0.0, unseen)
