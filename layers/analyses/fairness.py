"""Fairness: how evenly access is spread, and which groups have less of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from geopandas import GeoDataFrame
from scipy.sparse import csr_array

from ..asked import check_group, district_of, layer_asked
from ..capacities import capacities_of
from ..coverage_notes import about_layer, about_people, about_walking, about_ways
from ..fairness_indices import Spread
from ..fairness_sureness import UNDRAWN, IndicesDrawn, Valued, indices_drawn
from ..fairness_tables import answer_of, by_group, lorenz_of
from ..fairness_words import RANKS, indices_of
from ..network import Network
from ..parameters import Choice, Named
from ..paths import Floats
from ..question import Question
from ..redrawing import capacity_drawn, nearest_of
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..sharing import PER, Sharing, share_out
from ..sources.population import GROUPS
from ..supply_tables import about_seats
from ..sureness import situation_of
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
    drawn = _drawn(spread, population, streets, layer, question, rank)
    return Result(
        table=table,
        figures=tuple(_figures(spread, drawn)),
        answer=answer_of(groups),
        notes=(
            *_notes(spread, population, rank),
            *(about_seats(seats) if measure == "seats" else ()),
            *about_layer(layer, streets, question, shared=measure == "seats"),
            *about_people(population, question),
            *about_ways(homes, streets, table, question),
            *about_walking(question),
        ),
        tables=(groups, indices_of(spread, rank, drawn), lorenz_of(spread.values, spread.people)),
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


def _drawn(
    spread: Spread,
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    rank: str,
) -> IndicesDrawn:
    """Draw everything again and again, and compute the indices of all groups from it."""
    places = question.places(layer)
    if not spread.people.sum() > 0 or places.empty:
        return UNDRAWN
    others = [name for name in GROUPS if name != question.group and population[name].notna().any()]
    apart = population.assign(not_ranked=population["residents"] - population[rank])
    groups, homes = [question.group, *others], population.centroid
    columns = [*groups, rank, "not_ranked"]
    asked = layer if spread.cost else places
    situation = situation_of(apart, homes, streets, asked, question, columns, nearest=spread.cost)
    value = _walk_of(question) if spread.cost else _seats_of(places, question)
    return indices_drawn(situation, groups, value, district=spread.district, cost=spread.cost)


def _walk_of(question: Question) -> Valued:
    """Minutes to the nearest place of a draw."""

    def minutes(reach: csr_array[Any], people: Floats, rng: np.random.Generator) -> Floats:  # noqa: ARG001
        return np.asarray(question.who_walks.minutes(nearest_of(reach)))

    return minutes


def _seats_of(places: GeoDataFrame, question: Question) -> Valued:
    """Seats for each 1,000 people in a draw."""
    seats, rule = capacities_of(places, "by_kind"), Sharing(question)

    def access(reach: csr_array[Any], people: Floats, rng: np.random.Generator) -> Floats:
        return PER * rule.of_metres(reach, people, capacity_drawn(seats, rng)).access

    return access


def _figures(spread: Spread, drawn: IndicesDrawn) -> Iterator[Figure]:
    told = (
        ("gini", "gini", Text("Gini coefficient"), "of 100", 100),
        (
            "between_districts",
            "between",
            Text("of the spread lies between districts"),
            "of 100",
            100,
        ),
        ("concentration", "concentration", Text("concentration index"), "of 100", 100),
        ("palma", "palma", Text("Palma ratio"), "×", 1),
        ("below_standard", "fgt0", spread.short_label, "of 100", 100),
        ("depth", "fgt1", Text("how far they fall short on average"), "of 100", 100),
    )
    values = spread.indices()
    for name, index, label, unit, times in told:
        value = values[index]
        if index == "between" and np.isnan(value):
            continue
        low, high = (times * end for end in drawn.ends(index, value))
        known = np.isfinite([low, high]).all()
        yield Figure(
            name,
            times * value,
            unit,
            label,
            low if known else None,
            high if known else None,
            Text("Nine in ten simulated cases lie between.") if known else Text(""),
            aside=name == "depth",
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
        yield Text(
            "Where people are estimated, the ranking of neighbourhoods is estimated as well:"
            " simulated cases disturb it, so the intervals of concentration index and Palma ratio"
            " reach from the estimate towards no difference. Cells of one coarser area are drawn"
            " independently."
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
