"""What else may change where something is done: the walk after dark, and what night walks rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from layers import Text
from layers.audits import ITEMS, compare
from layers.measure_light import Lit, light_in
from layers.measures import Measure

from . import shelf
from .store import Store

AUDITS = "audits"
NEEDED = ("streets", "population", "meeting_places")
LEAST = 2
"""Fewer stops that were rated before and after cannot be compared."""


@dataclass(frozen=True)
class Rated:
    """
    What night walks rated in the places, before the measure and after.

    Parameters
    ----------
    before, after
        Stops rated in the time before it began, and since.
    stops
        Stops that were rated in both; only these are compared.
    rows
        Label of each item, means before and after, their difference and its interval.
    """

    before: int
    after: int
    stops: int
    rows: tuple[dict[str, Any], ...] = ()

    @property
    def told(self) -> Text | None:
        """What is missing before anything can be compared, or None."""
        if self.stops >= LEAST:
            return None
        return Text(
            "Night walks in the places: {before} {before:stop|stops} rated before, {after} after;"
            " the same stops have to be rated again to compare them.",
            before=self.before,
            after=self.after,
        )


def rated(store: Store, measure: Measure) -> Rated | None:
    """
    Compare what was rated at the stops in the places, stop by stop.

    Returns
    -------
    rated
        None if nobody has rated anything there.
    """
    if AUDITS not in store.names() or measure.places is None or measure.from_on is None:
        return None
    table = shelf.table(store, AUDITS)
    here = table[shapely.intersects(measure.places, table.geometry.array)]
    first = measure.from_on.isoformat()
    before, after = here[here["walked_on"] < first], here[here["walked_on"] >= first]
    if here.empty:
        return None
    stops = len(set(before["stop"]) & set(after["stop"]))
    if stops < LEAST:
        return Rated(len(before), len(after), stops)
    items = compare(before, after)
    told: dict[Any, Any] = items.to_dict("index")
    rows = tuple({"label": ITEMS[name].label} | row for name, row in told.items())
    return Rated(len(before), len(after), stops, rows)


def light(store: Store, measure: Measure) -> Lit | None:
    """Count who would keep a place after dark if every way in the places was lit."""
    present = set(store.names())
    if measure.places is None or not present.issuperset(NEEDED):
        return None
    streets, population, places = (shelf.table(store, name) for name in NEEDED)
    lamps = shelf.table(store, "street_lamps") if "street_lamps" in present else None
    return light_in(
        measure.places,
        streets,
        population=population,
        meeting_places=places,
        street_lamps=lamps,
    )


def light_told(found: Lit) -> Sequence[Text]:
    """Say in words what light would do, and what the city's data know of the light there."""
    gained = found.before[1] - found.after[1]
    data = (
        Text(
            "Of {metres} m of ways in the places, the city’s data know the light of {known} m;"
            " {lit} m are lit there.",
            metres=round(found.metres, -1),
            known=round(found.known, -1),
            lit=round(found.lit, -1),
        ),
    )
    if found.known < 1:
        nobody = Text(
            "Nobody has noted the light of these ways, so what more of it would do cannot be"
            " counted. Note it in the data first."
        )
        return (*data, nobody)
    if found.metres and found.lit >= found.metres - 1:
        done = Text(
            "In the city’s data every way in the places is lit already: before and after cannot be"
            " told apart here. Compare with an earlier version of the data."
        )
        return (*data, done)
    change = (
        Text(
            "With light on every way in the places, about {people} people more would keep a meeting"
            " place within reach after dark.",
            people=round(gained, -1) if gained >= 10 else round(gained),
        )
        if gained >= 1
        else Text("With light on every way in the places, nobody’s reach after dark would change.")
    )
    span = Text(
        "Now {low} to {high} people around lose theirs after dark, depending on ways whose light"
        " nobody has noted; then {low_then} to {high_then}.",
        low=round(found.before[0]),
        high=round(found.before[2]),
        low_then=round(found.after[0]),
        high_then=round(found.after[2]),
    )
    return (*data, change, span)
