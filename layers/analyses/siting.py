"""Siting: where new places should stand, and how sure that is."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from ..asked import check_group, layer_asked
from ..network import Network
from ..paths import Ints
from ..registry import Analysis, Result, Style
from ..schema import Column
from ..sites import named
from ..siting_notes import notes_on
from ..siting_question import Wish
from ..siting_solve import Answered, Asked, ask, at_once, proven
from ..siting_tables import answer_of, figures_of, tables_of
from ..sureness_pairs import Beside, gained_told, lists_beside, lists_of, with_intervals
from ..text import Text
from ..watch import Watch, nobody
from .coverage import walk_of as walk_before

STATES: dict[str, Text] = {
    "before": Text("reached today already"),
    "new": Text("newly reached"),
    "none": Text("still not reached"),
    "lost": Text("no longer reached"),
}
"""What becomes of a cell."""


def siting(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    buildings: GeoDataFrame | None = None,
    *,
    question: Wish = Wish(),
    watch: Watch = nobody,
) -> Result:
    """
    Choose where new places should stand, and prove that there is nothing better.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places there are; protected places have no location and are left out.
    districts
        Areas for the least share of each district, and for tables.
    buildings
        Houses that may become a place, and addresses.
    question
        What shall be best, how many places, where they may stand.
    watch
        Who waits for the proof.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`: walks
        today and then; `marked`: the chosen sites, numbered.

    Raises
    ------
    InfeasibleError
        If no choice can keep to what is asked.
    MissingLayerError
        If the layer of the places asked for is not there.
    ParameterError
        If nothing is known about the group asked for.
    Cancelled
        If nobody wants the answer any more.

    Source
    ------
    Most people reached: Church & ReVelle (1974), Papers of the Regional Science Association 32,
    101-118. All with the fewest: Toregas, Swain, ReVelle & Bergman (1971), Operations Research
    19(6), 1363-1373. Short walks: Hakimi (1964), Operations Research 12, 450-459. Twice: Hogan &
    ReVelle (1986), Management Science 32, 1434-1444.
    """
    watch(0.0, Text("measuring the walks to all candidates"))
    layer = _checked(population, meeting_places, counselling_services, question)
    asked = ask(question, population, streets, layer, districts, buildings)
    found = proven(asked, watch)
    watch(1.0, Text("writing down the answer"))
    return _result(asked, found, population, streets, layer, districts, buildings)


def quick_siting(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    buildings: GeoDataFrame | None = None,
    *,
    question: Wish = Wish(),
) -> Result:
    """Answer as `siting` does, with what is found in a moment and how good it is at least."""
    layer = _checked(population, meeting_places, counselling_services, question)
    asked = ask(question, population, streets, layer, districts, buildings)
    return _result(asked, at_once(asked), population, streets, layer, districts, buildings)


def walk_of(
    row: str,
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    buildings: GeoDataFrame | None = None,  # noqa: ARG001, called with the inputs of `siting`
    *,
    question: Wish = Wish(),
) -> GeoDataFrame:
    """Draw the walk from a cell to its nearest place as it is today."""
    return walk_before(
        row,
        population,
        streets,
        meeting_places,
        counselling_services,
        districts,
        question=question,
    )


def _checked(
    population: GeoDataFrame,
    meeting_places: GeoDataFrame | None,
    counselling_services: GeoDataFrame | None,
    question: Wish,
) -> GeoDataFrame:
    check_group(population, question)
    return layer_asked(question, meeting_places, counselling_services)


def _result(
    asked: Asked,
    found: Answered,
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    districts: GeoDataFrame | None,
    buildings: GeoDataFrame | None,
) -> Result:
    new = asked.new(found.best)
    names = named(asked.sites, _told(asked, found), streets, buildings)
    table = _cells(asked, found, population, streets, layer, names)
    # who is still not reached stands out as squares, not as a colour
    kinds = ("before", "new", "lost") if len(asked.closed(found.best)) else ("before", "new")
    tables = tables_of(asked, found, table, names, districts)
    beside = _beside(asked, found, population, streets, layer)
    return Result(
        table=table,
        figures=with_intervals(figures_of(asked, found, population, table), beside, asked.wish),
        answer=answer_of(asked, found, table),
        notes=(
            *notes_on(asked, found, population, streets, layer, table),
            *gained_told(beside),
        ),
        tables=tables,
        style=Style(
            column="state",
            legend=Text("Who gets there in time"),
            scale="kinds",
            kinds=kinds,
            inks=("k0", "k1", "k3")[: len(kinds)],
            words=tuple(STATES[kind] for kind in kinds),
            unit="",
            squares="people_uncovered",
            squares_legend=Text("Still not reached: so many people"),
            ranking_title=Text("Where people still have no place in time"),
            telling=("people_uncovered", "minutes"),
            marked_legend=Text("new place"),
        ),
        marked=_marked(asked, new, names, tables[0].frame),
        final=found.best.proven and found.whole,
    )


def _beside(
    asked: Asked,
    found: Answered,
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
) -> Beside:
    """Simulate how sure it is who is reached today and then."""
    wish, new = asked.wish, asked.new(found.best)
    places, chance = before = lists_of(wish, layer)
    gone = asked.standing.index[asked.closed(found.best)]
    stay = ~places.index.isin(gone) & (wish.existing != "ignored")
    sites = geopandas.GeoSeries(
        asked.sites.points.iloc[new].array,
        index=[f"{asked.sites.ids[n]} (new)" for n in new],
        crs=places.crs,
    )
    after = pd.concat([places[stay], sites]), np.append(chance[stay], np.ones(len(new)))
    network = streets.open_to(wish.who_walks)
    return lists_beside(population, asked.homes, network, wish, before, after)


def _told(asked: Asked, found: Answered) -> Ints:
    """Candidates whose names are told: of the answer and of all others."""
    chosen = [asked.new(one) for one in (found.best, *found.others)]
    return np.unique(np.concatenate(chosen)) if chosen else np.empty(0, dtype=np.intp)


def _cells(
    asked: Asked,
    found: Answered,
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    names: dict[int, str],
) -> GeoDataFrame:
    """Table of cells with their walk today and then."""
    wish, usable = asked.wish, streets.open_to(asked.wish.who_walks)
    today = wish.places(layer)
    before = usable.nearest(asked.homes, today.geometry).metres
    stay = asked.standing.drop(asked.standing.index[asked.closed(found.best)])
    new = asked.new(found.best)
    there = pd.concat(
        [stay.geometry.reset_index(drop=True), asked.sites.points.iloc[new]], ignore_index=True
    )
    walks = usable.nearest(asked.homes, geopandas.GeoSeries(there, crs=layer.crs))
    called = np.array([*stay["name"], *(names[n] for n in new), ""], dtype=object)
    in_time, was_in_time = walks.metres <= wish.metres, before <= wish.metres
    state = np.select(
        [in_time & was_in_time, in_time, was_in_time], ["before", "new", "lost"], "none"
    )
    people = population[wish.group]
    return GeoDataFrame(
        {
            "people": people,
            "minutes_before": wish.who_walks.minutes(before),
            "minutes": wish.who_walks.minutes(walks.metres),
            "place": pd.array(called[walks.target], dtype="str"),
            "state": pd.array(state, dtype="str"),
            "people_gained": people.where(in_time & ~was_in_time, 0.0)
            - people.where(was_in_time & ~in_time, 0.0),
            "people_uncovered": people.where(~in_time, 0.0),
        },
        geometry=population.geometry,
        crs=population.crs,
    )


def _marked(asked: Asked, new: Ints, names: dict[int, str], told: pd.DataFrame) -> GeoDataFrame:
    notes = [
        Text(
            "{gained} more {gained:person gets|people get} there in time, for {nearest} it is the"
            " nearest place",
            gained=round(float(gained)),
            nearest=round(float(nearest)),
        )
        for gained, nearest in zip(told["gained"], told["nearest"], strict=True)
    ]
    return GeoDataFrame(
        {
            "name": pd.Series([names[n] for n in new], dtype=object),
            "note": pd.Series(notes, dtype=object),
        },
        geometry=asked.sites.points.iloc[new].reset_index(drop=True),
        crs=asked.homes.crs,
    ).set_axis([asked.sites.ids[n] for n in new])


ANALYSIS = Analysis(
    siting,
    title=Text("Where new places should stand"),
    about=Text(
        "The sites that help most, for your aim: with the people each one gains, with other good"
        " choices, and with how far from the best possible it can be at most."
    ),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("minutes_before", float, Text("walk to the nearest place today"), "min"),
        Column("minutes", float, Text("walk to the nearest place then"), "min"),
        Column("place", str, Text("the nearest place then")),
        Column("state", str, Text("reached in time"), options=STATES),
        Column("people_gained", float, Text("people newly reached"), "people"),
        Column("people_uncovered", float, Text("people without a place in time"), "people"),
    ),
    trace=walk_of,
    asked=Text("Where should the next places stand?"),
    topic="plan",
    quick=quick_siting,
)
