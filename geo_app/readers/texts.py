"""Text files of unknown make: encoding, delimiter and decimal sign found out from the file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from layers import Text

from .errors import ReadError

SAMPLE = 65_536
DELIMITERS = (";", "\t", ",", "|")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class TextForm:
    """
    How a text table is written.

    Parameters
    ----------
    encoding
        "utf-8-sig", "utf-16" or "cp1252".
    delimiter
        Sign between two cells.
    bytes_per_row
        Usual length of a row, to tell progress.
    comments
        Lines at the beginning that start with #, as in our templates.
    """

    encoding: str
    delimiter: str
    bytes_per_row: int
    comments: int = 0


def sniff(path: Path) -> TextForm:
    """
    Find out how a text table is written, from its beginning.

    Raises
    ------
    ReadError
        If the file is empty or is no text.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start.strip():
        raise ReadError(path.name, [Text("the file is empty")])
    encoding = _encoding(start)
    text = start.decode(encoding, errors="ignore")
    if "\0" in text:
        raise ReadError(
            path.name, [Text("this is not a text table; save it as CSV (UTF-8) and try again")]
        )
    lines = text.splitlines()
    comments = next((i for i, line in enumerate(lines) if not line.startswith("#")), 0)
    header = re.sub(r'"[^"]*"', "", next((li for li in lines[comments:] if li.strip()), ""))
    delimiter = max(DELIMITERS, key=header.count)
    row = max(1, len(start) // max(1, start.count(b"\n")))
    return TextForm(encoding, delimiter, row, comments)


def _encoding(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:  # a letter may be cut off at the end of the sample
            return "cp1252"
    return "utf-8-sig"


def plain_name(name: str) -> str:
    """Return a column name without capitals, umlauts and signs, to compare names by."""
    lower = unicodedata.normalize("NFC", name).casefold().translate(UMLAUTS)
    return re.sub(r"[^a-z0-9]", "", lower)
