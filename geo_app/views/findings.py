"""What the city itself has found and confirmed: published exactly, as its own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from layers import LayersError, Text
from layers.errors import MarkError
from layers.factors import FACTORS
from layers.gazetteer import Candidate

from .. import whereabouts
from ..access import person, staff
from ..clock import now, today
from ..errors import status_of
from ..store import Finding
from .city import current_store
from .moderation import marks

bp = Blueprint("findings", __name__, url_prefix="/findings")

EFFECTS: dict[str, Text] = {
    "unsafe": Text("people feel less safe because of it"),
    "at_ease": Text("people feel more at ease because of it"),
}
"""Kinds of mark, told of a finding."""
Answer = Response | tuple[str, int] | str
SHOWN_FOR = timedelta(days=180)
"""Last day of a finding where nobody sets another one."""


@bp.get("")
@staff("moderator", "prevention")
def index() -> str:
    """List the findings, and a form for a new one."""
    return _page()


@bp.post("")
@staff("moderator", "prevention")
def add() -> Answer:
    """Publish a finding at a place that was searched for by name."""
    try:
        marks().add_finding(_read(), by=person().login, at=now())
    except LayersError as error:
        return _page(error.faults), status_of(error)
    return redirect(url_for("findings.index"), code=303)


@bp.post("/<int:id_>/remove")
@staff("moderator", "prevention")
def remove(id_: int) -> Answer:
    """Take a finding off the public map: it is put right, or was wrong."""
    try:
        marks().remove_finding(id_, by=person().login, at=now())
    except LayersError as error:
        return _page(error.faults), status_of(error)
    return redirect(url_for("findings.index"), code=303)


def _read() -> Finding:
    typed = request.form
    faults: list[Text] = []
    where = _candidates(typed.get("place", ""))
    which = typed.get("spot", -1, type=int)
    if not 0 <= which < len(where):
        faults.append(Text("choose the place that is meant"))
    days = {name: _day(typed.get(name, "")) for name in ("confirmed_on", "expires_on")}
    faults += [Text("write days like 2026-05-31") for day in days.values() if day is None][:1]
    confirmed, expires = days.values()
    if faults or confirmed is None or expires is None:
        raise MarkError(faults)
    return Finding(
        x=where[which].x,
        y=where[which].y,
        place=where[which].name,
        kind=typed.get("kind", ""),
        factors=tuple(name for name in FACTORS if name in typed.getlist("factor")),
        finding=typed.get("finding", ""),
        confirmed_on=confirmed,
        expires_on=expires,
    )


def _candidates(words: str) -> list[Candidate]:
    return whereabouts.search(current_store(), words.strip()) if words.strip() else []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(faults: Sequence[Text] = ()) -> str:
    day = today()
    words = request.values.get("place", "").strip()
    found: dict[Any, Any] = marks().findings().drop(columns="geometry").to_dict("index")
    return render_template(
        "findings.html",
        faults=faults,
        found=found,
        typed=request.form,
        today=day,
        until=day + SHOWN_FOR,
        effects=EFFECTS,
        factors=FACTORS,
        words=words,
        places=_candidates(words),
    )
