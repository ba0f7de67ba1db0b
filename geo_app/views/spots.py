"""Published spots: on a map and as an equal list, by reason and time, never as a ranking."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from layers import Text
from layers.factors import FACTORS
from layers.marks import DAYTIMES, KINDS
from layers.publication import next_release
from layers.replies import told_counts

from .. import cartography, spam
from .. import spots as public_spots
from ..access import public
from ..clock import now, today
from ..config import Settings
from ..languages import day, say
from ..legends import Legend
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..store import MarkStore, Replies, UnknownMarkError
from ..store.codes import keyed
from ..store.replies import Answer
from .city import address_with, current_store, page_of
from .maps import fresh

bp = Blueprint("spots", __name__)

COLUMNS: dict[str, Text] = {
    "feeling": Text("feeling"),
    "place": Text("where"),
    "others": Text("further reasons"),
    "daytimes": Text("when"),
    "finding": Text("found by the city"),
    "until": Text("shown until"),
}
"""What a click on the map tells, and what each line is called."""
FILL = {
    "segment": 1.0, "cell_100": 0.4, "cell_200": 0.3, "cell_400": 0.18, "district": 0.06,
    "finding": 1.0,
}  # fmt: skip
"""How densely a unit is coloured: the coarser, the paler."""
SAID: dict[str, Text] = {
    "counted": Text("Your voice counts. Thank you."),
    "known": Text("Your voice for this spot has already been counted today."),
    "gone": Text("This spot is not shown any more."),
    "often": Text(
        "Many voices have come from this connection within an hour. Please try again in an hour."
    ),
    "old": Text("This page was too old. Please press the button again."),
}
"""What is said after somebody has agreed."""


@bp.get("/spots")
@public
def show() -> str:
    """Map and list of what is published."""
    store, settings = current_store(), _settings()
    table = public_spots.pins(store, on=today())
    asked = _asked()
    rows = public_spots.chosen(table, **asked) if table is not None else None
    total = 0 if rows is None else len(rows)
    page = page_of(total)
    shown = [] if rows is None else public_spots.spots(rows.iloc[page.start : page.stop])
    marks = _marks()
    return render_template(
        "spots.html",
        asked=asked,
        spots=shown,
        page=page,
        published=0 if table is None else len(table),
        voices={spot.id: sum(map(marks.voices, spot.rows)) for spot in shown},
        replied={spot.id: _replied(spot) for spot in shown},
        answers={spot.id: _answers(spot) for spot in shown},
        said=SAID.get(request.args.get("said", "")),
        said_of=request.args.get("spot", ""),
        word=_word(),
        next_day=_next_day(),
        rules=settings.rules,
        kinds=KINDS,
        factors=FACTORS,
        daytimes=DAYTIMES,
        address_with=address_with,
        drawing=replace(
            cartography.of_sources(store, [_source(asked)]),
            legend=Legend(
                title=say(Text("Here people feel")),
                classes=(("unsafe", say(Text("unsafe"))), ("at_ease", say(Text("at ease")))),
            ),
        ),
    )


@bp.get("/spots/features")
@public
def features() -> Response:
    """Return the published spots for the map, in the reader's words."""
    table = public_spots.pins(current_store(), on=today())
    if table is None:
        return fresh(b'{"type":"FeatureCollection","more":0,"features":[]}')
    rows = public_spots.chosen(table, **_asked())
    rows = rows.iloc[(-rows.geometry.area).argsort(kind="stable")]  # small ones lie on top
    told = [public_spots.told(spot) for spot in public_spots.spots(rows)]
    columns: dict[str, list[Any]] = {
        name: [_words(one[name]) for one in told] for name in ("title", *COLUMNS)
    }
    columns["fill"] = [FILL[unit] for unit in rows["unit"]]
    drawn = rows[["kind", rows.geometry.name]].assign(**columns)
    return fresh(feature_collection(drawn, ["kind", *columns], digits=2))


@bp.post("/spots/voice")
@public
def voice() -> BaseResponse:
    """Count a "me too": one for each spot, device and day."""
    pin = request.form.get("spot", "")
    back: dict[str, Any] = {name: value for name, value in _asked(request.form).items() if value}
    if not hmac.compare_digest(request.form.get("word", "").encode(), _word().encode()):
        said = "old"
    elif spam.too_many("voice", _settings().voices_hourly):
        said = "often"
    else:
        said = _counted(pin)
    return redirect(url_for("spots.show", said=said, spot=pin, **back), code=303)


def _counted(pin: str) -> str:
    try:
        counted = _marks().me_too(pin, device=spam.device(), at=now())
    except UnknownMarkError:
        return "gone"
    return "counted" if counted else "known"


def _replied(spot: public_spots.Spot) -> tuple[Text, ...]:
    """Say how many have replied to a spot, from so many on as for marks."""
    return told_counts(_replies().counts(spot.rows), least=_settings().rules.least)


def _answers(spot: public_spots.Spot) -> list[Answer]:
    """Return what the city says to a spot, the latest first."""
    found = _replies().answers(spot.rows)
    return sorted((one for many in found.values() for one in many), key=lambda one: -one.id)


def _asked(given: Any = None) -> dict[str, str]:
    """Return what the reader wants to see; unknown names count as any."""
    given = request.args if given is None else given
    known: dict[str, Any] = {"kind": KINDS, "factor": FACTORS, "daytime": DAYTIMES}
    return {
        name: given.get(name, "") if given.get(name, "") in options else ""
        for name, options in known.items()
    }


def _source(asked: dict[str, str]) -> Source:
    wanted: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return Source(
        name="spots",
        title=say(Text("Marked spots")),
        kind="layer",
        url=url_for("spots.features", **wanted),
        columns=tuple(
            {"name": name, "label": say(label), "unit": "", "options": {}, "many": False}
            for name, label in COLUMNS.items()
        ),
        label="title",
    )


def _words(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return say(value) if value else ""


def _next_day() -> date:
    return next_release(today())


def _word() -> str:
    """Return the word that forms of this page carry; another one each day."""
    return keyed(_settings().secret, "voice form", today().isoformat())


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])


def _replies() -> Replies:
    return cast("Replies", current_app.extensions["replies"])


def _marks() -> MarkStore:
    return cast("MarkStore", current_app.extensions["marks"])
