"""One change to a scenario as a form sends it: read, checked, put into the words of the store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from layers import Text
from layers.scenarios import Change, check, new_id

from . import whereabouts
from .planned import bare, change_of
from .planning import DESCRIBED, Plan, is_nan, plain, was_of
from .store import ScenarioError, Store
from .store.provenance import write_remarks
from .store.scenarios_kept import CHANGE


def told_of(store: Store, plan: Plan, typed: Mapping[str, str]) -> dict[str, Any]:
    """
    Read one change from a form, and keep with it what the place was before.

    Parameters
    ----------
    store
        The city's data.
    plan
        The scenario as it stands.
    typed
        Fields of the form: `action`, `place`, where (`longitude` and `latitude`, or `q` and
        `spot`, the number of the candidate found by these words) and what is said about it.

    Raises
    ------
    ScenarioError
        Lists everything that does not fit.
    """
    action = typed.get("action", "")
    redo = plan.scenario.redo
    steps = (*plan.scenario.path, *((redo,) if redo else ()))
    taken = [change_of(step) for step in steps if step.kind == CHANGE]
    place = new_id(taken, plan.before) if action == "add" else typed.get("place", "")
    x, y = _position(store, typed) if action in {"add", "move"} else (math.nan, math.nan)
    row = None if action == "add" else plan.row(place)
    values = _values(typed, row) if action in {"add", "set"} else {}
    change = Change(action, place, x, y, values)
    faults = _faults(store, plan, change)
    if faults:
        raise ScenarioError(faults)
    told: dict[str, Any] = {"change": plain(change.plain()), "was": was_of(row)}
    if action in {"add", "move"}:
        told["where"] = write_remarks((whereabouts.words(store, change.x, change.y),))
    return told


def _faults(store: Store, plan: Plan, change: Change) -> list[Text]:
    if change.action == "set" and not change.values:
        return [Text("nothing was changed about this place")]
    area = whereabouts.surroundings(store, math.nan, math.nan)["city"]
    return [bare(fault) for fault in check([*plan.changes, change], plan.before, area)]


def faults_without(plan: Plan, number: int) -> list[Text]:
    """Return why a change cannot be taken back on its own: a later one builds on it."""
    if number not in {step.number for step in plan.scenario.changes}:
        return [Text("this change does not count any more")]
    rest = [change_of(s) for s in plan.steps if s.number != number]
    if not check(rest, plan.before):
        return []
    return [Text("later changes build on this one; take those back first")]


def _position(store: Store, typed: Mapping[str, str]) -> tuple[float, float]:
    """Return where somebody means [m]: on the map, or the candidate chosen for their words."""
    if typed.get("longitude") and typed.get("spot", "map") == "map":
        try:
            return whereabouts.from_degrees(
                store, float(typed["longitude"]), float(typed.get("latitude", ""))
            )
        except ValueError:
            return math.nan, math.nan
    words = typed.get("q", "").strip()
    found = whereabouts.search(store, words) if words else []
    which = typed.get("spot", "")
    if which.isdecimal() and int(which) < len(found):
        return found[int(which)].x, found[int(which)].y
    return math.nan, math.nan


def _values(typed: Mapping[str, str], row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is said about a place and is not so already."""
    values: dict[str, Any] = {}
    for name in DESCRIBED:
        if name not in typed:
            continue
        value: Any = typed[name].strip()
        if name == "capacity":
            value = _number(value)
        if row is None and value in ("", "unknown"):
            continue
        if not _same(value, None if row is None else row[name]):
            values[name] = value
    return {name: v for name, v in values.items() if row is not None or not is_nan(v)}


def _number(text: str) -> Any:
    if not text:
        return math.nan
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (is_nan(one) and is_nan(other))
