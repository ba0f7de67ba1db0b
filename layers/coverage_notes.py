"""What a careful reader must know of a coverage figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .hours_notes import NO_HOURS, NO_SEATS, about_hours
from .network import SNAP_LIMIT, Network
from .open_when import ANY
from .question import Question
from .sources.population import GROUPS
from .text import Text

CROWDED = 400
"""An estimate above this [people per hectare] is hardly true: dense old quarters hold fewer."""

COARSE = 300
"""Cells wider than this [m] are too coarse for one starting point each."""


def notes_on(
    population: GeoDataFrame,
    homes: GeoSeries,
    layer: GeoDataFrame,
    places: GeoDataFrame,
    streets: Network,
    table: GeoDataFrame,
    question: Question,
) -> tuple[Text, ...]:
    """
    Name what was assumed and what is missing, the gravest first.

    Parameters
    ----------
    population, streets
        As handed to the analysis.
    homes
        Where people start, per cell.
    layer, places
        All places of the layer asked for, and those that count.
    table
        Its table: `people` [people] and `minutes` [min] per cell.
    question
        What was asked.
    """
    around = tuple(about_layer(layer, streets, question))
    people = tuple(about_people(population, question))
    return (
        *((*around, *people) if places.empty else (*people, *around)),
        *about_ways(homes, streets, table, question),
        *about_walking(question),
    )


def about_people(population: GeoDataFrame, question: Question) -> Iterator[Text]:
    """Tell what is not sure about the number of people."""
    people = population[question.group]
    estimated = float(people[population["downscaled"]].sum())
    if estimated:
        yield Text(
            "{people} of {all} {group} are estimated: their number was known for a coarser area"
            " and was spread over the places where people live.",
            people=round(estimated),
            all=round(float(people.sum())),
            group=GROUPS[question.group],
        )
    if len(population) and _width(population) > COARSE:
        yield Text(
            "The areas of the population layer are up to {metres} m wide and each starts from one"
            " point: read this as a sketch, or import the census again with --downscale.",
            metres=round(_width(population)),
        )
    if people.isna().any():
        yield Text(
            "In {count} of {all} cells the number of {group} is not known; {count:it is|they are}"
            " not counted.",
            count=int(people.isna().sum()),
            all=len(people),
            group=GROUPS[question.group],
        )
    crowded = population["downscaled"] & (_per_hectare(population) > CROWDED)
    if crowded.any():
        yield Text(
            "In {count} {count:cell|cells} more than {limit} people per hectare are estimated: the"
            " map data probably end there, and too few buildings carry the people of a coarser"
            " area. Import map and census again to leave out who lives beyond.",
            count=int(crowded.sum()),
            limit=CROWDED,
        )
    shaky = (population["reliable"] == "no") & ~population["downscaled"]
    if shaky.any():
        yield Text(
            "{count} {count:cell holds a number|cells hold numbers} that {count:its|their} source"
            " calls unreliable.",
            count=int(shaky.sum()),
        )


def about_layer(
    layer: GeoDataFrame, streets: Network, question: Question, *, shared: bool = False
) -> Iterator[Text]:
    """Tell of the places of a layer what `about_places` tells; `shared` where seats count."""
    places = question.places(layer)
    snapped = streets.open_to(question.who_walks).snap(places.geometry)
    lost = len(places) - len(np.unique(snapped.owner))
    notes = about_places(layer, places, lost, question)
    if not shared:
        yield from notes
        return
    yield from (note for note in notes if note not in (NO_HOURS, NO_SEATS))
    if not question.asks_hours:
        yield Text("Opening hours are not considered.")
    if question.reach == "meeting_places":
        yield Text("Seats are what a place holds, whether they are taken or not.")


def about_places(
    layer: GeoDataFrame, places: GeoDataFrame, lost: int, question: Question
) -> Iterator[Text]:
    """Tell how many places count, how many of them no way leads to, and what they do not say."""
    if places.empty and len(replace(question, open_when=ANY).places(layer)):
        yield Text(
            "None of the places that fit is known to be open then. Nobody lives too far away from"
            " one; it is closed, or its hours are not recorded."
        )
        yield from about_hours(layer, question)
        return
    if places.empty:
        yield Text(
            "There is no such place in the data: none of the {count} known ones fits this question."
            " Nobody lives too far away from it; it is missing, or not recorded.",
            count=len(layer),
        )
        if question.reach == "counselling_services":
            yield from _about_counselling(layer)
        return
    yield Text("{count} of {all} places count.", count=len(places), all=len(layer))
    if lost:
        yield Text(
            "{count} of them {count:lies|lie} more than {metres} m from any way this walker can use"
            " and cannot be reached.",
            count=lost,
            metres=SNAP_LIMIT,
        )
    if question.reach == "counselling_services":
        yield from _about_counselling(layer)
    elif question.free_only and (places["fee"] == "unknown").any():
        yield Text(
            "{count} {count:place does|places do} not say whether {count:it costs|they cost} money;"
            " {count:its|their} kind decided.",
            count=int((places["fee"] == "unknown").sum()),
        )
    yield from about_hours(layer, question)


def _about_counselling(layer: GeoDataFrame) -> Iterator[Text]:
    hidden = int(layer["protected"].sum())
    remote = int(((layer["by_phone"] == "yes") | (layer["online"] == "yes")).sum())
    if hidden:
        yield Text(
            "{count} protected {count:place is|places are} not part of this: {count:its|their}"
            " location is secret, and how far {count:it is|they are} says nothing about whether"
            " there is room.",
            count=hidden,
        )
    if remote:
        yield Text(
            "{count} {count:service also helps|services also help} by phone or online.",
            count=remote,
        )


def about_ways(
    homes: GeoSeries, streets: Network, table: GeoDataFrame, question: Question
) -> Iterator[Text]:
    """Tell who is not connected and which ways do not say whether they can be used."""
    walker = question.who_walks
    usable = streets.open_to(walker)
    snapped = usable.snap(homes)
    far = np.setdiff1d(np.arange(len(table)), snapped.owner)
    people = table["people"].to_numpy()
    if np.nansum(people[far]):
        yield Text(
            "{people} {group} live more than {metres} m from any way this walker can use;"
            " they count as not connected.",
            people=round(float(np.nansum(people[far]))),
            group=GROUPS[question.group],
            metres=SNAP_LIMIT,
        )
    lonely = snapped.owner[usable.island[snapped.edge] > 0]
    cut_off = float(np.nansum(people[lonely]))
    if cut_off:
        yield Text(
            "{people} {group} start on ways that are not joined to the rest of the network:"
            " a gap in the street data, or an island.",
            people=round(cut_off),
            group=GROUPS[question.group],
        )
    if walker.needs != "anything":
        known = streets.step_free if walker.needs == "step_free" else streets.steps
        unsaid = streets.metres[known == "unknown"].sum() / max(streets.metres.sum(), 1)
        yield Text(
            "{share} % of all ways, by length, do not say whether this walker can use them.",
            share=round(100 * unsaid),
        )


def about_walking(question: Question) -> Iterator[Text]:
    """Tell the speed, and what slows down but is not counted."""
    walker = question.who_walks
    yield Text(
        "Walking speed {speed} km/h ({source}).",
        speed=round(walker.speed * 3.6, 1),
        source=walker.source,
    )
    yield Text("Slopes and waiting at single lights are not counted.")
    if question.reach == "meeting_places":
        yield Text(
            "No norm says how far a meeting place may be; {minutes} {minutes:minute|minutes}"
            " is what you asked for."
            " The curve under “{page}” shows every other choice.",
            minutes=question.minutes,
            page=Text("Coverage on foot"),
        )


def _width(population: GeoDataFrame) -> float:
    bounds = shapely.bounds(population.geometry.array)
    return float(np.quantile(bounds[:, 2:] - bounds[:, :2], 0.9))


def _per_hectare(population: GeoDataFrame) -> pd.Series[float]:
    return population["residents"] / (population.geometry.area / 10_000)
