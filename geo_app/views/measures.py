"""The ledger of measures: a list, a page for each, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from layers import Text
from layers.control_areas import Profile, Suggestion
from layers.factors import FACTORS, OFFICES
from layers.gazetteer import Candidate
from layers.measure_answers import SUGGESTED
from layers.measure_events import ACTIONS, Event
from layers.measure_judging import FEWER, MORE, NOT_OVER, SENTENCES
from layers.measures import (
    BASELINES,
    BUFFER_MOST,
    DESIGN,
    INDICATORS_MOST,
    KINDS,
    NEXT,
    STATUSES,
    Measure,
    Plan,
    Status,
)

from .. import cartography, measure_further, measuring, whereabouts, writers
from ..access import may, staff
from ..clock import now, today
from ..maps.features import feature_collection
from ..measure_forms import typed_of
from ..measure_places import NEAREST, USUAL, WIDEST
from ..sketch import sketch
from ..store import Measures, Theme, Themes
from ..store.measure_marks import marks_to_count
from .city import current_store
from .layers import send

bp = Blueprint("measures", __name__, url_prefix="/measures")

READERS = ("prevention", "administrator", "planner")
"""Roles that may read the ledger."""
WRITERS = ("prevention", "administrator")
"""Roles that keep it."""
FILES = ("csv", "xlsx")
PARTS: dict[str, Text] = {
    "factors": Text("reasons"),
    "places": Text("places"),
    "control": Text("area to compare with"),
    "buffer": Text("zone around"),
    "from_on": Text("first day"),
    "until_on": Text("last day"),
    "baseline": Text("time before"),
    "indicators": Text("numbers that are counted"),
}
"""What the parts of a design are called."""
FIELDS: dict[str, Text] = PARTS | {
    "name": Text("name"),
    "about": Text("description"),
    "kind": Text("kind"),
    "theme_id": Text("focus theme"),
    "project": Text("project"),
    "office": Text("office"),
    "cost": Text("cost"),
    "funding": Text("funding"),
    "expected": Text("drop that is hoped for"),
    "expects": Text("expected effect"),
    "place_words": Text("where, in the city’s words"),
    "control_words": Text("reason for the control"),
}
"""What everything that can change is called."""
Answer = AnyResponse | tuple[str, int] | str


def measures() -> Measures:
    """Return the measures of this application."""
    return Measures(current_store())


def themes() -> dict[int, Theme]:
    """Return all focus themes by their number."""
    return {one.id: one for one in Themes(current_store()).all()}


@bp.get("")
@staff(*READERS)
def index() -> str:
    """List all measures by where they stand, with what may be said of each."""
    every = measures().all()
    chosen = [one for one in every if _wanted(one)]
    found = _seen(chosen)
    groups = {status: [s for s in found if s.measure.status is status] for status in Status}
    return render_template(
        "measures.html",
        groups={status: group for status, group in groups.items() if group},
        total=len(every),
        cost=sum(one.cost or 0 for one in chosen),
        asked={name: request.args.get(name, "") for name in ("status", "theme")},
        query=request.args.to_dict(),
        formats={name: writers.FORMATS[name] for name in FILES},
        **spoken(),
    )


@bp.get("/new")
@staff(*WRITERS)
def new() -> str:
    """Ask what is planned; a task of the work list or a theme may fill in a part."""
    return form(None)


@bp.get("/download.<extension>")
@staff(*READERS)
def download(extension: str) -> AnyResponse:
    """Send the ledger as a file."""
    found = _seen([one for one in measures().all() if _wanted(one)])
    return send(measuring.document_of_measures(found, themes(), current_store()), extension)


@bp.get("/<int:id_>")
@staff(*READERS)
def show(id_: int) -> str:
    """One measure: what is planned, what could be told, what came of it, what happened."""
    return page(id_)


@bp.get("/<int:id_>/edit")
@staff(*WRITERS)
def edit(id_: int) -> str:
    """Ask what is to be changed."""
    return form(measures().get(id_))


@bp.get("/<int:id_>/features")
@staff(*READERS)
def features(id_: int) -> Response:
    """Places, control and zones of a measure, for its map."""
    store = current_store()
    table = measuring.zones(measures().get(id_), store.crs)
    answer = make_response(feature_collection(table, ["kind", "name"]))
    answer.headers["Content-Type"] = "application/geo+json"
    return answer


@bp.get("/<int:id_>/control")
@staff(*WRITERS)
def control(id_: int) -> str:
    """Suggest areas to compare with, each with the reason."""
    measure, store = measures().get(id_), current_store()
    ours: Profile | None = None
    found: list[Suggestion] = []
    if measure.places is not None and "streets" in store.names():
        ours, found = measuring.suggestions(store, measure, measures().all(), at=now())
    spots = [shapely.point_on_surface(one.area) for one in found]
    return render_template(
        "measure_control.html",
        called=[whereabouts.words(store, spot.x, spot.y) for spot in spots],
        drawn=[sketch(store, s.x, s.y, unit=one.area) for s, one in zip(spots, found, strict=True)],
        measure=measure,
        on=measures().history(id_)[-1].number,
        ours=ours,
        found=found,
        **spoken(),
    )


def form(measure: Measure | None, faults: Sequence[Text] = ()) -> str:
    """
    Write the form of a measure.

    Parameters
    ----------
    measure
        What is changed, or None for a new one.
    faults
        What was wrong with what was just sent; nothing of it is lost.
    """
    plan = measure.plan if measure else _begun()
    typed: Any = request.form
    if not faults:
        typed = MultiDict(typed_of(plan))
        typed.setlist("factor", list(plan.factors))
    return render_template(
        "measure_form.html",
        measure=measure,
        on=measures().history(measure.id)[-1].number if measure else 0,
        typed=typed,
        faults=faults,
        task=request.values.get("task", ""),
        rows=min(INDICATORS_MOST, max(3, len(plan.indicators) + 1)),
        buffer_most=BUFFER_MOST,
        **spoken(),
    )


def _begun() -> Plan:
    """Return what a new measure begins with, as the address asks."""
    theme = themes().get(request.args.get("theme", -1, type=int))
    factors = [name for name in FACTORS if name in request.args.getlist("factor")]
    factors = factors or list(theme.factors if theme else ())
    office = FACTORS[factors[0]].office if factors else "prevention"
    return Plan(
        kind=request.args.get("kind", "other"),
        theme_id=theme.id if theme else None,
        factors=tuple(factors),
        office=office,
        buffer=USUAL,
    )


def page(id_: int, faults: Sequence[Text] = ()) -> str:
    """
    Write the page of a measure.

    Parameters
    ----------
    id_
        The measure.
    faults
        What was wrong with what was just sent.
    """
    measure, history = measures().get(id_), measures().history(id_)
    store, known = current_store(), themes()
    found = measuring.seen(measure, marks_to_count(store, at=now()), at=now())
    words = request.values.get("place", "").strip()
    theme = known.get(measure.theme_id) if measure.theme_id is not None else None
    return render_template(
        "measure.html",
        measure=measure,
        seen=found,
        kind=KINDS[measure.kind],
        theme=theme,
        faults=faults,
        on=history[-1].number,
        history=[_line(event) for event in reversed(history)],
        next=[to for to in NEXT[measure.status] if to is not Status.JUDGED],
        judgeable=Status.JUDGED in NEXT[measure.status] and found.evidence.kind != NOT_OVER,
        editable=may(*WRITERS) and measure.status is not Status.JUDGED,
        undoable=may(*WRITERS) and len(history) > 1,
        moved=found.evidence.kind in {FEWER, MORE},
        rated=measure_further.rated(store, measure),
        light=_light(measure),
        suggested=SUGGESTED.get(found.evidence.kind, ""),
        words=words,
        candidates=_candidates(words),
        radius=(NEAREST, USUAL, WIDEST),
        typed=request.form,
        drawing=_map(measure),
        **spoken(),
    )


def _light(measure: Measure) -> Sequence[Text] | None:
    """Say what light would do for the walk after dark, if the page is asked for it."""
    if "light" not in request.args:
        return None
    found = measure_further.light(current_store(), measure)
    if found is None:
        return [Text("There are no people, ways or meeting places near enough to count.")]
    return measure_further.light_told(found)


def _candidates(words: str) -> list[Candidate]:
    return whereabouts.search(current_store(), words) if words else []


def _map(measure: Measure) -> Any:
    table = measuring.zones(measure, current_store().crs)
    zones = cartography.plain_source(
        "zones",
        Text("Places and area to compare with"),
        url_for("measures.features", id_=measure.id),
        Text("What it is"),
        measuring.ZONES,
    )
    return cartography.of_sources(current_store(), [zones], within=table)


def _line(event: Event) -> dict[str, Any]:
    """Tell one event of a history: when, who, what, and which words came with it."""
    told: Mapping[str, Any] = event.told
    note = told.get("note", "") if event.action == "moved" else ""
    what: Text = ACTIONS[event.action]
    if event.action == "moved":
        what = Text("{what}: {status}", what=what, status=STATUSES[Status(told["to"])])
    if event.action == "changed":
        what = Text(
            "{what}: {fields}", what=what, fields=tuple(FIELDS[n] for n in told if n in FIELDS)
        )
    return {"at": event.at, "by": event.by, "what": what, "note": note, "hash": event.hash[:12]}


def _wanted(one: Measure) -> bool:
    status, theme = request.args.get("status", ""), request.args.get("theme", "")
    return (not status or one.status == status) and (not theme or str(one.theme_id) == theme)


def _seen(some: Sequence[Measure]) -> list[measuring.Seen]:
    marks = marks_to_count(current_store(), at=now())
    return [measuring.seen(one, marks, at=now()) for one in some]


def spoken() -> dict[str, Any]:
    """Return what the pages of measures need to tell codes as words."""
    return {
        "themes": themes(),
        "factors": FACTORS,
        "offices": OFFICES,
        "kinds": KINDS,
        "statuses": STATUSES,
        "baselines": BASELINES,
        "sentences": SENTENCES,
        "parts": PARTS,
        "design": DESIGN,
        "writes": may(*WRITERS),
        "today": today(),
        "Status": Status,
    }
