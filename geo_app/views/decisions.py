"""What a moderator does with a mark: each is a form, and after it comes the next mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from layers import LayersError, Text
from layers.errors import TransitionError
from layers.factors import is_sensitive
from layers.marks import REJECTIONS

from .. import desk
from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..store import Kept
from .moderation import bp, following, kept_filter, marks, page_of_mark, reveals, settings

Answer = Response | tuple[str, int]
LONGEST = 1000
"""Longest question or answer to a citizen [characters]."""


@bp.post("/<id_>/accept")
@staff("moderator")
def accept(id_: str) -> Answer:
    """Accept a mark; its reasons go to the offices responsible."""
    return _decided(id_, lambda who: marks().accept(id_, by=who, at=now()))


@bp.post("/<id_>/reject")
@staff("moderator")
def reject(id_: str) -> Answer:
    """Reject a mark for a reason of the list, with words for the person who sent it."""
    reason = request.form.get("reason", "")
    reason = reason if reason in REJECTIONS else ""
    return _decided(
        id_, lambda who: marks().reject(id_, reason, by=who, at=now(), detail=words("detail"))
    )


@bp.post("/<id_>/ask")
@staff("moderator")
def ask(id_: str) -> Answer:
    """Ask the person who sent a mark, on the page of the code."""
    return _decided(id_, lambda who: marks().ask(id_, words("question"), by=who, at=now()))


@bp.post("/<id_>/merge")
@staff("moderator")
def merge(id_: str) -> Answer:
    """Join a mark with another one that says the same."""
    into = request.form.get("into", "")
    if not into:
        return _again(id_, TransitionError([Text("say which other mark it is the same as")]))
    return _decided(id_, lambda who: marks().merge(id_, into, by=who, at=now()))


@bp.post("/<id_>/resolve")
@staff("moderator")
def resolve(id_: str) -> Answer:
    """Say that what was marked is put right, with words for the person who sent it."""
    return _decided(id_, lambda who: marks().resolve(id_, by=who, at=now(), detail=words("detail")))


@bp.post("/<id_>/undo")
@staff("moderator")
def undo(id_: str) -> Answer:
    """Take a mark back to where it stood before the last decision, where that is allowed."""

    def back(who: str) -> Kept:
        to = desk.before(marks().history(id_))
        if to is None:
            return marks().undo(id_, by=who, at=now())
        return marks().decide(id_, to, by=who, at=now())

    return _stays(id_, back, on_what_was_seen=True)


@bp.post("/<id_>/assign")
@staff("moderator")
def assign(id_: str) -> Answer:
    """Give the reasons of a mark to offices."""
    offices = request.form.getlist("office")
    return _stays(
        id_,
        lambda who: marks().assign(id_, offices, by=who, at=now()),
        on_what_was_seen=True,
    )


@bp.post("/<id_>/clean")
@staff("moderator")
def clean(id_: str) -> Answer:
    """Take what may be personal details out of the note, for good."""

    def cleaned(who: str) -> Kept:
        note = desk.without_personal(marks().get(id_).note or "")
        return marks().remove_personal(id_, note, by=who, at=now())

    return _stays(id_, cleaned, on_what_was_seen=True)


@bp.post("/<id_>/reveal")
@staff("moderator")
def reveal(id_: str) -> Answer:
    """Show exact place and whole note for a reason; ask a second person where that is needed."""
    return _stays(id_, lambda who: _reveal(id_, who, request.form.get("reason", "")))


@bp.post("/<id_>/agree")
@staff("moderator")
def agree(id_: str) -> Answer:
    """Agree that somebody else looks at an exact place."""
    wish = request.form.get("wish", 0, type=int)
    return _stays(id_, lambda who: reveals().agree(id_, wish, by=who, at=now()))


def _reveal(id_: str, who: str, reason: str) -> None:
    mine = [wish for wish in reveals().wishes(id_, at=now()).get(id_, []) if wish.by == who]
    agreed = next((wish for wish in mine if wish.second), None)
    if not is_sensitive(marks().get(id_).factors) or not settings().two_people:
        marks().reveal(id_, by=who, reason=reason, at=now())
    elif agreed is None:
        reveals().wish(id_, by=who, reason=reason, at=now())
    else:
        marks().reveal(id_, by=who, reason=agreed.reason, second=agreed.second, at=now())
        reveals().done(id_, by=who)


def _decided(id_: str, act: Callable[[str], Any]) -> Answer:
    """Decide, then open the next mark of the queue; what does not fit is told on the page."""
    after = following(id_)
    try:
        unchanged(id_, request.form.get("seen", ""))
        act(person().login)
    except LayersError as error:
        return _again(id_, error)
    query = kept_filter() | {"done": id_}
    if after:
        return redirect(url_for("moderation.show", id_=after, **query), code=303)
    return redirect(url_for("moderation.queue", **query), code=303)


def _stays(id_: str, act: Callable[[str], Any], *, on_what_was_seen: bool = False) -> Answer:
    """Do something after which the same mark stays open, perhaps only if nobody changed it."""
    try:
        if on_what_was_seen:
            unchanged(id_, request.form.get("seen", ""))
        act(person().login)
    except LayersError as error:
        return _again(id_, error)
    return redirect(url_for("moderation.show", id_=id_, **kept_filter()), code=303)


def _again(id_: str, error: LayersError) -> Answer:
    return page_of_mark(id_, error.faults), status_of(error)


def unchanged(id_: str, seen: str) -> None:
    """Refuse to decide on a mark whose history does not end as it did when it was opened."""
    if seen and seen != marks().history(id_)[-1].hash:
        raise TransitionError(
            [
                Text(
                    "this mark was changed after you opened it, by somebody else or by the person"
                    " who sent it; nothing was decided. Look at it again"
                )
            ]
        )


def words(field: str) -> str:
    """Return what was typed into a field, as long as it may be."""
    return request.form.get(field, "").strip()[:LONGEST]
