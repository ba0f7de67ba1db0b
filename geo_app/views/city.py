"""What every view knows of the city: its store, and how a page of rows is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, nan
from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, current_app, make_response, request

from layers import LAYERS, Layer, ParameterError, Text

from ..errors import NotFoundError
from ..store import Store

PER_PAGE = 25


def current_store() -> Store:
    """Return the store of this application."""
    return cast("Store", current_app.extensions["store"])


def invented(store: Store) -> bool:
    """Tell whether anything the store shows is invented."""
    return any(store.provenance(name).invented for name in store.names())


def layer_called(name: str) -> Layer:
    """
    Return the layer called `name`.

    Raises
    ------
    NotFoundError
        If there is none; names all there are.
    """
    if name not in LAYERS:
        raise NotFoundError([unknown(name, tuple(LAYERS))])
    return LAYERS[name]


def unknown(name: str, known: Sequence[str]) -> Text:
    """Say that a name in an address is not known, and which are."""
    return Text("“{name}” is not known; there are {known}", name=name, known=tuple(known))


def asked(*own: str) -> dict[str, list[str]]:
    """
    Return what the address asks of an analysis.

    Parameters
    ----------
    own
        Names that the page itself takes and an analysis does not know.
    """
    taken = {"lang", *own}
    return {name: texts for name, texts in request.args.lists() if name not in taken}


def box_asked() -> tuple[float, float, float, float] | None:
    """
    Return the box that the address names: west, south, east, north [degrees].

    Raises
    ------
    ParameterError
        If it is not four numbers in this order.
    """
    text = request.args.get("bbox", "")
    if not text:
        return None
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        west = south = east = north = nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ParameterError([Text("bbox must be west, south, east, north in degrees")])
    return west, south, east, north


def geojson(content: bytes) -> Response:
    """Answer with GeoJSON that a browser may keep, but must ask about before each use."""
    response = make_response(content)
    response.mimetype = "application/geo+json"
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@dataclass(frozen=True)
class Page:
    """
    One page of a long table.

    Parameters
    ----------
    number, count
        Which page of how many, from 1.
    total
        Rows on all pages.
    start, stop
        Its rows, as a slice.
    """

    number: int
    count: int
    total: int
    start: int
    stop: int


def page_of(total: int, *, size: int = PER_PAGE) -> Page:
    """Return the page that the address asks for; one that does not exist gives the nearest."""
    count = max(1, ceil(total / size))
    number = min(max(1, request.args.get("page", 1, type=int)), count)
    return Page(number, count, total, (number - 1) * size, min(number * size, total))


def address_with(**changes: Any) -> str:
    """Return the address of this page with some of its query changed; `None` leaves one out."""
    query = {name: texts for name, texts in request.args.lists() if name not in changes}
    query |= {name: [str(value)] for name, value in changes.items() if value is not None}
    return f"{request.path}?{urlencode(query, doseq=True)}"
