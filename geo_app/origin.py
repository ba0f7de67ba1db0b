"""Where a layer comes from: what is told beside every figure made of it."""

from __future__ import annotations

import getpass
import hashlib
from dataclasses import dataclass
from pathlib import Path

from geopandas import GeoDataFrame

from layers import Layer, Text


@dataclass(frozen=True)
class Origin:
    """
    Provenance of one imported table.

    Parameters
    ----------
    file
        Name of the file it was read from, without its folder.
    file_hash
        SHA-256 of that file, hexadecimal; "" where there is none.
    source
        Who made the data, such as "OpenStreetMap contributors".
    licence
        Licence, such as "ODbL 1.0"; "" is unknown.
    attribution
        Text that must stand beside a map of it.
    as_of
        Day or year the data describe, as text; "" is unknown.
    imported_by
        Who imported it.
    invented
        The data are invented; every page that shows them says so.
    remarks
        What happened on the way in, such as rows left out.
    extent
        Land that the file covers completely, as WKT in longitude and latitude
        (EPSG:4326); "" is unknown.
    """

    file: str
    file_hash: str = ""
    source: str = ""
    licence: str = ""
    attribution: str = ""
    as_of: str = ""
    imported_by: str = ""
    invented: bool = False
    remarks: tuple[Text, ...] = ()
    extent: str = ""


@dataclass(frozen=True)
class Import:
    """One table on its way into the store."""

    layer: Layer
    table: GeoDataFrame
    origin: Origin


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whoever_is_here() -> str:
    """Return the name of the account that runs the command; "" where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
