"""Figures and tables of the walk after dark: always beside those of the day, never merged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from .asked import district_of
from .coverage_figures import LONGEST
from .dark_notes import known_share
from .dark_walks import DarkWalks, Ground, Within
from .paths import Bools, Floats
from .question import Question
from .registry import Figure, Table
from .schema import Column
from .shares import curve, out_of_100, quantile, share
from .sources.population import GROUPS, OUT_OF_100
from .text import Text


def answer_of(
    people: Floats, within: Within, question: Question, ground: Ground
) -> tuple[Text, ...]:
    """The dark first, then the day beside it, then who loses, then how sure it is."""
    day = share(people, within.day)
    if np.isnan(day):
        return (Text("Nobody lives here, according to these data"),)
    headline = OUT_OF_100[question.group].template
    worst, best = (out_of_100(share(people, reached)) for reached in (within.worst, within.best))
    most = Text(headline, share=best)
    least, some = (round(lost(people, within, reached)) for reached in (within.best, within.worst))
    return (
        Text("After dark: {share}", share=most)
        if worst == best
        else Text("After dark: between {low} and {share}", low=worst, share=most),
        Text("By day: {share}.", share=Text(headline, share=out_of_100(day))),
        Text(
            "Lose the place that they reach by day: {people} {group}.",
            people=least if least == some else Text("{low} to {high}", low=least, high=some),
            group=GROUPS[question.group],
        ),
        Text(
            "The light is known for {share} % of the ways.", share=round(100 * known_share(ground))
        ),
    )


def lost(people: Floats, within: Within, reached: Bools) -> float:
    """Count the people who reach a place by day, but are not among those `reached` after dark."""
    return float(np.nansum(people[within.day & ~reached]))


def nothing_known(people: Floats, within: Within, question: Question) -> tuple[Text, ...]:
    """Say that there is no figure after dark, and what it takes."""
    day = share(people, within.day)
    if np.isnan(day):
        return (Text("Nobody lives here, according to these data"),)
    by_day = Text(OUT_OF_100[question.group].template, share=out_of_100(day))
    return (
        Text("Nobody has noted yet where it is light after dark"),
        Text("So there is no figure after dark, and no guess. By day: {share}.", share=by_day),
        Text("It takes streets that say whether they are lit, or street lamps."),
    )


def figures_of(
    people: Floats, walks: DarkWalks, within: Within, question: Question
) -> Iterator[Figure]:
    """Headline figures; those of the day and of the dark are never one number."""
    minutes = question.who_walks.minutes
    unknown = Text("Worst and best case, because the light of some ways is not known.")
    certain = bool((within.worst == within.best).all())

    yield Figure(
        "share_after_dark",
        share(people, within.dark),
        "%",
        Text("reached after dark"),
        None if certain else share(people, within.worst),
        None if certain else share(people, within.best),
        Text("") if certain else unknown,
    )
    yield Figure("share_by_day", share(people, within.day), "%", Text("reached by day"))
    least, most = lost(people, within, within.best), lost(people, within, within.worst)
    yield Figure(
        "people_lose",
        lost(people, within, within.dark),
        "people",
        Text("lose their place after dark"),
        None if certain else least,
        None if certain else most,
        Text("") if certain else unknown,
        aside=not certain,
    )
    if not certain:
        yield Figure(
            "people_lose_at_best",
            least,
            "people",
            Text("lose their place after dark, at best"),
            note=Text("All ways of unknown light taken as lit."),
        )
        yield Figure(
            "people_lose_at_worst",
            most,
            "people",
            Text("lose their place after dark, at worst"),
            note=Text("All ways of unknown light taken as unlit."),
        )
    by_spots = lost(people, within, within.dark) - lost(people, within, within.by_light)
    if by_spots:
        yield Figure(
            "people_lose_by_spots",
            by_spots,
            "people",
            Text("of them only because of marked spots"),
        )
    yield _walk("median_by_day", Text("median walk by day"), minutes(walks.day.metres), people)
    yield _walk(
        "median_felt",
        Text("median walk after dark, as it feels"),
        minutes(walks.felt.metres),
        people,
    )
    yield _walk(
        "median_real",
        Text("the same on the clock"),
        minutes(walks.real),
        people,
    )


def _walk(name: str, label: Text, minutes: Floats, people: Floats) -> Figure:
    value = quantile(minutes, people, 0.5)
    return Figure(name, value if np.isfinite(value) else float("nan"), "min", label)


def curve_of(people: Floats, walks: DarkWalks, question: Question) -> Table:
    """Share of people within every minute [%], by day and after dark in both cases."""
    limits = np.arange(1.0, max(LONGEST, np.ceil(question.minutes)) + 1)
    minutes = question.who_walks.minutes
    frame = pd.DataFrame(
        {
            "minutes": limits,
            "by_day": curve(minutes(walks.day.metres), people, limits),
            "dark_best": curve(minutes(walks.best), people, limits),
            "dark_worst": curve(minutes(walks.worst), people, limits),
        }
    )
    columns = (
        Column("minutes", float, Text("Minutes"), "min"),
        Column("by_day", float, Text("by day"), "%"),
        Column("dark_best", float, Text("dark, at best"), "%"),
        Column("dark_worst", float, Text("dark, at worst"), "%"),
    )
    title = Text("The more minutes, the more people")
    return Table("curve", title, frame, columns, chart="line", marked=question.minutes)


SIDE_BY_SIDE = (
    Column("share_by_day", float, Text("by day"), "%"),
    Column("share_worst", float, Text("after dark at least"), "%"),
    Column("share_best", float, Text("after dark at most"), "%"),
    Column("lose_least", float, Text("lose their place, at least"), "people"),
    Column("lose_most", float, Text("lose their place, at most"), "people"),
)


def _side_by_side(people: Floats, within: Within, here: Bools) -> dict[str, float]:
    return {
        "share_by_day": share(people[here], within.day[here]),
        "share_worst": share(people[here], within.worst[here]),
        "share_best": share(people[here], within.best[here]),
        "lose_least": float(np.nansum(people[here & within.day & ~within.best])),
        "lose_most": float(np.nansum(people[here & within.day & ~within.worst])),
    }


def by_group(population: GeoDataFrame, within: Within) -> Table:
    """One row per group that the census knows."""
    everywhere = np.ones(len(population), dtype=bool)
    rows = {
        name: {"group": name} | _side_by_side(population[name].to_numpy(), within, everywhere)
        for name in GROUPS
        if population[name].notna().any()
    }
    columns = (Column("group", str, Text("For whom"), options=GROUPS), *SIDE_BY_SIDE)
    frame = pd.DataFrame(list(rows.values()), index=list(rows), columns=[c.name for c in columns])
    return Table("groups", Text("By day and after dark"), frame, columns)


def by_district(
    people: Floats, within: Within, homes: GeoSeries, districts: GeoDataFrame | None
) -> tuple[Table, ...]:
    """One row per district in the order of the layer: districts are not ranked by their dark."""
    if districts is None or districts.empty or not len(homes):
        return ()
    place = district_of(homes, districts)
    rows = [_side_by_side(people, within, place == number) for number in range(len(districts))]
    names, index = list(districts["name"]), list(map(str, districts.index))
    if (place < 0).any():
        rows.append(_side_by_side(people, within, place < 0))
        names, index = [*names, Text("outside all districts")], [*index, ""]
    columns = (Column("district", str, Text("District")), *SIDE_BY_SIDE)
    frame = pd.DataFrame(rows, index=index)
    # as objects, or else a sentence among the names loses its translation
    frame.insert(0, "district", pd.Series(names, index=index, dtype=object))
    return (Table("districts", Text("Districts"), frame, columns),)
