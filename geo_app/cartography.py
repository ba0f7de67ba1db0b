"""What the map of each page draws: sources, columns a click tells, words, legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from flask import current_app, url_for
from geopandas import GeoDataFrame
from shapely import Point

from layers import LAYERS, Analysis, Column, Result, Text
from layers.crs import to_display

from . import opening, shelf
from .headings import heading
from .languages import current, say, spoken, translate
from .legends import Legend, inks_of, legend_of
from .maps.basemap import manifest
from .maps.features import MOST
from .maps.shell import Basemap, MapParts, Source, render_map
from .security import nonce
from .store import Store

WORDS = {
    "loading": Text("Loading the map …"),
    "failed": Text("This part of the map did not load."),
    "retry": Text("Try again"),
    "open": Text("Open"),
    "close": Text("Close"),
    "part": Text("Only a part is drawn; move closer to see all."),
    "unknown": Text("unknown"),
    "never": Text("not reached"),
    "walk": Text("The walk is drawn on the map."),
    "stacked": Text("{count} here"),
    "no_walk": Text("No walk to such a place is known."),
    "reach": Text("Show how far one gets from here"),
    "reach_note": Text("A picture of the reach; counted is along the ways, cell by cell."),
    "nameless": Text("without a name"),
    "gap": Text("{people} people without a place in time"),
}
"""Sentences that the script of the map writes."""

AROUND = 180.0
"""So far around one point its map reaches at first [m]."""
PLACES = ("meeting_places", "counselling_services")
HIDDEN = frozenset(
    {"protected", "place_id", "start_node", "end_node", "covered", "people_uncovered"}
)
"""Columns that a click does not tell."""


@dataclass(frozen=True)
class Drawing:
    """A map with what stands on it."""

    parts: MapParts
    layers: tuple[Source, ...]
    attributions: tuple[str, ...]
    legend: Legend | None = None


def of_city(store: Store) -> Drawing:
    """Draw the city: its districts and every place to find."""
    sources = [_layer(store, "districts", visible=False)] if "districts" in store.names() else []
    sources += [_places(name) for name in PLACES if name in store.names()]
    return _drawing(store, _extent(store), sources)


def of_layer(store: Store, name: str) -> Drawing:
    """Draw one layer as it is."""
    table = shelf.table(store, name)
    source = _places(name) if name in PLACES else _layer(store, name)
    return _drawing(store, _bounds(table) or _extent(store), [source])


def of_result(
    store: Store, analysis: Analysis, query: Mapping[str, Any], result: Result
) -> Drawing:
    """Draw a result: rows in classes, gaps as squares, numbered pins, the places that count."""
    address = {"name": analysis.name, **query}
    drawn = list(_rows_of(analysis, address, result))
    if result.lines is not None and len(result.lines):
        drawn.append(_lines(address, result))
    if "question" in {group.name for group in analysis.asks}:
        drawn.append(_counting(analysis, address, query))
    if result.marked is not None:
        drawn.append(_marked(address, result))
    if "districts" in store.names():
        drawn.append(_layer(store, "districts", visible=False))
    bounds = _bounds(result.table) or _extent(store)
    return _drawing(store, bounds, drawn, legend_of(result))


def _rows_of(analysis: Analysis, address: Mapping[str, Any], result: Result) -> tuple[Source, ...]:
    """Draw the rows of a result in their classes, and squares on them."""
    style = result.style
    cells = Source(
        name="cells",
        title=say(style.legend, current()),
        kind="cells",
        url=url_for("maps.cells", **address),
        columns=columns_told(analysis.columns),
        values=style.column,
        breaks=style.breaks,
        kinds=style.kinds,
        inks=inks_of(style),
        scale=style.scale,
        faint=bool(style.squares),
        few=any(c.name == style.column and c.unit == "people" for c in analysis.columns),
        trace=url_for("maps.trace", **address) if analysis.trace else "",
    )
    if not style.squares:
        return (cells,)
    squares = Source(
        name="squares",
        title=say(style.squares_legend, current()),
        kind="squares",
        url=cells.url,
        values=style.squares,
    )
    return cells, squares


def _counting(analysis: Analysis, address: Mapping[str, Any], query: Mapping[str, Any]) -> Source:
    """Draw the places that count for a question."""
    return Source(
        name="places",
        title=say(Text("Places that count"), current()),
        kind="places",
        url=url_for("maps.places", **address),
        columns=columns_told(LAYERS[_reached(query)].columns),
        picture=url_for("maps.picture", **address) if analysis.picture else "",
        label="name",
    )


def _lines(address: Mapping[str, Any], result: Result) -> Source:
    """Draw further lines of a result, such as unlit ways."""
    return Source(
        name="lines",
        title=say(result.style.lines_legend, current()),
        kind="layer",
        url=url_for("maps.lines", **address),
        columns=({"name": "name", "label": "", "unit": "", "options": {}, "many": False},),
        by_view=result.lines is not None and len(result.lines) > MOST,
        label="name",
    )


def _marked(address: Mapping[str, Any], result: Result) -> Source:
    """Draw numbered pins, each with its name and a note."""
    plain = {"label": "", "unit": "", "options": {}, "many": False}
    return Source(
        name="marked",
        title=say(result.style.marked_legend, current()),
        kind="marked",
        url=url_for("maps.marked", **address),
        columns=({"name": "name"} | plain, {"name": "note"} | plain),
        label="name",
    )


def of_sources(
    store: Store,
    sources: Sequence[Source],
    *,
    around: tuple[float, float] | None = None,
    legend: Legend | None = None,
    within: GeoDataFrame | None = None,
) -> Drawing:
    """
    Draw what a page of its own fetches.

    Parameters
    ----------
    store
        The city's data.
    sources
        What is drawn, the lowest first.
    around
        Point [m] that the map shows first; the whole city without one.
    legend
        What the colours mean.
    within
        Rows of which the map shows all at first, if there are any.
    """
    if around is None:
        bounds = _bounds(within) if within is not None and len(within) else None
        return _drawing(store, bounds or _extent(store), sources, legend)
    box = GeoDataFrame(geometry=[Point(around).buffer(AROUND)], crs=store.crs)
    return _drawing(store, _bounds(box) or _extent(store), sources, legend)


def plain_source(
    name: str,
    title: Text,
    url: str,
    kind: Text | None = None,
    options: Mapping[str, Text] | None = None,
    *,
    pin: bool = False,
    page: str = "",
) -> Source:
    """
    Describe features that have a name, and perhaps a kind whose labels are `options`.

    Parameters
    ----------
    name, title, url, page
        As in `Source`.
    kind, options
        What the kind of a feature is called, and the label of each.
    pin
        They are points, drawn as pins.
    """
    language = current()
    told = {n: say(label, language) for n, label in (options or {}).items()}
    column = {"label": "", "unit": "", "options": {}, "many": False}
    columns: list[dict[str, Any]] = [column | {"name": "name"}]
    if kind is not None:
        words = {"label": say(kind, language), "options": told}
        columns.append(column | {"name": "kind"} | words)
    shape: Literal["places", "layer"] = "places" if pin else "layer"
    return Source(name, say(title, language), shape, url, tuple(columns), label="name", page=page)


def basemap() -> Basemap:
    """Return the addresses of the city's basemap; none while it has not been drawn."""
    told = manifest(basemap_folder())
    return Basemap(
        archives={
            theme: url_for("maps.archive", theme=theme, v=told["version"])
            for theme in told.get("themes", ())
        },
        maxzoom=told.get("maxzoom", 15),
    )


def basemap_folder() -> Path:
    """Return the folder of the basemap."""
    folder: Path = current_app.config["SETTINGS"].var / "basemap"
    return folder.resolve()


def _drawing(
    store: Store, bounds: Sequence[float], sources: Sequence[Source], legend: Legend | None = None
) -> Drawing:
    language = current()
    parts = render_map(
        bounds,
        sources,
        basemap(),
        words={name: say(word, language) for name, word in WORDS.items()},
        language=language,
        nonce=nonce(),
        address=current_app.jinja_env.globals["asset"],
    )
    origins = shelf.present(store).values()
    told = [translate(origin.attribution or origin.source, language) for origin in origins]
    return Drawing(parts, tuple(sources), tuple(dict.fromkeys(filter(None, told))), legend)


def _places(name: str) -> Source:
    layer = LAYERS[name]
    return Source(
        name=name,
        title=say(layer.title, current()),
        kind="places",
        url=url_for("maps.layer", name=name),
        columns=columns_told(layer.columns),
        label="name",
    )


def _layer(store: Store, name: str, *, visible: bool = True) -> Source:
    layer = LAYERS[name]
    return Source(
        name=name,
        title=say(layer.title, current()),
        kind="layer",
        url=url_for("maps.layer", name=name),
        columns=columns_told(layer.columns),
        visible=visible,
        by_view=store.provenance(name).rows > MOST,
        label=layer.label,
    )


def columns_told(columns: Sequence[Column]) -> tuple[dict[str, Any], ...]:
    """Tell the script what each property is called, in the reader's language."""
    language = current()
    return tuple(
        {
            "name": column.name,
            "label": say(heading(column), language),
            "unit": say(Text(column.unit), language) if column.unit else "",
            "options": _labels(column, language),
            "many": column.many or column.name == "languages",
        }
        for column in columns
        if column.name not in HIDDEN
    )


def _labels(column: Column, language: str) -> dict[str, str]:
    if column.name == "languages":
        return spoken(language)
    if column.name == "opening_hours":
        return opening.words(language)
    return {name: say(label, language) for name, label in (column.options or {}).items()}


def _reached(query: Mapping[str, Any]) -> str:
    """Name of the layer whose places a question asks for."""
    return str(query.get("reach", [PLACES[0]])[0])


def _extent(store: Store) -> Sequence[float]:
    """Where the city lies [degrees]: its districts, people, places, or else its streets."""
    for name in ("districts", "population", "meeting_places", "streets"):
        if name in store.names():
            found = _bounds(shelf.table(store, name))
            if found:
                return found
    return (5.9, 47.3, 15.0, 55.0)  # Germany


def _bounds(table: GeoDataFrame) -> Sequence[float] | None:
    box = to_display(table[[table.geometry.name]]).total_bounds
    return tuple(box.tolist()) if np.isfinite(box).all() else None
