"""A scenario on the city's data: which changes still fit, and what they do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from geopandas import GeoDataFrame

from layers import ANALYSES, ParameterError, Text
from layers.question import Question
from layers.scenarios import NEW, Change
from layers.sureness_pairs import Beside, lists_beside, lists_of
from layers.what_if import Standing

from . import results, shelf
from .planned import PLACES, Stale, changed_list, counting
from .results import Computed
from .store import Provenance, Scenario, Step, Store
from .store.provenance import read_remarks

NEEDED = ("population", "streets", PLACES)
DISTRICTS = "districts"
DESCRIBED = ("name", "kind", "opening_hours", "step_free", "capacity")
"""Columns of a place that a scenario may change, in the order of the form."""
STANDINGS, OUTCOMES = 6, 40
"""So many are remembered; a standing of a large city takes some 50 MB."""
COVERAGE = "coverage"
NAMELESS = Text("a place without a name")


@dataclass(frozen=True)
class Plan:
    """
    A scenario on the present data of the city.

    Parameters
    ----------
    scenario
        As it is kept.
    question
        What it is judged by.
    before, after
        The city's meeting places as they are, and after the changes that fit.
    steps, changes
        Changes that count and fit, in their order.
    stale
        Changes that count but no longer fit.
    """

    scenario: Scenario
    question: Question
    before: GeoDataFrame
    after: GeoDataFrame
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    stale: tuple[Stale, ...] = ()

    @property
    def query(self) -> dict[str, list[str]]:
        """The question as parts of an address."""
        return ANALYSES[COVERAGE].write({"question": self.question})

    @property
    def touched(self) -> tuple[str, ...]:
        """Ids of the places that are changed, each once, in the order of their first change."""
        return tuple(dict.fromkeys(change.place for change in self.changes))

    def row(self, place: str) -> Mapping[str, Any] | None:
        """Return a place as it stands after the changes, or before if it is closed by them."""
        for table in (self.after, self.before):
            if place in table.index:
                return {str(name): value for name, value in table.loc[place].items()}
        return None

    def state(self, place: str) -> str:
        """Return "new", "closed", "moved", "changed" or "" for a place."""
        if place not in self.before.index:
            return "new" if place in self.after.index else "gone"
        if place not in self.after.index:
            return "closed"
        done = {change.action for change in self.changes if change.place == place}
        return "moved" if "move" in done else "changed" if "set" in done else ""


def plan_of(store: Store, scenario: Scenario) -> Plan:
    """
    Put a scenario on the present data of the city.

    Raises
    ------
    MissingLayerError
        If the city has no meeting places, streets or people yet.
    """
    before = results.prepared(store, PLACES)
    question = question_of(scenario.question)

    def fitted() -> tuple[Any, ...]:
        return changed_list(scenario, before)

    numbers = tuple(step.number for step in counting(scenario))
    key = (store.provenance(PLACES).hash, scenario.id, numbers)
    found = results.remembered(store, "plan", key, fitted, most=OUTCOMES)
    return Plan(scenario, question, before, *found)


def outcome(store: Store, plan: Plan) -> Computed:
    """Return who gains and who loses by a plan; remembered per version of the layers."""
    return _compared(store, plan.question, None, plan)


def difference(store: Store, one: Plan, other: Plan) -> Computed:
    """Return who gains and who loses if the second plan is chosen instead of the first."""
    return _compared(store, one.question, one, other)


def _compared(store: Store, question: Question, one: Plan | None, other: Plan) -> Computed:
    inputs = inputs_of(store)
    key = (tuple(p.hash for p in inputs), question, _said(one), _said(other))
    standing = _standing(store, inputs, question)
    before = standing.meeting_places if one is None else one.after
    result = results.remembered(
        store, "what_if", key, lambda: standing.between(before, other.after), most=OUTCOMES
    )
    return Computed(result, inputs)


def sureness(store: Store, plan: Plan) -> Beside:
    """
    Simulate how sure the shares before and after are, and the difference between them.

    It takes longer than a change may, so a page asks for it when it stands already.
    """
    inputs = inputs_of(store)
    key = (tuple(p.hash for p in inputs), plan.question, _said(plan))

    def made() -> Beside:
        standing, question = _standing(store, inputs, plan.question), plan.question
        return lists_beside(
            standing.population,
            standing.homes,
            standing.streets.open_to(question.who_walks),
            question,
            lists_of(question, plan.before),
            lists_of(question, plan.after),
        )

    found: Beside = results.remembered(store, "sureness", key, made, most=OUTCOMES)
    return found


def _said(plan: Plan | None) -> bytes:
    """Return what a plan changes as bytes that stand for it."""
    told = [] if plan is None else [change.plain() for change in plan.changes]
    return orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)


def judged_by(plan: Plan, question: Question) -> Plan:
    """Return the same changes, judged by another question."""
    return replace(plan, question=question)


def cells(store: Store) -> Any:
    """Return the ids of all cells in which people live."""
    return shelf.table(store, "population").index


def walk_of(store: Store, plan: Plan, row: str) -> GeoDataFrame:
    """Draw the walk from one cell to its nearest place after the changes."""
    given = {name: results.prepared(store, name) for name in ("population", "streets")}
    draw = ANALYSES[COVERAGE].trace
    if draw is None:
        raise LookupError(COVERAGE)
    return draw(row, **given, meeting_places=plan.after, question=plan.question)


def inputs_of(store: Store) -> tuple[Provenance, ...]:
    """Return where everything comes from that a scenario is judged with."""
    present = set(store.names())
    names = (*NEEDED, DISTRICTS) if DISTRICTS in present else NEEDED
    return tuple(store.provenance(name) for name in names)


def _standing(store: Store, inputs: tuple[Provenance, ...], question: Question) -> Standing:
    def made() -> Standing:
        given = {p.layer: results.prepared(store, p.layer) for p in inputs}
        return Standing.of(**given, question=question)

    key = (tuple(p.hash for p in inputs), question)
    found: Standing = results.remembered(store, "standing", key, made, most=STANDINGS)
    return found


@lru_cache(maxsize=256)
def question_of(query: str) -> Question:
    """
    Return the question that is kept as query text; what is not known any more is left out.

    Raises
    ------
    ParameterError
        If a value does not fit, or the question is not about meeting places.
    """
    analysis = ANALYSES[COVERAGE]
    given, names = parse_qs(query, keep_blank_values=True), analysis.parameters
    known = {name: texts for name, texts in given.items() if name in names}
    question: Question = analysis.parse(known)["question"]
    if question.reach != PLACES:
        raise ParameterError([Text("scenarios are about meeting places; choose these")])
    return question


def query_of(question: Question) -> str:
    """Return a question as query text, to be kept."""
    return urlencode(ANALYSES[COVERAGE].write({"question": question}), doseq=True)


def is_nan(value: Any) -> bool:
    """Tell whether a number is not known."""
    return isinstance(value, float) and math.isnan(value)


def was_of(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is kept of a place beside a change to it: what it said, and where it stood."""
    if row is None:
        return None
    middle = row["geometry"].centroid
    return plain({name: row[name] for name in DESCRIBED} | {"x": middle.x, "y": middle.y})


def plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what JSON can carry: what is not a number becomes null."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY))
    return found


def undoable(store: Store, scenario: Scenario) -> bool:
    """Tell whether an adoption can be undone: nobody has changed the list since."""
    if scenario.adopted_version is None or PLACES not in store.names():
        return False
    history = store.history(PLACES)
    current = next(one for one in history if one.current)
    return current.version == scenario.adopted_version and len(history) > 1


def answer_then(scenario: Scenario) -> Text:
    """Return the headline of a scenario on the day it was adopted."""
    found = read_remarks(scenario.answer) if scenario.answer else ()
    return found[0] if found else Text("")


def is_new(place: str) -> bool:
    """Tell whether a place comes from a scenario."""
    return place.startswith(NEW)
