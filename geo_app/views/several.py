"""Several clear marks: looked at side by side, decided with one reason, each with its own event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from flask import redirect, render_template, request, url_for

from layers import LayersError, Text
from layers.errors import MarkError, TransitionError
from layers.marks import REJECTIONS

from .. import desk
from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..store import Kept, TamperedError, UnknownMarkError
from .city import current_store
from .decisions import Answer, unchanged, words
from .moderation import AT_ONCE, bp, kept_filter, marks, spoken


@bp.get("/several")
@staff("moderator")
def several() -> str:
    """Show the marks that were ticked, with what is needed to decide on all of them."""
    return _page(request.args.getlist("mark"))


@bp.post("/several")
@staff("moderator")
def decide_several() -> Answer:
    """Accept or reject what is ticked; what cannot be decided stays on the page and says why."""
    ids = list(dict.fromkeys(request.form.getlist("mark")))[:AT_ONCE]
    try:
        decide = _decision(ids)
    except MarkError as error:
        return _page(request.form.getlist("shown"), error.faults, ticked=ids), status_of(error)
    left: dict[str, Text] = {}
    for id_ in ids:
        try:
            decide(_open(id_))
        except LayersError as error:
            left[id_] = error.faults[0]
    done = [id_ for id_ in ids if id_ not in left]
    if left:
        return _page(list(left), list(dict.fromkeys(left.values())), done=done), 422
    return redirect(url_for("moderation.queue", **kept_filter(), done=done), code=303)


def _decision(ids: Sequence[str]) -> Callable[[Kept], Kept]:
    """Return what to do with each mark; refuses what would fit none of them."""
    reason, detail, who = request.form.get("reason", ""), words("detail"), person().login
    accepting = request.form.get("do") == "accept"
    faults = [] if ids else [Text("tick at least one mark")]
    if not accepting and reason not in REJECTIONS:
        faults.append(Text("say why they are not accepted"))
    if faults:
        raise MarkError(faults)
    if accepting:
        return lambda one: marks().accept(one.id, by=who, at=now())
    return lambda one: marks().reject(one.id, reason, by=who, at=now(), detail=detail)


def _open(id_: str) -> Kept:
    """Return a mark that may be decided together with others, as it was when it was looked at."""
    one = marks().get(id_)
    if not desk.together(one):
        raise TransitionError(
            [Text("some are decided already, or need a look of their own; open them one by one")]
        )
    unchanged(id_, request.form.get(f"seen-{id_}", "never"))
    return one


def _page(
    ids: Sequence[str],
    faults: Sequence[Text] = (),
    *,
    ticked: Sequence[str] | None = None,
    done: Sequence[str] = (),
) -> str:
    found: list[tuple[Kept, str]] = []
    asked = list(dict.fromkeys(ids))
    for id_ in asked[:AT_ONCE]:
        with suppress(UnknownMarkError, TamperedError):
            found.append((marks().get(id_), marks().history(id_)[-1].hash))
    shown = [(one, seen) for one, seen in found if desk.together(one)]
    return render_template(
        "several.html",
        shown=shown,
        left_out=len(asked) - len(shown),
        notes={one.id: desk.parts(one.note) for one, _ in shown if one.note},
        where={one.id: desk.where(one, current_store()) for one, _ in shown},
        ticked=set(asked if ticked is None else ticked),
        faults=faults,
        done=len(done),
        **spoken(),
    )
