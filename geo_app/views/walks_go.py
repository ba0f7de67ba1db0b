"""The page of a walk to take along: works without network; who has the link can rate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, jsonify, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from layers import Text
from layers.audits import ITEMS

from .. import spam, walk_entries
from ..access import public
from ..clock import now
from ..languages import current, say, translate
from ..security import nonce, policy
from ..store import Walk
from .walks import bp, legs_told, map_of, ratings, walks

SENT_HOURLY = 3000
"""So often may devices behind one connection send within an hour: a group shares one."""
ROBOTS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
"""The address holds a secret: no engine lists it, no page learns it."""
WORKER = "js/walk-worker.js"
FONTS = ("vendor/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",)
TOO_MANY = Text(
    "From this connection very much was sent within an hour. Nothing is lost; this page sends it"
    " later."
)

WORDS: dict[str, Text] = {
    "stop": Text("Stop {number} of {count}"),
    "next": Text("Next stop"),
    "done": Text("To the overview"),
    "begin": Text("Begin"),
    "go_on": Text("Go on"),
    "rated": Text("{rated} of {count} rated"),
    "unrated": Text("not rated yet"),
    "undone": Text("Undone: {what}"),
    "nothing_to_undo": Text("There is nothing to undo."),
    "all_sent": Text("Everything is sent."),
    "waiting": Text("{count} {count:entry is|entries are} kept on this device and sent later."),
    "offline": Text("No network. Everything is kept on this device."),
    "sending": Text("Sending …"),
    "closed": Text(
        "The office has closed this walk, or given it another link. Your entries are kept on this"
        " device: ask the office to open it again, or save them as a file and hand it in."
    ),
    "later": Text("The server is busy or cannot be used now. This page tries again by itself."),
    "late": Text(
        "The walk was finished before these entries came. They are kept; the office"
        " decides whether they count."
    ),
    "refused": Text("Not taken: {why}"),
    "ready": Text("Ready: this page also opens without network."),
    "preparing": Text("Getting ready to work without network …"),
    "not_ready": Text(
        "This browser cannot keep the page. It works as long as it stays open; take the sheet of"
        " paper along as well."
    ),
    "not_kept": Text(
        "This browser keeps nothing (private window?). Use another one, or the sheet of paper."
    ),
    "conflict": Text("Two versions of your rating of this stop"),
    "conflict_about": Text(
        "Two devices with the same word have rated it, without knowing of each other. Which one"
        " counts?"
    ),
    "this_device": Text("The one of this device"),
    "other_device": Text("The other one"),
    "keep_this": Text("Take the one of this device"),
    "keep_other": Text("Take the other one"),
    "changed": Text("The office has changed the walk."),
    "added": Text("New: {names}."),
    "removed": Text("No longer in it: {names}. What you rated there is kept."),
    "personal": Text(
        "Your note may hold a personal detail: {what}. Please take it out, or leave it if it is"
        " none."
    ),
    "personal_at": Text("Your note at “{stop}” may hold a personal detail; please look once more."),
    "conflicts_left": Text("{count} {count:stop has|stops have} two versions of your rating."),
    "word_wrong": Text("Eight letters and figures, as the other device shows them."),
    "nobody_yet": Text("Nothing rated yet."),
}
"""Sentences that the script of the page writes."""


@bp.get("/worker.js")
@public
def worker() -> Response:
    """Send the program that keeps the page of a walk for times without network."""
    with current_app.open_resource(f"static/{WORKER}") as file:
        answer = make_response(file.read())
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/go/<token>")
@public
def go(token: str) -> Response:
    """One walk to rate, one stop after the other."""
    kept = walks().taken_along(token)
    page = make_response(
        render_template("walk_go.html", walk=kept, config=_config(kept), map=map_of(kept))
    )
    page.headers.update(ROBOTS)
    page.headers["Content-Security-Policy"] = policy(nonce(), worker=True)
    return page


@bp.post("/go/<token>/entries")
@public
def receive(token: str) -> Response:
    """Keep what a device sends; tell it what became of it, and how the walk stands."""
    if spam.too_many("walk", SENT_HOURLY):
        answer = jsonify(faults=[say(TOO_MANY)])
        answer.status_code = 429
        return answer
    sent = walk_entries.read(request.get_data())
    told = walk_entries.ratings_of(sent.entries, at=now())
    kept, number, outcomes = ratings().receive(token, sent.word, told, at=now())
    mine = ratings().of(token, sent.word)
    answer = jsonify(
        state=kept.state,
        number=number,
        outcomes=walk_entries.outcomes_told(told, outcomes),
        mine=walk_entries.mine_told(mine),
        plan=_plan(kept) if sent.version != kept.version else None,
    )
    answer.headers.update(ROBOTS)
    return answer


def _config(kept: Walk) -> dict[str, Any]:
    """Return everything that the page needs on the way."""
    return {
        "token": kept.token,
        "plan": _plan(kept),
        "items": [
            {
                "name": item.name,
                "label": say(item.label),
                "about": say(item.about),
                "steps": [say(step) for step in item.steps],
            }
            for item in ITEMS.values()
        ],
        "urls": {
            "entries": url_for("walks.receive", token=kept.token),
            "worker": url_for("walks.worker"),
            "scope": url_for("walks.index") + "/go/",
        },
        "words": {name: _said(word) for name, word in WORDS.items()},
        "language": current(),
        "files": _files(),
    }


def _files() -> list[str]:
    """Return addresses of files that the styles of the page name, as far as they are there."""
    folder = Path(current_app.static_folder or "")
    return [url_for("static", filename=name) for name in FONTS if (folder / name).exists()]


def _said(word: Text) -> str:
    """Return the template of a sentence in the reader's language: the script fills it in."""
    return translate(word.template, current())


def _plan(kept: Walk) -> dict[str, Any]:
    legs = [say(leg) for leg in legs_told(kept)]
    return {
        "version": kept.version,
        "name": kept.name,
        "state": kept.state,
        "stops": [
            {"id": one.id, "name": one.name, "way": way}
            for one, way in zip(kept.stops, legs, strict=False)
        ],
        "back": legs[-1] if legs else "",
        "metres": round(kept.route.get("metres", 0)),
        "minutes": round(kept.route.get("minutes", 0) + kept.route.get("minutes_at_stops", 0)),
    }
