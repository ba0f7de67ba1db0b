"""A city's own tables become layers: columns named, words translated, all faults told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame

from geo_app.origin import Import, Origin, hash_of, whoever_is_here
from layers import Layer, LayersError, Text
from layers.crs import check_metric

from .errors import ReadError
from .progress import Progress, silent
from .table_files import open_table
from .table_reading import Reading
from .table_wishes import Joining, Wishes
from .templates import write_template

__all__ = ["Joining", "Wishes", "read_table", "write_template"]


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
    faults = [*reading.clerk.faults, *_check(layer, table, reading.clerk.faults)]
    if faults:
        raise ReadError(path.name, list(dict.fromkeys(faults)))
    remarks = [*opened.remarks, *remarks, *reading.remarks, *_unnamed(wishes)]
    next(steps, None)
    return [Import(layer, layer.complete(table), _origin(path, wishes, remarks))]


def _check(layer: Layer, table: GeoDataFrame, known: list[Text]) -> list[Text]:
    """Return what the layer itself finds wrong; coordinates only if they could be read."""
    if any(column.required and column.name not in table for column in layer.columns):
        return []
    try:
        layer.check(layer.complete(table))
    except LayersError as error:
        about_places = ("have no geometry", "geometries")
        return [f for f in error.faults if not (known and any(word in f for word in about_places))]
    return []


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
