"""Where a night walk might stop: places that marks, darkness or missing answers speak for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers import LAYERS, Text
from layers.darkness import SPOTS
from layers.factors import FACTORS
from layers.schema import SEPARATOR
from layers.work_list import OPEN

from . import night_walks, shelf, whereabouts
from .languages import say
from .store import Stop, Store
from .store.provenance import write_remarks

PINS = LAYERS["pins"].name
MOST = 8
"""So many places of one kind are suggested."""
MOST_OF_ALL = 16
"""So many are suggested in all."""
APART = 60.0
"""Suggestions nearer to each other, or to a stop, than this are one [m]."""
DARK_METRES = 80.0
"""An unlit way shorter than this is not suggested [m]; an assumption, as are the worths."""


@dataclass(frozen=True)
class Hint:
    """
    A place that a walk might pass.

    Parameters
    ----------
    key
        Tells it from others on the page: where it is.
    x, y
        Where [m].
    name
        What it is called.
    why
        Why it is suggested.
    worth
        What it is worth if not all of them fit, from 0 to 1.
    """

    key: str
    x: float
    y: float
    name: str
    why: Text
    worth: float

    def stop(self) -> Stop:
        """Return the stop it would be."""
        return Stop(self.x, self.y, self.name, write_remarks((self.why,)))


def hints(
    store: Store,
    settings: Mapping[str, Any],
    stops: tuple[Stop, ...],
    *,
    tasks: GeoDataFrame | None = None,
    silent: GeoDataFrame | None = None,
) -> list[Hint]:
    """
    Suggest places within reach of the start that are no stops yet, the most worth first.

    Parameters
    ----------
    store
        The city's data.
    settings
        Of the walk; without a start nothing is suggested.
    stops
        The stops so far.
    tasks
        Open tasks of the work list with their `points` of a hundred (-1 for none), for those
        who may see them.
    silent
        Areas from which hardly anybody writes, as the analysis of silent areas ranks them.
    """
    start = settings["start"]
    if start is None:
        return []
    around = shapely.Point(start["x"], start["y"])
    radius = float(settings["limit"]) / (2 if settings["end"] is None else 1)
    found = [*_marked(store, around, radius), *_dark(store, settings, around, radius)]
    if tasks is not None:
        found += _asked_for(tasks, around, radius)
    if silent is not None:
        found += _silent(store, settings, silent, around, radius)
    found.sort(key=lambda one: -one.worth)
    taken = [(one.x, one.y) for one in stops]
    kept: list[Hint] = []
    for one in found:
        if len(kept) < MOST_OF_ALL and all(
            np.hypot(one.x - x, one.y - y) >= APART for x, y in taken
        ):
            kept.append(replace(one, name=say(whereabouts.words(store, one.x, one.y))))
            taken.append((one.x, one.y))
    return kept


def _marked(store: Store, around: Any, radius: float) -> Iterator[Hint]:
    """Suggest published unsafe spots; they stand for several people each."""
    if PINS not in store.names():
        return
    pins = shelf.table(store, PINS)
    fine = (pins["kind"] == "unsafe") & pins["unit"].isin([*SPOTS["units"], "finding"])
    near = pins[fine & (pins.geometry.distance(around) <= radius)]
    near = near.sort_values("marks", ascending=False, kind="stable").head(MOST)
    most = max(1, int(near["marks"].max())) if len(near) else 1
    for row in near.to_dict("records"):
        why = Text("marked as unsafe ({reasons})", reasons=_reasons(row["factors"]))
        yield _hint(row["geometry"], why, 0.5 + 0.5 * row["marks"] / most)


def _asked_for(tasks: GeoDataFrame, around: Any, radius: float) -> Iterator[Hint]:
    """Suggest where something is to be put right; never tasks that name behaviour."""
    plain = tasks[(tasks["state"] == OPEN) & ~tasks["sensitive"]]
    near = plain[plain.geometry.distance(around) <= radius]
    near = near.sort_values("points", ascending=False, kind="stable").head(MOST)
    for row in near.to_dict("records"):
        why = Text("on the work list: {factor}", factor=FACTORS[row["factor"]].label)
        yield _hint(row["geometry"], why, 0.4 + 0.6 * max(row["points"], 0) / 100)


def _silent(
    store: Store, settings: Mapping[str, Any], silent: GeoDataFrame, around: Any, radius: float
) -> Iterator[Hint]:
    """Suggest the way nearest to the middle of areas that nobody knows enough of."""
    ranked = silent[silent["rank"] > 0].sort_values("rank", kind="stable")
    near = ranked[ranked.geometry.distance(around) <= radius].head(MOST)
    if near.empty:
        return
    streets, _ = night_walks.ground(store, settings["walker"])
    for number, shape in enumerate(near.geometry):
        spot = shapely.point_on_surface(shape)
        way = streets.lines[streets.tree.nearest(spot)]
        there = shapely.line_interpolate_point(way, shapely.line_locate_point(way, spot))
        why = Text("hardly anybody writes from around here: nothing is known")
        yield _hint(there, why, 0.8 - 0.05 * number)


def _reasons(factors: str) -> Any:
    named = tuple(FACTORS[name].label for name in factors.split(SEPARATOR) if name in FACTORS)
    return named or Text("various reasons")


def _dark(store: Store, settings: Mapping[str, Any], around: Any, radius: float) -> Iterator[Hint]:
    """Suggest long ways that are known to be unlit, each street once."""
    streets, light = night_walks.ground(store, settings["walker"])
    edges = streets.tree.query(around.buffer(radius), predicate="contains")
    edges = edges[(light.least[edges] >= 1) & (streets.metres[edges] >= DARK_METRES)]
    table = GeoDataFrame(
        {"street": streets.street_id[edges], "name": streets.name[edges]},
        geometry=streets.lines[edges],
        crs=streets.crs,
    ).assign(metres=streets.metres[edges])
    longest = table.sort_values("metres", ascending=False, kind="stable")
    named = longest["name"].where(longest["name"] != "", longest["street"].astype(str))
    for row in longest[~named.duplicated()].head(MOST).to_dict("records"):
        why = Text("{metres} m without light", metres=round(row["metres"] / 10) * 10)
        yield _hint(row["geometry"], why, min(0.5, row["metres"] / 1000))


def _hint(shape: Any, why: Text, worth: float) -> Hint:
    x, y = shapely.get_coordinates(_middle(shape))[0].tolist()
    return Hint(f"{x:.0f} {y:.0f}", round(x, 2), round(y, 2), "", why, worth)


def _middle(shape: Any) -> Any:
    """Return a point of a shape: the middle of a line, else one that lies in it."""
    if shapely.get_dimensions(shape) == 1:
        return shapely.line_interpolate_point(shape, 0.5, normalized=True)
    return shapely.point_on_surface(shape)
