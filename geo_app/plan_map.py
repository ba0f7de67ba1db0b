"""What the map of a scenario draws: walks and change per cell, and the places as they would be."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
from flask import Response, make_response, request, url_for
from geopandas import GeoDataFrame, GeoSeries

from layers import ANALYSES, LAYERS, Column, Result, Text
from layers.crs import to_display
from layers.disclosure import withheld
from layers.what_if_tables import COLUMNS

from . import cartography
from .cartography import Drawing
from .languages import current, say
from .legends import Legend, inks_of, legend_of
from .maps.shell import Source
from .planned import PLACES
from .planning import COVERAGE, Plan
from .store import Store

SLIGHT = 0.01
"""Walks that change by less have not changed [min]: a click on the map is rounded, too."""
WORTH_PACKING = 2000
"""Longer answers are packed [bytes]."""
STATES: dict[str, Text] = {
    "new": Text("new place"),
    "moved": Text("moved"),
    "changed": Text("changed"),
    "closed": Text("closed"),
}
"""What a scenario does to a place, as its pin and its card tell it."""
WORDS = {
    "edit": Text("Change this place"),
    "close": Text("Close this place"),
    "reopen": Text("Open it again"),
    "saving": Text("Saving …"),
    "failed": Text("Not saved: the server did not answer. Your change is kept on this page."),
    "again": Text("Send again"),
    "discard": Text("Discard"),
    "signed_out": Text(
        "You have been signed out. Your change is kept on this page: sign in in"
        " another tab, then send it again."
    ),
    "sign_in": Text("Sign in (new tab)"),
    "look": Text("Show the present state"),
    "tap": Text(
        "Click on the map where the new place is to stand; or move the map with the arrow keys"
        " and press Enter. Esc ends this."
    ),
    "new_name": Text("New place"),
    "unsaved": Text("One change is not saved yet."),
}
"""Sentences that the script of the desk writes."""


def of_plan(store: Store, plan: Plan, result: Result, *, some: bool | None = None) -> Drawing:
    """
    Draw a scenario: the walk after it, what changes, gaps that stay, and all places.

    Parameters
    ----------
    store, plan, result
        The city, the scenario and its outcome.
    some
        Show the change first and no gaps; by default the gaps, and the change where there is one.
    """
    query: dict[str, Any] = {"name": COVERAGE, **plan.query}
    alone = some is None
    some = bool(plan.changes) if some is None else some
    style, language = result.style, current()
    limits = _thirds(plan)
    cells = Source(
        name="after",
        title=say(Text("Walk to the nearest place"), language),
        kind="cells",
        url=url_for("maps.cells", **query),
        columns=_columns(),
        visible=not some,
        values="minutes",
        breaks=limits,
        inks=("m0", "m1", "m2", "m3"),
        faint=True,
    )
    change = replace(
        cells,
        name="change",
        title=say(style.legend, language),
        visible=some,
        values=style.column,
        breaks=style.breaks,
        inks=inks_of(style),
        scale=style.scale,
        faint=False,
    )
    squares = Source(
        name="squares",
        title=say(Text("Gap that stays: so many people"), language),
        kind="squares",
        url=cells.url,
        visible=alone,
        values="people_uncovered",
    )
    places = Source(
        name="places",
        title=say(Text("Places that count"), language),
        kind="places",
        url=url_for("maps.places", **query),
        columns=_place_columns(),
        label="name",
    )
    others = replace(
        places,
        name="others",
        title=say(Text("Other meeting places"), language),
        url=url_for("maps.layer", name=PLACES),
        visible=False,
    )
    drawing = cartography.of_sources(store, (cells, change, squares, others, places))
    legend = legends(result, limits)[0 if some else 1]
    return replace(drawing, legend=replace(legend, squares=squares.title if alone else ""))


def legends(result: Result, limits: tuple[float, ...]) -> tuple[Legend, Legend]:
    """Return the legend of the change and that of the walks."""
    coverage = replace(
        result.style,
        column="minutes",
        legend=Text("Minutes on foot"),
        breaks=limits,
        scale="sequential",
        unit="min",
        words=(),
        squares="people_uncovered",
    )
    table = GeoDataFrame({"people_uncovered": []})
    return legend_of(result), legend_of(replace(result, style=coverage, table=table, marked=None))


def shown(store: Store, plan: Plan, result: Result, trace: str, **more: Any) -> dict[str, Any]:
    """Return what the script begins with on a page where nothing can be changed."""
    return {
        "urls": {"trace": trace},
        "words": {},
        "editable": False,
        **_views(plan, result),
        **state_of(store, plan, result),
        **more,
    }


def begun(store: Store, plan: Plan, result: Result, **more: Any) -> dict[str, Any]:
    """Return what the script of the page begins with."""
    id_ = plan.scenario.id
    urls = {
        name: url_for(f"plan.{name}", id_=id_)
        for name in ("change", "drop", "undo", "redo", "state", "place", "trace")
    }
    return {
        "id": id_,
        "urls": urls | {"login": url_for("session.login", next=url_for("plan.show", id_=id_))},
        "words": {name: say(word) for name, word in WORDS.items()},
        **_views(plan, result),
        **state_of(store, plan, result),
        **more,
    }


def _views(plan: Plan, result: Result) -> dict[str, Any]:
    change, after = legends(result, _thirds(plan))
    return {
        "views_told": say(Text("What the map shows")),
        "legends": {
            name: {"title": say(title), "classes": legend.classes}
            for name, title, legend in (
                ("change", Text("Difference"), change),
                ("after", Text("Walks"), after),
            )
        },
    }


def _thirds(plan: Plan) -> tuple[float, ...]:
    """Class borders of the walks [min], as coverage draws them."""
    return tuple(round(plan.question.minutes * part / 3, 1) for part in (1, 2, 3))


def state_of(store: Store, plan: Plan, result: Result) -> dict[str, Any]:
    """Return what the map draws anew after a change: cells as arrays, and the places touched."""
    return {
        "on": plan.scenario.step,
        "query": plan.scenario.question,
        "some": bool(plan.changes),
        "cells": cells_of(result, plan.question.minutes),
        "places": places_of(store, plan),
    }


def cells_of(result: Result, minutes: float) -> dict[str, Any]:
    """Return the cells whose walk changes, column by column."""
    table = result.table
    before, after = (table[f"minutes_{when}"].to_numpy() for when in ("before", "after"))
    changed = np.flatnonzero(_differs(before, after, minutes))
    some = table.iloc[changed]
    people = withheld(some, COLUMNS)["people"].to_numpy()
    return {
        "row": [str(row) for row in some.index],
        "before": _plain(before[changed]),
        "minutes": _plain(after[changed]),
        "change": _plain(some[result.style.column].to_numpy()),
        "people_uncovered": _plain(np.where(after[changed] > minutes, people, 0.0)),
    }


def _differs(before: Any, after: Any, minutes: float) -> Any:
    """Tell which walks change by more than the rounding of a click, or change sides."""
    with np.errstate(invalid="ignore"):
        much = (before != after) & ~(np.abs(before - after) < SLIGHT)
    return much | ((before <= minutes) != (after <= minutes))


def places_of(store: Store, plan: Plan) -> list[dict[str, Any]]:
    """Return the places that a scenario touches, as they would be."""
    rows = [(place, plan.state(place), plan.row(place)) for place in plan.touched]
    here = [(place, state, row) for place, state, row in rows if row is not None]
    spots = GeoSeries([row["geometry"].centroid for _, _, row in here], crs=store.crs)
    shown = [(point.x, point.y) for point in to_display(GeoDataFrame(geometry=spots)).geometry]
    words = {name: say(word) for name, word in STATES.items()}
    was = _stood(store, plan, [place for place, state, _ in here if state == "moved"])
    return [
        {
            "type": "Feature",
            "id": place,
            "geometry": {"type": "Point", "coordinates": [round(x, 6), round(y, 6)]},
            "properties": _told(row)
            | {"state": state, "state_told": words.get(state, "")}
            | ({"from": was[place]} if state == "moved" else {}),
        }
        for (place, state, row), (x, y) in zip(here, shown, strict=True)
    ]


def _stood(store: Store, plan: Plan, moved: Sequence[str]) -> dict[str, list[float]]:
    """Return where moved places stand today, in degrees."""
    spots = GeoSeries(plan.before.geometry.loc[list(moved)].centroid, crs=store.crs)
    shown = to_display(GeoDataFrame(geometry=spots)).geometry
    return {place: [round(p.x, 6), round(p.y, 6)] for place, p in zip(moved, shown, strict=True)}


def packed(told: Mapping[str, Any]) -> Response:
    """Return an answer in JSON, packed where it is long."""
    content = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)
    zipped = request.accept_encodings["gzip"] > 0 and len(content) > WORTH_PACKING
    answer = make_response(gzip.compress(content, 3, mtime=0) if zipped else content)
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.headers["Content-Type"] = "application/json"
    return answer


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    columns = [c.name for c in LAYERS[PLACES].columns if c.name not in cartography.HIDDEN]
    told = {name: row[name] for name in columns}
    return {n: None if isinstance(v, float) and not np.isfinite(v) else v for n, v in told.items()}


def _plain(values: Any) -> list[float | None]:
    rounded = np.round(values.astype(float), 1)
    return [v if np.isfinite(v) else None for v in rounded.tolist()]


def _columns() -> tuple[dict[str, Any], ...]:
    """Tell the script what a cell tells: people, the walk before and after, the difference."""
    known = {column.name: column for column in ANALYSES[COVERAGE].columns}
    columns = (
        known["people"],
        Column("before", float, Text("walk today"), "min"),
        Column("minutes", float, Text("walk to the nearest place"), "min"),
        Column("change", float, Text("difference"), "min"),
    )
    return cartography.columns_told(columns)


def _place_columns() -> tuple[dict[str, Any], ...]:
    state = Column("state_told", str, Text("in this scenario"))
    return cartography.columns_told((state, *LAYERS[PLACES].columns))
