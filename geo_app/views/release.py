"""The next release in numbers, and releasing on the day; done twice, nothing changes."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from layers import MissingLayerError, Text
from layers.publication import last_release, next_release
from layers.sources.pins import UNITS

from ..access import person, staff
from ..clock import now, today
from ..languages import day
from ..session import people
from .moderation import marks

bp = Blueprint("release", __name__, url_prefix="/release")


@bp.get("")
@staff("prevention", "administrator")
def show() -> str:
    """What is due or comes next, in numbers only; what was released so far."""
    return _page()


@bp.post("")
@staff("prevention", "administrator")
def run() -> Response | tuple[str, int]:
    """Release what is due; nothing happens if it is released already."""
    due = last_release(today())
    try:
        marks().publish(due, at=now(), by=person().login)
    except MissingLayerError as error:
        return _page(error.faults), 409
    people().audit("release run", by=person().login, at=now(), what=f"pins {due.isoformat()}")
    return redirect(url_for("release.show"), code=303)


def _page(faults: tuple[Text, ...] = ()) -> str:
    done = marks().releases()
    due = last_release(today())
    waits = all(one.day < due for one in done)
    on = due if waits else next_release(today())
    try:
        coming = marks().coming(on)
    except MissingLayerError as error:
        coming, faults = None, faults or error.faults
    return render_template(
        "release.html",
        faults=faults,
        coming=coming,
        on=on,
        due=waits,
        done=done,
        units=UNITS,
        rules=current_app.config["SETTINGS"].rules,
        day=day,
    )
