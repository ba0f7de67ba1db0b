"""Night walks of the invented town: one is finished and rated by three, one is ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.audits import ITEMS, STEPS
from layers.days import day_of
from layers.factors import FACTORS
from layers.priorities_parts import RATED
from layers.schema import SEPARATOR

from . import night_walks, walk_results, whereabouts
from .languages import FALLBACK, say
from .store import Rating, Stop, Store, Walk, WalkRatings, Walks
from .store.provenance import write_remarks
from .trial import PREVENTION as BY
from .trial import all_invented
from .walk_hints import hints

DAY = timedelta(days=1)
WORDS = ("EULEN234", "DACHS567", "FUCHS892")
"""Words of the three devices."""
STRICT = (-0.2, 0.0, 0.2)
"""How much lower or higher each of the three rates everything [steps]."""
APART = 0.4
"""How differently they see one and the same thing: standard deviation [steps]."""
BAD, SOME, GOOD = 0.4, 1.7, 2.5
"""What is rated where a reason of the place tells of it, elsewhere, and at pleasant places."""
LEFT_OPEN = 0.05
"""Part of the boxes that nobody ticks."""
MINUTES = 11
"""From one stop to the next, with rating."""
MOST = 8
"""Stops of a walk, at most."""
LIMIT = 5500.0
"""Longest walk of the two [m]."""
NOTES = ("Die zweite Laterne ist aus.", "Hier würde ich umdrehen.", "Angenehm, viele Fenster.")
SEED = 6


@dataclass(frozen=True)
class _Place:
    """A stop that might be, what it is worth, and what is really so there."""

    stop: Stop
    worth: float
    kind: str
    factors: tuple[str, ...]


def live_walks(store: Store, truth: GeoDataFrame, *, seed: int, at: datetime) -> int:
    """
    Walk once by night and plan a second walk, if the store holds none.

    Parameters
    ----------
    store
        With the invented town and its marks; nothing is done beside real data.
    truth
        What `layers.sample_town.marks.sample_marks` returns with the marks, in
        the system of the store.
    seed
        The same seed and moment give the same ratings.
    at
        Now; the first walk was in the weeks before.

    Returns
    -------
    count
        How many were made.
    """
    walks = Walks(store)
    if walks.listed() or walks.listed(deleted=True) or not all_invented(store):
        return 0
    spots = [_place(store, row) for row in truth[truth["what"] == "spot"].to_dict("records")]
    pleasant = next((one for one in spots if one.kind == "at_ease"), None)
    if pleasant is None or len(spots) == 1:
        return 0
    _walked(store, pleasant, spots, seed, at)
    _ahead(store, spots[0], at)
    return len(walks.listed())


def _place(store: Store, row: dict[str, Any]) -> _Place:
    middle = shapely.centroid(row["geometry"])
    name = say(whereabouts.words(store, middle.x, middle.y), FALLBACK)
    factors = tuple(row["factors"].split(SEPARATOR))
    why = Text("marked as unsafe ({reasons})", reasons=tuple(FACTORS[one].label for one in factors))
    unsafe = row["kind"] == "unsafe"
    stop = Stop(
        round(middle.x, 2), round(middle.y, 2), name, write_remarks((why,)) if unsafe else ""
    )
    return _Place(stop, 1.0, row["kind"], factors)


def _walked(store: Store, start: _Place, spots: list[_Place], seed: int, at: datetime) -> None:
    """Plan a round past true spots and what is suggested, rate it, write its results."""
    evening = (at - 12 * DAY).replace(hour=21, minute=0, second=0, microsecond=0)
    settings = _settings(start)
    suggested = hints(store, settings, tuple(one.stop for one in spots))
    dark = [_Place(one.stop(), one.worth / 2, "unsafe", ("poor_light",)) for one in suggested]
    places = [*spots, *dark][:MOST]
    walk = _planned(store, "Abendwege, erster Rundgang", settings, places, evening, at - 30 * DAY)
    if walk is None:
        return
    opened = Walks(store).open(walk.id, by=BY, at=evening - DAY)
    ratings = WalkRatings(store)
    really = {(one.stop.x, one.stop.y): one for one in places}
    drawn = _rated([(one.id or 0, really[one.x, one.y]) for one in opened.stops], seed, evening)
    for word, sent in drawn:
        ratings.receive(opened.token, word, sent, at=evening + DAY / 4)
    walk_results.finish(
        store, Walks(store), Walks(store).get(walk.id), ratings.all(walk.id),
        walked_on=day_of(evening), by=BY, at=evening + DAY,
    )  # fmt: skip


def _ahead(store: Store, start: _Place, at: datetime) -> None:
    """Plan a walk past what is suggested, for an evening to come."""
    settings = _settings(start)
    suggested = hints(store, settings, (start.stop,))
    places = [start, *(_Place(h.stop(), h.worth, "", ()) for h in suggested)][:MOST]
    name = f"Zweiter Rundgang: {start.stop.name}"
    _planned(store, name, settings, places, at + 9 * DAY, at - 2 * DAY)


def _settings(start: _Place) -> dict[str, Any]:
    spot = {"x": start.stop.x, "y": start.stop.y, "name": start.stop.name}
    return {**night_walks.USUAL, "start": spot, "limit": LIMIT}


def _planned(
    store: Store,
    name: str,
    settings: dict[str, Any],
    places: list[_Place],
    evening: datetime,
    at: datetime,
) -> Walk | None:
    """Keep a walk past as many places as fit; None where no way leads past any."""
    further = [(one.stop, one.worth) for one in places]
    stops, route = night_walks.planned(store, settings, (), further)
    if not stops:
        return None
    walks = Walks(store)
    made = walks.add(name, settings, planned_on=day_of(evening), by=BY, at=at)
    return walks.plan(
        made.id, settings=settings, stops=stops, route=route, on=made.version, by=BY, at=at
    )


def _rated(
    stops: list[tuple[int, _Place]], seed: int, evening: datetime
) -> Iterator[tuple[str, list[Rating]]]:
    """Draw what each of the three rates: the truth, their strictness, and chance."""
    rng = np.random.default_rng([seed, SEED])
    really = {id_: _really(place, rng) for id_, place in stops}
    for number, (word, strict) in enumerate(zip(WORDS, STRICT, strict=True)):
        sent = []
        # the last one comes late and misses the first stop
        for position, (id_, _) in enumerate(stops):
            seen = really[id_] + strict + rng.normal(0, APART, len(ITEMS))
            steps = np.clip(np.rint(seen), STEPS[0], STEPS[-1]).astype(int).tolist()
            ticked = rng.random(len(ITEMS)) >= LEFT_OPEN
            items = {
                name: step for name, step, told in zip(ITEMS, steps, ticked, strict=True) if told
            }
            told_at = evening + timedelta(minutes=MINUTES * position + number)
            one = Rating(str(UUID(bytes=rng.bytes(16))), id_, items, "", (), told_at)
            if position or word != WORDS[-1]:
                sent.append(replace(one, note=_note(items) if position == number + 1 else ""))
        yield word, sent


def _really(place: _Place, rng: np.random.Generator) -> Any:
    """Return what a fair rater would say of each item at a place."""
    bad = {item for factor in place.factors for item in RATED.get(factor, ())} | {"feeling"}
    base = [GOOD if place.kind == "at_ease" else BAD if item in bad else SOME for item in ITEMS]
    return np.array(base) + rng.normal(0, 0.5, len(ITEMS))


def _note(items: dict[str, int]) -> str:
    return NOTES[0 if items.get("light", 3) < 2 else 1 if items.get("feeling", 3) < 2 else 2]
