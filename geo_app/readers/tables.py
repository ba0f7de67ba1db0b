"""A city's own tables become layers: columns named, words translated, all faults told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame

from geo_app.origin import Import, Origin, hash_of, whoever_is_here
from layers import Column, Layer, LayersError, Text
from layers.crs import check_metric

from .errors import ReadError
from .progress import Progress, silent
from .table_files import open_table
from .table_reading import Reading
from .table_values import Values
from .table_wishes import Joining, Wishes
from .templates import write_template

__all__ = ["Joining", "Wishes", "read_table", "write_template"]

ROW = re.compile(r"\brows? \d")


def read_table(
    path: Path, layer: Layer, *, crs: Any, wishes: Wishes | None = None, progress: Progress = silent
) -> list[Import]:
    """
    Read one table as a layer.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GeoParquet, CSV or XLSX.
    layer
        The layer it becomes.
    crs
        CRS of the city, in metres; any CRS of the file is changed to it.
    wishes
        Columns, words, constants, CRS and provenance as the person named them.
    progress
        Told how far the reading is.

    Raises
    ------
    ReadError
        Lists every fault of the table, each with what to do about it.
    """
    check_metric(layer.name, crs)
    wishes = wishes or Wishes()
    steps = iter(progress(["opened", "read", "placed", "checked"], path.name, 4, "steps"))
    next(steps)
    opened = open_table(path, table=wishes.table, delimiter=wishes.delimiter or None)
    next(steps)
    reading = Reading(layer, opened, wishes)
    frame = reading.columns()
    next(steps)
    table, remarks = reading.placed(frame, crs)
    next(steps, None)
    faults = list(dict.fromkeys([*reading.clerk.faults, *_check(layer, table, reading.clerk)]))
    if faults:
        raise ReadError(path.name, [*faults, *_counted(faults, sheet=opened.sheet)])
    remarks = [*opened.remarks, *remarks, *reading.remarks, *_unnamed(wishes)]
    next(steps, None)
    table = reading.identified(table)
    return [Import(layer, layer.complete(table), _origin(path, wishes, remarks))]


def _check(layer: Layer, table: GeoDataFrame, clerk: Values) -> list[Text]:
    """Return what the layer itself finds wrong, but for what is already told."""
    lacking = {c.name: _any_value(c) for c in layer.columns if c.required and c.name not in table}
    whole = layer.complete(table.assign(**lacking))
    here = whole[~table.index.isin(clerk.nowhere)]
    elsewhere = whole[table.index.isin(clerk.nowhere)]
    faults = [fault for c in layer.columns for fault in c.faults(elsewhere[c.name])]
    try:
        layer.check(here)
    except LayersError as error:
        faults = [*error.faults, *faults]
    return faults


def _any_value(column: Column) -> Any:
    """Return a value that is right for a column, to check the others without it."""
    if column.options is not None:
        return next(iter(column.options))
    return {str: "", date: "", int: 0, float: max(0.0, column.low), bool: False}[column.kind]


def _counted(faults: Sequence[Text], *, sheet: bool) -> list[Text]:
    """Say how rows are counted, if the faults name any."""
    if not any(ROW.search(fault) for fault in faults):
        return []
    if sheet:
        return [Text("(rows are counted as a spreadsheet does: the header is row 1)")]
    return [Text("(rows are the features of the file, counted from 1)")]


def _unnamed(wishes: Wishes) -> list[Text]:
    lacking = [
        name
        for name, told in (("--source", wishes.source), ("--licence", wishes.licence))
        if not told
    ]
    if not lacking:
        return []
    return [Text("the source is not fully named; add {options}", options=" ".join(lacking))]


def _origin(path: Path, wishes: Wishes, remarks: list[Text]) -> Origin:
    return Origin(
        file=path.name,
        file_hash=hash_of(path),
        source=wishes.source,
        licence=wishes.licence,
        attribution=wishes.attribution or wishes.source,
        as_of=wishes.as_of,
        imported_by=whoever_is_here(),
        remarks=tuple(remarks),
    )
