"""Text files of unknown make: encoding, delimiter and decimal sign found out from the file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from layers import Text

from .broken import disguised
from .errors import ReadError

SAMPLE = 65_536
EMPTY = Text(
    "the file is empty; it was probably not fully saved or downloaded: save or download it again"
)
DELIMITERS = (";", "\t", ",", "|")
FIRST = 2
"""Row in which a spreadsheet shows the first row below its header."""

ALIKE = 0.75
"""How alike two names must be for one to be proposed for the other, from 0 to 1."""

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
        Lines before the header: empty, or starting with # as in our templates.
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
        raise ReadError(path.name, [EMPTY])
    other = disguised(path)
    if other is not None:
        raise ReadError(path.name, [other])
    encoding = _encoding(start)
    text = start.decode(encoding, errors="ignore")
    if "\0" in text:
        raise ReadError(
            path.name, [Text("this is not a text table; save it as CSV (UTF-8) and try again")]
        )
    lines = text.splitlines()
    comments = next((i for i, li in enumerate(lines) if li.strip() and not li.startswith("#")), 0)
    header = re.sub(r'"[^"]*"', "", lines[comments])
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
