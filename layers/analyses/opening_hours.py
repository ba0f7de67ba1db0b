"""Opening hours: who reaches an open place at which hour of the week."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from geopandas import GeoDataFrame, GeoSeries

from ..asked import check_group, district_of, layer_asked
from ..coverage_notes import about_people, about_walking, about_ways
from ..doubts import doubts_of, why_of
from ..hours_notes import (
    about_evenings,
    about_holidays,
    about_texts,
    about_the_week,
    about_unreadable,
)
from ..network import Network
from ..open_when import DAYS, EVENINGS, WINDOWS, told, window
from ..opening_hours import DAY, OPEN, UNKNOWN, WEEK, hours
from ..paths import Floats, Ints
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import YES_NO_UNKNOWN, Column
from ..shares import out_of_100, quantile
from ..sources.population import OUT_OF_100
from ..sureness_pairs import Beside, hours_beside, with_intervals
from ..text import Text
from ..weekly import (
    Week,
    at_chosen_hours,
    chosen_slots,
    chosen_words,
    mean_shares,
    shares_by_hour,
    week_of,
)
from ..weekly_tables import by_district, curve_of, heat_of
from .coverage import reach_around, walk_of

FEW, MANY = 10.0, 40.0
"""Hours a week up to which a cell is drawn as poorly and as fairly served (assumption)."""


def opening_hours(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    districts: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
) -> Result:
    """
    Coverage for every hour of an ordinary week and of a public holiday.

    All walks are found once; each hour then asks who reaches one of the places
    that are open in it. Places whose hours are not known give a worst and a
    best case for every figure.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may be asked for.
    districts
        Areas for a table by district.
    question
        Which places, which people, which walk, within what. `open_when` and
        `open_hour` choose the hours that are told; Sunday if none is chosen.

    Returns
    -------
    result
        `table`: (n,) rows, same index, CRS and order as `population`, see
        `ANALYSIS.columns`; `figures`: share reached in the chosen hours, at
        other times and whatever the hour; `tables`: share of every hour in
        the worst and the best case, the same as a curve, and districts.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`.

    Source
    ------
    OpenStreetMap wiki, Key:opening_hours/specification; see `layers.opening_hours`.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    homes = population.centroid
    week = week_of(homes, streets, layer, question)
    people = population[question.group].to_numpy(dtype=float)
    chosen = chosen_slots(question)
    table = _table(population, people, week, chosen)
    notes = (
        *_notes(week, question),
        *about_people(population, question),
        *about_ways(homes, streets, table, question),
        *about_walking(question),
    )
    if not week.known.any():
        return _unknown(table, week, people, notes)
    number = district_of(homes, districts)
    return Result(
        table=table,
        figures=with_intervals(
            _figures(people, week, chosen, question, layer),
            _beside(population, homes, streets, week, chosen, question),
            question,
            after="share_chosen",
        ),
        answer=tuple(_answer(people, week, chosen, question)),
        notes=notes,
        tables=(
            *heat_of(people, week),
            curve_of(people, week, chosen),
            *by_district(table, week, chosen, number, districts),
        ),
        style=Style(
            column="hours",
            legend=Text("Hours a week with an open place in reach"),
            breaks=(0.0, FEW, MANY),
            unit="h",
            inks=("m3", "m2", "m1", "m0"),
            words=(
                Text("none that is known"),
                Text("up to {hours} h", hours=FEW),
                Text("up to {hours} h", hours=MANY),
                Text("more than {hours} h", hours=MANY),
            ),
            squares="people_without",
            squares_legend=Text("Gap in the chosen hours: so many people"),
            others_title=Text("And at other times?"),
        ),
    )


def _table(population: GeoDataFrame, people: Floats, week: Week, chosen: Ints) -> GeoDataFrame:
    """Table of cells: how many hours, and whether in the chosen ones."""
    worst, best = week.worst[:, chosen], week.best[:, chosen]
    without = people * (1 - week.asked[:, chosen].mean(axis=1))
    return GeoDataFrame(
        {
            "people": people,
            "hours": week.worst[:, :WEEK].sum(axis=1).astype(float),
            "hours_best": week.best[:, :WEEK].sum(axis=1).astype(float),
            "reached": np.where(
                worst.all(axis=1), "yes", np.where(best.any(axis=1), "unknown", "no")
            ),
            "people_without": without,
        },
        index=population.index,
        geometry=population.geometry,
        crs=population.crs,
    )


def _figures(
    people: Floats, week: Week, chosen: Ints, question: Question, layer: GeoDataFrame
) -> Iterator[Figure]:
    doubts = doubts_of(at_chosen_hours(question), layer)
    label = Text("reached {when}", when=chosen_words(question))
    value, low, high = mean_shares(people, week, chosen)
    note = why_of(doubts) if doubts else Text("")
    ends = (low, high) if doubts else (None, None)
    yield Figure("share_chosen", value, "%", label, low=ends[0], high=ends[1], note=note)
    yield Figure(
        "share_whatever_the_hour",
        _always(people, week),
        "%",
        Text("whatever the hour"),
        note=Text("If every place that fits were always open."),
    )
    for name, text, slots in _windows():
        value, low, high = mean_shares(people, week, slots)
        ends = (low, high) if high > low else (None, None)
        yield Figure(f"share_{name}", value, "%", text, low=ends[0], high=ends[1])
    yield from _counts(people, week)


def _beside(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    week: Week,
    chosen: Ints,
    question: Question,
) -> Beside:
    """Simulate the chosen hours; a place of unknown hours is as often open as known ones are."""
    states = week.states[:, chosen]
    sure = (states == OPEN).astype(float)
    part = sure[week.known].mean(axis=0) if week.known.any() else np.zeros(len(chosen))
    is_open = np.where(states == UNKNOWN, np.round(part, 2), sure)
    if question.step_free_only:
        is_open = np.where((week.places["step_free"] == "yes").to_numpy()[:, None], is_open, 0.0)
    network = streets.open_to(question.who_walks)
    return hours_beside(population, homes, network, question, week.places.geometry, is_open)


def _counts(people: Floats, week: Week) -> Iterator[Figure]:
    weekly = week.asked[:, :WEEK].sum(axis=1).astype(float)
    yield Figure(
        "median_hours",
        quantile(weekly, people, 0.5),
        "h",
        Text("hours a week, median"),
    )
    yield Figure(
        "people_never",
        float(np.nansum(people[weekly == 0])),
        "people",
        Text("never reach an open place"),
        note=Text("In no hour of the week, as far as opening hours are known."),
    )
    yield Figure("places", float(len(week.places)), "", Text("places that fit"))
    yield Figure("places_known", float(week.known.sum()), "", Text("with known opening hours"))


def _windows() -> Iterator[tuple[str, Text, Ints]]:
    """Parts of the week that are told beside the chosen hours."""
    yield "weekday_daytime", Text("weekdays in the daytime, 9 to 17:00"), window("weekday_daytime")
    yield (
        "weekday_evenings",
        Text("weekdays in the evening, 18 to 22:00"),
        window("weekday_evenings"),
    )
    yield "saturday", Text("Saturdays, 9 to 22:00"), window("saturdays")
    yield "sunday", Text("Sundays, 9 to 22:00"), window("sundays")
    yield "sunday_15", Text("Sundays at 15:00"), np.array([6 * 24 + 15])
    yield "public_holiday", Text("public holidays, 9 to 22:00"), window("public_holidays")


def _always(people: Floats, week: Week) -> float:
    return float(shares_by_hour(people, week.always[:, None])[0])


def _answer(people: Floats, week: Week, chosen: Ints, question: Question) -> Iterator[Text]:
    _, low, high = mean_shares(people, week, chosen)
    if np.isnan(low):
        yield Text("Nobody lives here, according to these data")
        return
    worst, best = out_of_100(low), out_of_100(high)
    share = worst if worst == best else Text("{low} to {high}", low=worst, high=best)
    yield Text(OUT_OF_100[question.group].template, share=share)
    when = chosen_words(question)
    if question.open_when == EVENINGS:
        yield Text("This holds on average {when}.", when=when)
    else:
        yield Text("This holds {when}.", when=when)
    yield Text(
        "If every place were always open, it would be {share}.",
        share=out_of_100(_always(people, week)),
    )
    yield from _least(people, week)


def _least(people: Floats, week: Week) -> Iterator[Text]:
    """Name the hours in which fewest people reach an open place."""
    shares = shares_by_hour(people, week.asked)
    awake = window("waking")
    first, last = WINDOWS["waking"]["from"], WINDOWS["waking"]["to"]
    nobody = int((shares[awake] == 0).sum())
    if nobody:
        yield Text(
            "In {count} of the {all} hours a week between {start} and {end}:00, nobody reaches an"
            " open place as far as is known.",
            count=nobody,
            all=len(awake),
            start=first,
            end=last,
        )
        return
    least = int(awake[np.argmin(shares[awake])])
    yield Text(
        "Fewest people between {start} and {end}:00: {share} of 100, {when}.",
        start=first,
        end=last,
        share=out_of_100(float(shares[least])),
        when=told(DAYS[least // DAY], least % DAY, "closed"),
    )


def _notes(week: Week, question: Question) -> Iterator[Text]:
    unsaid = int((~week.known).sum())
    if unsaid:
        yield Text(
            "Opening hours are not known of {count} of the {all} places that fit; in the worst"
            " case they are always closed, in the best case always open.",
            count=unsaid,
            all=len(week.places),
        )
    texts = week.places["opening_hours"]
    yield from about_texts([hours(text, question.land) for text in texts])
    yield from about_unreadable(texts, question.land)
    if question.open_when == EVENINGS:
        yield about_evenings()
    yield about_the_week(question.land)
    yield about_holidays(question.land)
    yield Text("Free seats are not considered.")


def _unknown(table: GeoDataFrame, week: Week, people: Floats, notes: tuple[Text, ...]) -> Result:
    """Tell that nothing can be told: nobody knows when any of the places is open."""
    table = table.assign(hours=np.nan, hours_best=np.nan, reached="unknown", people_without=np.nan)
    always = _always(people, week)
    return Result(
        table=table,
        figures=(
            Figure("places", float(len(week.places)), "", Text("places that fit")),
            Figure("places_known", 0.0, "", Text("with known opening hours")),
        ),
        answer=(
            Text("It cannot be told who reaches an open place"),
            Text(
                "Opening hours are known of none of the {count} places that fit. Whatever the"
                " hour, {share} of 100 people reach one.",
                count=len(week.places),
                share=out_of_100(always),
            )
            if np.isfinite(always)
            else Text("Nobody lives here, according to these data"),
            Text(
                "Write opening hours into the layer of these places, as OpenStreetMap notes them"
                " or in German: “Di, Do 14-18 Uhr” is understood."
            ),
        ),
        notes=notes,
        tables=(),
        style=Style(
            column="hours",
            legend=Text("Hours a week with an open place in reach"),
            unit="h",
            words=(Text("not known"),),
            inks=("m0",),
        ),
    )


ANALYSIS = Analysis(
    opening_hours,
    title=Text("Opening hours"),
    about=Text(
        "Who reaches an open place at which hour of the week: all 168 hours and public holidays."
    ),
    columns=(
        Column("people", float, Text("people asked about in the cell"), "people"),
        Column("hours", float, Text("hours a week with an open place in reach, at worst"), "h"),
        Column("hours_best", float, Text("the same, at best"), "h"),
        Column("reached", str, Text("reached in all of the chosen hours"), options=YES_NO_UNKNOWN),
        Column(
            "people_without",
            float,
            Text("people without an open place, on average of the chosen hours"),
            "people",
        ),
    ),
    trace=walk_of,
    picture=reach_around,
    asked=Text("When is a place open that people can walk to?"),
    order=5,
)
