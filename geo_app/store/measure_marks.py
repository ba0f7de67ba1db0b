"""Marks as measures count them, and the marks whose senders a measure concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import geopandas
from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlalchemy import select

from layers.days import day_of
from layers.marks import State
from layers.measure_counts import with_joined

from .credible import credible_marks
from .engines import reading
from .layers import Store
from .mark_tables import mark


def marks_to_count(store: Store, *, at: datetime) -> GeoDataFrame:
    """
    Return every accepted mark with its exact point [m], those joined with others too.

    Parameters
    ----------
    store
        The store of the city.
    at
        Now.

    Returns
    -------
    marks
        As `layers.measure_counts.tally` reads them; for staff, in memory only.
    """
    heads = credible_marks(store, at=at)
    columns = [mark.c[name] for name in ("id", "kind", "x", "y", "factors", "sender")]
    query = select(*columns, mark.c.received_at, mark.c.merged_into).where(
        mark.c.state == str(State.MERGED), mark.c.x.is_not(None)
    )
    with reading(store.engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    into = {row["id"]: row["merged_into"] for row in rows}
    known = set(heads.index)
    kept = [row for row in rows if _head(row["id"], into) in known]
    told = DataFrame(
        {
            "kind": [row["kind"] for row in kept],
            "factors": [row["factors"] for row in kept],
            "received_on": [day_of(row["received_at"]).isoformat() for row in kept],
            "sender": [row["sender"] for row in kept],
        },
        index=[row["id"] for row in kept],
        dtype="str",
    )
    places = geopandas.points_from_xy([row["x"] for row in kept], [row["y"] for row in kept])
    return with_joined(heads, GeoDataFrame(told, geometry=places, crs=store.crs))


def _head(id_: str, into: Mapping[str, Any]) -> str:
    """Follow mergers to the mark that is joined with no other."""
    seen = set[str]()
    while id_ in into and id_ not in seen:
        seen.add(id_)
        id_ = str(into[id_])
    return id_
