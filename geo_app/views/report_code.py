"""What a mark's secret code opens: where it stands, and all that its sender can do with it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from werkzeug.utils import redirect

from layers import LayersError, Text
from layers.errors import TransitionError
from layers.factors import FACTORS, OFFICES
from layers.mark_events import ROLES, Event
from layers.mark_words import happened
from layers.marks import (
    DAYTIMES,
    KINDS,
    REJECTIONS,
    STATES,
    STRENGTHS,
    WEEKPARTS,
    State,
    may,
)
from layers.mending import MENDED, mendings

from .. import answers, spam, whereabouts
from ..access import public
from ..clock import now
from ..config import Settings
from ..qr_code import qr
from ..sketch import sketch
from ..store import CodeError, Kept, MarkStore, UnknownMarkError
from ..store.codes import keyed, tidy
from ..store.marks_by_citizens import CORRECTABLE
from .city import current_store

bp = Blueprint("code", __name__)

WHO = ROLES | {"citizen": Text("you")}
"""Who did something, said to the person who sent the mark."""
LONGEST_FORM = 400 * 1024
"""A text of ten thousand emoji still arrives and is answered with a sentence [bytes]."""
LONGEST_TEXT = 1000
"""Longest answer or reason that is kept [characters]."""

MEANING: dict[State, Text] = {
    State.DRAFT: Text("It was written, but not sent yet."),
    State.RECEIVED: Text("Somebody of the city reads it, usually within {days} days."),
    State.ASKED: Text("Please answer the question below; then it goes on."),
    State.PUBLISHED: Text(
        "It counts. It is shown as a part of a number only, and not before {marks} marks have come"
        " together."
    ),
    State.REJECTED: Text("It does not count. Below you read why, and you may object."),
    State.MERGED: Text("Others have marked the same spot; yours lives on together with theirs."),
    State.RESOLVED: Text("It is taken as settled. If it is not, open it again."),
    State.REOPENED: Text("You have opened it again; somebody reads it anew."),
    State.EXPIRED: Text("It is too old to be shown. If it is still so, say it below."),
    State.WITHDRAWN: Text("You have taken it back. Spot, reasons and note are erased."),
}
"""What each state means for the one who sent the mark."""

SAID: dict[str, Text] = {
    "corrected": Text("Your correction is kept."),
    "answer": Text("Your answer is kept. Thank you."),
    "reopen": Text("It is open again."),
    "still_so": Text("Noted: it is still so."),
    "better_now": Text("Noted: it is better now."),
    "withdraw_sure": Text("It is taken back and erased."),
}
"""What is said after each deed."""


@bp.route("/report/code", methods=["GET", "POST"])
@public
def ask() -> Response:
    """Ask for a code and open its page."""
    typed = request.form.get("code", "")
    if request.method == "GET" or not typed.strip():
        return make_response(render_template("code_ask.html", faults=(), typed=""))
    try:
        return _to(tidy(typed))
    except CodeError as error:
        return _refused(error, typed, 404)


@bp.get("/report/<code>")
@public
def show(code: str) -> Response:
    """Show where a mark stands."""
    return opened(code, lambda kept: page(kept, code, said=request.args.get("said", "")))


@bp.post("/report/<code>")
@public
def act(code: str) -> Response:
    """Do what its sender wants with a mark."""
    request.max_content_length = LONGEST_FORM
    deed = request.form.get("do", "")
    word = request.form.get("word", "").encode()
    if not hmac.compare_digest(word, form_word(code).encode()):
        old = Text("This page was too old. Nothing was changed; please press the button again.")
        return opened(code, lambda kept: page(kept, code, fault=old, status=403))
    if deed == "withdraw":
        return opened(code, lambda kept: page(kept, code, sure=True))
    return opened(code, lambda kept: _done(kept, code, deed))


def after_sending(code: str) -> Response:
    """Show the code of a mark, once."""
    address = url_for("code.show", code=code, _external=True)
    return make_response(
        render_template("report_sent.html", code=code, address=address, picture=qr(address))
    )


def corrected(code: str) -> Response:
    """Go back to a mark that was just corrected."""
    return _to(code, said="corrected")


def form_word(code: str) -> str:
    """Return the word that every form of a mark's page carries."""
    return keyed(_settings().secret, "citizen form", code)


def page(
    kept: Kept,
    code: str,
    *,
    said: str = "",
    fault: Text | None = None,
    sure: bool = False,
    status: int = 200,
) -> Response:
    """
    Show a mark to its sender.

    Parameters
    ----------
    kept
        The mark.
    code
        As it came in the address.
    said
        Name of what was just done, for a sentence.
    fault
        What could not be done.
    sure
        Ask whether it shall really be taken back.
    status
        Status of the answer.
    """
    store, settings = current_store(), _settings()
    events = _marks().history(kept.id)
    done = mendings(events)
    asked = any(not one.answer for one in done) and kept.state is not State.WITHDRAWN
    spot, can = kept.exact or kept.coarse, deeds(kept, asks=asked)
    answer = render_template(
        "code_mark.html",
        kept=kept,
        code=code,
        word=form_word(code),
        said=SAID.get(said),
        fault=fault,
        sure=sure,
        state=STATES[kept.state],
        meaning=Text(
            MEANING[kept.state].template, days=settings.service_days, marks=settings.least_marks
        ),
        place=whereabouts.words(store, *spot) if spot else None,
        drawn=sketch(store, *spot, spot=kept.exact is not None) if spot else None,
        history=[_line(event, what) for event, what in happened(events)],
        done=done if kept.state is not State.WITHDRAWN else (),
        question=_question(kept),
        unsent="" if {"answer", "reopen"} & can else request.form.get("text", "").strip(),
        offices=[OFFICES[name].label for name in kept.offices if name in OFFICES],
        can=can,
        came=came_of(kept),
        factors=FACTORS, kinds=KINDS, daytimes=DAYTIMES, weekparts=WEEKPARTS, strengths=STRENGTHS,
        most=LONGEST_TEXT,
    )  # fmt: skip
    response = make_response(answer)
    response.status_code = status
    return response


def came_of(kept: Kept) -> list[answers.Stage]:
    """Return the way of a mark to an answer; none for one that was never sent or is taken back."""
    if kept.state in {State.DRAFT, State.WITHDRAWN}:
        return []
    found = answers.concerning(current_store(), kept)
    return answers.stages(kept, found, service_days=_settings().service_days)


def deeds(kept: Kept, *, asks: bool = False) -> frozenset[str]:
    """
    Return what the sender of a mark may do with it now.

    Parameters
    ----------
    kept
        The mark.
    asks
        The page asks about each reason that was put right; the whole mark can wait.
    """
    next_states = may(kept.state, "citizen")
    told = {
        "correct": kept.state in CORRECTABLE,
        "answer": kept.state is State.ASKED,
        "reopen": State.REOPENED in next_states and kept.state is not State.EXPIRED,
        "still_so": kept.state in {State.PUBLISHED, State.EXPIRED} and not asks,
        "better_now": kept.state is State.PUBLISHED and not asks,
        "withdraw": State.WITHDRAWN in next_states,
    }
    return frozenset(name for name, allowed in told.items() if allowed)


def _done(kept: Kept, code: str, deed: str) -> Response:
    """Do it, or say why not; nothing of a text is lost."""
    text = request.form.get("text", "").strip()
    if deed in {"answer", "reopen"} and len(text) > LONGEST_TEXT:
        long = Text(
            "This is {more} characters too long; {most} fit. Please shorten it.",
            more=len(text) - LONGEST_TEXT,
            most=LONGEST_TEXT,
        )
        return page(kept, code, fault=long, status=422)
    if deed == "answer" and not text:
        return page(kept, code, fault=Text("Write an answer first."), status=422)
    if deed not in DEEDS:
        return page(kept, code, fault=Text("This cannot be done with a mark."), status=400)
    try:
        DEEDS[deed](_marks(), code, text, now())
    except TransitionError as error:
        return page(_marks().by_code(code), code, fault=error.faults[0], status=409)
    return _to(code, said=deed)


DEEDS: dict[str, Callable[[MarkStore, str, str, datetime], Kept]] = {
    "answer": lambda marks, code, text, at: marks.answer(code, text, at=at),
    "reopen": lambda marks, code, text, at: marks.reopen(code, at=at, detail=text),
    "still_so": lambda marks, code, _, at: marks.still_so(code, at=at, factor=_about()),
    "better_now": lambda marks, code, _, at: marks.better_now(code, at=at, factor=_about()),
    "withdraw_sure": lambda marks, code, _, at: marks.withdraw(code, at=at),
}
"""What the buttons of a mark's page do."""


def _about() -> str:
    """Return the reason that a button is about, where the page asks for each."""
    return request.form.get("about", "")


def opened(code: str, use: Callable[[Kept], Response]) -> Response:
    """
    Open a mark by its code, or say why not; each look is counted for this connection.

    Parameters
    ----------
    code
        As it was typed.
    use
        Makes the page of the mark.
    """
    most = _settings().looks_hourly
    if spam.too_many("code", most):
        often = LayersError([Text(spam.TOO_MANY_LOOKS.template, most=most)])
        return _refused(often, "", 429, again=code)
    try:
        return use(_marks().by_code(code))
    except (CodeError, UnknownMarkError) as error:
        return _refused(error, code, 404)


def _refused(error: LayersError, typed: str, status: int, again: str = "") -> Response:
    """Ask for the code again; what was written to the page of the mark can be sent once more."""
    response = make_response(
        render_template("code_ask.html", faults=error.faults, typed=typed[:60], again=again)
    )
    response.status_code = status
    return response


def _line(event: Event, what: Text) -> tuple[datetime, Text, Text, str]:
    """Tell one event: when, what, who, and the words that came with it."""
    reason = REJECTIONS.get(event.reason)
    if reason:
        what = Text("{what}: {reason}", what=what, reason=reason)
    if event.reason in FACTORS:
        what = Text("{what}: {reason}", what=what, reason=FACTORS[event.reason].label)
    told = event.detail if event.action in {"moved", MENDED} else ""
    return event.at, what, WHO[event.role], told


def _question(kept: Kept) -> str:
    """Return what the city asks, or ""."""
    if kept.state is not State.ASKED:
        return ""
    asked = [e.detail for e in _marks().history(kept.id) if e.state is State.ASKED and e.detail]
    return asked[-1] if asked else ""


def _to(code: str, said: str | None = None) -> Response:
    return make_response(redirect(url_for("code.show", code=code, said=said), code=303))


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])


def _marks() -> MarkStore:
    return cast("MarkStore", current_app.extensions["marks"])
