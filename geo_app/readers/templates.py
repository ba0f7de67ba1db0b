"""Empty tables to fill in: one invented row, and an explanation of every column."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame
from openpyxl.styles import Font

from layers import Column, Layer, Text
from layers.crs import DISPLAY
from layers.schema import POINTS, YES_NO_UNKNOWN

from .errors import ReadError
from .table_files import EXPLAINED

EXAMPLES: dict[str, Any] = {
    "name": "Bürgerhaus Musterstadt",
    "opening_hours": "Mo-Fr 10:00-18:00; Sa 10:00-14:00",
    "languages": "de;en;tr",
    "phone": "+49 30 23125 000",
    "website": "https://musterstadt.example/buergerhaus",
    "raters": 3,
    "address": "Musterstraße 1",
    "region": "Musterkreis",
    "operator": "Stadt Musterstadt",
    "source": "Amt für Soziales",
    "surface": "asphalt",
    "smoothness": "good",
    "reference": "L-0042",
    "residents": 120.0,
    "under_10": 11.0,
    "under_18": 20.0,
    "aged_65plus": 25.0,
    "aged_75plus": 12.0,
    "aged_80plus": 8.0,
    "foreign_nationals": 15.0,
    "levels": 3.0,
    "capacity": 80.0,
    "yearly_cost": 60000.0,
    "closing_cost": 5000.0,
    "incline": 2.0,
    "unit": "finding",
    "marks": 0,
}
"""Values of the invented row, by column."""

KINDS = {"streets": "residential", "buildings": "apartments", "districts": "Stadtteil"}
AT = (8.4, 49.0)
ENDINGS = (".csv", ".xlsx", ".gpkg", ".geojson")


def write_template(layer: Layer, path: Path) -> None:
    """
    Write a table of `layer` with one invented row and an explanation of its columns.

    Parameters
    ----------
    layer
        The layer to be filled in.
    path
        `.csv` (the explanation stands in lines that start with #), `.xlsx` and
        `.gpkg` (in a second sheet or table called "columns") or `.geojson`
        (without). Coordinates are longitude and latitude (EPSG:4326).

    Raises
    ------
    ReadError
        If the ending is not known or the folder does not exist.
    """
    ending = path.suffix.casefold()
    if ending not in ENDINGS:
        raise ReadError(path.name, [Text(
            "templates are written as {known}; give one of these endings", known=", ".join(ENDINGS)
        )])  # fmt: skip
    if not path.resolve().parent.is_dir():
        raise ReadError(path.name, [Text("there is no such folder: {path}", path=str(path.parent))])
    if ending == ".csv":
        _csv(layer, path)
    elif ending == ".xlsx":
        _xlsx(layer, path)
    else:
        _spatial(layer, path)


def example(layer: Layer) -> dict[str, Any]:
    """Return the values of the invented row."""
    return {"id": f"{layer.name}-1"} | {c.name: _value(layer, c) for c in layer.columns}


def explanations(layer: Layer) -> list[tuple[str, str]]:
    """Return each column with what it means, its unit, its options and whether it must be there."""
    rows = [("id", str(Text("short name of the row that never changes; may be left out")))]
    rows += [(name, meaning) for name, (_, meaning) in _place(layer).items()]
    return rows + [(column.name, _explained(column)) for column in layer.columns]


def _explained(column: Column) -> str:
    parts: list[str] = [column.meaning]
    if column.unit:
        parts.append(Text("in {unit}", unit=column.unit))
    if column.options is not None:
        options = ", ".join(column.options)
        parts.append(
            Text("several of {options}, separated by semicolons", options=options)
            if column.many
            else Text("one of {options}", options=options)
        )
    if column.kind is date:
        parts.append(Text("as 2026-05-31"))
    if column.kind is bool:
        parts.append(Text("yes or no"))
    parts.append(Text("required") if column.required else Text("may be left out"))
    return "; ".join(parts)


def _value(layer: Layer, column: Column) -> Any:
    if column.name in EXAMPLES:
        return EXAMPLES[column.name]
    if column.options is not None:
        options = list(column.options)
        return "yes" if column.options is YES_NO_UNKNOWN else options[0]
    if column.kind is date:
        return "2026-05-31"
    if column.kind is bool:
        return "no"
    if column.name == "kind":
        return KINDS.get(layer.name, "")
    return column.unknown if column.kind is str else 1


def _shape(layer: Layer) -> Any:
    """Return an invented shape of the simplest type the layer takes."""
    x, y = AT
    if layer.geometry >= POINTS:
        return shapely.Point(x, y)
    if "LineString" in layer.geometry:
        return shapely.LineString([(x, y), (x + 0.001, y)])
    return shapely.box(x, y, x + 0.001, y + 0.001)


def _place(layer: Layer) -> dict[str, tuple[Any, str]]:
    """Return the coordinate columns of a table without geometries, with value and meaning."""
    shape = _shape(layer)
    if shape.geom_type == "Point":
        return {
            "lon": (shape.x, str(Text("longitude in degrees; or x in metres"))),
            "lat": (shape.y, str(Text("latitude in degrees; or y in metres"))),
        }
    return {"wkt": (shape.wkt, str(Text("the shape as WKT; or hand in a GeoPackage instead")))}


def _row(layer: Layer) -> dict[str, Any]:
    values = example(layer)
    place = {name: value for name, (value, _) in _place(layer).items()}
    return {"id": values.pop("id"), **place, **values}


def _csv(layer: Layer, path: Path) -> None:
    row = _row(layer)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for name, meaning in explanations(layer):
            file.write(f"# {name}: {meaning}\n")
        writer = csv.writer(file, delimiter=";")
        writer.writerow(row)
        writer.writerow(row.values())


def _xlsx(layer: Layer, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet, explained = book.worksheets[0], book.create_sheet(EXPLAINED)
    sheet.title = layer.name
    row = _row(layer)
    sheet.append(list(row))
    sheet.append(list(row.values()))
    explained.append(["column", "meaning"])
    for line in explanations(layer):
        explained.append(list(line))
    for page in (sheet, explained):
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 22, 110
    book.save(path)


def _spatial(layer: Layer, path: Path) -> None:
    table = GeoDataFrame([example(layer)], geometry=[_shape(layer)], crs=DISPLAY)
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(table, path, layer=layer.name)
    if path.suffix.casefold() == ".gpkg":
        explained = pd.DataFrame(explanations(layer), columns=["column", "meaning"])
        pyogrio.write_dataframe(explained, path, layer=EXPLAINED, append=False)
