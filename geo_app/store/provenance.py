"""Where a version of a layer comes from, and how its remarks survive in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import orjson

from geo_app.origin import Origin
from layers import Text


@dataclass(frozen=True, kw_only=True)
class Provenance(Origin):
    """
    One version of a layer in the store.

    Parameters
    ----------
    layer
        Name of the layer.
    version
        Number of the version; unique in its store and never used again.
    hash
        SHA-256 of the content, hexadecimal: of columns, ids, cells and geometry in
        their order, not of when or from what they were imported. The same on
        every database.
    rows
        Number of rows.
    imported_at
        Moment of the import, in UTC.
    current
        This version is the one that is read; the other one is kept for undo.
    """

    layer: str
    version: int
    hash: str
    rows: int
    imported_at: datetime
    current: bool = True


def of_row(row: Mapping[str, Any]) -> Provenance:
    """Read a row of `layer_version`."""
    told = dict(row)
    return Provenance(version=told.pop("id"), **told | {"remarks": read_remarks(told["remarks"])})


def columns_of(origin: Origin) -> dict[str, Any]:
    """Write an origin as columns of `layer_version`."""
    told = {f.name: getattr(origin, f.name) for f in fields(Origin)}
    return told | {"remarks": write_remarks(origin.remarks)}


def write_remarks(remarks: tuple[Text, ...]) -> str:
    """Write sentences with templates and values, so that they can still be translated."""
    return orjson.dumps([_write(Text(r) if type(r) is str else r) for r in remarks]).decode()


def read_remarks(text: str) -> tuple[Text, ...]:
    """Read what `write_remarks` wrote."""
    return tuple(_read(remark) for remark in orjson.loads(text))


def _write(value: Any) -> Any:
    if isinstance(value, Text):
        return {"text": value.template, "values": {k: _write(v) for k, v in value.values.items()}}
    if isinstance(value, tuple | list):
        return [_write(item) for item in value]
    if type(value) is date:
        return {"day": value.isoformat()}
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _read(value: Any) -> Any:
    if isinstance(value, dict) and "day" in value:
        return date.fromisoformat(value["day"])
    if isinstance(value, dict):
        return Text(value["text"], **{k: _read(v) for k, v in value["values"].items()})
    return tuple(map(_read, value)) if isinstance(value, list) else value
