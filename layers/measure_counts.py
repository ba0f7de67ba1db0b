"""Count the marks that a measure is judged by: where, when, and each person once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .displacement import Counts
from .measures import Plan
from .schema import SEPARATOR

LEAST_DAYS = 28
"""A time before that has been seen for fewer days says nothing yet [days]: assumption."""

Days = tuple[date, date]


@dataclass(frozen=True)
class Tally:
    """
    What was counted.

    Parameters
    ----------
    counts
        Marks of the reasons that the measure addresses, before and after.
    at_ease
        Marks of people who feel at ease in the places, before and after.
    expected
        Marks to be expected in the places and in the control in one span, from
        the time before; scaled up where it is not over yet. NaN while too
        little of it has been seen.
    around
        The same in both displacement zones together.
    covered
        Marks were already collected on the first day of the time before.
    over
        The time after is over.
    """

    counts: Counts
    at_ease: tuple[int, int]
    expected: tuple[float, float]
    around: float
    covered: bool
    over: bool


def tally(marks: GeoDataFrame, plan: Plan, *, today: date) -> Tally | None:
    """
    Count for one measure.

    Marks of one device on one day in one area count once: several at a time
    are one person's, and would make chance look smaller than it is.

    Parameters
    ----------
    marks
        Accepted marks with exact points [m]: kind, factors, received_on and
        sender; those joined with others each for itself.
    plan
        The measure; its places, control and days have to be known.
    today
        The day of asking: the time after is over when its last day is.

    Returns
    -------
    tally
        None if the plan has no places or no days.
    """
    before, after = plan.before, plan.after
    if plan.places is None or before is None or after is None:
        return None
    named = marks[_names(marks, plan.factors) & (marks["kind"] == "unsafe").to_numpy()]
    zones = _zones(plan)
    pairs = [(_people(named, zone, before), _people(named, zone, after)) for zone in zones]
    at_ease = marks[(marks["kind"] == "at_ease").to_numpy()]
    eased = tuple(_people(at_ease, plan.places, days) for days in (before, after))
    known = _share_seen(before, today)
    here, there, *rings = (first / known if known else float("nan") for first, _ in pairs)
    begun = marks["received_on"].min() if len(marks) else ""
    return Tally(
        Counts(*pairs),
        (eased[0], eased[1]),
        (here, there),
        float(sum(rings)),
        covered=bool(begun) and begun <= before[0].isoformat(),
        over=today > after[1],
    )


def _zones(plan: Plan) -> tuple[Any, Any, Any, Any]:
    """Return places, control, and the zone around each; None where there is none."""
    rings = (
        shapely.difference(area.buffer(plan.buffer), area)
        if plan.buffer and area is not None
        else None
        for area in (plan.places, plan.control)
    )
    return (plan.places, plan.control, *rings)


def _people(marks: GeoDataFrame, zone: Any, days: Days) -> int:
    """Count marks in a zone on some days, those of one device on one day once."""
    if zone is None or marks.empty:
        return 0
    first, last = (day.isoformat() for day in days)
    when = ((marks["received_on"] >= first) & (marks["received_on"] <= last)).to_numpy()
    shapely.prepare(zone)
    there = marks[when & shapely.intersects(zone, marks.geometry.array)]
    named = there["sender"][there["sender"] != ""]
    return int(named.nunique() + (len(there) - len(named)))


def _names(marks: GeoDataFrame, factors: tuple[str, ...]) -> np.ndarray:
    wanted = set(factors)
    told = (set(text.split(SEPARATOR)) for text in marks["factors"])
    return np.fromiter((bool(wanted & names) for names in told), dtype=bool, count=len(marks))


def _share_seen(days: Days, today: date) -> float:
    """Return which share of a span lies behind us; 0 while that says too little."""
    whole = (days[1] - days[0]).days + 1
    seen = (min(days[1], today - timedelta(days=1)) - days[0]).days + 1
    return seen / whole if seen >= min(whole, LEAST_DAYS) else 0.0


def with_joined(heads: GeoDataFrame, joined: GeoDataFrame) -> GeoDataFrame:
    """
    Return heads and the marks joined with them as rows of their own.

    A mark sent after a measure and joined with an older one would else be
    lost to the time after, and the measure would look better than it is.
    """
    columns = ["kind", "factors", "received_on", "sender", heads.geometry.name]
    parts = [part[columns] for part in (heads, joined) if len(part)]
    return GeoDataFrame(pd.concat(parts)) if parts else heads[columns]
