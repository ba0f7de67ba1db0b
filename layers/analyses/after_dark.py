"""After dark: the same question by day and by night, side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from ..asked import check_group, layer_asked
from ..coverage_notes import notes_on
from ..dark_figures import answer_of, by_district, by_group, curve_of, figures_of, nothing_known
from ..dark_notes import notes_on_the_dark
from ..dark_walks import DarkWalks, Ground, Within, longer_by
from ..darkness import Darkness
from ..network import Network
from ..question import Question
from ..registry import Analysis, Figure, Result, Style, Table
from ..schema import Column
from ..sureness_pairs import fewer_told, ways_beside, with_intervals
from ..text import Text
from .coverage import walk_of

REACHED = {
    "both": Text("by day and after dark"),
    "depends": Text("after dark only if ways of unknown light are lit"),
    "day": Text("by day only"),
    "neither": Text("not even by day"),
}
"""When a cell reaches a place in time."""


def after_dark(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    street_lamps: GeoDataFrame | None = None,
    pins: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    darkness: Darkness = Darkness(),
) -> Result:
    """
    Tell who reaches a place by day and no longer after dark.

    The walk by day is that of `coverage`. After dark a metre of an unlit way,
    or of a way at a published unsafe spot, counts more than once; people take
    the walk that counts least. What counts more is no time on the clock: felt
    minutes and real minutes of that walk are kept apart.

    Parameters
    ----------
    population, streets, meeting_places, counselling_services, districts
        As in `coverage`.
    street_lamps
        Lamps that decide where a street does not say whether it is lit.
    pins
        Published spots that are valid now; nothing else of what citizens marked.
    question
        Which places, which people, which walk, within what.
    darkness
        The factors, and what unknown light counts as.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`, see
        `ANALYSIS.columns`. `figures`: shares by day and after dark, the latter
        with worst and best case of unknown light, and people who lose their
        place. If nothing is known about the light of any way, there are no
        figures after dark, and the answer says so.

    Raises
    ------
    MissingLayerError
        If the layer of the places asked for is not there.
    ParameterError
        If nothing is known about the group asked for.

    Source
    ------
    That people use unlit footpaths less after dark than lit ones: Fotios,
    Uttley & Fox (2019), Lighting Research & Technology 51(1), 55-64. The
    factors are assumptions, see data/dark.toml.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    places = question.places(layer)
    homes = population.centroid
    ground = Ground.of(streets.open_to(question.who_walks), street_lamps, pins)
    walks = DarkWalks.of(ground, homes, places.geometry, darkness)
    within = walks.within(question.metres)
    table = _table(population, places, walks, within, question, told=ground.told)
    notes = notes_on(
        population,
        homes,
        layer,
        places,
        streets,
        table.rename(columns={"day_minutes": "minutes"}),
        question,
    )
    people = population[question.group].to_numpy()
    answer = nothing_known(people, within, question)
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    sure: tuple[Text, ...] = ()
    if ground.told:
        answer = answer_of(people, within, question, ground)
        dark = ground.streets.slowed(ground.slow(darkness))
        beside = ways_beside(population, homes, (ground.streets, dark), question, layer)
        figures = with_intervals(
            figures_of(people, walks, within, question),
            beside,
            question,
            before="share_by_day",
            after="share_after_dark",
        )
        sure = fewer_told(beside)
        tables = (
            curve_of(people, walks, question),
            by_group(population, within),
            *by_district(people, within, homes, districts),
        )
    return Result(
        table=table,
        figures=figures,
        answer=answer,
        notes=(*notes_on_the_dark(ground, darkness), *sure, *notes),
        tables=tables,
        style=Style(
            column="when_reached",
            legend=Text("A place in time"),
            scale="kinds",
            kinds=tuple(REACHED),
            inks=("k0", "k3", "k2", "k4"),
            words=tuple(REACHED.values()),
            squares="people_lose" if ground.told else "",
            squares_legend=Text("So many people lose it after dark"),
            ranking_title=Text("Where most people lose their place after dark"),
            telling=("people_lose", "day_minutes", "felt_minutes"),
            lines_legend=Text("Unlit ways"),
        ),
        lines=_unlit(ground),
    )


def _table(
    population: GeoDataFrame,
    places: GeoDataFrame,
    walks: DarkWalks,
    within: Within,
    question: Question,
    *,
    told: bool,
) -> GeoDataFrame:
    """One row per cell; where no light is known, nothing is said about the dark."""
    minutes = question.who_walks.minutes
    people = population[question.group]
    reached = np.select(
        [~within.day, within.worst, within.best], ["neither", "both", "depends"], "day"
    )
    lose = people.where(within.day & ~within.dark, 0.0)
    nothing = np.full(len(population), np.nan)
    return GeoDataFrame(
        {
            "people": people,
            "when_reached": reached if told else np.where(within.day, "depends", "neither"),
            "day_minutes": minutes(walks.day.metres),
            "felt_minutes": minutes(walks.felt.metres) if told else nothing,
            "real_minutes": minutes(walks.real) if told else nothing,
            "longer": minutes(longer_by(walks.day.metres, walks.felt.metres)) if told else nothing,
            "place_by_day": _named(places, walks.day.target),
            "place_after_dark": _named(places, walks.felt.target) if told else "",
            "people_lose": lose if told else nothing,
        },
        geometry=population.geometry,
        crs=population.crs,
    )


def _named(places: GeoDataFrame, target: Any) -> Any:
    names = np.append(places["name"].to_numpy(dtype=object), "")
    return pd.array(names[target], dtype="str")


def _unlit(ground: Ground) -> GeoDataFrame | None:
    """Ways known to be unlit, wholly or in part, for the map; none where none is known."""
    chosen = np.flatnonzero(ground.light.least > 0)
    if not len(chosen):
        return None
    return GeoDataFrame(
        {"name": ground.streets.name[chosen]},
        index=[str(number) for number in chosen],
        geometry=ground.streets.lines[chosen],
        crs=ground.streets.crs,
    )


def walk_by_day(
    row: str,
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    street_lamps: GeoDataFrame | None = None,  # noqa: ARG001, called with the inputs of `after_dark`
    pins: GeoDataFrame | None = None,  # noqa: ARG001, likewise
    *,
    question: Question = Question(),
    darkness: Darkness = Darkness(),  # noqa: ARG001, likewise
) -> GeoDataFrame:
    """
    Draw the walk by day behind one cell.

    The walk after dark is counted but never drawn: a tool that draws ways
    around dark streets advises people to avoid them.

    Parameters
    ----------
    row
        Id of the cell.
    population, streets, meeting_places, counselling_services, districts, question
        As in `coverage`.
    street_lamps, pins, darkness
        Not looked at.
    """
    return walk_of(
        row,
        population,
        streets,
        meeting_places,
        counselling_services,
        districts,
        question=question,
    )


ANALYSIS = Analysis(
    after_dark,
    title=Text("After dark"),
    about=Text(
        "Who reaches a place by day and no longer after dark, because ways are unlit: both side"
        " by side, never as one number."
    ),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("when_reached", str, Text("when a place is in reach"), options=REACHED),
        Column("day_minutes", float, Text("walk by day"), "min"),
        Column("felt_minutes", float, Text("walk after dark, as it feels"), "min"),
        Column("real_minutes", float, Text("the same walk on the clock"), "min"),
        Column("longer", float, Text("so much longer it feels after dark"), "min"),
        Column("place_by_day", str, Text("the nearest place by day")),
        Column("place_after_dark", str, Text("the nearest place after dark")),
        Column("people_lose", float, Text("people who lose their place after dark"), "people"),
    ),
    trace=walk_by_day,
    asked=Text("Who loses a place to go when it gets dark?"),
    topic="dark",
)
