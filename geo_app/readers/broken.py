"""Files that cannot be read: what they really are, how it probably came about, what to do."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from layers import Text

BEGINNING = 512
"""Bytes by which a file shows what it is."""

ENDING = 8_192
"""Bytes in which the last row of a table lies."""

LARGE = 200_000_000
"""Size [bytes] up to which a broken file is read again to say where it breaks."""

SHOWN = 5
ARCHIVES = frozenset({".xlsx", ".zip"})
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
BESIDE = (".shx", ".dbf")
"""Files without which a Shapefile is not whole; without .prj it lacks its coordinate system."""


def disguised(path: Path) -> Text | None:
    """
    Tell what a file really is, if its name promises something else.

    Parameters
    ----------
    path
        A file that is there and not empty.

    Returns
    -------
    fault
        What it is and what to do; None if nothing speaks against its name.
    """
    with path.open("rb") as file:
        start = file.read(BEGINNING)
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return Text(
            "this is a web page, not data: instead of the file an error or a log-in page was"
            " probably saved. Open the address in a browser and download the file again"
        )
    if text.startswith(b"version https://git-lfs"):
        return Text("this is only the placeholder of a large file (Git LFS); fetch the file itself")
    if start.startswith(OLD_OFFICE):
        return Text(
            "this is a workbook of the old kind (.xls) or one with a password; open it in Excel or"
            " LibreOffice, take the password away and save it as .xlsx"
        )
    if start.startswith(b"PK\x03\x04") and path.suffix.casefold() not in ARCHIVES:
        return Text(
            "this is no text table but a workbook or a zip archive under another name; give it its"
            " own ending (.xlsx or .zip), or save it as CSV (UTF-8) and try again"
        )
    return None


def unreadable(path: Path) -> Text:
    """
    Say why a file of a known format probably cannot be read, and what to do.

    Parameters
    ----------
    path
        A file that its library refused.
    """
    ending = path.suffix.casefold()
    if ending in {".geojson", ".json"}:
        return _json(path)
    if ending == ".xlsx":
        return Text(
            "this is no workbook, or it is damaged, although its name ends in .xlsx; open it in"
            " Excel or LibreOffice and save it as .xlsx again"
        )
    if ending == ".shp":
        return Text(
            "the Shapefile cannot be read: it is damaged, or .shp, .shx and .dbf do not belong"
            " together; copy all of them again from the same folder"
        )
    if ending == ".zip":
        return Text(
            "the archive cannot be opened, or it holds no geodata; unpack it and give the file"
            " inside"
        )
    return Text(
        "this is no whole {ending} file ({size} bytes): it was probably cut off while it was copied"
        " or downloaded, or it has another format under this name. Fetch it again, or open it in"
        " the program it comes from and save it again",
        ending=ending, size=path.stat().st_size,
    )  # fmt: skip


def lacking(path: Path) -> Text | None:
    """Name the files that must lie beside a Shapefile and do not; None if it is whole."""
    if path.suffix.casefold() != ".shp":
        return None
    names = {beside.name.casefold() for beside in path.parent.iterdir()}
    gone = [ending for ending in BESIDE if path.stem.casefold() + ending not in names]
    if not gone:
        return None
    return Text(
        "a Shapefile is several files, and {missing} {count:is|are} not beside this one; copy all"
        " files with its name (.shp, .shx, .dbf, .prj) into one folder",
        missing=" ".join(gone), count=len(gone),
    )  # fmt: skip


def ragged(path: Path, sign: str, encoding: str, comments: int) -> Text:
    """
    Name the rows of a text table that have more cells than its header, or a quote never closed.

    Parameters
    ----------
    path, encoding
        The table and its encoding.
    sign
        What stands between two cells.
    comments
        Lines before the header.
    """
    wrong: list[str] = []
    header = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for number, row in enumerate(_rows(file, sign), start=1):
            if number == comments + 1:
                header = len(row)
            elif number > comments and len(row) > header:
                wrong.append(str(number))
    if not wrong:
        return Text(
            "a quotation mark is opened in it and never closed, so the rest of the table is read as"
            " one cell; close or remove it, and save the table again"
        )
    return Text(
        "{count} {count:row has|rows have} more cells than the header, which has {cells} with"
        " “{sign}” between them (row {rows}). If numbers have a decimal comma or texts hold the"
        " sign, save the table with another sign or put such texts in quotation marks",
        count=len(wrong), cells=header, sign="TAB" if sign == "\t" else sign,
        rows=", ".join(wrong[:SHOWN]),
    )  # fmt: skip


def torn(path: Path, sign: str, encoding: str, *, cells: int) -> str:
    """
    Return the last row of a text table if the file ends in the middle of it, else "".

    Parameters
    ----------
    path, encoding
        The table and its encoding.
    sign, cells
        What stands between two cells, and how many of them the header has.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - ENDING))
        end = file.read().decode(encoding, errors="replace")
    last = end.splitlines()[-1] if end else ""
    cut_off = not end.endswith(("\n", "\r")) and last.count(sign) < cells - 1
    return last[:BEGINNING] if cut_off else ""


def _rows(lines: Iterator[str], sign: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=sign)
    except csv.Error:  # a cell of unbelievable length: what a lost quotation mark leaves
        return


def _json(path: Path) -> Text:
    """Say where a GeoJSON breaks, or that it is JSON of another kind."""
    size = path.stat().st_size
    try:
        if size < LARGE:
            json.loads(path.read_bytes())
    except UnicodeDecodeError:
        return Text("the file is not written in UTF-8, as GeoJSON must be; export it again")
    except json.JSONDecodeError as error:
        return Text(
            "this is no whole GeoJSON: it breaks in line {line}, at letter {letter}. It was"
            " probably cut off on the way or edited by hand; download or export it again",
            line=error.lineno, letter=error.colno,
        )  # fmt: skip
    return Text(
        "this is no GeoJSON with features; export it again (in QGIS: Export, Save Features As,"
        " GeoJSON)"
    )
