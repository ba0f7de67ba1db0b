"""Further opening hours: which place should open when, so that most people gain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from geopandas import GeoDataFrame

from ..asked import check_group, district_of, layer_asked
from ..coverage_notes import about_people, about_walking, about_ways
from ..further_hours import Offer, best, in_order, offer_of, problem_of
from ..further_tables import marked_of, tables_of
from ..hours_notes import about_the_week, about_unreadable
from ..network import Network
from ..open_when import ANY, WHEN
from ..parameters import Bounds, Choice, Named
from ..paths import Floats, Ints
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..shares import out_of_100
from ..siting import Solution
from ..sources.population import OUT_OF_100
from ..text import Text
from ..weekly import Week, week_of
from .coverage import reach_around, walk_of

GAINS: dict[str, Text] = {
    "person_hours": Text("most hours for all people together"),
    "people": Text("most people who reach no open place then so far"),
}
"""What is to become as large as possible."""


def further_hours(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    count: Annotated[
        float, Bounds(1, 20, ""), Named(Text("How many further spans"), Text("Each once a week."))
    ] = 3,
    length: Annotated[float, Bounds(1, 4, "h"), Named(Text("Length of a span"))] = 3,
    gain: Annotated[
        str, Choice(GAINS), Named(Text("What is to become as large as possible"))
    ] = "person_hours",
) -> Result:
    """
    Choose further spans of opening hours at existing places.

    A span begins at 9, 14 or 18 o'clock on one day. People gain its hours if
    a place within their reach opens and none was open before. Places whose
    hours are not known are never chosen: nobody could say what they gain.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may open longer.
    districts
        Areas for a table by district.
    question
        Which places, which people, which walk, within what. `open_when`
        chooses the days and times that are looked at; all of them if none is.
    count
        How many spans are opened.
    length
        Hours of each.
    gain
        What is to become as large as possible, one of `GAINS`.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`, see
        `ANALYSIS.columns`; `marked`: the chosen places, the greatest gain
        first; `tables`: each chosen span with whom it gains, the best single
        spans for comparison, districts; `figures`: what is gained, and how
        much better another choice could be at most.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`.

    Source
    ------
    Church & ReVelle (1974), The maximal covering location problem; here over
    pairs of a place and a span. See `layers.siting`.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    homes = population.centroid
    week = week_of(homes, streets, layer, question)
    people = population[question.group].to_numpy(dtype=float)
    offer = offer_of(week, people, question.open_when, length, week.asked)
    found = best(problem_of(offer, int(count), gain)) if offer.helps else None
    order, gains = in_order(offer, found.chosen if found else np.empty(0, dtype=np.intp))
    gained = sum(gains, np.zeros(len(people)))
    table = _table(population, people, offer, gained)
    return Result(
        table=table,
        figures=tuple(_figures(offer, order, gained, found, week)),
        answer=tuple(_answer(offer, order, gained, found, week, question)),
        notes=(
            *_notes(week, offer, length, question),
            *about_people(population, question),
            *about_ways(homes, streets, table, question),
            *about_walking(question),
        ),
        tables=tuple(
            tables_of(week, offer, order, gains, district_of(homes, districts), districts)
        ),
        style=Style(
            column="hours_gained",
            legend=Text("Further hours a week with an open place in reach"),
            breaks=(0.0, length, 2 * length),
            unit="h",
            words=(
                Text("none"),
                Text("up to {hours} h", hours=length),
                Text("up to {hours} h", hours=2 * length),
                Text("more than {hours} h", hours=2 * length),
            ),
            ranking="person_hours",
            ranking_title=Text("Where most is gained"),
            telling=("person_hours", "hours_gained", "hours_lacking"),
            marked_legend=Text("Opens longer, the greatest gain first"),
        ),
        marked=marked_of(week, offer, order, gains),
    )


def _table(population: GeoDataFrame, people: Floats, offer: Offer, gained: Floats) -> GeoDataFrame:
    return GeoDataFrame(
        {
            "people": people,
            "hours_lacking": offer.lacking.sum(axis=1),
            "hours_gained": gained,
            "person_hours": people * gained,
        },
        index=population.index,
        geometry=population.geometry,
        crs=population.crs,
    )


def _shares(offer: Offer, gained: Floats) -> tuple[float, float]:
    """Share of all hours of all people in which a place is open: before and after [%]."""
    all_hours = sum(span.end - span.start for span in offer.spans)
    total = offer.people.sum() * all_hours
    if not total > 0:
        return float("nan"), float("nan")
    lacking = float(offer.people @ offer.lacking.sum(axis=1))
    won = float(offer.people @ gained)
    return 100 * (1 - lacking / total), 100 * (1 - (lacking - won) / total)


def _figures(
    offer: Offer, order: Ints, gained: Floats, found: Solution | None, week: Week
) -> Iterator[Figure]:
    before, after = _shares(offer, gained)
    label = Text("of all hours an open place in reach, afterwards")
    yield Figure("share_after", after, "%", label)
    yield Figure("share_before", before, "%", Text("of all hours an open place in reach, today"))
    won = float(offer.people @ gained)
    note = Text("One person who reaches an open place for one hour more is one hour.")
    low = _if_unknown_are_open(offer, order, week)
    yield Figure(
        "person_hours",
        float(round(won)),
        "",
        Text("person-hours gained a week"),
        float(round(low)),
        float(round(won)),
        note,
    )
    yield Figure(
        "people_gaining",
        float(offer.people[gained > 0].sum()),
        "people",
        Text("people who gain hours"),
    )
    yield Figure("places_known", float(len(offer.places)), "", Text("with known opening hours"))
    if found is not None:
        yield Figure("gap", 100 * found.gap, "%", Text("better at most"), aside=True)


def _if_unknown_are_open(offer: Offer, order: Ints, week: Week) -> float:
    """Person-hours that are gained if all places are open whose hours are not known."""
    lacking = [(~week.best[:, span.slots]).sum(axis=1) for span in offer.spans]
    bold = Offer(
        offer.spans,
        offer.places,
        np.column_stack(lacking).astype(np.float64),
        offer.reach,
        offer.people,
    )
    return float(offer.people @ bold.gained(order).sum(axis=1))


def _answer(
    offer: Offer,
    order: Ints,
    gained: Floats,
    found: Solution | None,
    week: Week,
    question: Question,
) -> Iterator[Text]:
    if not len(offer.places):
        yield Text("It cannot be told who would gain by further hours")
        yield Text(
            "Opening hours are known of none of the {count} places that fit.",
            count=len(week.places),
        )
        return
    if found is None or not len(order):
        yield Text("No further hours would gain anybody")
        yield Text("Whoever reaches a place at all reaches an open one in all of these spans.")
        return
    won = round(float(offer.people @ gained))
    yield Text(
        "{count} {count:person gains|people gain} hours",
        count=round(float(offer.people[gained > 0].sum())),
    )
    before, after = _shares(offer, gained)
    ends: tuple[float, float] = (out_of_100(after), out_of_100(before))
    if ends[0] == ends[1]:
        ends = round(after, 1), round(before, 1)
    changed = Text("{after} instead of {before}", after=ends[0], before=ends[1])
    yield Text(
        "{spans} further {spans:span gives|spans give} {hours} person-hours a week: {people} reach"
        " an open place then, on average of the times looked at ({when}).",
        spans=len(order),
        hours=won,
        people=Text(OUT_OF_100[question.group].template, share=changed),
        when=Text("the whole week") if question.open_when == ANY else WHEN[question.open_when],
    )
    low = round(_if_unknown_are_open(offer, order, week))
    if low < won:
        yield Text(
            "If every place of unknown hours is open then anyhow, it is only {hours}.", hours=low
        )
    if found.proven:
        yield Text("Proven: no other choice is better.")
    else:
        yield Text(
            "Another choice could be better by {gap} % at most.", gap=round(100 * found.gap, 1)
        )


def _notes(week: Week, offer: Offer, length: float, question: Question) -> Iterator[Text]:
    unsaid = len(week.places) - len(offer.places)
    if unsaid:
        yield Text(
            "{count} of {all} places that fit do not say when they are open: they are not among the"
            " choices. If they were open anyhow, less would be gained.",
            count=unsaid,
            all=len(week.places),
        )
    yield Text(
        "A span lasts {hours} hours and begins at 9, 14 or 18:00 (assumption). Whether there are"
        " staff, rooms and money for it is not considered.",
        hours=length,
    )
    yield from about_unreadable(week.places["opening_hours"], question.land)
    yield about_the_week(question.land)


ANALYSIS = Analysis(
    further_hours,
    title=Text("Further opening hours"),
    about=Text(
        "Which existing place should open at which further hours, so that most people gain."
    ),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("hours_lacking", float, Text("hours looked at without an open place in reach"), "h"),
        Column("hours_gained", float, Text("of them gained by the further hours"), "h"),
        Column("person_hours", float, Text("hours gained by all people of the cell"), "h"),
    ),
    trace=walk_of,
    picture=reach_around,
    asked=Text("Who should open longer, and when?"),
    topic="plan",
)
