"""
The map of a page: folium makes the shell, our own script fills it.

folium renders an empty Leaflet map and one call of our own function, which reads
its configuration as JSON from the page. Every file it would load from elsewhere is replaced by
our own copy or dropped; one that is neither is a defect and raises. No text
passes through folium, not even ours, because it renders what it is given as a
template again: features are fetched by the page and written with `textContent`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import folium
from branca.element import CssLink, JavascriptLink, MacroElement
from jinja2 import Template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

OURS = {"leaflet.js": "vendor/leaflet.js", "leaflet.css": "vendor/leaflet.css"}
"""Files of folium that we serve ourselves, by the end of their address."""

DROPPED = (
    "jquery",
    "bootstrap",
    "awesome-markers",
    "awesome.rotate",
    "fontawesome",
    "glyphicons",
)
"""Files of folium that our maps do without, by a part of their address."""


class ForeignFileError(RuntimeError):
    """Folium wants to load a file that is neither ours nor known to be needless."""


@dataclass(frozen=True)
class Source:
    """
    Something the map draws.

    Parameters
    ----------
    name
        Its name in the page, such as the name of a layer.
    title
        Its name in the list of layers, in the reader's language.
    kind
        "cells" (areas, lines or points in classes), "squares" (gaps), "places" (pins), "marked"
        (numbered pins) or "layer" (as it is).
    url
        Where its features are.
    columns
        What a click tells: name, label, unit and options of each column.
    visible
        Shown at the start.
    by_view
        Too large to be fetched at once: fetched for the part in view.
    values, breaks
        Column that colours cells or sizes squares, and upper ends of the classes.
    kinds, inks
        Values of that column where it holds names, and the name of the colour of each class.
    scale, faint
        "sequential", "diverging" or "kinds"; the last class is drawn faintly below squares.
    few
        Whether a value that is missing is a count of people too small to be told.
    trace, picture
        Address of the walk behind a cell, of the reach around a place; "" for none.
    label
        Column that names a feature.
    page
        Address before the id of a feature where it has a page of its own; "" for none.
    """

    name: str
    title: str
    kind: Literal["cells", "squares", "places", "marked", "layer"]
    url: str
    columns: tuple[Mapping[str, Any], ...] = ()
    visible: bool = True
    by_view: bool = False
    values: str = ""
    breaks: tuple[float, ...] = ()
    kinds: tuple[str, ...] = ()
    inks: tuple[str, ...] = ()
    scale: str = "sequential"
    faint: bool = False
    few: bool = False
    trace: str = ""
    picture: str = ""
    label: str = ""
    page: str = ""


@dataclass(frozen=True)
class Basemap:
    """Addresses of the archives of a basemap by theme, and the zoom of their finest tiles."""

    archives: Mapping[str, str] = field(default_factory=dict)
    maxzoom: int = 15


@dataclass(frozen=True)
class MapParts:
    """The map as markup: links for the head, the map itself, scripts for the end."""

    head: Markup
    body: Markup
    scripts: Markup


class _Fill(MacroElement):
    """Calls our own script, which finds its configuration in the page."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Fill"
        self._template = Template(
            "{% macro script(this, kwargs) %}"
            "treffsicherMap({{ this._parent.get_name() }});"
            "{% endmacro %}"
        )


def render_map(
    bounds: Sequence[float],
    sources: Sequence[Source],
    basemap: Basemap,
    *,
    words: Mapping[str, str],
    language: str,
    nonce: str,
    address: Any,
) -> MapParts:
    """
    Render a map.

    Parameters
    ----------
    bounds
        West, south, east, north of what is shown first [degrees].
    sources
        What is drawn, the lowest first.
    basemap
        What lies below; without archives the ground stays plain.
    words
        Sentences the script needs, in the reader's language.
    language
        Tag of the reader's language, for numbers.
    nonce
        Secret word of this answer for scripts and styles.
    address
        Function from the name of a static file to its address.

    Raises
    ------
    ForeignFileError
        If folium would load something from elsewhere.
    """
    west, south, east, north = (float(edge) for edge in bounds)
    canvas = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        prefer_canvas=True,
        maxZoom=19,
        minZoom=8,
        zoomSnap=0.5,
    )
    _Fill().add_to(canvas)
    config = {
        "sources": [asdict(source) for source in sources],
        "basemap": asdict(basemap),
        "words": dict(words),
        "language": language,
        "bounds": [[south, west], [north, east]],
    }
    return _parts(canvas, config, nonce, address)


def _parts(canvas: folium.Map, config: Mapping[str, Any], nonce: str, address: Any) -> MapParts:
    figure: Any = canvas.get_root()
    figure.render()
    links, scripts = [], [_script(address("vendor/protomaps-leaflet.js"), nonce)]
    for element in figure.header._children.values():  # noqa: SLF001, branca has no other door
        if not isinstance(element, JavascriptLink | CssLink):
            continue
        ours = our_copy(element.url)
        if ours and isinstance(element, CssLink):
            links.append(f'<link rel="stylesheet" href="{address(ours)}">')
        elif ours:
            scripts.insert(0, _script(address(ours), nonce))
    scripts += [_script(address(f"js/{name}.js"), nonce) for name in ("basemap", "map")]
    scripts.append(_data(config))
    scripts.append(f'<script nonce="{nonce}">{figure.script.render()}</script>')
    return MapParts(
        head=Markup("\n".join(links)),  # noqa: S704, our own addresses
        body=Markup(_labelled(figure.html.render())),  # noqa: S704, an empty element
        scripts=Markup("\n".join(scripts)),  # noqa: S704, JSON made safe for a page
    )


def our_copy(url: str) -> str:
    """
    Return our own copy of a file that folium wants, or "" if we do without.

    Raises
    ------
    ForeignFileError
        If the file is unknown.
    """
    ours = next((path for end, path in OURS.items() if url.endswith(f"/{end}")), "")
    if not ours and not any(part in url for part in DROPPED):
        raise ForeignFileError(f"folium would load {url}; serve a copy or drop it in {__name__}")
    return ours


def _script(source: str, nonce: str) -> str:
    return f'<script src="{source}" nonce="{nonce}"></script>'


def _data(config: Mapping[str, Any]) -> str:
    """Write the configuration as data: a browser never runs it, folium never sees it."""
    return f'<script type="application/json" id="map-config">{htmlsafe_json_dumps(config)}</script>'


def _labelled(markup: str) -> str:
    """Keep the map's own element and nothing else."""
    found = re.search(r'id="(map_[0-9a-f]+)"', markup)
    if found is None:
        raise ForeignFileError(f"folium drew something else than a map: {markup[:80]}")
    return f'<div class="canvas" id="{found[1]}"></div>'
