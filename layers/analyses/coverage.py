"""Coverage: who can walk to a place in time, and who cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from ..asked import check_group, layer_asked
from ..coverage_figures import answer_of, by_district, curve_of, doubt_of, figures_of
from ..coverage_notes import notes_on
from ..doubts import Interval, cases_of, doubts_of, why_of
from ..network import Network
from ..paths import Bools, Floats, Ints
from ..question import Question
from ..reach import reach_of
from ..registry import Analysis, Result, Style
from ..schema import YES_NO_UNKNOWN, Column
from ..shares import share
from ..sureness import sure_of
from ..text import Text


def coverage(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
) -> Result:
    """
    Walking time from every inhabited cell to its nearest place that counts.

    A cell is covered if a person who starts at its centre reaches a place in
    time: straight to the nearest way, along ways open to this walker, and
    straight to the place or to the boundary of its area. Reach is counted per
    cell along the network, never from a circle or a hull.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may be asked for; protected places have no location and
        are never reached by distance.
    districts
        Areas for a table by district.
    question
        Which places, which people, which walk, within what.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`, see
        `ANALYSIS.columns`; `figures`: share and number of people covered,
        per group, beside the straight line; walks; people not connected.
        `tables`: the curve of share against minutes, and districts.

    Raises
    ------
    MissingLayerError
        If the layer of the places asked for is not there.
    ParameterError
        If nothing is known about the group asked for.

    Source
    ------
    Covering with a distance standard: Toregas, Swain, ReVelle & Bergman (1971),
    Operations Research 19(6), 1363-1373.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    places = question.places(layer)
    homes = population.centroid
    table = _walks(population, homes, streets, places, question)
    sure = sure_of(population, homes, streets, layer, question)
    interval = _interval(table, homes, streets, layer, question)
    figures = figures_of(population, table, question, interval, sure)
    return Result(
        table=table,
        figures=figures,
        answer=answer_of(table, question, figures[0] if interval and question.asks_hours else None),
        notes=notes_on(population, homes, layer, places, streets, table, question),
        tables=(
            curve_of(table, question),
            *by_district(table, homes, districts),
            *doubt_of(sure),
        ),
        style=Style(
            column="minutes",
            legend=Text("Minutes on foot"),
            breaks=_thirds(question),
            squares="people_uncovered",
            squares_legend=Text("Gap: so many people"),
        ),
    )


def walk_of(
    row: str,
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,  # noqa: ARG001, called with the inputs of `coverage`
    *,
    question: Question = Question(),
) -> GeoDataFrame:
    """
    Draw the walk behind one cell of `coverage`.

    Parameters
    ----------
    row
        Id of the cell.
    population, streets, meeting_places, counselling_services, districts, question
        As in `coverage`.

    Returns
    -------
    walk
        One LineString, or no row if no place can be reached.
    """
    places = question.places(layer_asked(question, meeting_places, counselling_services))
    open_streets = streets.open_to(question.who_walks)
    course = open_streets.route(population.loc[[row]].centroid, places.geometry)
    courses = [] if course is None else [course]
    return GeoDataFrame(index=[row] * len(courses), geometry=courses, crs=population.crs)


def reach_around(
    place: str,
    population: GeoDataFrame,  # noqa: ARG001, called with the inputs of `coverage`
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,  # noqa: ARG001, likewise
    *,
    question: Question = Question(),
) -> GeoDataFrame:
    """
    Draw how far one gets from one place; a picture, never counted with.

    Parameters
    ----------
    place
        Id of the place, whether it counts for the question or not.
    population, streets, meeting_places, counselling_services, districts, question
        As in `coverage`.

    Returns
    -------
    outlines
        Areas within a third, two thirds and all of the minutes asked for, the
        farthest first, with `minutes`.
    """
    layer = layer_asked(question, meeting_places, counselling_services)
    if layer.geometry.loc[place] is None:
        return GeoDataFrame({"minutes": []}, geometry=[], crs=layer.crs)
    thirds = np.array(_thirds(question))
    outlines = reach_of(
        streets.open_to(question.who_walks),
        layer.geometry.loc[[place]],
        question.who_walks.metres(thirds),
    )
    return outlines.assign(minutes=question.who_walks.minutes(outlines["metres"].to_numpy()))


def _thirds(question: Question) -> tuple[float, ...]:
    """Class borders of the map [min]."""
    return tuple(round(question.minutes * part / 3, 1) for part in (1, 2, 3))


def _walks(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    places: GeoDataFrame,
    question: Question,
) -> GeoDataFrame:
    """Table of cells with their walk to the nearest place."""
    walks = streets.open_to(question.who_walks).nearest(homes, places.geometry)
    minutes = question.who_walks.minutes(walks.metres)
    people = population[question.group]
    covered = minutes <= question.minutes
    found = walks.target >= 0
    return GeoDataFrame(
        {
            "people": people,
            "minutes": minutes,
            "metres": walks.metres,
            "place": _told(places["name"], walks.target, found),
            "place_id": _told(places.index.to_series(), walks.target, found),
            "straight_line": question.who_walks.minutes(_straight(homes, places)),
            "covered": np.where(covered, "yes", "no"),
            "people_uncovered": people.where(~covered, 0.0),
        },
        geometry=population.geometry,
        crs=population.crs,
    )


def _told(values: pd.Series[str], target: Ints, found: Bools) -> Any:
    told = np.full(len(target), "", dtype=object)
    told[found] = values.to_numpy()[target[found]]
    return pd.array(told, dtype="str")


def _straight(homes: GeoSeries, places: GeoDataFrame) -> Floats:
    """Distance as the crow flies [m]."""
    if places.empty or homes.empty:
        return np.full(len(homes), np.inf)
    tree = shapely.STRtree(np.asarray(places.geometry.array))
    pairs, metres = tree.query_nearest(
        np.asarray(homes.array), return_distance=True, all_matches=False
    )
    straight = np.full(len(homes), np.inf)
    straight[pairs[0]] = metres
    return straight


def _interval(
    table: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
) -> Interval | None:
    """Worst and best case [%] where ways, hours or entrances are not known."""
    doubts = doubts_of(question, layer)
    if not doubts:
        return None
    people = table["people"].to_numpy()
    worst, best = (
        streets.open_to(case.walker).nearest(homes, case.places.geometry).metres <= question.metres
        for case in cases_of(question, layer)
    )
    ends = share(people, worst), share(people, best)
    return Interval(*ends, why_of(doubts), worst, best)


ANALYSIS = Analysis(
    coverage,
    title=Text("Coverage on foot"),
    about=Text("Who can walk to a place in time, and who cannot: along real ways, cell by cell."),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("minutes", float, Text("walk to the nearest place"), "min"),
        Column("metres", float, Text("length of this walk"), "m"),
        Column("place", str, Text("the nearest place")),
        Column("place_id", str, Text("its id")),
        Column("straight_line", float, Text("the same as the crow flies"), "min"),
        Column("covered", str, Text("reached in time"), options=YES_NO_UNKNOWN),
        Column("people_uncovered", float, Text("people without a place in time"), "people"),
    ),
    trace=walk_of,
    picture=reach_around,
    asked=Text("Who can walk to a place in time, and who cannot?"),
    order=1,
)
