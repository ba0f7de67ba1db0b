"""The queue of marks, and one mark with everything that is needed to decide on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from layers import Text
from layers.factors import FACTORS, OFFICES, is_sensitive, offices_of
from layers.marks import (
    DAYTIMES,
    KINDS,
    REJECTIONS,
    STATES,
    STRENGTHS,
    WAITING,
    WEEKPARTS,
    State,
    may,
)

from .. import cartography, desk
from ..access import person, staff
from ..clock import now
from ..config import Settings
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..store import Filter, Kept, MarkStore, Reveals, TamperedError, UnknownMarkError, Waiting
from ..store.people_kept import LONGEST_REASON
from .city import address_with, current_store, page_of

bp = Blueprint("moderation", __name__, url_prefix="/moderation")

SHOWN = tuple(state for state in State if state is not State.DRAFT)
"""States that can be asked for; what was never sent is nobody's business."""
OPEN = (State.RECEIVED, State.REOPENED, State.ASKED, State.PUBLISHED)
"""States in which an office has something to do: not closed, and accepted ones above all."""
FILTERS = ("state", "kind", "factor", "office", "overdue")
MOST = 1000
"""So many marks of the queue stand on its map and are walked through one by one."""
AT_ONCE = 50
"""So many marks are decided in one go: more than anybody looks at with care."""
BURSTS_OF = 72
"""Bursts of the last three days are shown [h]."""


def marks() -> MarkStore:
    """Return the marks of this application."""
    return cast("MarkStore", current_app.extensions["marks"])


def reveals() -> Reveals:
    """Return the looks at exact points of this application."""
    return cast("Reveals", current_app.extensions["reveals"])


def wanted() -> Filter:
    """Return which marks the address asks for; what it does not know counts as not said."""
    states: dict[str, Collection[State]] = {str(state): (state,) for state in SHOWN}
    states |= {"all": SHOWN}
    office = _known("office", OFFICES)
    return Filter(
        states=states.get(request.args.get("state", ""), OPEN if office else WAITING),
        kind=_known("kind", KINDS),
        factor=_known("factor", FACTORS),
        office=office,
        overdue=bool(request.args.get("overdue")),
    )


def _known(name: str, options: Mapping[str, Any]) -> str:
    value = request.args.get(name, "")
    return value if value in options else ""


def kept_filter() -> dict[str, Any]:
    """Return the part of the address that says which marks: it goes from page to page."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


@bp.get("")
@staff("moderator")
def queue() -> str:
    """Marks that wait, the oldest first, as a list and on a map of squares."""
    at, which = now(), wanted()
    store = current_store()
    page = page_of(marks().count(which, at=at))
    listed = marks().queue(which, at=at, limit=page.stop - page.start, offset=page.start)
    return render_template(
        "moderation.html",
        page=page,
        listed=[(one, desk.wait(one, service_days=settings().service_days)) for one in listed],
        where={one.mark.id: desk.where(one.mark, store) for one in listed},
        bursts=desk.bursting(_bursts()),
        overdue=marks().count(Filter(overdue=True), at=at),
        wishes=reveals().wishes(at=at),
        replies=current_app.extensions["replies"].count(),
        done=[one for one in map(_done, request.args.getlist("done")[:AT_ONCE]) if one],
        together={one.mark.id for one in listed if desk.together(one.mark)},
        drawing=_map([_squares(*_addresses())]),
        **spoken(),
    )


@bp.get("/features")
@staff("moderator")
def features() -> Response:
    """Squares of 100 m of the marks in the queue; never a point."""
    found = marks().queue(wanted(), at=now(), limit=MOST)
    table = desk.squares(found, current_store().crs)
    return _geojson(feature_collection(table, ["name", "kind", "days"], digits=0))


@bp.get("/<id_>")
@staff("moderator")
def show(id_: str) -> str:
    """One mark: facts, note, history, similar ones, and what can be decided."""
    return page_of_mark(id_)


def page_of_mark(id_: str, faults: Sequence[Text] = ()) -> str:
    """
    Write the page of one mark.

    Parameters
    ----------
    id_
        The mark.
    faults
        What was wrong with what was just sent.
    """
    at, who, store = now(), person(), current_store()
    no_faults: tuple[Text, ...] = ()
    one = marks().get(id_)
    try:
        events, tampered = marks().history(id_), no_faults
    except TamperedError as error:
        events, tampered = (), error.faults
    point = reveals().shown(id_, to=who.login, at=at)
    here = _standing(one)
    sensitive = is_sensitive(one.factors) and settings().two_people
    return render_template(
        "mark.html",
        one=one,
        seen=events[-1].hash if events else "",
        faults=faults,
        tampered=tampered,
        history=desk.history(events),
        noticed=date.fromisoformat(one.noticed_on) if one.noticed_on else None,
        wait=desk.wait(here, service_days=settings().service_days),
        voices=here.voices,
        where={one.id: desk.where(one, store)},
        point=point,
        note=desk.parts(one.note) if one.note else [],
        similar=marks().similar(id_),
        may=() if tampered else may(one.state, "moderator"),
        given=one.offices or offices_of(one.factors),
        looks=marks().looks(id_),
        sensitive=sensitive,
        wishes=reveals().wishes(id_, at=at).get(id_, []),
        burst=desk.bursting(_bursts()).get(id_),
        done=_done(request.args.get("done", "")),
        following=following(id_),
        drawing=_map(_places_of(one, point), one, point),
        **spoken(),
    )


@bp.get("/<id_>/features")
@staff("moderator")
def place(id_: str) -> Response:
    """Square of 100 m of one mark."""
    one = marks().get(id_)
    table = desk.squares([Waiting(one, 0.0, overdue=False, voices=0)], current_store().crs)
    return _geojson(feature_collection(table, ["name", "kind"]))


@bp.get("/<id_>/point")
@staff("moderator")
def point(id_: str) -> Response:
    """Exact place of one mark, while a look of whoever asks is open."""
    found = reveals().shown(id_, to=person().login, at=now())
    if found is None:
        raise UnknownMarkError([Text("the exact place is not open; say why it has to be known")])
    return _geojson(
        feature_collection(desk.spot(marks().get(id_), found, current_store().crs), ["name"])
    )


def following(id_: str) -> str:
    """Return the id of the mark after this one in the queue that the address asks for, or ""."""
    ids = [one.mark.id for one in marks().queue(wanted(), at=now(), limit=MOST)]
    if id_ not in ids:
        return ids[0] if ids else ""
    return (ids[ids.index(id_) + 1 :] or [other for other in ids if other != id_] or [""])[0]


def _standing(one: Kept) -> Waiting:
    at = now()
    since = one.waiting_since or one.received_at
    late = one.waiting_since is not None and since < settings().due_before(at)
    voices = marks().voices(one.pin) if one.pin else 0
    return Waiting(one, (at - since) / timedelta(days=1), late, voices)


def _done(id_: str) -> dict[str, Any] | None:
    """Tell of the decision just made, which the address names, and whether it can be undone."""
    try:
        one, events = marks().get(id_), marks().history(id_)
    except (UnknownMarkError, TamperedError):
        return None
    back = desk.before(events) or marks().undoable(id_, by=person().login)
    return {"mark": one, "back": back, "seen": events[-1].hash}


def _bursts() -> Any:
    return marks().bursts(at=now(), hours=BURSTS_OF)


def settings() -> Settings:
    """Return the settings of this installation."""
    return cast("Settings", current_app.config["SETTINGS"])


def spoken() -> dict[str, Any]:
    """Return what the pages need to tell codes as words."""
    return {
        "kinds": KINDS,
        "factors": FACTORS,
        "offices": OFFICES,
        "states": STATES,
        "shown_states": SHOWN,
        "daytimes": DAYTIMES,
        "weekparts": WEEKPARTS,
        "strengths": STRENGTHS,
        "rejections": REJECTIONS,
        "again": desk.AGAIN,
        "longest_reason": LONGEST_REASON,
        "name": desk.name,
        "filter": kept_filter(),
        "address_with": address_with,
        "service_days": settings().service_days,
        "State": State,
    }


def _addresses() -> tuple[str, str]:
    """Return where the squares of the queue are, and the page of a mark before its id."""
    return url_for("moderation.features", **kept_filter()), url_for("moderation.queue") + "/"


def _squares(url: str, page: str = "") -> Source:
    title, kind = Text("Marks, in squares of 100 m"), Text("How people feel there")
    return cartography.plain_source("marks", title, url, kind, KINDS, page=page)


def _places_of(one: Kept, point: tuple[float, float] | None) -> list[Source]:
    found = [_squares(url_for("moderation.place", id_=one.id))] if one.coarse else []
    if point is not None:
        url = url_for("moderation.point", id_=one.id)
        found.append(cartography.plain_source("exact", Text("Exact place"), url, pin=True))
    return found


def _map(sources: Sequence[Source], one: Kept | None = None, point: Any = None) -> Any:
    around = point or (one.coarse if one else None)
    return cartography.of_sources(current_store(), sources, around=around)


def _geojson(content: bytes) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/geo+json"
    return answer
