"""What a layer is: a name, geometry types and columns with a meaning and a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import Series
from pandas.api import types

from .crs import check_metric
from .errors import TableError
from .text import Text

YES_NO_UNKNOWN: Mapping[str, Text] = {
    "yes": Text("yes"),
    "no": Text("no"),
    "unknown": Text("unknown"),
}
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
SHOWN = 5
SEPARATOR = ";"

POINTS = frozenset({"Point"})
LINES = frozenset({"LineString"})
AREAS = frozenset({"Polygon", "MultiPolygon"})

KINDS: dict[type, tuple[Callable[[Any], bool], Text]] = {
    str: (types.is_string_dtype, Text("text")),
    int: (types.is_integer_dtype, Text("a whole number")),
    float: (types.is_numeric_dtype, Text("a number")),
    bool: (types.is_bool_dtype, Text("true or false")),
    date: (types.is_string_dtype, Text("a date such as 2026-05-31")),
}


@dataclass(frozen=True)
class Column:
    """
    One column of a layer.

    Parameters
    ----------
    name
        Name in tables, files and addresses.
    kind
        `str`, `int`, `float`, `bool` or `date` (kept as ISO text, "" is unknown).
    meaning
        What it says, for a clerk who fills it in.
    unit
        Unit of a number; part of every heading.
    required
        A table without this column is refused; others are filled with "unknown".
    options
        The only values allowed, with their labels; "unknown" among them is the filling.
    many
        Several options in one cell, separated by semicolons.
    low, high
        Ends of the range a number must lie in, both included; NaN is unknown and passes.
    """

    name: str
    kind: type
    meaning: Text
    unit: str = ""
    required: bool = False
    options: Mapping[str, Text] | None = None
    many: bool = False
    low: float = -np.inf
    high: float = np.inf

    @property
    def unknown(self) -> Any:
        """What stands in this column where nothing is known."""
        if self.options is not None and not self.many and "unknown" in self.options:
            return "unknown"
        return {str: "", date: "", int: 0, float: np.nan, bool: False}[self.kind]

    def faults(self, values: Series[Any]) -> list[Text]:
        """Return everything that is wrong with the values of this column."""
        right, kind = KINDS[self.kind]
        if not right(values):
            return [Text("column “{column}” must hold {kind}", column=self.name, kind=kind)]
        if self.kind is date:
            return self._dates(values)
        if self.options is not None:
            return self._options(values)
        if self.kind in {int, float}:
            outside = (values < self.low) | (values > self.high)
            return self._told(
                Text("column “{column}” must lie {range}", column=self.name, range=self._range()),
                values[outside],
            )
        return []

    def _range(self) -> Text:
        if np.isinf(self.high):
            return Text("at or above {low}", low=self.low)
        return Text("between {low} and {high}", low=self.low, high=self.high)

    def _options(self, values: Series[Any]) -> list[Text]:
        options = self.options or {}
        told = values.fillna("")
        parts = told.str.split(SEPARATOR).explode().str.strip() if self.many else told
        allowed = set(options) | ({""} if self.many else set())
        return self._told(
            Text(
                "column “{column}” takes only {options}",
                column=self.name,
                options=", ".join(options),
            ),
            parts[~parts.isin(allowed)],
        )

    def _dates(self, values: Series[Any]) -> list[Text]:
        told = values[values.fillna("") != ""]
        read = pd.to_datetime(told, format="%Y-%m-%d", errors="coerce")
        wrong = read.isna() | (read < pd.Timestamp(EARLIEST)) | (read > pd.Timestamp(LATEST))
        return self._told(
            Text(
                "column “{column}” needs dates such as 2026-05-31, from 1950 on"
                " (1899 and 1900 are usually empty spreadsheet cells)",
                column=self.name,
            ),
            told[wrong],
        )

    def _told(self, rule: Text, wrong: Series[Any]) -> list[Text]:
        if wrong.empty:
            return []
        shown = tuple(
            Text(
                "“{value}” (row {row})",
                value=f"{value:g}" if isinstance(value, float) else str(value),
                row=str(row),
            )
            for row, value in wrong.head(SHOWN).items()
        )
        return [
            Text(
                "{rule}: {count} {count:row does|rows do} not, such as {rows}",
                rule=rule,
                count=len(wrong),
                rows=shown,
            )
        ]


def no_more_rules(table: GeoDataFrame) -> list[Text]:  # noqa: ARG001
    """Most layers have no rule beyond their columns."""
    return []


def unprepared(table: GeoDataFrame) -> GeoDataFrame:
    """Most layers are handed to analyses as they are."""
    return table


@dataclass(frozen=True)
class Layer:
    """
    One kind of thing the city knows about.

    Parameters
    ----------
    name
        Name in addresses, files, commands and analysis signatures.
    title
        Name for people.
    absent
        Who or what is *not* in such data; shown beside every use.
    geometry
        Geometry types allowed.
    columns
        Columns, in the order in which they are shown.
    label
        Column that names a row to a person, or "" if rows have no name.
    rules
        Further checks; returns every fault found.
    may_lack_geometry
        Rows without a place are allowed (protected places, services by phone only).
    prepare
        What analyses receive instead of the table, such as a `Network`.
    """

    name: str
    title: Text
    absent: Text
    geometry: frozenset[str]
    columns: tuple[Column, ...]
    label: str = ""
    rules: Callable[[GeoDataFrame], list[Text]] = field(default=no_more_rules)
    may_lack_geometry: bool = False
    prepare: Callable[[GeoDataFrame], Any] = field(default=unprepared)

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def empty(self, crs: Any) -> GeoDataFrame:
        """Return a table of this layer without rows, in the CRS `crs`."""
        required: dict[str, list[Any]] = {c.name: [] for c in self.columns if c.required}
        return self.complete(GeoDataFrame(required, geometry=[], crs=crs))

    def complete(self, table: GeoDataFrame) -> GeoDataFrame:
        """
        Return `table` with exactly the columns of this layer, in order.

        Optional columns that are missing are filled with "unknown", other
        columns are left out, row ids become text.

        Raises
        ------
        TableError
            If a required column is missing; lists all of them.
        """
        faults = [
            Text("column “{column}” is missing ({meaning})", column=c.name, meaning=c.meaning)
            for c in self.columns
            if c.required and c.name not in table
        ]
        if faults:
            raise TableError(self.name, faults)
        columns = {c.name: _filled(table, c) for c in self.columns}
        filled = GeoDataFrame(
            columns, geometry=table.geometry.array, index=table.index, crs=table.crs
        )
        filled.index = table.index.astype(str)
        filled.index.name = "id"
        return filled

    def check(self, table: GeoDataFrame) -> GeoDataFrame:
        """
        Return `table` unchanged if it fits this layer.

        Raises
        ------
        CrsError
            If it has no CRS or one in degrees.
        TableError
            If anything else is wrong; lists every fault.
        """
        check_metric(self.name, table.crs)
        faults = self._geometry_faults(table) + self._id_faults(table)
        for column in self.columns:
            if column.name in table:
                faults += column.faults(table[column.name])
            else:
                faults.append(
                    Text(
                        "column “{column}” is missing ({meaning})",
                        column=column.name,
                        meaning=column.meaning,
                    )
                )
        if all(c.name in table and KINDS[c.kind][0](table[c.name]) for c in self.columns):
            faults += self.rules(table)
        if faults:
            raise TableError(self.name, faults)
        return table

    def _id_faults(self, table: GeoDataFrame) -> list[Text]:
        twice = table.index[table.index.duplicated()].unique()
        if twice.empty:
            return []
        return [
            Text(
                "row ids must be unique: {count} {count:occurs|occur} more than once, such as"
                " {rows}",
                count=len(twice),
                rows=", ".join(map(str, twice[:SHOWN])),
            )
        ]

    def _geometry_faults(self, table: GeoDataFrame) -> list[Text]:
        geometry = table.geometry
        empty = geometry.isna() | geometry.is_empty
        here = geometry[~empty]
        checks = {
            Text("without a place (geometry)"): empty
            if not self.may_lack_geometry
            else empty & False,
            Text(
                "not of type {types}", types=", ".join(sorted(self.geometry))
            ): ~here.geom_type.isin(self.geometry),
            Text("broken in outline (run “Fix geometries” in QGIS)"): ~here.is_valid,
            Text("at coordinates that are not numbers"): ~_finite(here),
        }
        return [
            Text(
                "{count} {count:row is|rows are} {fault}: {count:row|rows} {rows}",
                count=int(wrong.sum()),
                fault=fault,
                rows=", ".join(map(str, wrong.index[wrong][:SHOWN])),
            )
            for fault, wrong in checks.items()
            if wrong.any()
        ]


def _finite(geometry: Any) -> Series[bool]:
    bounds = shapely.bounds(geometry.array)
    return pd.Series(np.isfinite(bounds).all(axis=1), index=geometry.index, dtype=bool)


def _filled(table: GeoDataFrame, column: Column) -> Series[Any]:
    """Return one column with unknown values in the form this column keeps them."""
    if column.name not in table or table.empty:
        kind = {str: "str", date: "str", int: "int64", float: "float64", bool: "bool"}[column.kind]
        return pd.Series(column.unknown, index=table.index, dtype=kind)
    values = table[column.name]
    if column.kind in {str, date} and types.is_string_dtype(values.dtype):
        return values.astype("str").fillna(column.unknown).astype("str")
    if column.kind is float and types.is_numeric_dtype(values.dtype):
        return values.astype("float64")
    return values
