"""From the best sites to a scenario that a planner goes on with."""

from __future__ import annotations

import math
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from layers import ANALYSES, Analysis, Result, Text
from layers.question import Question
from layers.scenarios import NEW, Change
from layers.siting_question import AIMS, Wish
from layers.siting_tables import GIVEN_UP
from layers.sources.meeting_places import KINDS

from .. import planning
from ..access import may, person, staff
from ..clock import now
from ..errors import NotFoundError
from ..languages import say
from ..results import answer, prepared
from ..session import FIELD
from ..store import Scenarios
from ..store.scenarios_kept import LONGEST_NAME
from .city import current_store

bp = Blueprint("siting", __name__, url_prefix="/analyses/siting")

PLANNERS = ("planner", "administrator")
"""Roles that may keep scenarios."""


@bp.post("/plan")
@staff(*PLANNERS)
def plan() -> AnyResponse:
    """Make a scenario of the sites of an answer, and go there."""
    analysis = ANALYSES["siting"]
    asked = {name: texts for name, texts in request.form.lists() if name != FIELD}
    values = analysis.parse(asked)
    wish: Wish = values["question"]
    if not plannable(analysis, asked):
        raise NotFoundError([Text("only sites of meeting places become a scenario")])
    found = answer(current_store(), analysis, values).result
    made = Scenarios(current_store()).add(
        say(Text("{count} {count:place|places}: {aim}", count=_count(found), aim=AIMS[wish.aim]))[
            :LONGEST_NAME
        ],
        about=say(found.answer[0]),
        asked=planning.query_of(_coverage(wish)),
        base=current_store().provenance(planning.PLACES).hash,
        by=person().login,
        at=now(),
        changes=[
            {"change": change.plain(), "was": planning.was_of(_stood(change))}
            for change in changes(wish, found)
        ],
    )
    return redirect(url_for("plan.show", id_=made.id), code=303)


def plannable(analysis: Analysis, query: dict[str, Any]) -> bool:
    """Tell whether whoever is signed in may make a scenario of an answer."""
    about = query.get("reach", [planning.PLACES])[0] == planning.PLACES
    return analysis.name == "siting" and about and may(*PLANNERS)


def changes(wish: Wish, found: Result) -> list[Change]:
    """Turn the chosen sites into new places of a kind asked for; what is given up is closed."""
    kind = (wish.kinds or tuple(KINDS))[0]
    gone = [
        place for table in found.tables if table.name == GIVEN_UP for place in table.frame.index
    ]
    closed = [Change("close", str(place)) for place in gone]
    if found.marked is None:
        return closed
    return closed + [
        Change(
            "add",
            f"{NEW}{number}",
            round(float(site.geometry.x), 2),
            round(float(site.geometry.y), 2),
            {"kind": kind, "name": str(site.name_)} | _room(wish),
        )
        for number, site in enumerate(
            found.marked.rename(columns={"name": "name_"}).itertuples(), start=1
        )
        if math.isfinite(site.geometry.x)
    ]


def _stood(change: Change) -> dict[str, Any] | None:
    """Return a place as it stands today; None for a new one."""
    today = prepared(current_store(), planning.PLACES)
    return dict(today.loc[change.place].items()) if change.place in today.index else None


def _room(wish: Wish) -> dict[str, float]:
    return {"capacity": wish.room} if wish.room > 0 else {}


def _count(found: Result) -> int:
    return 0 if found.marked is None else len(found.marked)


def _coverage(wish: Wish) -> Question:
    """Return the question of who gets there, without where places should stand."""
    return Question(**{name: getattr(wish, name) for name in Question.__dataclass_fields__})
