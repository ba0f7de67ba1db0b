"""What the public sees of marks: counts for parts of the city, the reason first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.factors import FACTORS
from layers.marks import DAYTIMES, KINDS
from layers.schema import SEPARATOR
from layers.sources.pins import UNITS

from . import shelf, whereabouts
from .store import Store

LAYER = "pins"
EXACTNESS = {unit: rank for rank, unit in enumerate(["finding", *UNITS])} | {"finding": 0}
"""Findings of the city first, then units from the finest to the coarsest."""

NEAR = 50.0
"""A published spot so near to a new mark may be the same [m]."""
SMALL = ("finding", "segment", "cell_100")
"""Only these are small enough to be the same spot as a new mark."""
OFFERED = 3
"""At most so many are offered: more to read keeps people from marking at all."""


@dataclass(frozen=True)
class Spot:
    """
    One row of the public layer as a reader sees it.

    Parameters
    ----------
    id
        Its id in the layer.
    kind
        "unsafe" or "at_ease".
    title
        The reason and how many have marked it.
    others
        Further reasons, with their marks.
    place
        Which part of the city.
    pictogram
        Name of the drawing beside it.
    daytimes
        When, with how many marks.
    finding
        What the city itself has found there, or "".
    since, until
        First and last day on which it is shown; `until` may be unknown.
    marks
        How many marks are behind it; 0 for a finding of the city.
    rows
        Ids of all rows of the layer that it stands for.
    """

    id: str
    kind: str
    title: Text
    others: tuple[Text, ...]
    place: Text
    pictogram: str
    daytimes: tuple[Text, ...]
    finding: str
    since: date | None
    until: date | None
    marks: int
    rows: tuple[str, ...]


def pins(store: Store, *, on: date) -> GeoDataFrame | None:
    """
    Return what of the public layer is still shown on a day, or None before its first release.

    A row without a last day is shown until the next release.
    """
    if LAYER not in store.names():
        return None
    return shelf.table(store, LAYER, on=on)


def chosen(
    table: GeoDataFrame, *, kind: str = "", factor: str = "", daytime: str = ""
) -> GeoDataFrame:
    """
    Return the rows that fit a choice, the most exact first, then by the name of their place.

    An order that judges nobody: neither districts nor spots are ranked by their numbers.
    Rows that say the same of the same part of the city are one.

    Parameters
    ----------
    table
        The public layer.
    kind, factor, daytime
        Names; "" is any. A row that tells no reason fits none in particular; one
        that tells no time may be of any.
    """
    rows = table
    if kind:
        rows = rows[rows["kind"] == kind]
    if factor:
        rows = rows[[factor in _split(text) for text in rows["factors"]]]
    if daytime:
        rows = rows[[daytime in (_split(text) or [daytime]) for text in rows["daytimes"]]]
    exactness = rows["unit"].map(EXACTNESS)
    ordered = rows.assign(exactness=exactness).sort_values(
        ["exactness", "place", "kind"], kind="stable"
    )
    return _bundled(ordered.drop(columns="exactness"))


def _bundled(rows: GeoDataFrame) -> GeoDataFrame:
    """
    Join rows that say the same of the same part of the city, with the sum of their marks.

    They came in different releases, which keeps single marks apart but tells a
    reader nothing; the layer itself keeps them as they are. The id is that of
    the newest one, and `rows` names all of them.
    """
    shapes = rows.geometry.to_wkb()
    found: dict[tuple[Any, ...], list[Any]] = {}
    for pin, shape, row in zip(rows.index, shapes, rows.to_dict("records"), strict=True):
        own = pin if row["unit"] == "finding" else ""
        same = (row["unit"], row["kind"], row["factors"], row["daytimes"], shape, own)
        found.setdefault(same, []).append((pin, row))
    joined = [_sum(sorted(group, key=_newest, reverse=True)) for group in found.values()]
    index = [row["rows"][0] for row in joined]
    names = [*rows.columns, "rows"]
    return GeoDataFrame(
        joined, index=index, columns=names, geometry=rows.geometry.name, crs=rows.crs
    )


def _newest(one: tuple[Any, Any]) -> str:
    return str(one[1]["released_on"])


def _sum(group: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    rows = [row for _, row in group]
    lasts = [row["expires_on"] for row in rows]
    return rows[0] | {
        "rows": tuple(pin for pin, _ in group),
        "marks": sum(row["marks"] for row in rows),
        "factor_marks": _added([row["factor_marks"] for row in rows]),
        "daytime_marks": _added([row["daytime_marks"] for row in rows]),
        "released_on": rows[-1]["released_on"],
        "expires_on": "" if "" in lasts else max(lasts),
    }


def _added(cells: Sequence[str]) -> str:
    """Add the counts in cells that name the same things in the same order."""
    counts = [[int(part) for part in _split(cell)] for cell in cells]
    return SEPARATOR.join(str(sum(column)) for column in zip(*counts, strict=True))


def spots(table: GeoDataFrame) -> list[Spot]:
    """Write rows that were `chosen` for people, in their order."""
    return [_spot(str(pin), row) for pin, row in table.iterrows()]


def spots_near(store: Store, x: float, y: float, *, kind: str, on: date) -> list[Spot]:
    """
    Return what may be the same as a new mark: small, of one kind, within 50 m, at most three.

    Findings of the city come first, then parts of streets, then squares of 100 m.
    """
    table = pins(store, on=on)
    if table is None:
        return []
    near = shapely.dwithin(table.geometry.array, shapely.Point(x, y), NEAR)
    small = table["unit"].isin(SMALL)
    return spots(chosen(table[near & small], kind=kind).head(OFFERED))


def told(spot: Spot) -> dict[str, Any]:
    """Return what a click on the map tells of a spot, as texts by the name of a column."""
    return {
        "title": spot.title,
        "feeling": KINDS[spot.kind],
        "place": spot.place,
        "others": spot.others,
        "daytimes": spot.daytimes,
        "finding": spot.finding,
        "until": spot.until,
    }


def _spot(pin: str, row: Any) -> Spot:
    reasons = list(_counted(row["factors"], row["factor_marks"], FACTORS))
    times = _counted(row["daytimes"], row["daytime_marks"], DAYTIMES)
    marks = int(row["marks"])
    first = reasons[0][0] if reasons else ""
    return Spot(
        id=pin,
        kind=row["kind"],
        title=_title(row, reasons, marks),
        others=tuple(_pair(FACTORS[name].label, count) for name, count in reasons[1:]),
        place=whereabouts.unit_words(row["unit"], row["place"]),
        pictogram=FACTORS[first].pictogram if first else row["kind"],
        daytimes=tuple(_pair(DAYTIMES[name], count) for name, count in times),
        finding=row["finding"],
        since=_day(row["released_on"] or row["confirmed_on"]),
        until=_day(row["expires_on"]),
        marks=marks,
        rows=row["rows"],
    )


def _title(row: Any, reasons: Sequence[tuple[str, int]], marks: int) -> Text:
    if row["unit"] == "finding":
        names = tuple(FACTORS[name].label for name, _ in reasons)
        return (
            Text("{reasons}: confirmed by the city", reasons=names)
            if names
            else Text("confirmed by the city")
        )
    if not reasons:
        return _pair(Text("various reasons"), marks)
    return _pair(FACTORS[reasons[0][0]].label, reasons[0][1])


def _pair(label: Text, count: int) -> Text:
    return Text("{reason}, {count} marks", reason=label, count=count)


def _counted(names: str, counts: str, known: Any) -> list[tuple[str, int]]:
    """Read two cells of the same order; a finding names its reasons without counts."""
    numbers = [int(text) for text in _split(counts)]
    told = [name for name in _split(names) if name in known]
    return list(zip(told, numbers or [0] * len(told), strict=False))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
