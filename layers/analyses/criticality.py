"""Criticality: what each unlit way and each marked spot costs, and what mending it gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from ..asked import check_group, layer_asked
from ..coverage_notes import about_people, about_walking
from ..criticality import ROUNDING, Projects, Weights, best_together, gains, losses
from ..dark_notes import notes_on_the_dark
from ..dark_walks import Ground
from ..darkness import Darkness
from ..factors import FACTORS
from ..network import Network
from ..paths import Floats
from ..pieces import Pieces
from ..question import Question
from ..registry import Analysis, Figure, Result, Table
from ..schema import Column
from ..text import Text
from ..watch import Watch, nobody, part
from ..works import by_name, spots_to_mend, ways_to_light
from ..works_told import (
    BY,
    KINDS,
    WHAT,
    about_counting,
    answer_of,
    called,
    in_order,
    numbered,
    style_of,
)

TOGETHER = 5
"""So many ways are chosen one after the other."""

MANY = 20_000
"""So many unlit edges are counted at once, also for the best few together."""

STREETS = 15
"""So many streets stand in the table of streets."""


@dataclass(frozen=True, eq=False)
class Case:
    """
    Everything the counts need.

    Parameters
    ----------
    ground
        The ways, their light, the marked spots.
    pieces
        The ways cut at homes and places.
    people
        (h,) people per home.
    limit
        Longest walk that counts [m].
    slow
        (m,) what a metre of each edge counts as now.
    """

    ground: Ground
    pieces: Pieces
    people: Floats
    limit: float
    slow: Floats

    def losing(self) -> float:
        """People who reach a place by day and not as things are after dark."""
        day, _ = self.pieces.walks(self.pieces.spread(np.ones(len(self.slow))))
        dark, _ = self.pieces.walks(self.pieces.spread(self.slow))
        limit = self.limit + ROUNDING
        return float(np.nansum(self.people[(day <= limit) & (dark > limit)]))

    def weigh(self, projects: Projects, watch: Watch) -> tuple[Weights, Weights]:
        """What each project costs alone, and gives back alone."""
        lost = losses(self.pieces, self.people, self.limit, projects, watch=part(watch, 0, 0.5))
        regained = gains(
            self.pieces, self.people, self.limit, projects, self.slow, watch=part(watch, 0.5, 1)
        )
        return lost, regained


def criticality(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    street_lamps: GeoDataFrame | None = None,
    pins: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    darkness: Darkness = Darkness(),
    watch: Watch = nobody,
) -> Result:
    """
    Tell of every unlit way and every published unsafe spot what it alone is worth.

    Two exact counterfactuals for each: who would lose the place within reach
    if all else were as by day and only this were dark; and who would get one
    back if things were as now and only this were mended.

    Parameters
    ----------
    population, streets, meeting_places, counselling_services, street_lamps, pins
        As in `after_dark`.
    question, darkness
        As in `after_dark`.
    watch
        Is told how far the work is.

    Returns
    -------
    result
        `table`: one row per way or spot, the weightiest first, see
        `ANALYSIS.columns`; equal rows share their rank. `tables`: the same
        by street, and the best few together. `figures`: people who lose their
        place now, and what the best do.

    Raises
    ------
    MissingLayerError
        If the layer of the places asked for is not there.
    ParameterError
        If nothing is known about the group asked for.

    Source
    ------
    Criticality of a link as what its failure alone costs: Jenelius, Petersen
    & Mattsson (2006), Transportation Research Part A 40(7), 537-560. Repair of
    shortest paths: Ramalingam & Reps (1996), Journal of Algorithms 21(2), 267-305.
    """
    case = _case(
        population, streets, meeting_places, counselling_services, street_lamps, pins, question,
        darkness,
    )  # fmt: skip
    return _whole(case, population, question, darkness, watch)


def _whole(
    case: Case, population: GeoDataFrame, question: Question, darkness: Darkness, watch: Watch
) -> Result:
    """The list, the streets, and the best few together."""
    found = _ranked(case, population, question, darkness, part(watch, 0, 0.3))
    if not case.ground.told or found.table.empty:
        return found
    ways, projects = ways_to_light(case.ground, darkness)
    streets = _by_street(case, ways, projects, question, part(watch, 0.3, 0.5))
    together, regained = _together(case, ways, projects, part(watch, 0.5, 1))
    best = Figure(
        "people_regained_together",
        regained,
        "people",
        Text("get a place back by the best few together"),
    )
    figures = (*found.figures, best) if len(together.frame) else found.figures
    return replace(found, figures=figures, tables=(together, streets))


def at_once(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    street_lamps: GeoDataFrame | None = None,
    pins: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    darkness: Darkness = Darkness(),
) -> Result:
    """
    Return everything where it takes a second or two, else the ranked list alone.

    Parameters
    ----------
    population, streets, meeting_places, counselling_services, street_lamps, pins
        As in `criticality`.
    question, darkness
        As in `criticality`.
    """
    case = _case(
        population, streets, meeting_places, counselling_services, street_lamps, pins, question,
        darkness,
    )  # fmt: skip
    unlit = case.ground.light.dark(darkness.unknown_light) > 0
    if unlit.sum() <= MANY:
        return _whole(case, population, question, darkness, nobody)
    return replace(_ranked(case, population, question, darkness, nobody), final=False)


def _case(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None,
    counselling_services: GeoDataFrame | None,
    street_lamps: GeoDataFrame | None,
    pins: GeoDataFrame | None,
    question: Question,
    darkness: Darkness,
) -> Case:
    check_group(population, question)
    places = question.places(layer_asked(question, meeting_places, counselling_services))
    ground = Ground.of(streets.open_to(question.who_walks), street_lamps, pins)
    return Case(
        ground,
        Pieces.cut(ground.streets, population.centroid, places.geometry),
        population[question.group].to_numpy(dtype=float),
        question.metres,
        ground.slow(darkness),
    )


def _ranked(
    case: Case, population: GeoDataFrame, question: Question, darkness: Darkness, watch: Watch
) -> Result:
    """List every way and every spot, the weightiest first."""
    ways, ways_projects = ways_to_light(case.ground, darkness)
    spots, spots_projects = spots_to_mend(case.ground, darkness)
    weights = (
        case.weigh(ways_projects, part(watch, 0, 0.8)),
        case.weigh(spots_projects, part(watch, 0.8, 1)),
    )
    parts = [
        _weighed(rows, lost, regained, question)
        for rows, (lost, regained) in zip((ways, spots), weights, strict=True)
    ]
    some = [rows for rows in parts if len(rows)] or parts[:1]
    table = in_order(GeoDataFrame(pd.concat(some), geometry="geometry", crs=ways.crs))
    if not case.ground.told:
        table = table.iloc[:0]
    by = "people_regained" if table["people_regained"].max() > 0 else "people_lost"
    told = case.ground.told
    return Result(
        table=table,
        figures=tuple(_figures(case, table)) if told else (),
        answer=answer_of(table, question, darkness, told=told),
        notes=(
            *(about_counting(table, darkness) if len(table) else ()),
            *notes_on_the_dark(case.ground, darkness),
            *about_people(population, question),
            *about_walking(question),
        ),
        tables=(),
        style=style_of(table, by),
        marked=numbered(table, by),
    )


def _weighed(
    rows: GeoDataFrame, lost: Weights, regained: Weights, question: Question
) -> GeoDataFrame:
    minutes = question.who_walks.minutes
    return rows.assign(
        people_regained=regained.people,
        people_lost=lost.people,
        minutes_regained=minutes(regained.metres),
        minutes_lost=minutes(lost.metres),
    )


def _figures(case: Case, table: GeoDataFrame) -> Iterator[Figure]:
    ways = table[table["what"] != "spot"]
    yield Figure(
        "people_lose", case.losing(), "people", Text("lose their place after dark, by all together")
    )
    yield Figure("ways", len(ways), "", Text("dark ways looked at"))
    yield Figure("metres", float(ways["dark_metres"].sum()), "m", Text("their length"))
    yield Figure(
        "ways_that_help",
        int((ways["people_regained"] > 0).sum()),
        "",
        Text("of them help somebody by themselves"),
    )
    spots = int((table["what"] == "spot").sum())
    if spots:
        yield Figure("spots", spots, "", Text("marked spots looked at"))


def _by_street(
    case: Case, ways: GeoDataFrame, projects: Projects, question: Question, watch: Watch
) -> Table:
    """All segments of a street at once: lamps are set street by street."""
    frame, bundled = by_name(ways, projects)
    lost, regained = case.weigh(bundled, watch)
    rows = _weighed(frame, lost, regained, question)[["segments", "dark_metres", *BY]]
    rows = rows.sort_values(BY, ascending=False, kind="stable").reset_index()
    rows = rows[(rows["people_regained"] > 0) | (rows["people_lost"] > 0)].head(STREETS)
    columns = (
        Column("name", str, Text("Street")),
        Column("segments", int, Text("segments")),
        Column("dark_metres", float, Text("in the dark"), "m"),
        Column("people_regained", float, Text("people who get a place back"), "people"),
        Column("people_lost", float, Text("people who lose a place by it alone"), "people"),
    )
    title = Text("By street: all its unlit segments at once")
    return Table("streets", title, rows[[c.name for c in columns]], columns)


def _together(
    case: Case, ways: GeoDataFrame, projects: Projects, watch: Watch
) -> tuple[Table, float]:
    """The best few one after the other, each time the one that adds most to those before."""
    chosen, regained = best_together(
        case.pieces, case.people, case.limit, projects, case.slow, TOGETHER, watch=watch
    )
    rows = ways.iloc[chosen]
    told = [called(*row) for row in zip(rows["name"], rows["kind"], rows["between"], strict=True)]
    frame = pd.DataFrame(
        {
            "number": np.arange(1, len(chosen) + 1),
            # as objects, or else a sentence loses its translation
            "way": pd.Series(told, dtype=object),
            "adds": np.diff(regained, prepend=0.0),
            "people_regained": regained,
        }
    )
    columns = (
        Column("number", int, Text("No.")),
        Column("way", str, Text("Way")),
        Column("adds", float, Text("adds"), "people"),
        Column("people_regained", float, Text("together"), "people"),
    )
    title = Text("The best few together, one after the other")
    return Table("together", title, frame, columns), float(regained[-1]) if len(chosen) else 0.0


ANALYSIS = Analysis(
    criticality,
    title=Text("Which dark ways matter"),
    about=Text(
        "What every unlit way and every marked spot costs by itself, and how many people get a"
        " place back if it alone is mended: a list for the works department."
    ),
    columns=(
        Column("rank", int, Text("rank; equals share it")),
        Column("what", str, Text("what could be mended"), options=WHAT),
        Column("name", str, Text("name of the street or spot")),
        Column("kind", str, Text("kind of way"), options=KINDS),
        Column("between", str, Text("between these streets")),
        Column(
            "factors",
            str,
            Text("what people name at the spot"),
            options={name: factor.label for name, factor in FACTORS.items()},
            many=True,
        ),
        Column("dark_metres", float, Text("length in the dark, or at the spot"), "m"),
        Column(
            "people_regained", float, Text("people who get a place back if it is mended"), "people"
        ),
        Column(
            "people_lost", float, Text("people who lose a place if only this is dark"), "people"
        ),
        Column(
            "minutes_regained", float, Text("felt minutes saved by mending it, all people"), "min"
        ),
        Column("minutes_lost", float, Text("felt minutes it costs by itself, all people"), "min"),
    ),
    asked=Text("Which dark ways should be lit first?"),
    topic="dark",
    quick=at_once,
)
