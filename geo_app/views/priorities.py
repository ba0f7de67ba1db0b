"""What comes first: the open tasks, ranked by weights that everybody can see and move."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from layers import LayersError, ParameterError, Text
from layers.factors import FACTORS, OFFICES, is_sensitive
from layers.priorities import (
    DRAWS,
    GRAVE,
    INSIDE,
    MOST,
    PARTS,
    PRESETS,
    SPREAD,
    TOP,
    UNKNOWN,
)

from .. import cartography, ranking, writers
from ..access import may, person, staff
from ..clock import now
from ..documents import ALARM
from ..errors import NotFoundError, status_of
from ..languages import current, say
from ..legends import Legend
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..ranking import Chosen, Order, Ranking
from ..ranking_told import GROUPS, document_of_order, group_of, headline, never_known, rows_of
from ..session import people
from ..store import Themes
from ..store.weighings import LONGEST_REASON, Weighing, Weighings
from .city import current_store, invented
from .layers import send
from .moderation import marks, settings
from .prevention import compute_dark

bp = Blueprint("priorities", __name__, url_prefix="/prevention/priorities")

READERS = ("prevention", "moderator", "administrator")
"""Roles that may read priorities."""
WRITERS = ("prevention", "administrator")
"""Roles that choose the weights of the city."""
SHOWN = 25
"""So many tasks stand on the page at first, and as many more each time."""
TOLD = 200
"""Of so many tasks at most the sentences are sent at once."""
FILES = ("csv", "xlsx", "gpkg")
"""Formats that offices can open."""
INKS = ("m1", "m2", "m3")
Answer = AnyResponse | tuple[str, int] | str


@dataclass(frozen=True)
class Wanted:
    """Which tasks the address asks for: `office`, `factor`, number of a `theme`; "" is all."""

    office: str = ""
    factor: str = ""
    theme: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """The part of an address that says so."""
        return {name: value for name, value in vars(self).items() if value}


def weighings() -> Weighings:
    """Return the city's own weights."""
    return cast("Weighings", current_app.extensions["weighings"])


def whole_ranking() -> Ranking:
    """Return every open task with its parts, as things are now."""
    days = settings().task_days
    return ranking.ranking(current_store(), marks(), task_days=days, at=now())


def order_of(some: Ranking, chosen: Chosen | None = None) -> Order:
    """Rank tasks, by the city's own weights unless others are chosen."""
    return ranking.order(some, chosen or ranking.chosen_of({}, weighings().latest()))


@bp.get("")
@staff(*READERS)
def show() -> Answer:
    """Every open task in its order, with the weights to move."""
    return _page()


@bp.get("/state")
@staff(*READERS)
def state() -> Response:
    """Return the sentences for an order that the page has already computed, and that order."""
    order = _asked()
    first = order.rows[: max(0, min(request.args.get("first", SHOWN, type=int), TOLD))]
    ids = order.ranking.tasks.index
    # tasks and parts may have changed since the page was opened
    again = {"all": _rows(order)} if request.args.get("version") != version_of(order) else {}
    return jsonify(
        version=version_of(order),
        computing=compute_dark(order.ranking.dark),
        **again,
        headline=say(headline(order)),
        order=[str(ids[row]) for row in order.rows],
        points=[int(order.points[row]) for row in order.rows],
        rows={
            row.id: {"why": say(row.why), "stable": say(row.stable)}
            for row in rows_of(order, first)
        },
    )


@bp.get("/features")
@staff(*READERS)
def features() -> Response:
    """Tasks on the map: parts of streets and squares, never a point."""
    return geojson(_asked())


@bp.get("/download.<extension>")
@staff(*READERS)
def download(extension: str) -> Response:
    """Send the ranking as a file."""
    if extension not in FILES:
        raise NotFoundError([Text("there are {known}", known=FILES)])
    order, without = discreet(_asked(), wanted())
    remarks = [(Text("Answer"), headline(order))]
    remarks += [(Text("Please note"), ALARM)] if invented(current_store()) else []
    if without:
        remarks.append((Text("Left out"), Text("{count} {count:task|tasks} about behaviour; "
                        "choose such a reason to get them", count=without)))  # fmt: skip
    return send(document_of_order(order, remarks, language=current()), extension)


def discreet(order: Order, which: Wanted) -> tuple[Order, int]:
    """Leave tasks about behaviour out of a file, unless they are asked for; tell how many."""
    theme = themes().get(int(which.theme)).factors if which.theme else ()
    if which.office == "prevention" or is_sensitive([which.factor, *theme]):
        return order, 0
    hidden = order.ranking.tasks["sensitive"].to_numpy()
    rows = tuple(row for row in order.rows if not hidden[row])
    return replace(order, rows=rows), len(order.rows) - len(rows)


@bp.post("/weights")
@staff(*WRITERS)
def save() -> Answer:
    """Let weights be those of the city from now on."""
    typed = request.form
    try:
        chosen = ranking.chosen_of(typed, None)
        saved = weighings().save(
            chosen.weights,
            unknown=chosen.unknown,
            reason=typed.get("reason", ""),
            by=person().login,
            at=now(),
        )
    except LayersError as error:
        return _page(error.faults), status_of(error)
    people().audit(
        "weights chosen", by=saved.by, at=saved.at, what=f"weights {saved.id}", detail=saved.reason
    )
    return redirect(url_for("priorities.show", saved=saved.id), code=303)


def geojson(order: Order) -> Response:
    """Answer with the tasks of an order as features that say their rank."""
    told = order.ranking.tasks[["geometry"]].copy()
    rows = rows_of(order, range(len(told)))
    told["name"] = [say(row.name) for row in rows]
    told["where"] = [say(row.where) for row in rows]
    told["rank"] = [row.rank for row in rows]
    told["points"] = [row.points for row in rows]
    told["group"] = [group_of(int(rank)) for rank in order.ranks.first]
    names = [name for name in told.columns if name != "geometry"]
    answer = make_response(feature_collection(told, names))
    answer.headers["Content-Type"] = "application/geo+json"
    return answer


def drawing_of(url: str) -> cartography.Drawing:
    """Return the map of ranked tasks whose features are at an address."""
    classes = zip(INKS, (say(label) for label in GROUPS.values()), strict=True)
    legend = Legend(say(Text("Rank of the task")), tuple(classes)[::-1])
    return cartography.of_sources(current_store(), [_source(url)], legend=legend)


def _source(url: str) -> Source:
    """Describe the tasks that a map draws, by the class of their rank."""
    plain = {"unit": "", "options": {}, "many": False}
    columns = [
        plain | {"name": name, "label": say(label)}
        for name, label in (
            ("name", Text("")), ("where", Text("Where")), ("rank", Text("Rank")),
            ("points", Text("Points of a hundred")),
        )
    ]  # fmt: skip
    return Source(
        name="cells",
        title=say(Text("Tasks by rank")),
        kind="cells",
        url=url,
        columns=tuple(columns),
        values="group",
        kinds=tuple(GROUPS),
        inks=INKS,
        label="name",
    )


def _asked() -> Order:
    chosen = ranking.chosen_of(request.args, weighings().latest())
    return order_of(_wanted_of(whole_ranking()), chosen)


def wanted() -> Wanted:
    """Return which tasks the address asks for; what it does not know counts as all."""
    told = request.values.get
    known: dict[str, Any] = {"office": OFFICES, "factor": FACTORS}
    found = {name: told(name, "") for name in known if told(name, "") in known[name]}
    theme = told("theme", "")
    there = {str(one.id) for one in themes().all()}
    return Wanted(**found, theme=theme if theme in there else "")


def themes() -> Themes:
    """Return the themes of this application."""
    return cast("Themes", current_app.extensions["themes"])


def _wanted_of(whole: Ranking) -> Ranking:
    which = wanted()
    if which.theme:
        whole = ranking.of_theme(whole, themes().get(int(which.theme)))
    for name in ("office", "factor"):
        if value := getattr(which, name):
            whole = ranking.only(whole, (whole.tasks[name] == value).to_numpy())
    return whole


def _page(faults: Sequence[Text] = ()) -> str:
    own = weighings().latest()
    try:
        chosen = ranking.chosen_of(request.values, own)
    except ParameterError as error:
        faults = faults or error.faults
        chosen = ranking.chosen_of({}, own)
    order = order_of(_wanted_of(whole_ranking()), chosen)
    which = wanted()
    query: dict[str, Any] = {name: _plain(value) for name, value in chosen.weights.items()}
    query |= {"unknown": chosen.unknown, **which.query}
    return render_template(
        "priorities.html",
        faults=faults,
        order=order,
        headline=headline(order),
        never=never_known(order),
        why_dark=order.ranking.dark.why,
        computing=compute_dark(order.ranking.dark),
        rows=rows_of(order, order.rows[:SHOWN]),
        chosen=chosen,
        own=own,
        history=weighings().all(),
        saved=own is not None and request.args.get("saved") == str(own.id),
        parts=PARTS,
        presets=PRESETS,
        treatments=UNKNOWN.options,
        grave=GRAVE,
        most=MOST,
        shaking={"draws": DRAWS, "spread": SPREAD, "inside": INSIDE, "top": TOP},
        wanted=which,
        themes=themes().all(),
        offices=OFFICES,
        factors=FACTORS,
        writes=may(*WRITERS),
        longest=LONGEST_REASON,
        formats={name: one for name, one in writers.FORMATS.items() if name in FILES},
        query=query,
        begun=_begun(order, which, own),
        plain=_plain,
        drawing=drawing_of(url_for("priorities.features", **query)),
    )


def _begun(order: Order, which: Wanted, own: Weighing | None) -> dict[str, Any]:
    """Return what the script needs to rank anew without asking."""
    return {
        "parts": list(PARTS),
        "presets": {name: preset.weights for name, preset in PRESETS.items()},
        "own": own.weights if own else {},
        "shown": SHOWN,
        "top": TOP,
        "state": url_for("priorities.state", **which.query),
        "task": task_address(""),
        "wanted": which.query,
        "words": {
            name: say(text)
            for name, text in {
                "unknown": Text("unknown"),
                "waits": Text("… is worked out again"),
                "nothing": Text("Give at least one part a weight above 0."),
                "failed": Text("The sentences could not be fetched; order and points are right."),
            }.items()
        },
        "version": version_of(order),
        "computing": compute_dark(order.ranking.dark),
        "rows": _rows(order),
    }


def _rows(order: Order) -> list[dict[str, Any]]:
    """Return every task in the order of the work list, as the script needs it."""
    return [
        {
            "id": row.id, "name": say(row.name), "where": say(row.where),
            "office": say(row.office), "parts": row.parts,
        }
        for row in rows_of(order, range(len(order.points)))
    ]  # fmt: skip


def version_of(order: Order) -> str:
    """Return what stands for the tasks and their parts, whatever the weights."""
    told = hashlib.sha256(order.ranking.matrix.tobytes())
    told.update(" ".join(order.ranking.tasks.index).encode())
    return told.hexdigest()[:16]


def task_address(id_: str) -> str:
    """Return the address of a task in the work list; without an id, what stands before it."""
    return url_for("prevention.index") + f"/tasks/{id_}"


def _plain(value: float) -> str:
    return f"{value:g}"
