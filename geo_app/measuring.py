"""A measure with everything that is counted for it, as its pages and files tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import nan
from typing import Any

import geopandas
import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.control_areas import WIDTH, Profile, Suggestion, suggest
from layers.days import day_of
from layers.factors import FACTORS, OFFICES
from layers.measure_counts import Tally, tally
from layers.measure_judging import Evidence, Outlook, evidence, outlook
from layers.measures import BASELINES, KINDS, STATUSES, Measure, Plan, Status
from layers.schema import SEPARATOR

from . import shelf
from .languages import current, say
from .store import Store, Theme
from .store.measure_marks import marks_to_count
from .writers import Document

UNKNOWN_PAIR = (nan, nan)
A_YEAR = timedelta(days=365)
ZONES: dict[str, Text] = {
    "places": Text("Places of the measure"),
    "control": Text("Area to compare with"),
    "zone": Text("Zone around, where marks may reappear"),
}
"""What the map of a measure shows."""


@dataclass(frozen=True)
class Seen:
    """
    A measure and what is known of it now.

    Parameters
    ----------
    measure
        As it stands.
    tally
        What was counted, or None where there is nothing to count.
    outlook
        What could be told at all; None while that is not known.
    evidence
        What may be said.
    """

    measure: Measure
    tally: Tally | None
    outlook: Outlook | None
    evidence: Evidence


def seen(measure: Measure, marks: GeoDataFrame, *, at: datetime) -> Seen:
    """
    Count for a measure.

    Parameters
    ----------
    measure
        As it stands.
    marks
        As `store.measure_marks.marks_to_count` returns them.
    at
        Now.
    """
    found = tally(marks, measure.plan, today=day_of(at))
    days = measure.after
    ahead = None
    if found is not None and days is not None and measure.control is not None and measure.factors:
        length = (days[1] - days[0]).days + 1
        ahead = outlook(found, days=length, expected=measure.expected)
    return Seen(measure, found, ahead, evidence(measure, found))


def suggestions(
    store: Store, measure: Measure, others: Sequence[Measure], *, at: datetime
) -> tuple[Profile, list[Suggestion]]:
    """
    Suggest areas to compare a measure with; nothing of the time after is looked at.

    Parameters
    ----------
    store
        The city's data.
    measure
        It has places.
    others
        All measures: where another one is done is no control.
    at
        Now.
    """
    marks = marks_to_count(store, at=at)
    since, until = _looked_at(measure.plan, day_of(at))
    when = (marks["received_on"] >= since) & (marks["received_on"] <= until)
    kind = marks["kind"] == "unsafe"
    named = np.array(
        [bool(set(measure.factors) & set(t.split(SEPARATOR))) for t in marks["factors"]], dtype=bool
    )
    population = shelf.table(store, "population") if "population" in store.names() else None
    streets = shelf.table(store, "streets")
    return suggest(
        measure.places,
        streets,
        population=streets.iloc[:0] if population is None else population,
        unsafe=marks.geometry[when & kind & named].to_numpy(),
        at_ease=marks.geometry[when & ~kind].to_numpy(),
        apart=2 * measure.buffer + 2 * WIDTH + 1,
        taken=_taken(measure, others),
    )


def _looked_at(plan: Plan, today: date) -> tuple[str, str]:
    """Return the time before as far as it is over; the last year where no days are said."""
    first, last = plan.before or (today - A_YEAR, today)
    return first.isoformat(), min(last, today).isoformat()


def _taken(measure: Measure, others: Sequence[Measure]) -> Any:
    there = [
        one.places.buffer(one.buffer)
        for one in others
        if one.id != measure.id and one.places is not None and one.status is not Status.STOPPED
    ]
    return shapely.union_all(there) if there else None


def zones(measure: Measure, crs: Any) -> GeoDataFrame:
    """Return places, control and the zones around them, the lowest first, for a map."""
    told: list[tuple[str, Any]] = []
    for name, area in (("control", measure.control), ("places", measure.places)):
        if area is None:
            continue
        if measure.buffer:
            told.append(("zone", shapely.difference(area.buffer(measure.buffer), area)))
        told.append((name, area))
    return GeoDataFrame(
        {"kind": [name for name, _ in told], "name": [say(ZONES[name]) for name, _ in told]},
        index=[f"{name} {number}" for number, (name, _) in enumerate(told)],
        geometry=[area for _, area in told],
        crs=crs,
    )


def document_of_measures(found: Sequence[Seen], themes: dict[int, Theme], store: Store) -> Document:
    """
    Bundle the ledger for a file: a row for each measure, its places as one geometry.

    Parameters
    ----------
    found
        Measures with what is counted for them.
    themes
        Focus themes by their number.
    store
        Its system is that of the places.
    """
    rows = [_row(one, themes) for one in found]
    places = [one.measure.places for one in found]
    table = GeoDataFrame(
        rows,
        columns=list(rows[0]) if rows else ["name"],
        index=[str(one.measure.id) for one in found],
        geometry=geopandas.array.from_shapely(places, crs=store.crs),
    )
    title = say(Text("Measures of prevention"))
    about = ((say(Text("Please note")), say(Text("For staff alone: it holds small numbers."))),)
    return Document("measures", title, table, about)


def _row(one: Seen, themes: dict[int, Theme]) -> dict[str, Any]:
    m = one.measure
    theme = themes.get(m.theme_id) if m.theme_id is not None else None
    counts = one.tally.counts if one.tally and m.control is not None else None
    told: dict[Text, Any] = {
        Text("Measure"): m.name,
        Text("Status"): STATUSES[m.status],
        Text("Focus theme"): theme.name if theme else "",
        Text("Project"): m.project,
        Text("Kind"): KINDS[m.kind].label,
        Text("Office"): OFFICES[m.office].label,
        Text("Cost [EUR]"): nan if m.cost is None else float(m.cost),
        Text("Funding"): m.funding,
        Text("Reasons"): tuple(FACTORS[name].label for name in m.factors),
        Text("Where"): m.place_words,
        Text("From"): m.from_on.isoformat() if m.from_on else "",
        Text("Until"): m.until_on.isoformat() if m.until_on else "",
        Text("Compared with"): BASELINES[m.baseline],
        Text("Laid down in advance"): m.in_advance,
        Text("Changed since"): len(m.changed_since),
    }
    treated = counts.treated if counts else UNKNOWN_PAIR
    control = counts.control if counts else UNKNOWN_PAIR
    found = one.evidence.difference
    told |= {
        Text("Marks in the places, before"): treated[0],
        Text("Marks in the places, after"): treated[1],
        Text("Marks in the control, before"): control[0],
        Text("Marks in the control, after"): control[1],
        Text("Difference"): found.difference if found else nan,
        Text("Difference, low"): found.low if found else nan,
        Text("Difference, high"): found.high if found else nan,
    }
    told[Text("What may be said")] = m.answer.finding if m.answer else one.evidence.finding
    told[Text("Answer")] = m.answer.words if m.answer else ""
    language = current()
    return {
        say(name, language): value if isinstance(value, float | int) and not isinstance(value, bool)
        else say(value, language)
        for name, value in told.items()
    }  # fmt: skip
