"""Night walks: a list, and the page on which one is planned; all of it works without a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, cast

import shapely
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response

from layers import ANALYSES, LayersError, Text
from layers.walkers import WALKERS

from .. import cartography, night_walks, ranking, results, walk_hints, whereabouts
from ..access import may, person, staff
from ..clock import now
from ..errors import status_of
from ..languages import say
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..night_walks import GROUPS, MOST_METRES, USUAL
from ..qr_code import qr
from ..session import people
from ..sketch import Sketch, sketch
from ..store import MeanwhileError, Stop, Walk, WalkError, WalkRatings, Walks
from ..store.provenance import read_remarks
from ..store.walks_kept import DRAFT, FINISHED, LONGEST_NAME, OPEN, STATES
from ..walk_hints import Hint
from .city import current_store
from .maps import fresh

bp = Blueprint("walks", __name__, url_prefix="/walks")

WALKING = ("prevention", "planner", "administrator")
"""Roles that plan walks and read their results."""
OF_MARKS = ("prevention", "administrator")
"""Those of them who may also see what rests on exact marks."""
LEAST_METRES = 300.0
"""No walk is asked to be shorter than this [m]."""
AROUND = 200.0
"""A place may lie so far outside the city [m]: borders are drawn roughly."""
BACK: dict[str, dict[str, Any]] = {"round": {"end": None}, "shortest": {"own_order": False}}
"""Settings that a button puts back to what a walk begins with."""
Answer = Response | tuple[str, int] | str


@dataclass(frozen=True)
class Plan:
    """Settings and stops of a plan, as a form changes them."""

    settings: dict[str, Any]
    stops: tuple[Stop, ...]
    further: tuple[tuple[Stop, float], ...] = ()


def walks() -> Walks:
    """Return the walks of this application."""
    return cast("Walks", current_app.extensions["walks"])


def ratings() -> WalkRatings:
    """Return the ratings of this application."""
    return cast("WalkRatings", current_app.extensions["walk_ratings"])


def note(action: str, id_: int, detail: str = "") -> None:
    """Write down what somebody did with a walk."""
    people().audit(action, by=person().login, at=now(), what=f"walk {id_}", detail=detail)


@bp.get("")
@staff(*WALKING)
def index() -> Answer:
    """List the walks, those in the bin, and a form for a new one."""
    return _index()


@bp.post("")
@staff(*WALKING)
def add() -> Answer:
    """Make a walk; where it begins is asked on its page."""
    typed = request.form
    try:
        made = walks().add(
            typed.get("name", ""), USUAL, planned_on=day_typed(), by=person().login, at=now()
        )
    except LayersError as error:
        return _index(error.faults), status_of(error)
    note("walk made", made.id)
    return redirect(url_for("walks.show", id_=made.id), code=303)


@bp.get("/<int:id_>")
@staff(*WALKING)
def show(id_: int) -> Answer:
    """One walk: its way, its stops, what could be added, and how to take it along."""
    return page_of(walks().get(id_))


@bp.get("/<int:id_>/features")
@staff(*WALKING)
def features(id_: int) -> Response:
    """Return the stops of a walk for the map."""
    drawn = night_walks.drawn(current_store(), walks().get(id_).stops)
    return fresh(feature_collection(drawn, ["rank", "name"]))


@bp.post("/<int:id_>/plan")
@staff(*WALKING)
def change(id_: int) -> Answer:
    """Change one thing of the plan, and find the way anew."""
    kept = walks().get(id_)
    try:
        on = request.form.get("on", -1, type=int)
        if on != kept.version:
            raise MeanwhileError([Text("the plan has changed since this page was shown; look at"
                                       " it as it is now, then change it once more")])  # fmt: skip
        plan = _changed(kept)
        stops, route = night_walks.planned(current_store(), plan.settings, plan.stops, plan.further)
        walks().plan(
            id_, settings=plan.settings, stops=stops, route=route, on=on,
            by=person().login, at=now(),
        )  # fmt: skip
    except LayersError as error:
        return page_of(walks().get(id_), error.faults, status=status_of(error))
    return redirect(url_for("walks.show", id_=id_) + "#way", code=303)


def page_of(kept: Walk, faults: Sequence[Text] = (), *, status: int = 200) -> tuple[str, int]:
    """
    Write the page of one walk.

    Parameters
    ----------
    kept
        The walk.
    faults
        What was wrong with what was just sent.
    status
        Status of the answer.
    """
    store = current_store()
    words = request.values.get("q", "").strip()
    editable = kept.state != FINISHED and kept.deleted_at is None
    start, way = kept.settings["start"], night_walks.way_of(kept.route)
    hints = _hints(kept) if editable else []
    stops = Source(
        name="marked",
        title=say(Text("Stops")),
        kind="marked",
        url=url_for("walks.features", id_=kept.id),
        columns=({"name": "name", "label": "", "unit": "", "options": {}, "many": False},),
        label="name",
    )
    around = (start["x"], start["y"]) if start and way is None else None
    page = render_template(
        "walk.html",
        walk=kept,
        faults=faults,
        editable=editable,
        states=STATES,
        draft=DRAFT,
        finished=FINISHED,
        walkers={name: WALKERS[name].label for name in GROUPS},
        most_name=LONGEST_NAME,
        range=(LEAST_METRES / 1000, MOST_METRES / 1000),
        legs=legs_told(kept),
        reasons={one.id: why_told(one) for one in kept.stops},
        hints=hints,
        words=words,
        candidates=whereabouts.search(store, words) if words else [],
        step_free=needs_step_free(kept),
        drawing=cartography.of_sources(store, (stops,), around=around),
        begun=_begun(kept, editable=editable),
        **link_of(kept),
    )
    return page, status


def link_of(kept: Walk) -> dict[str, Any]:
    """Return the link to take along and its QR code; nothing while it opens nothing."""
    if kept.state != OPEN or kept.deleted_at is not None:
        return {"link": "", "picture": ""}
    link = url_for("walks.go", token=kept.token, _external=True)
    return {"link": link, "picture": qr(link)}


def legs_told(kept: Walk) -> list[Text]:
    """Say the way to each stop, and last the way from there to the end."""
    return [night_walks.leg_words(leg) for leg in kept.route.get("legs", ())]


def why_told(one: Stop) -> Text | None:
    """Say why a stop was chosen, if it is known."""
    return read_remarks(one.why)[0] if one.why else None


def map_of(kept: Walk) -> Sketch | None:
    """Draw the walk and its stops without a script, as far as there is a way."""
    way = night_walks.way_of(kept.route)
    if way is None:
        return None
    spots = [(one.x, one.y) for one in kept.stops]
    return sketch(current_store(), way.centroid.x, way.centroid.y, unit=way, dots=spots)


def needs_step_free(kept: Walk) -> bool:
    """Tell whether the way was planned for wheels: then steps are not on it."""
    return WALKERS[kept.settings["walker"]].needs != "anything"


def _hints(kept: Walk) -> list[Hint]:
    """Suggest stops; what rests on exact marks only to those who may see these."""
    store, settings = current_store(), current_app.config["SETTINGS"]
    tasks = silent = None
    if may(*OF_MARKS) and kept.settings["start"] is not None:
        own = current_app.extensions["weighings"].latest()
        marks = current_app.extensions["marks"]
        whole = ranking.ranking(store, marks, task_days=settings.task_days, at=now())
        order = ranking.order(whole, ranking.chosen_of({}, own), draws=1)
        tasks = whole.tasks.assign(points=order.points)
        silent = _silent_areas()
    return walk_hints.hints(store, kept.settings, kept.stops, tasks=tasks, silent=silent)


def _silent_areas() -> GeoDataFrame | None:
    """Return where hardly anybody writes from, None where that cannot be told."""
    analysis = ANALYSES.get("silent_areas")
    if analysis is None:
        return None
    try:
        found = results.at_once(current_store(), analysis, analysis.parse({}))
    except LayersError:
        return None
    return found.result.table if found else None


def _begun(kept: Walk, *, editable: bool) -> dict[str, Any]:
    """Return what the script of the page begins with: the way in degrees, words."""
    store = current_store()
    way = night_walks.way_of(kept.route)
    shown = [] if way is None else night_walks.in_degrees(store, way)
    words = {
        "stop": Text("Stop here"), "start": Text("Start here"), "end": Text("End here"),
        "ask": Text("What shall be here?"),
    }  # fmt: skip
    return {
        "way": shown,
        "editable": editable,
        "words": {name: say(word) for name, word in words.items()},
    }


def _index(faults: Sequence[Text] = ()) -> str:
    every = walks()
    return render_template(
        "walks.html",
        walks=every.listed(),
        bin=every.listed(deleted=True),
        states=STATES,
        faults=faults,
        typed=request.form,
        most=LONGEST_NAME,
    )


def day_typed() -> date | None:
    """Return the day that a form plans a walk for, None where it leaves that open."""
    text = request.form.get("planned_on", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WalkError([Text("write days like 2026-05-31")]) from None


def _changed(kept: Walk) -> Plan:
    """Return the plan after what the form asks for."""
    typed = request.form
    settings, stops = dict(kept.settings), kept.stops
    match typed.get("do", ""):
        case "place":
            return _placed(settings, stops, typed.get("as", ""))
        case "round" | "shortest" as what:
            return Plan(settings | BACK[what], stops)
        case "remove":
            gone = typed.get("stop", 0, type=int)
            return Plan(settings, tuple(one for one in stops if one.id != gone))
        case "move":
            return Plan(settings | {"own_order": True}, _moved(stops))
        case "settings":
            return Plan(settings | _asked(), stops)
        case "hints":
            return _hinted(kept, settings)
    raise WalkError([Text("say what is to be changed")])


def _moved(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Let the stop that was asked for change places with the one before or after it."""
    moved, step = request.form.get("stop", 0, type=int), request.form.get("by", 0, type=int)
    numbers = [one.id for one in stops]
    here = numbers.index(moved) if moved in numbers else -1
    there = here + step
    if here < 0 or abs(step) != 1 or not 0 <= there < len(stops):
        raise WalkError([Text("this stop cannot be moved there")])
    order = list(stops)
    order[here], order[there] = order[there], order[here]
    return tuple(order)


def _placed(settings: dict[str, Any], stops: tuple[Stop, ...], role: str) -> Plan:
    x, y, name = _spot()
    if role in {"start", "end"}:
        return Plan(settings | {role: {"x": x, "y": y, "name": name}}, stops)
    if role != "stop":
        raise WalkError([Text("say whether it is the start, the end or a stop")])
    return Plan(settings, (*stops, Stop(x, y, name)))


def _spot() -> tuple[float, float, str]:
    """Return the place that was chosen from a list or clicked on the map, and its name."""
    store, typed = current_store(), request.form
    try:
        if typed.get("longitude"):
            degrees = float(typed["longitude"]), float(typed.get("latitude", ""))
            x, y = whereabouts.from_degrees(store, *degrees)
            name = say(whereabouts.words(store, x, y))
        else:
            x, y = float(typed.get("x", "")), float(typed.get("y", ""))
            name = typed.get("name", "").strip()[:LONGEST_NAME]
    except ValueError:
        raise WalkError([Text("choose a place from the list or on the map")]) from None
    city = whereabouts.surroundings(store, x, y)["city"]
    if not (isfinite(x + y) and shapely.dwithin(city, shapely.Point(x, y), AROUND)):
        raise WalkError([Text("this place lies outside the city")])
    return round(x, 2), round(y, 2), name or say(whereabouts.words(store, x, y))


def _asked() -> dict[str, Any]:
    typed = request.form
    walker = typed.get("walker", "")
    try:
        limit = float(typed.get("limit", "").replace(",", ".")) * 1000
    except ValueError:
        limit = float("nan")
    faults = []
    if walker not in GROUPS:
        faults.append(Text("choose who walks from the list"))
    if not LEAST_METRES <= limit <= MOST_METRES:
        faults.append(
            Text("the walk may be {least} to {most} km long", least=LEAST_METRES / 1000,
                 most=MOST_METRES / 1000)
        )  # fmt: skip
    if faults:
        raise WalkError(faults)
    return {"walker": walker, "limit": limit}


def _hinted(kept: Walk, settings: dict[str, Any]) -> Plan:
    """Add suggestions: those that were ticked, or as many of all as fit."""
    every = _hints(kept)
    ticked = set(request.form.getlist("hint"))
    chosen = [one for one in every if one.key in ticked] if ticked else every
    if not chosen:
        raise WalkError([Text("there is nothing to add; choose a start first")])
    if request.form.get("fit"):
        return Plan(
            settings | {"own_order": False},
            kept.stops,
            tuple((one.stop(), one.worth) for one in chosen),
        )
    return Plan(settings, (*kept.stops, *(one.stop() for one in chosen)))
