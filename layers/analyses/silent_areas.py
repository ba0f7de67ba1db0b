"""Silent areas: where few marks mean that little is known, and where to ask or walk next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ..hot_spots import coded
from ..hot_spots_columns import named_squares
from ..hot_spots_exposure import Residents
from ..network import Network
from ..parameters import Bounds, Choice, Named
from ..paths import Ints
from ..registry import Analysis, Result
from ..reporting_rate import Rate, from_duplicates, heard, rates
from ..silent_areas_told import (
    COLUMNS,
    Areas,
    answer_of,
    figures_of,
    notes_on,
    style_of,
    table_of,
)
from ..tessellation import Tessellation, corners_of, squares
from ..text import Text
from .hot_spots import ROLES

UNIT = {"cell": Text("squares of 400 m"), "district": Text("districts")}
SIDE = 400.0
"""Side of a square [m]: large enough that some residents write in most of them."""


@dataclass(frozen=True)
class Silence:
    """
    Which areas are looked at, and since when.

    Parameters
    ----------
    unit
        Squares or districts.
    months
        How far back marks count, from the newest one.
    """

    unit: Annotated[str, Choice(UNIT), Named(Text("Areas"))] = "cell"
    months: Annotated[
        float,
        Bounds(1, 60, "months", 1),
        Named(Text("Marks of the last"), Text("Counted back from the newest mark.")),
    ] = 24

    def sentence(self) -> Text:
        """Return the question in words."""
        months = Text("{count} {count:month|months}", count=int(self.months))
        return Text(
            "Of which {unit} do we know too little, by marks of the last {months}?",
            unit=UNIT[self.unit],
            months=months,
        )

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return which fields stand behind each part of the sentence."""
        return {"unit": ("unit",), "months": ("months",)}


def silent_areas(
    marks: GeoDataFrame,
    streets: Network,
    population: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    pins: GeoDataFrame | None = None,
    meeting_places: GeoDataFrame | None = None,
    *,
    silence: Silence = Silence(),
) -> Result:
    """
    Tell where people are heard, where fewer write than elsewhere, and where nothing is known.

    Parameters
    ----------
    marks
        Credible marks; see `credible.MARKS`. Their columns `pin` and `voices`
        tell how often a published spot was agreed with.
    streets
        The streets: squares without any way are left out.
    population
        Residents; without them nothing is told per resident.
    districts
        Names, and areas where districts are asked for.
    pins
        Published spots, for the days on which they could be agreed with.
    meeting_places
        Places that people walk to.
    silence
        Which areas, and how far back marks count.

    Returns
    -------
    result
        `table`: one row per area, those to ask or walk next first, see
        `ANALYSIS.columns`. An area without marks is unknown, never calm.

    Source
    ------
    See `reporting_rate`.
    """
    unit = silence.unit
    recent = _recent(marks, silence.months)
    points = shapely.points(shapely.get_coordinates(recent.geometry.array))
    shapes, ids = _areas(unit, streets, recent, population, districts)
    writers = _writers(recent, _in(points, shapes), len(shapes))
    people = population is not None and not population.empty
    residents = np.full(len(shapes), np.nan)
    if population is not None and people:
        residents = Residents.of(population).shared(shapes)
    spots = _spots(recent, pins)
    me_too = _me_too(spots, shapes)
    found = heard(writers, residents)
    users = rates(writers, residents)
    areas = Areas(
        GeoDataFrame(index=ids, geometry=shapes, crs=streets.crs),
        _names(unit, shapes, streets, districts),
        writers,
        residents,
        _unlit(streets, shapes),
        _count(meeting_places, shapes),
    )
    table = table_of(areas, found, users, me_too)
    return Result(
        table=table,
        figures=tuple(figures_of(table, users, me_too, len(spots))),
        answer=answer_of(table),
        notes=tuple(notes_on(table, len(spots), people=people)),
        tables=(),
        style=style_of(),
    )


def _recent(marks: GeoDataFrame, months: float) -> GeoDataFrame:
    """Marks of so many months before the newest one."""
    days = pd.to_datetime(marks["received_on"], errors="coerce")
    newest = days.max()
    if pd.isna(newest):
        return marks
    since = newest - pd.DateOffset(months=int(months))
    return marks[(days > since).to_numpy()]


def _areas(
    unit: str,
    streets: Network,
    marks: GeoDataFrame,
    population: GeoDataFrame | None,
    districts: GeoDataFrame | None,
) -> tuple[Any, Any]:
    """Return shapes and ids of the areas: districts, or squares in which anything is."""
    if unit == "district" and districts is not None and not districts.empty:
        ordered = districts.sort_values("name")
        return ordered.geometry.to_numpy(), ordered.index.astype(str)
    corners = [
        shapely.get_coordinates(marks.geometry.array),
        corners_of(streets, SIDE),
    ]
    if population is not None:
        corners.append(shapely.get_coordinates(shapely.centroid(population.geometry.array)))
    x, y = np.concatenate(corners).T
    grid: Tessellation = squares(x, y, side=SIDE)
    shapes = grid.squares()
    if districts is not None and not districts.empty:
        city = shapely.union_all(districts.geometry.array)
        shapely.prepare(city)
        kept = shapely.intersects(city, shapes)
        inside = shapely.intersection(shapes[kept], city)
        return inside, pd.Index(grid.ids[kept], dtype="str", name="id")
    return shapes, pd.Index(grid.ids, dtype="str", name="id")


def _in(points: Any, shapes: Any) -> Ints:
    """Position of the first area around each point, -1 for none."""
    area = np.full(len(points), -1, dtype=np.intp)
    point, at = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((at, point))[::-1]
    area[point[order]] = at[order]
    return area


def _writers(marks: GeoDataFrame, area: Ints, count: int) -> Ints:
    """Marks in each area; those of one device on one day count once."""
    everything = Tessellation("area", 0.0, 0.0, area, np.arange(count).reshape(-1, 1))
    sender = coded(marks["sender"].to_numpy(dtype=object))
    return everything.counts(np.ones(len(marks), dtype=bool), sender)


def _spots(marks: GeoDataFrame, pins: GeoDataFrame | None) -> GeoDataFrame:
    """Return published spots with their voices and the days on which these could come."""
    nothing = GeoDataFrame({"voices": [], "days": []}, geometry=[], crs=marks.crs)
    if pins is None or pins.empty or marks.empty:
        return nothing
    shown = pins[(pins["unit"] != "finding") & pins.index.isin(set(marks["pin"]) - {""})]
    if shown.empty:
        return nothing
    voices = marks.groupby("pin")["voices"].max().reindex(shown.index).fillna(0)
    newest = max(marks["received_on"].max(), marks["accepted_on"].max())
    until = shown["expires_on"].where(
        (shown["expires_on"] != "") & (shown["expires_on"] < newest), newest
    )
    days = (pd.to_datetime(until) - pd.to_datetime(shown["released_on"])).dt.days
    return GeoDataFrame(
        {"voices": voices.to_numpy(), "days": days.clip(lower=0).to_numpy()},
        geometry=shown.geometry.representative_point().to_numpy(),
        crs=marks.crs,
    )


def _me_too(spots: GeoDataFrame, shapes: Any) -> Rate:
    area = _in(spots.geometry.to_numpy(), shapes)
    return from_duplicates(area, spots["voices"], spots["days"], len(shapes))


def _names(unit: str, shapes: Any, streets: Network, districts: GeoDataFrame | None) -> Any:
    """Name of a district, or "district, street nearby" of a square."""
    if unit == "district" and districts is not None and not districts.empty:
        return districts.sort_values("name")["name"].to_numpy(dtype=object)
    return named_squares(shapes, streets, districts)


def _unlit(streets: Network, shapes: Any) -> Any:
    """Metres of ways known to be unlit in each area; ways by their middles."""
    dark = np.flatnonzero(streets.lit == "no")
    middle = shapely.line_interpolate_point(streets.lines[dark], 0.5, normalized=True)
    at = _in(middle, shapes)
    return np.bincount(at[at >= 0], streets.metres[dark][at >= 0], len(shapes))


def _count(places: GeoDataFrame | None, shapes: Any) -> Ints:
    """So many places lie in each area."""
    if places is None or places.empty:
        return np.zeros(len(shapes), dtype=np.intp)
    at = _in(places.geometry.representative_point().to_numpy(), shapes)
    return np.bincount(at[at >= 0], minlength=len(shapes))


ANALYSIS = Analysis(
    silent_areas,
    title=Text("Silent areas"),
    about=Text(
        "Where few marks mean that little is known, not that all is well; and where to ask or"
        " walk next."
    ),
    columns=COLUMNS,
    asked=Text("Of which areas do we know too little?"),
    topic="prevention",
    order=3,
    roles=ROLES,
)
