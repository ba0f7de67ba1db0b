"""Scenarios to look at: by a link, two beside each other, as files, and walks after a change."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import plan_map, plan_sure, plan_tables, plan_words, planning, writers
from ..access import public, staff
from ..documents import document_of_scenario
from ..errors import NotFoundError
from ..languages import current
from ..maps.features import feature_collection
from ..store import Scenario
from .city import PLANNERS, current_store, unknown
from .layers import send
from .maps import fresh
from .plan import Answer, bp, scenarios, told_of

ROBOTS = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}


@bp.get("/shared/<token>")
@public
def shared(token: str) -> Response:
    """One scenario for whoever has its link: to look at, not to change."""
    store, kept = current_store(), scenarios().shared(token)
    plan = planning.plan_of(store, kept)
    computed = planning.outcome(store, plan)
    page = render_template(
        "plan_shared.html",
        sentence=plan.question.sentence(),
        answer=planning.answer_then(kept),
        stale=[(one, plan_words.said(store, one.step)) for one in plan.stale],
        formats=writers.FORMATS,
        token=token,
        drawing=plan_map.of_plan(store, plan, computed.result),
        begun=plan_map.shown(
            store, plan, computed.result, url_for("plan.shared_trace", token=token)
        ),
        **told_of(plan, computed),
    )
    return _hidden(make_response(page))


@bp.get("/shared/<token>/trace")
@public
def shared_trace(token: str) -> Response:
    """Draw the walk from one cell of a shared scenario."""
    return _trace(scenarios().shared(token))


@bp.get("/<int:id_>/sure")
@staff(*PLANNERS)
def sure(id_: int) -> Response:
    """Tell how sure the outcome of a scenario is, for a page that is open."""
    return _sure(scenarios().get(id_))


@bp.get("/shared/<token>/sure")
@public
def shared_sure(token: str) -> Response:
    """Tell how sure the outcome of a shared scenario is."""
    return _sure(scenarios().shared(token))


@bp.get("/shared/<token>/download.<extension>")
@public
def shared_download(token: str, extension: str) -> Response:
    """Send a shared scenario as a file."""
    return _hidden(_file(scenarios().shared(token), extension))


@bp.get("/<int:id_>/trace")
@staff(*PLANNERS)
def trace(id_: int) -> Response:
    """Draw the walk from one cell to its nearest place after the changes."""
    return _trace(scenarios().get(id_))


@bp.get("/<int:id_>/download.<extension>")
@staff(*PLANNERS)
def download(id_: int, extension: str) -> Response:
    """Send a scenario as a file."""
    return _file(scenarios().get(id_), extension)


@bp.get("/compare")
@staff(*PLANNERS)
def compare() -> Answer:
    """Two scenarios side by side, by the question of the first."""
    store = current_store()
    pair = [scenarios().get(request.args.get(name, 0, type=int)) for name in "ab"]
    plans = [planning.plan_of(store, kept) for kept in pair]
    question = plans[0].question
    other = planning.judged_by(plans[1], question)
    found = [planning.outcome(store, plan) for plan in (plans[0], other)]
    between = planning.difference(store, plans[0], other)
    return render_template(
        "plan_compare.html",
        pair=pair,
        sentence=question.sentence(),
        same=plans[1].question == question,
        listed=scenarios().listed(),
        results=[one.result for one in found],
        result=between.result,
        figures=plan_tables.figures_beside(*(one.result for one in found)),
        changes=[
            [plan_words.said(store, step) for step in plan.steps] for plan in (plans[0], other)
        ],
        drawing=plan_map.of_plan(store, other, between.result, some=True),
        begun=plan_map.shown(store, other, between.result, "", some=True),
        districts=plan_tables.districts_beside(*(one.result for one in found)),
    )


def _sure(kept: Scenario) -> Response:
    store = current_store()
    plan = planning.plan_of(store, kept)
    told = plan_sure.told(store, plan, planning.outcome(store, plan))
    return _hidden(make_response(render_template("_plan_sure.html", **told)))


def _trace(kept: Scenario) -> Response:
    row = request.args.get("row", "")
    store = current_store()
    plan = planning.plan_of(store, kept)
    if row not in planning.cells(store):
        raise NotFoundError([unknown(row, ())])
    return fresh(feature_collection(planning.walk_of(store, plan, row), []))


def _file(kept: Scenario, extension: str) -> Response:
    store = current_store()
    plan = planning.plan_of(store, kept)
    computed = planning.outcome(store, plan)
    told = [plan_words.said(store, step) for step in plan.steps]
    document = document_of_scenario(plan, told, computed, language=current())
    return send(document, extension)


def _hidden(answer: Response) -> Response:
    """No search engine lists it, no browser keeps it, no other site learns its address."""
    answer.headers.update(ROBOTS)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
