"""What came of marks: for whoever has a code, and for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.factors import OFFICES
from layers.marks import WAITING, State
from layers.measures import Measure, Status
from layers.moderation_log import LEAST
from layers.schema import SEPARATOR

from . import spots
from .spots import Spot
from .store import Kept, Measures, Store

SHARED = 0.5
"""A published spot belongs to a measure if so much of its line or area lies in its places."""


@dataclass(frozen=True)
class Stage:
    """
    One step on the way from a mark to an answer.

    Parameters
    ----------
    what
        What has happened, or will.
    past
        It has happened.
    at
        When, or None.
    words
        Further sentences, the city's own among them.
    """

    what: Text | str
    past: bool
    at: datetime | date | None = None
    words: tuple[Text | str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """
    How long people wait for a first answer.

    Parameters
    ----------
    median
        Half of them came within so many days; None where there are too few.
    count
        First answers that this is made of; None where there are too few to tell.
    """

    median: float | None
    count: int | None


def concerning(store: Store, kept: Kept) -> list[Measure]:
    """
    Return measures that may concern a mark: begun, at its place, for one of its reasons.

    Parameters
    ----------
    store
        The city's data.
    kept
        The mark, as its sender sees it.
    """
    spot = kept.exact or kept.coarse
    if spot is None or kept.kind != "unsafe":
        return []
    point = shapely.Point(spot)
    return [
        one
        for one in Measures(store).all()
        if one.public
        and one.places is not None
        and set(one.factors) & set(kept.factors)
        and shapely.intersects(one.places, point)
    ]


def stages(kept: Kept, found: Sequence[Measure], *, service_days: int) -> list[Stage]:
    """
    Tell the way of a mark step by step, from sending it to what came of it.

    Parameters
    ----------
    kept
        The mark.
    found
        Measures that concern it.
    service_days
        Within so many days a first answer is promised [days].
    """
    told = [Stage(Text("sent"), past=True, at=kept.received_at), _read(kept, service_days)]
    offices = tuple(OFFICES[name].label for name in kept.offices if name in OFFICES)
    if offices:
        told.append(Stage(Text("given to: {offices}", offices=offices), past=True))
    for one in found:
        told += _of_measure(one)
    if kept.state is State.RESOLVED and not any(one.answer for one in found):
        told.append(Stage(Text("taken as settled"), past=True, at=kept.closed_at))
    return told


def _read(kept: Kept, service_days: int) -> Stage:
    if kept.answered_at is not None:
        return Stage(Text("read by the city"), past=True, at=kept.answered_at)
    if kept.state in WAITING:
        promised = Text("usually within {days} days", days=service_days)
        return Stage(Text("will be read by the city"), past=False, words=(promised,))
    return Stage(Text("not read by the city"), past=False)


def _of_measure(one: Measure) -> list[Stage]:
    doing: dict[Status, Text] = {
        Status.RUNNING: Text("is being worked on: {measure}", measure=one.name),
        Status.STOPPED: Text("begun and stopped: {measure}", measure=one.name),
    }
    done = Text("carried out: {measure}", measure=one.name)
    where = (one.place_words,) if one.place_words else ()
    told = [Stage(doing.get(one.status, done), past=True, words=where)]
    if one.answer is not None:
        counts = public_counts(one)
        words = (one.answer.words,) if one.answer.words else ()
        said = (one.answer.finding, *counts, *words)
        told.append(Stage(Text("what came of it"), past=True, at=one.answer.at, words=said))
    elif one.until_on is not None and one.status is not Status.STOPPED:
        until = Text("looked at until {day}", day=one.until_on)
        told.append(Stage(Text("what came of it, you will read here"), past=False, words=(until,)))
    return told


def public_counts(measure: Measure) -> tuple[Text, ...]:
    """Return what is said of numbers that staff typed in; small ones are not told."""
    answer = measure.answer
    if answer is None:
        return ()
    return tuple(_safe(text) for text in answer.told.get("counts", ()))


def _safe(text: Text) -> Text:
    values = dict(text.values.items())  # noqa: PD011, not a table
    numbers = [value for value in values.values() if isinstance(value, int)]
    parts = [when for when in ("before", "after") if f"of_{when}" in values]
    numbers += [values[f"of_{when}"] - values[when] for when in parts]
    if any(0 < number < LEAST for number in numbers):
        return Text("{name}: too small a number to be told", name=values["name"])
    return text


def spots_of(measure: Measure, table: GeoDataFrame | None) -> list[Spot]:
    """
    Return published spots that a measure concerns: what everybody sees on the map anyway.

    Parameters
    ----------
    measure
        It has begun.
    table
        The public layer as it is shown today, or None.
    """
    if table is None or table.empty or measure.places is None:
        return []
    wanted = set(measure.factors)
    named = (bool(wanted & set(text.split(SEPARATOR))) for text in table["factors"])
    fits = np.fromiter(named, dtype=bool, count=len(table))
    rows = table[(table["kind"] == "unsafe").to_numpy() & fits]
    rows = rows[[_belongs(shape, measure.places) for shape in rows.geometry]]
    return spots.spots(spots.chosen(rows)) if len(rows) else []


def _belongs(shape: shapely.Geometry, places: shapely.Geometry) -> bool:
    if not shapely.intersects(shape, places):
        return False
    shared = shapely.intersection(shape, places)
    whole = max(shape.area or shape.length, 1e-9)
    part = shared.area if shape.area else shared.length
    return shape.geom_type == "Point" or part / whole >= SHARED


def waiting(cases: pd.DataFrame) -> Waiting:
    """
    Tell how long a first answer takes, with how many it is made of.

    Parameters
    ----------
    cases
        As `MarkStore.cases` returns them.
    """
    days = cases["answered_days"].dropna() if len(cases) else pd.Series(dtype=float)
    if len(days) < LEAST:
        return Waiting(None, None)
    return Waiting(float(days.median()), len(days))


A_YEAR = timedelta(days=366)
"""First answers of so long ago still count."""
