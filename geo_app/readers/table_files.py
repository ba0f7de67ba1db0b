"""Tables of a city in the formats its offices use, opened without a guess about their meaning."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas as pd
import pyogrio
from geopandas import GeoDataFrame

from layers import Text

from .broken import disguised, lacking, ragged, unreadable
from .errors import ReadError
from .texts import EMPTY, FIRST, sniff

SPATIAL = frozenset({".gpkg", ".geojson", ".json", ".shp", ".fgb", ".gml", ".kml", ".zip"})
PARQUET = frozenset({".parquet", ".geoparquet"})
TEXTS = frozenset({".csv", ".tsv", ".txt"})
SHEETS = frozenset({".xlsx"})
EXPLAINED = "columns"
"""Name of the sheet or table of a template that explains its columns; never read as data."""

GROWTH = {".xlsx": 25.0, ".parquet": 12.0, ".geoparquet": 12.0, ".zip": 12.0}
USUAL_GROWTH = 5.0
"""Memory a table takes while it is read, in sizes of its file (measured, rounded up)."""

GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Opened:
    """
    A table as its file holds it.

    Parameters
    ----------
    frame
        Rows and columns, the index counting as a person does; a GeoDataFrame
        where the format has geometries.
    crs
        CRS named by the file, None where it names none.
    firm
        The file itself names the CRS; GeoJSON is only supposed to be in degrees.
    sheet
        Rows are counted as a spreadsheet shows them; otherwise as features, from 1.
    remarks
        How it was read, such as its delimiter.
    """

    frame: pd.DataFrame
    crs: Any = None
    firm: bool = True
    sheet: bool = False
    remarks: tuple[Text, ...] = field(default=())


def open_table(path: Path, *, table: str | None = None, delimiter: str | None = None) -> Opened:
    """
    Open a table of any known format.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GeoParquet, CSV or XLSX.
    table
        Table or sheet, where the file holds several.
    delimiter
        Sign between cells of a CSV; None finds it out.

    Raises
    ------
    ReadError
        If the file is missing, empty, too large, of unknown make, or broken.
    """
    ending = path.suffix.casefold()
    if not path.is_file():
        raise ReadError(path.name, [Text("there is no such file: {path}", path=str(path))])
    if ending not in SPATIAL | PARQUET | TEXTS | SHEETS:
        raise ReadError(path.name, [_unknown_ending(ending)])
    if path.stat().st_size == 0:
        raise ReadError(path.name, [EMPTY])
    wrong = disguised(path) or lacking(path)
    if wrong is not None:
        raise ReadError(path.name, [wrong])
    check_memory(path, available_memory())
    opened = _open(path, ending, table, delimiter)
    if opened.frame.empty:
        raise ReadError(path.name, [Text("the table has no rows; fill it in or leave it out")])
    return opened


def _open(path: Path, ending: str, table: str | None, delimiter: str | None) -> Opened:
    try:
        if ending in TEXTS:
            return _text(path, delimiter)
        if ending in SHEETS:
            return _sheet(path, table)
        return _parquet(path) if ending in PARQUET else _spatial(path, table)
    except ReadError:
        raise
    except Exception as error:  # every library below has its own errors for a broken file
        raise ReadError(path.name, [unreadable(path)]) from error


def _unknown_ending(ending: str) -> Text:
    known = sorted(SPATIAL | PARQUET | TEXTS | SHEETS)
    if ending in {".pbf", ".osm"}:
        return Text("this is an OpenStreetMap extract: use “import osm”")
    if ending in {".xls", ".ods", ".dbf"}:
        return Text("{ending} files are not read; save it as .xlsx or .csv", ending=ending)
    return Text(
        "“{ending}” files are not known; save it as one of {known}",
        ending=ending, known=", ".join(known),
    )  # fmt: skip


def available_memory() -> float:
    """Return the memory that is free for use [bytes]; infinity where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError):
        return float("inf")


def check_memory(path: Path, available: float) -> None:
    """
    Refuse a file that would not fit into memory, before it is read.

    Raises
    ------
    ReadError
        With its size, what it would need and how to cut it.
    """
    size = path.stat().st_size
    needed = size * GROWTH.get(path.suffix.casefold(), USUAL_GROWTH)
    if needed > available:
        raise ReadError(path.name, [Text(
            "the file has {size} GB and would need about {needed} GB of memory, {available} GB are"
            " free; cut out the city first (in QGIS: Clip, or ogr2ogr -spat)",
            size=size / GIGABYTE, needed=needed / GIGABYTE, available=available / GIGABYTE,
        )])  # fmt: skip


def _text(path: Path, delimiter: str | None) -> Opened:
    form = sniff(path)
    sign = delimiter or form.delimiter
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # cells would be lost
            frame = pd.read_csv(
                path,
                sep=sign,
                encoding=form.encoding,
                dtype=str,
                keep_default_na=False,
                skiprows=form.comments,
                skipinitialspace=True,
                skip_blank_lines=False,  # they count as rows, as in a spreadsheet
                index_col=False,
            ).fillna("")
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        fault = ragged(path, sign, form.encoding, form.comments)
        raise ReadError(path.name, [fault]) from error
    frame.columns = frame.columns.str.strip()
    frame.index += form.comments + FIRST
    if len(frame.columns) == 1:
        raise ReadError(path.name, [_one_column(str(frame.columns[0]), form.delimiter, sign)])
    return Opened(frame[(frame != "").any(axis=1)], sheet=True)


def _one_column(header: str, likely: str, sign: str) -> Text:
    if likely == sign or likely not in header:
        return Text(
            "only one column was found (“{header}”); name the sign between two cells with"
            " --delimiter", header=header,
        )  # fmt: skip
    return Text(
        "only one column was found (“{header}”) with “{sign}” between cells; leave out --delimiter,"
        ' or try --delimiter "{likely}"', header=header, sign=sign,
        likely=likely.replace("\t", "\\t"),
    )  # fmt: skip


def _sheet(path: Path, table: str | None) -> Opened:
    book = openpyxl.load_workbook(path, read_only=True)
    names = [name for name in book.sheetnames if name != EXPLAINED]
    book.close()
    sheet = _chosen(path, names, table)
    frame = pd.read_excel(path, sheet_name=sheet, dtype=object, keep_default_na=False)
    frame.columns = [str(name).strip() for name in frame.columns]
    frame.index += FIRST
    blank = frame.map(lambda cell: cell is None or cell == "" or cell is pd.NaT)
    return Opened(frame[~blank.all(axis=1)], sheet=True)


def _spatial(path: Path, table: str | None) -> Opened:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL speaks to programmers
        found = pyogrio.list_layers(path)
        names = [name for name, kind in found if not (name == EXPLAINED and kind is None)]
        layer = _chosen(path, names, table)
        frame = geopandas.read_file(path, layer=layer, on_invalid="ignore")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    firm = path.suffix.casefold() not in {".geojson", ".json"}
    return Opened(frame, getattr(frame, "crs", None), firm)


def _parquet(path: Path) -> Opened:
    try:
        frame: Any = geopandas.read_parquet(path)
    except ValueError:  # no geometry inside
        frame = pd.read_parquet(path)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return Opened(frame, frame.crs if isinstance(frame, GeoDataFrame) else None)


def _chosen(path: Path, names: list[str], table: str | None) -> str:
    if table is not None and table in names:
        return table
    if table is None and len(names) == 1:
        return names[0]
    if table is None:
        raise ReadError(path.name, [Text(
            "the file holds several tables: {names}; choose one with --table",
            names=", ".join(names),
        )])  # fmt: skip
    raise ReadError(path.name, [Text(
        "there is no table “{table}” in it; it holds {names}", table=table, names=", ".join(names),
    )])  # fmt: skip
