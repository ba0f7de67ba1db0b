"""A scenario becomes the city's list of places; the list before it is kept, to undo that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from geopandas import GeoDataFrame
from sqlalchemy import Connection

from layers import LAYERS, Text
from layers.days import day_of
from layers.scenarios import NEW

from . import planning
from .origin import Import, Origin
from .planned import PLACES
from .planning import Plan
from .store import MeanwhileError, Provenance, Scenario, ScenarioError, Scenarios, Store
from .store.provenance import write_remarks

Versions = Sequence[Provenance]

MEANWHILE = Text(
    "the list of places or the scenario has changed since this page was shown;"
    " nothing was adopted. Look through it once more"
)
ELSE_TO_UNDO = Text(
    "the list of places has changed since this scenario was adopted, so that"
    " cannot be undone here; change the places in a new scenario"
)


def adopt(
    store: Store,
    scenarios: Scenarios,
    scenario: Scenario,
    *,
    seen: str,
    on: int,
    by: str,
    at: datetime,
) -> Provenance:
    """
    Write the places as they are after a scenario as a new version of the city's list.

    Parameters
    ----------
    store, scenarios
        Where the list and the scenarios are.
    scenario
        What is adopted; changes that no longer fit are left out.
    seen
        Content hash of the list that was looked at before.
    on
        Step of the scenario that was looked at before.
    by, at
        Login, and when.

    Raises
    ------
    MeanwhileError
        If the list or the scenario is another one by now.
    ScenarioError
        If there is nothing to adopt, or it was adopted already.
    """
    origin = store.provenance(PLACES)
    if scenario.adopted_at is not None:
        raise ScenarioError([Text("this scenario was adopted already")])
    if seen != origin.hash or on != scenario.step:
        raise MeanwhileError([MEANWHILE])
    plan = planning.plan_of(store, scenario)
    if not plan.changes:
        raise ScenarioError([Text("this scenario changes nothing that could be adopted")])
    answer = write_remarks((planning.outcome(store, plan).result.answer[0],))
    table = _checked(plan, scenario, at)
    imported = Import(LAYERS[PLACES], table, _origin(origin, scenario, by, at))

    def noted(connection: Connection, before: Versions, written: Versions) -> None:
        if [one.hash for one in before] != [seen]:
            raise MeanwhileError([MEANWHILE])
        version = written[0].version
        scenarios.adopted(
            scenario.id, connection, version=version, answer=answer, by=by, at=at, on=on
        )

    return store.write([imported], at=at, also=noted)[0]


def undo(store: Store, scenarios: Scenarios, scenario: Scenario) -> Provenance:
    """
    Bring back the list of places that was there before a scenario was adopted.

    Raises
    ------
    ScenarioError
        If the list has changed since: then there is something else to undo first.
    """
    if not planning.undoable(store, scenario):
        raise ScenarioError([ELSE_TO_UNDO])

    def noted(connection: Connection, before: Versions, _written: Versions) -> None:
        if before[0].version != scenario.adopted_version:
            raise ScenarioError([ELSE_TO_UNDO])
        scenarios.not_adopted(scenario.id, connection)

    return store.restore(PLACES, also=noted)


def _checked(plan: Plan, scenario: Scenario, at: datetime) -> GeoDataFrame:
    """Return the places with the day of the adoption beside every one that was changed."""
    table = plan.after.copy()
    here = [place for place in plan.touched if place in table.index]
    table.loc[here, "checked_on"] = day_of(at).isoformat()
    new = [place for place in here if planning.is_new(place)]
    table.loc[new, "source"] = scenario.name
    return table.rename(index={place: _lasting(place, scenario) for place in new})


def _lasting(place: str, scenario: Scenario) -> str:
    """Return an id that no other scenario gives to another place."""
    return f"plan-{scenario.id}-{place.removeprefix(NEW)}"


def _origin(origin: Provenance, scenario: Scenario, by: str, at: datetime) -> Origin:
    known: dict[str, Any] = {field.name: getattr(origin, field.name) for field in fields(Origin)}
    remark = Text(
        "adopted from scenario “{name}”, by {login}, on {day}",
        name=scenario.name,
        login=by,
        day=day_of(at),
    )
    return replace(Origin(**known), imported_by=by, remarks=(*origin.remarks, remark))
