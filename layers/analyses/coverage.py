"""Coverage: who can walk to a place in time, and who cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from ..coverage_notes import notes_on
from ..errors import MissingLayerError, ParameterError
from ..network import Network
from ..paths import Bools, Floats, Ints
from ..question import REACH, Question
from ..registry import Analysis, Figure, Result, Style, Table
from ..schema import YES_NO_UNKNOWN, Column
from ..shares import curve, out_of_100, quantile, share
from ..sources.population import GROUPS, OUT_OF_100
from ..text import Text
from ..walkers import WALKERS

LONGEST = 30
"""The curve always runs to half an hour [min], and farther if more was asked for."""


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
    _check_group(population, question)
    layer = _layer_of(question, meeting_places, counselling_services)
    places = question.places(layer)
    table = _walks(population, streets, places, question)
    districted = _by_district(table, districts)
    return Result(
        table=table,
        figures=_figures(
            population, table, question, _interval(population, streets, places, question)
        ),
        answer=_answer(table, question),
        notes=notes_on(population, layer, places, streets, table, question),
        tables=(_curve(table, question), *districted),
        style=Style(
            column="minutes",
            legend=Text("Minutes on foot"),
            breaks=tuple(round(question.minutes * part / 3, 1) for part in (1, 2, 3)),
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
    places = question.places(_layer_of(question, meeting_places, counselling_services))
    open_streets = streets.open_to(question.who_walks)
    course = open_streets.route(population.loc[[row]].centroid, places.geometry)
    courses = [] if course is None else [course]
    return GeoDataFrame(index=[row] * len(courses), geometry=courses, crs=population.crs)


def _check_group(population: GeoDataFrame, question: Question) -> None:
    known = [name for name in GROUPS if population[name].notna().any()]
    if question.group not in known and len(population):
        raise ParameterError(
            [
                Text(
                    "the population layer does not count {group}; it knows {known}",
                    group=GROUPS[question.group],
                    known=tuple(GROUPS[name] for name in known),
                )
            ]
        )


def _layer_of(
    question: Question,
    meeting_places: GeoDataFrame | None,
    counselling_services: GeoDataFrame | None,
) -> GeoDataFrame:
    layers = {"meeting_places": meeting_places, "counselling_services": counselling_services}
    layer = layers[question.reach]
    if layer is None:
        raise MissingLayerError(
            [question.reach],
            [Text("there are no {layer} yet; import them first", layer=REACH[question.reach])],
        )
    return layer


def _walks(
    population: GeoDataFrame, streets: Network, places: GeoDataFrame, question: Question
) -> GeoDataFrame:
    """Table of cells with their walk to the nearest place."""
    homes = population.centroid
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
    population: GeoDataFrame, streets: Network, places: GeoDataFrame, question: Question
) -> tuple[float | None, float | None]:
    """Worst and best case [%] where ways say nothing about wheelchairs."""
    if question.who_walks.needs != "step_free":
        return None, None
    homes, people = population.centroid, population[question.group].to_numpy()
    cases = [
        streets.open_to(WALKERS[name]).nearest(homes, places.geometry).metres
        for name in ("wheelchair_worst", "wheelchair_best")
    ]
    worst, best = (share(people, metres <= question.metres) for metres in cases)
    return worst, best


def _figures(
    population: GeoDataFrame,
    table: GeoDataFrame,
    question: Question,
    interval: tuple[float | None, float | None],
) -> tuple[Figure, ...]:
    people, minutes = table["people"].to_numpy(), table["minutes"].to_numpy()
    covered = minutes <= question.minutes
    straight = table["straight_line"].to_numpy() <= question.minutes
    low, high = interval
    between = Text(
        "Worst and best case, because ways that nobody has described may or may not be usable."
    )
    return (
        Figure(
            "share_covered",
            share(people, covered),
            "%",
            Text("reached"),
            low,
            high,
            Text("") if low is None else between,
        ),
        Figure(
            "people_covered", float(np.nansum(people[covered])), "people", Text("people reached")
        ),
        Figure(
            "people_not_covered",
            float(np.nansum(people[~covered])),
            "people",
            Text("without a place"),
        ),
        Figure(
            "people_not_connected",
            float(np.nansum(people[~np.isfinite(minutes)])),
            "people",
            Text("not connected"),
            note=Text("No walk to any such place is known, however long."),
        ),
        Figure(
            "share_straight_line",
            share(people, straight),
            "%",
            Text("by straight line"),
            note=Text("What a circle on the map would promise."),
        ),
        _walk("median_walk", Text("median walk"), minutes, people, 0.5),
        _walk("p90_walk", Text("nine in ten walk at most"), minutes, people, 0.9),
        *(
            Figure(f"share_covered_{name}", share(population[name].to_numpy(), covered), "%", label)
            for name, label in GROUPS.items()
            if name != question.group and population[name].notna().any()
        ),
    )


def _walk(name: str, label: Text, minutes: Floats, people: Floats, part: float) -> Figure:
    value = quantile(minutes, people, part)
    if np.isinf(value):
        note = Text("Cannot be told: too few people can walk there at all.")
        return Figure(name, float("nan"), "min", label, note=note)
    return Figure(name, value, "min", label)


def _answer(table: GeoDataFrame, question: Question) -> tuple[Text, ...]:
    people = table["people"].to_numpy()
    reached = share(people, table["minutes"].to_numpy() <= question.minutes)
    if np.isnan(reached):
        return (Text("Nobody lives here, according to these data"),)
    straight = share(people, table["straight_line"].to_numpy() <= question.minutes)
    return (
        Text(OUT_OF_100[question.group].template, share=out_of_100(reached)),
        Text("The straight line would promise {share}.", share=out_of_100(straight)),
    )


def _curve(table: GeoDataFrame, question: Question) -> Table:
    limits = np.arange(1.0, max(LONGEST, np.ceil(question.minutes)) + 1)
    people = table["people"].to_numpy()
    frame = pd.DataFrame(
        {
            "minutes": limits,
            "on_foot": curve(table["minutes"].to_numpy(), people, limits),
            "straight_line": curve(table["straight_line"].to_numpy(), people, limits),
        }
    )
    columns = (
        Column("minutes", float, Text("Minutes"), "min"),
        Column("on_foot", float, Text("on foot"), "%"),
        Column("straight_line", float, Text("straight line"), "%"),
    )
    title = Text("The more minutes, the more people")
    return Table("curve", title, frame, columns, chart="line", marked=question.minutes)


def _by_district(table: GeoDataFrame, districts: GeoDataFrame | None) -> tuple[Table, ...]:
    """One row per district; cells belong where their centre lies."""
    if districts is None or districts.empty or table.empty:
        return ()
    homes = table.centroid
    tree = shapely.STRtree(np.asarray(districts.geometry.array))
    cell, area = tree.query(np.asarray(homes.array), predicate="intersects")
    first = np.unique(cell, return_index=True)[1]
    place = np.full(len(table), -1)
    place[cell[first]] = area[first]
    rows = [
        _district_row(table[place == number], str(districts.index[number]), name)
        for number, name in enumerate(districts["name"])
    ]
    if (place < 0).any():
        rows.append(_district_row(table[place < 0], "", Text("outside all districts")))
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        Column("people_uncovered", float, Text("without a place"), "people"),
        Column("share", float, Text("reached"), "%"),
        Column("median_walk", float, Text("median walk"), "min"),
    )
    frame = pd.DataFrame(rows).set_index("id")
    return (Table("districts", Text("Districts"), frame, columns),)


def _district_row(cells: GeoDataFrame, row: str, name: str) -> dict[str, object]:
    people, covered = cells["people"].to_numpy(), (cells["covered"] == "yes").to_numpy()
    median = quantile(cells["minutes"].to_numpy(), people, 0.5)
    return {
        "id": row,
        "district": name,
        "people": float(np.nansum(people)),
        "people_uncovered": float(np.nansum(people[~covered])),
        "share": share(people, covered),
        "median_walk": median if np.isfinite(median) else float("nan"),
    }


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
)
