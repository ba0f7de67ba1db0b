"""What a careful reader must know of a siting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from geopandas import GeoDataFrame

from .coverage_notes import about_people, about_walking, about_ways
from .network import Network
from .siting_question import AIMS, CANDIDATES, EXISTING
from .siting_solve import Answered, Asked
from .sources.population import GROUPS
from .text import Text


def notes_on(
    asked: Asked,
    found: Answered,
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    table: GeoDataFrame,
) -> tuple[Text, ...]:
    """
    Name what was assumed and what is missing, the gravest first.

    Parameters
    ----------
    asked, found
        Question and answer.
    population, streets
        As handed to the analysis.
    layer
        All places of the layer asked for.
    table
        The table of the result.
    """
    return (
        Text(
            "A candidate is a spot on the map. Nobody has checked that a house can be had there,"
            " what it costs, or who would run it."
        ),
        *_about_candidates(asked),
        *_about_aim(asked, found),
        *_about_places(asked, found, layer),
        *_about_money(asked),
        *about_people(population, asked.wish),
        *about_ways(asked.homes, streets, table, asked.wish),
        *about_walking(asked.wish),
    )


def _about_candidates(asked: Asked) -> Iterator[Text]:
    wish, found = asked.wish, asked.sites
    yield Text(
        "{count} candidates were considered: {what}.",
        count=len(found.ids),
        what=CANDIDATES[wish.candidates],
    )
    if found.spacing > wish.spacing:
        yield Text(
            "That would have been too many corners: there is one per square of {wide} m instead of"
            " {asked} m.",
            wide=found.spacing,
            asked=round(wish.spacing),
        )
    hopeless = asked.problem.stranded
    if hopeless.any():
        yield Text(
            "{people} people live too far from every candidate and from every place: no choice can"
            " reach them.",
            people=round(float(asked.problem.people[hopeless].sum())),
        )
    if asked.problem.costs.nnz:
        _, sizes = np.unique(_alike(asked), return_counts=True)
        yield Text(
            "{cells} inhabited cells were considered; where the same candidates are in reach they"
            " count as one ({rows} remain), which changes nothing about the best.",
            cells=len(asked.counted),
            rows=len(sizes),
        )


def _alike(asked: Asked) -> list[bytes]:
    costs = asked.problem.costs
    pairs = zip(costs.indptr[:-1], costs.indptr[1:], strict=True)
    return [costs.indices[first:last].tobytes() for first, last in pairs]


def _about_aim(asked: Asked, found: Answered) -> Iterator[Text]:
    wish = asked.wish
    yield Text("What is best here: {aim}. {how}.", aim=AIMS[wish.aim], how=found.best.how)
    if wish.aim != "all" and not wish.budget and len(asked.new(found.best)) < wish.more:
        yield Text(
            "{count} {count:place is|places are} enough: more would help nobody by this aim.",
            count=len(asked.new(found.best)),
        )
    if wish.weighed:
        groups = tuple(GROUPS[name] for name in wish.weighed if name in asked.known)
        yield Text(
            "{groups} count {factor} times, as you asked; the figures show everybody once.",
            groups=groups,
            factor=wish.factor,
        )
    if wish.has_floor:
        yield Text(
            "In every district at least {floor} % were to be reached; that can cost reach"
            " elsewhere.",
            floor=round(wish.floor),
        )
    elif wish.floor > 0:
        yield Text("The least share of every district has no meaning for this aim; it is left out.")
    if wish.room > 0 and asked.problem.capacity is None:
        yield Text("Room in the places cannot be considered for this aim; it is left out.")
    if wish.model == "p_median":
        yield Text(
            "Who is farther than {minutes} {minutes:minute|minutes}"
            " from every chosen place counts as twice that.",
            minutes=round(wish.who_walks.minutes(asked.problem.longest)),
        )


def _about_places(asked: Asked, found: Answered, layer: GeoDataFrame) -> Iterator[Text]:
    count = len(asked.wish.places(layer))
    yield Text(
        "{count} of {all} places count today; they {what}.",
        count=count,
        all=len(layer),
        what=EXISTING[asked.wish.existing],
    )
    closed = asked.closed(found.best)
    if len(closed):
        told = tuple(str(name) for name in asked.standing["name"].to_numpy()[closed] if name)
        yield Text(
            "In this answer {count} of them would close: {names}.", count=len(closed), names=told
        )


def _about_money(asked: Asked) -> Iterator[Text]:
    wish, prices = asked.wish, asked.prices
    if prices is None:
        if wish.new_cost or wish.keep_cost or wish.close_cost:
            yield Text("Costs decide only with a budget, or where everybody shall be reached.")
        return
    yield Text(
        "Of {known} places the city has noted what they cost; elsewhere a new place counts"
        " {new} € a year, one that stays {keep} € and closing one {close} €, as you said.",
        known=prices.known,
        new=round(wish.new_cost),
        keep=round(wish.keep_cost),
        close=round(wish.close_cost),
    )
    if asked.wish.budget > 0:
        yield Text("The budget decides how many places there are, not their number.")
