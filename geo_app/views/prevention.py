"""The work list of the prevention office: what is to be put right, where, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import shapely
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response as AnyResponse

from layers import Text
from layers.errors import MarkError, TransitionError
from layers.factors import FACTORS, OFFICES, is_sensitive
from layers.work_list import DONE, OPEN, STATES, WHEN

from .. import cartography, office_work, writers
from ..access import may, person, staff
from ..clock import now, today
from ..errors import NotFoundError
from ..jobs import Jobs
from ..languages import current, say
from ..legends import Legend
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..office_work import ORDERS, SHOWN, STANDING, AfterDark, Told, Wanted, Work
from ..office_work_files import document_of_tasks
from ..sketch import sketch
from ..store import QueueFullError, Theme, Themes
from ..store.mendings import MOST_WORDS, UNDO_HOURS
from .city import address_with, current_store, page_of
from .jobs import current_jobs
from .layers import send
from .moderation import marks, settings

bp = Blueprint("prevention", __name__, url_prefix="/prevention")

ROLES = ("prevention", "moderator", "administrator")
"""Roles of which one is needed for every page here."""
FILTERS = (
    "office",
    "factor",
    "theme",
    "district",
    "when",
    "state",
    "voices",
    "words",
    "order",
    "late",
)
INKS = {"overdue": "unsafe", OPEN: "k1", DONE: "at-ease", "lapsed": "g3 hatched"}
"""Colour of each standing on the map."""
PRINTED = 60
"""So many tasks stand on paper at most, each with a small map."""
LATELY = timedelta(days=30)
"""What was put right so long ago is still listed."""


def wanted() -> Wanted:
    """Return which tasks the address asks for; what it does not know counts as not said."""
    theme = asked_theme()
    return Wanted(
        office=_known("office", OFFICES),
        factor=_known("factor", FACTORS),
        factors=office_work.factors_of(theme),
        district=request.args.get("district", ""),
        when=_known("when", {"day": 1, "dark": 1}),
        state=_known("state", SHOWN) or OPEN,
        voices=max(0, request.args.get("voices", 0, type=int)),
        words=request.args.get("words", "")[:100],
        order=_known("order", ORDERS) or "age",
        late=bool(request.args.get("late")),
    )


def _known(name: str, options: Mapping[str, Any]) -> str:
    value = request.args.get(name, "")
    return value if value in options else ""


def kept() -> dict[str, Any]:
    """Return the part of the address that says which tasks: it goes from page to page."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def asked_theme() -> Theme | None:
    """Return the focus theme that the address asks for, or None."""
    number = request.args.get("theme", 0, type=int)
    return next((theme for theme in themes() if theme.id == number), None)


def themes() -> list[Theme]:
    """Return the focus themes that are worked on and have reasons."""
    return [t for t in Themes(current_store()).all() if t.factors and t.is_open(today())]


def everything() -> Work:
    """Return all tasks as they are now."""
    return office_work.work(current_store(), marks(), task_days=settings().task_days, at=now())


@bp.get("")
@staff(*ROLES)
def index() -> str:
    """List the tasks asked for, with a map in step."""
    return _page_of_list()


def _page_of_list(faults: Sequence[Text] = ()) -> str:
    work, which = everything(), wanted()
    found = office_work.chosen(work.tasks, which)
    page = page_of(len(found))
    return render_template(
        "prevention.html",
        faults=faults,
        page=page,
        listed=_told(found.iloc[page.start : page.stop], work),
        work=work,
        open_=int((work.tasks["state"] == OPEN).sum()),
        late=int((work.tasks["standing"] == office_work.OVERDUE).sum()),
        again=sum(1 for task in work.again if work.tasks.loc[task, "state"] == OPEN),
        computing=compute_dark(work.dark),
        lately=_lately(),
        done=request.args.get("done", 0, type=int),
        drawing=_map(url_for("prevention.features", **kept())),
        formats={name: one for name, one in writers.FORMATS.items() if name in FILES},
        districts=sorted(set(work.tasks["district"]) - {""}),
        **_spoken(which),
    )


@bp.get("/features")
@staff(*ROLES)
def features() -> Response:
    """Shapes of the tasks asked for: parts of streets and squares, never a point."""
    work = everything()
    return _geojson(office_work.chosen(work.tasks, wanted()), work)


@bp.get("/download.<extension>")
@staff(*ROLES)
def download(extension: str) -> Response:
    """Send the tasks asked for as a file; those about behaviour only if they are asked for."""
    if extension not in FILES:
        raise NotFoundError([Text("there are {known}", known=FILES)])
    work, which = everything(), wanted()
    found, without = _discreet(office_work.chosen(work.tasks, which), which)
    told = _told(found, work)
    document = document_of_tasks(found, told, without=without, language=current(),
                                 invented=_invented())  # fmt: skip
    return send(document, extension)


@bp.get("/print")
@staff(*ROLES)
def paper() -> str:
    """Show the tasks asked for as an office takes them along."""
    work, which = everything(), wanted()
    found, without = _discreet(office_work.chosen(work.tasks, which), which)
    shown = found.iloc[:PRINTED]
    listed = _told(shown, work)
    return render_template(
        "prevention_print.html",
        listed=list(zip(listed, [_sketch(row.row) for row in listed], strict=True)),
        total=len(found),
        without=without,
        today=today(),
        **_spoken(which),
    )


@bp.get("/tasks/<id_>")
@staff(*ROLES)
def task(id_: str) -> str:
    """Show one task."""
    return _page_of_task(id_)


@bp.get("/tasks/<id_>/features")
@staff(*ROLES)
def place(id_: str) -> Response:
    """Shape of one task."""
    work = everything()
    return _geojson(_one(work, id_), work)


@bp.post("/tasks/<id_>/done")
@staff(*ROLES)
def done(id_: str) -> AnyResponse:
    """Say that a task is put right; everybody who has marked it is told."""
    work, words = everything(), request.form.get("words", "").strip()
    row = next(_one(work, id_).itertuples())
    if request.form.get("seen") != work.seen(id_):
        changed = Text("meanwhile something has changed here; look again, then press once more")
        return _refused(id_, [changed], words, 409)
    try:
        number = marks().put_right(
            work.open_marks(id_),
            row.factor,
            task=id_,
            place=row.place or row.district,
            by=person().login,
            at=now(),
            words=words,
        )
    except MarkError as error:
        return _refused(id_, error.faults, words, 422)
    return redirect(url_for("prevention.index", done=number, **kept()), code=303)


@bp.post("/undo/<int:number>")
@staff(*ROLES)
def undo(number: int) -> AnyResponse:
    """Take back that a task is put right."""
    try:
        marks().take_back(number, by=person().login, at=now())
    except TransitionError as error:
        return make_response(_page_of_list(error.faults), 409)
    return redirect(url_for("prevention.index", **kept()), code=303)


FILES = ("csv", "xlsx", "gpkg")
"""Formats that offices can open."""


def _page_of_task(id_: str, faults: Sequence[Text] = (), words: str = "") -> str:
    work = everything()
    found = _one(work, id_)
    row = next(found.itertuples())
    here = work.members[work.members["task"] == id_]
    middle = shapely.centroid(row.geometry)
    return render_template(
        "prevention_task.html",
        one=_told(found, work)[0],
        faults=faults,
        words=words,
        seen=work.seen(id_),
        told_to=len(work.open_marks(id_)),
        marks=_marks_of(here["mark"].tolist(), sensitive=bool(row.sensitive)),
        history=[one for one in marks().put_right_since(now() - timedelta(days=3650))
                 if one.task == id_],
        most=MOST_WORDS,
        plans=may("prevention", "administrator"),
        drawing=cartography.of_sources(
            current_store(),
            [_source(url_for("prevention.place", id_=id_))],
            around=(middle.x, middle.y),
        ),
        **_spoken(wanted()),
    )  # fmt: skip


def _refused(id_: str, faults: Sequence[Text], words: str, status: int) -> AnyResponse:
    return make_response(_page_of_task(id_, faults, words), status)


def _one(work: Work, id_: str) -> GeoDataFrame:
    if id_ not in work.tasks.index:
        raise NotFoundError(
            [Text("there is no such task, or not any more: marks were taken back or have moved on")]
        )
    return work.tasks.loc[[id_]]


def _marks_of(ids: Sequence[str], *, sensitive: bool) -> list[Any]:
    """
    Return the marks of a task to whoever may open them.

    One that names behaviour is only listed where it is told by its square:
    beside a street part it would be known more exactly than it may be.
    """
    if not may("moderator"):
        return []
    found = [marks().get(id_) for id_ in ids]
    careful = settings().two_people and not sensitive
    return [one for one in found if not (careful and is_sensitive(one.factors))]


def _discreet(found: GeoDataFrame, which: Wanted) -> tuple[GeoDataFrame, int]:
    """Leave out tasks about behaviour, unless they are asked for by name; tell how many."""
    if which.names_behaviour:
        return found, 0
    without = found["sensitive"].to_numpy()
    return found[~without], int(without.sum())


def _told(found: GeoDataFrame, work: Work) -> list[Told]:
    return [office_work.told(row, work) for row in found.itertuples()]


def _lately() -> list[Any]:
    return marks().put_right_since(now() - LATELY)


def compute_dark(dark: AfterDark) -> bool:
    """Begin in the background what tells of people after dark; tell whether it is under way."""
    if not dark.to_compute:
        return False
    jobs: Jobs = current_jobs()
    analysis, values = office_work.criticality(settings().land)
    known = jobs.of(analysis, values)
    if known is not None and not known.active and known.state == "failed":
        return False
    try:
        jobs.start(analysis, values, person=person().login, at=now())
    except QueueFullError:
        return False
    return True


def _sketch(row: Any) -> Any:
    middle = shapely.centroid(row.geometry)
    return sketch(current_store(), middle.x, middle.y, unit=row.geometry)


def _source(url: str, *, page: str = "") -> Source:
    columns = ("name", "office", "age", "voices", "people")
    plain = {"label": "", "unit": "", "options": {}, "many": False}
    return Source(
        name="tasks",
        title=say(Text("Tasks"), current()),
        kind="cells",
        url=url,
        columns=tuple(plain | {"name": name} for name in columns),
        values="standing",
        kinds=tuple(INKS),
        inks=tuple(INKS.values()),
        scale="kinds",
        label="name",
        page=page,
    )


def _map(url: str) -> cartography.Drawing:
    page = url_for("prevention.index") + "/tasks/"
    drawn = cartography.of_sources(current_store(), [_source(url, page=page)])
    words = tuple((ink, say(STANDING[name], current())) for name, ink in INKS.items())
    return replace(drawn, legend=Legend(say(Text("How a task stands"), current()), words))


def _geojson(found: GeoDataFrame, work: Work) -> Response:
    told = _told(found, work)
    names = {
        "name": [f"{say(one.what)} – {say(one.where)}" for one in told],
        "office": [say(one.office) for one in told],
        "age": [say(one.age) for one in told],
        "voices": [say(one.voices) for one in told],
        "people": [say(one.people) if one.people else "" for one in told],
    }
    content = feature_collection(found.assign(**names), [*names, "standing"])
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/geo+json"
    return answer


def _invented() -> bool:
    store = current_store()
    return any(store.provenance(name).invented for name in store.names())


def _spoken(which: Wanted) -> dict[str, Any]:
    """Return what every page here needs to tell codes as words."""
    return {
        "wanted": which,
        "chosen": office_work.said(which, asked_theme()),
        "filter": kept(),
        "offices": OFFICES,
        "factors": {n: f for n, f in FACTORS.items() if "unsafe" in f.kinds},
        "themes": themes(),
        "theme": asked_theme(),
        "states": STATES,
        "shown_states": SHOWN,
        "when": WHEN,
        "orders": ORDERS,
        "task_days": settings().task_days,
        "undo_hours": UNDO_HOURS,
        "address_with": address_with,
        "now": now(),
        "date": date,
    }
