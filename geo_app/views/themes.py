"""Focus themes: what the prevention office works on, each with a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
from babel.dates import format_date
from flask import Blueprint, Response, redirect, render_template, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response as AnyResponse

from layers import ANALYSES, LayersError, Text
from layers.factors import FACTORS, OFFICES, offices_of
from layers.marks import KINDS
from layers.measures import STATUSES
from layers.priorities import PARTS
from layers.priorities_parts import rated
from layers.theme_marks import LEVEL, by_month, of_factors

from .. import ranking, results, shelf
from ..access import may, person, staff
from ..clock import now, today
from ..errors import status_of
from ..languages import LANGUAGES, current
from ..ranking import Order
from ..ranking_told import rows_of
from ..session import people
from ..store import MeanwhileError, Measures, Theme, ThemeError
from ..store.themes_kept import LONGEST_ABOUT, LONGEST_NAME
from .city import current_store
from .moderation import marks
from .priorities import drawing_of, geojson, order_of, task_address, themes, whole_ranking

bp = Blueprint("themes", __name__, url_prefix="/prevention/themes")

READERS = ("prevention", "moderator", "administrator")
"""Roles that may read the themes."""
WRITERS = ("prevention", "administrator")
"""Roles that choose them."""
FIRST = 5
"""So many tasks of a theme stand on its page."""
HOT_SPOTS, AUDITS = "hot_spots", "audits"
Answer = AnyResponse | tuple[str, int] | str


@bp.get("")
@staff(*READERS)
def index() -> Answer:
    """List the themes: open ones, closed ones, those taken back; and a form for a new one."""
    return _index()


@bp.post("")
@staff(*WRITERS)
def add() -> Answer:
    """Make a theme."""
    try:
        name, told = _read()
        made = themes().add(name, **told, by=person().login, at=now())
    except LayersError as error:
        return _index(error.faults), status_of(error)
    _note("theme made", made)
    return _to(made.id)


@bp.get("/<int:id_>")
@staff(*READERS)
def show(id_: int) -> Answer:
    """One theme: its marks by month, its tasks on list and map, what is done and walked."""
    return _page(id_)


@bp.get("/<int:id_>/features")
@staff(*READERS)
def features(id_: int) -> Response:
    """Tasks of a theme, for its map."""
    found = ranking.of_theme(whole_ranking(), themes().get(id_))
    return geojson(order_of(found))


@bp.post("/<int:id_>")
@staff(*WRITERS)
def change(id_: int) -> Answer:
    """Say something else of a theme."""

    def done(on: int, who: dict[str, Any]) -> Theme:
        name, told = _read()
        return themes().change(id_, name, **told, on=on, **who)

    return _written(id_, "theme changed", done)


@bp.post("/<int:id_>/close")
@staff(*WRITERS)
def close(id_: int) -> Answer:
    """End the work on a theme."""

    def done(on: int, who: dict[str, Any]) -> Theme:
        return themes().close(id_, _day("until_on") or today(), on=on, **who)

    return _written(id_, "theme closed", done)


@bp.post("/<int:id_>/reopen")
@staff(*WRITERS)
def reopen(id_: int) -> Answer:
    """Work on a closed theme again."""
    return _written(id_, "theme reopened", lambda on, who: themes().reopen(id_, on=on, **who))


@bp.post("/<int:id_>/undo")
@staff(*WRITERS)
def undo(id_: int) -> Answer:
    """Go back to the state before; before the first, the theme is taken back."""
    return _written(id_, "theme undone", lambda on, who: themes().undo(id_, on=on, **who))


@bp.post("/<int:id_>/redo")
@staff(*WRITERS)
def redo(id_: int) -> Answer:
    """Go on to the state that was undone last."""
    return _written(id_, "theme redone", lambda on, who: themes().redo(id_, on=on, **who))


def _written(id_: int, action: str, done: Callable[[int, dict[str, Any]], Theme]) -> Answer:
    """Write, note it, show the page; what went wrong is told on it, and nothing typed is lost."""
    try:
        made = done(request.form.get("on", -1, type=int), {"by": person().login, "at": now()})
    except LayersError as error:
        return _page(id_, error.faults, again=isinstance(error, MeanwhileError)), status_of(error)
    _note(action, made)
    return _to(id_)


def _read() -> tuple[str, dict[str, Any]]:
    """Return the name typed, and what else a theme says; lists every fault of the days."""
    typed = request.form
    factors = [name for name in FACTORS if name in typed.getlist("factor")]
    from_on = _day("from_on")
    if from_on is None:
        raise ThemeError([Text("say on which day work on the theme begins")])
    told = {"about": typed.get("about", ""), "factors": factors}
    return typed.get("name", ""), told | {"from_on": from_on, "until_on": _day("until_on")}


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ThemeError([Text("write days like 2026-05-31")]) from None


def _index(faults: Sequence[Text] = ()) -> str:
    day = today()
    listed = themes().all()
    credible, whole = marks().credible(at=now()), whole_ranking()
    return render_template(
        "themes.html",
        faults=faults,
        open=[(one, _counted(one, credible, whole)) for one in listed if one.is_open(day)],
        closed=[one for one in listed if not one.is_open(day)],
        taken_back=themes().all(taken_back=True),
        typed=request.form,
        today=day,
        **_spoken(),
    )


def _counted(theme: Theme, credible: GeoDataFrame, whole: ranking.Ranking) -> dict[str, Any]:
    """Tell how many marks and open tasks a theme is about, and which offices are concerned."""
    return {
        "marks": len(of_factors(credible, theme.factors)),
        "tasks": len(ranking.of_theme(whole, theme).tasks),
        "offices": [OFFICES[name].label for name in offices_of(theme.factors)],
    }


def _page(id_: int, faults: Sequence[Text] = (), *, again: bool = False) -> str:
    theme = themes().get(id_)
    meant = of_factors(marks().credible(at=now()), theme.factors)
    order = order_of(ranking.of_theme(whole_ranking(), theme))
    months = by_month(meant, at=today()).to_dict("records")
    return render_template(
        "theme.html",
        theme=theme,
        faults=faults,
        again=again,
        typed=request.form,
        history=themes().history(id_),
        today=today(),
        marks=meant,
        since=meant[meant["received_on"] >= theme.from_on.isoformat()],
        months=[{**month, "name": _month(month["first_on"])} for month in months],
        most=max(month["high"] for month in months),
        level=round(LEVEL * 100),
        order=order,
        first=rows_of(order, order.rows[:FIRST]),
        task_address=task_address,
        hot_spots=_hot_spots(theme),
        kinds=KINDS,
        parts=PARTS,
        measures=[one for one in Measures(current_store()).all() if one.theme_id == id_],
        statuses=STATUSES,
        walked=_walked(order),
        drawing=drawing_of(url_for(".features", id_=id_)),
        **_spoken(),
    )


def _hot_spots(theme: Theme) -> dict[str, Any]:
    """Return the address of the analysis that looks for conspicuous places, and its last answer."""
    analysis = ANALYSES[HOT_SPOTS]
    if not theme.factors or not may(*analysis.roles):
        return {}
    query: dict[str, Any] = {"factors": list(theme.factors)}
    address = url_for("analyses.show", name=HOT_SPOTS, **query)
    try:
        found = results.ready(current_store(), analysis, analysis.parse(query))
    except LayersError:
        found = None
    return {"address": address, "answer": found.result.answer if found else ()}


def _walked(order: Order) -> int | None:
    """Count the tasks of which a night walk has rated what they are about; None without walks."""
    store = current_store()
    if AUDITS not in store.names():
        return None
    return int((~np.isnan(rated(order.ranking.tasks, shelf.table(store, AUDITS)))).sum())


def _month(day: date) -> str:
    return str(format_date(day, "LLL yy", locale=LANGUAGES[current()].locale))


def _spoken() -> dict[str, Any]:
    return {
        "factors": FACTORS,
        "offices": OFFICES,
        "writes": may(*WRITERS),
        "longest": (LONGEST_NAME, LONGEST_ABOUT),
    }


def _note(action: str, theme: Theme) -> None:
    who, what = person().login, f"theme {theme.id}"
    people().audit(action, by=who, at=now(), what=what, detail=theme.name)


def _to(id_: int) -> AnyResponse:
    return redirect(url_for("themes.show", id_=id_), code=303)
