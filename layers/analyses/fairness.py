"""Fairness: how evenly access is spread, and which groups have less of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from geopandas import GeoDataFrame

from ..asked import check_group, district_of, layer_asked
from ..capacities import capacities_of
from ..coverage_notes import about_layer, about_people, about_walking, about_ways
from ..fairness_tables import (
    RANKS,
    Spread,
    answer_of,
    by_group,
    indices_of,
    lorenz_of,
)
from ..network import Network
from ..parameters import Choice, Named
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..sharing import Sharing, share_out
from ..supply_tables import about_seats
from ..text import Text

MEASURES: dict[str, Text] = {
    "seats": Text("seats in reach, shared with all around"),
    "minutes": Text("minutes to the nearest place"),
}
"""What is compared: something good, or a cost."""


def fairness(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    measure: Annotated[str, Choice(MEASURES), Named(Text("What is compared"))] = "seats",
    rank: Annotated[
        str,
        Choice(RANKS),
        Named(
            Text("Neighbourhoods are ranked by their share of"),
            Text("For the concentration index and the Palma ratio."),
        ),
    ] = "foreign_nationals",
) -> Result:
    """
    How evenly access is spread over people, groups and districts.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may be asked for.
    districts
        Areas between which and within which spread is told apart.
    question
        Which places, which people, which walk, within what.
    measure
        Seats per person (more is better) or minutes (less is better).
    rank
        Group whose share ranks the cells; no income is known.

    Returns
    -------
    result
        `tables`: group against group with intervals, indices each with a
        sentence, the Lorenz curve.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`.

    Source
    ------
    See `layers.inequality`.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    homes = population.centroid
    places = question.places(layer)
    seats = capacities_of(places, "by_kind")
    shared, _ = share_out(population, homes, streets, places, seats, Sharing(question))
    table = shared[["people", "access", "geometry"]].assign(
        minutes=_minutes(streets, layer, homes, question)
    )
    column = "access" if measure == "seats" else "minutes"
    spread = Spread(
        values=table[column].to_numpy(dtype=float),
        people=np.nan_to_num(table["people"].to_numpy(dtype=float)),
        district=district_of(homes, districts),
        rank=_ranks(population, rank),
        cost=measure == "minutes",
    )
    groups = by_group(population, homes, streets, layer, question)
    return Result(
        table=table,
        figures=tuple(_figures(spread)),
        answer=answer_of(groups),
        notes=(
            *_notes(spread, population, rank),
            *(about_seats(seats) if measure == "seats" else ()),
            *about_layer(layer, streets, question, shared=measure == "seats"),
            *about_people(population, question),
            *about_ways(homes, streets, table, question),
            *about_walking(question),
        ),
        tables=(groups, indices_of(spread, rank), lorenz_of(spread.values, spread.people)),
        style=_style(spread, column),
    )


def _minutes(
    streets: Network, layer: GeoDataFrame, homes: GeoDataFrame, question: Question
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    places = question.places(layer)
    walks = streets.open_to(question.who_walks).nearest(homes, places.geometry)
    return np.asarray(question.who_walks.minutes(walks.metres))


def _ranks(population: GeoDataFrame, rank: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Share of the ranking group in each cell; NaN where nobody counted it."""
    part = population[rank].to_numpy(dtype=float)
    everybody = population["residents"].to_numpy(dtype=float)
    return np.divide(part, everybody, out=np.full(len(part), np.nan), where=everybody > 0)


def _figures(spread: Spread) -> Iterator[Figure]:
    yield Figure("gini", 100 * spread.gini, "of 100", Text("Gini coefficient"))
    parts = spread.theil
    if parts.total > 0 and (spread.district >= 0).any():
        yield Figure(
            "between_districts",
            100 * max(parts.between, 0) / parts.total,
            "of 100",
            Text("of the spread lies between districts"),
        )
    yield Figure("concentration", 100 * spread.concentration, "of 100", Text("concentration index"))
    yield Figure("palma", spread.palma, "×", Text("Palma ratio"))
    yield Figure("below_standard", 100 * spread.shortfall(0), "of 100", spread.short_label)
    yield Figure(
        "depth",
        100 * spread.shortfall(1),
        "of 100",
        Text("how far they fall short on average"),
        aside=True,
    )


def _notes(spread: Spread, population: GeoDataFrame, rank: str) -> Iterator[Text]:
    if spread.cost:
        yield Text(
            "Minutes are a cost: the indices measure how unevenly the burden is spread, and a"
            " high concentration index means that neighbourhoods ranked high walk longer."
        )
        lost = float(spread.people[~np.isfinite(spread.values)].sum())
        if lost:
            yield Text(
                "{people} people reach no place at all: they count as falling short, and are left"
                " out of the other indices.",
                people=round(lost),
            )
    if not np.isfinite(spread.rank).any():
        yield Text(
            "Nobody counted {group}, so neighbourhoods cannot be ranked by it.", group=RANKS[rank]
        )
    if spread.crooked:
        yield Text(
            "Concentration index and Palma ratio point in opposite directions: one looks at all"
            " neighbourhoods, the other only at both ends of the ranking."
        )
    yield Text(
        "Fair is not the same as equal: an index says how evenly something is spread, not what"
        " people need."
    )
    if population["downscaled"].any():
        yield Text(
            "Where people are estimated, each group is spread like everybody of its coarser area:"
            " differences within that area are not seen. A difference is called beyond doubt only"
            " if it stays one wherever these people live."
        )


def _style(spread: Spread, column: str) -> Style:
    known = spread.values[np.isfinite(spread.values) & (spread.values > 0)]
    breaks = (
        tuple(np.quantile(known, [0.25, 0.5, 0.75]).tolist()) if len(known) else (1.0, 2.0, 3.0)
    )
    return Style(
        column=column,
        legend=Text("Minutes to the nearest place")
        if spread.cost
        else Text("Seats for each 1,000 people"),
        breaks=breaks,
        unit="min" if spread.cost else "seats",
    )


ANALYSIS = Analysis(
    fairness,
    title=Text("Fair for everybody"),
    about=Text(
        "How evenly access is spread over people and districts, and which groups have less."
    ),
    asked=Text("Which groups have less than others, and how unevenly is access spread?"),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("access", float, Text("for each 1,000 people, shared with all around")),
        Column("minutes", float, Text("walk to the nearest place"), "min"),
    ),
    order=3,
)
