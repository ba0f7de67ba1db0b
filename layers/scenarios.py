"""What-if: changes to the list of meeting places, checked as a whole and applied in order."""
# ruff: noqa: PD011 (the values of a change, not of a table)

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .errors import ParameterError
from .opening_hours import hours
from .schema import YES_NO_UNKNOWN
from .sources.meeting_places import KINDS, LAYER
from .text import Text

ACTIONS: dict[str, Text] = {
    "add": Text("new place"),
    "move": Text("moved"),
    "close": Text("closed"),
    "reopen": Text("open again"),
    "set": Text("changed"),
}
"""What can be done to a place, as it stands in a list of changes."""

NEW = "new-"
"""Ids of places that a scenario adds begin with this."""

DIGITS = 9
"""Ids with more digits are not ours: some registers number so."""

LONGEST = 500
"""So many characters a text may have."""


@dataclass(frozen=True)
class Change:
    """
    One thing done to one meeting place.

    Parameters
    ----------
    action
        One of `ACTIONS`.
    place
        Id of the place; a new one brings its own (see `new_id`).
    x, y
        Where it is put, in the CRS of the layer [m]; for "add" and "move". An
        area is moved so that its centre of gravity comes to lie there.
    values
        What is said about it, of `JUDGES`; for "add" and "set".
    """

    action: str
    place: str
    x: float = math.nan
    y: float = math.nan
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def plain(self) -> dict[str, Any]:
        """Return it as a dictionary of text and numbers that JSON can carry."""
        told: dict[str, Any] = {"action": self.action, "place": self.place}
        if not (math.isnan(self.x) and math.isnan(self.y)):
            told |= {"x": self.x, "y": self.y}
        values = {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in self.values.items()
        }
        return told | ({"values": values} if values else {})

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """
        Make a change from what `plain` gave; its sense is judged by `check`.

        Raises
        ------
        ParameterError
            If it does not have the form of a change.
        """
        values, texts = told.get("values", {}), (told.get("action"), told.get("place"))
        form = (
            set(told) <= {"action", "place", "x", "y", "values"}
            and all(isinstance(text, str) for text in texts)
            and all(_is_number(told.get(axis, 0.0)) for axis in "xy")
            and isinstance(values, Mapping)
            and all(v is None or isinstance(v, str) or _is_number(v) for v in values.values())
        )
        if not form:
            raise ParameterError([Text("this is not a change to a meeting place")])
        x, y = (float(told.get(axis, math.nan)) for axis in "xy")
        known = {name: math.nan if value is None else value for name, value in values.items()}
        return cls(str(texts[0]), str(texts[1]), x, y, known)


def new_id(changes: Iterable[Change], meeting_places: GeoDataFrame) -> str:
    """Return an id for one more place; it is never given twice while the changes are kept."""
    taken = {c.place for c in changes} | set(meeting_places.index)
    numbers = [int(i.removeprefix(NEW)) for i in taken if _numbered(i)]
    return f"{NEW}{max(numbers, default=0) + 1}"


def check(
    changes: Sequence[Change], meeting_places: GeoDataFrame, area: shapely.Geometry | None = None
) -> list[Text]:
    """
    Find everything that is wrong with changes, in their order.

    Parameters
    ----------
    changes
        What is to be done, the first one first.
    meeting_places
        Table of the layer they start from.
    area
        The city, in the same CRS; nothing may be put outside. `None` allows every place.

    Returns
    -------
    faults
        One sentence each, with the number of the change; empty if all is well.
    """
    if area is not None:
        shapely.prepare(area)
    ids = meeting_places.index.to_numpy()
    states = dict.fromkeys(ids, "open")
    names = dict(zip(ids, meeting_places["name"].to_numpy(), strict=True))
    faults = []
    for number, change in enumerate(changes, start=1):
        name = str(change.values.get("name") or names.get(change.place) or change.place)
        names[change.place] = name
        faults += [
            Text("Change {number} ({place}): {fault}", number=number, place=name, fault=fault)
            for fault in (
                *_of_state(change, states),
                *_of_position(change, area),
                *_of_values(change),
            )
        ]
    return faults


def apply(changes: Sequence[Change], meeting_places: GeoDataFrame) -> GeoDataFrame:
    """
    Return the meeting places as they would be after all changes.

    Parameters
    ----------
    changes
        What is done, the first one first.
    meeting_places
        (n,) table of the layer; it is not changed.

    Returns
    -------
    changed
        The places that are open then, in their order, with the new ones
        behind them; columns, types and CRS as before.

    Raises
    ------
    ParameterError
        Lists everything that `check` finds.
    """
    faults = check(changes, meeting_places)
    if faults:
        raise ParameterError(faults)
    table = _with_new(changes, meeting_places)
    row = {place: number for number, place in enumerate(table.index.to_numpy())}
    shapes = np.array(table.geometry.array, dtype=object)
    kept = np.ones(len(table), dtype=bool)
    edits: dict[str, dict[int, Any]] = {}
    for change in changes:
        at = row[change.place]
        if change.action in {"close", "reopen"}:
            kept[at] = change.action == "reopen"
        elif change.action == "add":
            shapes[at] = shapely.Point(change.x, change.y)
        elif change.action == "move":
            shapes[at] = _moved(shapes[at], change.x, change.y)
        for name, value in change.values.items():
            edits.setdefault(name, {})[at] = value
    columns = {name: _edited(table[name], of) for name, of in edits.items()}
    changed = table.assign(**columns).set_geometry(
        GeoDataFrame(geometry=shapes, index=table.index, crs=table.crs).geometry
    )
    return changed[kept]


def _with_new(changes: Sequence[Change], meeting_places: GeoDataFrame) -> GeoDataFrame:
    """Append one row per new place, with nothing known but where it is and its kind."""
    new = [change for change in changes if change.action == "add"]
    if not new:
        return meeting_places
    blank = _blank(str(meeting_places.crs))[meeting_places.columns]
    rows = blank.iloc[np.zeros(len(new), dtype=np.intp)]
    table = pd.concat([meeting_places, rows]) if len(meeting_places) else rows
    table.index = pd.Index(
        [*meeting_places.index.to_numpy(), *(change.place for change in new)],
        name="id",
        dtype="str",
    )
    return table


@lru_cache(maxsize=4)
def _blank(crs: str) -> GeoDataFrame:
    """Return one place of which nothing is known; made once, because it takes its time."""
    kind = next(iter(KINDS))
    return LAYER.complete(GeoDataFrame({"kind": [kind]}, geometry=[shapely.Point()], crs=crs))


def _edited(column: pd.Series[Any], of: Mapping[int, Any]) -> Any:
    values = column.array.copy()
    values[np.array(list(of), dtype=np.intp)] = list(of.values())
    return values


def _moved(shape: shapely.Geometry, x: float, y: float) -> shapely.Geometry:
    if shape is None or shape.geom_type == "Point":
        return shapely.Point(x, y)
    middle = shapely.centroid(shape)
    return shapely.transform(shape, lambda xy: xy + np.array([x - middle.x, y - middle.y]))


def _of_state(change: Change, states: dict[str, str]) -> Iterable[Text]:
    """Find what does not fit what came before, and take note of the change."""
    place, state = change.place, states.get(change.place)
    if change.action not in ACTIONS:
        yield Text(
            "“{action}” is not a change; there are {known}",
            action=change.action,
            known=tuple(ACTIONS),
        )
    elif change.action == "add":
        if not place:
            yield Text("a new place needs an id")
        elif state is not None:
            yield Text("there is a place with the id “{place}” already", place=place)
        states.setdefault(place, "open")
    elif state is None:
        yield Text("there is no place with the id “{place}”", place=place)
    elif change.action == "reopen":
        if state == "open":
            yield Text("it is not closed")
        states[place] = "open"
    elif state == "closed":
        told = Text("it is closed already")
        yield told if change.action == "close" else Text("it is closed; open it again first")
    elif change.action == "close":
        states[place] = "closed"


def _of_position(change: Change, area: shapely.Geometry | None) -> Iterable[Text]:
    if change.action not in {"add", "move"}:
        return
    if not (math.isfinite(change.x) and math.isfinite(change.y)):
        yield Text("it has no position: choose one on the map or give both coordinates")
    elif area is not None and not shapely.intersects_xy(area, change.x, change.y):
        yield Text("this position lies outside the city")


def _of_values(change: Change) -> Iterable[Text]:
    if change.action == "add" and not change.values.get("kind"):
        yield Text("say what kind of place it is")
    if change.action == "set" and not change.values:
        yield Text("nothing is said about it")
    if change.action not in {"add", "set"} and change.values:
        yield Text("only a new or a changed place can be described")
    for name, value in change.values.items():
        if name not in JUDGES:
            yield Text(
                "“{name}” cannot be changed; what can be: {known}", name=name, known=tuple(JUDGES)
            )
        else:
            yield from JUDGES[name](value)


def _text(value: Any) -> Iterable[Text]:
    if not isinstance(value, str) or len(value) > LONGEST:
        yield Text("a text may have {longest} characters", longest=LONGEST)


def _hours(value: Any) -> Iterable[Text]:
    yield from _text(value)
    if isinstance(value, str) and len(value) <= LONGEST and not hours(value).readable:
        yield Text(
            "the opening hours “{text}” cannot be read; write them like Mo-Fr 10:00-18:00",
            text=value,
        )


def _capacity(value: Any) -> Iterable[Text]:
    # NaN says that it is not known
    if not _is_number(value) or value < 0 or math.isinf(value):
        yield Text("for how many people it is must be a number from 0 on, not “{text}”", text=value)


def _among(options: Mapping[str, Text]) -> Callable[[Any], Iterable[Text]]:
    def judge(value: Any) -> Iterable[Text]:
        if value not in options:
            yield Text(
                "“{text}” is not among {options}", text=value, options=tuple(options.values())
            )

    return judge


JUDGES: dict[str, Callable[[Any], Iterable[Text]]] = {
    "name": _text,
    "kind": _among(KINDS),
    "opening_hours": _hours,
    "step_free": _among(YES_NO_UNKNOWN),
    "fee": _among(YES_NO_UNKNOWN),
    "capacity": _capacity,
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbered(place: str) -> bool:
    number = place.removeprefix(NEW)
    return place.startswith(NEW) and number.isdecimal() and len(number) < DIGITS
