"""A saved result asked again: what has moved since, and why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from layers import LAYERS, Text
from layers.credible import MARKS

from .. import clock, replays
from ..access import public
from ..results import answer
from .city import analysis_called, asked, check_scenario, current_store

bp = Blueprint("replay", __name__)


@bp.get("/analyses/<name>/record.json")
@public
def record(name: str) -> Response:
    """One result as a small file that can be asked again."""
    analysis = analysis_called(name)
    values = analysis.parse(asked())
    computed = answer(current_store(), analysis, values)
    at = clock.now()
    saved = Response(
        replays.record_of(analysis, values, computed, at=at), mimetype="application/json"
    )
    filename = f"{name}-{at:%Y-%m-%d}.json"
    saved.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return saved


@bp.get("/replay")
@public
def begin() -> str:
    """Ask for a saved result."""
    return render_template("replay.html", replay=None)


@bp.post("/replay")
@public
def again() -> str:
    """Ask a saved result again and tell what has moved."""
    given = request.files.get("record")
    if given is None or not given.filename:
        raise replays.RecordError(
            [Text("choose a file first: a result saved with “To ask again (JSON)”")]
        )
    record = replays.read_record(given.read())
    analysis_called(record.analysis.name)  # refuses whoever may not ask it
    check_scenario(record.parameters)
    found = replays.replay(current_store(), record)
    query: dict[str, Any] = dict(found.record.analysis.write(found.values))
    return render_template(
        "replay.html",
        replay=found,
        sentence=found.values["question"].sentence() if "question" in found.values else None,
        titles={layer.name: layer.title for layer in (*LAYERS.values(), MARKS)},
        changed=tuple(LAYERS[name].title for name in found.changed),
        lost=tuple(layer.title for layer in (*LAYERS.values(), MARKS) if layer.name in found.lost),
        address=url_for("analyses.show", name=found.record.analysis.name, **query),
    )
