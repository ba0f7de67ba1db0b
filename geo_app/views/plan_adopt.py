"""Adopting a scenario into the city's list of places, and undoing that."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for

from layers import LayersError, Text

from .. import adoption, plan_words, planning
from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..planned import PLACES
from ..session import people
from .city import PLANNERS, current_store
from .plan import Answer, bp, scenarios


@bp.get("/<int:id_>/adopt")
@staff(*PLANNERS)
def adopt(id_: int) -> Answer:
    """Show every change before it is made, and what has changed in the list since."""
    return _review(id_)


@bp.post("/<int:id_>/adopt")
@staff(*PLANNERS)
def adopt_now(id_: int) -> Answer:
    """Make the changes a new version of the city's list of places."""
    kept, typed = scenarios().get(id_), request.form
    try:
        adoption.adopt(
            current_store(),
            scenarios(),
            kept,
            seen=typed.get("version", ""),
            on=typed.get("on", -1, type=int),
            by=person().login,
            at=now(),
        )
    except LayersError as error:
        return _review(id_, error.faults), status_of(error)
    _note("scenario adopted", id_, kept.name)
    return redirect(url_for("plan.show", id_=id_), code=303)


@bp.post("/<int:id_>/adopt/undo")
@staff(*PLANNERS)
def undo_adoption(id_: int) -> Answer:
    """Bring the list of places back that was there before the adoption."""
    kept = scenarios().get(id_)
    try:
        adoption.undo(current_store(), scenarios(), kept)
    except LayersError as error:
        return _review(id_, error.faults), status_of(error)
    _note("adoption undone", id_, kept.name)
    return redirect(url_for("plan.show", id_=id_), code=303)


def _note(action: str, id_: int, name: str) -> None:
    people().audit(action, by=person().login, at=now(), what=f"scenario {id_}", detail=name)


def _review(id_: int, faults: Sequence[Text] = ()) -> str:
    store, kept = current_store(), scenarios().get(id_)
    plan = planning.plan_of(store, kept)
    origin = store.provenance(PLACES)
    meanwhile = {step.number: text for step, text in plan_words.conflicts(plan, origin.hash)}
    return render_template(
        "plan_adopt.html",
        faults=faults,
        plan=plan,
        scenario=kept,
        result=None if kept.adopted_at else planning.outcome(store, plan).result,
        changes=[(step, plan_words.said(store, step)) for step in plan.steps],
        stale=[(one, plan_words.said(store, one.step)) for one in plan.stale],
        log=[(step, plan_words.said(store, step)) for step in kept.changes],
        conflicts=meanwhile,
        origin=origin,
        changed=origin.hash != kept.base,
        undoable=planning.undoable(store, kept),
    )
