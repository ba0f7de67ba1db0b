"""Replies to spots on the desk of staff: read, answered in the city's own words, or abuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, cast

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from layers import LayersError, Text
from layers.factors import FACTORS
from layers.marks import KINDS
from layers.replies import ANSWER_MOST, STANCES

from .. import desk, whereabouts
from .. import spots as public_spots
from ..access import person, staff
from ..clock import now, today
from ..errors import status_of
from ..store import Replies
from ..store.replies import STATES, WAITING, KeptReply
from .city import address_with, current_store, page_of
from .replies import bp

Answer = Response | tuple[str, int] | str
ROLES = ("moderator", "prevention")
DONE: dict[str, Text] = {
    "read": Text("Read; it counts now."),
    "abuse": Text("Counted as abuse, which counts nowhere."),
    "waiting": Text("It waits again."),
    "answered": Text("The answer is public."),
    "back": Text("The answer is off the public page."),
    "clean": Text("The personal details are erased."),
}
"""What is said after something was done."""


@bp.get("/moderation/replies")
@staff(*ROLES)
def queue() -> str:
    """Replies that wait, by spot, the oldest first."""
    return _page()


@bp.post("/moderation/replies/<int:id_>/answer")
@staff(*ROLES)
def answer(id_: int) -> Answer:
    """Publish an answer beside the spot, in the city's own words."""
    words = request.form.get("words", "")
    return _done("answered", lambda who: replies().answer(id_, words, by=who, at=now()))


@bp.post("/moderation/replies/<int:id_>/decide")
@staff(*ROLES)
def decide(id_: int) -> Answer:
    """Say that a reply is read or abuse, or let it wait again."""
    to = request.form.get("to", "")
    return _done(to, lambda who: replies().decide(id_, to, by=who, at=now()), of=id_)


@bp.post("/moderation/replies/<int:id_>/clean")
@staff(*ROLES)
def clean(id_: int) -> Answer:
    """Take what may be personal details out of a text, for good."""

    def cleaned(who: str) -> Any:
        note = desk.without_personal(replies().get(id_).note or "")
        return replies().remove_personal(id_, note, by=who, at=now())

    return _done("clean", cleaned)


@bp.post("/moderation/answers/<int:id_>/take-back")
@staff(*ROLES)
def take_back(id_: int) -> Answer:
    """Take an answer off the public page."""
    return _done("back", lambda who: replies().take_back(id_, by=who, at=now()))


def replies() -> Replies:
    """Return the replies of this application."""
    return cast("Replies", current_app.extensions["replies"])


def _done(what: str, act: Callable[[str], Any], *, of: int = 0) -> Answer:
    try:
        act(person().login)
    except LayersError as error:
        return _page(error.faults), status_of(error)
    back = {"state": request.args.get("state"), "said": what, "of": of or None}
    return redirect(url_for("replies.queue", **cast("dict[str, Any]", back)), code=303)


def _page(faults: Sequence[Text] = ()) -> str:
    state = request.args.get("state", WAITING)
    state = state if state in STATES else WAITING
    page = page_of(replies().count(states=(state,)))
    shown = replies().queue(states=(state,), limit=page.stop - page.start, offset=page.start)
    groups = _by_spot(shown)
    table = public_spots.pins(current_store(), on=today())
    public = set() if table is None else {str(pin) for pin in table.index}
    return render_template(
        "replies.html",
        faults=faults,
        said=DONE.get(request.args.get("said", "")),
        undo=request.args.get("of", 0, type=int) if request.args.get("said") != WAITING else 0,
        typed=request.form,
        state=state,
        states=STATES,
        waiting=replies().count(),
        page=page,
        groups=groups,
        public=public,
        answers=replies().answers([pin for pin, *_ in groups]),
        standing=[one for many in replies().answers(list(public)).values() for one in many],
        names=_names(table),
        stances=STANCES,
        kinds=KINDS,
        most=ANSWER_MOST,
        parts=desk.parts,
        address_with=address_with,
    )


def _by_spot(shown: Sequence[KeptReply]) -> list[tuple[str, Text, KeptReply, list[KeptReply]]]:
    """Group replies by spot; spots in the order of their oldest reply."""
    first = {one.pin: rank for rank, one in reversed(list(enumerate(shown)))}
    ordered = sorted(shown, key=lambda one: (first[one.pin], one.id))
    found = []
    for pin, group in groupby(ordered, key=lambda one: one.pin):
        of_spot = list(group)
        found.append((pin, _name(of_spot[0]), of_spot[0], of_spot))
    return found


def _name(one: KeptReply) -> Text:
    reasons = tuple(FACTORS[name].label for name in one.factors if name in FACTORS)
    where = whereabouts.unit_words(one.unit, one.place)
    return Text("{reasons}: {where}", reasons=reasons or Text("various reasons"), where=where)


def _names(table: Any) -> dict[str, Text]:
    if table is None:
        return {}
    found = public_spots.spots(public_spots.chosen(table))
    return {
        pin: Text("{title}: {place}", title=spot.title, place=spot.place)
        for spot in found
        for pin in spot.rows
    }
