"""What staff do with a measure: each is a form; what does not fit is told on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from layers import LayersError, Text
from layers.measure_judging import NOT_OVER, claims
from layers.measures import LONG, Answer, Measure, Plan, Status

from .. import measuring, whereabouts
from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..measure_forms import read_numbers, read_plan
from ..measure_places import candidate_area, drawn_area, joined, task_area
from ..session import people
from ..store import MeasureError
from ..store.measure_marks import marks_to_count
from .city import current_store
from .measures import WRITERS, bp, form, measures, page
from .priorities import whole_ranking

Reply = AnyResponse | tuple[str, int]


@bp.post("")
@staff(*WRITERS)
def add() -> Reply:
    """Write a measure down, perhaps with the place of a task."""
    try:
        plan = read_plan(request.form, Plan())
        if task := request.form.get("task", ""):
            plan = replace(plan, places=joined(None, _task(task)))
        made = measures().add(plan, by=person().login, at=now())
    except LayersError as error:
        return form(None, error.faults), status_of(error)
    return _noted("measure made", made)


@bp.post("/<int:id_>/edit")
@staff(*WRITERS)
def change(id_: int) -> Reply:
    """Change what is planned; places and control have forms of their own."""
    now_ = measures().get(id_)
    try:
        plan = read_plan(request.form, now_.plan)
        made = measures().change(id_, plan, on=_on(), by=person().login, at=now())
    except LayersError as error:
        return form(now_, error.faults), status_of(error)
    return _noted("measure changed", made)


@bp.post("/<int:id_>/places")
@staff(*WRITERS)
def places(id_: int) -> Reply:
    """Add to the places what was searched for, ticked or drawn; or begin anew."""
    return _changed(id_, lambda now_: replace(now_.plan, places=_places(now_)))


@bp.post("/<int:id_>/control")
@staff(*WRITERS)
def choose_control(id_: int) -> Reply:
    """Take one of the suggested areas to compare with, or none."""
    return _changed(id_, _with_control)


@bp.post("/<int:id_>/numbers")
@staff(*WRITERS)
def numbers(id_: int) -> Reply:
    """Type in what was counted after."""
    return _changed(id_, lambda now_: read_numbers(request.form, now_))


@bp.post("/<int:id_>/fix")
@staff(*WRITERS)
def fix(id_: int) -> Reply:
    """Lay down how it will be judged."""
    return _step(id_, "measure fixed", lambda who: measures().fix(id_, **who))


@bp.post("/<int:id_>/move")
@staff(*WRITERS)
def move(id_: int) -> Reply:
    """Take it to another status."""

    def done(who: dict[str, Any]) -> Measure:
        to = request.form.get("to", "")
        if to not in set(Status):
            raise MeasureError([Text("choose a status")])
        note = request.form.get("note", "")[:LONG]
        return measures().move(id_, Status(to), note=note, **who)

    return _step(id_, "measure moved", done)


@bp.post("/<int:id_>/answer")
@staff(*WRITERS)
def answer(id_: int) -> Reply:
    """Publish what came of it: the sentence that the evidence allows, and the city's words."""
    return _step(id_, "measure answered", lambda _: _answered(id_))


@bp.post("/<int:id_>/undo")
@staff(*WRITERS)
def undo(id_: int) -> Reply:
    """Take the last step back."""
    return _step(id_, "measure undone", lambda who: measures().undo(id_, **who))


def _answered(id_: int) -> Measure:
    at, measure = now(), measures().get(id_)
    found = measuring.seen(measure, marks_to_count(current_store(), at=at), at=at).evidence
    if found.kind == NOT_OVER:
        raise MeasureError(
            [Text("the time in which it is looked at is not over yet; nothing is judged before")]
        )
    words = request.form.get("words", "").strip()[:LONG]
    if claimed := claims(words, found.kind):
        raise MeasureError(
            [
                Text(
                    "“{sentence}” claims an effect that the numbers do not show. Say what was done,"
                    " or that it is not known",
                    sentence=one[:120],
                )
                for one in claimed
            ]
        )
    told = {"counts": [one.told for one in found.counts]}
    if found.difference is not None:
        told |= {name: list(getattr(found, name)) for name in ("difference", "ratio")}
    said = Answer(at, found.kind, found.finding, words, _finite(told))
    return measures().answer(id_, said, on=_on(), by=person().login)


def _finite(told: Any) -> Any:
    """Write numbers as JSON knows them: what is not finite becomes None."""
    if isinstance(told, dict):
        return {name: _finite(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_finite(value) for value in told]
    if isinstance(told, float):
        return told if abs(told) < float("inf") else None
    return told


def _places(measure: Measure) -> Any:
    typed, store = request.form, current_store()
    if typed.get("do") == "clear":
        return None
    if typed.get("do") == "drawn":
        return joined(measure.places, drawn_area(store, typed.get("corners", "")))
    if typed.get("do") == "task":
        return joined(measure.places, _task(typed.get("task", "")))
    found = whereabouts.search(store, typed.get("place", "").strip())
    which = typed.get("spot", -1, type=int)
    if not 0 <= which < len(found):
        raise MeasureError([Text("choose the place that is meant")])
    metres = typed.get("metres", 0, type=int)
    return joined(measure.places, candidate_area(store, found[which], metres))


def _task(id_: str) -> Any:
    return task_area(whole_ranking().tasks, id_)


def _with_control(measure: Measure) -> Plan:
    if request.form.get("do") == "clear":
        return replace(measure.plan, control=None, control_words="")
    if measure.places is None:
        raise MeasureError([Text("say first where the measure is")])
    _, found = measuring.suggestions(current_store(), measure, measures().all(), at=now())
    which = request.form.get("which", -1, type=int)
    if not 0 <= which < len(found):
        raise MeasureError([Text("choose one of the areas")])
    return replace(measure.plan, control=found[which].area, control_words=found[which].why)


def _changed(id_: int, change_: Callable[[Measure], Plan]) -> Reply:
    def done(who: dict[str, Any]) -> Measure:
        return measures().change(id_, change_(measures().get(id_)), **who)

    return _step(id_, "measure changed", done)


def _step(id_: int, action: str, done: Callable[[dict[str, Any]], Measure]) -> Reply:
    """Do it, note it, show the page; what went wrong is told on it."""
    try:
        made = done({"on": _on(), "by": person().login, "at": now()})
    except LayersError as error:
        return page(id_, error.faults), status_of(error)
    return _noted(action, made)


def _on() -> int:
    return request.form.get("on", -1, type=int)


def _noted(action: str, made: Measure) -> AnyResponse:
    head = measures().history(made.id)[-1].hash[:16]
    people().audit(
        action, by=person().login, at=now(), what=f"measure {made.id}",
        detail=f"{made.name} · {head}",
    )  # fmt: skip
    return redirect(url_for("measures.show", id_=made.id), code=303)
