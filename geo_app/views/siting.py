"""From the best sites to a scenario that a planner goes on with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response as AnyResponse

from layers import ANALYSES, Analysis, Result, Text
from layers.question import Question
from layers.scenarios import Change, new_id
from layers.siting_question import AIMS, Wish
from layers.siting_tables import GIVEN_UP
from layers.sources.meeting_places import KINDS

from .. import planning
from ..access import may, person, staff
from ..clock import now
from ..errors import NotFoundError
from ..languages import say
from ..planned import PLACES, change_of, counting, named, planned
from ..results import answer, prepared
from ..session import FIELD
from ..store import Scenario, Scenarios
from ..store.scenarios_kept import LONGEST_NAME
from .city import PLANNERS, check_scenario, current_store

bp = Blueprint("siting", __name__, url_prefix="/analyses/siting")


@bp.post("/plan")
@staff(*PLANNERS)
def plan() -> AnyResponse:
    """Make a scenario of the sites of an answer, or further steps of the one it counts with."""
    analysis = ANALYSES["siting"]
    asked = {name: texts for name, texts in request.form.lists() if name != FIELD}
    check_scenario(asked)
    values = analysis.parse(asked)
    wish: Wish = values["question"]
    if not plannable(analysis, asked):
        raise NotFoundError([Text("only sites of meeting places become a scenario")])
    found = answer(current_store(), analysis, values).result
    steps = _steps(wish, found)
    kept = _begun(wish, found, steps) if not wish.scenario else _gone_on(wish.scenario, steps)
    return redirect(url_for("plan.show", id_=kept.id), code=303)


def _begun(wish: Wish, found: Result, steps: list[dict[str, Any]]) -> Scenario:
    """Make a scenario whose first steps these are."""
    told = Text("{count} {count:place|places}: {aim}", count=_count(found), aim=AIMS[wish.aim])
    return Scenarios(current_store()).add(
        say(told)[:LONGEST_NAME],
        about=say(found.answer[0]),
        asked=planning.query_of(_coverage(wish)),
        base=current_store().provenance(PLACES).hash,
        by=person().login,
        at=now(),
        changes=steps,
    )


def _gone_on(key: str, steps: list[dict[str, Any]]) -> Scenario:
    """Add the steps to the scenario that the question counts with."""
    kept = named(current_store(), key)
    return Scenarios(current_store()).extend(
        kept.id, steps, on=kept.step, by=person().login, at=now()
    )


def _steps(wish: Wish, found: Result) -> list[dict[str, Any]]:
    """Return the changes with what each place was before, as a scenario keeps them."""
    instead = planned(current_store(), wish.scenario) if wish.scenario else None
    today = prepared(current_store(), PLACES) if instead is None else instead.table
    # an id that the scenario gave once, to a place now closed, is not given again
    before = () if instead is None else [change_of(step) for step in counting(instead.scenario)]
    return [
        {
            "change": change.plain(),
            "was": planning.was_of(
                dict(today.loc[change.place].items()) if change.place in today.index else None
            ),
        }
        for change in changes(wish, found, today, before)
    ]


def plannable(analysis: Analysis, query: Mapping[str, Any]) -> bool:
    """Tell whether whoever is signed in may make a scenario of an answer."""
    about = query.get("reach", [PLACES])[0] == PLACES
    if analysis.name != "siting" or not about or not may(*PLANNERS):
        return False
    scenario = query.get("scenario", [""])[0] if query.get("scenario") else ""
    return not scenario or named(current_store(), scenario).adopted_at is None


def counted_with(analysis: Analysis, query: Mapping[str, Any]) -> Scenario | None:
    """Return the scenario whose list of places an answer counts with, to be told."""
    given = query.get("scenario")
    return named(current_store(), given[0]) if analysis.name == "siting" and given else None


def changes(
    wish: Wish, found: Result, today: GeoDataFrame, before: Sequence[Change] = ()
) -> list[Change]:
    """
    Turn the chosen sites into new places of a kind asked for; what is given up is closed.

    Parameters
    ----------
    wish, found
        Question and answer.
    today
        The list of places that was counted with.
    before
        Changes that a scenario holds already.
    """
    gone = [
        place for table in found.tables if table.name == GIVEN_UP for place in table.frame.index
    ]
    if wish.existing == "ignored":
        gone = list(wish.places(today).index)
    told = [Change("close", str(place)) for place in gone]
    if found.marked is None:
        return told
    kind = (wish.kinds or tuple(KINDS))[0]
    for site in found.marked.rename(columns={"name": "name_"}).itertuples():
        if math.isfinite(site.geometry.x):
            x, y = round(float(site.geometry.x), 2), round(float(site.geometry.y), 2)
            said = {"kind": kind, "name": str(site.name_)} | _room(wish)
            told.append(Change("add", new_id([*before, *told], today), x, y, said))
    return told


def _room(wish: Wish) -> dict[str, float]:
    return {"capacity": wish.room} if wish.room > 0 else {}


def _count(found: Result) -> int:
    return 0 if found.marked is None else len(found.marked)


def _coverage(wish: Wish) -> Question:
    """Return the question of who gets there, without where places should stand."""
    return Question(**{name: getattr(wish, name) for name in Question.__dataclass_fields__})
