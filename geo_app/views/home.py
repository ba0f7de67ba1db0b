"""The city: its map, what it knows, its places to search."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from geopandas import GeoDataFrame

from layers import LAYERS

from .. import cartography, places, shelf
from ..access import public
from ..store import Store
from .city import address_with, city_name, current_store, page_of

bp = Blueprint("home", __name__)

LAYERS_OF_THE_HEADLINE = ("meeting_places", "counselling_services", "districts")


@bp.get("/")
@public
def show() -> str:
    """Map of the city beside its places; what to do first while there is nothing."""
    store = current_store()
    present = shelf.present(store)
    city = city_name()
    if not present:
        return render_template("empty.html", city=city, layers=LAYERS)
    tables = {name: shelf.table(store, name) for name in places.SHOWN if name in present}
    wanted, words = request.args.get("sort", ""), request.args.get("q", "").strip()
    found = _found(tables, wanted, words)
    page = page_of(len(found))
    return render_template(
        "home.html",
        city=city,
        layers=LAYERS,
        residents=_residents(store, present),
        counts={name: present[name].rows for name in LAYERS_OF_THE_HEADLINE if name in present},
        sorts=places.sorts(tables),
        wanted=wanted,
        words=words,
        page=page,
        places=[places.place(tables[n], n, row) for n, row in found[page.start : page.stop]],
        address_with=address_with,
        drawing=cartography.of_city(store),
    )


def _found(tables: dict[str, GeoDataFrame], wanted: str, words: str) -> list[tuple[str, str]]:
    """Return layer and row id of every place looked for; all meeting places at first."""
    layer, _, sort = wanted.partition(":")
    chosen = [layer] if layer in tables else list(tables)
    return [
        (name, row)
        for name in chosen
        for row in places.matching(tables[name], name, sort=sort, words=words).index
    ]


def _residents(store: Store, present: dict[str, Any]) -> float | None:
    if "population" not in present:
        return None
    return float(shelf.table(store, "population")["residents"].sum())
