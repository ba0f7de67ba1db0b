"""Tasks of the work list in the order of their priority, with everything that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame

from layers import ANALYSES, LAYERS, MissingLayerError, Text
from layers.priorities import (
    DRAWS,
    LEFT_OUT,
    PARTS,
    PRESETS,
    UNKNOWN,
    Ranks,
    Stability,
    as_weights,
    points,
    ranks,
    reach,
    score,
    stability,
)
from layers.priorities_parts import parts, senders, sites_for_children_and_old
from layers.priorities_told import why
from layers.work_list import OPEN

from . import office_work, results, shelf
from .office_work import AfterDark, Work
from .results import Computed
from .store import MarkStore, Store, Theme
from .store.credible import NAME, origin_of_marks
from .store.weighings import Weighing

READ = ("streets", "districts", "meeting_places", "buildings", "audits")
"""Layers that a ranking is made of, besides the marks."""
HOT_SPOTS, STABLE = "hot_spots", "stable"
SEED = 2026
"""Weights are shaken in the same way for everybody who looks."""
USUAL = next(iter(PRESETS.values()))


@dataclass(frozen=True)
class Chosen:
    """
    How tasks are ranked.

    Parameters
    ----------
    weights
        Weight of each part, by its name.
    unknown
        What unknown parts count as.
    preset
        Name of the set of weights these are, or "".
    """

    weights: Mapping[str, float]
    unknown: str = LEFT_OUT
    preset: str = ""


@dataclass(frozen=True, eq=False)
class Ranking:
    """
    Open tasks and the parts of their priority.

    Parameters
    ----------
    tasks
        (n,) as `layers.work_list.tasks` returns them.
    parts
        (n, k) from 0 to 1, NaN is unknown.
    dark
        What is known of people after dark, and why not more.
    """

    tasks: GeoDataFrame
    parts: DataFrame
    dark: AfterDark = AfterDark(None)

    @property
    def never(self) -> Any:
        """(k,) whether a part is unknown of every task, so that it says nothing."""
        return np.isnan(self.matrix).all(axis=0) if len(self.parts) else np.zeros(len(PARTS), bool)

    @property
    def matrix(self) -> Any:
        """The parts as numbers alone."""
        return self.parts.to_numpy(dtype=float)


@dataclass(frozen=True, eq=False)
class Order:
    """
    Tasks in their order under some weights.

    Parameters
    ----------
    ranking, chosen
        What was ranked, and how.
    rows
        Positions of the tasks, the first one first; those without a rank last.
    points
        (n,) points of a hundred, -1 where there are none.
    ranks, reach
        (n,) rank with ties, and between which ranks it lies whatever is unknown.
    stability
        (n,) what becomes of the ranks under shaken weights.
    """

    ranking: Ranking
    chosen: Chosen
    rows: tuple[int, ...]
    points: Any
    ranks: Ranks
    reach: Ranks
    stability: Stability

    @cached_property
    def why(self) -> Sequence[Text]:
        """One sentence for each task; made when it is asked for, as thousands take a while."""
        weights = as_weights(self.chosen.weights)
        return why(self.ranking.matrix, weights, unknown=self.chosen.unknown)


def ranking(store: Store, marks: MarkStore, *, task_days: int, at: datetime) -> Ranking:
    """
    Return the open tasks of a city and the parts of their priority.

    Made anew as soon as anything it is made of is something else.

    Parameters
    ----------
    store, marks
        The city's data.
    task_days
        Days after which an open task is overdue.
    at
        Now.

    Raises
    ------
    MissingLayerError
        If there are no streets to put tasks at.
    """
    work = office_work.work(store, marks, task_days=task_days, at=at)
    findings, hot = marks.findings(), _conspicuous(store)
    places = None if hot is None else hot.result.table
    there = set(store.names())
    versions = (store.provenance(name).hash for name in READ if name in there)
    made_of = (origin_of_marks(store, at=at).hash, *versions, findings.to_json())
    tested = () if hot is None else tuple(origin.hash for origin in hot.inputs)
    key = (NAME, made_of, work.dark.versions, tested)
    return cast(
        "Ranking",
        results.remembered(
            store, "ranking", key, lambda: _made(store, marks, work, findings, places, at), most=1
        ),
    )


def _made(
    store: Store,
    marks: MarkStore,
    work: Work,
    findings: GeoDataFrame,
    hot: GeoDataFrame | None,
    at: datetime,
) -> Ranking:
    tasks = work.tasks[work.tasks["state"] == OPEN]
    found = parts(
        tasks,
        findings=findings,
        audits=_layer(store, "audits"),
        hot=hot[hot["hot"] == STABLE] if hot is not None else None,
        people=senders(work.members, marks.credible(at=at)),
        sites=sites_for_children_and_old(
            _layer(store, "meeting_places"), _layer(store, "buildings")
        ),
    )
    return Ranking(tasks, found, work.dark)


def _conspicuous(store: Store) -> Computed | None:
    """Return what the usual question about conspicuous places has found, if it is remembered."""
    analysis = ANALYSES[HOT_SPOTS]
    try:
        return results.ready(store, analysis, analysis.parse({}))
    except MissingLayerError:
        return None


def of_theme(whole: Ranking, theme: Theme) -> Ranking:
    """Return the part of a ranking that is about the factors of a theme."""
    return only(whole, whole.tasks["factor"].isin(theme.factors).to_numpy())


def only(whole: Ranking, wanted: Any) -> Ranking:
    """Return some of the tasks; `wanted` is (n,) true for those that stay."""
    return replace(whole, tasks=whole.tasks[wanted], parts=whole.parts[wanted])


def order(whole: Ranking, chosen: Chosen, *, draws: int = DRAWS) -> Order:
    """
    Rank tasks.

    Parameters
    ----------
    whole
        The tasks.
    chosen
        Weights, and what unknown counts as.
    draws
        How often weights are shaken.

    Raises
    ------
    ParameterError
        If the weights cannot be.
    """
    weights, matrix = as_weights(chosen.weights), whole.matrix
    scored = points(score(matrix, weights, unknown=chosen.unknown))
    return Order(
        ranking=whole,
        chosen=chosen,
        rows=tuple(np.argsort(-scored, kind="stable").tolist()),
        points=scored,
        ranks=ranks(scored),
        reach=reach(matrix, np.where(whole.never, 0.0, weights)),
        stability=stability(matrix, weights, unknown=chosen.unknown, draws=draws, seed=SEED),
    )


def chosen_of(asked: Mapping[str, str], own: Weighing | None) -> Chosen:
    """
    Return how an address asks tasks to be ranked.

    Parameters
    ----------
    asked
        A weight by the name of each part, `unknown`, or `preset`.
    own
        What the office has chosen, or None.

    Raises
    ------
    ParameterError
        If a weight is no number; lists every fault.
    """
    unknown = UNKNOWN.read([asked.get("unknown", own.unknown if own else LEFT_OUT)])
    named = {name: _number(asked[name]) for name in PARTS if asked.get(name, "").strip()}
    if named:
        weights = {name: named.get(name, 0.0) for name in PARTS}
        as_weights(weights)
        return Chosen(weights, unknown, _preset(weights))
    if asked.get("preset", "") in PRESETS:
        name = asked["preset"]
        return Chosen(PRESETS[name].weights, unknown, name)
    weights = dict(own.weights if own else USUAL.weights)
    return Chosen(weights, unknown, _preset(weights))


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return float("nan")


def _preset(weights: Mapping[str, float]) -> str:
    """Return the name of the preset whose weights stand in the same ratio, or ""."""
    total = sum(weights.values())
    for name, preset in PRESETS.items():
        whole = sum(preset.weights.values())
        shares = (abs(weights[p] / total - preset.weights[p] / whole) for p in PARTS)
        if all(apart < 1e-9 for apart in shares):
            return name
    return ""


def _layer(store: Store, name: str) -> GeoDataFrame | None:
    return shelf.table(store, name) if name in LAYERS and name in store.names() else None
