"""
What citizens' marks give offices to do: one task per reason and place.

Every reason that a credible mark names is in exactly one task. A task is a
reason along a part of a street, or in a square of 100 m where no street is
near; behaviour is always told by its square. Nothing here is an estimate, so
it works from the first mark on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from .factors import FACTORS, OFFICES
from .marks import DAYTIMES
from .schema import SEPARATOR, Column
from .street_parts import Parts
from .text import Text

OPEN, DONE, LAPSED = "open", "done", "lapsed"
STATES: dict[str, Text] = {
    OPEN: Text("open"),
    DONE: Text("put right"),
    LAPSED: Text("run out without being put right"),
}
"""How a task stands; it is open as long as one of its marks is."""
WHEN: dict[str, Text] = {
    "day": Text("by day"),
    "dark": Text("after dark"),
    "both": Text("by day and after dark"),
    "": Text("not said"),
}
"""When it matters: what all or most of those say who say it; dusk is dark."""
MOSTLY = 2 / 3
"""From this share of those who say when, a task is one of the day or of the dark (assumption)."""
UNITS: dict[str, Text] = {
    "street": Text("part of a street"),
    "square": Text("square of 100 m"),
}

COLUMNS: tuple[Column, ...] = (
    Column(
        "factor",
        str,
        Text("what is to be put right"),
        options={name: factor.label for name, factor in FACTORS.items()},
    ),
    Column(
        "office",
        str,
        Text("who can do something about it"),
        options={name: office.label for name, office in OFFICES.items()},
    ),
    Column("state", str, Text("how it stands"), options=STATES),
    Column("place", str, Text("name of the street")),
    Column("between", str, Text("between these streets")),
    Column("district", str, Text("name of the district")),
    Column("unit", str, Text("how exactly the place is told"), options=UNITS),
    Column("marks", int, Text("marks that make it what it is")),
    Column("voices", int, Text("people who say so: marks, marks joined with them, and “me too”")),
    Column("earlier", int, Text("further marks here that were put right or have run out")),
    Column("first_on", date, Text("day on which the first of its marks was sent")),
    Column("last_on", date, Text("day on which the last of its marks was sent")),
    Column("waiting_days", float, Text("how long it has been open"), "days"),
    Column("when", str, Text("when it matters"), options=WHEN),
    Column("night_share", float, Text("share of dusk and dark among marks that say when"), "%"),
    Column("daytimes", str, Text("times of day that are named"), options=DAYTIMES, many=True),
    Column("strength_mean", float, Text("how strongly it is felt, from 1 to 4, on average")),
    Column("sensitive", bool, Text("names behaviour and needs caution")),
    Column(
        "people_dark",
        float,
        Text("people at least who lose their place after dark if this way alone is dark"),
        "people",
    ),
)
"""Columns of the table of tasks."""


READ = ("received_on", "merged", "daytime", "strength")
"""Columns of marks that a task is told from."""


@dataclass(frozen=True)
class WorkList:
    """
    Tasks, and which mark is in which.

    Parameters
    ----------
    tasks
        One row per task by its id, see `COLUMNS`; lines [m] along streets, or squares.
    members
        One row per mark and reason: `mark`, `factor`, `task` (its id) and `status` (a key
        of `STATES`). As secret as the marks.
    """

    tasks: GeoDataFrame
    members: DataFrame


def tasks(
    marks: GeoDataFrame,
    streets: GeoDataFrame,
    *,
    at: date,
    districts: GeoDataFrame | None = None,
    dark: DataFrame | None = None,
) -> GeoDataFrame:
    """Return the tasks alone; takes what `work_list` takes."""
    return work_list(marks, streets, at=at, districts=districts, dark=dark).tasks


def work_list(
    marks: GeoDataFrame,
    streets: GeoDataFrame,
    *,
    at: date,
    districts: GeoDataFrame | None = None,
    dark: DataFrame | None = None,
) -> WorkList:
    """
    Turn credible marks into tasks.

    Parameters
    ----------
    marks
        The table `credible.MARKS`, exact points [m]. Marks at ease are no tasks.
    streets, districts
        The city's layers [m].
    at
        Today.
    dark
        Rows of the analysis `criticality` by id of the street, with `people_lost`; ways
        that are not in it are lit. None if it is not known yet, or cannot be.
    """
    unsafe = marks[marks["kind"] == "unsafe"].sort_index(kind="stable")
    unsafe = unsafe.sort_values("received_on", kind="stable")
    parts = Parts.of(unsafe.geometry.to_numpy(), streets, districts)
    named = _named(unsafe, parts)
    columns = {name: unsafe[name].to_numpy() for name in READ}
    lost = None if dark is None else dark["people_lost"].fillna(0.0).to_dict()
    pairs = {str(name): named[name].to_numpy() for name in named}
    told = [
        _task(str(task), {name: values[rows] for name, values in pairs.items()}, columns, parts,
              at, lost)
        for task, rows in sorted(named.groupby("task").indices.items())
    ]  # fmt: skip
    table = DataFrame(told, columns=["id", *(c.name for c in COLUMNS), "geometry"])
    table["voices"] += _me_too(named, unsafe).reindex(table["id"], fill_value=0).to_numpy()
    found = GeoDataFrame(table.set_index("id"), geometry="geometry", crs=marks.crs)
    return WorkList(_typed(found), named[["mark", "factor", "task", "status"]])


def status_of(state: str, factor: str, mended: tuple[str, ...]) -> str:
    """
    Return how one reason of one mark stands.

    Parameters
    ----------
    state
        State of the mark: "published", "resolved" or "expired".
    factor, mended
        The reason, and the reasons of this mark that are put right.
    """
    if state == "resolved" or factor in mended:
        return DONE
    return LAPSED if state == "expired" else OPEN


def _named(marks: GeoDataFrame, parts: Parts) -> DataFrame:
    """List every reason of every mark with its task, the oldest mark first."""
    rows = [
        (number, id_, factor, status_of(state, factor, tuple(mended.split(SEPARATOR))))
        for number, (id_, factors, state, mended) in enumerate(
            zip(marks.index, marks["factors"], marks["state"], marks["mended"], strict=True)
        )
        for factor in factors.split(SEPARATOR)
        if factor in FACTORS
    ]
    found = DataFrame(rows, columns=["position", "mark", "factor", "status"])
    found["task"] = ""
    found["square"] = False
    for factor, group in found.groupby("factor"):
        member = group["position"].to_numpy()
        square = np.full(len(member), FACTORS[str(factor)].sensitive) | (parts.segment[member] < 0)
        keys = parts.bundles(member, coarse=square)
        found.loc[group.index, "task"] = [_id(str(factor), str(key)) for key in keys]
        found.loc[group.index, "square"] = square
    # a task stands as the most open of its marks
    rank = found["status"].map({state: place for place, state in enumerate(STATES)})
    return found.assign(current=rank == rank.groupby(found["task"]).transform("min"))


def _id(factor: str, place: str) -> str:
    return hashlib.sha256(f"{factor} {place}".encode()).hexdigest()[:12]


def _task(
    task: str,
    rows: Mapping[str, Any],
    marks: Mapping[str, Any],
    parts: Parts,
    at: date,
    lost: Mapping[Any, float] | None,
) -> dict[str, Any]:
    """Tell one task; `voices` without “me too”."""
    every, is_current = rows["position"], rows["current"]
    factor, square = FACTORS[rows["factor"][0]], bool(rows["square"][0])
    state = rows["status"][is_current][0]
    here = {name: values[every[is_current]] for name, values in marks.items()}
    name = parts.name(every, square=square)
    shape = parts.shape(every, square=square)
    count, first = int(is_current.sum()), min(here["received_on"])
    open_for = float((at - date.fromisoformat(first)).days) if state == OPEN else np.nan
    return {
        "id": task,
        "factor": factor.name,
        "office": factor.office,
        "state": state,
        "place": name,
        "between": "" if square else " – ".join(parts.crossing(shape, name)),
        "district": str(parts.district[every[0]]),
        "unit": "square" if square else "street",
        "marks": count,
        "voices": count + int(here["merged"].sum()),
        "earlier": len(every) - count,
        "first_on": first,
        "last_on": max(here["received_on"]),
        "waiting_days": open_for,
        **_times(here["daytime"].tolist()),
        "strength_mean": _mean(here["strength"].astype(float)),
        "sensitive": factor.sensitive,
        "people_dark": _people(parts.streets_of(every), lost),
        "geometry": shape,
    }


def _times(named: list[str]) -> dict[str, Any]:
    said = [time for time in named if time]
    share = sum(time != "day" for time in said) / len(said) if said else np.nan
    when = "both" if said else ""
    if share >= MOSTLY:
        when = "dark"
    elif share <= 1 - MOSTLY:
        when = "day"
    times = SEPARATOR.join(time for time in DAYTIMES if time in said)
    return {"when": when, "night_share": 100 * share, "daytimes": times}


def _mean(strengths: Any) -> float:
    said = strengths[strengths > 0]
    return float(said.mean()) if len(said) else np.nan


def _people(streets: list[str], lost: Mapping[Any, float] | None) -> float:
    """Return a lower bound: the same people may lose their place by several parts."""
    if lost is None or not streets:
        return np.nan
    return float(max(lost.get(street, 0.0) for street in streets))


def _me_too(named: DataFrame, marks: GeoDataFrame) -> pd.Series[int]:
    """
    Count each “me too” once for each reason: for the task with most marks of its public row.

    All marks of a row share its “me too”; nobody knows for which of them it was said.
    """
    current = named[named["current"]]
    told = current.assign(
        pin=marks["pin"].to_numpy()[current["position"]],
        voices=marks["voices"].to_numpy()[current["position"]],
    )
    told = told[(told["pin"] != "") & (told["voices"] > 0)]
    found: dict[str, int] = {}
    for _, group in told.groupby(["factor", "pin"]):
        task, voices = _most(group)
        found[task] = found.get(task, 0) + voices
    return pd.Series(found, dtype="int64")


def _most(group: DataFrame) -> tuple[str, int]:
    counts = group["task"].value_counts()
    task = min(str(task) for task in counts.index[counts == counts.max()])
    return task, int(group["voices"].max())


def _typed(table: GeoDataFrame) -> GeoDataFrame:
    """Return a table whose columns have their kinds even without rows."""
    kinds = {str: "str", date: "str", int: "int64", float: "float64", bool: "bool"}
    return table.astype({c.name: kinds[c.kind] for c in COLUMNS})
