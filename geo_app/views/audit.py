"""What staff did, for the administrator: filter, pages, file, and whether the list holds."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from layers import Text
from layers.marks import STATES

from ..access import staff
from ..languages import current, say
from ..session import people

bp = Blueprint("audit", __name__, url_prefix="/audit")

PER_PAGE = 100
MOST = 100_000
ACTIONS: dict[str, Text] = {
    "signed in": Text("signed in"),
    "signed out": Text("signed out"),
    "sign-in refused": Text("sign-in refused"),
    "sessions ended": Text("sessions ended"),
    "password given": Text("password given"),
    "password changed": Text("password changed"),
    "account added": Text("account added"),
    "account locked": Text("account locked"),
    "account unlocked": Text("account unlocked"),
    "roles set": Text("roles set"),
    **{f"mark {state}": Text("mark: {state}", state=told) for state, told in STATES.items()},
    "mark undone": Text("decision on a mark taken back"),
    "mark assigned": Text("mark given to an office"),
    "mark personal_removed": Text("personal details removed from a mark"),
    "reveal asked for": Text("asked to see an exact place"),
    "reveal agreed to": Text("agreed that an exact place is seen"),
    "mark revealed": Text("looked at an exact place"),
    "mark mended": Text("reason of a mark put right"),
    "mark unmended": Text("reason of a mark not put right after all"),
    "task put right": Text("task of the work list put right"),
    "task taken back": Text("task of the work list taken back"),
    "finding added": Text("finding added"),
    "finding removed": Text("finding taken off"),
    "release run": Text("release started by hand"),
    "release": Text("marks released"),
    "scenario adopted": Text("scenario adopted into the list of places"),
    "adoption undone": Text("adoption of a scenario undone"),
    "scenario shared": Text("scenario shared by a link"),
    "scenario shared no longer": Text("link to a scenario taken away"),
    "measure made": Text("measure written down"),
    "measure changed": Text("measure changed"),
    "measure fixed": Text("laid down how a measure is judged"),
    "measure moved": Text("status of a measure changed"),
    "measure answered": Text("answer to those concerned published"),
    "measure undone": Text("last step of a measure taken back"),
    "scenario erased": Text("scenario erased for good"),
    "weights chosen": Text("weights of priorities chosen"),
    "theme made": Text("focus theme made"),
    "theme changed": Text("focus theme changed"),
    "theme closed": Text("focus theme closed"),
    "theme reopened": Text("focus theme opened again"),
    "theme undone": Text("change of a focus theme undone"),
    "theme redone": Text("change of a focus theme made again"),
}
"""What staff did, as the list keeps it and as a page says it."""
ACTORS: dict[str, Text] = {
    "system": Text("the program"),
    "command line": Text("command line"),
    "invented": Text("invented"),
}
"""Who it was, where it was nobody with an account."""
HEADINGS = (
    Text("Number"),
    Text("When"),
    Text("Who"),
    Text("What"),
    Text("To what"),
    Text("Details"),
)
"""Headings of the file: those of the page, and the number that shows whether a line is missing."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet would take for a formula."""


@bp.get("")
@staff("administrator")
def show() -> str:
    """List the latest entries first."""
    number = max(1, request.args.get("page", 1, type=int))
    found = people().audit_log(limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE, **_wanted())
    return render_template(
        "audit.html",
        entries=found[:PER_PAGE],
        faults=people().verify_audit(),
        everybody=people().everybody(),
        wanted=_wanted(),
        actions=ACTIONS,
        actors=ACTORS,
        newer=_page(number - 1) if number > 1 else "",
        older=_page(number + 1) if len(found) > PER_PAGE else "",
    )


@bp.get("/entries.csv")
@staff("administrator")
def entries() -> Response:
    """Send the entries as a file."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";" if current() == "de" else ",")
    rows.writerow([say(heading) for heading in HEADINGS])
    for one in people().audit_log(limit=MOST, **_wanted()):
        who, what = ACTORS.get(one.by, one.by), ACTIONS.get(one.action, one.action)
        told = (say(who), say(what), one.what, one.detail)
        rows.writerow([one.id, one.at.isoformat(timespec="seconds"), *map(harmless, told)])
    answer = make_response("\ufeff" + written.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _wanted() -> dict[str, Any]:
    return {name: request.args.get(name, "").strip() for name in ("by", "action")}


def _page(number: int) -> str:
    told = {name: value for name, value in _wanted().items() if value}
    return url_for("audit.show", page=number, by=told.get("by"), action=told.get("action"))
