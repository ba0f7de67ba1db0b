"""How the worth of dark ways is told: rank, headline, notes, colours and pins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from geopandas import GeoDataFrame

from .darkness import Darkness
from .question import Question
from .registry import Style
from .sources.population import GROUPS
from .text import Text
from .works import NAMELESS

WHAT = {
    "unlit": Text("unlit way"),
    "partly": Text("partly lit way"),
    "unknown": Text("way of unknown light"),
    "spot": Text("marked unsafe spot"),
}
"""What can be mended."""

KINDS = {
    "footway": Text("footpath"),
    "path": Text("path"),
    "track": Text("field or forest track"),
    "steps": Text("steps"),
    "pedestrian": Text("pedestrian street"),
    "living_street": Text("home zone"),
    "residential": Text("residential street"),
    "service": Text("access road"),
    "cycleway": Text("cycle path"),
    "unclassified": Text("minor road"),
    "tertiary": Text("connecting road"),
    "secondary": Text("main road"),
    "primary": Text("major road"),
}
"""Kinds of way in planners' words; others are told in OpenStreetMap's."""

PINS = 10
"""So many rows are numbered on the map."""


BY = ["people_regained", "people_lost", "minutes_regained", "minutes_lost"]


def in_order(table: GeoDataFrame) -> GeoDataFrame:
    """
    Rank by what mending gives back, then by what is lost.

    Parameters
    ----------
    table
        (n,) rows with the columns `BY`.

    Returns
    -------
    ordered
        (n,) rows with `rank`; equal rows share a rank.
    """
    worth = table[BY].round(6)
    order = worth.sort_values(BY, ascending=False, kind="stable").index
    ordered = table.loc[order]
    new = worth.loc[order].diff().ne(0).any(axis=1).to_numpy()
    position = np.arange(1, len(table) + 1)
    rank = np.maximum.accumulate(np.where(new, position, 0)) if len(table) else position
    names = ["what", "name", "kind", "between", "factors", "dark_metres", *BY, "geometry"]
    return ordered[names].assign(rank=rank)


def answer_of(
    table: GeoDataFrame, question: Question, darkness: Darkness, *, told: bool
) -> tuple[Text, ...]:
    """
    Name the way that gives most people a place back by itself.

    Parameters
    ----------
    table
        Rows in their order.
    question, darkness
        What was asked.
    told
        Whether anybody has noted where it is light.
    """
    if not told:
        return (
            Text("Nobody has noted yet where it is light after dark"),
            Text("It takes streets that say whether they are lit, or street lamps."),
        )
    if table.empty:
        return (Text("No way is known to be unlit"),)
    if darkness.dark_factor == 1 and darkness.spot_factor == 1:
        return (Text("With a factor of 1 the dark changes nothing"),)
    first, group = table.iloc[0], GROUPS[question.group]
    if first["people_regained"] <= 0:
        return (
            Text("No single way gives anybody a place back"),
            Text("Either nobody loses one, or several dark ways in a row stand in between."),
        )
    equal = int((table["people_regained"] >= first["people_regained"] - 1e-6).sum()) - 1
    headline = Text(
        "{people} {group} get a place back by one measure: {name}",
        name=called(first["name"], first["kind"], first["between"]),
        people=round(first["people_regained"]),
        group=group,
    )
    others = Text("{count} {count:other does|others do} as much.", count=equal)
    return (headline, others) if equal else (headline,)


def called(name: str, kind: str, between: str) -> Text:
    """
    Call a way by its name, or by its kind where it has none, and by where it lies.

    Parameters
    ----------
    name, kind, between
        As in the list.
    """
    own = KINDS.get(kind, Text(kind)) if name == NAMELESS else Text("{name}", name=name)
    return Text("{name} ({between})", name=own, between=between) if between else own


def about_counting(table: GeoDataFrame, darkness: Darkness) -> Iterator[Text]:
    """Say what the two counts are, and what they are not."""
    yield Text(
        "Regained: who gets a place within reach if only this is mended and all else stays as it"
        " is. Lost: who would lose theirs if all else were as by day and only this were dark. Both"
        " are exact."
    )
    yield Text(
        "Several ways together can give back more than the sum of each alone, because people may"
        " have to pass them one after the other; and less, where one is enough."
    )
    if darkness.unknown_light == "dark":
        yield Text(
            "Ways of unknown light are listed as if they were unlit: go and look before lamps are"
            " set."
        )
    else:
        yield Text(
            "Ways of unknown light are not listed. Let them count as unlit, and the list tells at"
            " which of them it is worth to go and look."
        )
    if table["rank"].duplicated().any():
        yield Text(
            "Ways that are worth the same share a rank among all rows; the numbers of the list and"
            " of the map only count."
        )
    yield Text(
        "Minutes are felt minutes of one walk of everybody, also of those who keep their place."
    )


def style_of(table: GeoDataFrame, by: str) -> Style:
    """
    Colour the rows by how many people they bring back, or cost.

    Parameters
    ----------
    table
        Rows in their order.
    by
        Column that colours and ranks: "people_regained" or "people_lost".
    """
    most = float(table[by].max()) if len(table) else 0.0
    low = max(1, round(most / 10)) if most < 100 else round(most / 10, -1)
    regained = by == "people_regained"
    return Style(
        column=by,
        legend=Text("People who get a place back") if regained else Text("People who lose a place"),
        breaks=(0, low, low * 4),
        unit="people",
        words=(
            Text("nobody by this alone"),
            Text("up to {people}", people=round(low)),
            Text("up to {people}", people=round(low * 4)),
            Text("more"),
        ),
        ranking=by,
        ranking_title=Text("What helps most, each by itself"),
        telling=("name", "kind", "between", by),
        marked_legend=Text("The first of the list"),
    )


def numbered(table: GeoDataFrame, by: str) -> GeoDataFrame:
    """Return the middles of the first rows, as numbered pins."""
    first = table[table[by] > 0].sort_values(by, ascending=False, kind="stable").head(PINS)
    middles = [
        shape.interpolate(0.5, normalized=True)
        if shapely.get_dimensions(shape) == 1
        else shape.representative_point()
        for shape in first.geometry
    ]
    return GeoDataFrame(
        {"name": first["name"], "note": first["between"]}, geometry=middles, crs=table.crs
    )
