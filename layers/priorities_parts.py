"""The parts of each task's priority, from 0 to 1 by the rules of data/priorities.toml."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame, Series

from .audits import latest
from .facts import facts
from .paths import Floats
from .priorities import GRAVE, PARTS
from .schema import SEPARATOR
from .work_list import OPEN

_FACTS = facts("priorities")
BESIDE = float(_FACTS["found_near"]["metres"])
"""A finding or a stop of a night walk tells of a way that passes within this distance [m]."""
STRONGEST = 4
"""How strongly something is felt, at most."""
BEST = 3.0
"""Best rating of an item of a night walk."""
RATED: dict[str, tuple[str, ...]] = {name: tuple(_FACTS[name].get("rated", ())) for name in GRAVE}
"""Items of a night walk that tell of a factor."""
FULL, NONE = float(_FACTS["near"]["full"]), float(_FACTS["near"]["none"])
KINDS = {name: frozenset(_FACTS["near"][name]) for name in ("places", "buildings")}
"""Kinds of meeting place and of building where children or old people are."""


def parts(
    tasks: GeoDataFrame,
    *,
    findings: GeoDataFrame | None = None,
    audits: GeoDataFrame | None = None,
    hot: GeoDataFrame | None = None,
    sites: GeoDataFrame | None = None,
    people: Series | None = None,
) -> DataFrame:
    """
    Bring the parts of each task to a scale from 0 to 1.

    Parameters
    ----------
    tasks
        From `layers.work_list.tasks`: `factor`, `marks`, `voices` (these and all
        that agree), `strength_mean` (1 to 4, NaN where nobody said),
        `waiting_days`, `people_dark` (NaN is unknown), geometry [m].
    findings
        What the city itself has found: points [m] with `kind` and `factors`.
    audits
        Stops of night walks: points [m] with the rated items, `stop` and `walked_on`.
    hot
        Places [m] that tests call conspicuous.
    sites
        From `sites_for_children_and_old`; None or empty where none is in the data.
    people
        From `senders`: how many people the marks of each task came from; by
        default as many as marks.

    Returns
    -------
    parts
        Index as `tasks`, one column for each of `layers.priorities.PARTS`; NaN is unknown.
    """
    made = {
        "people_dark": _half("people_dark", tasks["people_dark"]),
        "severity": severity(tasks),
        "evidence": evidence(tasks, findings=findings, audits=audits, hot=hot, people=people),
        "repeated": _half("repeated", (tasks["voices"] - tasks["marks"]).clip(lower=0)),
        "waiting": _half("waiting", tasks["waiting_days"].clip(lower=0)),
        "near": near(tasks, sites),
    }
    return DataFrame(made, index=tasks.index, columns=list(PARTS), dtype=float)


def severity(tasks: GeoDataFrame) -> Floats:
    """Return the mean of how grave the factor is and how strongly it was said; (n,)."""
    grave = tasks["factor"].map(GRAVE).to_numpy(dtype=float)
    strong = _floats(tasks["strength_mean"]) / STRONGEST
    return _known_mean([grave, np.where(strong > 0, strong, np.nan)])


def evidence(
    tasks: GeoDataFrame,
    *,
    findings: GeoDataFrame | None = None,
    audits: GeoDataFrame | None = None,
    hot: GeoDataFrame | None = None,
    people: Series | None = None,
) -> Floats:
    """
    Return how sure each task is; (n,), the mean of what is known.

    Where the city has found nothing, nobody may have looked; and a test that
    finds nothing has perhaps too few marks: both are unknown, never 0.
    """
    return _known_mean(
        [
            _half("evidence", tasks["marks"] if people is None else people.reindex(tasks.index)),
            _found(tasks, findings),
            rated(tasks, audits),
            _inside(tasks, hot),
        ]
    )


def senders(members: DataFrame, marks: GeoDataFrame) -> Series:
    """
    Count how many people the open marks of each task came from.

    Marks from one device on one day are one voice, however many they are;
    where the sender is erased, each mark is one.

    Parameters
    ----------
    members
        From `layers.work_list.work_list`: `mark`, `task` and `status`.
    marks
        See `layers.credible.MARKS`.

    Returns
    -------
    people
        By id of the task; one without open marks is not in it.
    """
    current = members[members["status"] == OPEN]
    sender = marks["sender"].reindex(current["mark"]).to_numpy(dtype=object)
    one = np.where(sender == "", current["mark"].to_numpy(dtype=object), sender)
    return Series(one, index=current["task"].to_numpy()).groupby(level=0).nunique()


def near(tasks: GeoDataFrame, sites: GeoDataFrame | None) -> Floats:
    """Return 1 up to 100 m from the nearest site, 0 from 500 m on; (n,), NaN without sites."""
    if sites is None or sites.empty or tasks.empty:
        return np.full(len(tasks), np.nan)
    tree = shapely.STRtree(sites.geometry.to_numpy())
    lines = tasks.geometry.to_numpy()
    (row, _), distance = tree.query_nearest(lines, all_matches=False, return_distance=True)
    metres = np.full(len(tasks), np.nan)
    metres[row] = distance
    return np.clip((NONE - metres) / (NONE - FULL), 0.0, 1.0)


def sites_for_children_and_old(
    places: GeoDataFrame | None, buildings: GeoDataFrame | None
) -> GeoDataFrame | None:
    """
    Return playgrounds, schools, nurseries, youth and senior centres.

    Parameters
    ----------
    places, buildings
        Tables of the layers `meeting_places` and `buildings`, or None.

    Returns
    -------
    sites
        Rows of both; None if neither layer is there.
    """
    tables = {"places": places, "buildings": buildings}
    chosen = [
        table.loc[table["kind"].isin(KINDS[name]), ["kind", "geometry"]]
        for name, table in tables.items()
        if table is not None
    ]
    if not chosen:
        return None
    filled = [table for table in chosen if len(table)] or chosen[:1]
    return GeoDataFrame(pd.concat(filled, ignore_index=True), crs=filled[0].crs)


def _half(part: str, values: Series) -> Floats:
    known = _floats(values)
    return np.asarray(known / (known + PARTS[part].half))


def _floats(values: Series) -> Floats:
    return np.asarray(values.to_numpy(dtype=float, na_value=np.nan))


def _known_mean(columns: list[Floats]) -> Floats:
    stacked = np.vstack(columns)
    known = ~np.isnan(stacked)
    total, count = np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def _found(tasks: GeoDataFrame, findings: GeoDataFrame | None) -> Floats:
    """1 where the city has found the same reason; NaN elsewhere."""
    told = np.full(len(tasks), np.nan)
    if findings is None or findings.empty:
        return told
    unsafe = findings[findings["kind"] == "unsafe"]
    named = [set(text.split(SEPARATOR)) for text in unsafe["factors"]]
    for task, found in _beside(tasks, unsafe):
        if tasks["factor"].iloc[task] in named[found]:
            told[task] = 1.0
    return told


def _inside(tasks: GeoDataFrame, hot: GeoDataFrame | None) -> Floats:
    """1 where a task lies in a conspicuous place; NaN elsewhere."""
    told = np.full(len(tasks), np.nan)
    if hot is not None and len(hot):
        row, _ = shapely.STRtree(hot.geometry.to_numpy()).query(
            tasks.geometry.to_numpy(), predicate="intersects"
        )
        told[row] = 1.0
    return told


def rated(tasks: GeoDataFrame, audits: GeoDataFrame | None) -> Floats:
    """
    Return what the last night walk says of each task.

    Parameters
    ----------
    tasks, audits
        As in `parts`.

    Returns
    -------
    rated
        (n,) from 0 (good) to 1 (bad): the mean of the items that tell of the
        factor, at the stops beside the task; NaN where nobody has rated them.
    """
    told = np.full(len(tasks), np.nan)
    if audits is None or audits.empty:
        return told
    newest = latest(audits)
    stops: dict[int, list[int]] = {}
    for task, stop in _beside(tasks, newest):
        stops.setdefault(task, []).append(stop)
    for task, those in stops.items():
        items = [name for name in RATED.get(tasks["factor"].iloc[task], ()) if name in newest]
        here = newest.iloc[those][items].to_numpy(dtype=float)
        if np.any(~np.isnan(here)):
            told[task] = 1.0 - np.nanmean(here) / BEST
    return told


def _beside(tasks: GeoDataFrame, points: GeoDataFrame) -> list[tuple[int, int]]:
    """Return pairs of task and point that lie beside each other, by position."""
    tree = shapely.STRtree(points.geometry.to_numpy())
    found = tree.query(tasks.geometry.to_numpy(), predicate="dwithin", distance=BESIDE)
    return [(int(task), int(point)) for task, point in found.T]
