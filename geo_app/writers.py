"""
Layers and results as files: GeoPackage, GeoJSON, GeoParquet, CSV, XLSX.

Every file holds the same numbers and, where its format has a place for it,
its name, date, source and licence. What is not known is an empty cell;
places whose location is secret have no geometry in any of them.

    gpkg      metres, in the city's own system; further tables beside the layer
    geojson   longitude and latitude (RFC 7946)
    parquet   metres, in the city's own system (GeoParquet 1.0)
    csv       UTF-8, comma, decimal point; `lon` and `lat` of a point on every
              geometry, `wkt` in longitude and latitude where it is more than a point
    xlsx      as csv without `wkt`; further tables and "About" as sheets
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pyogrio
import shapely
from geopandas import GeoDataFrame
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from pandas import DataFrame, Series
from pandas.api import types

from layers import Table
from layers.crs import to_display

DIGITS = 7
"""Decimal places of longitude and latitude: about a centimetre."""

LONGEST_SHEET_NAME = 31
"""Characters in the name of a sheet, a limit of XLSX."""

FORMULA = re.compile(r"^(?:[=@\t\r]|[+-](?![\d\s()/.-]*$))")
"""Text that a spreadsheet would run as a formula; telephone numbers are none."""

ABOUT = "About"


@dataclass(frozen=True)
class Document:
    """
    What goes into one file.

    Parameters
    ----------
    name
        Name of the layer and of the file without its ending.
    title
        Name for people.
    table
        Rows, in the city's own system [m].
    about
        What a reader of the file must know, as (heading, text).
    tables
        Further tables.
    """

    name: str
    title: str
    table: GeoDataFrame
    about: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Format:
    """One file format: its name for people, its type on the web and how it is written."""

    label: str
    mimetype: str
    write: Callable[[Document, Path], None]


def write(document: Document, path: Path) -> None:
    """
    Write a file in the format that its ending names.

    Parameters
    ----------
    document
        What to write.
    path
        Where to; an existing file is replaced.

    Raises
    ------
    KeyError
        If no format has this ending; `FORMATS` lists them.
    """
    chosen = FORMATS[ending(path)]
    path.unlink(missing_ok=True)
    chosen.write(document, path)


def content(document: Document, extension: str) -> bytes:
    """Return the bytes of a file in the format `extension`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{document.name}.{extension}"
        write(document, path)
        return path.read_bytes()


def ending(path: Path) -> str:
    """Return the ending of a file name, in small letters and without its dot."""
    return path.suffix.lstrip(".").lower()


def tidy(table: GeoDataFrame) -> GeoDataFrame:
    """
    Return `table` fit for every format.

    Row ids become the column `id`; what is not finite becomes NaN, since
    most formats know no infinity.
    """
    ids = table.index.astype(str)
    columns = {name: _finite(table[name]) for name in table.columns.drop(table.geometry.name)}
    return GeoDataFrame(
        {"id": ids.to_numpy(), **columns}, geometry=table.geometry.array, crs=table.crs
    )


def _finite(values: Series[Any]) -> Any:
    if types.is_float_dtype(values):
        numbers = values.to_numpy(dtype=float)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    return values.array


def _gpkg(document: Document, path: Path) -> None:
    told = dict(document.about)
    pyogrio.write_dataframe(
        tidy(document.table),
        path,
        layer=document.name,
        driver="GPKG",
        dataset_metadata=told,
        layer_metadata=told,
        layer_options={
            "IDENTIFIER": document.title,
            "DESCRIPTION": _paragraph(document.about),
        },
    )
    for further in document.tables:
        pyogrio.write_dataframe(
            _plain(further.frame),
            path,
            layer=further.name,
            driver="GPKG",
            append=True,
            layer_options={"IDENTIFIER": str(further.title)},
        )


def _geojson(document: Document, path: Path) -> None:
    pyogrio.write_dataframe(
        to_display(tidy(document.table)),
        path,
        layer=document.name,
        driver="GeoJSON",
        layer_options={
            "RFC7946": "YES",
            "COORDINATE_PRECISION": DIGITS,
            "DESCRIPTION": _paragraph(document.about),
        },
    )


def _parquet(document: Document, path: Path) -> None:
    tidy(document.table).to_parquet(path, index=False)
    told = {"about": json.dumps(dict(document.about), ensure_ascii=False)}
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **told}), path)


def _csv(document: Document, path: Path) -> None:
    frame = with_coordinates(document.table)
    for name in frame:
        if types.is_string_dtype(frame[name]):
            frame[name] = Series([_harmless(text) for text in frame[name]], dtype="str")
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _xlsx(document: Document, path: Path) -> None:
    book = Workbook(write_only=True)
    frame = with_coordinates(document.table).drop(columns="wkt", errors="ignore")
    _sheet(book, document.title, frame)
    for further in document.tables:
        _sheet(book, str(further.title), _plain(further.frame))
    about = book.create_sheet(ABOUT)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 100
    for row in document.about:
        about.append(_cells(about, row))
    book.save(path)


def with_coordinates(table: GeoDataFrame) -> DataFrame:
    """
    Return the rows without geometry but with where they are.

    Returns
    -------
    frame
        The columns of `tidy`, then `lon` and `lat` [degrees] of a point on
        the geometry and, where some geometry is more than a point, `wkt`.
        Rows without a location have empty cells.
    """
    shown = to_display(tidy(table))
    geometry = shown.geometry.array
    points = shapely.point_on_surface(np.asarray(geometry))
    frame = DataFrame(shown.drop(columns=shown.geometry.name))
    frame["lon"], frame["lat"] = (
        shapely.get_x(points).round(DIGITS),
        shapely.get_y(points).round(DIGITS),
    )
    if not set(shown.geom_type.dropna()) <= {"Point"}:
        written = shapely.to_wkt(np.asarray(geometry), rounding_precision=DIGITS)
        frame["wkt"] = [text or "" for text in written]
    return frame


def _plain(frame: DataFrame) -> DataFrame:
    return DataFrame({name: _finite(frame[name]) for name in frame})


def _sheet(book: Workbook, title: str, frame: DataFrame) -> None:
    name = re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_SHEET_NAME]
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append(_cells(sheet, list(frame.columns)))
    for row in frame.itertuples(index=False, name=None):
        sheet.append(_cells(sheet, row))


def _cells(sheet: WriteOnlyWorksheet, row: Sequence[object]) -> Iterable[object]:
    return [_cell(sheet, value) for value in row]


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    if isinstance(value, float) and np.isnan(value):
        return None
    if not isinstance(value, str):
        return value
    # Text stays text: openpyxl would take a leading "=" for a formula.
    cell = WriteOnlyCell(sheet, value=_printable(value))
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    """Leave out control characters, which XLSX cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def _harmless(text: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{text}" if isinstance(text, str) and FORMULA.match(text) else text


def _paragraph(about: tuple[tuple[str, str], ...]) -> str:
    return " · ".join(f"{heading}: {text}" for heading, text in about if text)


FORMATS: dict[str, Format] = {
    "gpkg": Format("GeoPackage", "application/geopackage+sqlite3", _gpkg),
    "geojson": Format("GeoJSON", "application/geo+json", _geojson),
    "parquet": Format("GeoParquet", "application/vnd.apache.parquet", _parquet),
    "csv": Format("CSV", "text/csv; charset=utf-8", _csv),
    "xlsx": Format(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx
    ),
}
"""Ending to format; the only place to add one."""
