"""Pages of the analyses: one view serves them all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flask import Blueprint, Response, render_template, url_for

from layers import (
    LAYERS,
    Analysis,
    Column,
    InfeasibleError,
    MissingLayerError,
    Result,
    Text,
)
from layers.credible import MARKS
from layers.disclosure import withheld
from layers.doctor import MENDED_BY_LINK
from layers.registry import TOPICS

from .. import cartography, charts, documents, shelf, writers
from ..access import public
from ..forms import form
from ..heat import heat
from ..languages import current
from ..results import Computed, answer, at_once
from ..rows import Row, rows
from ..shelf import LINKS
from ..sketch import close_up
from .city import address_with, analysis_called, askable, asked, current_store, page_of
from .jobs import work_on
from .layers import send
from .siting import counted_with, plannable

bp = Blueprint("analyses", __name__, url_prefix="/analyses")

WORST = 8
"""So many of the largest gaps are listed beside the map."""


@bp.get("")
@public
def index() -> str:
    """Every analysis as the question that it answers."""
    present = set(current_store().names())
    in_order = sorted(askable(), key=lambda analysis: analysis.order)
    groups = [
        (words, [offer(a, present) for a in in_order if a.topic == topic])
        for topic, words in TOPICS.items()
    ]
    return render_template(
        "analyses.html",
        groups=[(w, found) for w, found in groups if found],
        districts="districts" in present,
    )


@dataclass(frozen=True)
class Offer:
    """
    One analysis in the list of all.

    Parameters
    ----------
    analysis
        The analysis.
    needed, wanted
        Titles of layers that are not there: without the first it cannot run, without the
        others it tells less.
    """

    analysis: Analysis
    needed: tuple[Text, ...]
    wanted: tuple[Text, ...]


def offer(analysis: Analysis, present: Collection[str]) -> Offer:
    """Tell what an analysis asks, and which of its layers are not among those present."""
    there = {*present, MARKS.name}
    absent = {name: needed for name, needed in analysis.inputs.items() if name not in there}
    return Offer(
        analysis,
        tuple(LAYERS[name].title for name, needed in absent.items() if needed),
        tuple(LAYERS[name].title for name, needed in absent.items() if not needed),
    )


@bp.get("/<name>")
@public
def show(name: str) -> tuple[str, int]:
    """Question, answer, map and table of one analysis."""
    analysis = analysis_called(name)
    values = analysis.parse(asked())
    common: dict[str, Any] = {
        "analysis": analysis,
        "form": form(analysis, values),
        "query": analysis.write(values),
    }
    try:
        computed = at_once(current_store(), analysis, values)
    except MissingLayerError as error:
        return render_template("analysis_missing.html", **common, error=error, layers=LAYERS), 409
    except InfeasibleError as error:
        return render_template("analysis_impossible.html", **common, faults=error.faults), 422
    work = None if computed and computed.final else work_on(analysis, values)
    if computed is None:
        return render_template("analysis_waiting.html", **common, work=work), 200
    page = render_template(
        [f"analyses/{name}.html", "analysis.html"],
        **common,
        **body(analysis, values, computed),
        work=work,
        plannable=plannable(analysis, common["query"]),
        scenario=counted_with(analysis, common["query"]),
        mendable=MENDED_BY_LINK,
        close_up=partial(close_up, current_store()),
        added=links_added(),
    )
    return page, 200


def links_added() -> list[Row]:
    """Return the links that planners have added to the streets, for people."""
    store = current_store()
    if LINKS not in store.names():
        return []
    return rows(shelf.table(store, LINKS), LAYERS[LINKS].columns)


def body(analysis: Analysis, values: Mapping[str, Any], computed: Computed) -> dict[str, Any]:
    """Return everything that a page shows of a result."""
    result = computed.result
    return {
        "computed": computed,
        "result": result,
        "shares": shares(result),
        "figures": figures(result),
        "curves": [(t, charts.chart(t)) for t in result.tables if t.chart == "line"],
        "heats": [heat(table) for table in result.tables if table.chart == "heat"],
        "tables": [(t, rows(t.frame, t.columns)) for t in result.tables if not t.chart],
        "worst": rows(worst(analysis, result), telling(analysis, result)),
        "worst_columns": telling(analysis, result),
        "layers": {**LAYERS, MARKS.name: MARKS},
        "wanted": offer(analysis, current_store().names()).wanted,
        "onward": pages_of_districts(analysis, values, result),
        "formats": writers.FORMATS,
        "drawing": cartography.of_result(current_store(), analysis, analysis.write(values), result),
    }


@bp.get("/<name>/rows")
@public
def table(name: str) -> str:
    """Every row of a result, the equal of its map."""
    analysis = analysis_called(name)
    values = analysis.parse(asked("page"))
    computed = answer(current_store(), analysis, values)
    ordered = ranked(computed.result)
    page = page_of(len(ordered))
    return render_template(
        "analysis_rows.html",
        analysis=analysis,
        form=form(analysis, values),
        query=analysis.write(values),
        page=page,
        rows=rows(
            withheld(ordered.iloc[page.start : page.stop], analysis.columns), analysis.columns
        ),
        address_with=address_with,
        computed=computed,
    )


@bp.get("/<name>/download.<extension>")
@public
def download(name: str, extension: str) -> Response:
    """One result as a file."""
    analysis = analysis_called(name)
    values = analysis.parse(asked())
    computed = answer(current_store(), analysis, values)
    return send(documents.document_of(analysis, values, computed, language=current()), extension)


def pages_of_districts(
    analysis: Analysis, values: Mapping[str, Any], result: Result
) -> dict[str, str]:
    """Return the address of the page of each district that a coverage tells of."""
    told = next((table for table in result.tables if table.name == "districts"), None)
    if told is None or analysis.name != "coverage":
        return {}
    query: dict[str, Any] = dict(analysis.write(values))
    return {
        str(row): url_for("districts.show", district=str(row), **query)
        for row, people in told.frame["people"].items()
        if row and people > 0
    }


def ranked(result: Result) -> Any:
    """Return the rows of a result, those that matter most first."""
    by = result.style.ranked_by or result.style.column
    return result.table.sort_values(by, ascending=False, kind="stable", na_position="last")


def worst(analysis: Analysis, result: Result) -> Any:
    """Return the rows that matter most, such as the largest gaps; none of so few it is secret."""
    if not result.style.ranked_by:
        return result.table.iloc[:0]
    first = withheld(ranked(result).head(WORST), analysis.columns)
    return first[first[result.style.ranked_by] > 0]


def telling(analysis: Analysis, result: Result) -> list[Column]:
    """Return the columns of the list beside the map: what it is ordered by, what colours it."""
    style = result.style
    names = dict.fromkeys(style.telling or (style.ranked_by, style.column))
    return [column for name in names for column in analysis.columns if column.name == name]


def shares(result: Result) -> list[Any]:
    """Return the headline share and what it is compared with: the first two shares [%] known."""
    found = [figure for figure in result.figures if figure.unit == "%"][:2]
    return found if all(np.isfinite(figure.value) for figure in found) else []


def figures(result: Result) -> tuple[list[Any], list[Any]]:
    """Return the other figures: counts and walks, and shares of further groups."""
    others = [figure for figure in result.figures if figure.unit != "%" and not figure.aside]
    groups = [figure for figure in result.figures if figure.unit == "%" and not figure.aside][2:]
    return others, groups
