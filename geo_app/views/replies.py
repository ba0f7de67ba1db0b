"""The right of reply: whoever knows a published spot may say how they see it, by no account."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import shapely
from flask import Blueprint, Response, current_app, g, make_response, render_template, request
from itsdangerous import BadData, URLSafeSerializer

from layers import Text
from layers.marks import KINDS, NOTE_MOST
from layers.replies import ABOUT, STANCES, reply_faults, reply_of, reply_receipt

from .. import spam
from .. import spots as public_spots
from ..access import public
from ..clock import now, today
from ..config import Settings
from ..languages import COOKIE, LANGUAGES
from ..sketch import sketch
from ..spots import Spot
from ..store import Replies, UnknownMarkError
from .city import current_store
from .language import A_YEAR
from .report_code import LONGEST_FORM
from .report_screens import note_parts

bp = Blueprint("replies", __name__)

TITLES: dict[str, Text] = {
    "say": Text("What do you want to say about this spot?"),
    "check": Text("Look through it, then send it"),
    "wait": Text("One moment, please"),
}
LOST = Text(
    "This page has lost what was answered, or it was changed on the way. Please look through it"
    " and send it again; nothing was sent."
)
GONE = Text("this spot is not shown any more, so nothing can be replied to it")


@dataclass(frozen=True)
class Form:
    """
    What the page itself remembers, signed.

    Parameters
    ----------
    pin
        Id of the spot.
    token
        Random text of this form; a computation under attack is bound to it.
    opened
        When it was opened [s since 1970].
    waiting
        Since when somebody waits instead of computing [s since 1970], 0 for nobody.
    """

    pin: str
    token: str
    opened: float
    waiting: float = 0.0


@bp.get("/spots/<path:pin>/reply")
@public
def begin(pin: str) -> Response:
    """Ask what somebody wants to say about a spot."""
    return _screen("say", _spot(pin), _fresh(pin))


@bp.post("/spots/<path:pin>/reply")
@public
def go_on(pin: str) -> Response:
    """Show what will be sent and who sees it, or send it."""
    request.max_content_length = LONGEST_FORM
    spot, form = _spot(pin), _read(pin)
    if form is None:
        return _screen("say", spot, _fresh(pin), notes=[LOST], status=400)
    step = request.form.get("step", "say")
    if request.form.get("language", "") in LANGUAGES:
        return _in_language(step, spot, form)
    if request.form.get("go") == "back":
        return _screen("say", spot, form)
    found = reply_faults(request.form)
    if found:
        return _screen("say", spot, form, notes=[fault.text for fault in found], status=422)
    if request.form.get("go") != "send":
        return _screen("check", spot, form)
    return _send(spot, form)


def _send(spot: Spot, form: Form) -> Response:
    """Keep the reply, unless it looks like that of a machine."""
    at = now()
    fault = spam.fault_of_form(request.form, opened=form.opened, at=at)
    if fault:
        return _screen("check", spot, form, notes=[fault], status=422)
    fault = spam.fault_of_replies()
    if fault:
        return _screen("check", spot, form, notes=[fault], status=429)
    if spam.under_attack(at) and not _paid(form):
        waiting = form if form.waiting else replace(form, waiting=at.timestamp())
        return _screen("wait", spot, waiting)
    kept = _replies().add(spot.id, reply_of(request.form), device=spam.device(), at=at)
    if kept:
        spam.count_reply()
    return make_response(render_template("reply_sent.html", kept=kept, spot=spot))


def _paid(form: Form) -> bool:
    answer = request.form.get("work", "")
    return spam.worked(form.token, answer) or spam.waited(form.waiting, now())


def _screen(
    step: str, spot: Spot, form: Form, *, notes: Sequence[Text] = (), status: int = 200
) -> Response:
    step = step if step in TITLES else "say"
    settings, typed = _settings(), request.form
    if step == "check" and reply_faults(typed):
        step = "say"
    said = reply_of(typed) if step == "check" else None
    answer = make_response(
        render_template(
            "reply.html",
            step=step,
            title=TITLES[step],
            spot=spot,
            drawn=_drawn(spot),
            notes=notes,
            typed={name: typed.get(name, "") for name in ("stance", "note")},
            state=_signer().dumps(asdict(form)),
            stances=STANCES,
            about=ABOUT,
            kinds=KINDS,
            most=NOTE_MOST,
            told=reply_receipt(said, periods=settings.periods, rules=settings.rules)
            if said
            else None,
            note_parts=note_parts(said.note) if said else [],
            trap=spam.TRAP,
            challenge=form.token,
            bits=settings.work_bits,
            seconds=settings.work_wait,
        )
    )
    answer.status_code = status
    return answer


def _in_language(step: str, spot: Spot, form: Form) -> Response:
    """Show the same screen in another language and remember it, without losing a word."""
    g.language = request.form["language"]
    answer = _screen(step, spot, form)
    answer.set_cookie(
        COOKIE, g.language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer


def _spot(pin: str) -> Spot:
    """
    Return the spot as the list of spots shows it.

    Raises
    ------
    UnknownMarkError
        If it is not public, or not any more.
    """
    table = public_spots.pins(current_store(), on=today())
    if table is None or pin not in table.index:
        raise UnknownMarkError([GONE])
    return next(s for s in public_spots.spots(public_spots.chosen(table)) if pin in s.rows)


def _drawn(spot: Spot) -> Any:
    """Draw where it is, as exactly as it is public."""
    table = public_spots.pins(current_store(), on=today())
    if table is None:
        return None
    shape = table.geometry.loc[spot.id]
    x, y = shapely.get_coordinates(shapely.centroid(shape))[0].tolist()
    point = shapely.get_dimensions(shape) == 0
    return sketch(current_store(), x, y, unit=None if point else shape, spot=bool(point))


def _fresh(pin: str) -> Form:
    return Form(pin, secrets.token_urlsafe(18), now().timestamp())


def _read(pin: str) -> Form | None:
    """Return what the page remembered, or None if it was changed or is too old."""
    try:
        form = Form(**_signer().loads(request.form.get("state", "")))
    except (BadData, TypeError):
        return None
    late = now().timestamp() - form.opened > _settings().form_hours * 3600
    return None if late or form.pin != pin else form


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret, salt="reply to a spot")


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])


def _replies() -> Replies:
    return cast("Replies", current_app.extensions["replies"])
