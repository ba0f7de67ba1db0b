"""Links that a planner adds to the streets, and takes out again."""

from __future__ import annotations

from typing import Any

import pandas as pd
from flask import Blueprint, redirect, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response

from layers import ANALYSES, LAYERS, Text
from layers.days import day_of
from layers.doctor import MENDED_BY_LINK

from .. import shelf
from ..access import person, staff
from ..clock import now
from ..errors import NotFoundError
from ..origin import Import, Origin
from ..results import answer
from ..session import people
from ..shelf import LINKS
from .city import PLANNERS, asked, current_store

bp = Blueprint("doctor", __name__, url_prefix="/doctor")


@bp.post("/accept")
@staff(*PLANNERS)
def accept() -> Response:
    """Add a link that is suspected to be missing; every figure counts it from now on."""
    store, analysis = current_store(), ANALYSES["network_doctor"]
    query = asked(of=analysis.name)
    row = request.form.get("row", "")
    found = answer(store, analysis, analysis.parse(query)).result.table
    if row not in found.index or found["kind"][row] not in MENDED_BY_LINK:
        raise NotFoundError([Text("there is no link “{row}” to add", row=row)])
    one = found.loc[[row]]
    added = GeoDataFrame(
        {
            "kind": one["kind"],
            "name": one["where"],
            "accepted_by": person().login,
            "accepted_on": day_of(now()).isoformat(),
        },
        geometry=one.geometry,
        crs=one.crs,
    )
    _write(pd.concat([links(), added]), "link added", row)
    return _back(query)


@bp.post("/remove")
@staff(*PLANNERS)
def remove() -> Response:
    """Take a link out again; every figure is as it was before."""
    row = request.form.get("row", "")
    kept = links()
    if row not in kept.index:
        raise NotFoundError([Text("there is no link “{row}” to take out", row=row)])
    _write(kept.drop(row), "link taken out", row)
    return _back(asked(of="network_doctor"))


def links() -> GeoDataFrame:
    """Return the links that have been added."""
    store = current_store()
    if LINKS in store.names():
        return shelf.table(store, LINKS)
    empty = GeoDataFrame({"kind": []}, geometry=[], crs=store.crs)
    return LAYERS[LINKS].complete(empty)


def _write(table: GeoDataFrame, action: str, row: str) -> None:
    login, at = person().login, now()
    table = LAYERS[LINKS].complete(table[~table.index.duplicated(keep="last")])
    origin = Origin(
        file="", source=str(Text("The city’s own planners")), imported_by=login, as_of=str(at.year)
    )
    current_store().write([Import(LAYERS[LINKS], table, origin)], at=at)
    people().audit(action, by=login, at=at, what=f"link {row}")


def _back(query: dict[str, Any]) -> Response:
    return redirect(url_for("analyses.show", name="network_doctor", **query), code=303)
