"""The planner's desk: scenarios, their places and what each change means for the city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from babel.dates import format_time
from flask import (
    Blueprint,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from layers import ANALYSES, LAYERS, LayersError, MissingLayerError, Text
from layers.days import HERE

from .. import (
    plan_forms,
    plan_map,
    plan_sure,
    plan_tables,
    plan_words,
    planning,
    whereabouts,
    writers,
)
from ..access import person, staff
from ..clock import now
from ..errors import status_of, wants_json
from ..forms import form
from ..languages import current, moment, say
from ..planned import PLACES
from ..planning import Plan
from ..session import form_word
from ..store import MeanwhileError, Scenario, ScenarioError, Scenarios
from ..store.scenarios_kept import CHANGE, DROP, LONGEST_ABOUT, LONGEST_NAME, QUESTION
from .city import PLANNERS, asked, current_store

bp = Blueprint("plan", __name__, url_prefix="/plan")

LISTED = 12
"""So many places are offered for what somebody searches."""
Answer = Response | tuple[str, int] | str


def scenarios() -> Scenarios:
    """Return the scenarios of this application."""
    return cast("Scenarios", current_app.extensions["scenarios"])


@bp.get("")
@staff(*PLANNERS)
def index() -> Answer:
    """List the scenarios, those in the bin and a form for a new one."""
    return _index()


@bp.get("/new")
@staff(*PLANNERS)
def new() -> Answer:
    """Ask for a name; the address brings the question, as coverage asks it."""
    return _new()


@bp.post("")
@staff(*PLANNERS)
def add() -> Answer:
    """Make a scenario."""
    typed = request.form
    try:
        question = planning.question_of(typed.get("query", ""))
        made = scenarios().add(
            typed.get("name", ""),
            about=typed.get("about", ""),
            asked=planning.query_of(question),
            base=current_store().provenance(PLACES).hash,
            by=person().login,
            at=now(),
        )
    except LayersError as error:
        return _new(error.faults), status_of(error)
    return redirect(url_for("plan.show", id_=made.id), code=303)


@bp.get("/<int:id_>")
@staff(*PLANNERS)
def show(id_: int) -> Answer:
    """One scenario: question, outcome, changes, forms, map."""
    return page_of(scenarios().get(id_))


@bp.get("/<int:id_>/state")
@staff(*PLANNERS)
def state(id_: int) -> Response:
    """Return what a page needs to show the present state without being loaded again."""
    return _state(scenarios().get(id_))


@bp.get("/<int:id_>/place")
@staff(*PLANNERS)
def place(id_: int) -> str:
    """Return the forms of one place alone, for a page that is open."""
    plan = planning.plan_of(current_store(), scenarios().get(id_))
    chosen = _chosen(plan) | {"states": plan_map.STATES}
    return render_template("_plan_place.html", scenario=plan.scenario, **chosen)


@bp.post("/<int:id_>/changes")
@staff(*PLANNERS)
def change(id_: int) -> Answer:
    """Do one thing to one place."""
    store, kept = current_store(), scenarios().get(id_)

    def told() -> tuple[str, dict[str, Any]]:
        return CHANGE, plan_forms.told_of(store, planning.plan_of(store, kept), request.form)

    return _step(id_, told)


@bp.post("/<int:id_>/drop")
@staff(*PLANNERS)
def drop(id_: int) -> Answer:
    """Take one change back while later ones stay."""

    def told() -> tuple[str, dict[str, Any]]:
        number = request.form.get("number", 0, type=int)
        plan = planning.plan_of(current_store(), scenarios().get(id_))
        if wrong := plan_forms.faults_without(plan, number):
            raise ScenarioError(wrong)
        return DROP, {"number": number}

    return _step(id_, told)


@bp.post("/<int:id_>/question")
@staff(*PLANNERS)
def ask(id_: int) -> Answer:
    """Judge the scenario by another question."""

    def told() -> tuple[str, dict[str, Any]]:
        given = {name: texts for name, texts in request.form.lists() if name not in OWN_FIELDS}
        values = ANALYSES[planning.COVERAGE].parse(given)
        question = planning.question_of(planning.query_of(values["question"]))
        return QUESTION, {"query": planning.query_of(question)}

    return _step(id_, told)


@bp.post("/<int:id_>/undo")
@staff(*PLANNERS)
def undo(id_: int) -> Answer:
    """Go one step back."""
    return _moved(id_, scenarios().undo)


@bp.post("/<int:id_>/redo")
@staff(*PLANNERS)
def redo(id_: int) -> Answer:
    """Go one step forward again."""
    return _moved(id_, scenarios().redo)


OWN_FIELDS = ("form_token", "on")
"""Fields of the question's form that are no part of the question."""


def _step(id_: int, told: Any) -> Answer:
    def done(on: int) -> Scenario:
        kind, what = told()
        return scenarios().append(id_, kind, what, on=on, by=person().login, at=now())

    return _written(id_, done)


def _moved(id_: int, move: Any) -> Answer:
    return _written(id_, lambda on: move(id_, on=on, by=person().login, at=now()))


def _written(id_: int, done: Any) -> Answer:
    """Write, then show the new state; what went wrong is told where the change was made."""
    try:
        kept = done(request.form.get("on", -1, type=int))
    except LayersError as error:
        return _refused(id_, error)
    if wants_json():
        return _state(kept)
    return redirect(url_for("plan.show", id_=id_) + "#outcome", code=303)


def _refused(id_: int, error: LayersError) -> Answer:
    meanwhile = isinstance(error, MeanwhileError)
    if wants_json():
        answer = jsonify(faults=[say(fault) for fault in error.faults], meanwhile=meanwhile)
        answer.status_code = status_of(error)
        return answer
    again = _to_send_again() if meanwhile else None
    return page_of(scenarios().get(id_), error.faults, again=again, status=status_of(error))


def _to_send_again() -> dict[str, Any]:
    """Return the form just sent, so that nothing of it has to be typed again."""
    fields = [(n, t) for n, texts in request.form.lists() for t in texts if n not in OWN_FIELDS]
    return {"action": request.path, "fields": fields}


def page_of(
    kept: Scenario, faults: Sequence[Text] = (), *, again: Any = None, status: int = 200
) -> tuple[str, int]:
    """
    Write the page of one scenario.

    Parameters
    ----------
    kept
        The scenario.
    faults
        What was wrong with what was just sent.
    again
        Address and fields of a form that can be sent once more.
    status
        Status of the answer.
    """
    store = current_store()
    try:
        plan = planning.plan_of(store, kept)
        computed = planning.outcome(store, plan)
    except MissingLayerError as error:
        return render_template("plan_missing.html", scenario=kept, error=error), 409
    analysis = ANALYSES[planning.COVERAGE]
    editable = kept.adopted_at is None and kept.deleted_at is None
    page = render_template(
        "plan.html",
        analysis=analysis,
        form=form(analysis, {"question": plan.question}),
        faults=faults,
        again=again,
        editable=editable,
        undoable=planning.undoable(store, kept),
        answer=planning.answer_then(kept),
        stale=[(one, plan_words.said(store, one.step)) for one in plan.stale],
        usual=(*plan.question.kinds, "community_centre")[0],
        others=[one for one in scenarios().listed() if one.id != kept.id],
        formats=writers.FORMATS,
        drawing=plan_map.of_plan(store, plan, computed.result),
        begun=plan_map.begun(store, plan, computed.result, word=form_word(), editable=editable),
        most=(LONGEST_NAME, LONGEST_ABOUT),
        **told_of(plan, computed),
        **_chosen(plan),
    )
    return page, status


def told_of(plan: Plan, computed: Any) -> dict[str, Any]:
    """Return what the page and its pieces say of a scenario and its outcome."""
    store = current_store()
    result = computed.result
    words = {step.number: plan_words.said(store, step) for step in plan.scenario.path}
    # what was adopted stands in the list by now and no longer differs from it
    counting = plan.scenario.changes if plan.scenario.adopted_at else plan.steps
    return {
        "plan": plan,
        "scenario": plan.scenario,
        "computed": computed,
        "result": result,
        "sure_at": plan_sure.address(plan.scenario),
        **(plan_sure.told(store, plan, computed) if request.args.get("sure") else {}),
        "parts": plan_tables.parts(result),
        "tally": plan_tables.tally(result),
        "changes": [(step, words[step.number]) for step in counting],
        "log": [(step, words[step.number]) for step in reversed(plan.scenario.path)],
        "undo_told": _said(plan.scenario.undo),
        "redo_told": _said(plan.scenario.redo),
        "states": plan_map.STATES,
        "saved_at": format_time(
            plan.scenario.changed_at.astimezone(HERE), "short", locale=current().replace("-", "_")
        ),
    }


def _said(step: Any) -> Text | None:
    return None if step is None else plan_words.said(current_store(), step)


def _state(kept: Scenario) -> Response:
    """Answer with pieces of the page, and what the map draws anew."""
    store = current_store()
    plan = planning.plan_of(store, kept)
    computed = planning.outcome(store, plan)
    told = told_of(plan, computed)
    # what the frame of a page needs to know is asked of the store, and no piece needs it
    pieces = {
        name: current_app.jinja_env.get_template(f"_plan_{name}.html").render(told)
        for name in ("outcome", "changes", "steps", "tables")
    }
    saved = say(Text("Saved, {when}", when=moment(kept.changed_at, current())))
    content = plan_map.state_of(store, plan, computed.result)
    answer = make_response(plan_map.packed(content | {"pieces": pieces, "saved": saved}))
    answer.headers["X-Form-Word"] = form_word()
    return answer


def _chosen(plan: Plan) -> dict[str, Any]:
    """Return the place that is looked at, and places found by what somebody searched."""
    store, given = current_store(), request.values
    chosen = given.get("place", "")
    words, named = given.get("q", "").strip(), given.get("find", "").strip()
    return {
        "chosen": chosen if plan.row(chosen) is not None else "",
        "row": plan.row(chosen),
        "state": plan.state(chosen) if plan.row(chosen) is not None else "",
        "columns": [LAYERS[PLACES].column(name) for name in planning.DESCRIBED],
        "words": words,
        "candidates": whereabouts.search(store, words) if words else [],
        "named": named,
        "found": _places_called(plan, named) if named else [],
        "typed": request.form,
    }


def _places_called(plan: Plan, words: str) -> list[tuple[str, str, str]]:
    """Return id, name and state of places whose name holds what was typed."""
    wanted = words.casefold()
    names = {**dict(plan.before["name"]), **dict(plan.after["name"])}
    here = [(id_, name) for id_, name in names.items() if wanted in str(name).casefold()]
    here.sort(key=lambda one: (not str(one[1]).casefold().startswith(wanted), str(one[1])))
    return [(str(id_), str(name), plan.state(str(id_))) for id_, name in here[:LISTED]]


def _index() -> str:
    return render_template(
        "plan_list.html",
        listed=[(one, _question_told(one)) for one in scenarios().listed()],
        bin=scenarios().listed(deleted=True),
        done=_deleted(),
        present=PLACES in current_store().names(),
    )


def _deleted() -> Scenario | None:
    """Return the scenario just put into the bin, which the address names."""
    number = request.args.get("deleted", 0, type=int)
    return next((one for one in scenarios().listed(deleted=True) if one.id == number), None)


def _question_told(one: Scenario) -> Text:
    try:
        return planning.question_of(one.question).sentence()
    except LayersError:
        return Text("its question is not understood by this version")


def _new(faults: Sequence[Text] = ()) -> str:
    query = request.form.get("query") or urlencode(asked(), doseq=True)
    question = planning.question_of(query)
    return render_template(
        "plan_new.html",
        faults=faults,
        question=question,
        query=planning.query_of(question),
        typed=request.form,
        number=len(scenarios().listed()) + len(scenarios().listed(deleted=True)) + 1,
        most=(LONGEST_NAME, LONGEST_ABOUT),
    )
