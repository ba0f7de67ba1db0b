"""Steps of a scenario in words, and what has changed in the city's list since."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from layers import LAYERS, Text
from layers.scenarios import Change

from . import results, whereabouts
from .headings import heading
from .planned import PLACES, change_of
from .planning import DESCRIBED, Plan, is_nan, plain, question_of, was_of
from .store import Step, Store
from .store.provenance import read_remarks
from .store.scenarios_kept import CHANGE, DROP

NAMELESS = Text("a place without a name")


def said(store: Store, step: Step) -> Text:
    """Tell in words what a step does."""
    if step.kind == DROP:
        return Text("change {number} taken back", number=step.told["number"])
    if step.kind != CHANGE:
        return Text(
            "another question: {question}", question=question_of(step.told["query"]).sentence()
        )
    change = change_of(step)
    was = step.told.get("was") or _today(store, change.place)
    name = str(change.values.get("name") or was.get("name") or "") or NAMELESS
    where = read_remarks(step.told["where"])[0] if "where" in step.told else None
    return _of_action(store, change, was, (name, where))


def _today(store: Store, place: str) -> dict[str, Any]:
    """Return what the list says of a place, for steps that did not keep it, as analyses make."""
    layer = results.prepared(store, PLACES)
    if place not in layer.index:
        return {}
    return was_of({str(name): value for name, value in layer.loc[place].items()}) or {}


def _of_action(
    store: Store, change: Change, was: Mapping[str, Any], known: tuple[str, Text | None]
) -> Text:
    name, where = known
    if change.action == "add":
        where = where or whereabouts.words(store, change.x, change.y)
        kind = LAYERS[PLACES].column("kind").options[change.values["kind"]]  # type: ignore[index]
        return Text("new: {name} ({kind}), {where}", name=name, kind=kind, where=where)
    if change.action == "move":
        where = where or whereabouts.words(store, change.x, change.y)
        metres = round(
            math.hypot(change.x - was.get("x", change.x), change.y - was.get("y", change.y))
        )
        return Text(
            "{name}: moved by {metres} m, to {where}", name=name, metres=metres, where=where
        )
    if change.action == "close":
        return Text("{name}: closed", name=name)
    if change.action == "reopen":
        return Text("{name}: open again", name=name)
    before = str(was.get("name") or "") or NAMELESS
    return Text("{name}: {values}", name=before, values=tuple(_values_said(change.values)))


def _values_said(values: Mapping[str, Any]) -> list[Text]:
    layer = LAYERS[PLACES]
    told = []
    for name, value in values.items():
        column = layer.column(name)
        words = (column.options or {}).get(value, value) if isinstance(value, str) else value
        empty = value == "" or is_nan(value)
        told.append(
            Text("{what}: {value}", what=_label(name), value=Text("not known") if empty else words)
        )
    return told


def _label(name: str) -> Text:
    """Return what a column is called on the form."""
    return heading(LAYERS[PLACES].column(name))


def conflicts(plan: Plan, version: str) -> tuple[tuple[Step, Text], ...]:
    """
    Return what has changed in the city's list since a change was made to the same place.

    Parameters
    ----------
    plan
        The scenario on the present data.
    version
        Content hash of the present list; if it is the one the scenario began with, all is well.

    Returns
    -------
    conflicts
        Step and sentence: the place is gone, stands elsewhere or says something else now.
    """
    gone = [(one.step, fault) for one in plan.stale for fault in one.faults]
    if version == plan.scenario.base:
        return tuple(gone)
    first: dict[str, Step] = {}
    for step, change in zip(plan.steps, plan.changes, strict=True):
        first.setdefault(change.place, step)
    kept = [(place, step) for place, step in first.items() if place in plan.before.index]
    return (*gone, *((step, text) for place, step in kept for text in _moved_on(plan, place, step)))


def _moved_on(plan: Plan, place: str, step: Step) -> list[Text]:
    was, row = step.told.get("was"), plan.before.loc[place]
    if was is None:
        return []
    middle = row["geometry"].centroid
    told = []
    if math.hypot(middle.x - was["x"], middle.y - was["y"]) > 1:
        told.append(Text("it has been moved in the city’s list since then"))
    now = plain({name: row[name] for name in DESCRIBED})
    others = tuple(_label(name) for name in DESCRIBED if now[name] != was.get(name))
    if others:
        told.append(Text("the city’s list says something else by now: {what}", what=others))
    return told
