"""Supply: is there enough for everybody, and who has to share with how many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from geopandas import GeoDataFrame, GeoSeries

from .. import inequality
from ..asked import check_group, district_of, layer_asked
from ..capacities import UNKNOWN, Capacities, capacities_of
from ..coverage_notes import about_layer, about_people, about_walking, about_ways
from ..fairness_tables import lorenz_of
from ..network import Network
from ..parameters import Bounds, Choice, Named
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..shares import out_of_100, quantile, share
from ..sharing import METHODS, Sharing, average, share_out
from ..sources.population import OUT_OF_100
from ..supply import Supply
from ..supply_sureness import SupplySure, supply_sureness
from ..supply_tables import about_seats, by_district, by_place
from ..sureness import situation_of
from ..text import Text


def supply(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    method: Annotated[str, Choice(METHODS), Named(Text("How places are shared"))] = "e2sfca",
    middle: Annotated[
        float,
        Bounds(0, 1, "", 0.01),
        Named(
            Text("Weight of a middling walk"),
            Text("The nearest third of the minutes counts 1; only for E2SFCA."),
        ),
    ] = 0.68,
    far: Annotated[
        float, Bounds(0, 1, "", 0.01), Named(Text("Weight of a long walk"), Text("The last third."))
    ] = 0.22,
    half: Annotated[
        float,
        Bounds(1, 60, "min"),
        Named(Text("A walk counts half after"), Text("Only for seats nearby.")),
    ] = 5,
    unknown: Annotated[
        str, Choice(UNKNOWN), Named(Text("Places that do not say how many they hold"))
    ] = "by_kind",
) -> Result:
    """
    Seats within reach, shared among all who reach them.

    Coverage asks whether there is a place; supply asks whether there is
    enough of it. Every place divides its seats by the people around it, every
    cell adds up what falls to it.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may be asked for; services count one each.
    districts
        Areas for a table by district.
    question
        Which places, which people, which walk, within what.
    method
        How places are shared, one of `METHODS`.
    middle, far
        Weight of the second and third third of the minutes (E2SFCA).
    half
        Minutes after which a walk counts half, for the column `nearby`.
    unknown
        What becomes of places that do not say how many they hold.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`, see
        `ANALYSIS.columns`; `figures` and `tables`: who has little, how evenly
        it is spread, each place with those who share it, the check that all
        that is offered was handed out.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`.

    Source
    ------
    Luo & Wang (2003); Luo & Qi (2009); Páez, Higgins & Vivona (2019); see `layers.supply`.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    places = question.places(layer)
    homes = population.centroid
    seats = capacities_of(places, unknown)
    zones = (1.0, middle, far)
    rule = Sharing(question, method, zones)
    table, found = share_out(population, homes, streets, places, seats, rule, half)
    sure = _sure(population, homes, streets, places, seats, rule)
    number = district_of(homes, districts)
    usual = average(found, table["people"].to_numpy())
    return Result(
        table=table.assign(
            people_short=np.where(table["access"] < usual / 2, table["people"], 0.0),
        ),
        figures=tuple(_figures(table, seats, found, usual, number, sure)),
        answer=_answer(table, usual, question, seats),
        notes=(
            *_notes(seats, found, method, zones),
            *about_layer(layer, streets, question, shared=True),
            *about_people(population, question),
            *about_ways(homes, streets, table, question),
            *about_walking(question),
        ),
        tables=(
            lorenz_of(table["access"].to_numpy(), table["people"].to_numpy()),
            *by_district(table, number, districts),
            by_place(places, seats, found),
        ),
        style=_style(usual, seats),
    )


def _figures(
    table: GeoDataFrame,
    seats: Capacities,
    found: Supply,
    usual: float,
    number: Any,
    sure: SupplySure,
) -> Iterator[Figure]:
    people, access = table["people"].to_numpy(), table["access"].to_numpy()
    yield Figure(
        "share_short",
        share(people, access < usual / 2),
        "%",
        Text("less than half of the average"),
        *_ends(sure.short),
        Text("Nine in ten simulated cases lie between."),
    )
    yield Figure(
        "share_nothing",
        share(people, access <= 0),
        "of 100",
        Text("nothing in reach"),
        *_ends(sure.nothing),
    )
    yield Figure("average", usual, seats.unit, Text("for each 1,000 people, on average"))
    yield Figure("median", quantile(access, people, 0.5), seats.unit, Text("half have at most"))
    yield Figure("offered", found.offered, seats.unit, Text("offered in reach of anybody"))
    yield Figure(
        "handed_out",
        found.handed_out,
        seats.unit,
        Text("handed out to all people"),
        note=Text("Must equal what is offered: the check of the whole computation."),
        aside=True,
    )
    yield Figure(
        "gini",
        100 * inequality.gini(access, people),
        "of 100",
        Text("Gini coefficient"),
        *_ends((100 * sure.gini[0], 100 * sure.gini[1])),
        note=Text("0: everybody has the same; 100: one person has everything."),
    )
    parts = inequality.theil(access, people, number)
    yield Figure("theil", parts.total, "", Text("Theil index"), aside=True)
    if parts.total > 0 and (number >= 0).any():
        between = 100 * max(parts.between, 0) / parts.total
        label = Text("of it between districts")
        yield Figure("between_districts", between, "of 100", label, aside=True)


def _ends(ends: tuple[float, float]) -> tuple[float | None, float | None]:
    """Ends of an interval; none where nothing could be drawn."""
    return ends if np.isfinite(ends).all() else (None, None)


def _sure(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    places: GeoDataFrame,
    seats: Capacities,
    rule: Sharing,
) -> SupplySure:
    """Draw the whole sharing out again and again; places that may not count are drawn as well."""
    if population.empty or places.empty:
        nothing = (float("nan"), float("nan"))
        return SupplySure(nothing, nothing, nothing)
    question = rule.question
    situation = situation_of(population, homes, streets, places, question, [question.group])
    return supply_sureness(situation, seats, rule.of_metres)


def _answer(
    table: GeoDataFrame, usual: float, question: Question, seats: Capacities
) -> tuple[Text, ...]:
    people, access = table["people"].to_numpy(), table["access"].to_numpy()
    short = share(people, access < usual / 2)
    if np.isnan(short) or not usual > 0:
        return (Text("There is nothing to share, or nobody to share it, according to these data"),)
    some = Text(OUT_OF_100[question.group].template, share=out_of_100(short))
    average = round(usual, 1)
    return (
        Text("{some} have less than half of the average supply", some=some),
        Text("The average is {count} seats per 1,000 people.", count=average)
        if seats.unit == "seats"
        else Text("The average is {count} places per 1,000 people.", count=average),
    )


def _notes(
    seats: Capacities, found: Supply, method: str, zones: tuple[float, ...]
) -> Iterator[Text]:
    yield Text(
        "Check: {offered} offered, {handed_out} handed out.",
        offered=round(found.offered, 1),
        handed_out=round(found.handed_out, 1),
    )
    if method == "e2sfca":
        yield Text(
            "Walks count {near} %, {middle} % and {far} % in the three thirds of the minutes; the"
            " usual weights come from medical care and are a convention, not a measurement.",
            near=round(100 * zones[0]),
            middle=round(100 * zones[1]),
            far=round(100 * zones[2]),
        )
    yield from about_seats(seats)
    idle = int((found.demand <= 0).sum())
    if idle:
        yield Text(
            "{count} {count:place is|places are} in reach of nobody and {count:shares|share} out"
            " nothing.",
            count=idle,
        )


def _unit(seats: Capacities) -> str:
    return "seats per 1,000 people" if seats.unit == "seats" else "places per 1,000 people"


def _style(usual: float, seats: Capacities) -> Style:
    known = usual if usual > 0 else 1.0
    return Style(
        column="access",
        legend=Text("Seats for each 1,000 people")
        if seats.unit == "seats"
        else Text("Places for each 1,000 people"),
        breaks=(0.0, known / 2, known),
        words=(
            Text("nothing in reach"),
            Text("up to half of the average"),
            Text("up to the average"),
            Text("more"),
        ),
        unit=_unit(seats),
        squares="people_short",
        squares_legend=Text("So many people with less than half of the average"),
        ranking_title=Text("Where most people have little"),
    )


ANALYSIS = Analysis(
    supply,
    title=Text("Enough for everybody"),
    asked=Text("Is there room enough in reach, and who has to share it with how many?"),
    about=Text("How many people share the places in their reach, and who has to do with little."),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("places", float, Text("places in reach"), "places"),
        Column("seats", float, Text("seats in reach, shared with nobody"), "seats"),
        Column("nearby", float, Text("the same, near ones counting more"), "seats"),
        Column("access", float, Text("for each 1,000 people, shared with all around")),
        Column("minutes", float, Text("walk to the nearest place"), "min"),
        Column("people_short", float, Text("people with less than half of the average"), "people"),
    ),
    order=2,
)
