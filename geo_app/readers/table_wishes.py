"""How a person wants a table to be read: columns, words, constants, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geopandas import GeoDataFrame

ID = "id"
"""Name of the row id among the columns of a layer."""


@dataclass(frozen=True)
class Joining:
    """
    Where rows without coordinates get their place from.

    Parameters
    ----------
    places
        A layer of the store, such as its districts, in the CRS of the store.
    theirs, ours
        Columns with the same keys in the table and in `places` ("id" is the row id).
    """

    places: GeoDataFrame
    theirs: str
    ours: str = ID


@dataclass(frozen=True)
class Wishes:
    """
    How the person wants a table to be read.

    Parameters
    ----------
    columns
        Pairs of their column and ours; several of theirs for one of ours are
        added up (numbers) or written one after the other (text).
    meanings
        Our column to their word to our option; "*" is every other word, an
        option "" leaves the row out.
    constants
        Our column to a value for all rows.
    crs
        CRS of the coordinates; None takes the one in the file.
    table
        Table or sheet, where the file holds several.
    delimiter, decimal
        Signs of a CSV; "" finds them out.
    repair, swap
        Mend broken outlines; exchange x and y.
    joining
        Where rows without coordinates get their place from.
    source, licence, attribution, as_of
        Provenance.
    """

    columns: Sequence[tuple[str, str]] = ()
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    crs: Any = None
    table: str | None = None
    delimiter: str = ""
    decimal: str = ""
    repair: bool = False
    swap: bool = False
    joining: Joining | None = None
    source: str = ""
    licence: str = ""
    attribution: str = ""
    as_of: str = ""
