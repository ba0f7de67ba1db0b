"""Pages of the layers: one view serves them all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from pandas import DataFrame

from layers import LAYERS, Layer, MissingLayerError, Text
from layers.disclosure import withheld

from .. import cartography, documents, shelf, writers
from ..access import public
from ..clock import today
from ..errors import NotFoundError
from ..languages import current
from ..rows import rows
from .city import address_with, current_store, layer_called, page_of, unknown

bp = Blueprint("layers", __name__, url_prefix="/layers")


@bp.get("")
@public
def index() -> str:
    """Everything the city knows, and what it could know."""
    return render_template("layers.html", layers=LAYERS, present=shelf.present(current_store()))


@bp.get("/<name>")
@public
def show(name: str) -> str:
    """One layer: who is not in it, where it comes from, map, columns, rows, downloads."""
    layer = layer_called(name)
    store = current_store()
    if name not in store.names():
        raise missing(layer)
    table = withheld(shelf.table(store, name), layer.columns)
    ordered, sort, falling = _sorted(table, layer)
    page = page_of(len(table))
    shown = ordered.iloc[page.start : page.stop]
    return render_template(
        "layer.html",
        layer=layer,
        origin=store.provenance(name),
        history=store.history(name),
        page=page,
        rows=rows(shown, layer.columns),
        located=set(shown.index[~(shown.geometry.isna() | shown.geometry.is_empty)]),
        sort=sort,
        falling=falling,
        address_with=address_with,
        formats=writers.FORMATS,
        drawing=cartography.of_layer(store, name),
    )


@bp.get("/<name>/download.<extension>")
@public
def download(name: str, extension: str) -> Response:
    """One layer as a file."""
    layer = layer_called(name)
    store = current_store()
    if name not in store.names():
        raise missing(layer)
    document = documents.document_of_layer(
        layer, shelf.table(store, name), store.provenance(name), language=current()
    )
    return send(document, extension)


def send(document: writers.Document, extension: str) -> Response:
    """
    Answer with a file.

    Raises
    ------
    NotFoundError
        If there is no such format; names all there are.
    """
    if extension not in writers.FORMATS:
        raise NotFoundError([unknown(extension, tuple(writers.FORMATS))])
    response = make_response(writers.content(document, extension))
    response.headers["Content-Type"] = writers.FORMATS[extension].mimetype
    file = f"{document.name}-{today().isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def missing(layer: Layer) -> MissingLayerError:
    """Say that a layer has not been imported yet."""
    return MissingLayerError(
        [layer.name], [Text("the layer “{layer}” is missing; import it first", layer=layer.title)]
    )


def _sorted(table: Any, layer: Layer) -> tuple[Any, str, bool]:
    """Order the rows as the address asks; unknown values come last."""
    wanted = request.args.get("sort", "")
    name = wanted.removeprefix("-")
    if name not in {column.name for column in layer.columns}:
        return table, "", False
    falling = wanted.startswith("-")
    keys: DataFrame = table[[name]].replace("", float("nan"))
    order = keys.sort_values(name, ascending=not falling, na_position="last", kind="stable").index
    return table.loc[order], name, falling
