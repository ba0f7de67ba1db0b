"""What the maps fetch: features, walks, reaches and the basemap."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

from flask import Blueprint, Response, make_response, request, send_from_directory
from geopandas import GeoDataFrame

from layers import LAYERS, ParameterError, Text
from layers.disclosure import withheld

from .. import shelf
from ..access import public
from ..cartography import HIDDEN, basemap_folder
from ..errors import NotFoundError
from ..languages import CHANCE, say
from ..maps.basemap import THEMES
from ..maps.features import at_most, feature_collection, within
from ..results import answer, counted
from ..results import picture as picture_of
from ..results import trace as trace_of
from .city import analysis_called, asked, current_store, layer_called, unknown
from .layers import missing

bp = Blueprint("maps", __name__)

WORTH_PACKING = 2000
"""Longer answers are packed [bytes]."""


@bp.get("/layers/<name>/features")
@public
def layer(name: str) -> Response:
    """Features of a layer, or of its part in the box `bbox` (west,south,east,north)."""
    found, store = layer_called(name), current_store()
    if name not in store.names():
        raise missing(found)
    table = within(withheld(shelf.table(store, name), found.columns), _box())
    shown, more = at_most(table)
    columns = [column.name for column in found.columns if column.name not in HIDDEN]
    return fresh(feature_collection(shown, columns, more=more))


@bp.get("/analyses/<name>/features")
@public
def cells(name: str) -> Response:
    """Cells of a result, with the columns that its map tells."""
    analysis = analysis_called(name)
    computed = answer(current_store(), analysis, analysis.parse(asked()))
    columns = [column.name for column in analysis.columns]
    chances = [column.name for column in analysis.columns if column.unit == CHANCE]
    table = withheld(computed.result.table, analysis.columns)
    return fresh(feature_collection(table, columns, fine=chances))


@bp.get("/analyses/<name>/places")
@public
def places(name: str) -> Response:
    """Return the places that count for a question."""
    analysis, store = analysis_called(name), current_store()
    values = analysis.parse(asked())
    question = values.get("question")
    if question is None:
        raise NotFoundError([Text("“{name}” does not ask for places", name=name)])
    if question.reach not in store.names():
        raise missing(LAYERS[question.reach])
    columns = [c.name for c in LAYERS[question.reach].columns if c.name not in HIDDEN]
    shown, more = at_most(counted(store, values))
    return fresh(feature_collection(shown, columns, more=more))


@bp.get("/analyses/<name>/marked")
@public
def marked(name: str) -> Response:
    """Return the numbered points of a result, in their order."""
    analysis = analysis_called(name)
    found = answer(current_store(), analysis, analysis.parse(asked())).result.marked
    if found is None:
        raise NotFoundError([Text("“{name}” marks no places", name=name)])
    told = {name: [say(words) for words in found[name]] for name in ("name", "note")}
    return fresh(feature_collection(found.assign(**told), ["name", "note"]))


@bp.get("/analyses/<name>/lines")
@public
def lines(name: str) -> Response:
    """Return further lines of a result, or those in the box `bbox`."""
    analysis = analysis_called(name)
    found = answer(current_store(), analysis, analysis.parse(asked("bbox"))).result.lines
    if found is None:
        raise NotFoundError([Text("“{name}” draws no lines", name=name)])
    shown, more = at_most(within(found, _box()))
    told = shown.assign(name=[say(name) for name in shown["name"]])
    return fresh(feature_collection(told, ["name"], more=more))


@bp.get("/analyses/<name>/trace")
@public
def trace(name: str) -> Response:
    """Draw what lies behind the row `row`, such as the walk from a cell."""
    analysis = analysis_called(name)
    return _drawn(trace_of, analysis, asked("row"), "row")


@bp.get("/analyses/<name>/picture")
@public
def picture(name: str) -> Response:
    """Draw what lies around the place `place`, such as its reach."""
    analysis = analysis_called(name)
    return _drawn(picture_of, analysis, asked("place"), "place")


@bp.get("/basemap/<theme>.pmtiles")
@public
def archive(theme: str) -> Response:
    """Send an archive of the basemap, or the piece of it that is asked for."""
    if theme not in THEMES or not (basemap_folder() / f"{theme}.pmtiles").exists():
        raise NotFoundError([unknown(theme, tuple(THEMES))])
    response = send_from_directory(
        basemap_folder(),
        f"{theme}.pmtiles",
        mimetype="application/vnd.pmtiles",
        conditional=True,
    )
    response.headers["Accept-Ranges"] = "bytes"
    # Chromium drops some of many pieces asked for at once if it may keep them: blank tiles.
    response.headers["Cache-Control"] = "no-store"
    return response


def _drawn(draw: Any, analysis: Any, query: dict[str, list[str]], given: str) -> Response:
    row = request.args.get(given, "")
    try:
        drawn: GeoDataFrame = draw(current_store(), analysis, analysis.parse(query), row)
    except LookupError:  # no such row, or nothing that could be drawn of it
        raise NotFoundError([Text("there is no row “{row}”", row=row)]) from None
    columns = [name for name in drawn.columns if name != drawn.geometry.name]
    return fresh(feature_collection(drawn, columns))


def _box() -> tuple[float, float, float, float] | None:
    text = request.args.get("bbox")
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ParameterError(
            [Text("bbox needs west,south,east,north in degrees, not “{text}”", text=text)]
        )
    return west, south, east, north


def fresh(content: bytes) -> Response:
    """
    Answer with GeoJSON that a browser keeps but asks for again; packed where it is long.

    Parameters
    ----------
    content
        GeoJSON in UTF-8.
    """
    packed = request.accept_encodings["gzip"] > 0 and len(content) > WORTH_PACKING
    response = make_response(gzip.compress(content, 4, mtime=0) if packed else content)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Content-Type"] = "application/geo+json"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest()[:24])
    response.make_conditional(request)
    return response
