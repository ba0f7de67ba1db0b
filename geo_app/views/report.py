"""The form of a mark: one question per screen, a receipt before it is sent, a code after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import Blueprint, Response, current_app, g, make_response, render_template, request

from layers import MissingLayerError, Text
from layers.errors import TransitionError

from .. import spam, whereabouts, wizard
from ..access import public
from ..clock import now
from ..config import Settings
from ..languages import COOKIE, LANGUAGES
from ..pictograms import pictogram
from ..store import MarkStore, UnknownMarkError
from ..wizard import STEPS, Draft
from .city import current_store
from .language import A_YEAR
from .report_code import LONGEST_FORM, after_sending, corrected, opened, page
from .report_screens import near, screen

bp = Blueprint("report", __name__)
bp.add_app_template_global(pictogram)


@bp.app_template_filter()
def sentence(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


LATE = Text(
    "This page was open for more than {hours} hours. Nothing is lost: look through it once more and"
    " go on."
)
GONE = Text("This spot is not shown any more.")
NO_WORDS = Text("Write a street, a house or a place, then search.")
NOTHING_FOUND = Text(
    "Nothing in the city is called like “{words}”. Try fewer words, or a street or place nearby."
)


@bp.get("/report")
@public
def begin() -> Response:
    """Begin a new mark."""
    _needs_a_city()
    return screen("kind", Draft.fresh(now()))


@bp.post("/report")
@public
def go_on() -> Response:
    """Take one screen's answers and show the next one, or send the mark."""
    request.max_content_length = LONGEST_FORM
    _needs_a_city()
    at = now()
    try:
        draft, made = wizard.read(request.form.get("state", ""), secret=_settings().secret)
    except wizard.ForgedFormError as error:
        return screen("kind", Draft.fresh(at), notes=error.faults, status=400)
    step = request.form.get("step", "kind")
    draft = wizard.answered(draft, step, request.form, current_store())
    if request.form.get("language", "") in LANGUAGES:
        return _in_language(step, draft)
    if at.timestamp() - made > _settings().form_hours * 3600:
        late = Text(LATE.template, hours=_settings().form_hours)
        return screen(step, replace(draft, opened=at.timestamp()), notes=[late])
    return _turn(request.form.get("go", "next"), step, draft, at)


@bp.post("/report/edit")
@public
def edit() -> Response:
    """Open the form with a mark that was sent, to correct it."""
    code = request.form.get("code", "")
    return opened(code, lambda kept: screen("check", Draft.of(kept, code, now())))


def _turn(go: str, step: str, draft: Draft, at: datetime) -> Response:
    """Do what the button that was pressed says."""
    what, _, which = go.partition(":")
    turns: dict[str, Callable[[], Response]] = {
        "back": lambda: screen(_before(step), draft),
        "search": lambda: _searched(draft),
        "step": lambda: screen(which, draft),
        "voice": lambda: _voice(which, draft, at),
        "send": lambda: _send(draft, at),
        "next": lambda: _next(step, draft, at),
    }
    return turns.get(what, turns["next"])()


def _next(step: str, draft: Draft, at: datetime) -> Response:
    """Show the next screen, or this one again with what is wrong."""
    found = wizard.faults(draft, current_store(), at=at, step=step) if step in STEPS else []
    if found:
        return screen(step, draft, faults=found, status=422)
    if step == "where" and request.form.get("spot", "").endswith(" street"):
        corners = whereabouts.corners(current_store(), draft.x, draft.y)
        if corners:
            return screen("where", draft, found=corners)
    return screen(_after(step, draft), draft)


def _before(step: str) -> str:
    if step == "near":
        return "where"
    return STEPS[max(0, STEPS.index(step) - 1)] if step in STEPS else "check"


def _after(step: str, draft: Draft) -> str:
    if step == "where" and not draft.code and near(draft):
        return "near"
    if step == "near":
        return "more"
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)] if step in STEPS else "kind"


def _searched(draft: Draft) -> Response:
    words = request.form.get("q", "").strip()
    found = whereabouts.search(current_store(), words) if words else []
    notes = []
    if not words:
        notes = [NO_WORDS]
    elif not found:
        notes = [Text(NOTHING_FOUND.template, words=words[:60])]
    return screen("where", draft, notes=notes, words=words[:200], found=found)


def _in_language(step: str, draft: Draft) -> Response:
    """Show the same screen in another language and remember it, without losing an answer."""
    g.language = request.form["language"]
    response = screen(step, draft)
    response.set_cookie(
        COOKIE, g.language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _voice(pin: str, draft: Draft, at: datetime) -> Response:
    """Count a "me too" for a spot nearby instead of another mark."""
    if spam.too_many("voice", _settings().voices_hourly):
        most = Text(spam.TOO_MANY_VOICES.template, most=_settings().voices_hourly)
        return screen("near", draft, notes=[most], status=429)
    try:
        counted = _marks().me_too(pin, device=spam.device(), at=at)
    except UnknownMarkError:
        return screen("near" if near(draft) else "more", draft, notes=[GONE], status=409)
    return make_response(render_template("report_voice.html", counted=counted))


def _send(draft: Draft, at: datetime) -> Response:
    """Send the mark, unless something is wrong; then say so where it can be mended."""
    found = wizard.faults(draft, current_store(), at=at)
    if found:
        step = wizard.step_of(found[0])
        mine = [fault for fault in found if wizard.step_of(fault) == step]
        return screen(step, draft, faults=mine, status=422)
    fault = spam.fault_of_form(request.form, opened=draft.opened, at=at)
    if fault:
        return screen("check", draft, notes=[fault], status=422)
    if spam.under_attack(at) and not _paid(draft, at):
        waiting = draft if draft.waiting else replace(draft, waiting=at.timestamp())
        return screen("wait", waiting)
    code = draft.code or _marks().sent_before(draft.token)
    fault = spam.fault_of_corrections() if code else spam.fault_of_connection()
    if fault:
        return screen("check", draft, notes=[fault], status=429)
    return _kept(draft, code, at)


def _paid(draft: Draft, at: datetime) -> bool:
    answer = request.form.get("work", "")
    return spam.worked(draft.token, answer) or spam.waited(draft.waiting, at)


def _kept(draft: Draft, code: str, at: datetime) -> Response:
    """Keep the mark. The same form sent twice is one mark; sent with changes, it is corrected."""
    said, marks = wizard.mark(draft, current_store(), at=at), _marks()
    if not code:
        added = marks.add(said, at=at, token=draft.token, device=spam.device())
        if added.new:
            spam.count_mark()
            return after_sending(added.code)
        code = added.code
    try:
        marks.correct(code, said, at=at)
    except TransitionError as error:
        return page(marks.by_code(code), code, fault=error.faults[0], status=409)
    return corrected(code) if draft.code else after_sending(code)


def _needs_a_city() -> None:
    """Refuse to ask where something is while there is no city to look it up in."""
    if "streets" not in current_store().names():
        raise MissingLayerError(
            ["streets"],
            [Text("no streets have been imported yet, so no spot can be told; import them first")],
        )


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])


def _marks() -> MarkStore:
    return cast("MarkStore", current_app.extensions["marks"])
