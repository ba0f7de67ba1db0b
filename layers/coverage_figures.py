"""Figures and tables of a coverage: headline, groups, curve, districts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from .asked import district_of
from .doubts import Interval
from .frames import frame_of
from .paths import Bools, Floats
from .question import Question
from .registry import Figure, Table
from .schema import Column
from .shares import curve, out_of_100, quantile, share
from .sources.population import GROUPS, OUT_OF_100
from .sureness import Sure
from .text import Text
from .uncertainty import CAUSES

LONGEST = 30
"""The curve always runs to half an hour [min], and farther if more was asked for."""


def figures_of(
    population: GeoDataFrame,
    table: GeoDataFrame,
    question: Question,
    interval: Interval | None,
    sure: Sure | None = None,
) -> tuple[Figure, ...]:
    """
    Headline figures of a coverage, the most important first.

    Parameters
    ----------
    population
        (n,) areas with people per group.
    table
        (n,) rows: `people` [people], `minutes` and `straight_line` [min].
    question
        What was asked.
    interval
        Worst and best case of the headline [%], if something is not known.
    sure
        Simulated interval of every share; without it shares have none.
    """
    people, minutes = table["people"].to_numpy(), table["minutes"].to_numpy()
    covered = minutes <= question.minutes
    straight = table["straight_line"].to_numpy() <= question.minutes
    return (
        Figure(
            "share_covered",
            share(people, covered),
            "%",
            Text("reached"),
            *_ends(interval, sure, question.group),
        ),
        Figure(
            "people_covered", float(np.nansum(people[covered])), "people", Text("people reached")
        ),
        Figure(
            "people_not_covered",
            float(np.nansum(people[~covered])),
            "people",
            Text("without a place"),
        ),
        Figure(
            "people_not_connected",
            float(np.nansum(people[~np.isfinite(minutes)])),
            "people",
            Text("not connected"),
            note=Text("No walk to any such place is known, however long."),
        ),
        Figure(
            "share_straight_line",
            share(people, straight),
            "%",
            Text("by straight line"),
            note=Text("What a circle on the map would promise."),
        ),
        _walk("median_walk", Text("median walk"), minutes, people, 0.5),
        _walk("p90_walk", Text("nine in ten walk at most"), minutes, people, 0.9),
        *_of_groups(population, covered, question, interval, sure),
    )


def _ends(
    interval: Interval | None, sure: Sure | None, group: str
) -> tuple[float | None, float | None, Text]:
    """Ends of a share, and why: at least as wide as what is simulated and what is not known."""
    lows, highs = [], []
    if interval:
        lows, highs = [interval.low], [interval.high]
    if sure and group in sure.low:
        lows, highs = [*lows, sure.low[group]], [*highs, sure.high[group]]
    if not lows or not np.isfinite([*lows, *highs]).all():
        return None, None, Text("")
    why = interval.why if interval else sure.why if sure else Text("")
    return min(lows), max(highs), why


def _of_groups(
    population: GeoDataFrame,
    covered: Bools,
    question: Question,
    interval: Interval | None,
    sure: Sure | None,
) -> Iterator[Figure]:
    """Share and number covered for every other group the census knows."""
    for name, label in GROUPS.items():
        if name == question.group or not population[name].notna().any():
            continue
        people = population[name].to_numpy()
        low, high, _ = _ends(interval and interval.among(people), sure, name)
        yield Figure(f"share_covered_{name}", share(people, covered), "%", label, low, high)
        reached = float(np.nansum(people[covered]))
        yield Figure(f"people_covered_{name}", reached, "people", label, aside=True)


def _walk(name: str, label: Text, minutes: Floats, people: Floats, part: float) -> Figure:
    value = quantile(minutes, people, part)
    if np.isinf(value):
        note = Text("Cannot be told: too few people can walk there at all.")
        return Figure(name, float("nan"), "min", label, note=note)
    return Figure(name, value, "min", label)


def answer_of(
    table: GeoDataFrame, question: Question, headline: Figure | None = None
) -> tuple[Text, ...]:
    """
    Answer the question in words: the headline, then what the straight line would promise.

    Parameters
    ----------
    table, question
        As in `figures_of`.
    headline
        The share with its ends, where hours are asked for and not all are
        known: both ends are named, a single number would claim too much.
    """
    people = table["people"].to_numpy()
    reached = share(people, table["minutes"].to_numpy() <= question.minutes)
    if np.isnan(reached):
        return (Text("Nobody lives here, according to these data"),)
    straight = share(people, table["straight_line"].to_numpy() <= question.minutes)
    told: int | Text = out_of_100(reached)
    if headline is not None and headline.low is not None and headline.high is not None:
        ends = out_of_100(headline.low), out_of_100(headline.high)
        told = Text("{low} to {high}", low=ends[0], high=ends[1]) if ends[0] < ends[1] else told
    return (
        Text(OUT_OF_100[question.group].template, share=told),
        Text("The straight line would promise {share}.", share=out_of_100(straight)),
    )


def curve_of(table: GeoDataFrame, question: Question) -> Table:
    """Share of people within every minute [%], on foot and by straight line."""
    limits = np.arange(1.0, max(LONGEST, np.ceil(question.minutes)) + 1)
    people = table["people"].to_numpy()
    frame = pd.DataFrame(
        {
            "minutes": limits,
            "on_foot": curve(table["minutes"].to_numpy(), people, limits),
            "straight_line": curve(table["straight_line"].to_numpy(), people, limits),
        }
    )
    columns = (
        Column("minutes", float, Text("Minutes"), "min"),
        Column("on_foot", float, Text("on foot"), "%"),
        Column("straight_line", float, Text("straight line"), "%"),
    )
    title = Text("The more minutes, the more people")
    return Table("curve", title, frame, columns, chart="line", marked=question.minutes)


def doubt_of(sure: Sure) -> tuple[Table, ...]:
    """Tell what the doubt about the headline is made of [%]; nothing where there is none."""
    if not sum(sure.causes.values()):
        return ()
    frame = pd.DataFrame(
        {
            "cause": pd.Series(  # sentences stay as they were made, to be translated
                {cause: CAUSES[cause] for cause in sure.causes}, dtype=object
            ),
            "part": pd.Series({cause: 100 * part for cause, part in sure.causes.items()}),
        }
    ).rename_axis("id")
    columns = (Column("cause", str, Text("Doubt about")), Column("part", float, Text("part"), "%"))
    return (Table("doubt", Text("What the doubt is made of"), frame, columns),)


def by_district(
    table: GeoDataFrame, homes: GeoSeries, districts: GeoDataFrame | None
) -> tuple[Table, ...]:
    """One row per district, by the centre of each cell; the rest stands in its own row."""
    if districts is None or districts.empty or table.empty:
        return ()
    place = district_of(homes, districts)
    cells = (
        table["people"].to_numpy(),
        table["minutes"].to_numpy(),
        table["covered"].to_numpy() == "yes",
    )
    rows = [
        _district_row(cells, place == number, str(districts.index[number]), name)
        for number, name in enumerate(districts["name"])
    ]
    if (place < 0).any():
        rows.append(_district_row(cells, place < 0, "", Text("outside all districts")))
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        Column("people_uncovered", float, Text("without a place"), "people"),
        Column("share", float, Text("reached"), "%"),
        Column("median_walk", float, Text("median walk"), "min"),
    )
    frame = frame_of(rows, columns, [str(row["id"]) for row in rows])
    return (Table("districts", Text("Districts"), frame, columns),)


def _district_row(
    cells: tuple[Floats, Floats, Bools], here: Bools, row: str, name: str
) -> dict[str, object]:
    people, minutes, covered = cells[0][here], cells[1][here], cells[2][here]
    median = quantile(minutes, people, 0.5)
    return {
        "id": row,
        "district": name,
        "people": float(np.nansum(people)),
        "people_uncovered": float(np.nansum(people[~covered])),
        "share": share(people, covered),
        "median_walk": median if np.isfinite(median) else float("nan"),
    }
