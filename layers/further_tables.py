"""Whom further opening hours gain: tables and numbered places of `further_hours`."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas
import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .frames import frame_of
from .further_hours import Offer, Span, singles
from .paths import Floats, Ints
from .registry import Table
from .schema import Column
from .shares import share
from .sources.meeting_places import KINDS
from .text import Text
from .weekly import Week

LISTED = 10
"""So many single spans are listed for comparison."""

PLACE = Column("opens", str, Text("Place"))
SPAN = Column("span", str, Text("Opens in addition"))
GAINING = Column("gaining", float, Text("people who gain hours"), "people")
PERSON_HOURS = Column("person_hours", float, Text("person-hours a week"))


def _place_and_span(offer: Offer, candidate: int) -> tuple[int, Span]:
    place, span = divmod(int(candidate), len(offer.spans))
    return int(offer.places[place]), offer.spans[span]


def tables_of(
    week: Week,
    offer: Offer,
    order: Ints,
    gains: tuple[Floats, ...],
    number: Ints,
    districts: GeoDataFrame | None,
) -> Iterator[Table]:
    """
    Tell whom each further span gains, beside the best single ones.

    Parameters
    ----------
    week
        Who reaches an open place when.
    offer
        What could open.
    order, gains
        What is chosen, and the hours that every home gains by each, as from `in_order`.
    number
        (n,) district of each home; -1 outside all of them.
    districts
        The districts, if there are any.
    """
    if not len(order):
        return
    names = names_of(week.places)
    rows = []
    for rank, (candidate, hours) in enumerate(zip(order, gains, strict=True), start=1):
        place, span = _place_and_span(offer, candidate)
        gaining = float(offer.people[hours > 0].sum())
        by = float(round(float(offer.people @ hours)))
        rows.append(
            {
                "rank": rank,
                "opens": names[place],
                "span": span.words,
                "gaining": gaining,
                "mostly": _where(hours, offer, number, districts),
                "person_hours": by,
            }
        )
    columns = [
        Column("rank", int, Text("Rank")),
        PLACE,
        SPAN,
        GAINING,
        Column("mostly", str, Text("most of them live in")),
        PERSON_HOURS,
    ]
    frame = frame_of(rows, columns)
    if districts is None or districts.empty:
        columns.pop(4)
    yield Table("chosen", Text("Whom each one gains"), frame, tuple(columns))
    yield _best_singles(week, offer)
    if districts is not None and not districts.empty:
        yield _by_district(offer, sum(gains, np.zeros(len(offer.people))), number, districts)


def names_of(places: GeoDataFrame) -> list[str]:
    """Return what places are called: their name, else what they are."""
    kinds = places["kind"] if "kind" in places.columns else [""] * len(places)
    return [
        name or (Text("{kind} without a name", kind=KINDS[kind]) if kind else "")
        for name, kind in zip(places["name"], kinds, strict=True)
    ]


def _where(hours: Floats, offer: Offer, number: Ints, districts: GeoDataFrame | None) -> str:
    """District in which most of those live who gain."""
    if districts is None or districts.empty:
        return ""
    inside = number >= 0
    won = np.bincount(number[inside], (offer.people * hours)[inside], minlength=len(districts))
    return str(districts["name"].iloc[int(np.argmax(won))]) if won.any() else ""


def _best_singles(week: Week, offer: Offer) -> Table:
    alone = singles(offer)
    first = np.argsort(-alone, axis=None, kind="stable")[:LISTED]
    first = first[alone.ravel()[first] > 0]
    names = names_of(week.places)
    rows = []
    for candidate in first:
        place, span = _place_and_span(offer, candidate)
        won = float(round(float(alone.ravel()[candidate])))
        rows.append({"opens": names[place], "span": span.words, "person_hours": won})
    columns = (PLACE, SPAN, PERSON_HOURS)
    frame = frame_of(rows, columns)
    return Table("singles", Text("For comparison: the best single spans"), frame, columns)


def _by_district(offer: Offer, gained: Floats, number: Ints, districts: GeoDataFrame) -> Table:
    rows = []
    for place, name in enumerate(districts["name"]):
        here = number == place
        people = offer.people[here]
        rows.append(
            {
                "district": name,
                "people": float(people.sum()),
                "person_hours": float(round(float(people @ gained[here]))),
                "share": share(people, gained[here] > 0),
            }
        )
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        PERSON_HOURS,
        Column("share", float, Text("people who gain hours"), "%"),
    )
    frame = frame_of(rows, columns)
    return Table("districts", Text("Districts"), frame, columns)


def marked_of(
    week: Week, offer: Offer, order: Ints, gains: tuple[Floats, ...]
) -> GeoDataFrame | None:
    """Return the places that open longer, as points; a name and what opens when for each."""
    if not len(order):
        return None
    at = [_place_and_span(offer, candidate) for candidate in order]
    places = week.places.iloc[[place for place, _ in at]]
    notes = [
        Text(
            "{span}: {people} people gain hours",
            span=span.words,
            people=round(float(offer.people[hours > 0].sum())),
        )
        for (_, span), hours in zip(at, gains, strict=True)
    ]
    return geopandas.GeoDataFrame(
        {
            "name": pd.Series(names_of(places), dtype=object).to_numpy(),
            "note": pd.Series(notes, dtype=object).to_numpy(),
        },
        geometry=places.geometry.centroid.to_numpy(),
        index=[str(rank) for rank in range(1, len(order) + 1)],
        crs=week.places.crs,
    )
