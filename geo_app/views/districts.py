"""One page per district, and all of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from geopandas import GeoDataFrame

from layers import ANALYSES, LAYERS, Analysis, MissingLayerError, Text
from layers.asked import district_of

from ..access import public
from ..errors import NotFoundError
from ..forms import form
from ..results import Asked, Computed, asked_of, compute, prepared, remembered
from ..rows import rows
from .analyses import body
from .city import asked, current_store, unknown

bp = Blueprint("districts", __name__, url_prefix="/districts")

TELLING = ("share", "low", "high", "rank_from", "rank_to")
"""Columns of the comparison that stand first: on a phone the others are scrolled to."""

ALSO = ("after_dark", "opening_hours")
"""Further questions that the page of a district answers in a sentence each."""

REMEMBERED = 600
"""So many profiles are remembered."""


@bp.get("")
@public
def index() -> tuple[str, int]:
    """All districts with their shares, intervals and ranges of ranks, the best served first."""
    analysis = ANALYSES["compare_districts"]
    values = analysis.parse(asked(of=analysis.name))
    common = {
        "analysis": analysis,
        "form": form(analysis, values),
        "query": analysis.write(values),
        "layers": LAYERS,
    }
    try:
        computed = compute(current_store(), analysis, values)
    except MissingLayerError as error:
        return render_template("analysis_missing.html", **common, error=error), 409
    table = computed.result.table
    best_first = table.sort_values(["rank_from", "rank_to", "name"], kind="stable")
    columns = sorted(
        (column for column in analysis.columns if column.name != "name"),
        key=lambda column: column.name not in TELLING,
    )
    page = render_template(
        "districts.html",
        **common,
        computed=computed,
        columns=columns,
        rows=list(zip(best_first["name"], rows(best_first, columns), strict=True)),
    )
    return page, 200


@bp.get("/<path:district>")
@public
def show(district: str) -> str:
    """Everything about one district: its share, its groups, its walks, beside the others."""
    store = current_store()
    analysis, values = ANALYSES["coverage"], ANALYSES["coverage"].parse(asked(of="coverage"))
    compared = compute(store, ANALYSES["compare_districts"], values).result.table
    names: GeoDataFrame = prepared(store, "districts")
    if district not in names.index:
        raise NotFoundError([unknown(district, tuple(names.index.astype(str)))])
    if district not in compared.index:
        raise NotFoundError(
            [Text("nobody lives in {name}, according to these data", name=names["name"][district])]
        )
    query = analysis.write(values)
    found = _of_district(analysis, values, district)
    also = [
        (other, _of_district(other, other.parse(query), district).result.answer)
        for other in (ANALYSES[name] for name in ALSO)
    ]
    return render_template(
        "district.html",
        analysis=analysis,
        form=form(analysis, values),
        query=query,
        **body(analysis, values, found),
        work=None,
        also=also,
        district=compared.loc[district],
        row=district,
        others=len(compared),
    )


def _of_district(analysis: Analysis, values: Mapping[str, Any], district: str) -> Computed:
    """Answer a question for one district, from memory if it was asked before."""
    store = current_store()
    asking = asked_of(store, analysis, values)
    found: Computed = remembered(
        store,
        "districts",
        (district, *asking.key),
        lambda: _computed(asking, district),
        most=REMEMBERED,
    )
    return found


def _computed(asking: Asked, district: str) -> Computed:
    """Answer the question for those who live in one district; all places count."""
    store = current_store()
    inputs: Mapping[str, Any] = {name: prepared(store, name) for name in asking.inputs}
    population: GeoDataFrame = inputs["population"]
    number = district_of(population.centroid, inputs["districts"])
    inside = number == inputs["districts"].index.get_loc(district)
    here = {**inputs, "population": population[inside], "districts": None}
    return Computed(asking.analysis.run(**here, **asking.values), tuple(asking.inputs.values()))
