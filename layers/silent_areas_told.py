"""Silent areas as rows, words and colours; what is not known is hatched and never looks calm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .paths import Ints
from .registry import Figure, Style
from .reporting_rate import HEARD, LEAST, QUIET, UNKNOWN, Heard, Rate, suggestions
from .schema import Column
from .text import Text

STATE = {
    HEARD: Text("enough marks to know something"),
    QUIET: Text("fewer marks than elsewhere, seen by its residents"),
    UNKNOWN: Text("not known: hardly any marks"),
}
"""What is known of an area."""

COLUMNS = (
    Column("place", str, Text("district or street nearby")),
    Column("state", str, Text("what is known"), options=STATE),
    Column("marks", int, Text("marks of both kinds, one device on one day once")),
    Column("residents", float, Text("people who live there")),
    Column("expected", float, Text("marks if people wrote as often as in the whole city")),
    Column("missing", float, Text("marks missing against that")),
    Column("rate", float, Text("marks per 1,000 residents")),
    Column("rate_low", float, Text("from, 90 %")),
    Column("rate_high", float, Text("to, 90 %")),
    Column("smoothed", float, Text("the same, drawn towards the city where residents are few")),
    Column("me_too", float, Text("people a month who agree with a published spot")),
    Column("me_too_low", float, Text("from, 90 % of agreeing")),
    Column("me_too_high", float, Text("to, 90 % of agreeing")),
    Column("dark_metres", float, Text("ways known to be unlit"), "m"),
    Column("places", int, Text("meeting places")),
    Column("rank", int, Text("rank among those to ask or walk next; 0 is none")),
)
FIRST = 10
"""So many areas are suggested."""
FIRST_OF_LIST = Text("the first area of the list")
MONTH = 30.0
THOUSAND = 1000.0


class Areas(NamedTuple):
    """Everything counted in m areas."""

    table: GeoDataFrame
    place: Any
    marks: Ints
    residents: Any
    dark_metres: Any
    places: Ints


def table_of(areas: Areas, found: Heard, users: Rate, me_too: Rate) -> GeoDataFrame:
    """
    Return one row per area, those to ask or walk next first.

    Parameters
    ----------
    areas
        What was counted.
    found
        Whether its people are heard.
    users
        Marks per resident.
    me_too
        People a day who agree with a spot.
    """
    next_ones = suggestions(found, most=FIRST)
    rank = np.zeros(len(areas.table), dtype=np.intp)
    rank[next_ones] = np.arange(1, len(next_ones) + 1)
    told = GeoDataFrame(
        {
            "place": pd.array(areas.place, dtype="str"),
            "state": pd.array(found.state, dtype="str"),
            "marks": areas.marks,
            "residents": areas.residents,
            "expected": found.expected,
            "missing": np.where(found.state == HEARD, 0.0, found.missing),
            "rate": THOUSAND * users.raw,
            "rate_low": THOUSAND * users.low,
            "rate_high": THOUSAND * users.high,
            "smoothed": THOUSAND * users.smoothed,
            "me_too": MONTH * me_too.raw,
            "me_too_low": MONTH * me_too.low,
            "me_too_high": MONTH * me_too.high,
            "dark_metres": areas.dark_metres,
            "places": areas.places,
            "rank": rank,
        },
        geometry=areas.table.geometry.to_numpy(),
        index=areas.table.index,
        crs=areas.table.crs,
    )
    order = np.argsort(np.where(rank > 0, rank, len(told) + 1), kind="stable")
    return told.iloc[order]


def answer_of(table: GeoDataFrame) -> tuple[Text, ...]:
    """Answer in words: for how many people nothing is known, and where to ask next."""
    if not len(table):
        return (Text("There are no areas to look at"),)
    unknown, quiet = (table["state"] == UNKNOWN).to_numpy(), (table["state"] == QUIET).to_numpy()
    lines = list(_unknown(table, int(unknown.sum())))
    if quiet.any():
        lines.append(
            Text(
                "In {count} {count:area|areas} fewer people write than elsewhere, seen by those"
                " who live there.",
                count=int(quiet.sum()),
            )
        )
    first = table[table["rank"] == 1]
    if len(first):
        lines.append(
            Text(
                "Most is to be learnt in: {place}. There {marks} {marks:mark stands|marks stand}"
                " against {expected} to be expected.",
                place=str(first["place"].iloc[0]) or FIRST_OF_LIST,
                marks=int(first["marks"].iloc[0]),
                expected=round(float(first["expected"].iloc[0])),
            )
        )
    return tuple(lines)


def _unknown(table: GeoDataFrame, count: int) -> Iterator[Text]:
    """Say for how many people nothing is known, or for how many areas."""
    if not count:
        yield Text("Every area has some marks")
        return
    residents = table["residents"].to_numpy()
    here = np.nansum(residents[(table["state"] == UNKNOWN).to_numpy()])
    share = 100 * here / max(np.nansum(residents), 1e-9)
    if round(share):
        yield Text(
            "Hardly anything is known of where {share} of 100 people live", share=round(share)
        )
    else:
        yield Text(
            "Of {count} of {all} areas hardly anything is known", count=count, all=len(table)
        )
    yield Text(
        "Of {all} areas {count} {count:has|have} fewer than {least} marks. No mark is no sign that"
        " all is well there.",
        count=count,
        all=len(table),
        least=LEAST,
    )


def figures_of(table: GeoDataFrame, users: Rate, me_too: Rate, spots: int) -> Iterator[Figure]:
    """Headline figures."""
    residents, unknown = table["residents"].to_numpy(), (table["state"] == UNKNOWN).to_numpy()
    if np.nansum(residents):
        yield Figure(
            "share_unknown",
            float(100 * np.nansum(residents[unknown]) / np.nansum(residents)),
            "%",
            Text("of the residents live where hardly anything is known"),
        )
    yield Figure("marks", float(table["marks"].sum()), "", Text("marks that count"))
    yield Figure("unknown", float(unknown.sum()), "", Text("areas of which nothing is known"))
    yield Figure(
        "quiet",
        float((table["state"] == QUIET).sum()),
        "",
        Text("areas in which fewer write than elsewhere"),
    )
    yield Figure("rate", THOUSAND * users.mean, "", Text("marks per 1,000 residents"))
    if spots:
        yield Figure(
            "me_too",
            MONTH * me_too.mean,
            "",
            Text("people a month agree with a published spot"),
            note=Text(
                "{count} published spots were watched; in single areas there are few of them",
                count=spots,
            ),
        )


def style_of() -> Style:
    """Choose colours: unknown has no ground, and nothing is green."""
    return Style(
        column="state",
        legend=Text("What is known of each area"),
        scale="kinds",
        kinds=(HEARD, QUIET, UNKNOWN),
        inks=("known", "known striped", "g3 hatched"),
        words=(STATE[HEARD], STATE[QUIET], STATE[UNKNOWN]),
        ranking="missing",
        ranking_title=Text("Where to ask or walk next"),
        telling=("place", "marks", "expected", "residents", "dark_metres"),
    )


def notes_on(table: GeoDataFrame, spots: int, *, people: bool) -> Iterator[Text]:
    """Say what the estimates rest on and what they cannot tell."""
    if people:
        yield Text(
            "Expected is what residents would have written if they wrote as often as those of the"
            " whole city. People who only pass by, at stations or in parks, are not counted by it."
        )
    else:
        yield Text("Residents are not known here, so nothing can be said per resident.")
    if spots:
        yield Text(
            "Agreement is counted from the day a spot was published, without its first marks: how"
            " readily people speak up is told by the voices that follow. It rests on {count}"
            " {count:spot|spots}, and is known only where such spots lie.",
            count=spots,
        )
    else:
        yield Text(
            "No published spot could be agreed with yet, so how readily people agree is not known."
        )
    yield Text(
        "“Fewer than elsewhere” is tested exactly, corrected for all areas at a false discovery"
        " rate of 5 %."
    )
    if (table["residents"].fillna(0) == 0).any():
        yield Text(
            "Areas without residents, such as parks and works, are hatched where hardly anybody"
            " writes, but nobody can say how much is missing there."
        )
    yield Text("Light is known only where somebody has noted it; nobody has counted pedestrians.")
