"""Pages of long work: start it, watch it, cancel it, start it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from flask import url_for as address
from werkzeug.wrappers import Response as AnyResponse

from layers import Analysis, Text

from ..access import public, staff
from ..clock import now
from ..errors import NotFoundError
from ..forms import form
from ..jobs import Jobs
from ..languages import say, with_unit
from ..session import FIELD, check_form, signed_in
from ..spam import connection
from ..store.jobs import STATES, Job
from .city import analysis_called, askable, check_scenario, unknown

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

PATIENCE = 0.8
"""Seconds that a start waits: short work is done by then, and nobody has to watch it."""


def current_jobs() -> Jobs:
    """Return the long work of this application."""
    return cast("Jobs", current_app.extensions["jobs"])


@bp.get("")
@staff()
def index() -> str:
    """List the newest work first."""
    askable_names = {analysis.name for analysis in askable()}
    jobs = [job for job in current_jobs().listed() if job.analysis in askable_names]
    return render_template("jobs.html", jobs=[told(job) for job in jobs])


@bp.post("")
@public
def start() -> AnyResponse:
    """Start what a form asks for, or join whoever asks the same; then go to the answer."""
    _check()
    asked = {name: texts for name, texts in request.form.lists() if name not in {FIELD, "analysis"}}
    check_scenario(asked)
    analysis = analysis_called(request.form.get("analysis", ""))
    if not analysis.long:
        raise NotFoundError([unknown(analysis.name, [a.name for a in askable() if a.long])])
    who = signed_in()
    job = current_jobs().start(
        analysis,
        analysis.parse(asked),
        person=who.login if who else "",
        connection=connection(),
        at=now(),
    )
    current_jobs().wait(job, PATIENCE)
    return redirect(answer_to(job), code=303)


@bp.get("/<name>")
@public
def show(name: str) -> str:
    """Tell how far one piece of work is; whoever has the address may look."""
    job = _job(name)
    return render_template("job.html", **told(job))


@bp.get("/<name>/state")
@public
def state(name: str) -> Response:
    """Tell a script how far it is."""
    job = _job(name)
    answer = jsonify(
        state=job.state,
        active=job.active,
        done=round(job.done, 3),
        words=say(progress(job)),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<name>/cancel")
@public
def cancel(name: str) -> AnyResponse:
    """End it; its work stops within a second or so."""
    _check()
    job = _own(_job(name))
    current_jobs().cancel(job.id, at=now())
    return _back(job)


@bp.post("/<name>/again")
@public
def again(name: str) -> AnyResponse:
    """Start it again on the layers as they are now."""
    _check()
    job = _own(_job(name))
    job = current_jobs().again(job.id, connection=connection(), at=now())
    current_jobs().wait(job, PATIENCE)
    return _back(job)


def told(job: Job) -> dict[str, Any]:
    """Return what a page needs to tell of a job."""
    analysis = analysis_called(job.analysis)
    who = signed_in()
    return {
        "job": job,
        "analysis": analysis,
        "form": form(analysis, analysis.parse(job.query)),
        "words": progress(job),
        "state_words": STATES[job.state],
        "mine": current_jobs().owns(job, person=who.login if who else "", connection=connection()),
        "answer": answer_to(job),
    }


def work_on(analysis: Analysis, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a page needs to tell of the work on a question, or None if there is none."""
    job = current_jobs().of(analysis, values)
    return None if job is None or job.state == "done" else told(job)


def answer_to(job: Job) -> str:
    """Return the address of the answer to what a job asks."""
    query: dict[str, Any] = dict(job.query)
    return address("analyses.show", name=job.analysis, **query)


def progress(job: Job) -> Text:
    """Tell in words how far a job is."""
    if job.state == "running" and job.doing:
        return Text("{share} – {doing}", share=with_unit(100 * job.done, "%"), doing=job.doing)
    return STATES[job.state]


def _job(name: str) -> Job:
    """Return a job to whoever may ask what it asks."""
    job = current_jobs().job(name)
    analysis_called(job.analysis)
    return job


def _own(job: Job) -> Job:
    who = signed_in()
    if not current_jobs().owns(job, person=who.login if who else "", connection=connection()):
        raise NotFoundError([NOT_YOURS])
    return job


def _check() -> None:
    """Staff prove that the form is theirs; whoever is not signed in has nothing to lose."""
    if signed_in() is not None:
        check_form()


def _back(job: Job) -> AnyResponse:
    """Go back to the page on which the button was: the answer's own, or the job's."""
    if request.form.get("back") == "answer":
        return redirect(answer_to(job), code=303)
    return redirect(address("jobs.show", name=job.id), code=303)


NOT_YOURS = Text("only whoever asked for this computation, or staff, can change it")
