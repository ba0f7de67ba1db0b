"""The list of meeting places as a scenario would have it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from geopandas import GeoDataFrame

from layers import Text
from layers.scenarios import Change, apply, check

from . import shelf
from .store import Provenance, Scenario, Scenarios, Step, Store, UnknownScenarioError

PLACES = "meeting_places"
"""Layer that scenarios change."""
DIGITS = 9
"""A key of so many digits or fewer is the number of a scenario, anything else the end of a link."""


@dataclass(frozen=True)
class Stale:
    """A change that no longer fits the city's list of places, and why."""

    step: Step
    change: Change
    faults: tuple[Text, ...]


@dataclass(frozen=True, eq=False)
class Planned:
    """
    A scenario as the list of places that a question counts with.

    Parameters
    ----------
    scenario
        As it is kept.
    origin
        Where the list comes from; its hash stands for the changes as well.
    table
        The places after the changes that fit.
    """

    scenario: Scenario
    origin: Provenance
    table: GeoDataFrame


def is_number(key: str) -> bool:
    """Tell whether a key is the number of a scenario, which only planners may use."""
    return key.isascii() and key.isdigit() and len(key) <= DIGITS


def named(store: Store, key: str) -> Scenario:
    """
    Return the scenario that a question names, by its number or by the end of its link.

    Raises
    ------
    UnknownScenarioError
        If there is none, it is in the bin, or it is shared no longer.
    """
    kept = Scenarios(store).get(int(key)) if is_number(key) else Scenarios(store).shared(key)
    if kept.deleted_at is not None:
        raise UnknownScenarioError([Text("this scenario is in the bin; bring it back first")])
    return kept


def planned(store: Store, key: str) -> Planned:
    """
    Return the list of places of a scenario.

    Raises
    ------
    UnknownScenarioError
        As `named`.
    """
    kept, origin = named(store, key), store.provenance(PLACES)
    told = [kept.id, [step.told for step in counting(kept)]]
    changed = hashlib.sha256(orjson.dumps(told)).hexdigest()[:16]
    table = changed_list(kept, shelf.table(store, PLACES))[0]
    return Planned(kept, replace(origin, hash=f"{origin.hash} {changed}"), table)


def counting(kept: Scenario) -> Sequence[Step]:
    """Return the changes that count: none once they stand in the city's own list."""
    return () if kept.adopted_at else kept.changes


def changed_list(
    kept: Scenario, before: GeoDataFrame
) -> tuple[GeoDataFrame, tuple[Step, ...], tuple[Change, ...], tuple[Stale, ...]]:
    """
    Apply what of a scenario fits.

    Returns
    -------
    after, steps, changes, stale
        The list then, the steps and changes that fit, and those that do not.
    """
    steps, stale = _fitting(counting(kept), before)
    changes = tuple(change_of(step) for step in steps)
    return apply(changes, before) if changes else before, steps, changes, stale


def change_of(step: Step) -> Change:
    """Return the change that a step holds; JSON knows no "not a number"."""
    told = dict(step.told["change"])
    if "values" in told:
        told["values"] = {n: math.nan if v is None else v for n, v in told["values"].items()}
    return Change.of(told)


def _fitting(
    steps: Sequence[Step], before: GeoDataFrame
) -> tuple[tuple[Step, ...], tuple[Stale, ...]]:
    """Part steps into those that fit the list of places and those that do not."""
    if not check([change_of(step) for step in steps], before):
        return tuple(steps), ()
    fit: list[Step] = []
    stale: list[Stale] = []
    for step in steps:
        faults = check([change_of(one) for one in (*fit, step)], before)
        if faults:
            stale.append(Stale(step, change_of(step), tuple(bare(fault) for fault in faults)))
        else:
            fit.append(step)
    return tuple(fit), tuple(stale)


def bare(fault: Text) -> Text:
    """Leave out which change of the list a fault is in: it is told beside that change."""
    inner = fault.values.get("fault")
    return inner if isinstance(inner, Text) else fault
