"""The places of a city as a list to search: the equal of the pins on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geopandas import GeoDataFrame
from pandas import Series

from layers import LAYERS, Column, Text
from layers.schema import SEPARATOR

from .headings import heading
from .rows import Cell, cell

SHOWN = ("meeting_places", "counselling_services")
"""Layers whose rows are places that people look for."""

SORT_OF = {"meeting_places": "kind", "counselling_services": "topics"}
"""Column that says what sort of place it is."""

HIDDEN = frozenset({"name", "protected", "source"})
"""Columns that the entry of a place does not repeat."""

NO_NAME = Text("{kind} without a name")


@dataclass(frozen=True)
class Sort:
    """One sort of place and how many there are."""

    layer: str
    name: str
    label: Text
    count: int

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.layer}:{self.name}"


@dataclass(frozen=True)
class Place:
    """
    One place as a reader sees it.

    Parameters
    ----------
    id, layer
        Where it is found.
    name
        Its name, or what it is.
    sort
        What it is.
    details
        What else is known: heading and cell; what is not known is left out.
    located
        It can be shown on the map.
    secret
        A protected place.
    """

    id: str
    layer: str
    name: str | Text
    sort: str
    details: tuple[tuple[Text, Cell], ...]
    located: bool
    secret: bool


def sorts(tables: Mapping[str, GeoDataFrame]) -> dict[str, list[Sort]]:
    """Return the sorts of place there are, by layer, with the number of each."""
    return {
        layer: [
            Sort(layer, name, label, count)
            for name, label in _column(layer).options.items()  # type: ignore[union-attr]
            if (count := int(_is(table, layer, name).sum()))
        ]
        for layer, table in tables.items()
    }


def matching(table: GeoDataFrame, layer: str, *, sort: str = "", words: str = "") -> GeoDataFrame:
    """
    Return the places that a reader looks for, in the order of their names.

    Parameters
    ----------
    table, layer
        Where to look.
    sort
        Name of a sort of place; "" is any.
    words
        Every word must occur in the name, the operator or the address.
    """
    found = table[_is(table, layer, sort)] if sort else table
    told = _searchable(found)
    for word in words.casefold().split():
        hit = told.str.contains(word, regex=False)
        found, told = found[hit], told[hit]
    names = found["name"].str.casefold().replace("", "\N{LATIN SMALL LETTER Z WITH CARON}\uffff")
    return found.loc[names.sort_values(kind="stable").index]


def place(table: GeoDataFrame, layer: str, row: str) -> Place:
    """Write one place for people."""
    values = table.loc[row]
    columns = LAYERS[layer].columns
    sort = cell(values[SORT_OF[layer]], _column(layer)).words
    geometry = values[table.geometry.name]
    return Place(
        id=row,
        layer=layer,
        name=values["name"] or Text(NO_NAME.template, kind=sort),
        sort=sort,
        details=tuple(
            (heading(column), cell(values[column.name], column, unit=True))
            for column in columns
            if column.name not in HIDDEN | {SORT_OF[layer]} and _told(values[column.name])
        ),
        located=geometry is not None and not geometry.is_empty,
        secret=bool(values.get("protected", False)),
    )


def _told(value: object) -> bool:
    return value not in ("", "unknown") and value == value  # noqa: PLR0124, NaN differs from itself


def _column(layer: str) -> Column:
    return LAYERS[layer].column(SORT_OF[layer])


def _is(table: GeoDataFrame, layer: str, name: str) -> Series[bool]:
    values = table[SORT_OF[layer]]
    if not _column(layer).many:
        return values == name
    padded = SEPARATOR + values.str.replace(" ", "") + SEPARATOR
    return padded.str.contains(f"{SEPARATOR}{name}{SEPARATOR}", regex=False)


def _searchable(table: GeoDataFrame) -> Series[str]:
    told = table["name"].astype("str")
    for name in ("operator", "address"):
        if name in table:
            told = told + " " + table[name].astype("str")
    return told.str.casefold()
